"""What is left of the sets after some were decided, and after that was undone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.duplicates.sets import Kind
from desktop_app.ui.duplicates.decisions import Decisions, Step
from desktop_app.ui.duplicates.values import Tally
from tests.ui.duplicates_parts import SETS, SHOTS, TURNED, TWINS, make_set


def taken() -> Decisions:
    decisions = Decisions()
    decisions.take(SETS)
    return decisions


def test_a_decided_set_is_no_longer_listed_and_comes_back_with_its_photos() -> None:
    decisions = taken()
    decisions.add(Step(("b",), frozenset((21, 22)), 2_000_000))
    assert decisions.left == [TWINS, TURNED, SHOTS]
    assert decisions.tally == Tally(1, 2, 2_000_000)
    assert decisions.came_back([21, 22, 99]) == "b"
    assert decisions.left == list(SETS)
    assert decisions.tally == Tally()


def test_a_step_that_moves_nothing_is_taken_back_as_it_is() -> None:
    decisions = taken()
    step = Step(("d",))
    decisions.add(step)
    assert decisions.came_back([40]) == ""
    assert SHOTS not in decisions.left
    decisions.remove(step)
    assert decisions.left == list(SETS)


def test_what_stays_of_many_sets_at_once_stays_decided() -> None:
    decisions = taken()
    decisions.add(Step(("a", "b"), frozenset((11, 21, 22)), 3_000_000))
    assert decisions.left == [TURNED, SHOTS]
    assert decisions.came_back([11]) == "a"
    assert decisions.left == [TWINS, TURNED, SHOTS]
    assert decisions.tally == Tally(1, 2, 2_000_000)


def test_what_came_back_is_taken_off_by_its_own_size() -> None:
    decisions, plain = Decisions(), make_set("s", Kind.NEAR, 70, 3)
    copies = tuple(replace(copy, bytes=size) for copy, size in zip(plain.copies, (1, 20, 300), strict=True))
    decisions.take([replace(plain, copies=copies)])
    decisions.add(Step(("s",), frozenset((71, 72)), 320))
    assert decisions.came_back([71]) == "s"
    assert decisions.tally == Tally(0, 1, 300)


def test_one_photo_leaves_the_rest_of_its_set_open() -> None:
    decisions = taken()
    decisions.add(Step((), frozenset((22,)), 1_000_000))
    assert [one.key for one in decisions.left] == ["a", "b", "c", "d"]
    assert decisions.left[1].photos == (20, 21)
    assert decisions.came_back([22]) == "b"
    assert decisions.left == list(SETS)


def test_a_photo_of_two_sets_is_gone_from_both() -> None:
    decisions = Decisions()
    near = make_set("n", Kind.NEAR, 10, 3)
    decisions.take([TWINS, near])
    decisions.add(Step(("a",), frozenset((11,)), 1))
    assert decisions.left[0].photos == (10, 12)


@given(st.lists(st.sampled_from([10, 11, 20, 21, 22, 30, 31, 40, 41, 42, 43, 44]), max_size=12))
def test_every_set_that_is_left_holds_two_photos_that_are_there(photos: list[int]) -> None:
    decisions = taken()
    for photo in photos:
        decisions.add(Step((), frozenset((photo,)), 1))
    for one in decisions.left:
        assert len(one.photos) > 1
        assert decisions.gone.isdisjoint(one.photos)
        assert one.suggestion.keep in one.photos
        assert set(one.suggestion.go) < set(one.photos)
    decisions.came_back(photos)
    assert decisions.left == list(SETS)
