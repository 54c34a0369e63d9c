"""What a network's maker wrote down beside it: `NAME.json` next to `NAME.onnx`.

A network's file does not say how pictures become its input. `tools/export_torch_network.py` knows, and writes it down
so that nobody has to be asked. The file is as foreign as the network itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.wording import printable

MARK = "likeness-network"
"""The key that tells such a file from others of that name; its value is the version."""

VERSION = 1
_LARGEST = 20_000_000
_MOST_CLASSES = 100_000
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Beside:
    """A maker's own words about a network.

    Attributes:
        preparation: how a picture becomes its input.
        title: plain words, "" where not said.
        classes: class names in index order; none where not said.
        good_at: what it is good at.
        licence: its name.
        origin: where it comes from.
    """

    preparation: Preparation
    title: str = ""
    classes: tuple[str, ...] = ()
    good_at: str = ""
    licence: str = ""
    origin: str = ""


def read_beside(network: Path) -> Beside | None:
    """What lies beside a network's file; None where nothing does that means it.

    Raises:
        UserError: it is damaged, or of a newer version of the program.
    """
    file = network.with_suffix(".json")
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        values = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None  # nobody said that it is about this network
    if not isinstance(values, dict) or MARK not in values:
        return None
    if values[MARK] != VERSION:
        raise UserError(f"“{printable(file.name)}” is of another version of Likeness. Update Likeness, or remove it.")
    try:
        return Beside(
            preparation=Preparation.from_dict(values["preparation"]),
            classes=_names(values.get("classes", [])),
            **{key: _text(values.get(key, "")) for key in ("title", "good_at", "licence", "origin")},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"“{printable(file.name)}” beside the network is damaged. Correct it, or remove it."
        raise UserError(message, f"{file}: {type(error).__name__}: {error}") from error


def write_beside(network: Path, said: Beside) -> Path:
    """Write it down; gives the file's path. Raises OSError."""
    file = network.with_suffix(".json")
    values: Mapping[str, Any] = {
        MARK: VERSION,
        "title": said.title,
        "good_at": said.good_at,
        "licence": said.licence,
        "origin": said.origin,
        "preparation": said.preparation.to_dict(),
        "classes": list(said.classes),
    }
    file.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
    return file


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError(f"{value!r:.80} is no text")
    return printable(value)


def _names(value: Sequence[object]) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_CLASSES:
        raise ValueError("classes is no list")
    if not all(isinstance(name, str) and name.strip() for name in value):
        raise ValueError("a class without a name")
    return tuple("\t".join(_text(part) for part in str(name).split("\t")) for name in value)
