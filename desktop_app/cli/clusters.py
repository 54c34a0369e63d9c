"""`likeness clusters`: the photos of a library in groups that look alike, each photo in exactly one."""

from __future__ import annotations

import csv
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.wording import count, printable

if TYPE_CHECKING:
    from desktop_app.core.operations.grouped import Found

_HEADER = ("path", "label")
_ODD = "Odd ones out"


def run(arguments: Namespace) -> int:
    """Run the command. It only looks: the themes of the window stay as they are.

    Raises:
        UserError: there are no photos, or none that can be compared yet; the CSV cannot be written.
    """
    # scikit-learn takes a second to load: only who asks for it waits
    from desktop_app.core.catalog import photos
    from desktop_app.core.operations.grouping import group
    from desktop_app.core.types import PhotoId

    with Library(library_folder(arguments), writable=False) as library:
        finding = group(library, count=arguments.count, method=arguments.method, anew=True)
        found = run_aloud(finding, after=1.0)
        names = _names(library, found)
        facts = photos.fetch(library.connection, found.photos.tolist())
    clusters: list[dict[str, Any]] = []
    for name, own in zip(names, found.groups(), strict=True):
        paths = sorted(str(facts[PhotoId(photo)].path) for photo in own.tolist() if photo in facts)
        clusters.append({"name": name, "size": len(paths), "paths": paths})
    if arguments.csv is not None:
        _write(Path(os.path.abspath(arguments.csv)), clusters)
    if arguments.json:
        print_json({"clusters": clusters})
    elif arguments.csv is not None:
        said = f"{count(found.count, 'theme')} in {printable(str(arguments.csv))}"
        print(said, file=sys.stderr)
    else:
        for one in clusters:
            print_text(f"{one['size']:>7,}  {printable(one['name'])}")
    return 0


def _names(library: Library, found: Found) -> list[str]:
    """A name for each group, none twice; a number where nothing speaks for a name."""
    from desktop_app.core.operations.theme_names import theme_names

    groups = found.groups()
    usual = groups[: len(groups) - found.has_odd]
    try:
        proposed = [one.name for one in run_aloud(theme_names(library, [own.tolist() for own in usual]), after=1.0)]
    except UserError:  # the words of the program are missing: the groups are there all the same
        proposed = [""] * len(usual)
    names = [name or f"Theme {place}" for place, name in enumerate(proposed, 1)]
    return [*names, *([_ODD] if found.has_odd else [])]


def _write(path: Path, clusters: Sequence[dict[str, Any]]) -> None:
    """A CSV with the columns path and label, as `likeness label --csv` reads; an old file stays whole until then."""
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_HEADER)
            writer.writerows([file, one["name"]] for one in clusters for file in one["paths"])
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"The file cannot be written: {path}.", str(error)) from error
