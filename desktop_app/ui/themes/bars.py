"""The bars of the Themes page: what was grouped and how finely; what is chosen and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui import icons
from desktop_app.ui.panels.foot_bar import FootBar
from desktop_app.ui.panels.parts import ElidedLabel, ProgressBar, button, icon_button, text
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.fineness import Fineness
from desktop_app.ui.themes.values import Shelf, ThemeCard, Working, chosen_words

_WIDE_LETTERS = 118
"""Widths in letters of the text's size from which the bar stands in one row."""


class GroupingBar(QWidget):
    """What was grouped, the slider, and the two ways on: group something else, turn themes into labels.

    Signals:
        groupAsked(QPoint): choose what to group; at a point of the screen.
        labelsAsked(): turn themes into labels.
        againAsked(): group the same again, with the photos that came since.
    """

    groupAsked = Signal(QPoint)
    labelsAsked = Signal()
    againAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_wide: bool | None = None
        self.scope = ElidedLabel("", Qt.TextElideMode.ElideRight, "section")
        self.summary = text("", "quiet")
        self.fineness = Fineness()
        self.group = button("Group")
        icons.set_icon(self.group, "chevron-down", size=16)
        self.group.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the word
        self.group.setToolTip("Choose what to group")
        self.group.setAccessibleName("Group: choose what")
        self.labels = button("Turn into labels…", default=True, tip="Each theme becomes an answer of a label set")
        self.note = text("", wrap=True)
        self.again = button("Group again")
        self._news = QWidget()
        news = QHBoxLayout(self._news)
        news.setContentsMargins(0, 0, 0, 0)
        news.setSpacing(12)
        news.addWidget(self.note, 1)
        news.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.scope)
        words.addWidget(self.summary)
        self._first = QHBoxLayout()
        self._first.setSpacing(8)
        self._first.addLayout(words, 1)
        self._first.addWidget(self.fineness, 2)
        self._first.addSpacing(8)
        self._first.addWidget(self.group)
        self._first.addWidget(self.labels)
        self._second = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(self._first)
        column.addLayout(self._second)
        column.addWidget(self._news)
        self._news.hide()
        self.group.clicked.connect(lambda: self.groupAsked.emit(self.group.mapToGlobal(self.group.rect().bottomLeft())))
        self.labels.clicked.connect(self.labelsAsked)
        self.again.clicked.connect(self.againAsked)

    def show_shelf(self, shelf: Shelf) -> None:
        """What is on the page."""
        self.scope.set_words(shelf.scope)
        self.summary.setText(shelf.summary)
        self.fineness.set_range(shelf.fewest, shelf.most, shelf.count, shelf.proposed)
        self.labels.setEnabled(shelf.count > 0)

    def say(self, words: str, button_words: str = "Group again") -> None:
        """A remark below with the way to group again; "" for none."""
        self.note.setText(words)
        self.again.setText(button_words)
        self._news.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self.fontMetrics().averageCharWidth() * _WIDE_LETTERS
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for row in (self._first, self._second):
            row.removeWidget(self.fineness)
        if wide:
            self._first.insertWidget(1, self.fineness, 2)
            self.fineness.slider.setMaximumWidth(240)
        else:
            self._second.addWidget(self.fineness)
            self.fineness.slider.setMaximumWidth(16777215)


class ProgressRow(QWidget):
    """How far grouping is, and Stop.

    Signals:
        stopAsked()
    """

    stopAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = text("")
        self.bar = ProgressBar("Grouping")
        self.stop = button("Stop")
        self.stop.setToolTip("Stop grouping; the themes stay as they were")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 8)
        row.setSpacing(12)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self.stop.clicked.connect(self.stopAsked)

    def show_work(self, work: Working) -> None:
        """How far it is."""
        self.words.setText(work.words)
        self.bar.show_done(work.done, work.total)


class ChosenBar(FootBar):
    """What is chosen and what can be done with it; each button names its key.

    Signals:
        asked(str): "look", "open", "merge", "split", "rename", "lock", "label", "remove".
        moreAsked(QPoint): everything that can be done, at a point of the screen.
    """

    moreAsked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        more = icon_button("more", "More")
        super().__init__("What is chosen", _OFFERS, _MOST_USED, more, 16, parent)
        self.more = more
        self.buttons["look"].setCheckable(True)
        self.more.clicked.connect(self._ask_for_more)

    @Slot()
    def _ask_for_more(self) -> None:
        self.moreAsked.emit(self.more.mapToGlobal(self.more.rect().topLeft()))

    def show_chosen(self, themes: Sequence[ThemeCard]) -> None:
        """Say what is chosen; what cannot be done with it is grey."""
        self.setVisible(bool(themes))
        if not themes:
            return
        self.words.set_words(chosen_words(themes))
        one, odd = len(themes) == 1, any(theme.is_odd for theme in themes)
        locked = all(theme.is_locked for theme in themes)
        can = {
            "look": True,
            "open": one,
            "merge": len(themes) > 1 and not odd,
            "split": one and not odd and themes[0].count > 1,
            "rename": one and not odd,
            "lock": not odd,
            "label": True,
        }
        for key, allowed in can.items():
            self.buttons[key].setEnabled(allowed)
        self.buttons["lock"].setText("Unlock" if locked and not odd else "Lock")
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Room for the words, which say what is chosen, and for More."""
        return QSize(self.fontMetrics().averageCharWidth() * 30, super().minimumSizeHint().height())


_OFFERS = (
    ("look", "Photos", "All its photos below the cards, to be dragged onto others (Space)"),
    ("open", "Open", "See all its photos in the grid (Enter)"),
    ("merge", "Merge", "Make one theme of those that are chosen (M)"),
    ("split", "Split…", "Split in parts (P)"),
    ("rename", "Rename", "Write another name (F2)"),
    ("lock", "Lock", "Lock: the slider and grouping again leave it as it is (K)"),
    ("label", "Label…", "Label all its photos with one key (L)"),
)
_MOST_USED = ("merge", "look", "label", "open", "split", "lock", "rename")
