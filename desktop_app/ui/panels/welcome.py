"""The first page of an empty library."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


class DropDrawing(QWidget):
    """Three photos of a likeness, drawn quietly in the colours of the window's lines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The drawing's size."""
        return QSize(216, 132)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2 + 4)
        for turn, shift, front in ((-9.0, -54.0, False), (9.0, 54.0, False), (0.0, 0.0, True)):
            painter.save()
            painter.translate(middle + QPointF(shift, 2.0 if front else 0.0))
            painter.rotate(turn)
            self._photo(painter, QRectF(-46, -46, 92, 92) if front else QRectF(-38, -38, 76, 76), front=front)
            painter.restore()

    def _photo(self, painter: QPainter, box: QRectF, *, front: bool) -> None:
        edge = self._theme.tokens.accent if front else self._theme.tokens.control
        painter.setPen(QPen(edge, 2 if front else 1.5))
        painter.setBrush(self._theme.tokens.raised)
        painter.drawRoundedRect(box, 6, 6)
        inside = box.adjusted(8, 8, -8, -8)
        clip = QPainterPath()
        clip.addRoundedRect(inside, 3, 3)
        painter.setClipPath(clip)
        painter.fillPath(clip, self._theme.tokens.accentfill if front else self._theme.tokens.hover)
        tone = QColor(self._theme.tokens.accent if front else self._theme.tokens.control)
        tone.setAlphaF(0.75 if front else 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        wide, high = inside.width(), inside.height()
        painter.drawEllipse(inside.topLeft() + QPointF(wide * 0.7, high * 0.28), wide * 0.1, wide * 0.1)
        hills = QPainterPath(inside.topLeft() + QPointF(0, high))
        for x, y in ((0.0, 0.72), (0.3, 0.42), (0.52, 0.66), (0.68, 0.54), (1.0, 0.82), (1.0, 1.0)):
            hills.lineTo(inside.topLeft() + QPointF(wide * x, high * y))
        hills.closeSubpath()
        painter.drawPath(hills)


class WelcomePage(QWidget):
    """Says what to do first, and that nothing is uploaded.

    Args:
        theme: The program's theme.
        samples: How many sample photos there are; 0 leaves their button away.

    Signals:
        chooseFolder(): "Choose folder…" was pressed.
        trySamples(): "Try 60 sample photos" was pressed.
    """

    chooseFolder = Signal()
    trySamples = Signal()

    def __init__(self, theme: Theme, samples: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Welcome")
        title = text("Drop a folder of photos here.", "title", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = text(
            "Likeness finds the ones that look alike. Nothing is uploaded and no photo is changed.",
            "quiet",
            wrap=True,
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.choose = button("Choose folder…", default=True, tip="Choose folder (Ctrl+O)")
        self.choose.clicked.connect(self.chooseFolder)
        self.samples = button("")
        self.samples.clicked.connect(self.trySamples)
        self.set_samples(samples)

        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.samples)
        buttons.addStretch(1)

        column = QVBoxLayout(self)
        column.setContentsMargins(56, 56, 56, 56)
        column.setSpacing(0)
        column.addStretch(5)
        column.addWidget(DropDrawing(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(words)
        column.addSpacing(24)
        column.addLayout(buttons)
        column.addStretch(6)

    def set_samples(self, samples: int) -> None:
        """How many sample photos can be tried."""
        self.samples.setText(f"Try {wording.count(samples, 'sample photo')}")
        self.samples.setVisible(samples > 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.tokens.canvas)
        # the place to drop on, as far as the page reaches: anywhere will do
        pen = QPen(self._theme.tokens.control, 1.5)
        pen.setDashPattern([5, 5])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 24, -24, -24), 8, 8)
