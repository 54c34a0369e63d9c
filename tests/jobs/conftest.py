"""Lanes that are shut down whatever the test does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from desktop_app.jobs import Lane, shut_down


@pytest.fixture
def make_lane(qapp) -> Iterator[Callable[..., Lane]]:
    lanes: list[Lane] = []

    def make(name: str = "work", threads: int = 1, **options: bool) -> Lane:
        lanes.append(Lane(name, threads, **options))
        return lanes[-1]

    yield make
    assert shut_down(lanes, 10.0) == ()


@pytest.fixture
def lane(make_lane) -> Lane:
    return make_lane()
