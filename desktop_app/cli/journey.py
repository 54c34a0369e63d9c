"""`likeness journey`: photos of a library that lead from one picture to another in small steps."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.cli.pictures import absolute, read
from desktop_app.core.catalog import photos
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.library import Library
from desktop_app.core.operations.journey import Journey, Journeys
from desktop_app.core.wording import count, printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no library, a picture is missing or unreadable, or nothing leads from one to the other.
    """
    single_threaded()
    with Library(library_folder(arguments), writable=False) as library:
        ends = [absolute(image) for image in (arguments.start, arguments.end)]
        for image in ends:
            _check(library, image)
        journeys = Journeys(library, arguments.descriptor)
        found = run_aloud(journeys.find(ends[0], ends[1], arguments.length), after=1.0)
        results = _results(library, found, ends)
    if 0 < arguments.length != len(results):
        print(f"likeness: Only {count(len(results), 'photo')} fit on the way between these two.", file=sys.stderr)
    if arguments.json:
        print_json({"results": results})
    else:
        for result in results:
            to_next = result["to_next"]
            print_text(f"{'      ' if to_next is None else format(to_next, '.4f')}  {printable(result['path'])}")
    return 0


def _check(library: Library, image: Path) -> None:
    """Say which of the two pictures cannot be read."""
    if photos.by_path(library.connection, image) is not None:
        return
    read(image, 256)


def _results(library: Library, found: Journey, ends: list[Path]) -> list[dict[str, Any]]:
    known = photos.fetch(library.connection, found.ids[1:-1])
    between = [known[photo].path for photo in found.ids[1:-1] if photo in known]
    ways: list[float | None] = [round(likeness, 6) for likeness in found.likeness]
    if len(between) < len(found.ids) - 2:  # one went meanwhile
        ways = [None] * (len(between) + 1)
    return [
        {"path": str(path), "to_next": likeness}
        for path, likeness in zip((ends[0], *between, ends[1]), (*ways, None), strict=True)
    ]
