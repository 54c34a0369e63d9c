"""The bars of the Duplicates page: what is known and since when, how far looking is, and what the set at hand needs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop_app.ui.duplicates.values import Working
from desktop_app.ui.panels.foot_bar import FootBar
from desktop_app.ui.panels.parts import ElidedLabel, ProgressBar, button


class NewsBar(QWidget):
    """When copies were looked for, what came since, and what can be done with all of them.

    Signals:
        againAsked(): look again.
        rulesAsked(): what to keep.
        allExactAsked(): all exact copies at once.
    """

    againAsked = Signal()
    rulesAsked = Signal()
    allExactAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight, "quiet")
        self.again = button("Look again", quiet=True, tip="Look for copies again; what was compared before is quick")
        self.rules = button("What to keep…", quiet=True, tip="Which photo of a set is suggested to be kept")
        self.all_exact = button("All exact copies…", tip="Shows what goes and what stays (Ctrl+Enter)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        # as wide as its words, so that the way to look again stands beside them
        self.words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self.words, 1)
        row.addWidget(self.again)
        row.addStretch(0)
        row.addWidget(self.rules)
        row.addWidget(self.all_exact)
        for one in (self.again, self.rules, self.all_exact):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.again.clicked.connect(self.againAsked)
        self.rules.clicked.connect(self.rulesAsked)
        self.all_exact.clicked.connect(self.allExactAsked)


class ProgressRow(QWidget):
    """How far looking for copies is, with Pause and Stop.

    Signals:
        pauseAsked(bool): stand still, or go on.
        stopAsked(): end here; what was found stays.
    """

    pauseAsked = Signal(bool)
    stopAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self.bar = ProgressBar("Looking for copies")
        self.pause = button("Pause", quiet=True)
        self.stop = button("Stop", quiet=True, tip="The copies found so far stay")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.words, 3)
        row.addWidget(self.bar, 2)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        self.pause.clicked.connect(lambda: self.pauseAsked.emit(self.pause.text() == "Pause"))
        self.stop.clicked.connect(self.stopAsked)

    def show_work(self, work: Working | None) -> None:
        """How far it is; None hides it."""
        self.setVisible(work is not None)
        if work is not None:
            self.words.set_words(work.words)
            self.bar.show_done(work.done, work.total)
            self.pause.setText("Go on" if work.paused else "Pause")


class SetBar(FootBar):
    """What is suggested for the set at hand, and what can be done with it; each button names its key.

    Signals:
        asked(str): a word of the page: "keep", "not copies", "compare", "do".
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        offers = (
            ("compare", "Side by side", "Look closer at two of them, in step (Space)"),
            ("keep", "Keep this one", "Keep the photo with the ring; the others go (K)"),
            ("not copies", "Not copies", "Never show these as copies again (N)"),
        )
        do = button("Move to trash", tip="Do as suggested or marked, then the next set (Enter)")
        super().__init__("This set", offers, ("compare", "keep", "not copies"), do, 46, parent)
        self.buttons["do"] = do
        do.clicked.connect(self._do)
        for one in self.buttons.values():
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_decision(self, words: str, do: str) -> None:
        """What Enter does."""
        self.words.set_words(words)
        self.buttons["do"].setText(do)
        self.fit()

    @Slot()
    def _do(self) -> None:
        self.asked.emit("do")
