"""Folds for testing a head on labels it has not seen, and the groups of near-duplicates that never part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from desktop_app.core.learn.examples import Answers, Groups
from desktop_app.core.types import Vectors

Folds = npt.NDArray[np.int64]
"""Fold of each example: int64 (n,), 0 to folds - 1."""

NEAR = 0.97
"""Raw cosine of two embeddings from which photos count as copies of one another here. See docs/adr/0009-heads.md."""

_APART = 0.35  # distance that a quarter of all pairs exceed among ordinary photos of one subject
_ENOUGH = 8  # photos from which that can be told
_REPEATS = 4
_CHUNK = 2048


def groups_of(embeddings: Vectors, contents: Sequence[bytes], distance: float = 1.0 - NEAR) -> Groups:
    """Group photos that are near-duplicates: equal content, or raw embeddings closer than a strict cosine distance.

    Args:
        embeddings: float32 (n, d), as the network gave them, neither centred nor projected.
        contents: the n contents (hashes of the files); b"" is unlike any other.
        distance: 1 - cosine below which two photos belong together; chains join. Where most photos are nearly that
            alike (one product under one lamp, again and again), a smaller one is taken, from how far apart they are.

    Returns:
        Int64 (n,), numbered by first occurrence from 0.
    """
    count = len(embeddings)
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    def join(one: int, other: int) -> None:
        first, second = sorted((root(one), root(other)))
        parents[second] = first

    seen: dict[bytes, int] = {}
    for place, content in enumerate(contents):
        if content:
            join(place, seen.setdefault(content, place))
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    # a vector of zeros is like nothing
    unit = np.divide(embeddings, lengths, out=np.zeros_like(embeddings, np.float32), where=lengths > 0)
    strict = _strict(unit, distance)
    for start in range(0, count, _CHUNK):
        block = unit[start : start + _CHUNK]
        cosines = block @ unit[start:].T
        rows, columns = np.nonzero(cosines > 1.0 - strict)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if row < column:
                join(start + row, start + column)
    roots = np.array([root(place) for place in range(count)], np.int64)
    _, numbers = np.unique(roots, return_inverse=True)
    return np.asarray(numbers, np.int64).reshape(-1)


def _strict(unit: Vectors, distance: float) -> float:
    """The distance below which two photos are copies rather than two photos of the same kind of thing."""
    if len(unit) < _ENOUGH:
        return distance
    sample = unit[np.linspace(0, len(unit) - 1, min(len(unit), 512)).astype(np.int64)]
    apart = 1.0 - (sample @ sample.T)[np.triu_indices(len(sample), 1)]
    return distance * min(1.0, float(np.quantile(apart, 0.75)) / _APART)


def stratified_group_folds(answers: Answers, groups: Groups, folds: int, seed: int) -> Folds:
    """Deal whole groups into folds so that every class is spread evenly.

    Groups are dealt class by class, larger ones first, each to the fold with the fewest of its class so far (of all,
    where equal). A group of several classes is dealt by its most frequent one.

    Args:
        answers: int64 (n,).
        groups: int64 (n,).
        folds: at least 2.
        seed: of the shuffle.

    Raises:
        ValueError: fewer than 2 folds.
    """
    if folds < 2:
        raise ValueError("testing needs two folds at least")
    random = np.random.default_rng(seed)
    names, members = np.unique(groups, return_inverse=True)
    members = members.reshape(-1)
    classes = int(answers.max()) + 1 if len(answers) else 0
    table = np.zeros((len(names), classes), np.int64)
    np.add.at(table, (members, answers), 1)
    sizes, main = table.sum(axis=1), table.argmax(axis=1) if classes else np.empty(0, np.int64)
    order = random.permutation(len(names))
    order = order[np.lexsort((-sizes[order], main[order]))]  # lexsort keeps the shuffle among equals
    of_class = [[0] * folds for _ in range(classes)]
    of_all = [0] * folds
    chosen = np.empty(len(names), np.int64)
    for group in order.tolist():
        counts = of_class[main[group]]
        fold = min(range(folds), key=lambda one: (counts[one], of_all[one]))
        chosen[group] = fold
        of_all[fold] += int(sizes[group])
        if sizes[group] == 1:
            counts[fold] += 1
        else:
            for name in np.flatnonzero(table[group]).tolist():
                of_class[name][fold] += int(table[group, name])
    return chosen[members]


def repeated_folds(answers: Answers, groups: Groups, seed: int, repeats: int = 0, folds: int = 0) -> list[Folds]:
    """Several dealings, so that few labels are not judged by the luck of one.

    Args:
        answers: int64 (n,).
        groups: int64 (n,).
        seed: of the shuffles.
        repeats: 0 takes as many as keep the work about the same: 4 with few labels, one with 200 and more.
        folds: 0 takes 5, or fewer where there are fewer groups.
    """
    if not folds:
        folds = usable_folds(answers, groups)
    if folds < 2:
        return []
    if not repeats:
        repeats = int(np.clip(round(300 / max(1, len(answers))), 1, _REPEATS))
    return [stratified_group_folds(answers, groups, folds, seed * 1000 + turn) for turn in range(repeats)]


def usable_folds(answers: Answers, groups: Groups, most: int = 5) -> int:
    """How many folds to deal: `most`, fewer with fewer groups, 0 where a training part could lack a second class."""
    pairs = np.unique(np.stack([answers, groups]), axis=1)
    per_class = np.sort(np.bincount(pairs[0]))[::-1]
    if len(per_class) < 2 or per_class[1] < 2:
        return 0
    return min(most, len(np.unique(groups)))
