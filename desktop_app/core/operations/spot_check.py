"""The blind spot check: photos drawn by lot, labelled without seeing the guess, and the figure that comes of it.

The answers are ordinary labels, saved at each key press; the library only remembers which photos were drawn and what
the classifier believed of them then. So a check that was cut off goes on, and a label put right later counts.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_app.core.catalog import features, labels
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LOOKED_AT, AnswerId, LabelSetId
from desktop_app.core.learn import spot_check as sums
from desktop_app.core.learn.spot_check import PHOTOS
from desktop_app.core.library import Library
from desktop_app.core.operations.evidence import set_of
from desktop_app.core.operations.guess import Guesses
from desktop_app.core.types import PhotoId


@dataclass(frozen=True, slots=True)
class Check:
    """A spot check, begun or done.

    Attributes:
        set: the label set.
        photos: those drawn, in an order by lot.
        guesses: what the classifier believed of each; None where it was not sure. Never shown before the answer.
        rest: how many photos they were drawn from.
        begun: seconds since 1970.
    """

    set: LabelSetId
    photos: tuple[PhotoId, ...]
    guesses: tuple[AnswerId | None, ...]
    rest: int
    begun: float


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a spot check stands.

    Attributes:
        check: which one.
        waiting: photos without an answer yet whose files are there, in their order.
        wrong: photos whose guess was another answer.
        found: the counts; `found.share` is the figure with its range.
        sentence: the headline figure, or why there is none yet.
    """

    check: Check
    waiting: tuple[PhotoId, ...]
    wrong: tuple[PhotoId, ...]
    found: sums.SpotCheck
    sentence: str


def begin_spot_check(library: Library, guesses: Guesses, count: int = PHOTOS, seed: int = 0) -> Check:
    """Draw photos by lot among those nobody looked at, and remember them with the library.

    Args:
        library: the open library, writable.
        guesses: of all photos nobody looked at (`guess_all(..., "not looked at")`).
        count: how many.
        seed: the lot.

    Raises:
        UserError: the set was removed, or there is no such photo.
    """
    label_set = set_of(library, guesses.set)
    table = labels.labels(library.connection, guesses.set)
    rest = guesses.photos[~np.isin(guesses.photos, table.photos[table.looked_at])]
    if not len(rest):
        raise UserError(f"Every photo has a label in “{label_set.name}” already, so there is nothing to check.")
    drawn = sums.choose(rest, count, seed)
    place_of = {photo: place for place, photo in enumerate(guesses.photos.tolist())}
    places = [place_of[photo] for photo in drawn.tolist()]
    believed = tuple(
        guesses.answers[int(guesses.best[place])] if bool(guesses.sure[place]) else None for place in places
    )
    check = Check(guesses.set, tuple(PhotoId(one) for one in drawn.tolist()), believed, len(rest), time.time())
    kept = {"photos": check.photos, "guesses": check.guesses, "rest": check.rest, "begun": check.begun}
    library.set_meta(_key(guesses.set), json.dumps(kept))
    return check


def spot_check(library: Library, set_id: LabelSetId) -> CheckResult | None:
    """How the last spot check of a set stands; None where there was none, or an answer it guessed is gone since.

    Raises:
        UserError: the set was removed.
    """
    label_set = set_of(library, set_id)
    check = _read(library, set_id)
    known = {answer.id: place for place, answer in enumerate(label_set.answers)}
    if check is None or any(guess is not None and guess not in known for guess in check.guesses):
        return None
    given = labels.labels_of(library.connection, set_id, check.photos)
    _, present = features.positions_of(library.connection, library.network.key, check.photos)
    here = set(present.tolist())
    waiting, wrong, guessed, said = [], [], list[int](), list[int]()
    for photo, guess in zip(check.photos, check.guesses, strict=True):
        # a guess taken in bulk is no answer
        own = [one for one in given.get(photo, ()) if one.origin in LOOKED_AT]
        if not own:
            if photo in here:
                waiting.append(photo)
            continue
        guessed.append(-1 if guess is None else known[guess])
        said.append(-1 if own[0].answer is None else known[own[0].answer])
        if guess is not None and guess != own[0].answer:
            wrong.append(photo)
    found = sums.judge(np.array(guessed, np.int64), np.array(said, np.int64), check.rest)
    return CheckResult(check, tuple(waiting), tuple(wrong), found, sums.sentence(found))


def _key(set_id: LabelSetId) -> str:
    return f"spot check {set_id}"


def _read(library: Library, set_id: LabelSetId) -> Check | None:
    try:
        kept: dict[str, Any] = json.loads(library.get_meta(_key(set_id)) or "null") or {}
        photos = tuple(PhotoId(int(one)) for one in kept["photos"])
        guesses = tuple(None if one is None else AnswerId(int(one)) for one in kept["guesses"])
        check = Check(set_id, photos, guesses, int(kept["rest"]), float(kept["begun"]))
    except (ValueError, TypeError, KeyError):
        return None
    return check if len(photos) == len(guesses) else None
