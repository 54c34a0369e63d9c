"""A search as text that can be kept: JSON with a version, and back.

Photos are named by their id, files by their path, pictures without a file not at all. What a newer version of the
program wrote and this one does not know is left out, one chip at a time, and a remark says so.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId, Origin
from desktop_app.core.searching import Box, Colours, Example, Filter, FilterKind, Query, Shape, Words
from desktop_app.core.types import FolderId, Order, PhotoId

VERSION = 1

NEWER = "A part of this search was made by a newer version of Likeness and is left out."
_DAMAGED = "This saved search cannot be read. Remove it and save it again."


@dataclass(frozen=True, slots=True)
class Written:
    """A search as text.

    Attributes:
        text: JSON, ASCII only.
        chips: how many chips it holds.
        remarks: sentences about what could not be kept.
    """

    text: str
    chips: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A search that was kept.

    Attributes:
        query: its chips.
        order: how it was sorted.
        remarks: sentences about what this program does not know.
    """

    query: Query
    order: Order = Order.LIKENESS
    remarks: tuple[str, ...] = ()


def to_text(query: Query, order: Order = Order.LIKENESS) -> Written:
    """A search as text. Chips that are switched off are kept as such."""
    chips, remarks = list[dict[str, Any]](), list[str]()
    for example in query.examples:
        if example.photo is None and example.path is None:
            remarks.append(f"“{example.name}” is not saved with the search: it has no file.")
        else:
            chips.append(_example(example))
    chips += [
        {"kind": "words", "text": one.text, "sense": one.sense, "minus": one.minus, "on": one.on} for one in query.words
    ]
    chips += [{"kind": "colours", "colours": [list(rgb) for rgb in one.colours], "on": one.on} for one in query.colours]
    chips += [_filter(one) for one in query.filters]
    text = json.dumps({"version": VERSION, "order": order.value, "chips": chips}, allow_nan=False)
    return Written(text, len(chips), tuple(dict.fromkeys(remarks)))


def from_text(text: str) -> Read:
    """What `to_text` wrote, by this or another version.

    Raises:
        UserError: it is no search at all.
    """
    try:
        held = json.loads(text)
        chips, version = list(held["chips"]), int(held["version"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(_DAMAGED, f"{type(error).__name__}: {error}") from error
    found: dict[str, list[Any]] = {"example": [], "words": [], "colours": [], "filter": []}
    lost = version > VERSION and set(held) > {"version", "order", "chips"}
    for chip in chips:
        try:
            kind = chip["kind"]
            found[kind].append(_READERS[kind](chip))
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            lost = True
    try:
        order = Order(held.get("order", Order.LIKENESS.value))
    except ValueError:
        order, lost = Order.LIKENESS, True
    query = Query(*(tuple(found[kind]) for kind in ("example", "words", "colours", "filter")))
    return Read(query, order, (NEWER,) if lost else ())


# --- writing -------------------------------------------------------------------------------------------------


def _example(one: Example) -> dict[str, Any]:
    chip: dict[str, Any] = {"kind": "example", "name": one.name, "wanted": one.wanted, "on": one.on}
    if one.photo is not None:
        chip["photo"] = int(one.photo)
    if one.path is not None:
        chip["path"] = str(one.path)
    if one.box is not None:
        chip["box"] = [one.box.x, one.box.y, one.box.width, one.box.height]
    return chip


def _filter(one: Filter) -> dict[str, Any]:
    """Only what differs from a filter that says nothing."""
    chip: dict[str, Any] = {"kind": "filter", "filter": one.kind.value, "words": one.words, "on": one.on}
    plain = {
        "folder": None if one.folder is None else int(one.folder),
        "text": one.text or None,
        "first": one.first and one.first.isoformat(),
        "last": one.last and one.last.isoformat(),
        "month": one.month or None,
        "day": one.day or None,
        "choices": list(one.choices) or None,
        "shapes": [shape.value for shape in one.shapes] or None,
        "least": one.least,
        "most": one.most,
        "theme": one.theme,
    }
    chip |= {key: value for key, value in plain.items() if value is not None}
    if one.label is not None:
        chip["label"] = {
            "set": int(one.label.label_set),
            "answers": [None if answer is None else int(answer) for answer in one.label.answers],
            "labelled": one.label.labelled,
            "origins": [origin.value for origin in one.label.origins],
        }
    return chip


# --- reading: whatever is not as it was written raises, and the chip is left out ---------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _maybe(value: object, read: Callable[[object], Any]) -> Any:
    return None if value is None else read(value)


def _known(chip: Mapping[str, Any], *keys: str) -> None:
    """A chip with more to it than is known here would be another search without it."""
    if set(chip) - {"kind", "on", *keys}:
        raise KeyError(set(chip))


def _read_example(chip: Mapping[str, Any]) -> Example:
    _known(chip, "name", "photo", "path", "wanted", "box")
    photo, path = _maybe(chip.get("photo"), _whole), _maybe(chip.get("path"), _text)
    if photo is None and path is None:
        raise ValueError("no picture")
    box = chip.get("box")
    if box is not None:
        x, y, width, height = (_number(value) for value in box)
        box = Box(x, y, width, height)
    return Example(
        _text(chip["name"]),
        None if photo is None else PhotoId(photo),
        None if path is None else Path(path),
        None,
        _flag(chip["wanted"]),
        box,
        _flag(chip["on"]),
    )


def _read_words(chip: Mapping[str, Any]) -> Words:
    _known(chip, "text", "sense", "minus")
    return Words(_text(chip["text"]), _text(chip["sense"]), _flag(chip["minus"]), _flag(chip["on"]))


def _read_colours(chip: Mapping[str, Any]) -> Colours:
    _known(chip, "colours")
    return Colours(tuple(_colour(rgb) for rgb in chip["colours"]), _flag(chip["on"]))


def _colour(rgb: Sequence[object]) -> tuple[int, int, int]:
    red, green, blue = (_whole(value) for value in rgb)
    if not all(0 <= value <= 255 for value in (red, green, blue)):
        raise ValueError(rgb)
    return red, green, blue


def _read_filter(chip: Mapping[str, Any]) -> Filter:
    _known(
        chip, "filter", "words", "folder", "text", "first", "last", "month", "day", "label", "choices", "shapes",
        "least", "most", "theme",
    )  # fmt: skip
    folder = _maybe(chip.get("folder"), _whole)
    return Filter(
        FilterKind(chip["filter"]),
        _text(chip["words"]),
        None if folder is None else FolderId(folder),
        _text(chip.get("text", "")),
        _maybe(chip.get("first"), lambda value: date.fromisoformat(_text(value))),
        _maybe(chip.get("last"), lambda value: date.fromisoformat(_text(value))),
        _whole(chip.get("month", 0)),
        _whole(chip.get("day", 0)),
        _maybe(chip.get("label"), _read_label),
        tuple(_text(value) for value in chip.get("choices", ())),
        tuple(Shape(value) for value in chip.get("shapes", ())),
        _maybe(chip.get("least"), _number),
        _maybe(chip.get("most"), _number),
        _maybe(chip.get("theme"), _whole),
        _flag(chip["on"]),
    )


def _read_label(held: Any) -> LabelFilter:
    return LabelFilter(
        LabelSetId(_whole(held["set"])),
        tuple(None if answer is None else AnswerId(_whole(answer)) for answer in held["answers"]),
        _flag(held["labelled"]),
        tuple(Origin(value) for value in held["origins"]),
    )


_READERS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "example": _read_example,
    "words": _read_words,
    "colours": _read_colours,
    "filter": _read_filter,
}
