"""What the Themes page says before anything was grouped, and while it is grouped for the first time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui import icons
from desktop_app.ui.panels.parts import ProgressBar, button, holds_focus, text
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.values import Choice, Working


class StartBox(QWidget):
    """A sentence, and one click that groups everything.

    Signals:
        groupAsked(object): a `Choice`.
        moreAsked(QPoint): choose something else to group, at a point of the screen.
        stopAsked(): stop.
    """

    groupAsked = Signal(object)
    moreAsked = Signal(QPoint)
    stopAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._first: Choice | None = None
        self._trouble = ""
        self.fact = text("See what is in your photos.", "title", wrap=True)
        self.advice = text("", "quiet", wrap=True)
        self.trouble = text("", "bad", wrap=True)
        for label in (self.fact, self.advice, self.trouble):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.all = button("Group all photos", default=True)
        self.other = button("Group something else")
        icons.set_icon(self.other, "chevron-down", size=16)
        self.other.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.words = text("", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.bar = ProgressBar("Grouping")
        self.bar.setMaximumWidth(360)
        self.stop = button("Stop")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for one in (self.all, self.other, self.stop):
            buttons.addWidget(one)
        buttons.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.bar, 4)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self.fact)
        for label in (self.advice, self.trouble, self.words):
            holder = QHBoxLayout()
            holder.addStretch(1)
            holder.addWidget(label, 8)
            holder.addStretch(1)
            label.setMaximumWidth(self.fontMetrics().averageCharWidth() * 70)
            column.addLayout(holder)
        column.addLayout(middle)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(3)
        self.all.clicked.connect(self._group_all)
        self.other.clicked.connect(lambda: self.moreAsked.emit(self.other.mapToGlobal(self.other.rect().bottomLeft())))
        self.stop.clicked.connect(self.stopAsked)
        self.set_choices(())
        self.show_work(None)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """What can be grouped; the first is what the button does."""
        self._first = choices[0] if choices else None
        count = self._first.count if self._first is not None else 0
        self.all.setText(f"Group all {wording.number(count)} photos" if count > 1 else "Group all photos")
        enough = count > 1
        self.all.setEnabled(enough)
        self.other.setEnabled(enough and len(choices) > 1)
        self.advice.setText(
            "Photos that look alike are put together, each group with a name that you can change. No file is moved."
            if enough
            else "Add photos first; those that look alike are put together here."
        )

    def say(self, words: str) -> None:
        """Why the last attempt came to nothing; "" for none."""
        self._trouble = words
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def show_work(self, work: Working | None) -> None:
        """How far it is; None when nothing runs."""
        runs = work is not None
        had_focus = holds_focus(self)
        for widget in (self.words, self.bar, self.stop):
            widget.setVisible(runs)
        for widget in (self.advice, self.all, self.other):
            widget.setVisible(not runs)
        self.trouble.setVisible(not runs and bool(self._trouble))
        if work is not None:
            self.words.setText(work.words)
            self.bar.show_done(work.done, work.total)
        if had_focus and self.isVisible():
            self.focus_body()

    def focus_body(self) -> None:
        """Give the keyboard to the button that is there."""
        wanted = self.stop if self.stop.isVisibleTo(self) else self.all
        if not wanted.hasFocus():
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _group_all(self) -> None:
        if self._first is not None:
            self.say("")
            self.groupAsked.emit(self._first)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.canvas)
