"""`likeness map`: every photo's place on the map, as numbers or as a picture."""

from __future__ import annotations

import csv
import io
import os
from argparse import Namespace
from pathlib import Path

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.catalog import photos
from desktop_app.core.errors import LibraryLocked, UserError
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.library import Library
from desktop_app.core.operations.map import PhotoMap, keep_map, load_map, make_map, update_map
from desktop_app.core.operations.map_picture import draw_map
from desktop_app.core.types import PhotoId
from desktop_app.core.wording import count, printable

_MANY = 500


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no library or no photo in it, or a file cannot be written.
    """
    single_threaded()
    with _opened(library_folder(arguments)) as library:
        found = None if arguments.anew else load_map(library, arguments.descriptor)
        made = update_map(library, found) if found is not None else None
        if made is None or made.is_preview or not len(made.photos):
            made = run_aloud(make_map(library, arguments.descriptor))
        if made is not found:
            keep_map(library, made)
        paths = _paths(library, made)
        if arguments.csv is not None:
            _write_csv(Path(os.path.abspath(arguments.csv)), made, paths)
        if arguments.png is not None:
            _write_png(Path(os.path.abspath(arguments.png)), library, made, sheet=arguments.sheet)
    if arguments.json:
        points, cells = made.points.round(4).tolist(), made.cells.tolist()
        rows = zip(made.photos.tolist(), points, cells, made.later.tolist(), strict=True)
        print_json(
            {
                "descriptor": made.descriptor,
                "columns": made.columns,
                "photos": [
                    {"path": paths[photo], "x": x, "y": y, "column": column, "row": row, "later": later}
                    for photo, (x, y), (column, row), later in rows
                    if photo in paths
                ],
            }
        )
    else:
        later = int(made.later.sum())
        print_text(
            f"{count(len(made.photos), 'photo')} on the map" + (f", {later:,} put beside it later" * (later > 0))
        )
        for file in (arguments.csv, arguments.png):
            if file is not None:
                print_text(f"written: {printable(os.path.abspath(file))}")
    return 0


def _opened(folder: Path) -> Library:
    """The library; beside a window that has it open only to read, and then the map is not kept."""
    if not (folder / "catalogue.sqlite").exists():
        return Library(folder, writable=False)  # says what is missing
    try:
        return Library(folder)
    except LibraryLocked:
        return Library(folder, writable=False)


def _paths(library: Library, made: PhotoMap) -> dict[int, str]:
    ids = [PhotoId(photo) for photo in made.photos.tolist()]
    found: dict[int, str] = {}
    for start in range(0, len(ids), _MANY):
        some = photos.fetch(library.connection, ids[start : start + _MANY])
        found.update((int(photo), str(facts.path)) for photo, facts in some.items())
    return found


def _write_csv(path: Path, made: PhotoMap, paths: dict[int, str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("path", "x", "y", "column", "row"))
    for photo, (x, y), (column, row) in zip(
        made.photos.tolist(), made.points.tolist(), made.cells.tolist(), strict=True
    ):
        if photo in paths:
            writer.writerow((paths[photo], round(x, 4), round(y, 4), column, row))
    _write(path, out.getvalue().encode("utf-8", "surrogateescape"))


def _write_png(path: Path, library: Library, made: PhotoMap, *, sheet: bool) -> None:
    from PIL import Image

    pixels = run_aloud(draw_map(library, made, sheet=sheet))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", dpi=(300, 300))
    _write(path, out.getvalue())


def _write(path: Path, data: bytes) -> None:
    """Write a file of the user's own; an old one stays whole until the new one is."""
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"The file cannot be written: {path}.", str(error)) from error
