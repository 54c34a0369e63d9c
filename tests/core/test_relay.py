"""The hand-over from workers to the storing thread: nothing is lost, nothing waits for ever."""

from __future__ import annotations

import threading

import pytest

from desktop_app.core.operations.relay import Relay

LONG = 30.0  # nothing here takes so long unless it hangs


def workers(relay: Relay[int], count: int, each: int) -> list[threading.Thread]:
    def work(first: int) -> None:
        for item in range(first, first + each):
            relay.put(item)

    threads = [threading.Thread(target=work, args=(number * each,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize("room", [1, 2, 7, 1000])
def test_every_item_comes_once_and_each_workers_in_order(room: int) -> None:
    relay: Relay[int] = Relay(room, 400)
    threads = workers(relay, 4, 100)
    taken: list[int] = []
    while len(taken) < 400:
        taken += relay.take(LONG)
    for thread in threads:
        thread.join(LONG)
    assert sorted(taken) == list(range(400))
    for number in range(4):
        mine = [item for item in taken if item // 100 == number]
        assert mine == sorted(mine)


def test_no_more_than_the_room_is_ever_there() -> None:
    relay: Relay[int] = Relay(5, 100)
    threads = workers(relay, 4, 25)
    taken = 0
    while taken < 100:
        items = relay.take(LONG)
        assert len(items) <= 5
        taken += len(items)
    for thread in threads:
        thread.join(LONG)


def test_nothing_is_taken_where_nothing_came() -> None:
    assert Relay[int](5, 1).take(0.001) == []


def test_a_workers_error_comes_after_the_items_before_it() -> None:
    relay: Relay[int] = Relay(5, 3)
    relay.put(1)
    relay.fail(ValueError("broken"))
    relay.fail(KeyError("a second one says nothing new"))
    assert relay.take(LONG) == [1]
    with pytest.raises(ValueError, match="broken"):
        relay.take(LONG)


def test_closing_lets_workers_go_that_wait_for_room() -> None:
    relay: Relay[int] = Relay(2, 100)
    threads = workers(relay, 3, 10)
    assert relay.take(LONG)
    relay.close()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    assert relay.take(0.001) == []
