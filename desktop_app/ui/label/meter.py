"""How good the classifier is, in one quiet line with its range drawn beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.label.values import Quality, quality_words, to_do
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

DRAWN = 60
"""Photos of a spot check."""


class Meter(QWidget):
    """Says how often the classifier is right, from how many labels, and what would help.

    Signals:
        spotCheckAsked(): check random photos for a figure to pass on.
    """

    spotCheckAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = RangeBar(theme)
        self.words = text("", wrap=True)
        self.advice = text("", "quiet", wrap=True)
        self.spot_check = button("", quiet=True)
        self._is_known = False
        self.spot_check.clicked.connect(self.spotCheckAsked)
        self.spot_check.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._is_compact = False
        self._waiting, self._rest = 0, DRAWN
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setSpacing(12)
        self._first.addWidget(self.range, 0, Qt.AlignmentFlag.AlignVCenter)
        self._first.addWidget(self.words, 1)
        self._second.addWidget(self.advice, 1)
        self._second.addStretch(0)
        self._second.addWidget(self.spot_check, 0, Qt.AlignmentFlag.AlignVCenter)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addLayout(self._first)
        lines.addLayout(self._second)
        lines.addStretch(1)
        self.set_quality(Quality(), ())

    def set_compact(self, compact: bool) -> None:
        """The sentence alone; its range and the advice go into the tooltip."""
        if compact != self._is_compact:
            self._is_compact = compact
            row = self._first if compact else self._second
            row.addWidget(self.spot_check, 0, Qt.AlignmentFlag.AlignVCenter)
            self._show_parts()

    def set_waiting(self, photos: int, rest: int = DRAWN) -> None:
        """How many photos of a spot check that was cut off wait; 0: a new one would begin, on the `rest` at most."""
        self._waiting, self._rest = photos, rest
        self._show_parts()

    def _show_parts(self) -> None:
        self.advice.setVisible(bool(self.advice.text()) and not self._is_compact)
        self.range.setVisible(self._is_known and not self._is_compact)
        drawn = min(DRAWN, self._rest)
        tip = f"For a figure you can pass on: answer {drawn} random photos without seeing the guess"
        if self._waiting:
            tip = f"Goes on where you stopped: {wording.count(self._waiting, 'photo')} to go"
            words = "Go on checking" if self._is_compact else f"Go on with the spot check, {self._waiting} left"
        else:
            length = "about 2 min" if drawn == DRAWN else wording.count(drawn, "photo")
            words = "Spot check" if self._is_compact else f"Spot check, {length}"
        self.spot_check.setText(words)
        self.spot_check.setToolTip(tip)

    def set_quality(self, quality: Quality, counts: Sequence[tuple[str, int]], *, checkable: bool = False) -> None:
        """Show what is known.

        Args:
            quality: how good it is.
            counts: looked-at labels of each answer.
            checkable: whether there is a classifier and photos to check it on.
        """
        self.words.setText(quality_words(quality, counts))
        advice = quality.advice
        if quality.right is not None and not quality.is_spot_check and checkable and not advice:
            advice = "For a figure you can pass on, check 60 random photos."
        # where too few labels are all there is to say, the sentence says already what to do
        self.advice.setText(to_do(advice) if quality.right is not None else "")
        for label in (self.words, self.advice):
            label.setToolTip(advice)
        self.range.set_range(quality.right, quality.low, quality.high)
        self._is_known = quality.right is not None
        self.spot_check.setVisible(checkable and self._is_known)
        self._show_parts()
        self.setAccessibleName(f"{self.words.text()} {advice}".strip())


class RangeBar(QWidget):
    """A value with its range on an axis from 0 to 100: dot, line, thin ground."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: tuple[float | None, float, float] = (None, 0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(96, 20)

    def set_range(self, value: float | None, low: float, high: float) -> None:
        """Shares from 0 to 1; None draws the axis only."""
        self._values = (value, low, high)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        value, low, high = self._values
        middle, left, wide = self.height() / 2, 5.0, self.width() - 10.0
        painter.setPen(QPen(self._theme.tokens.line, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(int(left), int(middle), int(left + wide), int(middle))
        if value is None:
            return
        painter.setPen(QPen(self._theme.tokens.accent, 2))
        painter.drawLine(
            QRectF(left + low * wide, middle, (high - low) * wide, 0).topLeft(),
            QRectF(left + high * wide, middle, 0, 0).topLeft(),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.accent)
        painter.drawEllipse(QRectF(left + value * wide - 4, middle - 4, 8, 8))
