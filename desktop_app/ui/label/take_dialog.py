"""Take guesses above a limit: how many, and how many of them will be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.label.values import percent
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

LEAST, MOST = 60, 99
LOOK = 2
"""Result code of "Look at the least sure"; 1 is "Take"."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What taking the guesses above a limit would mean."""

    taken: int
    headline: str
    words: str  # how many of them will be wrong, with range and count


class TakeDialog(QDialog):
    """Asks how sure a guess must be to be taken unseen.

    Args:
        theme: the program's look.
        estimate: what a limit (a probability) would mean; quick, asked while the slider moves.
        limit: where the slider begins.
    """

    def __init__(
        self, theme: Theme, estimate: Callable[[float], Estimate], limit: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take guesses")
        self.setModal(True)
        self._estimate = estimate
        self.headline = text("", "title")
        self.explanation = text("", wrap=True)
        self.value = text("", "section")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LEAST, MOST)
        self.slider.setAccessibleName("How sure a guess must be")
        self.cancel = button("Cancel", quiet=True)
        self.look = button("")
        self.take = button("", default=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.headline)
        row = QHBoxLayout()
        row.addWidget(text("Guesses at least", "quiet"))
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        column.addLayout(row)
        column.addWidget(self.explanation)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.look)
        foot.addWidget(self.take)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setMinimumWidth(max(460, self.fontMetrics().averageCharWidth() * 70))
        self.slider.valueChanged.connect(self._show_estimate)
        self.cancel.clicked.connect(self.reject)
        self.look.clicked.connect(lambda: self.done(LOOK))
        self.take.clicked.connect(self.accept)
        self.slider.setValue(min(max(round(100 * limit), LEAST), MOST))
        self._show_estimate()
        self.slider.setFocus()

    @property
    def limit(self) -> float:
        """The limit that is set, a probability."""
        return self.slider.value() / 100

    def _show_estimate(self) -> None:
        found = self._estimate(self.limit)
        self.headline.setText(found.headline)
        self.explanation.setText(found.words)
        self.value.setText(f"{percent(self.limit)} sure")
        self.take.setText(f"Take {wording.number(found.taken)}")
        self.take.setEnabled(found.taken > 0)
        least = min(40, found.taken)
        self.look.setText(f"Look at the least sure {least}" if least else "Look at the least sure")
        self.look.setEnabled(least > 0)
