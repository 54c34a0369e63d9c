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
