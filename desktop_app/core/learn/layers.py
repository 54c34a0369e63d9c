"""Which layer tells the answers apart? All are ranked by ridge regression, tested on folds it has not seen."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from desktop_app.core.learn.evaluate import deviation_of
from desktop_app.core.learn.examples import Answers, Examples, balanced_weights
from desktop_app.core.learn.folds import Folds
from desktop_app.core.learn.heads import Array
from desktop_app.core.learn.preparation import Layers
from desktop_app.core.types import Vectors

EMBEDDING, LOGITS = "embedding", "logits"

_RIDGES = (0.001, 0.01, 0.1, 1.0)  # of the mean squared length of an example times their number, per axis


@dataclass(frozen=True, slots=True)
class LayerScore:
    """How well one layer, or several side by side, tells the answers apart.

    Attributes:
        name: "embedding", "embedding+logits".
        accuracy: share of labels found by a head that had not seen them, 0 to 1.
        deviation: standard error of it.
        tested: True where the head itself was cross-validated, False where only the quick ranking was.
    """

    name: str
    accuracy: float
    deviation: float
    tested: bool = False

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers side by side."""
        return layers_of(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """What the quick ranking found of one candidate; `right` float64 (n,), how often each label was found."""

    layers: tuple[str, ...]
    right: Array

    @property
    def accuracy(self) -> float:
        """Share of labels found."""
        return float(self.right.mean())


def name_of(layers: tuple[str, ...]) -> str:
    """How layers side by side are called."""
    return "+".join(layers)


def layers_of(name: str) -> tuple[str, ...]:
    """The layers of such a name."""
    return tuple(name.split("+"))


def ridge_right(
    prepared: Vectors, answers: Answers, classes: int, dealings: Sequence[Folds]
) -> Generator[None, None, Array]:
    """How often ridge regression on one-of-C targets finds each example's answer without having seen it.

    The ridge is the one with the least squared error over the held-out folds, in the manner of generalised
    cross-validation, but with whole folds left out, so that near-duplicates do not choose it.

    Returns:
        Float64 (n,), 0 to 1.
    """
    count, width = prepared.shape
    targets = np.full((count, classes), -1.0 / max(1, classes - 1))
    targets[np.arange(count), answers] = 1.0
    columns = np.hstack([prepared.astype(np.float64), np.full((count, 1), 1.0)])
    found = np.zeros((len(_RIDGES), len(dealings), count), bool)
    squared = np.zeros(len(_RIDGES))
    for turn, folds in enumerate(dealings):
        for fold in range(int(folds.max()) + 1):
            held = folds == fold
            weights = balanced_weights(answers[~held])
            known, seen = columns[~held], np.unique(answers[~held])
            weighted = known * weights[:, None]
            values, vectors = scipy.linalg.eigh(weighted.T @ known)
            middle = vectors.T @ (weighted.T @ targets[~held])
            turned = columns[held] @ vectors
            allowed = np.full(classes, -np.inf)
            allowed[seen] = 0.0
            for place, ridge in enumerate(_RIDGES):
                guesses = (turned / (np.maximum(values, 0.0) + ridge * len(known) / max(1, width))) @ middle
                squared[place] += float(np.square(guesses - targets[held]).sum())
                found[place, turn, held] = (guesses + allowed).argmax(axis=1) == answers[held]
            yield
    return np.asarray(found[int(squared.argmin())].mean(axis=0), np.float64)


def rank_layers(
    examples: Examples, layers: Layers, dealings: Sequence[Folds], only: Sequence[str] = ()
) -> Generator[None, None, list[Ranked]]:
    """Rank every layer and the concatenations worth trying.

    Args:
        examples: those the layers are asked to tell apart.
        layers: gives the prepared features.
        dealings: folds; empty gives an empty ranking.
        only: names to rank instead.

    Yields:
        None, a few tens of milliseconds apart.

    Returns:
        The candidates in the order of preference among equals (the usual and the simple first); layers that are the
        same for all photos are left out.
    """
    ranked: dict[tuple[str, ...], Ranked] = {}
    if not dealings:
        return []

    def add(candidate: tuple[str, ...]) -> Generator[None, None, None]:
        if candidate in ranked:
            return
        _, prepared = layers.get(candidate)
        yield
        if prepared.shape[1]:
            right = yield from ridge_right(prepared, examples.answers, len(examples.classes), dealings)
            ranked[candidate] = Ranked(candidate, right)

    singles = [(name,) for name in in_order(examples.features)]
    for candidate in [layers_of(name) for name in only] or singles:
        yield from add(candidate)
    if not only:
        for candidate in _concatenations(ranked):
            yield from add(candidate)
    return sorted(ranked.values(), key=lambda one: len(one.layers))


def in_order(features: Mapping[str, Vectors]) -> list[str]:
    """Layers by preference among equals: embedding, logits, then from the last to the first."""
    usual = [name for name in (EMBEDDING, LOGITS) if name in features]
    return usual + [name for name in reversed(list(features)) if name not in usual]


def _concatenations(ranked: Mapping[tuple[str, ...], Ranked]) -> list[tuple[str, ...]]:
    """Pairs and a triple of what is good by itself and sees different things."""
    usual = tuple(name for name in (EMBEDDING, LOGITS) if (name,) in ranked)
    middle = [one for one in ranked.values() if one.layers[0] not in usual]
    middle.sort(key=lambda one: -one.accuracy)
    best = [one.layers[0] for one in middle[:2]]
    made: list[tuple[str, ...]] = []
    if len(usual) == 2:
        made.append(usual)
    for name in best:
        made += [(name, last) for last in usual[:1]]
    if len(best) == 2:
        made.append((best[1], best[0]))
    if best and len(usual) == 2:
        made.append((best[0], *usual))
    return made


def choose(candidates: Sequence[tuple[Array, int]]) -> int:
    """One-standard-error rule: the most preferred candidate that is not worse than the best by more than the noise.

    Args:
        candidates: of each, how often each example's answer was found, float64 (n,), and its rank of preference.

    Returns:
        The position of the chosen one. The noise is that of the *difference* to the best, example by example: all
        candidates were asked about the same photos.
    """
    best = max(range(len(candidates)), key=lambda one: (candidates[one][0].mean(), -candidates[one][1]))
    top = candidates[best][0]

    def close(right: Array) -> bool:
        difference = top - right
        # one photo more on which they differ is added: two labels by which one is ahead are no evidence
        return bool(difference.sum() <= np.sqrt(np.square(difference).sum() + 1.0))

    return min((one for one, (right, _) in enumerate(candidates) if close(right)), key=lambda one: candidates[one][1])


def sureness(candidates: Sequence[Array], chosen: int, seed: int) -> float:
    """How sure the choice is: the share of resampled example sets in which no other candidate is clearly better.

    Args:
        candidates: float64 (n,) each.
        chosen: the position of the chosen one.
        seed: of the resampling.

    Returns:
        0 to 1; other candidates count as better from one standard error on.
    """
    table = np.stack(candidates)
    random = np.random.default_rng(seed)
    count = table.shape[1]
    draws = random.multinomial(count, np.full(count, 1.0 / count), size=200) / count
    means = draws @ table.T
    margin = deviation_of(table[chosen])
    return float((means.max(axis=1) - means[:, chosen] <= margin).mean())
