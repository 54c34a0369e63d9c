"""The hand-over from workers to the storing thread: nothing is lost, nothing waits for ever."""

from __future__ import annotations

import threading

import pytest

from desktop_app.core.operations.handover import Handover

LONG = 30.0  # nothing here takes so long unless it hangs


def workers(handover: Handover[int], count: int, each: int) -> list[threading.Thread]:
    def work(first: int) -> None:
        for item in range(first, first + each):
            handover.put(item)

    threads = [threading.Thread(target=work, args=(number * each,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("room", [1, 2, 7, 1000])
def test_every_item_comes_once_and_each_workers_in_order(room: int) -> None:
    handover: Handover[int] = Handover(room, 400)
    threads = workers(handover, 4, 100)
    taken: list[int] = []
    while len(taken) < 400:
        taken += handover.take(LONG)
    for thread in threads:
        thread.join(LONG)
    assert sorted(taken) == list(range(400))
    for number in range(4):
        mine = [item for item in taken if item // 100 == number]
        assert mine == sorted(mine)


def test_no_more_than_the_room_is_ever_there() -> None:
    handover: Handover[int] = Handover(5, 100)
    threads = workers(handover, 4, 25)
    taken = 0
    while taken < 100:
        items = handover.take(LONG)
        assert len(items) <= 5
        taken += len(items)
    for thread in threads:
        thread.join(LONG)


def test_nothing_is_taken_where_nothing_came() -> None:
    assert Handover[int](5, 1).take(0.001) == []


def test_a_workers_error_comes_after_the_items_before_it() -> None:
    handover: Handover[int] = Handover(5, 3)
    handover.put(1)
    handover.fail(ValueError("broken"))
    handover.fail(KeyError("a second one says nothing new"))
    assert handover.take(LONG) == [1]
    with pytest.raises(ValueError, match="broken"):
        handover.take(LONG)


def test_closing_lets_workers_go_that_wait_for_room() -> None:
    handover: Handover[int] = Handover(2, 100)
    threads = workers(handover, 3, 10)
    assert handover.take(LONG)
    handover.close()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    assert handover.take(0.001) == []
