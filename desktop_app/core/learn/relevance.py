"""What a person looks for, learnt from photos marked "more like this" and "less like this".

One wanted photo is a direction, and photos are ordered by their cosine with it. From the second example on, a tiny
logistic head is fitted in the index space, anew at every click (two or three milliseconds). The library itself takes
part in it: a few hundred of its photos stand for "most photos are not meant", all together as heavy as five unwanted
ones. That makes the head the best from the first clicks on, where a head on the examples alone is worse than Rocchio's
weighted centroid until it has seen a dozen of each (measured: docs/adr/0023-search-by-examples.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import Positions, Vectors

Array = npt.NDArray[np.float64]

STRENGTH = 10.0
"""How closely the head follows the examples: what a loss weighs against the squared length of the weights."""
BACKGROUND = 200
"""Photos of the library that stand for all the others."""
_STEPS = 30
_CLOSE = 1e-9  # of the gradient's largest entry, to what one example weighs


@dataclass(frozen=True, slots=True, eq=False)
class Relevance:
    """A direction of the index space and a shift: how much a photo is what is looked for.

    Attributes:
        weights: float32 (k,). Of a single example the example itself, of length 1.
        bias: added to the products.
        learnt: whether a head was fitted; else the score is the cosine with `weights`.
    """

    weights: Vectors
    bias: float = 0.0
    learnt: bool = False

    def scores(self, matrix: Vectors) -> Vectors:
        """How much each photo is meant, float32 (n,).

        Of a single wanted example the cosine in [-1, 1]. Of a single unwanted one, how unlike it the photo is, 0 to 1.
        Of a head the probability, 0 to 1, that the photo is meant, as far as it can be known from so few: 0.5 is as
        near to what is wanted as to all the rest.

        Args:
            matrix: float32 (n, k), unit rows.
        """
        # einsum: one pass in this thread, steadier than BLAS with its threads while photos are being added
        products: Vectors = np.einsum("ij,j->i", matrix, self.weights)
        products += np.float32(self.bias)
        if not self.learnt:
            return np.clip(products, -1.0, 1.0)
        return np.reciprocal(1.0 + np.exp(np.clip(-products, -80.0, 80.0), dtype=np.float32))


def background(rows: Positions, without: Positions) -> Positions:
    """The photos that stand for the whole library: the same ones at every click, int64, rising.

    Args:
        rows: int64 (n,), positions of all photos that are shown, rising.
        without: int64, those that are examples.
    """
    count = min(len(rows), BACKGROUND)
    chosen = rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)] if count else rows
    return chosen[~np.isin(chosen, without)]


def background_weight(unwanted: int) -> float:
    """What the library's photos weigh together, where all wanted ones weigh 1, and all unwanted ones 1.

    As much as five unwanted ones would, and twice as much as all of those at most: the more a person has marked, the
    less is left to the library.
    """
    return min(2.0, 5.0 / max(unwanted, 1))


def learn(wanted: Vectors, unwanted: Vectors, others: Vectors) -> Relevance:
    """What the examples have in common, against what they have not.

    The order of the examples makes no difference, nor what was learnt before: the head has one best fit, found from
    nothing. Without any wanted one, photos unlike the unwanted ones are meant.

    Args:
        wanted: float32 (p, k), unit rows.
        unwanted: float32 (n, k), unit rows; p + n >= 1.
        others: float32 (m, k), unit rows: the library's `background`.
    """
    if len(wanted) + len(unwanted) == 1:
        return Relevance(wanted[0]) if len(wanted) else Relevance(unwanted[0] / -2, 0.5)
    if not len(wanted):
        found = learn(unwanted, wanted, others)
        return Relevance(-found.weights, -found.bias, found.learnt)
    total = (len(wanted) + len(unwanted)) / 2
    blocks = ((wanted, 1.0, 1.0), (unwanted, -1.0, 1.0), (others, -1.0, background_weight(len(unwanted))))
    rows = np.vstack([_sorted(block) for block, _, _ in blocks]).astype(np.float64)
    signs = np.concatenate([np.full(len(block), sign) for block, sign, _ in blocks])
    weights = np.concatenate(
        [np.full(len(block), STRENGTH * share * total / max(len(block), 1)) for block, _, share in blocks]
    )
    if len(unwanted) + len(others) == 0:  # nothing to tell them from: the middle of their directions
        middle = rows.mean(axis=0)
        return Relevance((middle / (np.linalg.norm(middle) or 1.0)).astype(np.float32))
    fitted = _fit(rows, signs, weights)
    return Relevance(fitted[:-1].astype(np.float32), float(fitted[-1]), True)


def _sorted(block: Vectors) -> Vectors:
    """The same rows in an order of their own, so that sums do not depend on who was marked first."""
    return block[np.lexsort(block.T[:4])] if len(block) > 1 else block


def _fit(rows: Array, signs: Array, weights: Array) -> Array:
    """Logistic regression by Newton's method: float64 (k + 1,), the shift last.

    Minimises sum(weights * log(1 + exp(-signs * (rows @ w + b)))) + w @ w / 2, which has one minimum.
    """
    turn = None
    if rows.shape[1] > len(rows):
        # the weights lie in the span of the rows: fewer unknowns
        turn, small = np.linalg.qr(rows.T)
        rows = np.ascontiguousarray(small.T)
    size = rows.shape[1]
    augmented = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.append(np.ones(size), 1e-6)  # the shift is hardly held
    point = np.zeros(size + 1)
    value, margins = _loss(augmented, signs, weights, ridge, point)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(np.clip(margins, -80.0, 80.0)))  # of being wrong
        gradient = ridge * point - augmented.T @ (weights * signs * chance)
        if np.abs(gradient).max() <= _CLOSE * weights.max():
            break
        curve = (augmented.T * (weights * chance * (1.0 - chance))) @ augmented
        curve[np.diag_indices_from(curve)] += ridge
        step = np.linalg.solve(curve, gradient)
        length = 1.0
        while True:
            tried = point - length * step
            new, margins_there = _loss(augmented, signs, weights, ridge, tried)
            if new <= value or length < 1e-6:
                break
            length /= 2
        if new >= value:
            break
        point, value, margins = tried, new, margins_there
    return point if turn is None else np.append(turn @ point[:-1], point[-1])


def _loss(rows: Array, signs: Array, weights: Array, ridge: Array, point: Array) -> tuple[float, Array]:
    margins = signs * (rows @ point)
    return float(weights @ np.logaddexp(0.0, -margins) + 0.5 * (ridge * point) @ point), margins
