"""The one large photo of the Label page: whole, with its guess or label said on it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop_app.ui.answer_marks import draw_none, draw_square
from desktop_app.ui.label.answer_bar import FLASH_MS
from desktop_app.ui.panels.parts import motion_ms
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme
from desktop_app.ui.viewer_canvas import Canvas

_BADGE = 28
_SQUARE = 12
_INSET = 12


class LargePhoto(Canvas):
    """Shows one whole photo; a badge at its lower left says what it was given, or what it is taken for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._overlay: QImage | None = None
        self._words = ""
        self._colour = QColor()
        self._hollow = False
        self._none = False
        self._flash: QColor | None = None
        self._flash_timer = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._flash_timer.timeout.connect(self._end_flash)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_badge(self, words: str, colour: QColor | None = None, *, hollow: bool = False, none: bool = False) -> None:
        """What is said on the photo; "" says nothing. `hollow` is a guess, `none` is "none of these"."""
        self._words, self._hollow, self._none = words, hollow, none
        self._colour = QColor(colour) if colour is not None else BADGE_TEXT
        self.update()

    def set_overlay(self, overlay: QImage | None) -> None:
        """A picture laid over the whole photo, as where the classifier looks; None takes it away."""
        self._overlay = overlay
        self.update()

    @property
    def has_overlay(self) -> bool:
        """Whether something is laid over the photo."""
        return self._overlay is not None

    def show_photo(self, size: QSize, thumbnail: QPixmap | None) -> None:
        """Begin with another photo, fitted, nothing over it."""
        self._overlay = None
        super().show_photo(size, thumbnail)

    def badge(self) -> str:
        """What is said on the photo."""
        return self._words

    def flash(self, colour: QColor) -> None:
        """A frame in an answer's colour for 150 ms, where motion is wanted."""
        if motion_ms():
            self._flash = QColor(colour)
            self._flash_timer.start()
            self.update()

    def _end_flash(self) -> None:
        self._flash = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._flash is not None:
            painter.setPen(QPen(self._flash, 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        photo = self.photo_rect()
        if self._overlay is not None and not photo.isEmpty():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(photo, self._overlay)
        if not self._words or photo.isEmpty():
            return
        photo = photo.intersected(QRectF(self.rect()))
        painter.setFont(self._theme.font(semi_bold=True))
        metrics = painter.fontMetrics()
        height = max(_BADGE, metrics.height() + 8)
        room = max(80.0, self.width() - 2 * _INSET)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, int(room) - _SQUARE - 30)
        width = metrics.horizontalAdvance(words) + _SQUARE + 30
        left = min(photo.left() + _INSET, self.width() - width - _INSET)
        badge = QRectF(max(_INSET, left), photo.bottom() - _INSET - height, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 4, 4)
        square = QRectF(badge.topLeft() + QPointF(10, (height - _SQUARE) / 2), QRectF(0, 0, _SQUARE, _SQUARE).size())
        if self._none:
            draw_none(painter, square, BADGE_TEXT)
        else:
            draw_square(painter, square, self._colour, hollow=self._hollow)
        painter.setFont(self._theme.font(semi_bold=True))
        painter.setPen(BADGE_TEXT)
        painter.drawText(
            badge.adjusted(_SQUARE + 20, 0, -6, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            words,
        )
