"""How long a frame of the map takes while it is moved and zoomed.

Frames are timed as the window makes them: the time the event loop needs from one step of a movement to the moment the
canvas is painted, with the drawing of new parts that falls between. Offscreen unless QT_QPA_PLATFORM says otherwise;
`xcb` under a screen measures what a person sees.

    python benchmarks/map_canvas.py [--photos N] [--library DIR] [--size 1400x900]
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from desktop_app.core.catalog import photos as rows
from desktop_app.core.library import Library
from desktop_app.core.mapping.place import spacing
from desktop_app.core.operations.map import load_map
from desktop_app.core.operations.map_tiles import load_tiles
from desktop_app.jobs import Lane
from desktop_app.ui import theme
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.map.canvas import MapCanvas
from desktop_app.ui.map.surface import ZOOM_STEP


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--library", type=Path, default=None, metavar="DIR", help="a library with a map")
    parser.add_argument("--size", default="1400x900")
    arguments = parser.parse_args()
    app = QApplication([])
    look = theme.apply(app, "light")
    lane = Lane("thumbs", 2, newest_first=True)
    library = Library(arguments.library, writable=False) if arguments.library else None
    found = load_map(library) if library is not None else None
    if library is not None and found is not None:
        ids, points = found.photos, found.points
        tiles, there = load_tiles(library, found.photos, found.rows)
    else:
        ids, points, tiles, there = made_up(arguments.photos)
    canvas = MapCanvas(look, Thumbnails(lane, lambda some: fetch(library, some)))
    canvas.resize(*map(int, arguments.size.split("x")))
    canvas.show_points(ids, points, 0.9)
    canvas.set_tiles(tiles, there)
    canvas.show()
    settle(app, canvas)
    print(f"{len(ids):,} photos, {canvas.width()} x {canvas.height()}, {app.platformName()}", end=", ")
    print(f"load {os.getloadavg()[0]:.1f}, photos of {canvas.photo_side:.1f} pixels when all are shown")
    everything: list[float] = []
    for name, run in (("moving", moving), ("zooming", zooming), ("moving, lit", lit), ("moving, coloured", coloured)):
        taken = run(app, canvas)
        everything += taken
        tell(name, taken)
    tell("all", everything)
    tell("processor time", _worked)
    canvas.close()
    lane.shutdown(10.0)
    if library is not None:
        library.close()


_worked: list[float] = []  # processor seconds of the window's thread, which other programs do not lengthen


def made_up(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    middles = random.normal(size=(60, 2)) * 30
    points = middles[random.integers(0, 60, count)] + random.normal(size=(count, 2)) * random.uniform(1, 6, (count, 1))
    points = points.astype(np.float32)
    points /= np.float32(spacing(points))
    tiles = random.integers(0, 255, (count, 12, 12, 3), np.uint8)
    return np.arange(1, count + 1), points, tiles, np.ones(count, bool)


def fetch(library: Library | None, some: list[int]) -> list[tuple[int, bytes | None]]:
    if library is None:
        return [(photo, None) for photo in some]
    contents = rows.contents(library.connection, some)
    found = library.thumbnails.get(list(set(contents.values())))
    return [(photo, found.get(contents.get(photo, b""))) for photo in some]


def settle(app: QApplication, canvas: MapCanvas) -> None:
    end = time.perf_counter() + 20
    timers = (canvas._working, canvas._settling, canvas._wanting, canvas._aging)
    while time.perf_counter() < end:
        app.processEvents()
        if not any(timer.isActive() for timer in timers):
            return


def frame(app: QApplication, canvas: MapCanvas) -> float:
    """One frame: what waits is done, and the canvas is painted."""
    begun, worked = time.perf_counter(), time.thread_time()
    canvas.repaint()
    app.processEvents()
    _worked.append(time.thread_time() - worked)
    return time.perf_counter() - begun


def moving(app: QApplication, canvas: MapCanvas) -> list[float]:
    """Dragging at several scales, from the whole library to single photos."""
    taken = []
    for scale in (1.0, 2.5, 6.0, 15.0, 40.0):
        canvas.fit()
        middle = canvas.scene.points[len(canvas.scene.points) // 2]
        canvas.zoom(scale)
        canvas.look(type(canvas.camera)(float(middle[0]), float(middle[1]), canvas.camera.scale))
        settle(app, canvas)
        for step in range(120):
            canvas.move_by(14 * np.cos(step / 19), 14 * np.sin(step / 13))
            taken.append(frame(app, canvas))
    return taken


def zooming(app: QApplication, canvas: MapCanvas) -> list[float]:
    """The wheel, in small steps, in and out again."""
    canvas.fit()
    settle(app, canvas)
    at = QPointF(canvas.width() * 0.4, canvas.height() * 0.55)
    taken = []
    for step in range(240):
        canvas.zoom(ZOOM_STEP ** (0.25 if step < 120 else -0.25), at)
        taken.append(frame(app, canvas))
    return taken


def lit(app: QApplication, canvas: MapCanvas) -> list[float]:
    chosen = np.zeros(len(canvas.scene.photos), bool)
    chosen[::37] = True
    canvas.set_lit(chosen)
    taken = moving(app, canvas)
    canvas.set_lit(None)
    return taken


def coloured(app: QApplication, canvas: MapCanvas) -> list[float]:
    colours = np.random.default_rng(0).integers(0, 255, (len(canvas.scene.photos), 3), np.uint8)
    canvas.set_colours(colours)
    taken = moving(app, canvas)
    canvas.set_colours(None)
    return taken


def tell(name: str, taken: list[float]) -> None:
    some = np.array(taken) * 1000
    median, high, highest = np.quantile(some, (0.5, 0.95, 0.99))
    print(
        f"{name:17} {len(some):5} frames: median {median:5.1f} ms, 95 in 100 within {high:5.1f} ms"
        f" ({1000 / high:3.0f} a second), 99 within {highest:5.1f}, longest {some.max():5.1f}"
    )


if __name__ == "__main__":
    main()
