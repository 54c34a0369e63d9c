"""How often the name proposed for a group of photos is right, on sets whose folders are words.

Groups are the folders, and clusters by k-means of as many as there are folders (named by the folder of most of their
photos, where that is more than half of them). Names come from what is seen alone: folder names are not looked at. A
name is near where it and the folder's word have a common parent in WordNet at most two steps above both.

    python benchmarks/names.py PHOTOS [--wordnet DIR] [--verbose]

PHOTOS holds the sets; DIR is `usr/share/wordnet` of Debian's wordnet-base: with it any noun can be a folder's word,
else only those that come with the program.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import class_folders
import common
import numpy as np
from folder_nouns import MEANT

sys.path.insert(0, str(common.ROOT))

from sklearn.cluster import KMeans

from desktop_app.core.index.projection import Projection
from desktop_app.core.words import forms
from desktop_app.core.words.evidence import GroupFacts
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.naming import propose
from desktop_app.core.words.wordnet import wordnet
from tools.make_words import Nouns

NETWORK = "efficientnet-lite0"
STEPS = 2
LEAST = 3  # photos in a group
SETS = {
    "tuxpaint-stamps": ("tuxpaint-stamps", 9),
    "clothing-small": ("clothing-small/test", 1),
    "grocery-store": ("grocery-store/dataset/val", 2),
    "grocery-store parents": ("grocery-store/dataset/val", 1),
}
DRAWN = ("cartoon", "toys")  # folders that say how, not what


@dataclass(frozen=True)
class Words:
    """Meanings of a word, and what is above a meaning."""

    senses: Callable[[str], Sequence[str]]
    parents: Callable[[str], Sequence[str]]

    def near(self, one: str, other: str) -> bool:
        """Whether they have a common parent at most two steps above both."""
        return bool(self._above(one) & self._above(other))

    def _above(self, id_: str) -> set[str]:
        found, edge = {id_}, [id_]
        for _ in range(STEPS):
            edge = [up for one in edge for up in self.parents(one)]
            found.update(edge)
        return found


def words(folder: Path | None) -> Words:
    if folder is None:
        known = wordnet()
        return Words(lambda word: [sense.id for sense in lookup().find(word)], lambda id_: known.synset(id_).parents)
    nouns = Nouns(folder)
    senses, plurals = nouns.senses(), nouns.plurals()

    def find(word: str) -> Sequence[str]:
        spellings = (word, word.replace("-", " "))
        forms_ = [form for spelling in spellings for form in forms.singulars(spelling, plurals)]
        return [id_ for form in dict.fromkeys(forms_) for id_ in senses.get(form, ())]

    return Words(find, lambda id_: nouns.noun(id_).parents)


@dataclass
class Score:
    """Groups whose folder is a known word, those that got a name, and those whose name is near; by how sure."""

    groups: int = 0
    named: int = 0
    near: int = 0

    def line(self, what: str) -> str:
        """The figures in a line."""
        share, precision = self.near / max(1, self.groups), self.near / max(1, self.named)
        return (
            f"{what:<34} {self.groups:4} groups  {self.named:4} named  {share:6.2f} near  {precision:6.2f} of the named"
        )


def measure(
    name: str, kind: str, photos, groups: np.ndarray, folders: np.ndarray, known: Words, verbose: bool, sure: dict
) -> Score:
    """Print and return how one grouping is named; adds up in `sure` how often each degree of sureness is near."""
    logits = photos.features["logits"]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    numbers = [number for number in np.unique(groups) if (groups == number).sum() >= LEAST]
    facts = []
    for number in numbers:
        inside = groups == number
        facts.append(GroupFacts(int(inside.sum()), int(inside.sum()), odds[inside].sum(axis=0)))
    outside = ~np.isin(groups, numbers)
    rest = GroupFacts(int(outside.sum()), int(outside.sum()), odds[outside].sum(axis=0))
    proposals = propose(facts, rest)
    assert len({one.name for one in proposals if one.name}) == sum(bool(one.name) for one in proposals)
    score = Score()
    for number, proposal in zip(numbers, proposals, strict=True):
        names, counts = np.unique(folders[groups == number], return_counts=True)
        folder = str(names[counts.argmax()]).rpartition("/")[2].lower()
        senses = known.senses(MEANT.get(folder, folder))
        if 2 * counts.max() <= counts.sum() or not senses:
            continue
        # two words: the first, which is of more photos
        means = proposal.evidence[0].synsets if proposal.evidence else ()
        near = any(known.near(one, sense) for one in means for sense in senses)
        score.groups += 1
        score.named += bool(proposal.name)
        score.near += near
        if proposal.name:
            level = sure.setdefault(proposal.how_sure, [0, 0])
            level[0] += near
            level[1] += 1
        if verbose:
            print(f"    {'near' if near else '-':<5}{folder:<20} {proposal.name or '(nothing)':<32} {proposal.why}")
    print(score.line(f"{name}, {kind}"))
    return score


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=Path, help="the folder that holds the sets")
    parser.add_argument("--wordnet", type=Path, help="the folder with data.noun, index.noun and noun.exc")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "likeness-labelled-sets"))
    parser.add_argument("--verbose", action="store_true", help="print each name and why")
    options = parser.parse_args()
    known = words(options.wordnet)
    total, sure = Score(), {}
    for name, (place, depth) in SETS.items():
        root = options.photos / place
        if not root.is_dir():
            common.skip(f"{name}: not in {options.photos}")
            continue
        photos = class_folders.load(root.resolve(), options.cache, NETWORK)
        parts = [[part for part in Path(path).parts[:-1] if part not in DRAWN] for path in photos.paths]
        folders = np.array(["/".join(folder[:depth]) for folder in parts])
        classes, answers = np.unique(folders, return_inverse=True)
        embedding = photos.features[class_folders.MAIN]
        vectors = Projection.fit(embedding, len(embedding), None).apply(embedding)
        clusters = KMeans(len(classes), n_init=5, random_state=0).fit_predict(vectors)
        for kind, groups in (("folders", answers), ("k-means", clusters)):
            score = measure(name, kind, photos, groups, folders, known, options.verbose, sure)
            total.groups += score.groups
            total.named += score.named
            total.near += score.near
    print(total.line("all"))
    for level in ("clear", "likely", "a guess"):
        near, named = sure.get(level, (0, 0))
        print(f"    {level:<10} {near:3} of {named:3} near")
    began = time.perf_counter()
    made = np.random.default_rng(0).dirichlet(np.full(1000, 0.01), 200).astype(np.float32)
    propose([GroupFacts(500, 500, 500 * row) for row in made])
    print(f"names for 200 groups: {1000 * (time.perf_counter() - began):.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
