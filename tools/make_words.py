"""Writes resources/words/words.json.gz: what the names of the 1000 ImageNet classes mean, from WordNet 3.0.

The classes come from models/imagenet-classes.txt; an identifier is the letter n and a place in WordNet's `data.noun`.
Kept are the classes, everything that they are kinds of (the closure of hypernyms), names, definitions, which sense of
a word is the usual one, and the irregular plurals. The same input gives the same bytes.

    apt-get download wordnet-base && dpkg-deb -x wordnet-base_*.deb wordnet
    python -m tools.make_words wordnet/usr/share/wordnet
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CLASSES = ROOT / "models" / "imagenet-classes.txt"
TARGET = ROOT / "resources" / "words" / "words.json.gz"
SOURCE = "WordNet 3.0"

_KIND_OF = ("@", "@i")
# a gloss is a definition and maybe example sentences in quotes
_EXAMPLE = re.compile(r'; "')
# the marker that some entries carry behind a word, such as "(p)"
_MARKER = re.compile(r"\([a-z]+\)$")


@dataclass(frozen=True)
class Noun:
    """One synset of WordNet's nouns: `id` as ImageNet writes it, `parents` the ids of what it is a kind of."""

    id: str
    names: tuple[str, ...]
    gloss: str
    parents: tuple[str, ...]


class Nouns:
    """The nouns of a WordNet 3.0 database (`data.noun`, `index.noun`, `noun.exc`); the format is wndb(5WN).

    Args:
        folder: where these files lie.
    """

    def __init__(self, folder: Path) -> None:
        self._data = (folder / "data.noun").read_bytes()
        self._index = (folder / "index.noun").read_text("ascii")
        self._exceptions = (folder / "noun.exc").read_text("ascii")

    def noun(self, identifier: str) -> Noun:
        """The synset of an identifier.

        Raises:
            ValueError: no noun begins there.
        """
        place = int(identifier[1:])
        line = self._data[place : self._data.index(b"\n", place)].decode("ascii")
        fields, _, gloss = line.partition(" | ")
        parts = fields.split(" ")
        if parts[0] != f"{place:08d}" or parts[2] != "n":
            raise ValueError(f"no noun begins at {place}")
        words = int(parts[3], 16)
        names = tuple(_MARKER.sub("", word).replace("_", " ") for word in parts[4 : 4 + 2 * words : 2])
        rest = parts[5 + 2 * words :]
        pointers = zip(rest[0::4], rest[1::4], rest[2::4], strict=False)
        parents = tuple(f"n{where}" for kind, where, part in pointers if kind in _KIND_OF and part == "n")
        return Noun(identifier, names, _EXAMPLE.split(gloss.strip(), maxsplit=1)[0], parents)

    def closure(self, identifiers: Iterable[str]) -> dict[str, Noun]:
        """These synsets and everything that they are kinds of, by identifier in order."""
        found: dict[str, Noun] = {}
        waiting = list(identifiers)
        while waiting:
            identifier = waiting.pop()
            if identifier not in found:
                found[identifier] = self.noun(identifier)
                waiting += found[identifier].parents
        return dict(sorted(found.items()))

    def senses(self) -> dict[str, tuple[str, ...]]:
        """Identifiers by word (small letters, spaces), the most usual sense first."""
        found = {}
        for line in self._index.splitlines():
            if line.startswith("  "):
                continue  # the licence at the head
            parts = line.split()
            count = int(parts[2])
            found[parts[0].replace("_", " ")] = tuple(f"n{where}" for where in parts[-count:])
        return found

    def plurals(self) -> dict[str, tuple[str, ...]]:
        """Singulars of the irregular plurals, the first the most usual."""
        lines = (line.replace("_", " ").split() for line in self._exceptions.splitlines() if "_" not in line)
        return {plural: tuple(singulars) for plural, *singulars in lines if plural not in singulars}


def words(nouns: Nouns, classes: list[str]) -> dict[str, Any]:
    """What the file holds; synsets name one another by their place in the list, which is half the size."""
    found = nouns.closure(classes)
    place = {identifier: index for index, identifier in enumerate(found)}
    own = {name.lower() for noun in found.values() for name in noun.names}
    last = {part for name in own for part in (name, name.rsplit(" ", 1)[-1])}
    senses = {
        word: [place[one] for one in identifiers if one in place]
        for word, identifiers in nouns.senses().items()
        if word in own
    }
    return {
        "source": SOURCE,
        "synsets": [[one.id, one.names, one.gloss, [place[up] for up in one.parents]] for one in found.values()],
        "classes": [place[one] for one in classes],
        # only where there is a choice
        "senses": {word: places for word, places in sorted(senses.items()) if len(places) > 1},
        "plurals": {
            plural: list(singulars)
            for plural, singulars in sorted(nouns.plurals().items())
            if not last.isdisjoint(singulars)
        },
    }


def packed(content: dict[str, Any]) -> bytes:
    """The bytes of the file: no time, no name and no system in its head."""
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n"
    memory = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=memory, mtime=0) as file:
        file.write(text.encode("ascii"))
    return memory.getvalue()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wordnet", type=Path, help="the folder with data.noun, index.noun and noun.exc")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    classes = [line.split("\t")[0] for line in CLASSES.read_text("utf-8").splitlines()]
    content = words(Nouns(options.wordnet), classes)
    data = packed(content)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(data)
    above = len(content["synsets"]) - len(set(classes))
    print(f"{len(classes)} classes, {above} above them, {len(content['plurals'])} plurals: {len(data):,} bytes")


if __name__ == "__main__":
    main()
