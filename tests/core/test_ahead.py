"""Threads that work ahead: all of it, in order, no further than said, and nothing begun once it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.operations.ahead import in_order


@given(st.lists(st.integers(), max_size=30), st.integers(0, 8), st.integers(1, 3))
def test_everything_comes_in_order_and_no_more_is_taken_than_said(numbers: list[int], ahead: int, threads: int):
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in numbers:
            taken.append(number)
            yield number

    with ThreadPoolExecutor(threads) as pool:
        made = []
        for value in in_order(pool, lambda number: 2 * number, items(), ahead):
            made.append(value)
            assert len(taken) <= len(made) + ahead
    assert made == [2 * number for number in numbers]


def test_closed_early_the_rest_is_not_taken():
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(1) as pool:
        steps = in_order(pool, abs, items(), 3)
        assert next(steps) == 0
        steps.close()
    assert taken == [0, 1, 2, 3]


def test_what_a_call_raises_is_raised_where_its_turn_comes():
    with ThreadPoolExecutor(1) as pool:
        steps = in_order(pool, lambda number: 1 // number, [1, 0, 1], 2)
        assert next(steps) == 1
        with pytest.raises(ZeroDivisionError):
            next(steps)
