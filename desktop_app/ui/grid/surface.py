"""The grid's surface: layout, scrolling and painting, without selection by hand and keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from desktop_app.ui.grid.delegate import OUTSIDE, PhotoDelegate
from desktop_app.ui.grid.layout import LARGEST, SIZES, SMALLEST, USUAL, Layout
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

AnyIndex = QModelIndex | QPersistentModelIndex

_SETTLED_MS = 90  # after the last change of size, pictures of the exact size are asked for


class GridSurface(QListView):
    """Photos in even lines, laid out by arithmetic; scrolls by pixels and keeps its top-left photo.

    It is a `QListView` by name only, for screen readers, which find the photos of no other kind of custom view:
    everything the list view would lay out or paint is answered here, at the same cost for ten photos as for
    100,000.

    Signals:
        wantedSizeChanged(int): cells should be this wide at least.
    """

    wantedSizeChanged = Signal(int)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, model: GridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._photos = model
        self._wanted = USUAL
        self._layout = Layout(0, 1, USUAL)
        self._shape: tuple[object, ...] = ()  # what the layout was made from
        self._anchor: tuple[int, float] | None = None  # top-left row, how much of it is above the top
        self._is_laying_out = False
        self._painter_of_photos = PhotoDelegate(theme, thumbnails, self)
        self._asking = QTimer(self, singleShot=True)
        self._asking.timeout.connect(self._ask_for_thumbnails)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(self._painter_of_photos)
        self.setModel(model)
        model.sectionsChanged.connect(self._relayout)
        model.watch_selection(self._row_is_selected)
        thumbnails.changed.connect(self._thumbnails_changed)
        theme.changed.connect(self._theme_changed)

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

    def _content_width(self) -> int:
        # The scroll bar's room is always kept, so that its coming and going moves nothing.
        return self.width() - self.verticalScrollBar().sizeHint().width()

    @Slot()
    def _relayout(self) -> None:
        """Lay out for the present width, size and number of photos; the top-left photo stays where it is."""
        sections = self._photos.sections
        heading = QFontMetrics(self._theme.font(semi_bold=True)).height() + 20 if sections else 0
        shape = (self._photos.rowCount(), self._content_width(), self._wanted, sections, heading)
        height = self.viewport().height()
        if shape != self._shape:
            side = self._layout.side
            self._shape = shape
            starts = [row for row, _title in sections]
            self._layout = Layout(shape[0], self._content_width(), self._wanted, starts, heading)
            self._ask_soon(0 if side == self._layout.side or not self.isVisible() else _SETTLED_MS)
            self.viewport().update()
        self._is_laying_out = True
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(20, self._layout.pitch // 4))
        if self._anchor is not None and self._anchor[0] < self._photos.rowCount():
            row, hidden = self._anchor
            top = self._layout.rect(row).top()
            bar.setValue(top + round(hidden * self._layout.side if hidden > 0 else hidden))
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
            row = min(rows.stop, row + self._layout.columns, self._photos.rowCount() - 1)
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

    def viewportSizeHint(self) -> QSize:
        """A few lines of photos."""
        return QSize(4 * USUAL, 3 * USUAL)

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
        self._painter_of_photos.hovered = -1
        self._anchor = None
        QAbstractItemView.reset(self)
        self.verticalScrollBar().setValue(0)
        self._relayout()
        self._ask_soon(0)

    def rowsInserted(self, parent: AnyIndex, start: int, end: int) -> None:
        """More photos: what is looked at stays where it is."""
        QAbstractItemView.rowsInserted(self, parent, start, end)
        if self._anchor is not None and start <= self._anchor[0]:
            self._anchor = (self._anchor[0] + end - start + 1, self._anchor[1])
        self._relayout()

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        """Fewer photos: the anchor moves to the next one that stays."""
        self._painter_of_photos.hovered = -1
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
        self._ask_soon(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew at once."""
        QAbstractItemView.resizeEvent(self, event)
        self._relayout()
        self._ask_soon(_SETTLED_MS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.step_size(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            QAbstractItemView.wheelEvent(self, event)

    def changeEvent(self, event: QEvent) -> None:
        """Rings are grey in a window that is not active."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the photos in the exposed rectangle, and headings."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        base = QStyle.StateFlag.State_Enabled
        if self.isActiveWindow():
            base |= QStyle.StateFlag.State_Active
        offset, exposed = self.verticalOffset(), event.rect()
        top, bottom = exposed.top() + offset - OUTSIDE, exposed.bottom() + 1 + offset + OUTSIDE
        current = self.currentIndex().row() if self.hasFocus() else -1
        rows = self._layout.rows_between(top, bottom)
        # the one with the keyboard's ring last: no neighbour paints over it
        order = [row for row in rows if row != current] + ([current] if current in rows else [])
        for row in order:
            rect = self._layout.rect(row).translated(0, -offset)
            if not rect.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE).intersects(exposed):
                continue
            state = base
            if self._row_is_selected(row):
                state |= QStyle.StateFlag.State_Selected
            if row == current:
                state |= QStyle.StateFlag.State_HasFocus
            option.rect, option.state = rect, state
            self._painter_of_photos.paint(painter, option, self._photos.index(row))
        painter.setPen(self._theme.tokens.text2)
        painter.setFont(self._theme.font(semi_bold=True))
        for section, rect in self._layout.headings_between(top, bottom):
            text = rect.translated(0, -offset).adjusted(0, 4, 0, -self._layout.gap)
            painter.drawText(text, Qt.AlignmentFlag.AlignBottom, self._photos.sections[section][1])

    def _row_is_selected(self, row: int) -> bool:
        return self.selectionModel().isSelected(self._photos.index(row))

    def _ringed(self, row: int) -> QRect:
        rect = self._layout.rect(row).translated(0, -self.verticalOffset())
        return rect.adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)

    def _update_row(self, row: int) -> None:
        if 0 <= row < self._photos.rowCount():
            self.viewport().update(self._ringed(row))

    # thumbnails

    def _ask_soon(self, milliseconds: int) -> None:
        if not self._asking.isActive() or self._asking.interval() > milliseconds:
            self._asking.start(milliseconds)

    @Slot()
    def _ask_for_thumbnails(self) -> None:
        """Ask for what is on screen, then for half a screen on either side."""
        visible = self.visible_rows()
        if not visible:
            self._thumbnails.want(self, (), 0)
            return
        top, height = self.verticalOffset(), self.viewport().height()
        near = self._layout.rows_between(top - height // 2, top + height + height // 2)
        rows = [*visible, *range(visible.stop, near.stop), *range(visible.start - 1, near.start - 1, -1)]
        side = self._thumbnails.side(self._layout.side, self.devicePixelRatioF())
        self._thumbnails.want(self, map(self._photos.id_at, rows), side)

    @Slot(list)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        visible = self.visible_rows()
        for photo in set(photos):
            row = self._photos.row_of(photo)
            if row in visible:
                self.viewport().update(self._ringed(row))

    @Slot()
    def _theme_changed(self) -> None:
        self._relayout()
        self.viewport().update()
