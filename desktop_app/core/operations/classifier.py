"""The classifier of a label set as it is kept with the library, and whether it still fits the set."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.index.files import replace_file
from desktop_app.core.labelling import AnswerId, LabelSetId
from desktop_app.core.learn.advisor import Advice, Evidence
from desktop_app.core.learn.trained import Trained
from desktop_app.core.library import Library
from desktop_app.core.operations.classifier_files import FACTS
from desktop_app.core.operations.evidence import Ids, set_of
from desktop_app.core.operations.judging import Judge, Shares, judge_of
from desktop_app.core.operations.keeping import present_names, read_kept, replace_kept, write_json

FORMAT = 1
_PHOTOS = "photos.npz"
_ARRAYS = ("photos", "truth", "groups", "none")
_PLAIN = ("gone", "left_out")


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """What was learnt from one label set.

    Attributes:
        set: the label set; `name` its name.
        network: key of the network whose layers it looks at.
        answers: ids of its classes; `classes` their names.
        trained: the head.
        photos: int64 (n,), those it learnt from.
        truth: int64 (n,), the answer each had, as place in `answers`.
        groups: int64 (n,), equal for near-duplicates.
        none: int64 (m,), photos that are "none of these"; they teach only what is not new.
        none_shares: float32 (m, C), the probabilities they are given: whatever is guessed of them is wrong.
        gone: labels of photos that were not here or had no features; they taught nothing.
        left_out: labels beyond the most that a head learns from.
        advice: which case of transfer learning this is and what would help most; None where it was not asked.
    """

    set: LabelSetId
    name: str
    network: str
    answers: tuple[AnswerId, ...]
    classes: tuple[str, ...]
    trained: Trained
    photos: Ids
    truth: Ids
    groups: Ids
    none: Ids
    none_shares: Shares
    gone: int = 0
    left_out: int = 0
    advice: Advice | None = None

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers it looks at."""
        return self.trained.layers

    def judging(self) -> Judge:
        """What turns raw features, float32 (n, d) by layer, into probabilities, float32 (n, C), rows sum to 1."""
        return judge_of(self.trained)

    def checked(self, library: Library) -> Classifier:
        """The same under the names that set and answers have now.

        Raises:
            UserError: the set or one of the answers is no longer there, or the photos are compared another way now.
        """
        name, classes = present_names(library, self.set, self.network, self.answers, self.classes)
        if (name, classes) == (self.name, self.classes):
            return self
        trained = dataclasses.replace(self.trained, classes=classes)
        return dataclasses.replace(self, name=name, classes=classes, trained=trained)


def keep(library: Library, classifier: Classifier) -> Classifier:
    """Keep a classifier with the library, in place of the last one of its set. Returns it under the present names.

    Raises:
        UserError: the set or an answer went while it was learnt, or the library cannot be written.
    """
    try:
        classifier = classifier.checked(library)
    except UserError as error:
        raise UserError(f"The answers changed while they were learnt. {error}", error.details) from error

    def fill(made: Path) -> None:
        classifier.trained.save(made)
        arrays: dict[str, Any] = {name: getattr(classifier, name) for name in (*_ARRAYS, "none_shares")}
        replace_file(made / _PHOTOS, lambda stream: np.savez(stream, **arrays))
        facts = {
            "format": FORMAT,
            "set": classifier.set,
            "name": classifier.name,
            "network": classifier.network,
            "answers": list(classifier.answers),
            "classes": list(classifier.classes),
            **{name: getattr(classifier, name) for name in _PLAIN},
            "advice": None if classifier.advice is None else dataclasses.asdict(classifier.advice),
        }
        replace_file(made / FACTS, lambda stream: write_json(stream, facts))

    replace_kept(library, classifier.set, fill)
    return classifier


def kept(library: Library, set_id: LabelSetId) -> Classifier:
    """The classifier of a label set as it was last kept, under the present names.

    Raises:
        UserError: nothing was learnt, or it does not fit the set any more, or it cannot be read.
    """
    label_set = set_of(library, set_id)
    if label_set.kind == "tags":
        raise UserError(
            f"“{label_set.name}” has tags. They can be learnt and guessed by “likeness train” and “likeness predict”, "
            "but not handed over as a file or shown in the window yet."
        )
    nothing = f"“{label_set.name}” has not been learnt yet. Label a few photos of each answer, then learn."
    return read_kept(library, label_set, lambda folder: _read(folder, set_id).checked(library), nothing)


def _read(folder: Path, set_id: LabelSetId) -> Classifier:
    facts = json.loads((folder / FACTS).read_text("utf-8"))
    if facts["format"] > FORMAT:
        raise UserError("This classifier was made by a newer version of Likeness.")
    trained = Trained.load(folder)
    # opened here: numpy would leave a damaged file open
    with (folder / _PHOTOS).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        photos, truth, groups, none = (stored[name].astype(np.int64) for name in _ARRAYS)
        none_shares = stored["none_shares"].astype(np.float32)
    answers = tuple(AnswerId(int(one)) for one in facts["answers"])
    classes = tuple(str(one) for one in facts["classes"])
    if (
        facts["set"] != set_id
        or len(answers) != len(trained.classes)
        or not (len(photos) == len(truth) == len(groups) and none_shares.shape == (len(none), len(answers)))
    ):
        raise ValueError("the parts of a classifier do not fit together")
    return Classifier(
        set_id,
        str(facts["name"]),
        str(facts["network"]),
        answers,
        classes,
        trained,
        photos,
        truth,
        groups,
        none,
        none_shares,
        int(facts["gone"]),
        int(facts["left_out"]),
        _advice(facts["advice"]),
    )


def _advice(said: dict[str, Any] | None) -> Advice | None:
    if said is None:
        return None
    evidence = tuple(Evidence(**one) for one in said["evidence"])
    return Advice(**{**said, "follows": tuple(said["follows"]), "evidence": evidence})
