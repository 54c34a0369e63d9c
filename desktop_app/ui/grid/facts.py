"""What a grid's model answers about a photo beside its picture."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt

from desktop_app.core.types import PhotoId, PhotoState


class Role(enum.IntEnum):
    """What the model answers beside Qt's own display, tooltip and accessible text roles."""

    PHOTO_ID = Qt.ItemDataRole.UserRole + 1
    SCORE = Qt.ItemDataRole.UserRole + 2  # likeness, float, or None
    STATE = Qt.ItemDataRole.UserRole + 3  # PhotoState, or None while it is not known
    PINNED = Qt.ItemDataRole.UserRole + 4  # whether it is the photo that is looked for
    ANSWER = Qt.ItemDataRole.UserRole + 5  # AnswerBadge, or None
    REASON = Qt.ItemDataRole.UserRole + 6  # the word it was found by, or ""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the grid says about a photo beside its picture.

    Attributes:
        name: the file's name.
        taken: when, local time, or None.
        note: one sentence for the tooltip: why the photo is shown faintly.
    """

    id: PhotoId
    name: str
    taken: datetime | None = None
    state: PhotoState = PhotoState.PRESENT
    note: str = ""


@dataclass(frozen=True, slots=True)
class AnswerBadge:
    """What a photo was given, or what the classifier takes it for.

    Attributes:
        name: the answer's.
        key: the key that gives it, or "".
        place: its order among the answers, which is its colour; -1 for "none of these".
        sure: None for a label; a guess's probability, 0 to 1.
    """

    name: str
    key: str
    place: int
    sure: float | None = None

    @property
    def words(self) -> str:
        """What stands beside the coloured square."""
        if self.sure is not None:
            share = min(round(100 * self.sure), 99)
            return f"{self.name} {share} %"
        return f"{self.key.upper()} {self.name}".strip()
