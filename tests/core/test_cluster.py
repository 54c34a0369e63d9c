"""Clustering without a library: trees and their cuts, finest groups, the number, odd ones, typical photos, matching."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score, silhouette_score

from desktop_app.core.cluster import density
from desktop_app.core.cluster.count import bounds, propose
from desktop_app.core.cluster.density import dense_groups
from desktop_app.core.cluster.group import cluster
from desktop_app.core.cluster.hierarchy import EMPTY, ODD, Tree, ward
from desktop_app.core.cluster.kmeans import centres_of, fine_groups, points
from desktop_app.core.cluster.odd import odd_ones
from desktop_app.core.cluster.stable import match
from desktop_app.core.cluster.typical import evenness, evenness_word, spread, typical

QUICK = settings(max_examples=40, deadline=None)


def end(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


def made(count: int, seed: int, groups: int = 5, noise: float = 0.5, width: int = 16) -> np.ndarray:
    random = np.random.default_rng(seed)
    middles = random.standard_normal((groups, width))
    rows = middles[random.integers(groups, size=count)] + noise * random.standard_normal((count, width))
    return points(rows.astype(np.float32))


def tree_of(rows: np.ndarray, weights: np.ndarray | None = None) -> Tree:
    return end(ward(rows, np.ones(len(rows), np.int64) if weights is None else weights))


@QUICK
@given(st.integers(2, 60), st.integers(0, 10_000))
def test_the_tree_is_wards(count: int, seed: int) -> None:
    rows = made(count, seed)
    tree, known = tree_of(rows), linkage(rows.astype(np.float64), "ward")
    np.testing.assert_allclose(tree.heights, known[:, 2], rtol=1e-4, atol=1e-4)
    for groups in {1, 2, count // 2, count} - {0}:
        expected = fcluster(known, groups, "maxclust")
        assert adjusted_rand_score(expected, tree.cut(groups)) == 1


def test_a_leaf_of_many_photos_weighs_as_much_as_they_do() -> None:
    rows = made(12, 3)
    weights = np.array([5, 1, 3, 1, 1, 1, 2, 1, 4, 1, 1, 2])
    owner = np.repeat(np.arange(12), weights)
    apart, together = tree_of(rows[owner]), tree_of(rows, weights)
    for groups in range(1, 13):  # copies join first, at height 0
        assert adjusted_rand_score(apart.cut(groups), together.cut(groups)[owner]) == 1


@QUICK
@given(st.integers(1, 50), st.integers(0, 10_000), st.data())
def test_cuts_have_the_number_asked_for_and_refine_one_another(count: int, seed: int, data: st.DataObject) -> None:
    tree = tree_of(made(count, seed), np.random.default_rng(seed).integers(1, 20, count))
    free = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    cuts = []
    for groups in range(1, count + 2):
        top = tree.cut(groups, free)
        assert top.shape == (count,)
        if free.any():
            assert len(np.unique(top[free])) == min(groups, int(free.sum()))
        for node in np.unique(top):
            below = tree.below(int(node))
            assert (top[below] == node).all()  # a node has all its leaves: each is in exactly one
        cuts.append(top)
    for coarse, fine in itertools.pairwise(cuts):
        for node in np.unique(fine):
            assert len(np.unique(coarse[fine == node])) == 1


@QUICK
@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_a_damaged_tree_is_an_empty_one(rubbish: bytes, seed: int) -> None:
    tree = tree_of(made(20, seed))
    data = tree.to_bytes()
    again = Tree.from_bytes(data)
    assert again.leaves == 20
    np.testing.assert_array_equal(again.merges, tree.merges)
    assert Tree.from_bytes(rubbish) is EMPTY
    assert Tree.from_bytes(None) is EMPTY
    assert Tree.from_bytes(data[: len(data) // 2]) is EMPTY
    wrong = Tree(20, tree.merges[::-1].copy(), tree.heights)
    assert Tree.from_bytes(wrong.to_bytes()) is EMPTY
    assert EMPTY.cut(3).shape == (0,)


@QUICK
@given(st.integers(0, 120), st.integers(0, 10_000), st.sampled_from(["kmeans", "density"]), st.floats(0, 2))
def test_every_photo_is_in_one_group_at_every_level_and_again_the_same(
    count: int, seed: int, method: Any, noise: float
) -> None:
    rows = made(count, seed, noise=noise)
    found, again = end(cluster(rows, method=method)), end(cluster(rows, method=method))
    np.testing.assert_array_equal(found.leaves, again.leaves)
    np.testing.assert_array_equal(found.tree.merges, again.tree.merges)
    assert found.proposal == again.proposal
    inside = found.leaves[found.leaves != ODD]
    assert len(inside) >= 0.9 * count
    assert np.array_equal(np.unique(inside), np.arange(found.tree.leaves))
    last = None
    for groups in range(1, found.tree.leaves + 1):
        labels = found.labels(groups)
        assert labels.shape == (count,)
        assert len(np.unique(labels[labels != ODD])) == groups
        assert np.array_equal(labels == ODD, found.leaves == ODD)
        if last is not None:
            assert all(len(np.unique(last[labels == one])) == 1 for one in np.unique(labels))
        last = labels


@pytest.mark.parametrize("finest", [fine_groups, dense_groups])
def test_many_photos_have_fewer_finest_groups(finest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(density, "MOST", 1_000)
    rows = made(3_000, 1, groups=12, noise=0.2)
    leaves, centres = end(finest(rows))
    assert leaves.shape == (3_000,)
    assert np.array_equal(np.unique(leaves), np.arange(len(centres)))
    assert len(centres) <= 2_000
    np.testing.assert_allclose(centres, centres_of(rows, leaves, len(centres)), atol=1e-5)
    truth = end(cluster(rows, method="kmeans" if finest is fine_groups else "density", count=12)).labels(12)
    inside = truth != ODD
    middles = np.random.default_rng(1).standard_normal((12, 16))
    nearest = (rows @ points(middles.astype(np.float32)).T).argmax(axis=1)
    assert adjusted_rand_score(nearest[inside], truth[inside]) > 0.95


@pytest.mark.parametrize("groups", [6, 9, 20])
def test_the_number_of_clear_groups_is_found_and_its_silhouette_is_right(groups: int) -> None:
    random = np.random.default_rng(groups)
    own = np.repeat(np.arange(groups), 12)
    rows = points(
        (random.standard_normal((groups, 64))[own] + 0.3 * random.standard_normal((len(own), 64))).astype(np.float32)
    )
    tree = tree_of(rows)
    leaves = np.arange(len(rows), dtype=np.int32)
    found = end(propose(rows, leaves, tree))
    assert found.count == groups
    for count, value in zip(found.tried[:12], found.silhouettes, strict=False):
        expected = silhouette_score(rows, tree.cut(count), metric="cosine")
        assert value == pytest.approx(expected, abs=1e-4)
    stays = end(propose(rows, leaves, tree, before=groups + 1))
    assert stays.count in (groups, groups + 1)


def test_the_number_that_is_shown_stays_unless_another_is_clearly_better() -> None:
    rows = points(np.random.default_rng(0).standard_normal((80, 64)).astype(np.float32))  # nothing is clear here
    tree = tree_of(rows)
    leaves = np.arange(80, dtype=np.int32)
    usual = end(propose(rows, leaves, tree))
    worth = dict(zip(usual.tried, usual.silhouettes, strict=True))
    near = min(
        (count for count in usual.tried if count != usual.count), key=lambda n: abs(worth[n] - worth[usual.count])
    )
    assert end(propose(rows, leaves, tree, before=near)).count == near
    assert bounds(0, 0) == (0, 0)
    assert bounds(1, 1) == (1, 1)


def test_strangers_are_odd_and_copies_are_not() -> None:
    rows = made(60, 4, noise=0.2, width=64)
    strangers = points(np.random.default_rng(9).standard_normal((3, 64)).astype(np.float32))
    odd = end(odd_ones(np.vstack([rows, strangers])))
    assert np.flatnonzero(odd).tolist() == [60, 61, 62]
    assert not end(odd_ones(np.repeat(rows[:1], 40, axis=0))).any()
    assert not end(odd_ones(strangers)).any()  # among three nobody can say
    many = points(np.random.default_rng(2).standard_normal((200, 64)).astype(np.float32))
    assert end(odd_ones(many)).sum() <= 20


def test_typical_photos_are_near_the_middle_and_not_twice_the_same() -> None:
    rows = made(40, 5, groups=1, noise=0.4)
    chosen = typical(rows)
    assert len(chosen) == 6
    middle = rows.mean(axis=0)
    assert chosen[0] == np.argmax(rows @ middle)
    copies = np.vstack([np.repeat(rows[chosen[:1]], 5, axis=0), rows])
    own = typical(copies)
    assert len({copies[row].tobytes() for row in own}) == 6
    assert len(typical(np.repeat(rows[:1], 3, axis=0))) == 3
    assert typical(rows[:0]).shape == (0,)
    assert evenness(np.repeat(rows[:1], 3, axis=0)) == pytest.approx(1)
    assert evenness(np.vstack([rows[0], -rows[0]])) == pytest.approx(0, abs=1e-6)
    assert [evenness_word(value) for value in (0.95, 0.7, 0.3)] == ["very alike", "alike", "mixed"]
    assert spread(5).tolist() == [0, 1, 2, 3, 4]
    assert len(np.unique(spread(100_000))) == 256


@QUICK
@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), max_size=60))
def test_matching_pairs_each_group_at_most_once(pairs: list[tuple[int, int]]) -> None:
    old = np.array([one for one, _ in pairs], np.int64)
    new = np.array([one for _, one in pairs], np.int64)
    found = match(old, new)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(old[old >= 0].tolist())
    both = (old >= 0) & (new >= 0)
    for one, other in found.items():
        inside = ((old == one) & (new == other)).sum()
        either = (both & ((old == one) | (new == other))).sum()
        assert inside / either >= 0.5
    renamed = np.where(old >= 0, 10 * old + 7, -1)
    assert match(old, renamed) == {one: 10 * one + 7 for one in set(old[old >= 0].tolist())}
