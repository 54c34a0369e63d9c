"""The cards of the themes: looked at, chosen, named, opened, and moved between by dragging."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
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
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListView, QWidget

from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.photo_drag import photos_of
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.delegate import ThemeDelegate
from desktop_app.ui.themes.dragged import Dragged, drag_picture, dragged_in, mime_of
from desktop_app.ui.themes.model import ThemesModel
from desktop_app.ui.themes.values import ThemeCard

AnyIndex = QModelIndex | QPersistentModelIndex
Flag = QItemSelectionModel.SelectionFlag
_Key = Qt.Key
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier

SIZES = (184, 216, 248, 288, 336, 400, 480)
USUAL = 248
_EDGE = 40  # so near to the edge a drag scrolls
_SCROLL_MS = 30


class ThemeCards(QListView):
    """A wall of cards.

    Args:
        theme: the program's look.
        thumbnails: where pictures come from.

    Signals:
        openAsked(int): a theme: double-click or Enter.
        lookAsked(): Space: its photos below, or away with them.
        mergeAsked(list[int]), splitAsked(int), lockAsked(list[int]), removeAsked(list[int]), labelAsked(list[int]):
            M, P, K, Delete, L, for what is chosen.
        renamed(int, str): a name was written.
        moveAsked(list[int], int): photos were dropped on a theme.
        wholeMoved(int, int): a theme was dropped on another.
        chosen(): other themes are chosen.
        menuAsked(QPoint): for what is chosen, at a point of the screen.
    """

    openAsked = Signal(int)
    lookAsked = Signal()
    mergeAsked = Signal(object)
    splitAsked = Signal(int)
    lockAsked = Signal(object)
    removeAsked = Signal(object)
    labelAsked = Signal(object)
    renamed = Signal(int, str)
    moveAsked = Signal(object, int)
    wholeMoved = Signal(int, int)
    chosen = Signal()
    menuAsked = Signal(QPoint)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self._wanted = USUAL
        self._pressed: tuple[int, int, QPoint] | None = None  # row, photo or -1 for the whole card, where
        self._name_pressed = -1
        self.is_compact = False
        self.library: Callable[[], str] = lambda: ""
        """The library whose photos may be dropped here from a grid."""
        self.taken_from: int | None = None
        """The theme that the grid beside shows."""
        self.themes = ThemesModel(self)
        self.themes.renamed.connect(self.renamed)
        self._delegate = ThemeDelegate(theme, thumbnails, self)
        self.setModel(self.themes)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(False)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Themes")
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask_for_thumbnails)
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        thumbnails.changed.connect(self._thumbnails_changed)
        theme.changed.connect(self._theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_cards(self, cards: Sequence[ThemeCard]) -> None:
        """Show these; themes that stay stay chosen, and what is looked at stays where it is as far as it can."""
        if [card.id for card in self.themes.cards] == [card.id for card in cards]:
            self.themes.show(cards)
            self._ask_soon()
            self.chosen.emit()
            return
        chosen = [card.id for card in self.chosen_cards()]
        current = self.current_card()
        row = self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.themes.show(cards)
        self.executeDelayedItemsLayout()
        self._choose_rows([at for at in map(self.themes.row_of, chosen) if at >= 0])
        now = self.themes.row_of(current.id) if current is not None else -1
        if now < 0 and row >= 0:
            now = min(row, self.themes.rowCount() - 1)  # what took its place
        if now >= 0:
            self.selectionModel().setCurrentIndex(self.themes.index(now), Flag.NoUpdate)
        self.verticalScrollBar().setValue(scrolled)
        self._ask_soon()
        self.chosen.emit()

    def chosen_cards(self) -> list[ThemeCard]:
        """What is chosen, in order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [card for row in rows if (card := self.themes.card(row)) is not None]

    def chosen_ids(self) -> list[int]:
        """Their ids."""
        return [card.id for card in self.chosen_cards()]

    def current_card(self) -> ThemeCard | None:
        """The one that the keyboard is at."""
        return self.themes.card(self.currentIndex().row())

    def choose(self, themes: Sequence[int]) -> None:
        """Choose themes and go to the first of them."""
        rows = [row for row in map(self.themes.row_of, themes) if row >= 0]
        self._choose_rows(rows)
        if rows:
            self.selectionModel().setCurrentIndex(self.themes.index(rows[0]), Flag.NoUpdate)
            self.scrollTo(self.themes.index(rows[0]))

    def _choose_rows(self, rows: Sequence[int]) -> None:
        selection = QItemSelection()
        for row in rows:
            selection.select(self.themes.index(row), self.themes.index(row))
        self.selectionModel().select(selection, Flag.ClearAndSelect)

    def rename(self, theme: int | None = None) -> None:
        """Write over a name, by default the current one's."""
        row = self.themes.row_of(theme) if theme is not None else self.currentIndex().row()
        card = self.themes.card(row)
        if card is not None and not card.is_odd:
            index = self.themes.index(row)
            self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)
            self.scrollTo(index)
            self.edit(index)

    # --- size ------------------------------------------------------------------------------------------------

    @property
    def wanted_size(self) -> int:
        """How wide cards should be at least."""
        return self._wanted

    def set_wanted_size(self, size: int) -> None:
        """Make cards larger or smaller."""
        self._wanted = min(max(size, SIZES[0]), SIZES[-1])
        self._fit()

    def step_size(self, direction: int) -> None:
        """The next size that changes the number of columns; 0 is the usual one."""
        if not direction:
            self.set_wanted_size(USUAL)
            return
        before = self.columns()
        for size in SIZES[::direction]:
            if (size - self._wanted) * direction > 0:
                self.set_wanted_size(size)
                if self.columns() != before:
                    return

    def columns(self) -> int:
        """How many cards are side by side."""
        if not self.is_compact:
            return self._columns_of(self._wanted)
        # as large as leaves one row of them its room, but no larger than wanted
        for size in (size for size in SIZES[::-1] if size <= self._wanted):
            columns = self._columns_of(size)
            if self._delegate.height_for(self._room() // columns) + self._margin() <= self.height():
                return columns
        return self._columns_of(SIZES[0])

    def _columns_of(self, size: int) -> int:
        scale = max(1.0, self._theme.font().pointSizeF() / 10)  # larger text needs wider cards
        return max(1, self._room() // round(size * scale))

    def set_compact(self, on: bool) -> None:
        """Let cards be smaller than wanted where few of them have room, as beside their photos."""
        if on != self.is_compact:
            self.is_compact = on
            self._fit()

    def _room(self) -> int:
        # the scroll bar's room is always kept, so that its coming and going moves nothing
        return self.width() - self.verticalScrollBar().sizeHint().width() - 2 * self._margin()

    def _margin(self) -> int:
        return 8

    def _fit(self) -> None:
        width = max(1, self._room() // self.columns())
        cell = QSize(width, self._delegate.height_for(width))
        if cell != self._delegate.cell or self.gridSize() != cell:
            self._delegate.cell = cell
            self.setGridSize(cell)
            self.verticalScrollBar().setSingleStep(max(20, cell.height() // 4))
            self.scheduleDelayedItemsLayout()
        margin = self._margin()
        if self.viewportMargins().left() != margin:
            self.setViewportMargins(margin, margin, 0, 0)
        self._ask_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
        self._ask_soon()

    @Slot()
    def _theme_changed(self) -> None:
        self._fit()
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & _CTRL:
            if event.angleDelta().y():
                self.step_size(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    # --- thumbnails ------------------------------------------------------------------------------------------

    def visible_rows(self) -> range:
        """The cards of which anything is on screen."""
        height = self._delegate.cell.height()
        columns, top = self.columns(), self.verticalScrollBar().value()
        first = top // height * columns
        last = (top + self.viewport().height()) // height * columns + columns
        return range(min(first, self.themes.rowCount()), min(last, self.themes.rowCount()))

    @Slot()
    def _ask_soon(self) -> None:
        self._asking.start()

    @Slot()
    def _ask_for_thumbnails(self) -> None:
        if not self.isVisible():
            self._thumbnails.want(self, (), 0)
            return
        rows, more = self.visible_rows(), 2 * self.columns()
        order = [*rows, *range(rows.stop, rows.stop + more), *range(rows.start - 1, rows.start - 1 - more, -1)]
        cards = [card for row in order if (card := self.themes.card(row)) is not None]
        side = self._thumbnails.side(self._delegate.side(), self.devicePixelRatioF())
        self._thumbnails.want(self, [photo for card in cards for photo in card.photos], side)

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        arrived = set(photos)
        for row in self.visible_rows():
            card = self.themes.card(row)
            if card is not None and not arrived.isdisjoint(card.photos):
                self.update(self.themes.index(row))

    def showEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask_soon()

    def hideEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().hideEvent(event)  # type: ignore[arg-type]
        self._ask_soon()

    # --- keys ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()  # before the window's shortcuts, which mean the photos
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~_KEYPAD
        if modifiers & _CTRL:
            return key in (_Key.Key_A, _Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus, _Key.Key_0)
        return not modifiers and key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space, _Key.Key_F2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState or not self._take_key(event):
            if event.key() in _MOVES:
                super().keyPressEvent(event)
            else:
                event.ignore()

    def _take_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~_KEYPAD
        if modifiers & _CTRL:
            if key == _Key.Key_A:
                (self.clearSelection if modifiers & _SHIFT else self.selectAll)()
            elif key in (_Key.Key_Plus, _Key.Key_Equal):
                self.step_size(1)
            elif key == _Key.Key_Minus:
                self.step_size(-1)
            elif key == _Key.Key_0:
                self.step_size(0)
            else:
                return False
            return True
        if modifiers:
            return False
        if key == _Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return True
        return self._act(_Key(key))

    def _act(self, key: Qt.Key) -> bool:
        current = self.current_card()
        ids = self.chosen_ids() or ([current.id] if current is not None else [])
        if key in (_Key.Key_Return, _Key.Key_Enter):
            if current is not None:
                self.openAsked.emit(current.id)
        elif key == _Key.Key_Space:
            if current is not None and current.id not in self.chosen_ids():
                self.choose([current.id])
            self.lookAsked.emit()
        elif key == _Key.Key_F2:
            self.rename()
        elif not ids:
            return False
        elif key == _Key.Key_M:
            self.mergeAsked.emit(ids)
        elif key == _Key.Key_P:
            self.splitAsked.emit(ids[0])
        elif key == _Key.Key_K:
            self.lockAsked.emit(ids)
        elif key == _Key.Key_L:
            self.labelAsked.emit(ids)
        elif key in (_Key.Key_Delete, _Key.Key_Backspace):
            self.removeAsked.emit(ids)
        else:
            return False
        return True

    def keyboardSearch(self, _search: str) -> None:
        """Letters are commands here, not the beginning of a name."""

    # --- mouse -----------------------------------------------------------------------------------------------

    def part_at(self, point: QPoint) -> tuple[int, int, bool]:
        """The row at a point, the photo there (or -1), and whether it is on the name."""
        index = self.indexAt(point)
        card = self.themes.card(index.row()) if index.isValid() else None
        if card is None:
            return -1, -1, False
        places = self._delegate.places(self.visualRect(index))
        if not places.card.contains(point):
            return -1, -1, False
        for place, photo in zip(places.photos, card.photos, strict=False):
            if place.contains(point):
                return index.row(), photo, False
        return index.row(), -1, places.name.contains(point) and not card.is_odd

    def name_rect(self, theme: int) -> QRect:
        """Where a theme's name is on the viewport."""
        return self._delegate.places(self.visualRect(self.themes.index(self.themes.row_of(theme)))).name

    def photo_rect(self, theme: int, at: int) -> QRect:
        """Where one of a theme's photos is on the viewport."""
        return self._delegate.places(self.visualRect(self.themes.index(self.themes.row_of(theme)))).photos[at]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row, photo, on_name = self.part_at(point)
        self._pressed, self._name_pressed = None, -1
        plain = not event.modifiers() & (_CTRL | _SHIFT)
        if row < 0:
            if plain and event.button() == Qt.MouseButton.LeftButton:
                self.clearSelection()
            return
        index = self.themes.index(row)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (row, photo, point)
            if plain and self.selectionModel().isSelected(index):
                # several stay chosen while one of them is dragged; a click on the name of the one writes over it
                alone = len(self.selectionModel().selectedIndexes()) == 1
                self._name_pressed = row if on_name and alone else -1
                self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
                return
        elif event.button() == Qt.MouseButton.RightButton and self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, Flag.NoUpdate)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            row, photo, at = self._pressed
            if (point - at).manhattanLength() >= QApplication.startDragDistance():
                self._pressed, self._name_pressed = None, -1
                self._drag(row, photo)
            return
        row, _photo, on_name = self.part_at(point)
        hovered = row if on_name else -1
        if hovered != self._delegate.hovered_name:
            self._delegate.hovered_name = hovered
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.LeftButton and pressed is not None:
            row = pressed[0]
            if self._name_pressed == row and self.part_at(event.position().toPoint())[2]:
                self.edit(self.themes.index(row))
            elif not event.modifiers() & (_CTRL | _SHIFT):
                self.selectionModel().setCurrentIndex(self.themes.index(row), Flag.ClearAndSelect)
        self._name_pressed = -1
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, _photo, on_name = self.part_at(event.position().toPoint())
        if row < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        card = self.themes.card(row)
        assert card is not None
        if on_name:
            self.edit(self.themes.index(row))
        else:
            self.openAsked.emit(card.id)

    def leaveEvent(self, event: QEvent) -> None:
        if self._delegate.hovered_name >= 0:
            self._delegate.hovered_name = -1
            self.viewport().update()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the mouse, or by key at the current card."""
        at = event.globalPos()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            rect = self.visualRect(self.currentIndex()) & self.viewport().rect()
            at = self.viewport().mapToGlobal(rect.center())
            if not self.selectionModel().hasSelection() and self.currentIndex().isValid():
                self.selectionModel().select(self.currentIndex(), Flag.ClearAndSelect)
        if self.selectionModel().hasSelection():
            self.menuAsked.emit(at)
        event.accept()

    # --- dragging --------------------------------------------------------------------------------------------

    def _drag(self, row: int, photo: int) -> None:
        card = self.themes.card(row)
        if card is None or (photo < 0 and card.is_odd):
            return
        photos = (photo,) if photo >= 0 else ()
        drag = QDrag(self)
        drag.setMimeData(mime_of(Dragged(card.id, photos)))
        shown = photo if photo >= 0 else (card.photos[0] if card.photos else -1)
        picture = drag_picture(self._theme, self._thumbnails, shown, 1 if photo >= 0 else card.count)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(8, 8))
        drag.exec(Qt.DropAction.MoveAction)
        self._end_drag()

    def target_at(self, point: QPoint, mime: QMimeData) -> int:
        """The row that would take what is dragged; -1 for none."""
        dragged, row = self._dragged(mime), self.part_at(point)[0]
        card = self.themes.card(row)
        if dragged is None or card is None or card.id == dragged.theme:
            return -1
        return row

    def _dragged(self, mime: QMimeData) -> Dragged | None:
        """What is dragged: from a card, or photos from a grid."""
        photos = photos_of(mime, self.library())
        return Dragged(-1 if self.taken_from is None else self.taken_from, photos) if photos else dragged_in(mime)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dragged(event.mimeData()) is None:
            event.ignore()  # files are the window's
        else:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        point = event.position().toPoint()
        if self._dragged(event.mimeData()) is None:
            event.ignore()
            return
        self._aim(self.target_at(point, event.mimeData()))
        height = self.viewport().height()
        self._scroll_by = -1 if point.y() < _EDGE else 1 if point.y() > height - _EDGE else 0
        if self._scroll_by and not self._scrolling.isActive():
            self._scrolling.start()
        elif not self._scroll_by:
            self._scrolling.stop()
        if self._delegate.target >= 0:
            event.accept()
        else:
            event.ignore()

    _scroll_by = 0

    @Slot()
    def _scroll_on(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self._scroll_by * 16)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        dragged = self._dragged(event.mimeData())
        card = self.themes.card(self.target_at(event.position().toPoint(), event.mimeData()))
        self._end_drag()
        if dragged is None or card is None:
            event.ignore()
            return
        event.accept()
        if dragged.photos:
            self.moveAsked.emit(list(dragged.photos), card.id)
        else:
            self.wholeMoved.emit(dragged.theme, card.id)

    def _aim(self, row: int) -> None:
        if row != self._delegate.target:
            self._delegate.target = row
            self.viewport().update()

    def _end_drag(self) -> None:
        self._scrolling.stop()
        self._aim(-1)

    # --- telling ---------------------------------------------------------------------------------------------

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()  # rings reach beyond their card
        self.chosen.emit()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.themes.rowCount():
            self.selectionModel().setCurrentIndex(self.themes.index(0), Flag.NoUpdate)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


_MOVES = (
    _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down,
    _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown,
)  # fmt: skip
