"""The Label page: the set-up box, or the label set at hand with its tabs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.labelling import LabelSet
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.check import CheckTab
from desktop_app.ui.label.hand_over import HandOverTab
from desktop_app.ui.label.results import ResultsTab
from desktop_app.ui.label.setup_box import SetUpBox
from desktop_app.ui.label.view import LabelView
from desktop_app.ui.panels.parts import Choice, button, icon_button
from desktop_app.ui.theme import Theme

TABS = (
    ("label", "Label"),
    ("check", "Check"),
    ("mistakes", "Mistakes"),
    ("results", "Results"),
    ("hand_over", "Hand over"),
)
_NEW = "new"


class LabelPage(QWidget):
    """Label, Check, Mistakes, Results, Hand over; before there is a label set, the box that begins one.

    Signals:
        tabChosen(str): "label", "check", "mistakes", "results" or "hand_over".
        setChosen(object): another LabelSetId.
        newAsked(): begin another label set.
        menuAsked(QPoint): what can be done with this one; the menu ends at the right at this point of the screen.
    """

    tabChosen = Signal(str)
    setChosen = Signal(object)
    newAsked = Signal()
    menuAsked = Signal(object)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.set_up = SetUpBox(theme)
        self.label = LabelView(theme, thumbnails)
        self.mistakes = LabelView(theme, thumbnails)
        for only_labelling in (
            self.mistakes.as_board,
            self.mistakes.take,
            self.mistakes.add,
            self.mistakes.scope,
        ):
            only_labelling.hide()
        self.mistakes.meter.hide()
        self.mistakes.is_list = True
        self.mistakes.setAccessibleName("Labels that may be wrong")
        self.check = CheckTab(theme, thumbnails)
        self.results = ResultsTab(theme, thumbnails)
        self.hand_over = HandOverTab(theme)
        self.sets = Choice(theme)
        self.sets.setAccessibleName("Label set")
        self.sets.setMaximumWidth(260)
        self.more = icon_button("more", "More about this label set")
        for made in (self.sets, self.more):  # a click leaves the keyboard with the photos
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs = QButtonGroup(self)
        self._tabs.setExclusive(True)
        self._keys: list[str] = []
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(4)
        for at, (key, name) in enumerate(TABS):
            tab = button(name, quiet=True)
            tab.setProperty("tab", True)
            tab.setCheckable(True)
            self._tabs.addButton(tab, at)
            self._keys.append(key)
            row.addWidget(tab)
        row.addStretch(1)
        row.addWidget(self.sets)
        row.addWidget(self.more)
        # from the outside in: what is put into another parent gets its style anew, with everything in it
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget(self)
        whole.addWidget(self._stack)
        self._stack.addWidget(self.set_up)
        self._main = main = QWidget(self._stack)
        self._stack.addWidget(main)
        self._body = QStackedWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._body, 1)
        for widget in (self.label, self.check, self.mistakes, self.results, self.hand_over):
            self._body.addWidget(widget)
        self._can_cancel: bool | None = None  # of the box; None while it is not in use
        self._tabs.idClicked.connect(self._show_tab_at)
        self.sets.activated.connect(self._choose)
        self.more.clicked.connect(self._ask_menu)
        self._tabs.button(0).setChecked(True)

    def _show_tab_at(self, at: int) -> None:
        self.show_tab(self._keys[at])

    def _ask_menu(self) -> None:
        self.menuAsked.emit(self.more.mapToGlobal(self.more.rect().bottomRight()))

    @property
    def tab(self) -> str:
        """Which tab is shown."""
        return self._keys[self._body.currentIndex()]

    def tab_button(self, key: str) -> QWidget:
        """The button of a tab."""
        return self._tabs.button(self._keys.index(key))

    def show_tab(self, key: str) -> None:
        """Show a tab and tell of it."""
        at = self._keys.index(key)
        self._tabs.button(at).setChecked(True)
        self._body.setCurrentIndex(at)
        self.tabChosen.emit(key)
        self.focus_body()

    def focus_body(self) -> None:
        """Give the keyboard to what is shown."""
        if self.is_set_up:
            self.set_up.words.setFocus()
        elif self.tab == "label" and self.label.is_board:
            self.label.board.setFocus()
        else:
            body = self._body.currentWidget()
            if body is not None:
                body.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_body()

    @property
    def is_set_up(self) -> bool:
        """Whether the set-up box is shown."""
        return self._stack.currentWidget() is self.set_up

    @property
    def is_begun(self) -> bool:
        """Whether it was said what to show first: the box or the tabs."""
        return self._can_cancel is not None or not self.is_set_up

    @property
    def is_new_set(self) -> bool:
        """Whether another set is being written down; the one at hand waits behind it."""
        return self.is_set_up and self._can_cancel is True

    def show_set_up(self, *, can_cancel: bool) -> None:
        """Show the box that begins a label set; what is being written in it stays."""
        if not self.is_set_up or self._can_cancel is not can_cancel:
            self._can_cancel = can_cancel
            self.set_up.begin(can_cancel=can_cancel)
            self._stack.setCurrentWidget(self.set_up)
            if self.isVisible():
                self.set_up.words.setFocus()

    def show_main(self) -> None:
        """Show the tabs."""
        self._can_cancel = None
        self._stack.setCurrentWidget(self._main)

    def set_sets(self, sets: Sequence[LabelSet], chosen: LabelSet | None) -> None:
        """Fill the list of label sets."""
        self.sets.clear()
        for one in sets:
            self.sets.addItem(one.name, one.id)
            if chosen is not None and one.id == chosen.id:
                self.sets.setCurrentIndex(self.sets.count() - 1)
        self.sets.insertSeparator(self.sets.count())
        self.sets.addItem("New label set…", _NEW)

    def _choose(self, at: int) -> None:
        if self.sets.itemData(at) == _NEW:
            self.newAsked.emit()
        else:
            self.setChosen.emit(self.sets.itemData(at))
