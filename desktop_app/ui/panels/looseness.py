"""The slider "closer … looser" with the number of photos that are close enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import text

Scores = Sequence[float] | npt.NDArray[np.floating]

_STEPS = 1000
_LONG, _SHORT = 160, 96  # widths of the slider, device-independent pixels
EVERYTHING = -1.0
"""The threshold at the loose end: a likeness is never less, so all photos are shown, best first."""


class Looseness(QWidget):
    """Which results are close enough: closer at the left, looser at the right.

    It knows the scores of all results, so that the count follows the hand without asking anyone.

    Signals:
        thresholdChanged(float): The score that a result needs at least (a distance: has at most), while the
            slider moves; not when it is set by the program.
    """

    thresholdChanged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closest, self._loosest = 1.0, 0.0
        self._threshold = 0.0
        self._order: npt.NDArray[np.float64] = np.empty(0)  # how far from the closest, ascending
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(10)
        self.slider.setPageStep(50)
        self.slider.setFixedWidth(_LONG)
        self.slider.setAccessibleName("How alike: closer to looser")
        self.slider.valueChanged.connect(self._moved)
        self._count = text()
        # the count's own room, so that nothing beside it moves while it changes
        self._count.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._ends = text("closer", "quiet"), text("looser", "quiet")
        row.addWidget(self._ends[0])
        row.addWidget(self.slider)
        row.addWidget(self._ends[1])
        row.addSpacing(8)
        row.addWidget(self._count)

    def set_narrow(self, narrow: bool) -> None:
        """Take little room: a short slider, without the words at its ends."""
        for end in self._ends:
            end.setVisible(not narrow)
        self.slider.setFixedWidth(_SHORT if narrow else _LONG)

    def whole_width(self) -> int:
        """How wide it is where it is not narrow."""
        ends = sum(end.sizeHint().width() for end in self._ends)
        return ends + _LONG + 8 + max(self._count.minimumWidth(), self._count.sizeHint().width()) + 4 * 8

    def narrow_width(self) -> int:
        """How wide it is where it is narrow."""
        return self.whole_width() - sum(end.sizeHint().width() + 8 for end in self._ends) - _LONG + _SHORT

    def set_range(self, closest: float, loosest: float) -> None:
        """The scores at both ends: (1.0, 0.0) for a likeness, (0.0, 2.0) for a distance."""
        self._closest, self._loosest = closest, loosest
        self.set_threshold(self._threshold)

    def set_scores(self, scores: Scores) -> None:
        """The scores of all results, in any order."""
        values = np.asarray(scores, np.float64)
        self._order = np.sort(self._closest - values if self._closest > self._loosest else values - self._closest)
        self._say()

    def set_threshold(self, threshold: float) -> None:
        """Put the slider to a score; emits nothing. The score is kept exactly, finer than the slider's steps."""
        self._threshold = threshold
        span = self._loosest - self._closest
        part = (threshold - self._closest) / span if span else 0.0
        self.slider.blockSignals(True)
        self.slider.setValue(round(min(1.0, max(0.0, part)) * _STEPS))
        self.slider.blockSignals(False)
        self._say()

    def threshold(self) -> float:
        """The score in force."""
        return self._threshold

    def count(self) -> int:
        """How many results are close enough."""
        # float32 scores equal to the threshold are in
        return int(np.searchsorted(self._order, self._distance(self._threshold) + 1e-7, side="right"))

    def nearest(self) -> float | None:
        """The score of the best result; None without results."""
        if not len(self._order):
            return None
        nearest = float(self._order[0])
        return self._closest - nearest if self._closest > self._loosest else self._closest + nearest

    def loosen(self) -> None:
        """Go as far as it takes to show the nearest dozen, as if by hand."""
        if not len(self._order):
            return
        far = float(self._order[min(11, len(self._order) - 1)])
        span = abs(self._loosest - self._closest)
        # rounded up to the slider's next step, so that the dozenth is in
        step = min(_STEPS, int(far / span * _STEPS) + 1) if span else 0
        self.slider.setValue(max(step, self.slider.value()))

    def count_words(self) -> str:
        """What is said beside the slider."""
        return self._count.text()

    def _distance(self, score: float) -> float:
        return self._closest - score if self._closest > self._loosest else score - self._closest

    @Slot(int)
    def _moved(self, value: int) -> None:
        part = value / _STEPS
        self._threshold = self._closest + (self._loosest - self._closest) * part
        if value == _STEPS and self._closest > self._loosest:
            self._threshold = EVERYTHING
        self._say()
        self.thresholdChanged.emit(self._threshold)

    def _say(self) -> None:
        words = wording.count(self.count(), "photo")
        self._count.setText(words)
        widest = self._count.fontMetrics().horizontalAdvance(wording.count(max(2, len(self._order)), "photo"))
        self._count.setMinimumWidth(widest + 4)
        all_of_them = self._threshold <= EVERYTHING and self._closest > self._loosest
        self.slider.setToolTip(words if all_of_them else f"At least {wording.likeness(self._threshold)}: {words}")
