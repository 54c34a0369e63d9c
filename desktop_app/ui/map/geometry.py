"""Where things are on the map: the view on the plane, what is in a rectangle, what a lasso holds. Plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_PER_BIN = 48


@dataclass(frozen=True, slots=True)
class Camera:
    """What part of the plane is looked at.

    Attributes:
        x: the point of the plane in the middle of the view.
        y: its other coordinate.
        scale: pixels of one unit of the plane.
    """

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    def to_view(self, points: Points, width: float, height: float) -> npt.NDArray[np.float64]:
        """Points of the plane (n, 2) in a view's pixels, float64 (n, 2)."""
        middle = np.array([width / 2, height / 2])
        seen: npt.NDArray[np.float64] = (points.astype(np.float64) - (self.x, self.y)) * self.scale + middle
        return seen

    def to_plane(self, x: float, y: float, width: float, height: float) -> tuple[float, float]:
        """The point of the plane at a pixel of a view."""
        return self.x + (x - width / 2) / self.scale, self.y + (y - height / 2) / self.scale

    def zoomed(self, factor: float, x: float, y: float, width: float, height: float) -> Camera:
        """Nearer by `factor`; what is under the pixel (x, y) stays under it."""
        px, py = self.to_plane(x, y, width, height)
        scale = self.scale * factor
        return Camera(px - (x - width / 2) / scale, py - (y - height / 2) / scale, scale)

    def moved(self, dx: float, dy: float) -> Camera:
        """The picture moved by so many pixels."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)

    def view_of(self, width: float, height: float, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is seen, `margin` pixels more on every side."""
        half_x, half_y = (width / 2 + margin) / self.scale, (height / 2 + margin) / self.scale
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y


def fitting(points: Points, width: float, height: float, margin: float) -> Camera:
    """The view that shows all points, `margin` pixels away from the edges at least."""
    if not len(points):
        return Camera()
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    wide, high_ = max(high[0] - low[0], 1e-6), max(high[1] - low[1], 1e-6)
    scale = min(max(width - 2 * margin, 1.0) / wide, max(height - 2 * margin, 1.0) / high_)
    return Camera((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, scale)


class Bins:
    """Points sorted into squares, so that those in a rectangle are found without looking at all.

    Args:
        points: float32 (n, 2).
    """

    def __init__(self, points: Points) -> None:
        self._points = points
        count = len(points)
        self._low = points.min(axis=0).astype(np.float64) if count else np.zeros(2)
        high = points.max(axis=0).astype(np.float64) if count else np.ones(2)
        extent = float(max(*(high - self._low), 1e-9))
        self._lines = max(1, min(512, int(np.sqrt(count / _PER_BIN)) or 1))
        self._side = extent / self._lines * (1 + 1e-9)
        at = np.clip(((points - self._low) / self._side).astype(np.int64), 0, self._lines - 1)
        of = at[:, 1] * self._lines + at[:, 0]
        self._order = np.argsort(of, kind="stable")
        self._starts = np.searchsorted(of[self._order], np.arange(self._lines * self._lines + 1))

    def inside(self, left: float, top: float, right: float, bottom: float) -> Indices:
        """The points in a rectangle, its edges included, rising."""
        if not len(self._points) or right < left or bottom < top:
            return np.empty(0, np.int64)
        first = np.clip(np.floor((np.array([left, top]) - self._low) / self._side), 0, self._lines - 1).astype(int)
        last = np.clip(np.floor((np.array([right, bottom]) - self._low) / self._side), 0, self._lines - 1).astype(int)
        parts = [
            self._order[self._starts[row * self._lines + first[0]] : self._starts[row * self._lines + last[0] + 1]]
            for row in range(first[1], last[1] + 1)
        ]
        found = np.concatenate(parts)
        x, y = self._points[found, 0], self._points[found, 1]
        found = found[(x >= left) & (x <= right) & (y >= top) & (y <= bottom)]
        return np.sort(found)


def in_polygon(points: npt.NDArray[np.floating], polygon: npt.NDArray[np.floating]) -> Mask:
    """Which points a closed line holds, by the even-odd rule; float64 throughout.

    Args:
        points: (n, 2).
        polygon: (m, 2), corners in their order; the last is joined to the first. Fewer than three hold nothing.

    Returns:
        bool (n,). A point on the line may fall either way.
    """
    inside = np.zeros(len(points), bool)
    if len(polygon) < 3 or not len(points):
        return inside
    corners = np.asarray(polygon, np.float64)
    places = np.asarray(points, np.float64)
    low, high = corners.min(axis=0), corners.max(axis=0)
    near = np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))
    x, y = places[near, 0], places[near, 1]
    odd = np.zeros(len(near), bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        at = x0 + (y - y0) * ((x1 - x0) / (y1 - y0))
        odd ^= crosses & (x < at)
    inside[near] = odd
    return inside


def towards(places: npt.NDArray[np.floating], origin: tuple[float, float], dx: int, dy: int) -> int:
    """The nearest place in a direction, as an arrow key means it: within 45 degrees to either side; -1 for none.

    Args:
        places: (n, 2).
        origin: where from.
        dx: -1, 0 or 1.
        dy: -1, 0 or 1; one of the two is 0.
    """
    if not len(places):
        return -1
    away = np.asarray(places, np.float64) - origin
    ahead = away[:, 0] * dx + away[:, 1] * dy
    aside = np.abs(away[:, 0] * dy) + np.abs(away[:, 1] * dx)
    cost = np.where((ahead > 1e-9) & (aside <= ahead), np.hypot(ahead, 2 * aside), np.inf)
    best = int(np.argmin(cost))
    return best if np.isfinite(cost[best]) else -1
