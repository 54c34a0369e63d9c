"""What one word of the command line means: a path, a number, a day, a box; a sentence where it is none."""

from __future__ import annotations

import argparse
import math
from datetime import date
from pathlib import Path


def a_path(text: str) -> Path:
    """A path; nothing at all would be the folder one is in, which nobody means."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a file or a folder, and not nothing")
    return Path(text)


def a_count(text: str) -> int:
    """A whole number from 0 on."""
    return _whole(text, 0, "a number from 0 on")


def count_or_auto(text: str) -> int | None:
    """A whole number from 1 on; None for "auto"."""
    return None if text == "auto" else _whole(text, 1, "auto, or a number from 1 on")


def length(text: str) -> int:
    """How many photos a way has."""
    return _whole(text, 2, "a number from 2 to 60", 60)


def share(text: str) -> float:
    """A number from 0 to 1."""
    return _number(text, 0, 1, "a number from 0 to 1")


def score(text: str) -> float:
    """A score of a search."""
    return _number(text, -1, 1, "a number from -1 to 1")


def least(text: str) -> float:
    """A number from 0 on."""
    return _number(text, 0, math.inf, "a number from 0 on")


def positive(text: str) -> float:
    """A number above 0; infinitely many is one."""
    value = _float(text, "a number above 0")
    if not value > 0:
        raise argparse.ArgumentTypeError("a number above 0")
    return value


def day(text: str) -> date:
    """A day as it is written in ISO 8601."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day such as 2019-05-31, and not “{text}”") from None


def a_box(text: str) -> tuple[tuple[float, float, float, float], bool]:
    """Four numbers, and whether they are parts of the picture (0 to 1) and no pixels."""
    parts = [part.strip() for part in text.split(",")]
    shares = [part.endswith("%") for part in parts]
    meant = "four numbers such as 10,20,300,200, or four such as 10%"
    if len(parts) != 4 or any(shares) != all(shares):
        raise argparse.ArgumentTypeError(meant)
    numbers = [_float(part.removesuffix("%"), meant) / (100 if all(shares) else 1) for part in parts]
    if not all(math.isfinite(number) for number in numbers):
        raise argparse.ArgumentTypeError(meant)
    x, y, width, height = numbers
    return (x, y, width, height), all(shares)


def _float(text: str, meant: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{meant}, and not “{text}”") from None


def _number(text: str, low: float, high: float, meant: str) -> float:
    value = _float(text, meant)
    if not (low <= value <= high and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"{meant}, and not “{text}”")
    return value


def _whole(text: str, low: int, meant: str, high: float = math.inf) -> int:
    try:
        value = int(text)
    except ValueError:  # no number, or one with thousands of digits
        raise argparse.ArgumentTypeError(f"{meant}, and not “{text[:40]}”") from None
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{meant}, and not “{text[:40]}”")
    return value
