"""The grid's surface: what Qt's views ask of it, answered by arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.placed import AnyIndex as AnyIndex
from desktop_app.ui.grid.placed import PlacedGrid

RINGS = 6
"""How far rings reach beyond a photo, at most."""


class GridSurface(PlacedGrid):
    """Photos in even lines, laid out by arithmetic.

    It is a `QListView` by name only, for screen readers, which find the photos of no other kind of custom view:
    everything the list view would lay out or paint is answered here, at the same cost for ten photos as for
    100,000.
    """

    def __init__(self, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        model.watch_selection(self._row_is_selected)

    # what Qt's views ask

    def visualRect(self, index: AnyIndex) -> QRect:
        """The photo's square on the viewport."""
        if not index.isValid():
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The photo whose cell is at a point of the viewport; a heading that stays at the edge covers what is below."""
        sticky = self.sticky_heading()
        if sticky is not None and sticky[1].contains(point):
            return QModelIndex()
        row = self._layout.row_at(point + QPoint(0, self.verticalOffset()))
        return self._photos.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as shows the photo with its rings and not below a heading, or as `hint` says."""
        if not index.isValid():
            return
        self._relayout()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        rect = self._layout.rect(index.row()).adjusted(0, -self._layout.gap, 0, self._layout.gap)
        top, bottom = self._layout.start_of(index.row()), rect.bottom() + 1
        hints = QAbstractItemView.ScrollHint
        if hint == hints.PositionAtTop or (hint == hints.EnsureVisible and top < bar.value()):
            bar.setValue(top)
        elif hint == hints.EnsureVisible and bottom > bar.value() + height:
            bar.setValue(min(top, bottom - height))  # of one that is too high for the room the top is shown
        elif hint == hints.PositionAtBottom:
            bar.setValue(bottom - height)
        elif hint == hints.PositionAtCenter:
            bar.setValue((top + bottom - height) // 2)

    def row_is_whole(self, row: int) -> bool:
        """Whether all of a photo is on screen below the heading that stays at the edge, or as much as there is room."""
        if not 0 <= row < self._layout.count:
            return False
        offset, sticky = self.verticalOffset(), self.sticky_heading()
        rect = self._layout.rect(row).translated(0, -offset)
        covered = 0 if sticky is None else sticky[1].bottom() + 1
        is_low = rect.bottom() >= self.viewport().height() and self._layout.start_of(row) != offset
        return rect.top() >= covered and not is_low

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
        QAbstractItemView.reset(self)
        self.verticalScrollBar().setValue(0)
        self._anchor = None  # scrolling noted one by the layout of the photos before
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
        high = self.heading_height
        if high:  # what stays at the edge did not move with the rest
            self.viewport().update(0, 0, self.viewport().width(), high)
            self.viewport().update(0, dy, self.viewport().width(), high)
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
