"""Which photos are most useful to label next.

Two rules, chosen by simulation (docs/adr/0010-what-to-label-next.md):

- Nothing to guess with yet: *coverage*. Each photo taken is the one that, with those labelled, stands for most of the
  others (greedy facility location: Nemhauser, Wolsey, Fisher, Mathematical Programming 14, 1978), so it is typical
  and unlike the ones before. Hacohen, Dekel, Weinshall, "Active Learning on a Budget: Opposite Strategies Suit High
  and Low Budgets", ICML 2022, show why typical photos come first.
- Guesses are there: *doubt removed*. Each photo taken is the one whose label would remove most of the doubt about all
  photos: the cube of likeness is the covariance of a Gaussian process, what labels leave of it is known whatever the
  answers are, and each photo counts by how small the difference between its two most probable answers is (Scheffer,
  Decomain, Wrobel, "Active Hidden Markov Models", 2001). So a photo is taken that is unsure, stands for many that are,
  and is unlike those taken with it. The design is that of Seo, Wallat, Graepel, Obermayer, "Gaussian Process
  Regression: Active Data Selection and Test Point Rejection", 2000, after Cohn, "Neural Network Exploration Using
  Optimal Experiment Design", 1996.

Coverage goes on until there are `EXPLORE` labels for each class and then gives way by and by, never wholly: a head that
has seen so few is a poor judge of what it does not know, and a region far from anything labelled may be a class not
yet seen, of which a head is often sure, and wrong.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.linalg

from desktop_app.core.types import Positions, Vectors

EXPLORE = 3.0
"""Labels for each class until which all photos are taken by coverage. With twice as many labels a quarter is, with four
times as many a sixteenth."""

_COVERED = 2_000
"""Photos that stand for a large library where coverage is measured."""
_LABELLED = 2_000
"""The most labelled photos that coverage is measured against."""
_CROWD = 1_000
"""Photos drawn by lot, and as many of the most unsure, among which the doubt of a large library is measured."""
_MEASURED = 1_000
"""The most labelled photos whose effect on doubt is measured."""
_NOISE = 0.1
"""Variance of an answer."""
_SHARP = 2
"""Likeness to this power is how far one photo stands for another."""


def next_to_label(
    probabilities: npt.NDArray[np.float32] | None,
    vectors: Vectors,
    labelled: npt.NDArray[np.bool_],
    count: int,
    seed: int = 0,
    *,
    explore: float = EXPLORE,
) -> Positions:
    """Photos to label next, the most useful first. 100,000 photos take half a second.

    Args:
        probabilities: Float32 (n, C) as the head gives them, or None before any guess is possible. Rows that are not
            finite count as wholly unsure.
        vectors: Float32 (n, k), unit length (or zero), as photos are compared.
        labelled: Bool (n,), photos that have an answer; they are never returned.
        count: How many are wanted.
        seed: Which photos stand for a large library.
        explore: Labels for each class until which coverage alone chooses; 0 for none by coverage.

    Returns:
        Int64 (min(count, unlabelled),), positions, each once.

    Raises:
        ValueError: Shapes that do not fit.
    """
    total = len(vectors)
    if vectors.ndim != 2 or labelled.shape != (total,) or (probabilities is not None and len(probabilities) != total):
        raise ValueError(f"vectors {vectors.shape}, labelled {labelled.shape}")
    free = np.flatnonzero(~labelled)
    count = min(count, len(free))
    if count <= 0:
        return np.empty(0, np.int64)
    random = np.random.default_rng(seed)
    if probabilities is None or probabilities.shape[1] < 2:
        return _filled(_by_coverage(vectors, labelled, free, count, random), free, count, random)
    share = min(1.0, (explore * probabilities.shape[1] / max(1, total - len(free))) ** 2)
    far = _by_coverage(vectors, labelled, free, int(count * share + random.random()), random)
    rest = free[~np.isin(free, far)]
    known = labelled.copy()
    known[far] = True
    weights = unsureness(probabilities[rest]) ** 2
    return _filled(_woven(_by_doubt(weights, vectors, known, rest, count - len(far), random), far), free, count, random)


def unsureness(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """One minus the margin between the two most probable answers: float32 (n,), 0 sure to 1 wholly unsure.

    Args:
        probabilities: Float32 (n, C), C >= 2.
    """
    known = np.where(np.isfinite(probabilities), probabilities, 0)
    top = np.partition(known, -2, axis=1)[:, -2:]
    unsure: npt.NDArray[np.float32] = np.clip(1 - (top[:, 1] - top[:, 0]), 0, 1).astype(np.float32)
    return unsure


def _by_doubt(
    weights: npt.NDArray[np.float32],
    vectors: Vectors,
    labelled: npt.NDArray[np.bool_],
    free: Positions,
    count: int,
    random: np.random.Generator,
) -> Positions:
    """Greedy: the photo that, labelled, removes most of the weighted variance; a photo of no weight is never taken."""
    places = np.arange(len(free))
    if count <= 0:
        return free[:0]
    stands_for = np.ones(len(free), np.float32)
    if len(free) > 2 * _CROWD:
        unsure = np.argpartition(-weights, _CROWD - 1)[:_CROWD]
        rest = np.setdiff1d(places, unsure)
        drawn = random.choice(rest, _CROWD, replace=False)
        stands_for[drawn] = len(rest) / _CROWD
        places = np.sort(np.concatenate([unsure, drawn]))
    crowd = vectors[free[places]]
    own = weights[places]
    crowd_weights = own * stands_for[places]
    covariance = _covariance(crowd, crowd)
    known = np.flatnonzero(labelled)
    if len(known):
        seen = vectors[random.choice(known, min(_MEASURED, len(known)), replace=False)]
        between = _covariance(seen, seen).astype(np.float64)
        between[np.diag_indices(len(seen))] += _NOISE
        root = scipy.linalg.cholesky(between, lower=True, overwrite_a=True).astype(np.float32)
        half = scipy.linalg.solve_triangular(root, _covariance(seen, crowd), lower=True, overwrite_b=True)
        covariance -= half.T @ half
    variance = np.maximum(np.diagonal(covariance), 0)
    removed = crowd_weights @ np.square(covariance)
    taken: list[int] = []
    columns = np.empty((0, len(places)), np.float32)
    while len(taken) < min(count, len(places)):
        gain = removed / (_NOISE + variance) * own
        gain[taken] = -1
        best = int(np.argmax(gain))
        taken.append(best)
        # the covariance less the outer products of `columns` is what is left; only what follows from it is kept up
        column = (covariance[best] - columns[:, best] @ columns) / np.sqrt(_NOISE + variance[best])
        weighted = crowd_weights * column
        left = weighted @ covariance - (columns @ weighted) @ columns
        removed = np.maximum(removed - 2 * column * left + np.square(column) * float(weighted @ column), 0)
        variance = np.maximum(variance - np.square(column), 0)
        columns = np.vstack([columns, column])
    return free[places[np.array(taken, np.int64)]]


def _covariance(one: Vectors, other: Vectors) -> Vectors:
    likeness = one @ other.T
    return np.asarray(likeness * likeness * likeness, np.float32)


def _by_coverage(
    vectors: Vectors, labelled: npt.NDArray[np.bool_], free: Positions, count: int, random: np.random.Generator
) -> Positions:
    """Greedy: the photo that stands for most of what the labelled and the taken do not stand for yet."""
    if count <= 0:
        return np.empty(0, np.int64)
    sample = np.sort(random.choice(free, min(_COVERED, len(free)), replace=False))
    crowd = vectors[sample]
    covered = np.zeros(len(crowd), np.float32)
    known = np.flatnonzero(labelled)
    if len(known):
        known = random.choice(known, min(_LABELLED, len(known)), replace=False)
        covered = np.clip(crowd @ vectors[known].T, 0, 1).max(axis=1) ** _SHARP
    stands = np.clip(crowd @ crowd.T, 0, 1) ** _SHARP
    # what a photo adds only ever falls, so only those are worked out anew that led before (Minoux, 1978)
    adds = np.maximum(stands - covered, 0).sum(axis=1)
    fresh = np.ones(len(crowd), np.bool_)
    taken: list[int] = []
    while len(taken) < min(count, len(sample)):
        best = int(np.argmax(adds))
        if not fresh[best]:
            adds[best] = np.maximum(stands[best] - covered, 0).sum()
            fresh[best] = True
            continue
        taken.append(best)
        covered = np.maximum(covered, stands[best])
        adds[best] = -1
        fresh[:] = False
        fresh[taken] = True
    return sample[np.array(taken, np.int64)]


def _woven(unsure: Positions, far: Positions) -> Positions:
    """Both orders as one, evenly mixed."""
    when = np.concatenate([(np.arange(len(part)) + 0.5) / max(1, len(part)) for part in (unsure, far)])
    return np.concatenate([unsure, far])[np.argsort(when, kind="stable")]


def _filled(taken: Positions, free: Positions, count: int, random: np.random.Generator) -> Positions:
    """`taken`, and photos drawn by lot where a large order asks for more than were compared."""
    if len(taken) == count:
        return taken
    rest = free[~np.isin(free, taken)]
    return np.concatenate([taken, random.permutation(rest)[: count - len(taken)]])
