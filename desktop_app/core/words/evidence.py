"""What speaks for a name of a group of photos: it is often right inside and seldom outside.

How well a word separates a group is the divergence (Kullback and Leibler, 1951) between how often it holds inside and
outside: p log(p / q) + (1 - p) log((1 - p) / (1 - q)) in nats, for words that are more frequent inside. Like tf-idf it
grows with how much of the group a word covers and falls with how common it is; unlike it, a wider word wins as soon
as it covers more without letting others in. Times the count of photos it is half of the likelihood ratio G², so that
a few photos have to say more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Vectors

Kind = Literal["things", "folder", "caption"]
Floats = npt.NDArray[np.float32]

LEAST = 0.3
"""Nats below which nothing is the mark of a group."""
TOGETHER = 2.0
"""Nats over all photos of a group that are needed."""
_COVERAGE = 0.25  # how much covering more counts, measured with benchmarks/names.py
_EDGE = 1e-4
_SYLLABLES, _WORDS = "\u3040", "\u3400"  # from here on a letter is a syllable, from there on a word


@dataclass(frozen=True, slots=True, eq=False)
class GroupFacts:
    """What is known of the photos of one group; those of two groups together are their sum.

    Attributes:
        size: photos.
        seen: photos that a network with ImageNet's classes has seen.
        things: float32 (1000,), sums of their class probabilities, in the order of `WordNet.classes`.
        folders: photos by the name of a folder they are in, at any depth.
        told: photos that have a caption.
        texts: photos by a word or hashtag of their captions.
    """

    size: int = 0
    seen: int = 0
    things: Vectors = field(default_factory=lambda: np.zeros(1000, np.float32))
    folders: Mapping[str, int] = field(default_factory=dict)
    told: int = 0
    texts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: GroupFacts) -> GroupFacts:
        return total((self, other))


def total(groups: Iterable[GroupFacts]) -> GroupFacts:
    """What is known of the photos of several groups together."""
    size = seen = told = 0
    things = np.zeros(1000, np.float32)
    folders, texts = Counter[str](), Counter[str]()
    for group in groups:
        size, seen, told = size + group.size, seen + group.seen, told + group.told
        things += group.things
        folders.update(group.folders)
        texts.update(group.texts)
    return GroupFacts(size, seen, things, folders, told, texts)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for one name.

    Attributes:
        kind: things in the photos, a folder they are in, or words of their captions.
        name: as it stands in a theme's name.
        synsets: what it means, where it is a word of WordNet.
        inside: how often it holds among the photos of the group, 0 to 1.
        outside: how often among the others.
        nats: how well it separates the group from them.
        value: by what names are chosen: `worth`, less for wide words, more for a person's own.
    """

    kind: Kind
    name: str
    synsets: tuple[str, ...]
    inside: float
    outside: float
    nats: float
    value: float = 0.0

    @property
    def sentence(self) -> str:
        """Why, for a person."""
        shares = f"{_in_100(self.inside, 'photos here')}, {_in_100(self.outside, 'elsewhere')}."
        if self.kind == "folder":
            return f"In the folder “{self.name}”: {shares}"
        if self.kind == "caption":
            return f"“{self.name}” in the caption: {shares}"
        return f"Looks like {self.name}: {shares}"


def worth(nats: Any, inside: Any) -> Any:
    """Separation, and a little of coverage; of numbers or of arrays."""
    return nats * inside**_COVERAGE


def _in_100(share: float, where: str) -> str:
    count = round(100 * share)
    if count == 0:
        return f"hardly any {where}"
    return f"nearly all {where}" if count == 100 else f"about {count} in 100 {where}"


def separation(inside: npt.ArrayLike, outside: npt.ArrayLike) -> Floats:
    """Nats by which shares inside tell a group from the others, 0 where a word is not more frequent inside.

    Args:
        inside: shares 0 to 1, any shape.
        outside: the same.
    """
    p = np.clip(np.asarray(inside, np.float64), _EDGE, 1 - _EDGE)
    q = np.clip(np.asarray(outside, np.float64), _EDGE, 1 - _EDGE)
    found = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    return np.where(p > q, found, 0).astype(np.float32)


def letters(text: str) -> int:
    """How many letters a text has, where one that stands for a syllable counts as two, for a word as three."""
    return sum(1 + (char >= _SYLLABLES) + (char >= _WORDS) for char in text if char.isalpha())


def is_sure(nats: float) -> float:
    """How likely a name is right, 0 to 1: the odds are four times the separation, measured with benchmarks/names.py."""
    return 4 * nats / (1 + 4 * nats)
