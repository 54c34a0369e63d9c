"""The last answers: small photos with what they were given; a click returns to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from desktop_app.ui.answer_marks import answer_colour, draw_none, draw_square, has_ring
from desktop_app.ui.panels.parts import PixmapSource, listen, place_of
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

KEPT = 5
_SIDE, _SMALL_SIDE = 56, 40


@dataclass(frozen=True, slots=True)
class Recent:
    """One answer that was given: the photo, the answer's name, place (-1: none of these) and key."""

    photo: int
    name: str
    place: int
    key: str = ""


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
        self._row = row
        for cell in self._cells:
            cell.clicked.connect(self.chosen)
            row.addWidget(cell)
        listen(thumbnails, self._refresh)
        self.set_recent(())

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Show these, the newest first; more than five are left out."""
        for at, cell in enumerate(self._cells):
            cell.set_recent(recent[at] if at < len(recent) else None)

    def set_compact(self, compact: bool) -> None:
        """Smaller photos where there is little room."""
        self._row.setSpacing(4 if compact else 8)
        for cell in self._cells:
            cell.side = _SMALL_SIDE if compact else _SIDE
            cell.updateGeometry()

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
        self.side = _SIDE
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.side, self.side)

    def set_recent(self, recent: Recent | None) -> None:
        self.recent = recent
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if recent is None else Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if recent is None else Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("" if recent is None else f"Answered {recent.name}; return to it")
        self.setToolTip(
            "The last five answers come here; a click returns to one"
            if recent is None
            else f"{recent.name}: click to return"
        )
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
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if recent is None:
            painter.setPen(QPen(self._theme.tokens.line, 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(box, 4, 4)
            return
        pixmap = self._thumbnails.pixmap(recent.photo, self.side)
        painter.fillRect(box, self._theme.tokens.hover)
        if pixmap is not None:
            painter.drawPixmap(place_of(pixmap, box), pixmap, QRectF(pixmap.rect()))
        self._paint_badge(painter, recent, box)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_badge(self, painter: QPainter, recent: Recent, box: QRectF) -> None:
        """The answer's colour and key; colour is never the only sign."""
        painter.setFont(self._theme.font(0.85, semi_bold=True))
        metrics = painter.fontMetrics()
        key = recent.key.upper()
        high = float(max(16, metrics.height()))
        wide = 16.0 + (metrics.horizontalAdvance(key) + 3 if key else 0)
        badge = QRectF(box.left() + 2, box.bottom() - high - 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 3, 3)
        square = QRectF(badge.left() + 4, badge.center().y() - 4.5, 9, 9)
        if recent.place < 0:
            draw_none(painter, square, BADGE_TEXT)
        else:
            colour = answer_colour(self._theme, recent.place, on_photo=True)
            draw_square(painter, square, colour, ring=has_ring(recent.place))
        painter.setPen(BADGE_TEXT)
        words = badge.adjusted(16, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), key)
