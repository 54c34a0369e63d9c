"""Some photos in a row, with their likeness: small, square, each a click away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core import wording
from desktop_app.ui.panels.parts import PixmapSource, listen
from desktop_app.ui.theme import Theme

SIDE = 64
_GAP = 4


class Strip(QWidget):
    """Thumbnails in a row; Left and Right move among them, Enter or a click chooses one.

    Args:
        theme: the program's look.
        thumbnails: where thumbnails come from.
        name: what the row is, for screen readers.
        side: of a thumbnail, device-independent pixels.

    Signals:
        chosen(int): a photo was clicked, or Enter pressed at it.
    """

    chosen = Signal(int)

    def __init__(
        self, theme: Theme, thumbnails: PixmapSource, name: str, side: int = SIDE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails, self._name, self._side = theme, thumbnails, name, side
        self.hits: tuple[tuple[int, float], ...] = ()
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        listen(thumbnails, self.update)
        theme.changed.connect(self.update)

    def show_hits(self, hits: Sequence[tuple[int, float]]) -> None:
        """Show these photos, each with its likeness in [-1, 1]."""
        self.hits = tuple(hits)
        self._at = 0
        self._tell()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its photos."""
        return QSize(max(1, len(self.hits)) * (self._side + _GAP) - _GAP, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for at, (photo, _likeness) in enumerate(self.hits):
            box = self._box(at)
            shape = QPainterPath()
            shape.addRoundedRect(box, 4, 4)
            painter.save()
            painter.setClipPath(shape)
            pixmap = self._thumbnails.pixmap(photo, self._side)
            if pixmap is None:
                painter.fillRect(box, self._theme.tokens.hover)
            else:
                painter.drawPixmap(box, pixmap, _middle(pixmap))
            painter.restore()
            if self.hasFocus() and at == self._at:
                painter.setPen(QPen(self._theme.tokens.accent, 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self._go(at)
            self.chosen.emit(self.hits[at][0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self.hits:
            self._go(max(0, min(len(self.hits) - 1, self._at + steps[Qt.Key(event.key())])))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hits:
            self.chosen.emit(self.hits[self._at][0])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._under(QPointF(event.pos()))
            words = "" if at is None else f"Likeness {wording.likeness(self.hits[at][1])}"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _box(self, at: int) -> QRectF:
        return QRectF(at * (self._side + _GAP), 0, self._side, self._side)

    def _under(self, point: QPointF) -> int | None:
        return next((at for at in range(len(self.hits)) if self._box(at).contains(point)), None)

    def _go(self, at: int) -> None:
        self._at = at
        self._tell()
        self.update()

    def _tell(self) -> None:
        if not self.hits:
            self.setAccessibleName(self._name)
            return
        place = f"{self._at + 1} of {len(self.hits)}"
        self.setAccessibleName(f"{self._name}: {place}, likeness {wording.likeness(self.hits[self._at][1])}")


def _middle(pixmap: QPixmap) -> QRectF:
    side = min(pixmap.width(), pixmap.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(QRectF(pixmap.rect()).center())
    return square
