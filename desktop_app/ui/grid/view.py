"""The photo grid as people use it: the mouse, hover buttons, menus, and places to come back to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QItemSelection, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop_app.core.types import PhotoId
from desktop_app.ui.grid.hover import FIND_ALIKE, HoverAction, button_rects
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.selecting import CONTROL, SHIFT, Flag, SelectingGrid
from desktop_app.ui.grid.surface import AnyIndex
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone was in a grid: what `Back` returns to.

    Attributes:
        current: the photo with the keyboard's ring, or None.
        selected: the selected photos.
        top: the top-left photo, or None.
        below: how many pixels its top was below the upper edge.
        in_sight: whether the current photo was whole on screen.
        others: those behind the top-left one on screen, and how far below the edge: where it is gone, they say it.
    """

    current: PhotoId | None
    selected: tuple[PhotoId, ...]
    top: PhotoId | None
    below: int
    in_sight: bool = False
    others: tuple[tuple[PhotoId, int], ...] = ()


class PhotoGrid(SelectingGrid):
    """A grid of photos to look through, select in and act on.

    Args:
        theme: the program's look.
        thumbnails: where the pictures come from.
        model: a model of its own, or none to make one; `grid.photos` gives it back.

    Signals:
        photoActivated(PhotoId): double-click, Enter, Return or Space.
        findAlike(PhotoId): S or the magnifier.
        currentPhotoChanged(PhotoId | None): the keyboard's place moved.
        selectionChangedTo(list[PhotoId]): once per turn of the event loop, in the order of the grid.
        contextMenuAsked(list[PhotoId], QPoint): for these photos, at a point of the screen.
        hoverActionClicked(str, PhotoId): the key of a button other than the magnifier.
        wantedSizeChanged(int)
    """

    contextMenuAsked = Signal(object, QPoint)
    hoverActionClicked = Signal(str, object)

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, model: GridModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._pressed_row = -1  # a selected photo pressed without a key: alone selected on release
        self._menu_is_asked = False
        super().__init__(theme, thumbnails, GridModel() if model is None else model, parent)
        if model is None:
            self._photos.setParent(self)
        self.menuKeyPressed.connect(self._ask_menu)
        self.set_hover_actions((FIND_ALIKE,))
        self.setAccessibleName("Photos")

    @property
    def photos(self) -> GridModel:
        """The model."""
        return self._photos

    # what is shown

    def show_photos(
        self,
        ids: Iterable[int],
        scores: Iterable[float] | None = None,
        *,
        pinned: int = 0,
        sections: Sequence[tuple[int, str]] = (),
        keep_place: bool = False,
    ) -> None:
        """Show other photos, from the top or, as far as they are still there, where one was.

        Args:
            ids: distinct photo ids in order.
            scores: likeness for each, or none.
            pinned: how many of the first are photos that are looked for.
            sections: headings, (first row, title).
            keep_place: keep selection, current photo and the top-left photo: the same photos in another order,
                or with new ones among them.
        """
        place = self.place() if keep_place else None
        self._photos.replace(ids, scores, pinned=pinned)
        if sections:
            self._photos.set_sections(sections)
        if place is not None:
            self.restore(place)

    def place(self) -> Place:
        """Where one is now."""
        row, below = self.first_visible()
        current = self.currentIndex().row()
        return Place(
            self._photos.id_at(current) if current >= 0 else None,
            tuple(self.selected_ids()),
            self._photos.id_at(row) if row >= 0 else None,
            below,
            self.is_current_in_sight,
            tuple((self._photos.id_at(one), self._top_of(one)) for one in self.visible_rows() if one > row >= 0),
        )

    def _top_of(self, row: int) -> int:
        return self._layout.rect(row).top() - self.verticalOffset()

    def restore(self, place: Place) -> None:
        """Go back to a place, as far as its photos are still shown."""
        rows = sorted(row for row in map(self._photos.row_of, place.selected) if row >= 0)
        selection, at = QItemSelection(), 0
        while at < len(rows):
            end = at
            while end + 1 < len(rows) and rows[end + 1] == rows[end] + 1:
                end += 1
            selection.select(self._photos.index(rows[at]), self._photos.index(rows[end]))
            at = end + 1
        self.selectionModel().select(selection, Flag.ClearAndSelect)
        current = self._photos.row_of(place.current) if place.current is not None else -1
        if current >= 0:
            self.selectionModel().setCurrentIndex(self._photos.index(current), Flag.NoUpdate)
            self._pivot = current
        seen = [(place.top, place.below)] if place.top is not None else []
        for photo, below in (*seen, *place.others):
            if (row := self._photos.row_of(photo)) >= 0:
                self.scroll_to_place(row, below)
                break
        if place.in_sight:
            self.keep_in_sight()

    # mouse

    def set_hover_actions(self, actions: Sequence[HoverAction]) -> None:
        """Which buttons appear on the photo under the pointer, from left to right."""
        self._delegate.actions = tuple(actions)
        self.viewport().update()

    def button_at(self, point: QPoint) -> HoverAction | None:
        """The hover button at a point of the viewport."""
        index = self.indexAt(point)
        if index.isValid():
            for action, rect in button_rects(self.visualRect(index), self._delegate.actions):
                if rect.contains(point):
                    return action
        return None

    def _hover(self, point: QPoint | None) -> None:
        delegate = self._delegate
        row = self.indexAt(point).row() if point is not None else -1
        action = self.button_at(point) if point is not None else None
        key = action.key if action is not None else ""
        if (row, key) == (delegate.hovered, delegate.hovered_key):
            return
        self._update_row(delegate.hovered)
        delegate.hovered, delegate.hovered_key = row, key
        self._update_row(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; a button under the pointer is pressed instead."""
        point, row = event.position().toPoint(), self.indexAt(event.position().toPoint()).row()
        self._hover(point)
        self._pressed_row = -1
        modifiers = event.modifiers()
        if event.button() == Qt.MouseButton.RightButton:
            if row >= 0 and not self._row_is_selected(row):
                self._go_to(row, Qt.KeyboardModifier.NoModifier)
        elif event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        elif self._delegate.hovered_key:
            self._delegate.pressed_key = self._delegate.hovered_key
            self._update_row(row)
        elif row < 0:
            if not modifiers & (CONTROL | SHIFT):
                self.clearSelection()
        elif self._row_is_selected(row) and not modifiers & (CONTROL | SHIFT):
            self._pressed_row = row
            self.selectionModel().setCurrentIndex(self._photos.index(row), Flag.NoUpdate)
        else:
            self._go_to(row, modifiers, toggle=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the buttons of the photo under the pointer."""
        self._hover(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click a button, or reduce a selection to the photo clicked."""
        delegate = self._delegate
        point = event.position().toPoint()
        row = self.indexAt(point).row()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, delegate.pressed_key = delegate.pressed_key, ""
        if pressed:
            self._update_row(row)
            if row >= 0 and delegate.hovered_key == pressed:
                self._click(pressed, self._photos.id_at(row))
        elif row >= 0 and row == self._pressed_row:
            self._go_to(row, Qt.KeyboardModifier.NoModifier)
        self._pressed_row = -1

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the photo; on a button it is a second click."""
        row = self.indexAt(event.position().toPoint()).row()
        if event.button() != Qt.MouseButton.LeftButton or self.button_at(event.position().toPoint()) is not None:
            self.mousePressEvent(event)
        elif row >= 0 and not event.modifiers() & (CONTROL | SHIFT):
            self._pressed_row = -1
            self.photoActivated.emit(self._photos.id_at(row))

    def _click(self, key: str, photo: PhotoId) -> None:
        if key == FIND_ALIKE.key:
            self.findAlike.emit(photo)
        else:
            self.hoverActionClicked.emit(key, photo)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of buttons before those of photos; the pointer leaves."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            action = self.button_at(event.pos())
            if action is not None:
                QToolTip.showText(event.globalPos(), action.text, self.viewport())
                return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What is under the pointer is another photo now."""
        super().scrollContentsBy(dx, dy)
        if self._delegate.hovered >= 0:
            self._hover(self.viewport().mapFromGlobal(self.cursor().pos()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: by the mouse where it is, by key at the current photo."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self._ask_menu(event.globalPos() if by_mouse else None)
        event.accept()

    def _ask_menu(self, at: QPoint | None = None) -> None:
        # A key arrives both as itself and, on some systems, as a menu event: one of them counts.
        if self._menu_is_asked:
            return
        self._menu_is_asked = True
        QTimer.singleShot(0, self, self._menu_was_asked)
        if at is None:
            rect = self.visualRect(self.currentIndex()) & self.viewport().rect()
            at = self.viewport().mapToGlobal(rect.center())
        self.contextMenuAsked.emit(self.selected_ids(), at)

    @Slot()
    def _menu_was_asked(self) -> None:
        self._menu_is_asked = False

    def reset(self) -> None:
        """Nothing is under the pointer until it moves."""
        self._delegate.hovered, self._pressed_row = -1, -1
        super().reset()

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        """Rows change their numbers."""
        self._delegate.hovered, self._pressed_row = -1, -1
        super().rowsAboutToBeRemoved(parent, start, end)
