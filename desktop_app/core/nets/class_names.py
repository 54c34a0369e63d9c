"""Reading the names of a network's classes from the files that people have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.wording import printable

LARGEST_FILE = 10_000_000
MOST_CLASSES = 100_000
_LONGEST = 1_000
# as the lists of ImageNet write it: "n01440764 tench, Tinca tinca"
_SYNSET = re.compile(r"(n\d{8})[ \t,]+(\S.*)")


def read_class_names(path: Path, count: int = 0) -> tuple[str, ...]:
    """The names of classes in index order.

    Read are text with a name a line (also "n01440764 tench", as lists of ImageNet have it) and JSON: a list of names,
    or an object from index to name or to [identifier, name].

    Args:
        path: the file.
        count: how many there have to be; 0: any number.

    Returns:
        One "name" or "identifier<TAB>name" each, on one line, never empty.

    Raises:
        UserError: one sentence why these are not the names.
    """
    shown = printable(path.name)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(f"“{shown}” is too large to be a list of class names.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"“{shown}” cannot be read.", str(error)) from error
    except UnicodeDecodeError as error:
        raise UserError(f"“{shown}” is not a text file, so it holds no class names.", str(error)) from error
    try:
        names = _from_json(text) if text.lstrip()[:1] in ("[", "{") else text.rstrip().splitlines()
        found = tuple(_clean(name) for name in names)
    except (ValueError, TypeError, RecursionError) as error:
        raise UserError(
            f"“{shown}” does not say the names of classes in a way that Likeness reads.", str(error)
        ) from error
    if not found or len(found) > MOST_CLASSES:
        raise UserError(f"“{shown}” holds no class names.")
    check_count(found, count)
    return found


def check_count(names: tuple[str, ...], count: int) -> None:
    """Whether there are as many names as classes; 0 classes: not known.

    Raises:
        UserError: there are not.
    """
    if count and len(names) != count:
        raise UserError(
            f"The network has {wording.number(count)} classes, and there are {wording.number(len(names))} names."
        )


def write_class_names(path: Path, names: tuple[str, ...]) -> None:
    """As `Network.classes` has them: one a line."""
    path.write_text("".join(f"{_clean(name)}\n" for name in names), "utf-8")


def _clean(name: Any) -> str:
    if isinstance(name, (list, tuple)):  # Keras: ["n01440764", "tench"]
        identifier, name = name
        name = f"{identifier}\t{str(name).replace('_', ' ')}"
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no name")
    if found := _SYNSET.fullmatch(name.strip()):
        name = f"{found[1]}\t{found[2]}"
    parts = [printable(part).strip() for part in name.split("\t")]
    clean = "\t".join(part for part in parts if part)
    if not clean or len(clean) > _LONGEST:
        raise ValueError(f"the name {name[:40]!r}")
    return clean


def _from_json(text: str) -> list[Any]:
    value = json.loads(text)
    if isinstance(value, dict):
        by_index = {int(index): name for index, name in value.items()}
        return [by_index[index] for index in range(len(by_index))] if by_index.keys() == set(range(len(value))) else []
    return list(value)
