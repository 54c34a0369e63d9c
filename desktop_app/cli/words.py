"""`likeness words`: the photos of a library that fit some words."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any

from desktop_app.cli.output import library_folder, print_json, print_text
from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.words import WordFinder
from desktop_app.core.searching import Words
from desktop_app.core.wording import number, printable
from desktop_app.core.words.found import UnknownWord


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: no words were given, or there is no library.
    """
    text = " ".join(arguments.words).strip()
    if not any(character.isalnum() for character in text):
        raise UserError("Say what to look for: “likeness words dog”.")
    with Library(library_folder(arguments), writable=False) as library:
        found = WordFinder(library).find([Words(f"{text} ")])  # the space: the last word is not being typed any more
        first = found.ids[: arguments.limit].tolist()
        places = photos.fetch(library.connection, first)
        results = [
            {"path": str(places[photo].path), "score": round(score, 4), "word": found.why(photo)}
            for photo, score in zip(first, found.scores.tolist(), strict=False)
            if photo in places
        ]
    for remark in (library.remark, *found.remarks, *map(hint, found.unknown)):
        if remark:
            print(f"likeness: {remark}", file=sys.stderr)
    if arguments.json:
        said: dict[str, Any] = {"results": results}
        if found.unknown:
            said["unknown"] = [_as_json(one) for one in found.unknown]
        print_json(said)
    else:
        for result in results:
            why = f"  ({printable(str(result['word']))})" if result["word"] else ""
            print_text(f"{result['score']:.4f}  {printable(str(result['path']))}{why}")
    return 0


def hint(unknown: UnknownWord) -> str:
    """What to say of a word that finds nothing."""
    said = f"No photo found for “{unknown.word}”."
    if not unknown.known:
        said += " Words work for things: animals, food, vehicles, objects, not people, places or events."
    if unknown.nearest:
        said += f" {unknown.words_here}: {', '.join(f'{one.text} ({number(one.count)})' for one in unknown.nearest)}."
    if unknown.folders:
        said += f" Folders: {', '.join(f'{one.name} ({number(one.count)})' for one in unknown.folders)}."
    return said


def _as_json(unknown: UnknownWord) -> dict[str, Any]:
    return {
        "word": unknown.word,
        "nearest": [{"word": one.text, "count": one.count} for one in unknown.nearest],
        "folders": [{"name": one.name, "count": one.count} for one in unknown.folders],
    }
