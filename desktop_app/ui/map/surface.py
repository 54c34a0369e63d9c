"""The map's canvas: pictures of the plane moved, zoomed and drawn anew where they are old."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.geometry import Bins, Camera, Indices, Mask, Points, fitting
from desktop_app.ui.map.layers import Layer
from desktop_app.ui.map.scene import THUMBNAIL_FROM, Colours, Look, Scene, Tiles, draw, no_points
from desktop_app.ui.theme import Theme

_SETTLE_MS = 90  # after the last step of a zoom the map is drawn at its own scale
_SLICE_S = 0.005  # of one turn of the event loop, for drawing parts
_WANT_MS = 60
_MOST_WANTED = 2_500
_SIDES = (32, 64, 128, 256)  # device pixels that thumbnails are asked for at
_MARGIN = 40
_NEAREST = 400.0  # pixels of a unit of the plane at most

ZOOM_STEP = 1.2


class MapSurface(QWidget):
    """Shows a scene through a camera. Keys, mouse and selection are `MapCanvas`.

    What is seen is put together from square pictures of the plane at one scale. They are drawn between two turns of
    the event loop, a few milliseconds each time; until then the pictures of the scale before are shown, larger or
    smaller, and below them those of the whole map. Moving is thus only copying.

    Signals:
        looked(): another part of the plane is seen, or at another scale.
    """

    looked = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.scene = Scene()
        self._corners = no_points()  # of the rectangle that the photos lie in
        self.camera = Camera()
        self._fits = True
        self._version = 0
        self._whole = Layer(1.0)
        self._now = Layer(1.0)
        self._before: Layer | None = None
        self._working = QTimer(self, singleShot=True, interval=0)
        self._working.timeout.connect(self._work)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        self._wanting = QTimer(self, singleShot=True, interval=_WANT_MS)
        self._wanting.timeout.connect(self._want)
        self._aging = QTimer(self, singleShot=True, interval=50)
        self._aging.timeout.connect(self._redraw_arrived)
        self._arrived: set[int] = set()
        self._index_of: dict[int, int] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 160)
        thumbnails.changed.connect(self._note_thumbnails)
        theme.changed.connect(self.redraw)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_points(
        self, photos: Indices, points: Points, side: float, *, is_sheet: bool = False, keep: bool = False
    ) -> None:
        """Show photos at these places.

        Args:
            photos: int64 (n,), ids.
            points: float32 (n, 2).
            side: of a photo, in units of the plane.
            is_sheet: whether they stand in rows.
            keep: whether the same part of the plane stays in view.
        """
        chosen = set(self.scene.photos[self.scene.selected].tolist())
        self.scene = Scene(photos, points, side, is_sheet, bins=Bins(points))
        self._corners = np.stack([points.min(axis=0), points.max(axis=0)]) if len(points) else points
        self.scene.selected = np.isin(photos, np.fromiter(chosen, np.int64, len(chosen)))
        self._index_of = dict(zip(photos.tolist(), range(len(photos)), strict=True))
        if not keep:
            self._fits = True
            self._fit_now()
        self._begin_anew()

    def set_tiles(self, tiles: Tiles | None, there: Mask | None) -> None:
        """A few pixels of each photo, in the order of the photos."""
        self.scene.set_tiles(tiles, there)
        self.redraw()

    def set_colours(self, colours: Colours | None) -> None:
        """Colour the photos: uint8 (n, 3); None shows them as they are."""
        self.scene.colours = colours
        self.redraw()

    def set_lit(self, lit: Mask | None) -> None:
        """Dim all but these: bool (n,); None dims nothing."""
        self.scene.lit = lit
        self.redraw()

    def index_of(self, photo: int) -> int:
        """Where a photo is among those shown; -1 where it is not."""
        return self._index_of.get(photo, -1)

    @Slot()
    def redraw(self) -> None:
        """Draw everything anew, the old pictures being shown meanwhile."""
        self._version += 1
        self._work_soon()
        self.update()

    def _begin_anew(self) -> None:
        self._version += 1
        self._whole = Layer(self._fitting().scale)
        self._now, self._before = Layer(self.camera.scale), None
        self._work_soon()
        self._wanting.start()
        self.update()
        self.looked.emit()

    # --- where one looks -------------------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        """Device pixels to one of the widget's."""
        return self.devicePixelRatioF()

    @property
    def device_size(self) -> tuple[float, float]:
        """Width and height in device pixels, which the camera is in."""
        return self.width() * self.ratio, self.height() * self.ratio

    def _fitting(self) -> Camera:
        width, height = self.device_size
        camera = fitting(self._corners, width, height, _MARGIN * self.ratio)
        limit = 160.0 * self.ratio / self.scene.side  # a few photos need not fill the window
        return camera if camera.scale <= limit else Camera(camera.x, camera.y, limit)

    def _fit_now(self) -> None:
        self.camera = self._fitting()

    @Slot()
    def fit(self) -> None:
        """Show all photos."""
        self._fits = True
        self.look(self._fitting(), by_hand=False)
        self._settle()

    def look(self, camera: Camera, *, by_hand: bool = True) -> None:
        """Look elsewhere; the plane never leaves the view altogether."""
        least = self._fitting().scale / 3
        scale = min(max(camera.scale, least), max(_NEAREST * self.ratio / self.scene.side, 2 * least))
        if len(self._corners):
            (left, top), (right, bottom) = self._corners.tolist()
            camera = Camera(min(max(camera.x, left), right), min(max(camera.y, top), bottom), scale)
        if camera == self.camera:
            return
        rescaled = camera.scale != self.camera.scale
        self.camera = camera
        if by_hand:
            self._fits = False
        if rescaled:
            self._settling.start()
        else:
            self._work_soon()
        self._wanting.start()
        self.update()
        self.looked.emit()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer by `factor`, what is at a point of the widget (its middle by default) staying there."""
        width, height = self.device_size
        x, y = (at.x() * self.ratio, at.y() * self.ratio) if at is not None else (width / 2, height / 2)
        limit = max(_NEAREST * self.ratio / self.scene.side, 1e-9)
        least = self._fitting().scale / 3
        factor = min(max(factor, least / self.camera.scale), limit / self.camera.scale)
        self.look(self.camera.zoomed(factor, x, y, width, height))

    def move_by(self, dx: float, dy: float) -> None:
        """Move the picture by so many pixels of the widget."""
        self.look(self.camera.moved(dx * self.ratio, dy * self.ratio))

    def show_index(self, index: int) -> None:
        """Bring a photo into view, moving as little as that takes."""
        place = self.place_of(index)
        room = self.rect().adjusted(60, 60, -60, -60)
        dx = min(0.0, room.right() - place.center().x()) + max(0.0, room.left() - place.center().x())
        dy = min(0.0, room.bottom() - place.center().y()) + max(0.0, room.top() - place.center().y())
        if dx or dy:
            self.move_by(dx, dy)

    def place_of(self, index: int) -> QRectF:
        """Where a photo is on the widget."""
        width, height = self.device_size
        x, y = self.camera.to_view(self.scene.points[index : index + 1], width, height)[0] / self.ratio
        side = self.scene.side_at(self.camera.scale) / self.ratio
        return QRectF(x - side / 2, y - side / 2, side, side)

    def index_at(self, at: QPointF) -> int:
        """The photo at a point of the widget; -1 where there is none."""
        width, height = self.device_size
        return self.scene.at(self.camera, at.x() * self.ratio, at.y() * self.ratio, width, height)

    @property
    def photo_side(self) -> float:
        """How long the photos' sides are now, in pixels of the widget."""
        return self.scene.side_at(self.camera.scale) / self.ratio

    # --- drawing ---------------------------------------------------------------------------------------------

    def _look(self) -> Look:
        tokens = self._theme.tokens
        return Look(self.ground(), tokens.accent, tokens.hover)

    def ground(self) -> QColor:
        """What is behind the photos."""
        return self.palette().color(QPalette.ColorRole.Base)

    def _draw_part(self, camera: Camera, width: int, height: int) -> QPixmap:
        return QPixmap.fromImage(draw(self.scene, camera, width, height, self._look(), self._pixmap_of))

    def _pixmap_of(self, photo: int, side: int) -> QPixmap | None:
        return self._thumbnails.cached(photo, _side_for(side))

    @Slot()
    def _settle(self) -> None:
        """Draw at the scale that the zoom ended at."""
        self._settling.stop()
        if self._now.scale != self.camera.scale:
            self._before, self._now = self._now, Layer(self.camera.scale)
        self._work_soon()
        self._wanting.start()

    def _work_soon(self) -> None:
        if not self._working.isActive():
            self._working.start()

    @Slot()
    def _work(self) -> None:
        """Draw a few parts: what is seen first, then what is old, then the whole map for when one zooms out."""
        if not len(self.scene.photos) or not self.isVisible() or self._settling.isActive():
            return
        width, height = self.device_size
        if self._now.scale == self.camera.scale:
            seen = self._now.seen(self.camera.view_of(width, height))
            missing = self._now.missing(seen, self._version)
            if missing:
                self._now.fill(missing, self._version, self._draw_part, _SLICE_S)
                self.update()
                self._working.start()
                return
            self._before = None
            self._now.trim(seen)
        everything = self._whole.seen(self._fitting().view_of(width, height))
        missing = self._whole.missing(everything, self._version)
        if missing and not self._whole.fill(missing, self._version, self._draw_part, _SLICE_S):
            self._working.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.ground())
        width, height = self.device_size
        view = self.camera.view_of(width, height)
        exact = self._now.scale == self.camera.scale
        if not (exact and self._now.covers(self._now.seen(view))):
            for layer in (self._whole, self._before):
                if layer is not None:
                    layer.paint(painter, self.camera, self.width(), self.height(), self.ratio)
        self._now.paint(painter, self.camera, self.width(), self.height(), self.ratio)
        self.paint_above(painter)

    def paint_above(self, painter: QPainter) -> None:
        """What lies over the photos."""

    def ring(self, painter: QPainter, index: int) -> None:
        """The keyboard's ring round a photo."""
        tokens = self._theme.tokens
        place = self.place_of(index).adjusted(-4, -4, 4, 4)
        if place.width() < 16:
            place.adjust(-4, -4, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.ground(), 4))
        painter.drawRect(place)
        painter.setPen(QPen(tokens.text, 2))
        painter.drawRect(place)

    # --- thumbnails ------------------------------------------------------------------------------------------

    @Slot()
    def _want(self) -> None:
        """Ask for the thumbnails of what is seen and large enough, from the middle outwards."""
        side = self.scene.side_at(self.camera.scale)
        if side < THUMBNAIL_FROM or not self.isVisible():
            self._thumbnails.want(self, (), 1)
            return
        width, height = self.device_size
        found = self.scene.between(self.camera, width, height)
        away = np.abs(self.scene.points[found] - (self.camera.x, self.camera.y)).max(axis=1)
        nearest = found[np.argsort(away, kind="stable")[:_MOST_WANTED]]
        self._thumbnails.want(self, self.scene.photos[nearest].tolist(), _side_for(round(side)))

    @Slot(object)
    def _note_thumbnails(self, photos: Sequence[int]) -> None:
        if self.scene.side_at(self.camera.scale) < THUMBNAIL_FROM:
            return
        self._arrived.update(self._index_of[photo] for photo in photos if photo in self._index_of)
        if self._arrived and not self._aging.isActive():
            self._aging.start()

    @Slot()
    def _redraw_arrived(self) -> None:
        indices = np.fromiter(self._arrived, np.int64, len(self._arrived))
        self._arrived.clear()
        indices = indices[indices < len(self.scene.points)]
        half = self.scene.side_at(self._now.scale) / 2 / self._now.scale
        parts = set()
        for x, y in self.scene.points[indices].tolist():
            for dx in (-half, half):
                for dy in (-half, half):
                    parts.add(self._now.part_of(x + dx, y + dy))
        self._now.age(parts)
        self._work_soon()

    # --- the widget ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._whole = Layer(self._fitting().scale)
        if self._fits:
            self._fit_now()
            self._settling.start()
        self._work_soon()
        self._wanting.start()
        self.looked.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._work_soon()
        self._wanting.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._thumbnails.want(self, (), 1)


def _side_for(side: int) -> int:
    return next((one for one in _SIDES if one >= side), _SIDES[-1])
