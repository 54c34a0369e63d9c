"""What the page says before copies were looked for, while that goes on for the first time, and where there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.duplicates import values
from desktop_app.ui.duplicates.values import Standing, Working
from desktop_app.ui.panels.parts import ProgressBar, button, holds_focus, text
from desktop_app.ui.theme import Theme


class StartBox(QWidget):
    """A fact, and the one button.

    Signals:
        lookAsked(): look for copies.
        pauseAsked(bool), stopAsked(): of the look that runs.
    """

    lookAsked = Signal()
    pauseAsked = Signal(bool)
    stopAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.fact = text("", "title", wrap=True)
        self.advice = text("", "quiet", wrap=True)
        self.words = text("", wrap=True)
        for label in (self.fact, self.advice, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.look = button("Look for copies", default=True)
        self.bar = ProgressBar("Looking for copies")
        self.pause, self.stop = button("Pause"), button("Stop")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for one in (self.look, self.pause, self.stop):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self.fact)
        for widget, width in ((self.advice, 70), (self.words, 70), (self.bar, 46)):
            widget.setMaximumWidth(self.fontMetrics().averageCharWidth() * width)
            holder = QHBoxLayout()
            holder.addStretch(1)
            holder.addWidget(widget, 8)
            holder.addStretch(1)
            column.addLayout(holder)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(3)
        self.look.clicked.connect(self.lookAsked)
        self.pause.clicked.connect(lambda: self.pauseAsked.emit(self.pause.text() == "Pause"))
        self.stop.clicked.connect(self.stopAsked)
        self.show_standing(Standing(), None)

    def show_standing(self, standing: Standing, work: Working | None) -> None:
        """What is known, and what runs."""
        had_focus = holds_focus(self)
        for widget in (self.words, self.bar, self.pause, self.stop):
            widget.setVisible(work is not None)
        self.look.setVisible(work is None)
        if work is not None:
            self.fact.setText("Looking for copies.")
            self.advice.setText("Sets appear as they are found. You can go on with something else meanwhile.")
            self.words.setText(work.words)
            self.bar.show_done(work.done, work.total)
            self.pause.setText("Go on" if work.paused else "Pause")
        elif standing.looked is not None:
            self.fact.setText("No copies found.")
            news = f" {values.news_words(standing)}" if standing.new else ""
            self.advice.setText(f"{values.looked_words(standing)}{news}")
            self.look.setText("Look again")
        else:
            self.fact.setText("Find photos that are there more than once.")
            self.advice.setText(self._before(standing))
            self.look.setText("Look for copies")
        self.look.setEnabled(standing.photos > 1)
        self.setAccessibleName(f"{self.fact.text()} {self.advice.text()}")
        if had_focus:
            self.focus_body()

    def _before(self, standing: Standing) -> str:
        if standing.photos < 2:
            return "Add photos first; copies among them are found here."
        words = (
            "The same file, the same shot smaller, cropped, turned or marked, and shots of one scene. "
            "Nothing is removed until you say so, and what is removed goes to the trash."
        )
        length = wording.duration(standing.estimate) if standing.estimate is not None else ""
        many = wording.count(standing.photos, "photo")
        return f"{words}\n{many}, about {length}." if length else f"{words}\n{many}."

    def words_shown(self) -> str:
        """What is said."""
        return f"{self.fact.text()} {self.advice.text()}"

    def focus_body(self) -> None:
        """Give the keyboard to the button at hand."""
        at = self.look if self.look.isVisibleTo(self) else self.stop
        at.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.canvas)
