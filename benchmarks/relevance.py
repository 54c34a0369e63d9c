"""How well marking photos right or wrong works: a simulated person, and ways to learn from what they mark.

For each photo it starts from (one wanted example), the person looks at the first ten results, marks them right or wrong
by their folder's name, and looks again, five times. They see one half of the set; the average precision is that of the
other half, which they never see, so that a way that remembers its examples gains nothing. The mean over all starts
is printed after each round, first without any mark. People differ: some mark all ten, some the first of each, some only
what they want.

    python benchmarks/relevance.py PHOTOS [--sets NAME ...] [--starts N] [--rounds N] [--seed N]

PHOTOS holds clothing-small, sign-digits and grocery-store; "all together" is one library of them all, in which each
answer is rare.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import common
import numpy as np
from labelled_sets import LabelledSet, add_options, load

from desktop_app.core.index.projection import Projection, unit
from desktop_app.core.learn import relevance
from desktop_app.core.types import Vectors

PAGE = 10
Ranker = Callable[[Vectors, Vectors, Vectors, Vectors], np.ndarray]
"""Scores (n,) of a matrix by wanted and unwanted rows and the library's background."""


def centroid(matrix: Vectors, wanted: Vectors, _unwanted: Vectors, _others: Vectors) -> np.ndarray:
    return matrix @ wanted.mean(axis=0)


def rocchio(less: float) -> Ranker:
    def rank(matrix: Vectors, wanted: Vectors, unwanted: Vectors, _others: Vectors) -> np.ndarray:
        middle = unit(wanted.mean(axis=0, keepdims=True))[0]
        if len(unwanted):
            middle = middle - less * unit(unwanted.mean(axis=0, keepdims=True))[0]
        return matrix @ middle

    return rank


def nearest(less: float) -> Ranker:
    """The nearest wanted one less the nearest unwanted one."""

    def rank(matrix: Vectors, wanted: Vectors, unwanted: Vectors, _others: Vectors) -> np.ndarray:
        scores = (matrix @ wanted.T).max(axis=1)
        return scores - less * (matrix @ unwanted.T).max(axis=1) if len(unwanted) else scores

    return rank


def kernel(matrix: Vectors, wanted: Vectors, unwanted: Vectors, _others: Vectors) -> np.ndarray:
    """How much denser wanted ones are around a photo than unwanted ones."""

    def density(rows: Vectors) -> np.ndarray:
        return np.log(np.exp(5 * (matrix @ rows.T - 1)).mean(axis=1)) / 5

    return density(wanted) - density(unwanted) if len(unwanted) else density(wanted)


def svm(matrix: Vectors, wanted: Vectors, unwanted: Vectors, others: Vectors) -> np.ndarray:
    from sklearn.svm import LinearSVC

    if not len(unwanted):
        return centroid(matrix, wanted, unwanted, others)
    rows, sides = np.vstack([wanted, unwanted]), np.repeat([1, 0], [len(wanted), len(unwanted)])
    fitted = LinearSVC(class_weight="balanced", max_iter=5000, random_state=0).fit(rows, sides)
    return fitted.decision_function(matrix)


def curved(matrix: Vectors, wanted: Vectors, unwanted: Vectors, others: Vectors) -> np.ndarray:
    """A support vector machine with a Gaussian kernel, the library taking part as in the head that ships."""
    from sklearn.svm import SVC

    rows = np.vstack([wanted, unwanted, others])
    sides = np.repeat([1, 0], [len(wanted), len(unwanted) + len(others)])
    half = (len(wanted) + len(unwanted)) / 2
    shares = ((wanted, 1.0), (unwanted, 1.0), (others, 0.3))
    weights = np.concatenate([np.full(len(block), half * share / max(len(block), 1)) for block, share in shares])
    return SVC(C=3, gamma=1.0).fit(rows, sides, sample_weight=weights).decision_function(matrix)


def head(share: float | None = None, strength: float = relevance.STRENGTH) -> Ranker:
    """The head that ships; or with another weight of the library, 0 leaves it out."""

    def rank(matrix: Vectors, wanted: Vectors, unwanted: Vectors, others: Vectors) -> np.ndarray:
        before = relevance.background_weight, relevance.STRENGTH
        if share is not None:
            relevance.background_weight = lambda _unwanted: share
        relevance.STRENGTH = strength
        try:
            return relevance.learn(wanted, unwanted, others[:0] if share == 0 else others).scores(matrix)
        finally:
            relevance.background_weight, relevance.STRENGTH = before

    return rank


def blend(one: Ranker, other: Ranker) -> Ranker:
    def rank(*asked: Vectors) -> np.ndarray:
        parts = [way(*asked) for way in (one, other)]
        return sum((part - part.mean()) / part.std() for part in parts)

    return rank


SHIPS = "head with the library (ships)"
WAYS: dict[str, Ranker] = {
    "middle of the wanted": centroid,
    "Rocchio, 0.25": rocchio(0.25),
    "Rocchio, 0.5": rocchio(0.5),
    "Rocchio, 0.75": rocchio(0.75),
    "nearest wanted - nearest unwanted": nearest(1.0),
    "nearest wanted - half unwanted": nearest(0.5),
    "densities": kernel,
    "linear SVM": svm,
    "head on the examples alone": head(0.0),
    "head, library always weighs 0.3": head(0.3),
    "head, library always weighs 1": head(1.0),
    "head, library always weighs 3": head(3.0),
    SHIPS: head(),
    "the same, C 30": head(None, 30.0),
    "the same + Rocchio": blend(head(), rocchio(0.5)),
    "Gaussian SVM with the library": curved,
}


@dataclass(frozen=True)
class Person:
    """Who marks: at most so many right ones and so many wrong ones of the first ten."""

    name: str
    right: int = PAGE
    wrong: int = PAGE


PEOPLE = (
    Person("marks all ten"),
    Person("marks the first three of each", 3, 3),
    Person("marks the first of each", 1, 1),
    Person("marks only what is right", PAGE, 0),
    Person("marks only what is wrong", 0, PAGE),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--starts", type=int, default=6, help="photos of each answer that are started from")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="which photos are started from, and which half is seen")
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS), metavar="WAY")
    options = parser.parse_args()
    sets = load(options)
    shown = [one for one in sets if len(one.classes) >= 10]
    if len(sets) > 1:
        shown.append(together(sets))
    for person in PEOPLE:
        print(f"\n{person.name}: average precision without a mark and after each of {options.rounds} rounds")
        print(f"{'':<36}" + "".join(f"{one.name:<39}" for one in shown) + "mean")
        for name in options.ways:
            how = WAYS[name], person, options.starts, options.rounds, options.seed
            figures = [simulate(one, *how) for one in shown]
            cells = "".join(" ".join(f"{value:.3f}" for value in row) + "    " for row in figures)
            print(f"{name:<36}{cells}{np.mean(figures):.4f}", flush=True)


def together(sets: list[LabelledSet]) -> LabelledSet:
    """One library of all sets."""
    rows = np.vstack([one.layers["embedding"] for one in sets])
    starts = np.cumsum([0, *(len(one.classes) for one in sets)])
    answers = np.concatenate([one.answers + start for one, start in zip(sets, starts[:-1], strict=True)])
    names = tuple(name for one in sets for name in one.classes)
    return LabelledSet("all together", {}, Projection.fit(rows, len(rows), None).apply(rows), answers, names)


def simulate(photos: LabelledSet, way: Ranker, person: Person, starts: int, rounds: int, seed: int = 1) -> np.ndarray:
    """Average precision on the half that was not seen, without a mark and after each round: (rounds + 1,)."""
    random = np.random.default_rng(seed)
    rows, every = photos.vectors, np.arange(len(photos.answers))
    figures = []
    for answer in range(len(photos.classes)):
        own = np.flatnonzero(photos.answers == answer)
        for start in random.permutation(own)[:starts]:
            right, tested = photos.answers == answer, random.random(len(every)) < 0.5
            tested[start] = False
            wanted, unwanted = [int(start)], list[int]()
            row = []
            for _ in range(rounds + 1):
                marked = np.array([*wanted, *unwanted])
                others = rows[relevance.background(every, marked)]
                order = np.argsort(-way(rows, rows[wanted], rows[unwanted], others), kind="stable")
                row.append(average_precision(right[order[tested[order]]]))
                first = order[~tested[order] & ~np.isin(order, marked)][:PAGE]
                wanted += first[right[first]][: person.right].tolist()
                unwanted += first[~right[first]][: person.wrong].tolist()
            figures.append(row)
    return np.nanmean(figures, axis=0)


def average_precision(right: np.ndarray) -> float:
    """Of results in order, bool (n,): the mean share of right ones up to each right one."""
    places = np.flatnonzero(right)
    return float((np.arange(1, len(places) + 1) / (places + 1)).mean()) if len(places) else np.nan


if __name__ == "__main__":
    with common.Load() as load_of_machine:
        main()
    print(load_of_machine.remark())
