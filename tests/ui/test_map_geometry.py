"""Where things are on the map: the lasso holds what it should, views and rectangles agree, arrows lead somewhere."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop_app.ui.map.geometry import Bins, Camera, fitting, in_polygon, towards

number = st.floats(-1000, 1000, allow_nan=False, width=32)
place = st.tuples(number, number)
places = st.lists(place, min_size=1, max_size=60)


def points(some) -> np.ndarray:
    return np.array(some, np.float64).reshape(-1, 2)


@settings(deadline=None)
@given(places, st.tuples(number, number, number, number))
def test_a_lasso_round_a_rectangle_holds_what_is_inside(some, edges) -> None:
    left, right = sorted((edges[0], edges[1]))
    top, bottom = sorted((edges[2], edges[3]))
    assume(right - left > 1e-3 and bottom - top > 1e-3)
    held = in_polygon(points(some), points([(left, top), (right, top), (right, bottom), (left, bottom)]))
    for (x, y), inside in zip(some, held.tolist(), strict=True):
        if left < x < right and top < y < bottom:
            assert inside
        elif not (left <= x <= right and top <= y <= bottom):
            assert not inside


@settings(deadline=None)
@given(places, st.lists(place, min_size=3, max_size=12), st.integers(0, 11))
def test_it_does_not_matter_where_a_lasso_begins_or_which_way_it_goes(some, line, turn) -> None:
    held = in_polygon(points(some), points(line))
    turn %= len(line)
    assert np.array_equal(held, in_polygon(points(some), points(line[turn:] + line[:turn])))
    again = in_polygon(points(some), points(line[::-1]))
    differ = held != again
    if differ.any():  # only what lies on the line may fall either way
        corners = points(line)
        for x, y in points(some)[differ]:
            gaps = [_gap((x, y), a, b) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
            assert min(gaps) < 1e-6 * 1000


def _gap(at, one, other) -> float:
    one, other, at = np.asarray(one), np.asarray(other), np.asarray(at)
    length = float(((other - one) ** 2).sum())
    share = 0.0 if length == 0 else float(np.clip(((at - one) @ (other - one)) / length, 0, 1))
    return float(np.linalg.norm(at - one - share * (other - one)))


@settings(deadline=None)
@given(places, st.lists(place, min_size=3, max_size=12), st.floats(0.1, 20), place)
def test_a_lasso_holds_the_same_wherever_one_looks_from(some, line, scale, at) -> None:
    """Moved and enlarged together, what is well inside stays inside."""
    corners, found = points(line), points(some)
    edges = list(zip(corners, np.roll(corners, -1, axis=0), strict=True))
    clear = np.array([min(_gap(one, a, b) for a, b in edges) > 1e-2 for one in found])
    held = in_polygon(found, corners)
    moved = in_polygon(found * scale + at, corners * scale + at)
    assert np.array_equal(held[clear], moved[clear])


@given(places, st.lists(place, max_size=2))
def test_less_than_three_corners_hold_nothing(some, line) -> None:
    assert not in_polygon(points(some), points(line)).any()


def test_a_lasso_that_crosses_itself_leaves_out_what_it_goes_round_twice() -> None:
    line = points([(0, 0), (10, 0), (10, 10), (2, 10), (2, 2), (8, 2), (8, 8), (0, 8)])
    held = in_polygon(points([(1, 1), (5, 5), (9, 9), (20, 5)]), line)
    assert held.tolist() == [True, False, True, False]


@settings(deadline=None)
@given(places, st.tuples(number, number, number, number))
def test_bins_find_what_a_look_at_all_finds(some, edges) -> None:
    left, right = sorted(edges[:2])
    top, bottom = sorted(edges[2:])
    own = points(some).astype(np.float32)
    x, y = own[:, 0], own[:, 1]
    expected = np.flatnonzero((x >= left) & (x <= right) & (y >= top) & (y <= bottom))
    assert np.array_equal(Bins(own).inside(left, top, right, bottom), expected)


def test_bins_of_many_points() -> None:
    own = np.random.default_rng(0).normal(size=(20_000, 2)).astype(np.float32)
    bins = Bins(own)
    for left, top in ((-1.0, -1.0), (0.2, 0.3), (-9.0, -9.0), (4.0, 4.0)):
        x, y = own[:, 0], own[:, 1]
        expected = np.flatnonzero((x >= left) & (x <= left + 0.7) & (y >= top) & (y <= top + 0.5))
        assert np.array_equal(bins.inside(left, top, left + 0.7, top + 0.5), expected)
    assert len(bins.inside(-99, -99, 99, 99)) == 20_000


@given(place, st.floats(0.01, 500), place, st.floats(0.2, 5))
def test_what_is_under_the_mouse_stays_there_while_zooming(middle, scale, mouse, factor) -> None:
    camera = Camera(*middle, scale)
    before = camera.to_plane(*mouse, 800, 600)
    after = camera.zoomed(factor, *mouse, 800, 600).to_plane(*mouse, 800, 600)
    np.testing.assert_allclose(after, before, atol=1e-6 * (1 + 2000 / scale))


@given(place, st.floats(0.01, 500), place)
def test_to_the_view_and_back(middle, scale, mouse) -> None:
    camera = Camera(*middle, scale)
    there = camera.to_view(np.array([camera.to_plane(*mouse, 800, 600)]), 800, 600)[0]
    np.testing.assert_allclose(there, mouse, atol=1e-5 * (1 + scale))


@settings(deadline=None)
@given(places)
def test_fitting_shows_everything(some) -> None:
    own = points(some).astype(np.float32)
    there = fitting(own, 800, 600, 40).to_view(own, 800, 600)
    assert (there >= (39, 39)).all()
    assert (there <= (761, 561)).all()


def test_arrows_lead_to_the_nearest_that_way() -> None:
    own = points([(0, 0), (10, 1), (3, 9), (-4, 0), (0, -5)])
    assert [towards(own, (0, 0), *way) for way in ((1, 0), (0, 1), (-1, 0), (0, -1))] == [1, 2, 3, 4]
    assert towards(own[:1], (0, 0), 1, 0) == -1
