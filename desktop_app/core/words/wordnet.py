"""WordNet 3.0 above the 1000 classes of ImageNet: what things are called, and what they are kinds of.

Loaded from resources/words at first use (some 20 ms), then shared by all threads; nothing in it changes. "Under" a
synset are the classes that are kinds of it, a class itself included.
"""

from __future__ import annotations

import functools
import gzip
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.types import Vectors
from desktop_app.core.words import forms

WORDS, PLAIN = "words.json.gz", "plain.toml"

Classes = npt.NDArray[np.int64]
"""Classes of ImageNet by index: int64 (n,), rising."""


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning.

    Attributes:
        id: as ImageNet writes it: "n" and eight digits.
        names: WordNet's words for it.
        gloss: its definition.
        parents: ids of what it is a kind of; none only at the root.
    """

    id: str
    names: tuple[str, ...]
    gloss: str
    parents: tuple[str, ...]


class WordNet:
    """The synsets of `resources/words`; ids are those of `Synset`. Every method raises KeyError for an unknown id.

    Args:
        content: what tools/make_words.py writes.
        plain: plain words: tables `groups`, `classes`, `hints` and `also`.

    Attributes:
        classes: ids of the classes by index.
        ids: all ids in order.
        groups: those above classes that may name a group of photos.
        senses: of words with several meanings, in small letters: the ids, the most usual first.
        plurals: singulars of irregular plurals.
        plain: one and several in plain words, by id, where they differ from WordNet's.
        also: ids by words that people use and WordNet does not have.
    """

    def __init__(self, content: Mapping[str, Any], plain: Mapping[str, Any]) -> None:
        rows = content["synsets"]
        self.ids: tuple[str, ...] = tuple(row[0] for row in rows)
        self._synsets = {
            id_: Synset(id_, tuple(names), gloss, tuple(self.ids[place] for place in parents))
            for id_, names, gloss, parents in rows
        }
        self.classes: tuple[str, ...] = tuple(self.ids[place] for place in content["classes"])
        self.senses = {word: [self.ids[place] for place in places] for word, places in content["senses"].items()}
        self.plurals: dict[str, list[str]] = content["plurals"]
        self._class_index = {id_: index for index, id_ in enumerate(self.classes)}
        self.plain = {
            **{id_: _pair(words) for id_, words in plain["groups"].items()},
            **{id_: _pair(words) for id_, words in plain["classes"].items()},
        }
        self.groups: frozenset[str] = frozenset(plain["groups"])
        self._hints: dict[str, str] = plain["hints"]
        self.also: dict[str, list[str]] = plain["also"]
        self._up: dict[str, dict[str, int]] = {}
        self._depths: dict[str, int] = {}

    # --- what things are called ------------------------------------------------------------------------------

    def synset(self, id_: str) -> Synset:
        """One meaning."""
        return self._synsets[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._synsets

    def name(self, id_: str) -> str:
        """One of it, in the word that most people would use: "coffee cup"."""
        plain = self.plain.get(id_)
        return plain[0] if plain else self._synsets[id_].names[0]

    def plural(self, id_: str) -> str:
        """Several of it: "coffee cups"; what is not counted stays as it is: "furniture"."""
        plain = self.plain.get(id_)
        return plain[1] if plain else forms.plural(self._synsets[id_].names[0])

    def is_group_name(self, id_: str) -> bool:
        """Whether it may name a group of photos: a class, or a word above that people use ("dog", not "chordate")."""
        return id_ in self._class_index or id_ in self.groups

    def hint(self, id_: str) -> str:
        """The broad kind of a thing in a word, by which meanings of the same word are told apart: "bird", "machine"."""
        near = sorted(self.steps(id_), key=lambda one: (self.steps(id_)[one], -self.depth(one)))
        return next((self._hints[one] for one in near if one in self._hints and self._hints[one] != self.name(id_)), "")

    # --- what is a kind of what ------------------------------------------------------------------------------

    def steps(self, id_: str) -> Mapping[str, int]:
        """Everything it is a kind of, itself included, with the fewest steps up to it; nearest first."""
        known = self._up.get(id_)
        if known is None:
            known, edge, far = {self._synsets[id_].id: 0}, [id_], 0
            while edge:
                far += 1
                edge = [up for one in edge for up in self._synsets[one].parents if up not in known]
                for up in edge:
                    known.setdefault(up, far)
            self._up[id_] = known
        return known

    def ancestors(self, id_: str) -> frozenset[str]:
        """Everything it is a kind of, without itself."""
        return frozenset(self.steps(id_)) - {id_}

    def depth(self, id_: str) -> int:
        """Steps of the longest way up to the root: what is a kind of a thing is always deeper than it."""
        known = self._depths.get(id_)
        if known is None:
            known = 1 + max((self.depth(up) for up in self._synsets[id_].parents), default=-1)
            self._depths[id_] = known
        return known

    def common(self, ids: Iterable[str]) -> str:
        """The most specific thing that all of them are kinds of (or are): the deepest, then that over fewest classes.

        Raises:
            ValueError: no ids.
        """
        shared: set[str] | None = None
        for id_ in ids:
            up = self.steps(id_)
            shared = set(up) if shared is None else shared & up.keys()
        if not shared:
            raise ValueError("the common ancestor of nothing")
        return min(shared, key=lambda one: (-self.depth(one), len(self.under(one)), one))

    def distance(self, first: str, second: str) -> int:
        """Steps of the shortest way from one up to something both are kinds of, and down to the other."""
        one, other = self.steps(first), self.steps(second)
        return min(steps + other[up] for up, steps in one.items() if up in other)

    # --- classes and their probabilities ---------------------------------------------------------------------

    def class_index(self, id_: str) -> int | None:
        """The index of a class of ImageNet; None for anything above."""
        self._synsets[id_]
        return self._class_index.get(id_)

    def under(self, id_: str) -> Classes:
        """The classes that are kinds of it, or are it."""
        self._synsets[id_]
        return self._under[id_]

    @functools.cached_property
    def _under(self) -> dict[str, Classes]:
        found: dict[str, list[int]] = {id_: [] for id_ in self.ids}
        for index, id_ in enumerate(self.classes):
            for up in self.steps(id_):
                found[up].append(index)
        return {id_: np.array(indexes, np.int64) for id_, indexes in found.items()}

    def probabilities(self, of_classes: Vectors, ids: Sequence[str]) -> Vectors:
        """How likely each of some things is in each of some photos, from how likely the classes are.

        The classes exclude one another, so this is the sum over those under it, each counted once.

        Args:
            of_classes: float32 (n, 1000), rows sum to 1, classes in the order of `classes`.
            ids: m things.

        Returns:
            Float32 (n, m).
        """
        return np.asarray(of_classes, np.float32) @ self.belongs(ids)

    def belongs(self, ids: Sequence[str]) -> Vectors:
        """Which classes are under each of m things: float32 (1000, m), 1 where one is."""
        made = np.zeros((len(self.classes), len(ids)), np.float32)
        for column, id_ in enumerate(ids):
            made[self.under(id_), column] = 1
        return made


def _pair(words: str) -> tuple[str, str]:
    one, _, many = words.partition(" / ")
    return one, many or forms.plural(one)


def read(folder: Path) -> WordNet:
    """The words that lie in a folder.

    Raises:
        UserError: they are not there, or damaged.
    """
    try:
        content = json.loads(gzip.decompress((folder / WORDS).read_bytes()))
        plain = tomllib.loads((folder / PLAIN).read_text("utf-8"))
        return WordNet(content, plain)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise UserError("A part of Likeness is missing. Install it again.", f"resources/words: {error}") from error


@functools.cache
def wordnet() -> WordNet:
    """The words that come with the program, read once.

    Raises:
        UserError: they are not there, or damaged.
    """
    return read(paths.resources_dir() / "words")
