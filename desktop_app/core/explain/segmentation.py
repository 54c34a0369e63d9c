"""What is where in a picture, by a network that answers for each place: classes, their shares and their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Classes = npt.NDArray[np.uint16]
Colours = npt.NDArray[np.uint8]

VOC = (
    "background",
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "table",
    "dog",
    "horse",
    "motorbike",
    "person",
    "plant",
    "sheep",
    "sofa",
    "train",
    "television",
)
"""The classes of PASCAL VOC in their order, which most networks of 21 classes were trained on."""

_ROWS = 128  # of a map that are looked at in one go
# Chosen one after the other, each as far as can be in CIELAB from those before it and from black, by the least
# favourable of usual sight and the three kinds of colour blindness (simulated as Machado, Oliveira, Fernandes, 2009).
_APART = (
    (0xFF, 0xCC, 0x00),
    (0x00, 0xFF, 0xFF),
    (0x00, 0x33, 0xFF),
    (0x99, 0x33, 0x00),
    (0xCC, 0xFF, 0x99),
    (0x66, 0x00, 0x66),
    (0x99, 0x66, 0xCC),
    (0x33, 0x99, 0x99),
    (0xFF, 0x66, 0x33),
    (0x33, 0x00, 0x99),
    (0xCC, 0xCC, 0x99),
    (0x66, 0x00, 0x00),
)
_FEWEST_APART = 0.35  # how much lighter or darker a repeated colour may become


@dataclass(frozen=True, slots=True)
class Part:
    """One class that is in a picture.

    Attributes:
        number: of the class.
        name: in plain words; "class 7" where nobody named it.
        colour: red, green, blue, 0 to 255.
        share: of the picture, in (0, 1].
        background: it is what the network calls "nothing of these".
    """

    number: int
    name: str
    colour: tuple[int, int, int]
    share: float
    background: bool


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """What is where.

    Attributes:
        classes: uint16 (h, w), the class at each place; the size is the network's answer, not the picture's.
        sureness: float32 (h, w) in [0, 1], how sure the network is of it.
        parts: the classes that are there, the largest first: the legend.
        palette: uint8 (classes, 3), red, green, blue of every class.
    """

    classes: Classes
    sureness: Floats
    parts: tuple[Part, ...]
    palette: Colours

    def picture(self) -> npt.NDArray[np.uint8]:
        """The classes as colours with opacity: uint8 (h, w, 4); the background is see-through."""
        shown = np.full(len(self.palette), 255, np.uint8)
        shown[[part.number for part in self.parts if part.background]] = 0
        table = np.concatenate([self.palette, shown[:, np.newaxis]], axis=1)
        return np.ascontiguousarray(table[self.classes])

    def at(self, y: float, x: float) -> Part:
        """The class at a point, in fractions of the part of the picture that the network saw."""
        rows, columns = self.classes.shape
        down, along = min(max(0, int(y * rows)), rows - 1), min(max(0, int(x * columns)), columns - 1)
        number = int(self.classes[down, along])
        return next(part for part in self.parts if part.number == number)


def segments(scores: Floats, names: Sequence[str] = (), *, background: int | None = None) -> Segments:
    """The classes of a picture from a network's answer.

    Args:
        scores: float32 (C, h, w), a score of each class at each place: probabilities or what a softmax makes them
            of. With one class (1, h, w) a score above 0, or a probability above one half, is that class and the rest
            background.
        names: of the classes in order; may be fewer, or none.
        background: number of the class that means nothing; None looks for that name, or takes VOC's.

    Raises:
        ValueError: no classes or no places, or values that are not finite.
    """
    if scores.ndim != 3 or 0 in scores.shape:
        raise ValueError(f"no classes and places: {scores.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("values that are not finite")
    if len(scores) == 1:
        scores = _against_nothing(scores)
        names = ("background", names[0] if names else "the thing")
    elif not names and len(scores) == len(VOC):
        names = VOC
    elif len(names) == len(scores) - 1 and "background" not in map(str.lower, names):
        names = ("background", *names)
    count = len(scores)
    if background is None:
        background = _background(names)
    classes, sureness = _best(scores)
    palette = colours(count)
    numbers, sizes = np.unique(classes, return_counts=True)
    parts = [
        Part(
            number,
            names[number] if number < len(names) and names[number] else f"class {number}",
            (int(palette[number, 0]), int(palette[number, 1]), int(palette[number, 2])),
            size / classes.size,
            number == background,
        )
        for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True)
    ]
    parts.sort(key=lambda part: (-part.share, part.number))
    return Segments(classes, sureness, tuple(parts), palette)


def colours(count: int) -> Colours:
    """A colour for each of so many classes: uint8 (count, 3).

    VOC's own for its 21. Else colours that stay apart with each kind of colour blindness, the first one black for the
    background; beyond a dozen they come again lighter and darker, since no larger set is told apart by colour alone.
    """
    if count == len(VOC):
        return _voc(count)
    made = np.zeros((count, 3), np.uint8)
    for number in range(1, count):
        base = np.array(_APART[(number - 1) % len(_APART)], np.float64)
        turn = (number - 1) // len(_APART)
        if turn:  # 1 lighter, 2 darker, 3 lighter again by more ...
            share = _FEWEST_APART + (1 - _FEWEST_APART) * (1 - 1 / (1 + (turn - 1) // 2 / 4)) * 0.9
            base = base + (255 - base) * share if turn % 2 else base * (1 - share)
        made[number] = np.round(base).astype(np.uint8)
    return made


def _voc(count: int) -> Colours:
    """The colour map of the VOC development kit: the bits of a class's number, spread over the three colours."""
    made = np.zeros((count, 3), np.uint8)
    for number in range(count):
        rest = number
        for shift in range(7, -1, -1):
            for channel in range(3):
                made[number, channel] |= np.uint8((rest >> channel & 1) << shift)
            rest >>= 3
    return made


def _background(names: Sequence[str]) -> int | None:
    for number, name in enumerate(names):
        if name.lower() in ("background", "__background__", "unlabeled", "unlabelled", "void"):
            return number
    return None


def _against_nothing(scores: Floats) -> Floats:
    """One class against background, both as logarithms of probabilities."""
    one = scores[0].astype(np.float64)
    if one.min() >= 0 and one.max() <= 1:
        one = np.clip(one, 1e-7, 1 - 1e-7)
        one = np.log(one) - np.log1p(-one)
    return np.stack([np.zeros_like(one), one]).astype(np.float32)


def _best(scores: Floats) -> tuple[Classes, Floats]:
    """The best class at each place and its probability, some rows at a time: an answer may be large."""
    _, height, width = scores.shape
    classes, sureness = np.empty((height, width), np.uint16), np.empty((height, width), np.float32)
    probabilities = _are_probabilities(scores)
    for start in range(0, height, _ROWS):
        block = scores[:, start : start + _ROWS]
        best = block.argmax(axis=0)
        top = np.take_along_axis(block, best[np.newaxis], axis=0)[0]
        classes[start : start + _ROWS] = best
        sureness[start : start + _ROWS] = top if probabilities else 1 / np.exp(block - top).sum(axis=0)
    return classes, np.clip(sureness, 0.0, 1.0)


def _are_probabilities(scores: Floats) -> bool:
    """Whether the classes of each place, of some rows, sum to 1."""
    some = scores[:, :: max(1, scores.shape[1] // 8)]
    return bool(some.min() >= 0 and np.allclose(some.sum(axis=0), 1, atol=1e-2))
