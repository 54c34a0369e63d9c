"""The Duplicates page: how many copies there are, then set by set which photo stays and which go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.duplicates.sets import CopySet, Kind, SetFacts
from desktop_app.ui.duplicates import keys, values
from desktop_app.ui.duplicates.acting import act
from desktop_app.ui.duplicates.at_hand import AtHand
from desktop_app.ui.duplicates.bars import SetBar
from desktop_app.ui.duplicates.compare import CompareView
from desktop_app.ui.duplicates.menus import set_menu
from desktop_app.ui.duplicates.pictures import Pictures
from desktop_app.ui.duplicates.sets_view import SetsView
from desktop_app.ui.duplicates.start import StartBox
from desktop_app.ui.duplicates.values import Companions, Standing, Tally, Working
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.panels.parts import holds_focus
from desktop_app.ui.theme import Theme

_AHEAD = 2  # sets whose pixels are read before they are looked at
_NO_FACTS: Mapping[int, Companions] = {}


class DuplicatesPage(QWidget):
    """Shows what it is given and says what is wanted; it never touches a file.

    Signals:
        lookAsked(): look for copies, or look again.
        pauseAsked(bool), stopAsked(): of the look that runs.
        setShown(object): a `CopySet` is looked at: its facts are wanted; None: none is.
        doAsked(object, object): a set is decided: the `CopySet` and the photos that go (tuple[int, ...]).
        notCopiesAsked(object): the photos of a `CopySet` are no copies, for good.
        notThisAsked(object, int): one photo of a `CopySet` is no copy of the others, for good.
        allExactAsked(): all exact copies at once.
        rulesAsked(): what to keep.
        trashAsked(object, int): one photo of a `CopySet` goes now.
        openAsked(int), showFileAsked(int), findAlikeAsked(int): a photo.
        differenceAsked(int, int): where two photos differ.
        refused(str): why something is not done.
    """

    lookAsked = Signal()
    pauseAsked = Signal(bool)
    stopAsked = Signal()
    setShown = Signal(object)
    doAsked = Signal(object, object)
    notCopiesAsked = Signal(object)
    notThisAsked = Signal(object, int)
    allExactAsked = Signal()
    rulesAsked = Signal()
    trashAsked = Signal(object, int)
    openAsked = Signal(int)
    showFileAsked = Signal(int)
    findAlikeAsked = Signal(int)
    differenceAsked = Signal(int, int)
    refused = Signal(str)

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, pictures: Pictures | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAccessibleName("Duplicates")
        self._theme = theme
        self.pictures = pictures if pictures is not None else Pictures(parent=self)
        self.standing = Standing()
        self.kind: Kind | None = None
        self._work: Working | None = None
        self._sets: tuple[CopySet, ...] = ()
        self._hand = AtHand()
        self._tally = Tally()
        self.start = StartBox(theme)
        self.view = SetsView(theme, thumbnails, self.pictures)
        self.list, self.row = self.view.list, self.view.row
        self.compare = CompareView(theme, thumbnails, self.pictures)
        self.set_bar = SetBar()
        self._lay_out()
        self._join()
        self._show_all()

    def _lay_out(self) -> None:
        self._inner = QStackedWidget()
        self._inner.addWidget(self.view)
        self._inner.addWidget(self.compare)
        self._main = QWidget()
        column = QVBoxLayout(self._main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._inner, 1)
        column.addWidget(self.set_bar)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self._main)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _join(self) -> None:
        self.start.lookAsked.connect(self.lookAsked)
        self.view.news.againAsked.connect(self.lookAsked)
        self.view.news.rulesAsked.connect(self.rulesAsked)
        self.view.news.allExactAsked.connect(self.allExactAsked)
        for one in (self.start, self.view.progress):
            one.pauseAsked.connect(self.pauseAsked)
            one.stopAsked.connect(self.stopAsked)
        self.view.tiles.kindChosen.connect(self.choose_kind)
        self.view.allAsked.connect(self._show_all_kinds)
        self.list.shown.connect(self._show_set)
        for part in (self.list, self.row, self.set_bar, self.compare):
            part.asked.connect(self.act)
        self.row.markClicked.connect(self.toggle)
        self.row.opened.connect(self._open)
        self.row.menuAsked.connect(self.show_menu)
        self.list.menuAsked.connect(self._show_set_menu)
        self.row.moved.connect(self.want_pictures)
        self.compare.chosen.connect(self.row.go_to_photo)
        self.compare.markClicked.connect(self.toggle)
        self.compare.differenceAsked.connect(self.differenceAsked)
        self.compare.resized.connect(self.want_pictures)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_standing(self, standing: Standing) -> None:
        """What is known of the library's copies."""
        self.standing = standing
        self._show_all()

    def show_work(self, work: Working | None) -> None:
        """How far looking is; None when nothing runs. What was found so far can be used."""
        self._work = work
        self._show_all()

    def show_sets(self, sets: Sequence[CopySet], key: str = "") -> None:
        """Show these sets; the one that is looked at stays, or that with `key` comes."""
        self._sets = tuple(sets)
        self._hand.keep_only(one.key for one in sets)
        self.view.tiles.show_sets(self._sets)
        self._fill(key)

    def show_facts(self, facts: SetFacts, companions: Mapping[int, Companions] = _NO_FACTS) -> None:
        """What is known of the photos of the set at hand; facts of another one are not shown."""
        now = self.list.current_set()
        if now is not None and now.key == facts.set.key:
            self._hand.take(facts, companions)
            self._show_marks()

    def show_tally(self, tally: Tally) -> None:
        """What was decided so far."""
        self._tally = tally
        # the count of what was decided is of all kinds
        self.view.show_tally(tally, len(self._sets if tally.sets else self._shown_sets()))

    def sets(self) -> tuple[CopySet, ...]:
        """All sets, of every kind."""
        return self._sets

    def _shown_sets(self) -> list[CopySet]:
        return [one for one in self._sets if self.kind is None or one.kind is self.kind]

    def _fill(self, key: str = "") -> None:
        shown = self._shown_sets()
        self.list.show_sets(shown, key)
        self.set_bar.setVisible(bool(shown))
        if shown:
            self.view.show_row()
        else:
            self.leave_compare()
            self.view.show_nothing_left(
                self.kind if self._sets else None, self._tally, is_looking=self._work is not None
            )
        self.show_tally(self._tally)
        self._show_all()

    def _show_all(self) -> None:
        standing, work = self.standing, self._work
        had_focus = holds_focus(self)
        was = self._stack.currentWidget()
        has_any = bool(self._sets) or bool(self._tally.sets)
        self._stack.setCurrentWidget(self._main if has_any else self.start)
        self.start.show_standing(standing, work)
        self.view.show_standing(standing, work, has_exact=any(one.kind is Kind.EXACT for one in self._sets))
        if was is not self._stack.currentWidget() and had_focus:
            self.focus_body()

    @Slot(object)
    def choose_kind(self, kind: Kind | None) -> None:
        """Show the sets of one kind, or all."""
        self.kind = kind
        self.view.tiles.choose(kind)
        self._fill()
        self.focus_body()

    @Slot()
    def _show_all_kinds(self) -> None:
        self.choose_kind(None)

    # --- the set at hand -------------------------------------------------------------------------------------

    def current_set(self) -> CopySet | None:
        """The set that is looked at."""
        return self.list.current_set()

    def goes(self) -> frozenset[int]:
        """The listed photos of the set at hand that are marked to go."""
        return self._hand.goes(self.current_set())

    def going_of(self, copies: CopySet) -> tuple[int, ...]:
        """Every photo of a set that goes by its marks."""
        return values.going(copies, self._hand.goes(copies))

    @Slot(object)
    def _show_set(self, copies: CopySet | None) -> None:
        self._hand.begin(copies)
        self._show_marks()
        self.want_pictures()
        self.setShown.emit(copies)

    def _show_marks(self) -> None:
        copies = self.current_set()
        self.row.show_set(copies, self._hand.facts, self.goes(), self._hand.companions)
        self.show_pair()
        if copies is not None:
            names = {card.photo: card.name for card in self.row.cards.rows if card.name}
            self.set_bar.show_decision(*self._hand.decision(copies, names))

    @Slot(int)
    def toggle(self, photo: int) -> None:
        """Turn a photo's mark round."""
        copies = self.current_set()
        if copies is None:
            return
        goes, why_not = values.toggled(copies, self.goes(), photo)
        self.row.go_to_photo(photo)
        if why_not:
            self.refused.emit(why_not)
        self.mark(copies, goes)

    def mark(self, copies: CopySet, goes: frozenset[int]) -> None:
        """Mark these photos of a set to go, the others to be kept."""
        self._hand.mark(copies, goes)
        self._show_marks()

    @Slot()
    def want_pictures(self) -> None:
        """Ask for the pixels of what is looked at, then of what comes next."""
        if not self.isVisible():
            self.pictures.stop()
            return
        if self.is_comparing:
            self.pictures.want(self.compare.photos(), self.compare.picture_side())
            return
        wanted = self.row.photos_on_screen()
        if not wanted:
            return
        for copies in self.list.upcoming(_AHEAD):
            wanted += [int(photo) for photo in copies.photos[:4]]
        self.pictures.want(wanted, self.row.picture_side())

    # --- what is done ----------------------------------------------------------------------------------------

    @Slot(str)
    def act(self, word: str) -> None:
        """Do what a key or a button asks for."""
        act(self, word)

    @Slot(int)
    def _open(self, photo: int) -> None:
        self.row.go_to_photo(photo)
        self.enter_compare()

    # --- side by side ----------------------------------------------------------------------------------------

    @property
    def is_comparing(self) -> bool:
        """Whether two photos fill the page."""
        return self._inner.currentWidget() is self.compare

    def enter_compare(self) -> None:
        """Two photos of the set fill the page, in step."""
        if self.current_set() is None:
            return
        self._inner.setCurrentWidget(self.compare)
        self.show_pair()
        self.set_bar.buttons["compare"].setText("Back")
        self.compare.setFocus(Qt.FocusReason.OtherFocusReason)
        self.want_pictures()

    def show_pair(self) -> None:
        """The photo that the keyboard is at is the one beside the suggested one."""
        self.compare.show_set(self.current_set(), self.row.cards.rows, self.row.current_photo())

    def leave_compare(self) -> None:
        """Back to the sets."""
        if self.is_comparing:
            self._inner.setCurrentWidget(self.view)
            self.compare.begin_anew()
            self.set_bar.buttons["compare"].setText("Side by side")
            self.row.setFocus(Qt.FocusReason.OtherFocusReason)
            self.want_pictures()

    def step_out(self) -> bool:
        """Esc: one step out; False where there is none."""
        if not self.is_comparing:
            return False
        if self.compare.is_differing:
            self.compare.toggle_difference()
        else:
            self.leave_compare()
        return True

    @Slot(QPoint)
    def _show_set_menu(self, at: QPoint) -> None:
        self.show_menu(self.row.current_photo(), at)

    @Slot(int, QPoint)
    def show_menu(self, photo: int, at: QPoint) -> None:
        """What can be done with a photo and its set."""
        copies = self.current_set()
        others = (
            ("Open photo", partial(self.openAsked.emit, photo)),
            ("Find alike", partial(self.findAlikeAsked.emit, photo)),
            ("Show in file manager", partial(self.showFileAsked.emit, photo)),
        )
        is_many = len(self.row.cards.rows) > 2 and copies is not None and copies.kind is not Kind.EXACT
        card = self.row.current_card()
        set_menu(self, card, self.act, others, is_comparing=self.is_comparing, is_many=is_many).popup(at)

    # --- the widget ------------------------------------------------------------------------------------------

    def focus_body(self) -> None:
        """Give the keyboard to what is shown."""
        if self._stack.currentWidget() is self.start:
            self.start.focus_body()
        elif self.is_comparing:
            self.compare.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.view.focus_body()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_body()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that a button of the page does not need are the page's; Esc goes one step out."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers() and self.step_out():
            return
        word = keys.meaning(event)
        if word and self._stack.currentWidget() is self._main:
            self.act(word)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.want_pictures()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pictures.stop()
        self.pictures.forget()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.window)
