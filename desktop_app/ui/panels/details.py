"""What is known of a photo, in rows of a name and a value; used by the side panel and the viewer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Details, Photo, PhotoState
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import ElidedLabel, text

_LONGEST = 300  # characters of what people wrote
_SENTENCES = {
    PhotoState.MISSING: "The file is not there any more.",
    PhotoState.AWAY: "Its folder is not connected.",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One row. `path` marks a value that is shortened in its middle rather than broken into lines."""

    name: str
    value: str
    tip: str = ""
    path: bool = False


def long_date(moment: datetime, locale: QLocale | None = None) -> str:
    """A date and time as the person's system writes them, without the weekday and seconds: `12 May 2019, 14:03`."""
    locale = locale or QLocale()
    # the long format is the one that names the month; a weekday would make every row a line longer
    form = re.sub(r"[,\s]*dddd[,.]?\s*", "", locale.dateFormat(QLocale.FormatType.LongFormat)).strip()
    stamp = QDateTime(QDate(moment.year, moment.month, moment.day), QTime(moment.hour, moment.minute, moment.second))
    day = locale.toString(stamp.date(), form)
    return f"{day}, {locale.toString(stamp.time(), QLocale.FormatType.ShortFormat)}"


def details_of(photo: Photo, said: Details | None = None) -> tuple[Detail, ...]:
    """The rows that are worth a look: when, how large, by what, what people wrote about it, where.

    Args:
        photo: the photo.
        said: what its file and side-car say; None where that is not known.
    """
    rows = [
        Detail("Taken", long_date(photo.taken)) if photo.taken else Detail("Changed", long_date(photo.modified)),
        Detail("Size", f"{wording.pixel_size(photo.width, photo.height)}, {wording.byte_size(photo.size)}"),
    ]
    if photo.camera:
        rows.append(Detail("Camera", photo.camera))
    if said is not None:
        rows += _written(said)
    rows.append(Detail("Folder", str(photo.path.parent), tip=str(photo.path), path=True))
    return tuple(rows)


def _written(said: Details) -> list[Detail]:
    """Title, rating, keywords, description and place, as far as they are known."""
    tip = f"Read from {said.sidecar_name}" if said.sidecar else ""
    rows = []
    if said.title:
        rows.append(Detail("Title", _shortened(said.title), tip))
    if said.rating:
        rows.append(Detail("Rating", wording.stars(said.rating), tip))
    if said.keywords:
        rows.append(Detail("Keywords", _shortened(", ".join(said.keywords)), tip))
    if said.description:
        rows.append(Detail("Description", _shortened(said.description), tip))
    if said.latitude is not None and said.longitude is not None:
        height = wording.altitude(said.altitude) if said.altitude is not None else ""
        rows.append(Detail("Place", wording.coordinates(said.latitude, said.longitude), height))
        rows.append(Detail("Map link", wording.place_link(said.latitude, said.longitude), "Copy it into a map program"))
    return rows


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + wording.ELLIPSIS


def exact_details_of(photo: Photo, likeness: float | None = None, mse: float | None = None) -> tuple[Detail, ...]:
    """The rows behind the Details fold.

    Args:
        photo: The photo.
        likeness: Cosine to the photo that is looked for, in [-1, 1]; None without a search.
        mse: Squared Euclidean distance over the dimension to the same; None without a search.
    """
    rows = []
    if likeness is not None:
        rows.append(Detail("Likeness", f"{likeness:.4f}", tip="Cosine of the two feature vectors"))
    if mse is not None:
        rows.append(Detail("MSE", f"{mse:.4g}", tip="Mean squared difference of the two feature vectors"))
    rows.append(Detail("Format", f"{photo.format}, {wording.megapixels(photo.width, photo.height)}"))
    rows.append(Detail("File changed", long_date(photo.modified)))
    return tuple(rows)


def state_sentence(photo: Photo) -> str:
    """Why a photo's file cannot be read; "" where it can."""
    return _SENTENCES.get(photo.state, "")


class DetailRows(QWidget):
    """Rows of a quiet name and its value. Values can be selected with the mouse and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[Detail, ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []

    def set_details(self, details: Sequence[Detail]) -> None:
        """Show these rows. Labels are used again, so that following the arrow keys does not flicker."""
        details = tuple(details)
        if [d.path for d in details] != [d.path for d in self._shown]:
            self._build(details)
        self._shown = details
        for detail, (name, value) in zip(details, self._labels, strict=True):
            name.setText(detail.name)
            if isinstance(value, ElidedLabel):
                value.set_words(detail.value, detail.tip)
            else:
                value.setText(detail.value)
                value.setToolTip(detail.tip)

    def shown(self) -> tuple[Detail, ...]:
        """The rows that are shown."""
        return self._shown

    def _build(self, details: Sequence[Detail]) -> None:
        take_out(self._grid, *(label for pair in self._labels for label in pair))
        self._labels = []
        for row, detail in enumerate(details):
            name = text("", "quiet")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            value: QLabel
            if detail.path:
                value = ElidedLabel()
            else:
                value = text("", wrap=True)
                value.setAlignment(Qt.AlignmentFlag.AlignTop)
                value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                value.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
            self._labels.append((name, value))
