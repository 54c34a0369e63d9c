"""Groups of near-duplicates among labelled photos: they are never parted between learning and testing.

Every pair counts, but few are compared in full. Unit vectors that are near stay near on any few axes at right angles,
so pairs that are too far apart on the main axes of some of the vectors are left out for good; what remains is
compared on the raw vectors. The result is that of comparing all pairs.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import numpy.typing as npt
import scipy.linalg
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from desktop_app.core.learn.examples import Groups
from desktop_app.core.types import Vectors

NEAR = 0.97
"""Raw cosine of two embeddings from which photos count as copies of one another here. See docs/adr/0009-heads.md."""

_APART = 0.35  # distance that a quarter of all pairs exceed among ordinary photos of one subject
_ENOUGH = 8  # photos from which that can be told
_SAMPLE = 512
_AXES = 64
_ALL_PAIRS = 1024  # photos up to which all pairs are compared in full
_ROWS = 512
_BLOCK = 4096
_FEW = 8192  # pairs that are compared one by one
_SLACK = 1e-5  # rounding of float32

_Steps = Generator[None, None, Groups]


def groups_of(embeddings: Vectors, contents: Sequence[bytes], distance: float = 1.0 - NEAR) -> Groups:
    """`grouping` in one go."""
    steps = grouping(embeddings, contents, distance)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            groups: Groups = end.value
            return groups


def grouping(embeddings: Vectors, contents: Sequence[bytes], distance: float = 1.0 - NEAR) -> _Steps:
    """Group photos that are near-duplicates: equal content, or raw embeddings closer than a strict cosine distance.

    Args:
        embeddings: float32 (n, d), as the network gave them, neither centred nor projected.
        contents: the n contents (hashes of the files); b"" is unlike any other.
        distance: 1 - cosine below which two photos belong together; chains join. Where most photos are nearly that
            alike (one product under one lamp, again and again), a smaller one is taken, from how far apart they are.

    Yields:
        None, a few tens of milliseconds apart.

    Returns:
        Int64 (n,), numbered by first occurrence from 0.
    """
    count = len(embeddings)
    seen: dict[bytes, int] = {}
    groups = np.array(
        [seen.setdefault(content, place) if content else place for place, content in enumerate(contents)], np.int64
    )
    unit = np.zeros_like(embeddings, np.float32)
    for start in range(0, count, _BLOCK):
        part = embeddings[start : start + _BLOCK]
        lengths = np.linalg.norm(part, axis=1, keepdims=True)
        # a vector of zeros is like nothing
        np.divide(part, lengths, out=unit[start : start + _BLOCK], where=lengths > 0)
        yield
    strict = _strict(unit, distance)
    yield
    if count <= _ALL_PAIRS:
        groups = _joined(groups, *np.nonzero(unit @ unit.T > 1.0 - strict))
    else:
        groups = yield from _by_axes(unit, groups, strict)
    _, first, numbers = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[numbers.reshape(-1)]


def _by_axes(unit: Vectors, groups: Groups, strict: float) -> _Steps:
    """Join every pair closer than `strict`; rows are gone through along the first axis."""
    sample = unit[np.linspace(0, len(unit) - 1, _SAMPLE).astype(np.int64)]
    axes = _axes(sample - sample.mean(axis=0))
    yield
    turned = np.empty((len(unit), axes.shape[1]), np.float32)
    for start in range(0, len(unit), _BLOCK):
        turned[start : start + _BLOCK] = unit[start : start + _BLOCK] @ axes
        yield
    order = np.argsort(turned[:, 0], kind="stable")
    turned, along = turned[order], turned[order, 0].astype(np.float64)
    # the distance on the axes is at most the real one: their product less half of both squares is at least -strict
    half = np.square(turned).sum(axis=1, keepdims=True) / 2
    one, ones = np.float32(1), np.ones_like(half)
    left, right = np.hstack([turned, -half, ones]), np.hstack([turned, ones, -half])
    ends = np.searchsorted(along, along + np.sqrt(2 * strict) + _SLACK, "right")
    for start in range(0, len(unit), _ROWS):
        stop = min(start + _ROWS, len(unit))
        for first in range(start, int(ends[stop - 1]), 8 * _ROWS):
            last = min(first + 8 * _ROWS, int(ends[stop - 1]))
            close = left[start:stop] @ right[first:last].T > -(strict + _SLACK) * one
            rows, columns = np.nonzero(close)
            later = start + rows < first + columns
            groups = _checked(unit, groups, order[start + rows[later]], order[first + columns[later]], strict)
            yield
    return groups


def _axes(sample: Vectors) -> Vectors:
    """The main axes of some vectors, at right angles to one another: float32 (d, k), the first the longest."""
    size = min(_AXES, len(sample))
    small = sample.astype(np.float64) @ sample.T.astype(np.float64)
    vectors = scipy.linalg.eigh(small, subset_by_index=[len(small) - size, len(small) - 1])[1][:, ::-1]
    # at right angles whatever the sample: no more than that is needed for what the axes rule out
    return np.asarray(scipy.linalg.qr(sample.T @ vectors, mode="economic")[0], np.float32)


def _checked(unit: Vectors, groups: Groups, these: Groups, those: Groups, strict: float) -> Groups:
    """Join the pairs that are near on the raw vectors; pairs that are joined already need no look."""
    for start in range(0, len(these), _FEW):
        one, other = these[start : start + _FEW], those[start : start + _FEW]
        apart = groups[one] != groups[other]
        one, other = one[apart], other[apart]
        near = np.einsum("ij,ij->i", unit[one], unit[other]) > 1.0 - strict
        groups = _joined(groups, one[near], other[near])
    return groups


def _joined(groups: Groups, these: npt.NDArray[np.int64], those: npt.NDArray[np.int64]) -> Groups:
    """Groups in which those of each pair of photos are one."""
    one, other = groups[these], groups[those]
    if not np.any(one != other):
        return groups
    size = len(groups)
    graph = coo_array((np.ones(len(one), np.bool_), (one, other)), (size, size))
    return np.asarray(connected_components(graph, directed=False)[1][groups], np.int64)


def _strict(unit: Vectors, distance: float) -> float:
    """The distance below which two photos are copies rather than two photos of the same kind of thing."""
    if len(unit) < _ENOUGH:
        return distance
    sample = unit[np.linspace(0, len(unit) - 1, min(len(unit), _SAMPLE)).astype(np.int64)]
    apart = 1.0 - (sample @ sample.T)[np.triu_indices(len(sample), 1)]
    return distance * min(1.0, float(np.quantile(apart, 0.75)) / _APART)
