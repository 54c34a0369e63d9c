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

    def shares(self) -> npt.NDArray[np.float64]:
        """How many of the known amounts are smaller, 0 to 1, equal ones alike; NaN where it is not known.

        By order and not by size: a few posts have most of the views, and would have all of the colours.
        """
        known = np.sort(self.values[np.isfinite(self.values)])
        found = np.full(len(self.values), np.nan)
        if len(known):
            below = np.searchsorted(known, self.values, side="left")
            upto = np.searchsorted(known, self.values, side="right")
            place = (below + upto - 1) / 2
            found = np.where(np.isfinite(self.values), place / max(1, len(known) - 1), np.nan)
        return found

    def colours(self, _palette: Sequence[QColor]) -> npt.NDArray[np.uint8]:
        """uint8 (n, 3)."""
        share = self.shares()
        made = blend(np.nan_to_num(share))
        made[~np.isfinite(share)] = _UNKNOWN_COLOUR
        return made

    def legend(self, _palette: Sequence[QColor]) -> list[Entry]:
        """Up to five steps with about as many photos each, from low to high, then those that are not known."""
        share, known = self.shares(), np.isfinite(self.values)
        lines = []
        step = np.minimum(np.nan_to_num(share, nan=-1.0) * 5, 4.999)
        for at in range(5):
            own = known & (step >= at) & (step < at + 1)
            if not own.any():
                continue
            low, high = (self.words(float(edge)) for edge in (self.values[own].min(), self.values[own].max()))
            red, green, blue = blend(share[own].mean(keepdims=True))[0].tolist()
            lines.append(Entry(low if low == high else f"{low} to {high}", QColor(red, green, blue), int(own.sum())))
        missing = int((~known).sum())
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
