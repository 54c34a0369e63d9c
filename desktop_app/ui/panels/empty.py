"""What stands in the middle where no photo is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

Action = tuple[str, Callable[[], object]]


class EmptyPage(QWidget):
    """A fact, what to do about it, and a button for that, on the ground of the photos."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fact = text("", wrap=True)
        self._fact.setFont(theme.font(semi_bold=True))
        self._advice = text("", "quiet", wrap=True)
        for label in (self._fact, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._fact)
        column.addWidget(self._advice)
        column.addSpacing(8)
        column.addLayout(self._row)
        column.addStretch(3)

    def set_contents(self, fact: str, advice: str = "", actions: Sequence[Action] = ()) -> None:
        """Say something else.

        Args:
            fact: One sentence.
            advice: A quieter one, or "".
            actions: Buttons by name and what they do.
        """
        self._fact.setText(fact)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleName(f"{fact} {advice}".strip())
        clear(self._row)
        self._buttons = []
        self._row.addStretch(1)
        for name, action in actions:
            made = button(name)
            made.clicked.connect(lambda _=False, act=action: act())
            self._row.addWidget(made)
            self._buttons.append(made)
        self._row.addStretch(1)

    def nothing_this_close(self, nearest: float | None, looser: Callable[[], object]) -> None:
        """No result is close enough; `nearest` is the best likeness there is."""
        if nearest is None:
            self.set_contents("No other photo yet.")
        else:
            self.set_contents(
                "No photo is this close.",
                f"The nearest is at {wording.likeness(nearest)}.",
                [("Show looser matches", looser)],
            )

    def nothing_fits(self, words: str, clear: Callable[[], object]) -> None:
        """No photo fits the words of the search field."""
        shown = wording.shorten_middle(words, 40)
        self.set_contents(f'No photo found for "{shown}".', "", [("Clear the search", clear)])

    def words(self) -> str:
        """What is said."""
        return f"{self._fact.text()} {self._advice.text()}".strip()

    def buttons(self) -> list[QPushButton]:
        """Its buttons from left to right."""
        return list(self._buttons)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.tokens.canvas)
