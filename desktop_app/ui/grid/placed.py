"""The grid's place: how wide photos are, which are on screen, and what stays where when either changes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop_app.ui.grid.layout import LARGEST, SIZES, SMALLEST, USUAL, Layout
from desktop_app.ui.grid.model import GridModel

AnyIndex = QModelIndex | QPersistentModelIndex

_ABOVE_HEADING, _BELOW_HEADING = 12, 8


class PlacedGrid(QListView):
    """A grid that knows where it is: it scrolls by pixels and keeps its top-left photo.

    Signals:
        wantedSizeChanged(int): cells should be this wide at least.
        moved(): other photos are on screen, or the same ones at other places.
    """

    wantedSizeChanged = Signal(int)
    moved = Signal()

    def __init__(self, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = model
        self._wanted = USUAL
        self._layout = Layout(0, 1, USUAL)
        self._shape: tuple[object, ...] = ()  # what the layout was made from
        self._anchor: tuple[int, float] | None = None  # top-left row, how much of it is above the top
        self._is_laying_out = False
        self._side_room = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setModel(model)
        model.sectionsChanged.connect(self._relayout)

    # size and place

    @property
    def wanted_size(self) -> int:
        """How wide cells should be at least, device-independent pixels, 96 to 320."""
        return self._wanted

    def set_wanted_size(self, size: int) -> None:
        """Make thumbnails larger or smaller; the top-left photo stays."""
        size = min(max(size, SMALLEST), LARGEST)
        if size == self._wanted:
            return
        self._wanted = size
        self._relayout()
        self.wantedSizeChanged.emit(size)

    def step_size(self, direction: int) -> None:
        """One step larger (1) or smaller (-1): the next size that changes the number of columns, if one does."""
        sizes = [size for size in SIZES[::direction] if (size - self._wanted) * direction > 0]
        width = self._content_width()
        for size in sizes:
            if Layout(0, width, size).columns != self._layout.columns:
                self.set_wanted_size(size)
                return
        if sizes:
            self.set_wanted_size(sizes[-1])

    def reset_size(self) -> None:
        """The usual size."""
        self.set_wanted_size(USUAL)

    def first_visible(self) -> tuple[int, int]:
        """Row of the top-left photo and how many pixels its top is below (negative: above) the upper edge."""
        if self._anchor is None:
            return -1, 0
        row, hidden = self._anchor
        return row, -round(hidden * self._layout.side) if hidden > 0 else round(-hidden)

    def visible_rows(self) -> range:
        """The rows of which anything is on screen."""
        top = self.verticalOffset()
        return self._layout.rows_between(top, top + self.viewport().height())

    def scroll_to_place(self, row: int, below: int) -> None:
        """Put the photo in `row` at the upper edge, `below` as `first_visible` has it."""
        if 0 <= row < self._photos.rowCount():
            self.executeDelayedItemsLayout()
            self.verticalScrollBar().setValue(self._layout.rect(row).top() - below)
            self._note_anchor()

    def go_to_row(self, row: int) -> None:
        """Put the photo in `row` at the upper edge, with its heading where it has one."""
        if 0 <= row < self._photos.rowCount():
            self._relayout()
            self.verticalScrollBar().setValue(self._layout.start_of(row))

    def share_of_row(self, row: int) -> float:
        """How far down the content a row begins, from 0 to 1."""
        return self._layout.start_of(row) / max(1, self._layout.height)

    @property
    def content_height(self) -> int:
        """How high all photos are together, pixels."""
        return self._layout.height

    @property
    def heading_height(self) -> int:
        """How high headings are; 0 without any."""
        return self.fontMetrics().height() + _ABOVE_HEADING + _BELOW_HEADING if self._photos.sections else 0

    def sticky_heading(self) -> tuple[int, QRect] | None:
        """The section whose heading stays at the upper edge, and where it is on the viewport; None for none."""
        found = self._layout.sticky_at(self.verticalOffset())
        if found is None:
            return None
        section, top = found
        return section, QRect(0, top, self.viewport().width(), self.heading_height)

    def set_side_room(self, pixels: int) -> None:
        """Keep room free between the photos and the scroll bar, for what stands there."""
        if pixels != self._side_room:
            self._side_room = pixels
            self.setViewportMargins(0, 0, pixels, 0)
            self._relayout()

    def _content_width(self) -> int:
        # The scroll bar's room is always kept, so that its coming and going moves nothing.
        return self.width() - self.verticalScrollBar().sizeHint().width() - self._side_room

    @Slot()
    def _relayout(self) -> None:
        """Lay out for the present width, size and number of photos; the top-left photo stays where it is."""
        sections = self._photos.sections
        heading = self.heading_height
        shape = (self._photos.rowCount(), self._content_width(), self._wanted, sections, heading)
        height = self.viewport().height()
        if shape != self._shape:
            self._shape = shape
            starts = [row for row, _title in sections]
            self._layout = Layout(shape[0], self._content_width(), self._wanted, starts, heading)
            self.viewport().update()
            self.moved.emit()
        self._is_laying_out = True
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(20, self._layout.pitch // 4))
        if self._anchor is not None and self._anchor[0] < self._photos.rowCount():
            row, hidden = self._anchor
            # the very top stays the very top, with the heading above the first photo
            top = self._layout.rect(row).top() if row or hidden > 0 else -hidden
            bar.setValue(round(top) + round(hidden * self._layout.side if hidden > 0 else hidden))
        self._is_laying_out = False
        if self._anchor is None:
            self._note_anchor()

    def _note_anchor(self) -> None:
        """Remember the top-left photo; hidden is the part of it above the edge, or minus the pixels below."""
        rows = self.visible_rows()
        if not rows:
            self._anchor = None
            return
        row, offset = rows.start, self.verticalOffset()
        rect = self._layout.rect(row)
        if rect.bottom() < offset:  # only its gap is still on screen
            row = self._layout.line_rows(min(self._layout.place(row)[0] + 1, self._layout.lines - 1)).start
            rect = self._layout.rect(row)
        above = offset - rect.top()
        self._anchor = (row, above / self._layout.side if above > 0 else above)
