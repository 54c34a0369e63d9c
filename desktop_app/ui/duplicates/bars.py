"""The bars of the Duplicates page: what is known and since when, how far looking is, and what the set at hand needs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from desktop_app.ui.duplicates.values import Working
from desktop_app.ui.panels.parts import ElidedLabel, button


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
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Looking for copies")
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
            self.bar.setRange(0, work.total)
            self.bar.setValue(work.done)
            self.pause.setText("Go on" if work.paused else "Pause")


class SetBar(QFrame):
    """What is suggested for the set at hand, and what can be done with it; each button names its key.

    Signals:
        asked(str): a word of the page: "keep", "not copies", "compare", "do".
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAccessibleName("This set")
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        for key, name, tip in (
            ("compare", "Side by side", "Look closer at two of them, in step (Space)"),
            ("keep", "Keep this one", "Keep the photo with the ring; the others go (K)"),
            ("not copies", "Not copies", "Never show these as copies again (N)"),
            ("do", "Move to trash", "Do as suggested or marked, then the next set (Enter)"),
        ):
            made = self.buttons[key] = button(name, quiet=key != "do", tip=tip)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda _=False, one=key: self.asked.emit(one))
            row.addWidget(made)

    def show_decision(self, words: str, do: str) -> None:
        """What Enter does."""
        self.words.set_words(words)
        self.buttons["do"].setText(do)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it gets when all that has a key only is left away."""
        return QSize(self.buttons["do"].sizeHint().width() + 120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave away what has no room, the least used first; the keys and the context menu have everything."""
        room = self.width() - 32 - self.fontMetrics().averageCharWidth() * 46
        for key in ("do", "compare", "keep", "not copies"):
            room -= self.buttons[key].sizeHint().width() + 4
            self.buttons[key].setVisible(room >= 0 or key == "do")
