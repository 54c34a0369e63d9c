"""The selected photo in the side panel: whole, never cut."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.panels.parts import place_of
from desktop_app.ui.theme import Theme

HEIGHT = 216


class Preview(QWidget):
    """The whole photo, never cut, on the canvas; the thumbnail until the picture is there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmap = QPixmap()
        self._is_thumbnail = True
        self._size = QSize()
        self._fitted: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview")

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(288, HEIGHT)

    def set_thumbnail(self, thumbnail: QPixmap | None, size: QSize) -> None:
        """Another photo of `size` pixels, by its thumbnail; None leaves its place flat."""
        self._is_thumbnail = True
        self._pixmap = thumbnail or QPixmap()
        self._size = size
        self._fitted = None
        self.update()

    def set_image(self, image: QImage) -> None:
        """The photo itself."""
        self._is_thumbnail = False
        self._pixmap = QPixmap.fromImage(image)
        self._size = image.size()
        self._fitted = None
        self.update()

    def pixmap(self) -> QPixmap:
        """What is shown."""
        return self._pixmap

    def photo_rect(self) -> QRectF:
        """Where the whole photo stands; a small one is not blown up."""
        if self._size.isEmpty():
            return QRectF()
        room = QSizeF(self.size())
        size = QSizeF(self._size).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > 2 * self._size.width():
            size = QSizeF(self._size) * 2
        return QRectF(
            (room.width() - size.width()) / 2, (room.height() - size.height()) / 2, size.width(), size.height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fitted = None
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), 4, 4)
        painter.fillPath(ground, self._theme.tokens.canvas)
        target = self.photo_rect()
        if target.isEmpty():
            return
        corners = QPainterPath()
        corners.addRoundedRect(target, 4, 4)
        painter.setClipPath(corners)
        if self._is_thumbnail:
            painter.fillPath(corners, self._theme.tokens.hover)
            painter.drawPixmap(place_of(self._pixmap, target), self._pixmap, QRectF(self._pixmap.rect()))
            return
        if self._fitted is None:
            ratio = self.devicePixelRatioF()
            self._fitted = self._pixmap.scaled(
                (target.size() * ratio).toSize(),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        painter.drawPixmap(target, self._fitted, QRectF(self._fitted.rect()))
