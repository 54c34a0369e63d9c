"""The words of labelling: label sets, answers, labels, and where a label came from."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal, NewType

from desktop_app.core.types import PhotoId

LabelSetId = NewType("LabelSetId", int)
AnswerId = NewType("AnswerId", int)

Kind = Literal["classes", "tags"]
"""Classes exclude one another; of tags a photo may have several."""


class Origin(enum.Enum):
    """Where a label came from. The value is what the catalogue holds."""

    HAND = "hand"  # a key pressed, a click
    SUGGESTION = "suggestion"  # a guess that a person looked at and accepted
    IMPORT = "import"  # folder names or a file: the person's own work, done before
    BULK = "bulk"  # guesses taken many at once: nobody looked at each


NONE_OF_THESE = "none of these"
"""How an answer None reads on the screen and in files."""

LOOKED_AT = frozenset({Origin.HAND, Origin.SUGGESTION, Origin.IMPORT})
"""Only these count as evidence: in accuracy, in the choice of a layer, in label errors."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to the question of a label set.

    Attributes:
        name: as the person wrote it.
        key: the key that gives it, "1" to "9" or a letter; "" for none.
        place: its order among the answers, from 0.
    """

    id: AnswerId
    name: str
    key: str
    place: int


@dataclass(frozen=True, slots=True)
class LabelSet:
    """One question with its answers."""

    id: LabelSetId
    name: str
    kind: Kind
    answers: tuple[Answer, ...]

    def answer(self, id_: AnswerId) -> Answer | None:
        """The answer of that id, or None."""
        return next((answer for answer in self.answers if answer.id == id_), None)


@dataclass(frozen=True, slots=True)
class Label:
    """What a photo was given. `answer` None means "none of these"."""

    photo: PhotoId
    answer: AnswerId | None
    origin: Origin
    time: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class LabelFilter:
    """Which photos a label set lets through.

    Attributes:
        answers: photos with any of these answers (None: "none of these"); () for photos with whatever answer.
        labelled: False turns it round: photos without one of these answers; with () those without any label.
        origins: only labels of these origins count; () for all.
    """

    label_set: LabelSetId
    answers: tuple[AnswerId | None, ...] = ()
    labelled: bool = True
    origins: tuple[Origin, ...] = ()
