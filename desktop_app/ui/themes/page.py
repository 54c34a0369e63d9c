"""The Themes page: the cards with the slider above them, or what begins a grouping."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.parts import holds_focus
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.bars import ChosenBar, GroupingBar, ProgressRow
from desktop_app.ui.themes.cards import ThemeCards
from desktop_app.ui.themes.drawer import PhotosDrawer
from desktop_app.ui.themes.menus import chosen_menu, grouping_menu, split_menu
from desktop_app.ui.themes.start import StartBox
from desktop_app.ui.themes.values import Choice, Shelf, ThemeCard, Working

_PROGRESS_MS = 400


class ThemesPage(QWidget):
    """Themes as cards.

    Args:
        theme: the program's look.
        thumbnails: where pictures come from.

    Signals:
        groupAsked(object): a `Choice` of what to group.
        groupMenuAsked(): the menu of what can be grouped is about to be shown.
        shelfChosen(int), shelfRemoved(int): show or take away a grouping that was made before.
        stopAsked(): stop grouping.
        countAsked(int): the slider wants so many themes. countSettled(): and stands still.
        openAsked(int), renamed(int, str), mergeAsked(list[int]), splitAsked(int, int), lockAsked(list[int], bool),
            removeAsked(list[int]), labelAsked(list[int]), moveAsked(list[int], int): what to do with themes;
            `splitAsked` has the number of parts, `moveAsked` photos and the theme they go to.
        labelsAsked(list[int]): turn these into labels.
        photosWanted(int): all photos of a theme are to be shown below the cards.
        againAsked(): group the same again.
    """

    groupAsked = Signal(object)
    groupMenuAsked = Signal()
    shelfChosen = Signal(int)
    shelfRemoved = Signal(int)
    stopAsked = Signal()
    countAsked = Signal(int)
    countSettled = Signal()
    openAsked = Signal(int)
    renamed = Signal(int, str)
    mergeAsked = Signal(object)
    splitAsked = Signal(int, int)
    lockAsked = Signal(object, bool)
    removeAsked = Signal(object)
    labelAsked = Signal(object)
    moveAsked = Signal(object, int)
    labelsAsked = Signal(object)
    photosWanted = Signal(int)
    againAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAccessibleName("Themes")
        self.shelf: Shelf | None = None
        self._work: Working | None = None
        self._choices: tuple[Choice, ...] = ()
        self._shelves: tuple[tuple[int, str, int], ...] = ()
        self._shelf_now: int | None = None
        self.bar = GroupingBar(theme)
        self.progress = ProgressRow()
        self.cards = ThemeCards(theme, thumbnails)
        self.drawer = PhotosDrawer(theme, thumbnails)
        self.chosen = ChosenBar()
        self.start = StartBox(theme)
        self._main = QWidget()
        column = QVBoxLayout(self._main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.progress):
            column.addWidget(widget)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(5)
        self._halves.addWidget(self.cards)
        self._halves.addWidget(self.drawer)
        self._halves.setStretchFactor(0, 1)
        column.addWidget(self._halves, 1)
        column.addWidget(self.chosen)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self._main)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.progress.hide()
        self.chosen.hide()
        self.drawer.hide()
        self._showing = QTimer(self, singleShot=True, interval=_PROGRESS_MS)
        self._showing.timeout.connect(self._show_work)
        self._join()

    def _join(self) -> None:
        cards = self.cards
        self.bar.groupAsked.connect(self.show_group_menu)
        self.bar.labelsAsked.connect(self._ask_for_labels)
        self.bar.againAsked.connect(self.againAsked)
        self.bar.fineness.countChanged.connect(self.countAsked)
        self.bar.fineness.settled.connect(self.countSettled)
        self.progress.stopAsked.connect(self.stopAsked)
        self.start.stopAsked.connect(self.stopAsked)
        self.start.groupAsked.connect(self.groupAsked)
        self.start.moreAsked.connect(self.show_group_menu)
        cards.openAsked.connect(self.openAsked)
        cards.lookAsked.connect(self._toggle_drawer)
        self.drawer.closed.connect(self._close_drawer)
        cards.renamed.connect(self.renamed)
        cards.mergeAsked.connect(self._merge)
        cards.splitAsked.connect(self._split)
        cards.lockAsked.connect(self._lock)
        cards.removeAsked.connect(self._remove)
        cards.labelAsked.connect(self.labelAsked)
        cards.moveAsked.connect(self.moveAsked)
        cards.wholeMoved.connect(self._merge_into)
        cards.chosen.connect(self._show_chosen)
        cards.menuAsked.connect(self.show_menu)
        self.chosen.asked.connect(self.act)
        self.chosen.moreAsked.connect(self.show_menu)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_shelf(self, shelf: Shelf | None) -> None:
        """Show a grouping; None: nothing was grouped yet."""
        had_focus = holds_focus(self)
        self.shelf = shelf
        self.cards.show_cards(shelf.themes if shelf is not None else ())
        if shelf is not None:
            self.bar.show_shelf(shelf)
            waiting, verb = wording.count(shelf.waiting, "photo"), "is" if shelf.waiting == 1 else "are"
            self.bar.say(f"{waiting} came since and {verb} in no theme yet." if shelf.waiting else "")
        was = self._stack.currentWidget()
        self._stack.setCurrentWidget(self._main if shelf is not None else self.start)
        self._show_work()
        if was is not self._stack.currentWidget() and had_focus:
            self.focus_body()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """What can be grouped, all photos first."""
        self._choices = tuple(choices)
        self.start.set_choices(self._choices)

    def set_shelves(self, shelves: Sequence[tuple[int, str, int]], now: int | None) -> None:
        """Groupings that were made, as (id, what was grouped, themes), and the one that is shown."""
        self._shelves, self._shelf_now = tuple(shelves), now

    def show_work(self, work: Working | None) -> None:
        """How far grouping is; None when it has ended. The cards stay and can be used."""
        first = self._work is None
        self._work = work
        if work is None:
            self._showing.stop()
            self._show_work()
        elif first:
            self._showing.start()
        elif not self._showing.isActive():
            self._show_work()

    @Slot()
    def _show_work(self) -> None:
        work = self._work if not self._showing.isActive() else None
        self.progress.setVisible(work is not None and self.shelf is not None)
        self.bar.group.setEnabled(self._work is None)
        self.bar.again.setEnabled(self._work is None)
        if work is not None:
            self.progress.show_work(work)
        self.start.show_work(work)

    @Slot()
    def _show_chosen(self) -> None:
        self.chosen.show_chosen(self.cards.chosen_cards())
        self._fill_drawer()

    # --- the photos below ------------------------------------------------------------------------------------

    @Slot()
    def _toggle_drawer(self) -> None:
        if self.drawer.isVisible():
            self._close_drawer()
        elif self.cards.chosen_cards():
            self.drawer.show()
            height = self._halves.height()
            below = min(height * 2 // 5, max(height // 4, 300))
            self._halves.setSizes([height - below, below])
            self.cards.set_compact(True)
            self._fill_drawer(anew=True)
            self.cards.scrollTo(self.cards.currentIndex())
        self.chosen.buttons["look"].setChecked(self.drawer.isVisible())

    @Slot()
    def _close_drawer(self) -> None:
        self.drawer.hide()
        self.cards.set_compact(False)
        self.chosen.buttons["look"].setChecked(False)
        self.cards.taken_from = None
        self.cards.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_drawer(self, *, anew: bool = False) -> None:
        """The photos of the first chosen theme; nothing chosen leaves them."""
        if not self.drawer.isVisible():
            return
        chosen = self.cards.chosen_cards()
        shown = next((one for one in self.cards.themes.rows if one.id == self.drawer.theme_id), None)
        card = shown if shown is not None and (not chosen or shown in chosen) else chosen[0] if chosen else None
        if card is None:
            self._close_drawer()
        elif self.drawer.show_theme(card) or anew or self._drawn != card:
            self._drawn = card
            self.cards.taken_from = card.id
            self.photosWanted.emit(card.id)

    _drawn: ThemeCard | None = None

    def focus_body(self) -> None:
        """Give the keyboard to what is shown."""
        if self.shelf is not None:
            self.cards.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.start.focus_body()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_body()

    # --- what is done ----------------------------------------------------------------------------------------

    @Slot(str)
    def act(self, key: str) -> None:
        """Do something with what is chosen."""
        cards = self.cards.chosen_cards()
        if not cards:
            return
        ids = [card.id for card in cards]
        if key == "look":
            self._toggle_drawer()
        elif key == "open":
            self.openAsked.emit(ids[0])
        elif key == "merge":
            self._merge(ids)
        elif key == "split":
            self._split(ids[0])
        elif key == "rename":
            self.cards.rename(ids[0])
        elif key == "lock":
            self._lock(ids)
        elif key == "label":
            self.labelAsked.emit(ids)
        elif key == "labels":
            self.labelsAsked.emit(ids)
        elif key == "remove":
            self._remove(ids)

    def _usual(self, ids: Sequence[int]) -> list[ThemeCard]:
        """Those of them that are themes: the odd ones out are none."""
        return [card for card in self.cards.themes.rows if card.id in set(ids) and not card.is_odd]

    @Slot(object)
    def _merge(self, ids: Sequence[int]) -> None:
        themes = self._usual(ids)
        if len(themes) > 1:
            self.mergeAsked.emit([card.id for card in themes])

    @Slot(int, int)
    def _merge_into(self, theme: int, into: int) -> None:
        if len(self._usual([theme, into])) == 2:
            self.mergeAsked.emit([into, theme])  # the first keeps its name

    @Slot(object)
    def _lock(self, ids: Sequence[int]) -> None:
        themes = self._usual(ids)
        if themes:
            self.lockAsked.emit([card.id for card in themes], not all(card.is_locked for card in themes))

    @Slot(object)
    def _remove(self, ids: Sequence[int]) -> None:
        themes = self._usual(ids)
        if themes:
            self.removeAsked.emit([card.id for card in themes])

    @Slot(int)
    def _split(self, theme: int) -> None:
        themes = self._usual([theme])
        if not themes or themes[0].count < 2:
            return
        index = self.cards.themes.index(self.cards.themes.place_of(theme))
        rect = self.cards.visualRect(index) & self.cards.viewport().rect()
        menu = split_menu(self, themes[0], partial(self.splitAsked.emit, theme))
        menu.popup(self.cards.viewport().mapToGlobal(rect.center()))

    @Slot()
    def _ask_for_labels(self) -> None:
        chosen = self._usual(self.cards.chosen_ids())
        every = [card for card in self.cards.themes.rows if not card.is_odd]
        # one that merely has the keyboard is no choice: several are, else all are meant
        self.labelsAsked.emit([card.id for card in (chosen if len(chosen) > 1 else every)])

    # --- menus -----------------------------------------------------------------------------------------------

    @Slot(QPoint)
    def show_menu(self, at: QPoint) -> None:
        """What can be done with what is chosen."""
        themes = self.cards.chosen_cards()
        if not themes:
            return
        grey = {key for key, made in self.chosen.buttons.items() if not made.isEnabled()}
        if not self._usual([card.id for card in themes]):
            grey |= {"labels", "remove"}
        chosen_menu(self, themes, self.chosen.buttons["lock"].text(), grey, self.act).popup(at)

    @Slot(QPoint)
    def show_group_menu(self, at: QPoint) -> None:
        """What can be grouped, and what was."""
        self.groupMenuAsked.emit()
        remove = self.shelfRemoved.emit if self.shelf is not None else None
        grouping_menu(
            self,
            self._choices,
            self.groupAsked.emit,
            self._shelves,
            self._shelf_now,
            self.shelfChosen.emit,
            remove,
        ).popup(at)
