"""The grid's surface: where photos lie, and what scrolling, sizes and new photos do to that."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop_app.ui.grid.layout import LARGEST, SIZES, SMALLEST, USUAL, Layout
from desktop_app.ui.grid.model import GridModel

AnyIndex = QModelIndex | QPersistentModelIndex

RINGS = 6
"""How far rings reach beyond a photo, at most."""
_ABOVE_HEADING, _BELOW_HEADING = 12, 8


class GridSurface(QListView):
    """Photos in even lines, laid out by arithmetic; scrolls by pixels and keeps its top-left photo.

    It is a `QListView` by name only, for screen readers, which find the photos of no other kind of custom view:
    everything the list view would lay out or paint is answered here, at the same cost for ten photos as for
    100,000.

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
        model.watch_selection(self._row_is_selected)

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

    def on_screen(self) -> tuple[float, float]:
        """Which part of the content is on screen: where it begins and how much it is, from 0 to 1."""
        height = max(1, self._layout.height)
        return self.verticalOffset() / height, min(1.0, self.viewport().height() / height)

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
        heading = self.fontMetrics().height() + _ABOVE_HEADING + _BELOW_HEADING if sections else 0
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

    # what Qt's views ask

    def visualRect(self, index: AnyIndex) -> QRect:
        """The photo's square on the viewport."""
        if not index.isValid():
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The photo whose cell is at a point of the viewport."""
        row = self._layout.row_at(point + QPoint(0, self.verticalOffset()))
        return self._photos.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as shows the photo with its rings, or as `hint` says."""
        if not index.isValid():
            return
        self._relayout()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        rect = self._layout.rect(index.row()).adjusted(0, -self._layout.gap, 0, self._layout.gap)
        top, bottom = rect.top(), rect.bottom() + 1
        hints = QAbstractItemView.ScrollHint
        if hint == hints.PositionAtTop or (hint == hints.EnsureVisible and top < bar.value()):
            bar.setValue(top)
        elif hint == hints.PositionAtBottom or (hint == hints.EnsureVisible and bottom > bar.value() + height):
            bar.setValue(bottom - height)
        elif hint == hints.PositionAtCenter:
            bar.setValue((top + bottom - height) // 2)

    def horizontalOffset(self) -> int:
        """Always 0."""
        return 0

    def verticalOffset(self) -> int:
        """Pixels of the content above the viewport."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: AnyIndex) -> bool:
        """No photo is hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Apply `command` to the photos whose cells `rect` of the viewport touches."""
        rect = rect.normalized().translated(0, self.verticalOffset())
        columns = self._layout.columns_between(rect.left(), rect.right() + 1)
        rows = self._layout.rows_between(rect.top(), rect.bottom() + 1)
        selection = QItemSelection()
        if rows and columns and len(columns) == self._layout.columns:
            selection.select(self._photos.index(rows.start), self._photos.index(rows.stop - 1))
        elif rows and columns:
            for line in range(self._layout.place(rows.start)[0], self._layout.place(rows.stop - 1)[0] + 1):
                cells = self._layout.line_rows(line)[columns.start : columns.stop]
                if cells:
                    selection.select(self._photos.index(cells.start), self._photos.index(cells.stop - 1))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to repaint when `selection` changes: its photos on screen with their rings."""
        region, visible = QRegion(), self.visible_rows()
        for part in selection.toList():
            first, last = max(part.top(), visible.start), min(part.bottom(), visible.stop - 1)
            if last - first >= self._layout.columns:
                return QRegion(self.viewport().rect())
            for row in range(first, last + 1):
                region += self._ringed(row)
        return region

    def doItemsLayout(self) -> None:
        """Lay out by arithmetic; the list view's own layout never runs."""
        self._relayout()
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Fit the scroll bar."""
        self._relayout()
        QAbstractItemView.updateGeometries(self)

    def reset(self) -> None:
        """Other photos: begin at the top."""
        self._anchor = None
        QAbstractItemView.reset(self)
        self.verticalScrollBar().setValue(0)
        self._relayout()
        self.moved.emit()

    def rowsInserted(self, parent: AnyIndex, start: int, end: int) -> None:
        """More photos: what is looked at stays where it is."""
        QAbstractItemView.rowsInserted(self, parent, start, end)
        if self._anchor is not None and start <= self._anchor[0]:
            self._anchor = (self._anchor[0] + end - start + 1, self._anchor[1])
        self._relayout()

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        """Fewer photos: the anchor moves to the next one that stays."""
        QAbstractItemView.rowsAboutToBeRemoved(self, parent, start, end)
        if self._anchor is not None and start <= self._anchor[0]:
            row, hidden = self._anchor
            self._anchor = (max(start, row - (end - start + 1)), hidden)

    def dataChanged(self, top_left: AnyIndex, bottom_right: AnyIndex, _roles: Sequence[int] = ()) -> None:
        """Repaint those of the rows that are on screen."""
        visible = self.visible_rows()
        for row in range(max(top_left.row(), visible.start), min(bottom_right.row(), visible.stop - 1) + 1):
            self.viewport().update(self._ringed(row))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the picture on screen and paint what is new; a move by hand makes a new anchor."""
        self.viewport().scroll(dx, dy)
        if not self._is_laying_out:
            self._note_anchor()
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew at once."""
        QAbstractItemView.resizeEvent(self, event)
        self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.step_size(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            QAbstractItemView.wheelEvent(self, event)

    def _row_is_selected(self, row: int) -> bool:
        return self.selectionModel().isSelected(self._photos.index(row))

    def _ringed(self, row: int) -> QRect:
        rect = self._layout.rect(row).translated(0, -self.verticalOffset())
        return rect.adjusted(-RINGS, -RINGS, RINGS, RINGS)

    def _update_row(self, row: int) -> None:
        if 0 <= row < self._photos.rowCount():
            self.viewport().update(self._ringed(row))
