"""The list of sets: thousands, each with two of its photos, how they differ, and what there is to gain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop_app.core.duplicates.sets import CopySet
from desktop_app.ui.duplicates import keys
from desktop_app.ui.duplicates.set_rows import THUMB, SetDelegate, SetsModel
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

AnyIndex = QModelIndex | QPersistentModelIndex
_AHEAD = 12  # rows whose pictures are asked for beyond those on screen


class SetList(QListView):
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
        super().__init__(parent)
        self.setObjectName("nav")
        self._thumbnails = thumbnails
        self._last: CopySet | None = None
        self._is_filling = False
        self.sets = SetsModel(self)
        self._delegate = SetDelegate(theme, thumbnails, self)
        self.setModel(self.sets)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Sets")
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask_for_thumbnails)
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        thumbnails.changed.connect(self._thumbnails_changed)
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
        at = self.sets.row_of(key) if key else -1
        if at < 0 and now is not None:
            at = self.sets.row_of(now.key)
        if at < 0:
            at = min(max(0, row), len(self.sets.sets) - 1)
        self._is_filling = False
        self.go_to(at)
        self._ask_soon()

    def current_set(self) -> CopySet | None:
        """The set that is looked at."""
        return self.sets.at(self.currentIndex().row())

    def upcoming(self, many: int) -> list[CopySet]:
        """The sets after the one that is looked at."""
        row = self.currentIndex().row()
        return self.sets.sets[row + 1 : row + 1 + many]

    def go_to(self, row: int) -> None:
        """Look at another set."""
        if 0 <= row < len(self.sets.sets):
            index = self.sets.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        self._tell()

    def step(self, by: int) -> bool:
        """Go to a set before or after; False at the end."""
        row = self.currentIndex().row() + by
        held = min(max(0, row), len(self.sets.sets) - 1)
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
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index, at = self.indexAt(event.pos()), event.globalPos()
        else:
            index = self.currentIndex()
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            self.go_to(index.row())
            self.menuAsked.emit(at)

    # --- thumbnails ------------------------------------------------------------------------------------------

    def visible_rows(self) -> range:
        """The sets of which anything is on screen."""
        height, top = self._delegate.height(), self.verticalScrollBar().value()
        first = max(0, top // height)
        return range(first, min(len(self.sets.sets), (top + self.viewport().height()) // height + 1))

    @Slot()
    def _ask_soon(self) -> None:
        self._asking.start()

    @Slot()
    def _ask_for_thumbnails(self) -> None:
        if not self.isVisible():
            self._thumbnails.want(self, (), 0)
            return
        rows = self.visible_rows()
        wanted: list[int] = []
        for row in (*rows, *range(rows.stop, min(len(self.sets.sets), rows.stop + _AHEAD))):
            wanted += [int(self.sets.sets[row].suggestion.keep), int(self.sets.sets[row].copies[1].photo)]
        self._thumbnails.want(self, wanted, self._thumbnails.side(THUMB, self.devicePixelRatioF()))

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        arrived = set(photos)
        for row in self.visible_rows():
            if not arrived.isdisjoint(map(int, self.sets.sets[row].photos)):
                self.update(self.sets.index(row))

    @Slot()
    def _theme_changed(self) -> None:
        self._delegate.update_fonts()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_soon()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask_soon()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._ask_soon()
