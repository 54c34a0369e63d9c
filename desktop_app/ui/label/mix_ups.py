"""What it mixes up: a table of answers given against answers guessed, each cell to be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core import wording
from desktop_app.ui.theme import Theme

_CELLS = ((5, 44), (8, 34), (99, 28))  # up to so many answers: so wide
_PAD = 8


class MixUps(QWidget):
    """What it mixes up: one row per answer that was given, one column per answer that was guessed.

    Signals:
        cellChosen(int, int): given answer's and guessed answer's place; show those photos.
    """

    cellChosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._chosen = (-1, -1)
        self._hovered = (-1, -1)
        self._cell = _CELLS[0][1]
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What it mixes up")

    def set_counts(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show a square table: counts[given][guessed]."""
        self._names, self._counts = tuple(names), tuple(tuple(row) for row in counts)
        self._cell = next((wide for most, wide in _CELLS if len(self._names) <= most), _CELLS[-1][1])
        self._chosen = (-1, -1)
        self.updateGeometry()
        self.update()

    def choose(self, given: int, guessed: int) -> None:
        """Mark a cell and tell of it."""
        if 0 <= given < len(self._names) and 0 <= guessed < len(self._names):
            self._chosen = (given, guessed)
            self.update()
            self.cellChosen.emit(given, guessed)

    def words(self, given: int, guessed: int) -> str:
        """A cell as a sentence."""
        count, names = self._counts[given][guessed], self._names
        photos = wording.count(count, "photo")
        if given == guessed:
            return f"{photos} of “{names[given]}” guessed right"
        return f"{photos} of “{names[given]}” taken for “{names[guessed]}”"

    def _head(self) -> int:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in (*self._names, "you said")), default=0)
        return min(160, widest) + 2 * _PAD

    def _top(self) -> int:
        # names of columns stand upright where they are wider than a cell
        metrics = self.fontMetrics()
        if all(metrics.horizontalAdvance(name) <= self._cell - 4 for name in self._names):
            return metrics.height() + 2 * _PAD + self._caption()
        return self._head() + self._caption()

    def _caption(self) -> int:
        return self.fontMetrics().height() + 4

    def sizeHint(self) -> QSize:
        side = self._cell * len(self._names)
        caption = self.fontMetrics().horizontalAdvance("guessed as") + _PAD
        return QSize(self._head() + max(side, caption) + 2, self._top() + side + 2)

    def cell(self, given: int, guessed: int) -> QRect:
        """Where a cell is."""
        return QRect(self._head() + guessed * self._cell, self._top() + given * self._cell, self._cell, self._cell)

    def _at(self, point: QPoint) -> tuple[int, int]:
        row, column = (point.y() - self._top()) // self._cell, (point.x() - self._head()) // self._cell
        inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        return (row, column) if inside else (-1, -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._at(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hovered[0] >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = (-1, -1)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose(*self._at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        move = moves.get(Qt.Key(event.key()))
        if move is None or not self._names:
            event.ignore()
            return
        last = len(self._names) - 1
        row, column = max(0, self._chosen[0]) + move[0], max(0, self._chosen[1]) + move[1]
        self.choose(min(max(row, 0), last), min(max(column, 0), last))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row, column = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(row, column) if row >= 0 else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, count = self._theme.tokens, len(self._names)
        if not count:
            return
        head, top, metrics = self._head(), self._top(), self.fontMetrics()
        painter.setPen(tokens.text3)
        across = QRect(head, 0, self.width() - head, self._caption())
        painter.drawText(across, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), "guessed as")
        painter.drawText(
            QRect(0, 0, head - _PAD, top - _PAD),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom),
            "you said",
        )
        painter.setPen(tokens.text)
        upright = top - self._caption() == head
        for at, name in enumerate(self._names):
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, head - 2 * _PAD)
            row = QRect(0, top + at * self._cell, head - _PAD, self._cell)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), shown)
            if upright:
                painter.save()
                painter.translate(head + at * self._cell + self._cell / 2, top - _PAD)
                painter.rotate(-90)
                painter.drawText(QPointF(0, metrics.ascent() / 2 - 1), shown)
                painter.restore()
            else:
                column = QRect(head + at * self._cell, self._caption(), self._cell, top - self._caption() - 2)
                painter.drawText(column, Qt.AlignmentFlag.AlignCenter, shown)
        for given in range(count):
            whole = max(1, sum(self._counts[given]))
            for guessed in range(count):
                self._paint_cell(painter, given, guessed, self._counts[given][guessed] / whole)

    def _paint_cell(self, painter: QPainter, given: int, guessed: int, share: float) -> None:
        tokens, box = self._theme.tokens, QRectF(self.cell(given, guessed)).adjusted(1.5, 1.5, -1.5, -1.5)
        count = self._counts[given][guessed]
        colour = QColor(tokens.accent if given == guessed else tokens.bad)
        colour.setAlphaF(0.0 if not count else 0.08 + 0.62 * min(1.0, share))
        painter.setPen(QPen(tokens.line, 1))
        painter.setBrush(tokens.raised)
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 4, 4)
        if (given, guessed) in (self._chosen, self._hovered):
            chosen = (given, guessed) == self._chosen
            painter.setPen(QPen(tokens.accent if chosen else tokens.control, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
        if count:
            painter.setFont(self._theme.font(1.0, semi_bold=given != guessed))
            strong = colour.alphaF() > 0.5
            painter.setPen(tokens.onaccent if strong else tokens.text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, wording.number(count))
