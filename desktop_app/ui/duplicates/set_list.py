"""The list of sets: thousands, each with two of its photos, how they differ, and what there is to gain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_app.core.duplicates.sets import CopySet
from desktop_app.ui.duplicates import keys
from desktop_app.ui.duplicates.set_rows import THUMB, SetDelegate, SetsModel
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.list_model import AnyIndex
from desktop_app.ui.panels.picture_list import PictureList, menu_place
from desktop_app.ui.theme import Theme

_AHEAD = 12  # rows whose pictures are asked for beyond those on screen


class SetList(PictureList):
    """The sets, one below the other; the one that the keyboard is at is what is shown.

    Signals:
        shown(object): another `CopySet` is looked at; None where there is none.
        asked(str): a key that means something on the page.
        menuAsked(QPoint): the context menu of the set at hand, at a point of the screen.
    """

    shown = Signal(object)
    asked = Signal(str)
    menuAsked = Signal(QPoint)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(thumbnails, parent)
        self.setObjectName("nav")
        self._last: CopySet | None = None
        self._is_filling = False
        self.sets = SetsModel(self)
        self._delegate = SetDelegate(theme, thumbnails, self)
        self.setModel(self.sets)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName("Sets")
        theme.changed.connect(self._theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_sets(self, sets: Sequence[CopySet], key: str = "") -> None:
        """Show these. The set that was looked at stays; where it went, what took its place comes.

        Args:
            sets: in order.
            key: a set to go to instead, where it is there.
        """
        row, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        now = self.current_set()
        self._is_filling = True
        self.sets.show(sets)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        at = self.sets.place_of(key) if key else -1
        if at < 0 and now is not None:
            at = self.sets.place_of(now.key)
        if at < 0:
            at = min(max(0, row), len(self.sets.rows) - 1)
        self._is_filling = False
        self.go_to(at)
        self.ask_soon()

    def current_set(self) -> CopySet | None:
        """The set that is looked at."""
        return self.sets.row(self.currentIndex().row())

    def upcoming(self, many: int) -> tuple[CopySet, ...]:
        """The sets after the one that is looked at."""
        row = self.currentIndex().row()
        return self.sets.rows[row + 1 : row + 1 + many]

    def go_to(self, row: int) -> None:
        """Look at another set."""
        if 0 <= row < len(self.sets.rows):
            index = self.sets.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        self._tell()

    def step(self, by: int) -> bool:
        """Go to a set before or after; False at the end."""
        row = self.currentIndex().row() + by
        held = min(max(0, row), len(self.sets.rows) - 1)
        if held == self.currentIndex().row():
            return False
        self.go_to(held)
        return True

    def page_rows(self) -> int:
        """How many sets are on screen."""
        return max(1, self.viewport().height() // self._delegate.height() - 1)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if not self._is_filling:
            self._tell()

    def _tell(self) -> None:
        now = self.current_set()
        if now is not self._last:
            self._last = now
            self.shown.emit(now)

    # --- keys ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """The page's keys are its own, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = keys.meaning(event)
        if found:
            self.asked.emit(found)
        elif event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # no search by what is typed
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index, at = menu_place(self, event)
        if index.isValid():
            self.go_to(index.row())
            self.menuAsked.emit(at)

    # --- thumbnails ------------------------------------------------------------------------------------------

    def visible_rows(self) -> range:
        """The sets of which anything is on screen."""
        height, top = self._delegate.height(), self.verticalScrollBar().value()
        first = max(0, top // height)
        return range(first, min(len(self.sets.rows), (top + self.viewport().height()) // height + 1))

    def rows_ahead(self) -> range:
        """The next ones below."""
        end = self.visible_rows().stop
        return range(end, end + _AHEAD)

    def photos_of(self, row: int) -> tuple[int, ...]:
        """The suggested photo and the one behind it."""
        copies = self.sets.row(row)
        return () if copies is None else (copies.suggestion.keep, copies.copies[1].photo)

    def photo_size(self) -> int:
        """The same for all."""
        return THUMB

    @Slot()
    def _theme_changed(self) -> None:
        self._delegate.update_fonts()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
