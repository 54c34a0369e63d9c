"""The slider "few broad … many fine" with the number of themes it stands for."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import text
from desktop_app.ui.themes.values import count_at, part_of

_STEPS = 1000
_SETTLED_MS = 400


class Fineness(QWidget):
    """How many themes: few broad ones at the left, many fine ones at the right.

    Signals:
        countChanged(int): while the slider moves.
        settled(): the hand let go, or the keys stood still: what follows is another move.
    """

    countChanged = Signal(int)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fewest, self._most, self._count, self._proposed = 2, 2, 2, 0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setMinimumWidth(96)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMaximumWidth(240)
        self.slider.setAccessibleName("How many themes: few broad to many fine")
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self.settled)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(text("few broad", "quiet"))
        row.addWidget(self.slider, 100)
        row.addWidget(text("many fine", "quiet"))

    def set_range(self, fewest: int, most: int, count: int, proposed: int = 0) -> None:
        """Put the slider to a number of themes; emits nothing. A hand that holds it is not pulled."""
        self._fewest, self._most, self._proposed = fewest, max(fewest, most), proposed
        self.setEnabled(most > fewest)
        # one key press is one theme where there are few, and a twentieth of the way where there are many
        self.slider.setSingleStep(max(1, min(50, _STEPS // max(1, most - fewest))))
        self.slider.setPageStep(100)
        if not self.slider.isSliderDown() and not self._settling.isActive():
            self._count = min(max(count, self._fewest), self._most)
            self.slider.blockSignals(True)
            self.slider.setValue(round(part_of(self._count, self._fewest, self._most) * _STEPS))
            self.slider.blockSignals(False)
        self._say()

    @property
    def count(self) -> int:
        """The number of themes it stands for."""
        return self._count

    @Slot(int)
    def _moved(self, value: int) -> None:
        count = count_at(value / _STEPS, self._fewest, self._most)
        self._settling.start()
        if count != self._count:
            self._count = count
            self._say()
            self.countChanged.emit(count)

    @Slot()
    def _settle(self) -> None:
        if self.slider.isSliderDown():
            self._settling.start()
        else:
            self.settled.emit()

    def _say(self) -> None:
        words = wording.count(self._count, "theme")
        if self._proposed:
            words += f"; {wording.number(self._proposed)} fit these photos best"
        self.slider.setToolTip(words)
        self.slider.setAccessibleDescription(words)
