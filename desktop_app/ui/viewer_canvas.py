"""The photo of the viewer: fit or magnified, around the cursor, dragged by hand.

Three pictures of one photo may be there: the thumbnail (at once, enlarged), the picture at screen size and the
full pixels (asked for only when more is needed than the screen-size picture holds). The best one that is there is
drawn into the same rectangle, so that nothing moves when a better one arrives.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.panels.parts import place_of
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_place import Place

STEP = 1.25
_WHEEL_NOTCH = 120


class Canvas(QWidget):
    """Shows one photo.

    Signals:
        scaleChanged(float): Screen pixels per photo pixel (1.0 is 100 %), or whether it fits, changed.
        fullWanted(): The full pixels would show more than what is there.
        stirred(): The mouse moved.
        clicked(): A click that was no drag.
    """

    scaleChanged = Signal(float)
    fullWanted = Signal()
    stirred = Signal()
    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setMouseTracking(True)
        self.setAccessibleName("Photo")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._size = QSizeF()  # of the photo in its own pixels; empty while it is not known
        self._thumbnail = QPixmap()
        self._screen = QImage()
        self._full = QImage()
        self._fitted: QPixmap | None = None  # what fit draws, at exactly the screen's pixels
        self._fitted_key: tuple[int, int, int] = (0, 0, 0)
        self._place = Place()
        self._margins = QMargins()
        self._pressed: QPointF | None = None
        self._dragged = False
        self._asked_full = False
        self._cursor_hidden = False

    # --- what is shown

    def show_photo(self, size: QSize, thumbnail: QPixmap | None) -> None:
        """Begin with another photo, fitted.

        Args:
            size: Upright pixels of the whole photo; empty where they are not known yet.
            thumbnail: Shown enlarged until something better comes; None leaves the ground bare.
        """
        self._size = QSizeF(size)
        self._thumbnail = QPixmap(thumbnail) if thumbnail is not None else QPixmap()
        self._screen = QImage()
        self._full = QImage()
        self._fitted = None
        self._asked_full = False
        self._pressed = None
        self._place.fit()
        self._changed()

    def set_size(self, size: QSize) -> None:
        """The whole photo's upright pixels, known later than its picture."""
        if not size.isEmpty() and QSizeF(size) != self._size:
            self._size = QSizeF(size)
            self._changed()

    def set_thumbnail(self, thumbnail: QPixmap) -> None:
        """A thumbnail that arrived after the photo was chosen."""
        self._thumbnail = QPixmap(thumbnail)
        self._changed()

    def set_image(self, image: QImage, *, full: bool) -> None:
        """A better picture of the same photo."""
        if full:
            self._full = image
            if self._size.isEmpty():
                self._size = QSizeF(image.size())
        if self._screen.isNull() or (not full and image.width() >= self._screen.width()):
            self._screen = image  # a smaller one than is there came late
            self._fitted = None
        self._changed()

    @property
    def has_image(self) -> bool:
        """Whether more than the thumbnail is there."""
        return not self._screen.isNull()

    @property
    def has_thumbnail(self) -> bool:
        """Whether at least the thumbnail is there."""
        return not self._thumbnail.isNull()

    def hide_cursor(self, hidden: bool) -> None:
        """Hide the mouse's arrow while nothing moves."""
        self._cursor_hidden = hidden
        self._set_cursor()

    def screen_side(self) -> int:
        """The longer side that a screen-size picture should have: the widget's, in real pixels."""
        return max(1, round(max(self.width(), self.height()) * self.devicePixelRatioF()))

    def set_margins(self, margins: QMargins) -> None:
        """Leave room around the photo; nothing stays below what lies over the widget's edges then."""
        if margins != self._margins:
            self._margins = margins
            self._changed()

    # --- zoom

    @property
    def is_fit(self) -> bool:
        """Whether the whole photo is shown."""
        return self._place.is_fit

    def scale(self) -> float:
        """Screen pixels per photo pixel; 1.0 is 100 %."""
        return self._place.scale()

    def fit(self) -> None:
        """Show the whole photo."""
        self._place.fit()
        self._changed()

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Magnify so that the photo's point under `at` (the middle by default) stays where it is."""
        self._place.zoom_to(scale, QPointF(self.width() / 2, self.height() / 2) if at is None else at)
        self._changed()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Magnify by a factor; at or below the size that fits, the photo fits again."""
        wanted = self.scale() * factor
        if factor < 1 and wanted <= self._place.fit_scale() * 1.001:
            self.fit()
        else:
            self.zoom_to(wanted, at)

    def toggle(self, at: QPointF | None = None) -> None:
        """Between fit and 100 %."""
        if self.is_fit:
            self.zoom_to(1.0, at)
        else:
            self.fit()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the photo by device-independent pixels."""
        self._place.move(dx, dy)
        self._changed()

    @property
    def can_pan(self) -> bool:
        """Whether the photo is larger than the widget."""
        return self._place.overflows

    def photo_rect(self) -> QRectF:
        """Where the photo is drawn, in the widget's coordinates."""
        return self._place.rect()

    # --- events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.tokens.canvas)
        target = self.photo_rect()
        if target.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale() < 4)
        if self._screen.isNull() and self._full.isNull():
            if not self._thumbnail.isNull():
                painter.fillRect(target, self._theme.tokens.hover)
                painter.drawPixmap(place_of(self._thumbnail, target), self._thumbnail, QRectF(self._thumbnail.rect()))
            return
        if self.is_fit:
            self._draw_fitted(painter, target)
            return
        image = self._best()
        # only what is seen is taken from the picture, which may have 200 million pixels
        seen = target.intersected(QRectF(event.rect()).adjusted(-1, -1, 1, 1))
        ratio_x, ratio_y = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (seen.x() - target.x()) * ratio_x,
            (seen.y() - target.y()) * ratio_y,
            seen.width() * ratio_x,
            seen.height() * ratio_y,
        )
        painter.drawImage(seen, image, source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.stirred.emit()
        if self._pressed is not None:
            moved = event.position() - self._pressed
            if self._dragged or moved.manhattanLength() >= 4:
                self._dragged = True
                self.pan_by(moved.x(), moved.y())
                self._pressed = event.position()
        self._set_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            self._pressed = None
            self._set_cursor()
            if not self._dragged:
                self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.toggle(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        self.stirred.emit()
        if turn:
            self.zoom_by(STEP ** (turn / _WHEEL_NOTCH), event.position())
        event.accept()

    # --- inside

    def _photo_size(self) -> QSizeF:
        if not self._size.isEmpty():
            return self._size
        if not self._screen.isNull():
            return QSizeF(self._screen.size())
        # a square may be the middle of any photo: rather nothing for a moment than a shape that jumps
        return QSizeF() if self._thumbnail.width() == self._thumbnail.height() else QSizeF(self._thumbnail.size())

    def _best(self) -> QImage:
        return self._screen if self._full.isNull() else self._full

    def _draw_fitted(self, painter: QPainter, target: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        wide, high = max(1, round(target.width() * ratio)), max(1, round(target.height() * ratio))
        key = (self._screen.cacheKey(), wide, high)
        if self._fitted is None or self._fitted_key != key:
            image = self._screen
            if image.width() > 2 * wide:
                # halving by the cheap way first keeps the smooth step short for very large pictures
                image = image.scaled(2 * wide, 2 * high)
            image = image.scaled(
                wide, high, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._fitted = QPixmap.fromImage(image)
            self._fitted.setDevicePixelRatio(ratio)
            self._fitted_key = key
        # on whole pixels, or the picture is blurred by half of one
        origin = QPoint(round(target.x() * ratio), round(target.y() * ratio)).toPointF() / ratio
        painter.drawPixmap(origin, self._fitted)

    def _changed(self) -> None:
        self._place.photo = self._photo_size()
        room = self.rect().marginsRemoved(self._margins)
        self._place.room, self._place.corner = QSizeF(room.size()), room.topLeft().toPointF()
        self._place.ratio = self.devicePixelRatioF()
        self._place.hold_inside()
        self._set_cursor()
        self.update()
        self.scaleChanged.emit(self.scale())
        if self._asked_full or self._screen.isNull() or not self._full.isNull() or self.is_fit:
            return
        if self._screen.width() < self._place.photo.width() * min(1.0, self.scale()) * 0.99:
            self._asked_full = True
            self.fullWanted.emit()

    def _set_cursor(self) -> None:
        if self._cursor_hidden:
            self.setCursor(Qt.CursorShape.BlankCursor)
        elif not self.can_pan:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        elif self._pressed is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
