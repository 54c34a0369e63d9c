"""What was learnt of a set of tags as it is kept with the library, and whether it still fits the set."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.index.files import replace_file
from desktop_app.core.labelling import AnswerId, LabelSetId
from desktop_app.core.learn.layers import LayerScore
from desktop_app.core.learn.tags import TagScore, TrainedTags
from desktop_app.core.library import Library
from desktop_app.core.operations.evidence import set_of
from desktop_app.core.operations.keeping import present_names, read_kept, replace_kept, write_json

FORMAT = 1
_FACTS, _ARRAYS = "tags.json", "tags.npz"


@dataclass(frozen=True, slots=True, eq=False)
class TagClassifier:
    """What was learnt of a set of tags.

    Attributes:
        set: the label set; `name` its name.
        network: key of the network whose layers it looks at.
        answers: the tags it knows, `classes` their names.
        trained: weights and figures, in the order of `answers`.
        examples: photos it learnt from.
        lacking: tags that had too few photos with or without them.
    """

    set: LabelSetId
    name: str
    network: str
    answers: tuple[AnswerId, ...]
    classes: tuple[str, ...]
    trained: TrainedTags
    examples: int
    lacking: tuple[str, ...]

    def checked(self, library: Library) -> TagClassifier:
        """The same under the names that set and tags have now.

        Raises:
            UserError: the set or a tag is no longer there, or the photos are compared another way now.
        """
        name, classes = present_names(library, self.set, self.network, self.answers, self.classes)
        return dataclasses.replace(self, name=name, classes=classes)


def keep_tags(library: Library, learnt: TagClassifier) -> TagClassifier:
    """Keep what was learnt, in place of the last. Returns it under the present names.

    Raises:
        UserError: the set or a tag went while it was learnt, or the library cannot be written.
    """
    try:
        learnt = learnt.checked(library)
    except UserError as error:
        raise UserError(f"The tags changed while they were learnt. {error}", error.details) from error
    trained = learnt.trained
    facts = {
        "format": FORMAT,
        "set": learnt.set,
        "name": learnt.name,
        "network": learnt.network,
        "answers": list(learnt.answers),
        "classes": list(learnt.classes),
        "examples": learnt.examples,
        "lacking": list(learnt.lacking),
        "layers": list(trained.layers),
        "sizes": list(trained.sizes),
        "scores": [dataclasses.asdict(score) for score in trained.scores],
        "layer_scores": [dataclasses.asdict(score) for score in trained.layer_scores],
        "seconds": trained.seconds,
    }

    def fill(made: Path) -> None:
        replace_file(made / _ARRAYS, lambda stream: np.savez(stream, weights=trained.weights, bias=trained.bias))
        replace_file(made / _FACTS, lambda stream: write_json(stream, facts))

    replace_kept(library, learnt.set, fill)
    return learnt


def kept_tags(library: Library, set_id: LabelSetId) -> TagClassifier:
    """What was learnt of a set of tags, under the present names.

    Raises:
        UserError: nothing was learnt, or it does not fit the set any more, or it cannot be read.
    """
    label_set = set_of(library, set_id)
    nothing = f"“{label_set.name}” has not been learnt yet. Tag a few photos, then learn."
    return read_kept(library, label_set, lambda folder: _read(folder, set_id).checked(library), nothing)


def _read(folder: Path, set_id: LabelSetId) -> TagClassifier:
    facts = json.loads((folder / _FACTS).read_text("utf-8"))
    if facts["format"] > FORMAT:
        raise UserError("These tags were learnt by a newer version of Likeness.")
    with (folder / _ARRAYS).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        weights, bias = stored["weights"].astype(np.float32), stored["bias"].astype(np.float32)
    sizes = tuple(int(size) for size in facts["sizes"])
    answers = tuple(AnswerId(int(one)) for one in facts["answers"])
    if facts["set"] != set_id or weights.shape != (len(answers), sum(sizes)) or bias.shape != (len(answers),):
        raise ValueError("the parts of what was learnt do not fit together")
    trained = TrainedTags(
        tuple(map(str, facts["layers"])),
        sizes,
        weights,
        bias,
        tuple(TagScore(**{**score, "interval": tuple(score["interval"])}) for score in facts["scores"]),
        tuple(LayerScore(**score) for score in facts["layer_scores"]),
        float(facts["seconds"]),
    )
    return TagClassifier(
        set_id,
        str(facts["name"]),
        str(facts["network"]),
        answers,
        tuple(map(str, facts["classes"])),
        trained,
        int(facts["examples"]),
        tuple(map(str, facts["lacking"])),
    )
