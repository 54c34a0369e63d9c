"""The photos that excite a channel, in rows, each with the place that does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.theme import Theme

_CELL = 148
_GAP = 8


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One photo that excites a channel.

    Attributes:
        photo: its id.
        value: how much.
        whole: the photo with what the channel sees marked; None while it is on its way.
        place: the place alone, cut out; None where there is none.
        words: why there is no place; "" where there is one.
    """

    photo: int
    value: float
    whole: QImage | None = None
    place: QImage | None = None
    words: str = ""


class CellGrid(QWidget):
    """The photos in rows, strongest first. Arrow keys move, Enter or a click chooses.

    Signals:
        chosen(int): a photo.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.cells: tuple[Cell, ...] = ()
        self._places = False
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(_CELL + 2 * _GAP)
        theme.changed.connect(self.update)

    def show_cells(self, cells: Sequence[Cell]) -> None:
        """Show these; the same photos keep the keyboard's place."""
        if [cell.photo for cell in cells] != [cell.photo for cell in self.cells]:
            self._at = 0
        self.cells = tuple(cells)
        self._tell()
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.update()

    def show_places(self, places: bool) -> None:
        """Whether only the place is shown, cut out, instead of the whole photo."""
        self._places = places
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Rows follow the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows at this width."""
        columns = self._columns(width)
        rows = -(-len(self.cells) // columns)
        return max(1, rows) * (_CELL + _GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tokens = self._theme.tokens
        for at, cell in enumerate(self.cells):
            box = self._box(at)
            if not box.intersects(QRectF(event.rect())):
                continue
            image = (cell.place if self._places else cell.whole) or cell.whole
            shape = QPainterPath()
            shape.addRoundedRect(box, 4, 4)
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(box, tokens.hover)
            if image is not None and not image.isNull():
                fit = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                target = QRectF(0, 0, fit.width(), fit.height())
                target.moveCenter(box.center())
                painter.drawImage(target, image)
            painter.restore()
            if self.hasFocus() and at == self._at:
                painter.setPen(QPen(tokens.accent, 3))
                painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at in range(len(self.cells)):
            if event.button() == Qt.MouseButton.LeftButton and self._box(at).contains(event.position()):
                self._go(at)
                self.chosen.emit(self.cells[at].photo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.width())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if event.key() in steps and self.cells:
            wanted = self._at + steps[Qt.Key(event.key())]
            if 0 <= wanted < len(self.cells):
                self._go(wanted)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cells:
            self.chosen.emit(self.cells[self._at].photo)
        else:
            super().keyPressEvent(event)

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // (_CELL + _GAP))

    def _box(self, at: int) -> QRectF:
        row, column = divmod(at, self._columns(self.width()))
        return QRectF(column * (_CELL + _GAP), row * (_CELL + _GAP), _CELL, _CELL)

    def _go(self, at: int) -> None:
        self._at = at
        self._tell()
        self.update()

    def _tell(self) -> None:
        if self.cells:
            cell = self.cells[self._at]
            self.setAccessibleName(f"Photo {self._at + 1} of {len(self.cells)}, excited {cell.value:.3g}. {cell.words}")
