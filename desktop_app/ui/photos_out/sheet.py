"""What a contact sheet is: wishes, captions, and where everything stands on a page."""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize

from desktop_app.core import wording
from desktop_app.core.catalog import answers, label_reading
from desktop_app.core.library import Library
from desktop_app.core.types import Photo, PhotoId
from desktop_app.ui.panels.details import long_date

LEAST_COLUMNS, MOST_COLUMNS = 1, 12
_MARGIN, _GAP, _FOOT, _HEAD = 34.0, 10.0, 18.0, 34.0  # points (1/72 inch)
_LINE = 1.3  # of the captions' size
_LOWER = 0.4  # of a row that all rows together give up so that another one fits


class Kind(enum.Enum):
    """The file that is written."""

    PDF = "pdf"
    PNG = "png"


class Page(enum.Enum):
    """The paper."""

    A4 = "A4"
    A3 = "A3"
    LETTER = "Letter"


class Caption(enum.Enum):
    """A line below a photo; the value is what a person reads."""

    NAME = "Name"
    DATE = "Date"
    LIKENESS = "Likeness"
    ANSWER = "Answer"


_SIZES = {
    Page.A4: QPageSize.PageSizeId.A4,
    Page.A3: QPageSize.PageSizeId.A3,
    Page.LETTER: QPageSize.PageSizeId.Letter,
}


@dataclass(frozen=True, slots=True)
class SheetWish:
    """How a contact sheet looks.

    Attributes:
        kind: PDF, or a PNG for each page.
        page: the paper.
        across: lying instead of upright.
        columns: photos in a row.
        captions: lines below each photo.
        title: over the first page, "" for none.
    """

    kind: Kind = Kind.PDF
    page: Page = Page.A4
    across: bool = False
    columns: int = 5
    captions: tuple[Caption, ...] = (Caption.NAME,)
    title: str = ""

    def as_text(self) -> str:
        """For the settings; the title is of one sheet only."""
        values = {"kind": self.kind.value, "page": self.page.value, "across": self.across, "columns": self.columns}
        return json.dumps({**values, "captions": [one.value for one in self.captions]})

    @classmethod
    def from_text(cls, text: str) -> SheetWish:
        """As it was remembered; what cannot be read is as usual."""
        usual = cls()
        try:
            raw = json.loads(text)
            columns = int(raw["columns"])
            return replace(
                usual,
                kind=Kind(raw["kind"]),
                page=Page(raw["page"]),
                across=bool(raw["across"]),
                columns=min(max(columns, LEAST_COLUMNS), MOST_COLUMNS),
                captions=tuple(Caption(one) for one in raw["captions"]),
            )
        except (ValueError, KeyError, TypeError, OverflowError):
            return usual

    def layout(self) -> QPageLayout:
        """The paper without margins: what is drawn keeps its own."""
        way = QPageLayout.Orientation.Landscape if self.across else QPageLayout.Orientation.Portrait
        return QPageLayout(QPageSize(_SIZES[self.page]), way, QMarginsF(0, 0, 0, 0))

    def size(self) -> QSizeF:
        """Of the paper, points."""
        return self.layout().fullRect(QPageLayout.Unit.Point).size()


@dataclass(frozen=True, slots=True)
class Plan:
    """Where things stand, in points of a page.

    Attributes:
        page: its size.
        head: height of the title on the first page, 0 without one.
        columns: photos in a row.
        rows: of a page; the first page may have fewer.
        first_rows: of the first page.
        width: of a photo's box.
        height: of a photo's box.
        small: size of the captions' type.
        lines: of captions.
    """

    page: QSizeF
    head: float
    columns: int
    rows: int
    first_rows: int
    width: float
    height: float
    small: float
    lines: int

    def pages(self, photos: int) -> int:
        """How many pages so many photos take; at least one."""
        rest = photos - self.first_rows * self.columns
        return 1 + max(0, -(-rest // (self.rows * self.columns)))

    def on_page(self, number: int) -> slice:
        """Which photos a page holds, the first page being 0."""
        first, other = self.first_rows * self.columns, self.rows * self.columns
        start = 0 if number == 0 else first + (number - 1) * other
        return slice(start, start + (first if number == 0 else other))

    def box(self, place: int, page: int) -> QRectF:
        """Where a photo stands: the `place`-th of its page."""
        row, column = divmod(place, self.columns)
        top = _MARGIN + (self.head if page == 0 else 0.0)
        return QRectF(_MARGIN + column * (self.width + _GAP), top + row * self.row_height, self.width, self.height)

    @property
    def row_height(self) -> float:
        """From one row to the next."""
        return self.height + self.caption_height + _GAP

    @property
    def caption_height(self) -> float:
        """Of all lines below a photo."""
        return self.lines * self.small * _LINE + (2 if self.lines else 0)

    def title_box(self) -> QRectF:
        """Where the title stands."""
        return QRectF(_MARGIN, _MARGIN, self.page.width() - 2 * _MARGIN, self.head - _GAP)

    def foot_box(self) -> QRectF:
        """Where the number of the page stands."""
        return QRectF(_MARGIN, self.page.height() - _MARGIN - _FOOT + 6, self.page.width() - 2 * _MARGIN, _FOOT - 6)


def plan(wish: SheetWish, ratio: float = 0.75) -> Plan:
    """Lay a sheet out.

    Args:
        wish: how it looks.
        ratio: height of a photo's box by its width; see `usual_ratio`.
    """
    page = wish.size()
    width = (page.width() - 2 * _MARGIN - (wish.columns - 1) * _GAP) / wish.columns
    small = min(9.0, max(5.0, width / 14))
    lines = len(wish.captions)
    head = _HEAD if wish.title else 0.0
    captions = lines * small * _LINE + (2 if lines else 0)
    room = page.height() - 2 * _MARGIN - _FOOT
    # one row more where the photos become only a little lower by it, rather than a page with an empty foot
    rows = max(1, int((room + _GAP) / (width * ratio + captions + _GAP) + _LOWER))
    height = min(width * ratio, (room + _GAP) / rows - _GAP - captions, room - head - captions)
    first = int((room - head + _GAP + 0.01) / (height + captions + _GAP))
    return Plan(page, head, wish.columns, rows, max(1, first), width, height, small, lines)


def usual_ratio(sizes: Iterable[tuple[int, int]]) -> float:
    """Height by width that suits most photos: between 2:3 and 3:2."""
    ratios = sorted(high / wide for wide, high in sizes if wide > 0 and high > 0)
    return min(max(ratios[len(ratios) // 2], 2 / 3), 3 / 2) if ratios else 0.75


def captions(
    library: Library, found: Sequence[Photo], wanted: Sequence[Caption], scores: Mapping[int, float]
) -> dict[PhotoId, tuple[str, ...]]:
    """The lines below photos, one for each caption that is wanted, "" where there is nothing to say."""
    given: dict[PhotoId, str] = {}
    if Caption.ANSWER in wanted:
        given = answer_words(library, [photo.id for photo in found])
    lines = {}
    for photo in found:
        words = {
            Caption.NAME: wording.printable(photo.name),
            Caption.DATE: long_date(photo.taken or photo.modified).rpartition(", ")[0],
            Caption.LIKENESS: wording.likeness(scores[photo.id]) if photo.id in scores else "",
            Caption.ANSWER: given.get(photo.id, ""),
        }
        lines[photo.id] = tuple(words[one] for one in wanted)
    return lines


def answer_words(library: Library, ids: Sequence[PhotoId]) -> dict[PhotoId, str]:
    """What photos were given: `scratch`, `classic, sunny`; photos without any answer are left out."""
    connection = library.connection
    names = {(one.id, answer.id): answer.name for one in answers.all_sets(connection) for answer in one.answers}
    words: dict[PhotoId, str] = {}
    for photo, sets in label_reading.all_labels_of(connection, ids).items():
        given: dict[str, None] = {}
        for label_set, labels in sets.items():
            for label in labels:
                name = "none of these" if label.answer is None else names.get((label_set, label.answer), "")
                if name:
                    given[name] = None
        if given:
            words[photo] = ", ".join(given)
    return words


def in_order(captions_wanted: Collection[Caption]) -> tuple[Caption, ...]:
    """Captions as they stand below one another."""
    return tuple(one for one in Caption if one in captions_wanted)
