"""What the map's canvas draws, as plain arrays, and the drawing of one rectangle of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from desktop_app.ui.map.geometry import Bins, Camera, Indices, Mask, Points, towards

THUMBNAIL_FROM = 26
"""Photos of fewer device pixels are drawn from a few pixels of each, all at once by numpy."""
DIM = 0.25
"""What is not lit keeps so much of itself."""

_LINEAR_UP_TO = 72.0  # pixels; from here on photos grow more slowly than the room between them
_GROWTH = 0.6
_LARGEST = 232.0
_GREY = (150, 150, 150)

Colours = npt.NDArray[np.uint8]
Tiles = npt.NDArray[np.uint8]
PixmapOf = Callable[[int, int], QPixmap | None]


def no_points() -> Points:
    """No photo."""
    return np.empty((0, 2), np.float32)


@dataclass(slots=True, eq=False)
class Scene:
    """Everything the canvas shows.

    Attributes:
        photos: int64 (n,), ids.
        points: float32 (n, 2), their middles on the plane.
        side: of a photo, in units of the plane.
        is_sheet: whether they stand in rows: there is always room, so they grow with it.
        tiles: uint8 (n, 12, 12, 3), a few pixels of each; None until there are any.
        there: bool (n,), which of them are there.
        colours: uint8 (n, 3), what each is coloured with; None shows the photos as they are.
        lit: bool (n,), what stays as it is while the rest is dimmed; None dims nothing.
        selected: bool (n,).
    """

    photos: Indices = field(default_factory=lambda: np.empty(0, np.int64))
    points: Points = field(default_factory=no_points)
    side: float = 0.9
    is_sheet: bool = False
    tiles: Tiles | None = None
    there: Mask | None = None
    colours: Colours | None = None
    lit: Mask | None = None
    selected: Mask = field(default_factory=lambda: np.empty(0, bool))
    bins: Bins = field(default_factory=lambda: Bins(no_points()))
    _means: Colours | None = None
    _fours: Tiles | None = None

    def set_tiles(self, tiles: Tiles | None, there: Mask | None) -> None:
        """Show these few pixels of each photo."""
        self.tiles, self.there, self._means, self._fours = tiles, there, None, None
        if tiles is not None and len(tiles):
            blocks = tiles.reshape(len(tiles), 4, 3, 4, 3, 3)
            self._fours = blocks.mean(axis=(2, 4), dtype=np.float32).astype(np.uint8)
            self._means = self._fours.mean(axis=(1, 2), dtype=np.float32).astype(np.uint8)

    def side_at(self, scale: float) -> float:
        """How long a photo's sides are, in pixels, where a unit of the plane is `scale` pixels."""
        side = self.side * scale
        if self.is_sheet or side <= _LINEAR_UP_TO:
            return max(side, 1.0)
        grown: float = _LINEAR_UP_TO * (side / _LINEAR_UP_TO) ** _GROWTH
        return min(grown, _LARGEST)

    def between(self, camera: Camera, width: float, height: float, margin: float = 0.0) -> Indices:
        """Photos of which anything is in a view."""
        return self.bins.inside(*camera.view_of(width, height, self.side_at(camera.scale) / 2 + margin))

    def in_order(self, found: Indices) -> Indices:
        """As they are drawn, what matters most last and so on top."""
        weight = self.selected[found].astype(np.int8)
        if self.lit is not None:
            weight = weight + 2 * self.lit[found].astype(np.int8)
        return found[np.argsort(weight, kind="stable")]

    def at(self, camera: Camera, x: float, y: float, width: float, height: float) -> int:
        """The photo under a pixel, the topmost; -1 where there is none."""
        px, py = camera.to_plane(x, y, width, height)
        half = max(self.side_at(camera.scale), 6.0) / 2 / camera.scale
        found = self.in_order(self.bins.inside(px - half, py - half, px + half, py + half))
        return int(found[-1]) if len(found) else -1

    def next_from(self, index: int, dx: int, dy: int, camera: Camera, width: float, height: float) -> int:
        """The next photo in a direction, of those that are seen or nearly; from -1 the one in the middle of the view.

        Returns:
            Its index, -1 where there is none.
        """
        found = self.between(camera, width, height, max(width, height))
        if not len(found):
            return -1
        places = camera.to_view(self.points[found], width, height)
        if index < 0:
            return int(found[np.abs(places - (width / 2, height / 2)).max(axis=1).argmin()])
        here = camera.to_view(self.points[index : index + 1], width, height)[0]
        at = towards(places, (float(here[0]), float(here[1])), dx, dy)
        return int(found[at]) if at >= 0 else -1


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of what is round the photos."""

    ground: QColor
    accent: QColor
    waiting: QColor


def draw(scene: Scene, camera: Camera, width: int, height: int, look: Look, pixmap_of: PixmapOf) -> QImage:
    """Draw what a camera sees: an opaque image of `width` x `height` device pixels."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(look.ground)
    found = scene.between(camera, width, height, 4)
    if not len(found):
        return image
    found = scene.in_order(found)
    places = camera.to_view(scene.points[found], width, height)
    side = scene.side_at(camera.scale)
    if side < THUMBNAIL_FROM:
        _draw_small(scene, image, found, places, max(1, round(side)), look)
    else:
        _draw_large(scene, image, found, places, side, look, pixmap_of)
    return image


def _draw_small(
    scene: Scene, image: QImage, found: Indices, places: npt.NDArray[np.float64], side: int, look: Look
) -> None:
    """Many photos of a few pixels each, by numpy, all of one pixel of theirs at once."""
    width, height, pad = image.width(), image.height(), side + 3
    ground = look.ground.rgb()
    canvas = np.full((height + 2 * pad, width + 2 * pad), ground, np.uint32)
    corner = np.round(places - side / 2).astype(np.int64) + pad
    inside = ((corner >= 0) & (corner < (width + 2 * pad - side, height + 2 * pad - side))).all(axis=1)
    found, corner = found[inside], corner[inside]
    base = corner[:, 1] * canvas.shape[1] + corner[:, 0]
    flat = canvas.ravel()
    pixels = _packed(_toned(scene, _pixels(scene, found, side), found, look))
    across = pixels.shape[1]
    step = np.minimum(np.arange(side) * across // side, across - 1)
    chosen = scene.selected[found]
    for dy in range(side):
        for dx in range(side):
            flat[base + (dy * canvas.shape[1] + dx)] = pixels[:, step[dy], step[dx]]
    if chosen.any():
        _ring(flat, base[chosen], canvas.shape[1], side, look.accent.rgb())
    view = np.frombuffer(image.bits(), np.uint32).reshape(height, image.bytesPerLine() // 4)
    view[:, :width] = canvas[pad : pad + height, pad : pad + width]


def _pixels(scene: Scene, found: Indices, side: int) -> Tiles:
    """So many pixels of each photo as its size asks for: uint8 (m, k, k, 3)."""
    if scene.colours is not None and (side < 8 or scene.tiles is None):
        return scene.colours[found][:, None, None, :]
    if scene.tiles is None or scene._means is None or scene._fours is None or scene.there is None:
        return np.full((len(found), 1, 1, 3), _GREY[0], np.uint8)
    if side < 4:
        pixels = scene._means[found][:, None, None, :]
    elif side < 8:
        pixels = scene._fours[found]
    else:
        pixels = scene.tiles[found]
    missing = ~scene.there[found]
    if missing.any():
        pixels = pixels.copy()
        pixels[missing] = _GREY[0]
    if scene.colours is not None:  # a frame of its colour
        pixels = pixels.copy()
        colour = scene.colours[found][:, None, :]
        for edge in (0, 1, -1, -2):
            pixels[:, edge, :] = colour
            pixels[:, :, edge] = colour
    return pixels


def _toned(scene: Scene, pixels: Tiles, found: Indices, look: Look) -> Tiles:
    if scene.lit is None:
        return pixels
    dim = ~scene.lit[found]
    if not dim.any():
        return pixels
    ground = np.array((look.ground.red(), look.ground.green(), look.ground.blue()), np.float32)
    toned = pixels.copy()
    toned[dim] = (ground + DIM * (pixels[dim] - ground)).astype(np.uint8)
    return toned


def _packed(pixels: Tiles) -> npt.NDArray[np.uint32]:
    wide = pixels.astype(np.uint32)
    shifted = 0xFF000000 | (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
    packed: npt.NDArray[np.uint32] = shifted.astype(np.uint32)
    return packed


def _ring(flat: npt.NDArray[np.uint32], base: Indices, stride: int, side: int, colour: int) -> None:
    """A frame around photos, where there is no room for a finer one."""
    thick = 1 if side < 10 else 2
    low, high = -thick, side + thick - 1
    for inset in range(thick):
        for along in range(low, high + 1):
            for dy, dx in ((low + inset, along), (high - inset, along), (along, low + inset), (along, high - inset)):
                flat[base + (dy * stride + dx)] = colour


def _draw_large(
    scene: Scene,
    image: QImage,
    found: Indices,
    places: npt.NDArray[np.float64],
    side: float,
    look: Look,
    pixmap_of: PixmapOf,
) -> None:
    """Thumbnails; where there is none yet, the few pixels of it, softened."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    whole = round(side)
    ring, frame = (3, 4) if side >= 48 else (2, 2)
    lit = None if scene.lit is None else scene.lit[found].tolist()
    chosen = scene.selected[found].tolist()
    corners = np.round(places - side / 2).astype(int).tolist()
    photos = scene.photos[found].tolist()
    for at, photo in enumerate(photos):
        rect = QRectF(corners[at][0], corners[at][1], whole, whole)
        if lit is not None:
            painter.setOpacity(1.0 if lit[at] else DIM)
        pixmap = pixmap_of(photo, whole)
        index = int(found[at])
        if pixmap is not None:
            painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))
        elif scene.tiles is not None and scene.there is not None and scene.there[index]:
            tile = np.ascontiguousarray(scene.tiles[index])
            few = QImage(tile.data, tile.shape[1], tile.shape[0], tile.strides[0], QImage.Format.Format_RGB888)
            painter.drawImage(rect, few)
        else:
            painter.fillRect(rect, look.waiting)
        if scene.colours is not None:
            painter.setPen(_pen(QColor(*scene.colours[index].tolist()), frame))
            painter.drawRect(rect.adjusted(frame / 2, frame / 2, -frame / 2, -frame / 2))
        if chosen[at]:
            painter.setOpacity(1.0)
            painter.setPen(_pen(look.ground, 1))
            painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
            painter.setPen(_pen(look.accent, ring))
            painter.drawRect(rect.adjusted(-ring / 2, -ring / 2, ring / 2, ring / 2))
    painter.end()


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)
