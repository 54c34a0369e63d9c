"""Folds for testing a head on labels it has not seen; near-duplicates (`learn.groups`) never part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop_app.core.learn.examples import Answers, Groups

Folds = npt.NDArray[np.int64]
"""Fold of each example: int64 (n,), 0 to folds - 1."""

_REPEATS = 4


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
