"""What a handed-over file says of itself: JSON in its metadata, never a pickle, never a path of the maker's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from desktop_app.core.handover.agreement import Agreement
from desktop_app.core.handover.parts import HeadParts, NetworkFile

FORMAT = 1
"""Rises when an older program could no longer read the file rightly."""

FORMAT_KEY = "likeness.format"
CLASSES_KEY = "likeness.classes"
ABOUT_KEY = "likeness.about"
AGREEMENT_KEY = "likeness.agreement"

SURE = 0.6
"""From this probability on an answer counts as sure, unless the file says otherwise."""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """Random photos that a person judged without seeing the guess."""

    right: int
    checked: int
    low: float  # range of the share that is right, 0 to 1
    high: float


@dataclass(frozen=True, slots=True)
class About:
    """Where a classifier comes from and how good it is.

    Attributes:
        name: of the label set.
        made: date, ISO 8601.
        program: version of Likeness.
        counts: labelled photos per class that a person looked at.
        network: name, title, precision, licence, origin, sha256, key of the network.
        head: kind of head and the layers it works on.
        accuracy: share right on the person's own labels, 0 to 1; None while there are too few.
        interval: likely range of it.
        spot_check: None where none was made.
        sure: from this probability on an answer counts as sure.
        weak_points: sentences.
    """

    name: str
    made: str
    program: str
    counts: Mapping[str, int]
    network: Mapping[str, str]
    head: Mapping[str, Any]
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    spot_check: SpotCheck | None = None
    sure: float = SURE
    weak_points: tuple[str, ...] = field(default=())


def describe_network(network: NetworkFile) -> dict[str, str]:
    """What `About.network` holds."""
    names = ("name", "title", "precision", "licence", "origin", "sha256", "key")
    return {name: str(getattr(network, name)) for name in names}


def describe_head(head: HeadParts) -> dict[str, Any]:
    """What `About.head` holds."""
    return {"kind": head.kind, "layers": list(head.layers), "temperature": round(head.temperature, 6)}


def to_metadata(classes: tuple[str, ...], about: About, agreement: Agreement | None) -> dict[str, str]:
    """Everything as the entries of an ONNX file's `metadata_props`."""
    values = {
        FORMAT_KEY: str(FORMAT),
        CLASSES_KEY: json.dumps(list(classes), ensure_ascii=True),
        ABOUT_KEY: json.dumps(asdict(about), ensure_ascii=True, allow_nan=False),
    }
    if agreement is not None:
        values[AGREEMENT_KEY] = json.dumps(asdict(agreement), ensure_ascii=True, allow_nan=False)
    return values


def classes_from(text: str) -> tuple[str, ...]:
    """The class names of a file.

    Raises:
        ValueError: they are none.
    """
    names = json.loads(text)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError("class names")
    return tuple(names)


def about_from(text: str) -> About:
    """What a file says of itself; fields of a newer version are passed over.

    Raises:
        ValueError: it is not what `to_metadata` writes.
    """
    raw = _object(text)
    try:
        check, interval, accuracy = raw.get("spot_check"), raw.get("interval"), raw.get("accuracy")
        return About(
            name=str(raw["name"]),
            made=str(raw["made"]),
            program=str(raw.get("program", "")),
            counts={str(name): int(number) for name, number in dict(raw["counts"]).items()},
            network={str(name): str(value) for name, value in dict(raw["network"]).items()},
            head=dict(raw["head"]),
            accuracy=None if accuracy is None else float(accuracy),
            interval=None if interval is None else (float(interval[0]), float(interval[1])),
            spot_check=None if check is None else _spot_check(check),
            sure=float(raw.get("sure", SURE)),
            weak_points=tuple(str(sentence) for sentence in raw.get("weak_points", ())),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"about: {error}") from error


def agreement_from(text: str) -> Agreement | None:
    """The check at export, None where the file has none or one that cannot be read."""
    try:
        raw = _object(text)
        return Agreement(**{name: raw[name] for name in Agreement.__dataclass_fields__})
    except (ValueError, KeyError, TypeError):
        return None


def _spot_check(raw: Mapping[str, Any]) -> SpotCheck:
    return SpotCheck(int(raw["right"]), int(raw["checked"]), float(raw["low"]), float(raw["high"]))


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if isinstance(raw, dict):
        return raw
    raise ValueError("no object")
