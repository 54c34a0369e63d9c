"""`likeness duplicates`: the photos of a library that are copies of one another, and shots of one scene."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.errors import LibraryLocked
from desktop_app.core.library import Library
from desktop_app.core.wording import byte_size, count, printable


def run(arguments: Namespace) -> int:
    """Run the command. Photos are only looked at; what was found out is kept for the next time.

    Raises:
        UserError: there is no library, or it cannot be read.
    """
    # OpenCV takes a moment to load: only who asks for it waits
    from desktop_app.core.catalog import photos
    from desktop_app.core.duplicates.sets import Kind
    from desktop_app.core.images.decode import single_threaded
    from desktop_app.core.operations.copy_sets import arrange
    from desktop_app.core.operations.duplicates import find_duplicates

    single_threaded()
    with _opened(arguments) as library:
        found = run_aloud(find_duplicates(library), after=1.0)
        arranged = run_aloud(arrange(library, found), after=1.0)
        ids = [photo for one in arranged.sets for copy in one.copies for photo in (copy.photo, *copy.same)]
        known = photos.fetch(library.connection, list(dict.fromkeys(ids)))
    groups: list[dict[str, Any]] = []
    kinds: list[str] = []
    for one in arranged.sets:
        if one.score < arguments.threshold:
            continue
        listed = [photo for copy in one.copies for photo in (copy.photo, *copy.same) if photo in known]
        paths = [str(known[photo].path) for photo in listed]
        groups.append({"kind": one.kind.value, "paths": paths, "score": round(one.score, 6)})
        kinds.append(one.kind.words)
    if arguments.json:
        print_json({"groups": groups})
        return 0
    for group, words in zip(groups, kinds, strict=True):
        print_text(f"{words}  {group['score']:.2f}")
        for path in group["paths"]:
            print_text(f"    {printable(path)}")
    summary = arranged.summary
    for kind, words in ((Kind.EXACT, "exact copy|exact copies"), (Kind.NEAR, "near copy|near copies")):
        total = summary.of(kind)
        print(f"{count(total.extra, *words.split('|'))}, {byte_size(total.bytes)}", file=sys.stderr)
    return 0


def _opened(arguments: Namespace) -> Library:
    """The library to write what is found out; beside a window that has it open, only to read it."""
    folder = library_folder(arguments)
    Library(folder, writable=False).close()  # where there is none, none is made
    try:
        return Library(folder)
    except LibraryLocked:
        return Library(folder, writable=False)
