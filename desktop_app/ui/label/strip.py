"""The last answers: small photos with what they were given; a click returns to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from desktop_app.ui.answer_marks import answer_colour, draw_none, draw_square, has_ring
from desktop_app.ui.panels.parts import PixmapSource, listen, place_of, text
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

KEPT = 5
_SIDE = 56


@dataclass(frozen=True, slots=True)
class Recent:
    """One answer that was given: the photo, the answer's name and place (-1: none of these)."""

    photo: int
    name: str
    place: int


class RecentStrip(QWidget):
    """The last five answers, the newest first.

    Signals:
        chosen(int): return to this photo.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = [_Cell(theme, thumbnails, self) for _ in range(KEPT)]
        self.setAccessibleName("Last answers")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._words = text("Last answers", "small")
        row.addWidget(self._words)
        for cell in self._cells:
            cell.clicked.connect(self.chosen)
            row.addWidget(cell)
        listen(thumbnails, self._refresh)
        self.set_recent(())

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Show these, the newest first; more than five are left out."""
        for at, cell in enumerate(self._cells):
            cell.set_recent(recent[at] if at < len(recent) else None)
        self._words.setVisible(bool(recent))

    def shown(self) -> list[Recent]:
        """What is shown, the newest first."""
        return [cell.recent for cell in self._cells if cell.recent is not None]

    def _refresh(self, *_arguments: object) -> None:
        for cell in self._cells:
            cell.update()


class _Cell(QWidget):
    clicked = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.recent: Recent | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def set_recent(self, recent: Recent | None) -> None:
        self.recent = recent
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if recent is None else Qt.FocusPolicy.TabFocus)
        self.setEnabled(recent is not None)
        self.setAccessibleName("" if recent is None else f"Answered {recent.name}; return to it")
        self.setToolTip("" if recent is None else f"{recent.name}: click to return")
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.recent is not None:
            QToolTip.hideText()
            self.clicked.emit(self.recent.photo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.recent is not None:
            self.clicked.emit(self.recent.photo)
            return
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        recent = self.recent
        if recent is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        pixmap = self._thumbnails.pixmap(recent.photo, _SIDE)
        painter.fillRect(box, self._theme.tokens.hover)
        if pixmap is not None:
            painter.drawPixmap(place_of(pixmap, box), pixmap, QRectF(pixmap.rect()))
        badge = QRectF(box.left() + 3, box.bottom() - 19, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 3, 3)
        if recent.place < 0:
            draw_none(painter, badge.adjusted(3, 3, -3, -3), BADGE_TEXT)
        else:
            colour = answer_colour(self._theme, recent.place, on_photo=True)
            draw_square(painter, badge.adjusted(3.5, 3.5, -3.5, -3.5), colour, ring=has_ring(recent.place))
        if self.hasFocus():
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
