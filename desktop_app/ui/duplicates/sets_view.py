"""Summary, list of sets, and the photos of one of them: how the page is laid out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import Kind
from desktop_app.ui.duplicates import values
from desktop_app.ui.duplicates.bars import NewsBar, ProgressRow
from desktop_app.ui.duplicates.card_row import CardRow
from desktop_app.ui.duplicates.pictures import Pictures
from desktop_app.ui.duplicates.set_list import SetList
from desktop_app.ui.duplicates.summary import SummaryTiles
from desktop_app.ui.duplicates.values import Standing, Tally, Working
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.parts import text
from desktop_app.ui.theme import Theme

_LIST_WIDTH = 236
_WIDE = 1300
_NONE_OF = {Kind.EXACT: "No exact copies.", Kind.NEAR: "No near copies.", Kind.BURST: "No shots of one scene."}


class SetsView(QWidget):
    """The numbers above, the sets at left, the photos of the set at hand beside them.

    Signals:
        allAsked(): sets of every kind.
    """

    allAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tiles = SummaryTiles(theme)
        self.news = NewsBar()
        self.progress = ProgressRow()
        self.list = SetList(theme, thumbnails)
        self.count, self.gain = text("", "section"), text("", "quiet")
        self.row = CardRow(theme, thumbnails, pictures)
        self.nothing = EmptyPage(theme)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(8)
        for widget in (self.tiles, self.news, self.progress):
            head.addWidget(widget)
        words = QHBoxLayout()
        words.setContentsMargins(16, 6, 12, 2)
        words.addWidget(self.count, 1)
        words.addWidget(self.gain)
        side = QWidget()
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(words)
        left.addWidget(self.list, 1)
        side.setMinimumWidth(180)
        self._right = QStackedWidget()
        self._right.addWidget(self.row)
        self._right.addWidget(self.nothing)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(5)
        self._halves.addWidget(side)
        self._halves.addWidget(self._right)
        self._halves.setStretchFactor(1, 1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addLayout(head)
        body.addWidget(self._halves, 1)

    def show_standing(self, standing: Standing, work: Working | None, *, has_exact: bool) -> None:
        """What is known, and what runs."""
        self.progress.show_work(work)
        looked = values.looked_words(standing)
        self.news.words.set_words(values.news_words(standing) or looked, looked)
        self.news.again.setVisible(work is None)
        self.news.all_exact.setEnabled(has_exact)

    def show_tally(self, tally: Tally, left: int) -> None:
        """What was decided so far, and how many sets are left."""
        first, second = values.tally_words(tally, left)
        self.count.setText(first)
        self.gain.setText(second)

    def show_row(self) -> None:
        """Photos of a set are there."""
        self._right.setCurrentWidget(self.row)

    def show_nothing_left(self, kind: Kind | None, tally: Tally, *, is_looking: bool) -> None:
        """No set is left to look at: of one kind, or at all."""
        self._right.setCurrentWidget(self.nothing)
        if kind is not None:
            self.nothing.set_contents(_NONE_OF[kind], "", [("Show all sets", self.allAsked.emit)])
        elif tally.sets:
            gain = f" {wording.byte_size(tally.bytes)} went to the trash." if tally.bytes else ""
            self.nothing.set_contents("All sets are decided.", f"{wording.count(tally.sets, 'set')}.{gain}")
        else:
            self.nothing.set_contents("No set yet.", "Sets appear as they are found." if is_looking else "")

    def focus_body(self) -> None:
        """Give the keyboard to the sets, or to what can be done where there is none."""
        buttons = self.nothing.buttons()
        if self.list.sets.rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif buttons:
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.news.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = max(1.0, self._theme.font().pointSizeF() / 10)
        if event.oldSize().width() != event.size().width():
            left = min(round(_LIST_WIDTH * scale * (1.2 if self.width() > _WIDE else 1.0)), self.width() * 2 // 5)
            self._halves.setSizes([left, max(1, self.width() - left)])
