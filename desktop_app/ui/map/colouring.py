"""What the map is coloured by: a value for each photo, and the legend of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from desktop_app.core import wording

UNKNOWN = -1
UNKNOWN_WORDS = "Not known"

# viridis (van der Walt and Smith 2015): even to the eye, the same to the colour-blind, brighter for more
_STOPS = np.array([(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)], np.float64)
_UNKNOWN_COLOUR = (140, 140, 140)
_SHOWN = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend."""

    words: str
    colour: QColor
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Photos of some kinds: themes, answers.

    Attributes:
        name: what the kinds are, "Answer".
        codes: int (n,), the kind of each photo, an index of `names`; -1 where it has none.
        names: of the kinds.
        none: what having none is called.
    """

    name: str
    codes: npt.NDArray[np.integer]
    names: tuple[str, ...]
    none: str = UNKNOWN_WORDS

    def shown(self) -> npt.NDArray[np.int64]:
        """The kinds with a colour of their own: the nine largest in the order of `names`."""
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        return np.sort(np.argsort(-counts, kind="stable")[:_SHOWN])

    def colours(self, palette: Sequence[QColor]) -> npt.NDArray[np.uint8]:
        """uint8 (n, 3)."""
        table = np.full((len(self.names) + 1, 3), _UNKNOWN_COLOUR, np.uint8)
        for at, kind in enumerate(self.shown().tolist()):
            table[kind] = rgb(palette[at % len(palette)])
        colours: npt.NDArray[np.uint8] = table[self.codes]
        return colours

    def legend(self, palette: Sequence[QColor]) -> list[Entry]:
        """A line for each kind with a colour of its own, then for all others."""
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        shown = self.shown().tolist()
        lines = [
            Entry(self.names[kind], palette[at % len(palette)], int(counts[kind])) for at, kind in enumerate(shown)
        ]
        others, grey = int(counts.sum()) - sum(line.count for line in lines), QColor(*_UNKNOWN_COLOUR)
        if others:
            lines.append(Entry(f"{len(self.names) - len(shown)} others", grey, others))
        if (self.codes < 0).any():
            lines.append(Entry(self.none, grey, int((self.codes < 0).sum())))
        return lines


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """An amount of each photo: a date, a metric.

    Attributes:
        name: what it is, "Views".
        values: float (n,), NaN where it is not known.
        words: how one is written.
    """

    name: str
    values: npt.NDArray[np.floating]
    words: Callable[[float], str] = _plain

    def range(self) -> tuple[float, float]:
        """From where to where the colours go: the middle 96 of 100, so that one outlier does not take them all."""
        known = self.values[np.isfinite(self.values)]
        if not len(known):
            return 0.0, 1.0
        low, high = (float(edge) for edge in np.quantile(known, (0.02, 0.98)))
        return (low, high) if high > low else (low, low + 1.0)

    def colours(self, _palette: Sequence[QColor]) -> npt.NDArray[np.uint8]:
        """uint8 (n, 3)."""
        low, high = self.range()
        share = np.clip((np.nan_to_num(self.values, nan=low) - low) / (high - low), 0.0, 1.0)
        made = blend(share)
        made[~np.isfinite(self.values)] = _UNKNOWN_COLOUR
        return made

    def legend(self, _palette: Sequence[QColor]) -> list[Entry]:
        """Five steps from low to high, then those that are not known."""
        low, high = self.range()
        known = self.values[np.isfinite(self.values)]
        edges = np.linspace(low, high, 6)
        lines = []
        for at in range(5):
            start = -np.inf if at == 0 else edges[at]
            end = np.inf if at == 4 else edges[at + 1]
            count = int(((known >= start) & (known < end)).sum())
            red, green, blue = blend(np.array([(at + 0.5) / 5]))[0].tolist()
            words = f"{self.words(float(edges[at]))} to {self.words(float(edges[at + 1]))}"
            lines.append(Entry(words, QColor(red, green, blue), count))
        missing = len(self.values) - len(known)
        if missing:
            lines.append(Entry(UNKNOWN_WORDS, QColor(*_UNKNOWN_COLOUR), missing))
        return lines


Colouring = Kinds | Amounts


def rgb(colour: QColor) -> tuple[int, int, int]:
    """Red, green, blue."""
    return colour.red(), colour.green(), colour.blue()


def blend(share: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """The scale's colours: shares from 0 to 1 (n,) as uint8 (n, 3)."""
    at = np.clip(share, 0.0, 1.0) * (len(_STOPS) - 1)
    channels = [np.interp(at, np.arange(len(_STOPS)), _STOPS[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def as_text(lines: Sequence[Entry]) -> str:
    """A legend for a screen reader."""
    return "; ".join(f"{line.words}: {wording.count(line.count, 'photo')}" for line in lines)
