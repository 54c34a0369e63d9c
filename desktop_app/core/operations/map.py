"""The map of a library: every photo on a plane, alike ones near. Made once, kept beside the catalogue, added to."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile as _BadZip

import numpy as np
import numpy.typing as npt

from desktop_app.core.descriptor_files import DescriptorFiles
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library, write_error
from desktop_app.core.mapping.grid import Cells, contact_sheet, roomy
from desktop_app.core.mapping.neighbours import Points
from desktop_app.core.mapping.place import beside, scatter, spacing
from desktop_app.core.mapping.tsne import NEIGHBOURS, lay_out, normalised
from desktop_app.core.operations.neighbourhood import comparable, neighbourhood
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.settings import write_atomically
from desktop_app.core.types import Positions, Progress

VERSION = 1
_TEXT = "Making the map"
_JITTER = 0.5  # of the usual distance between neighbours
_FOLDER = "map"


@dataclass(frozen=True, slots=True, eq=False)
class PhotoMap:
    """Photos on a plane.

    Attributes:
        photos: int64 (n,), their ids, rising.
        points: float32 (n, 2), where they are: around (0, 0), neighbours usually 1 apart.
        later: bool (n,), those that were put beside the others after the plane was made.
        cells: int32 (n, 2), column and row of each on the contact sheet; every cell once.
        descriptor: what they are compared by.
        rows: int64 (n,), where their vectors were: a photo whose vectors are elsewhere now shows something else.
        is_preview: whether the plane is only roughly what it will be.
    """

    photos: Positions
    points: Points
    later: npt.NDArray[np.bool_]
    cells: Cells
    descriptor: str
    rows: Positions
    is_preview: bool = False

    @property
    def columns(self) -> int:
        """How wide the contact sheet is."""
        return int(self.cells[:, 0].max()) + 1 if len(self.cells) else 0


@dataclass(frozen=True, slots=True)
class MapProgress(Progress):
    """How far the map is.

    Attributes:
        preview: what can be looked at meanwhile; every later report has it too.
    """

    preview: PhotoMap | None = None


def map_file(files: DescriptorFiles) -> Path:
    """Where the map by a descriptor is kept."""
    return files.library / _FOLDER / f"{files.folder.name}.npz"


def load_map(library: Library, descriptor: str = "") -> PhotoMap | None:
    """The map as it was kept; None where there is none, or a damaged one: it is made again.

    Raises:
        UserError: there is no such network or layer.
    """
    wanted = library.descriptor(descriptor)
    files = library.files(wanted)
    try:
        with map_file(files).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            stamp = json.loads(str(stored["stamp"]))
            if not isinstance(stamp, dict) or (stamp.get("version"), stamp.get("key")) != (VERSION, files.stamp):
                return None
            ids, points, rows = (np.array(stored[name]) for name in ("photos", "points", "rows"))
            later, cells = np.array(stored["later"]), np.array(stored["cells"])
    except (OSError, ValueError, KeyError, EOFError, RecursionError, io.UnsupportedOperation, _BadZip):
        return None
    count = len(ids)
    shapes = ((points, (count, 2), "f"), (rows, (count,), "i"), (later, (count,), "b"), (cells, (count, 2), "i"))
    if ids.dtype.kind != "i" or any(array.shape != shape or array.dtype.kind != kind for array, shape, kind in shapes):
        return None
    if not np.isfinite(points).all() or (np.diff(ids) <= 0).any():
        return None
    return PhotoMap(
        ids.astype(np.int64),
        points.astype(np.float32),
        later,
        cells.astype(np.int32),
        str(wanted),
        rows.astype(np.int64),
    )


def make_map(library: Library, descriptor: str = "", *, threads: int = 0) -> Generator[MapProgress, None, PhotoMap]:
    """Lay all photos out anew; only reads. `keep_map` keeps what comes of it: until then the last map stays.

    Args:
        library: the open library.
        descriptor: what photos are compared by; "" for what the library compares by.
        threads: of the layout; 0: one for each core.

    Raises:
        UserError: no photo can be compared yet.
    """
    wanted = library.descriptor(descriptor)
    files = library.files(wanted)
    yield MapProgress(_TEXT)
    ids, rows, view = comparable(library, files)
    if view is None or not len(ids):
        raise UserError("There is no photo to put on the map yet.")
    threads = threads or cores()

    def finished(plane: Points, of_row: Positions, *, preview: bool) -> PhotoMap:
        points = normalised(roomy(plane[of_row]))
        points = points + _apart(points, ids, of_row)
        return PhotoMap(
            ids, points, np.zeros(len(ids), bool), contact_sheet(points), str(wanted), rows, is_preview=preview
        )

    parts = neighbourhood(library, files, view, rows, NEIGHBOURS, threads)
    while True:
        try:
            next(parts)
        except StopIteration as ended:
            matrix, of_row, neighbours = ended.value
            break
        yield MapProgress(_TEXT)
    steps = lay_out(matrix, neighbours, threads=threads)
    shown: PhotoMap | None = None
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            made = finished(ended.value, of_row, preview=False)
            break
        if step.preview is not None and shown is None:
            shown = finished(step.preview, of_row, preview=True)
        yield MapProgress(_TEXT, round(step.done * 100), 100, preview=shown)
    return made


def update_map(library: Library, old: PhotoMap) -> PhotoMap:
    """The same map with the photos that came and without those that went; nothing that was on it moves.

    Only reads. A second or so for some thousand new photos among 100,000; `old` itself where nothing differs.
    """
    files = library.files(old.descriptor)
    ids, rows, view = comparable(library, files)
    if view is None:
        return old
    # what shows something else now is new
    at = np.searchsorted(old.photos, ids)
    at[at == len(old.photos)] = 0
    known = np.zeros(len(ids), bool)
    if len(old.photos):
        known = (old.photos[at] == ids) & (old.rows[at] == rows)
    if known.all() and len(ids) == len(old.photos):
        return old
    if not known.any():
        return old if not len(ids) else replace(old, is_preview=True)
    points = np.empty((len(ids), 2), np.float32)
    later = np.ones(len(ids), bool)
    points[known], later[known] = old.points[at[known]], old.later[at[known]]
    if not known.all():
        apart = _JITTER * spacing(points[known])
        placed = np.ascontiguousarray(view.matrix[rows[known]])
        new = np.ascontiguousarray(view.matrix[rows[~known]])
        points[~known] = beside(new, placed, points[known], ids[~known], apart)
    return PhotoMap(ids, points, later, contact_sheet(points), old.descriptor, rows)


def _apart(points: Points, ids: Positions, of_row: Positions) -> Points:
    """Copies of a photo would hide one another: all but the first of them step aside."""
    _, first = np.unique(of_row, return_index=True)
    step = scatter(ids, _JITTER * spacing(points))
    step[first] = 0.0
    return step


def keep_map(library: Library, made: PhotoMap) -> None:
    """Put a map into its file, in one step; a rough one, or that of a library that is only read, is not kept.

    Raises:
        UserError: the disk is full or refuses; the map that was kept is whole.
    """
    if not library.writable or made.is_preview:
        return
    files = library.files(made.descriptor)
    stamp = json.dumps({"version": VERSION, "key": files.stamp})
    out = io.BytesIO()
    np.savez(
        out, stamp=np.array(stamp), photos=made.photos, points=made.points, rows=made.rows, later=made.later,
        cells=made.cells,
    )  # fmt: skip
    try:
        write_atomically(map_file(files), out.getvalue())
    except OSError as error:
        raise write_error(error, library.folder) from error
