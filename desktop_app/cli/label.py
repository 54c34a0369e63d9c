"""`likeness label`: label photos of a library by the folders they lie in, or by a CSV file."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.label_files import import_csv, import_folders
from desktop_app.core.wording import count, printable

_SHOWN = 20


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no library, nothing to read, or no photo of the library is meant.
    """
    if arguments.only and arguments.from_folders is None:
        raise UserError("“--only” chooses among folders: use it with “--from-folders”.")
    folder = library_folder(arguments)
    if not paths.is_file(folder / paths.CATALOGUE):
        raise UserError(f"There is no library at {folder}.")
    with Library(folder) as library:
        if arguments.csv is not None:
            operation = import_csv(library, Path(os.path.abspath(arguments.csv)), arguments.set)
        else:
            operation = import_folders(
                library, Path(os.path.abspath(arguments.from_folders)), arguments.set, only=arguments.only
            )
        result = run_aloud(operation)
    for path in result.unknown[:_SHOWN]:
        print(f"likeness: not a photo of this library: {path}", file=sys.stderr)
    if len(result.unknown) > _SHOWN:
        print(f"likeness: and {len(result.unknown) - _SHOWN:,} more", file=sys.stderr)
    if result.without:
        print(f"likeness: {count(result.without, 'photo')} without a label", file=sys.stderr)
    if arguments.json:
        print_json({"labelled": result.labelled, "classes": result.classes})
        return 0
    print_text(f"{count(result.labelled, 'photo')} labelled in “{printable(arguments.set)}”")
    for name, number in result.classes.items():
        print_text(f"{number:>8,}  {printable(name)}")
    return 0
