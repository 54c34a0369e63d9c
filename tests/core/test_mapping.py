"""The plane: reproducible, trustworthy, stopped at any step; new photos move nothing; the sheet has room for all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.mapping import tsne
from desktop_app.core.mapping.grid import columns_for, contact_sheet, roomy
from desktop_app.core.mapping.neighbours import NeighbourTable, exact_table
from desktop_app.core.mapping.place import beside, scatter, spacing
from desktop_app.core.mapping.trust import trustworthiness


def groups(count: int, kinds: int = 6, dimension: int = 32, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit rows in some groups, and the group of each."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(kinds, dimension))
    kind = np.arange(count) % kinds
    rows = middles[kind] + 0.55 * random.normal(size=(count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), kind


def end(steps):
    """Run a generator to its end."""
    reports = []
    while True:
        try:
            reports.append(next(steps))
        except StopIteration as ended:
            return ended.value, reports


def plane_of(matrix: np.ndarray):
    return end(tsne.lay_out(matrix, exact_table(matrix, tsne.NEIGHBOURS)))


@pytest.fixture(scope="module")
def made() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    matrix, kind = groups(360)
    plane, _ = plane_of(matrix)
    return matrix, kind, plane


def test_the_same_photos_give_the_same_plane(made) -> None:
    matrix, _, plane = made
    again, _ = plane_of(matrix)
    assert np.array_equal(plane, again)


def test_what_lies_together_is_alike(made) -> None:
    matrix, kind, plane = made
    assert trustworthiness(matrix, plane) > 0.93
    assert trustworthiness(matrix, roomy(plane)) > 0.9
    away = ((plane[:, None] - plane[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    assert (kind[away.argmin(axis=1)] == kind).mean() > 0.97


def test_by_chance_trust_would_be_half(made) -> None:
    matrix, _, plane = made
    shuffled = plane[np.random.default_rng(3).permutation(len(plane))]
    assert 0.4 < trustworthiness(matrix, shuffled) < 0.6


def test_neighbours_are_usually_one_apart(made) -> None:
    plane = made[2]
    assert plane.dtype == np.float32
    assert abs(spacing(plane) - 1) < 0.02
    assert np.abs(plane.min(axis=0) + plane.max(axis=0)).max() < 1e-2


def test_many_photos_have_a_preview_that_the_plane_resembles(monkeypatch) -> None:
    monkeypatch.setattr(tsne, "SAMPLE", 120)
    matrix, kind = groups(600)
    plane, reports = plane_of(matrix)
    previews = [step.preview for step in reports if step.preview is not None]
    assert previews
    assert all(one is previews[0] for one in previews)  # a later report has it too
    assert next(step.done for step in reports if step.preview is not None) < 0.15  # early
    assert previews[0].shape == (600, 2)
    assert trustworthiness(matrix, previews[0]) > 0.8
    assert trustworthiness(matrix, plane) > 0.9
    # groups stay where the preview showed them
    before = np.stack([previews[0][kind == one].mean(axis=0) for one in range(6)])
    after = np.stack([plane[kind == one].mean(axis=0) for one in range(6)])
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.7


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 17])
def test_few_photos_are_laid_out_too(count: int) -> None:
    matrix, _ = groups(count, kinds=2)
    plane, _ = plane_of(matrix)
    assert plane.shape == (count, 2)
    assert np.isfinite(plane).all()
    assert len(np.unique(plane, axis=0)) == count


def test_it_stops_at_any_step() -> None:
    matrix, _ = groups(200)
    table = exact_table(matrix, 15)
    steps = tsne.lay_out(matrix, table)
    for _ in range(5):
        next(steps)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_progress_rises_to_the_end(made) -> None:
    _, reports = plane_of(made[0])
    done = [step.done for step in reports]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == pytest.approx(1)


def test_equal_rows_do_not_break_it() -> None:
    matrix = np.repeat(groups(5, kinds=5)[0], 8, axis=0)
    plane, _ = plane_of(matrix)
    assert np.isfinite(plane).all()


def test_the_exact_table_is_what_sorting_gives() -> None:
    matrix, _ = groups(90)
    table, _ = end(exact_table(matrix, 7))
    assert isinstance(table, NeighbourTable)
    scores = matrix @ matrix.T
    np.fill_diagonal(scores, -np.inf)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :7]
    np.testing.assert_allclose(
        np.take_along_axis(scores, table.indices, 1), np.take_along_axis(scores, expected, 1), atol=1e-6
    )
    assert not (table.indices == np.arange(90)[:, None]).any()


def test_new_photos_come_beside_what_they_are_like(made) -> None:
    matrix, kind, plane = made
    new, of = groups(60, seed=0)
    places = beside(new, matrix, plane, np.arange(60), 0.5)
    nearest = ((places[:, None] - plane[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert (kind[nearest] == of).mean() > 0.95
    alone = beside(new[7:8], matrix, plane, np.array([7]), 0.5)
    np.testing.assert_allclose(alone[0], places[7], atol=1e-4)  # whenever it comes


def test_a_photo_between_two_parts_goes_to_one_of_them() -> None:
    matrix, kind = groups(200, kinds=2)
    plane = np.where(kind[:, None] == 0, -50.0, 50.0).astype(np.float32) + np.zeros((200, 2), np.float32)
    some = matrix[:40]
    places = beside(some, matrix[40:], plane[40:], np.arange(40), 0.5)
    assert (np.abs(np.abs(places) - 50) < 1).all()


def test_steps_aside_are_short_and_always_the_same() -> None:
    steps = scatter(np.arange(5000), 0.5)
    assert np.linalg.norm(steps, axis=1).max() <= 0.5 + 1e-6
    assert np.abs(steps.mean(axis=0)).max() < 0.02
    assert np.array_equal(steps[100:110], scatter(np.arange(100, 110), 0.5))
    assert len(np.unique(steps, axis=0)) > 4990


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 400), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_every_photo_has_a_cell_of_its_own(count: int, columns: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(count, 2)).astype(np.float32)
    cells = contact_sheet(points, columns)
    wide = columns or columns_for(count)
    assert cells.shape == (count, 2)
    assert sorted((cells[:, 1] * wide + cells[:, 0]).tolist()) == list(range(count))  # no hole, nothing twice
    assert not count or cells[:, 0].max() < wide


def test_a_sheet_keeps_the_order_of_the_plane() -> None:
    side = 12
    y, x = np.divmod(np.arange(side * side), side)
    order = np.random.default_rng(0).permutation(side * side)
    points = np.stack([x, y], axis=1)[order].astype(np.float32)
    assert np.array_equal(contact_sheet(points, side), points.astype(np.int32))


def test_points_on_one_spot_get_cells_too() -> None:
    cells = contact_sheet(np.zeros((37, 2), np.float32))
    assert len(np.unique(cells, axis=0)) == 37


def test_a_roomy_plane_fills_the_same_rectangle_more_evenly(made) -> None:
    plane = made[2]
    apart = roomy(plane)

    def closest(points: np.ndarray) -> float:
        away = ((points[:, None] - points[None]) ** 2).sum(axis=2)
        np.fill_diagonal(away, np.inf)
        return float(np.median(np.sqrt(away.min(axis=1))) / np.ptp(points))

    assert (apart.min(axis=0) >= plane.min(axis=0) - 1e-3).all()
    assert (apart.max(axis=0) <= plane.max(axis=0) + 1e-3).all()
    assert closest(apart) > 1.1 * closest(plane)
