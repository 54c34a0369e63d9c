from __future__ import annotations

import threading

import pytest

from desktop_app.core.types import Progress
from desktop_app.jobs import Single


def heard(single: Single) -> list[object]:
    said: list[object] = []
    for name in ("progressed", "succeeded", "failed"):
        getattr(single, name).connect(lambda value, name=name: said.append((name, value)))
    for name in ("cancelled", "finished"):
        getattr(single, name).connect(lambda name=name: said.append(name))
    return said


def test_what_runs_is_not_begun_again_and_the_next_can_follow_at_once(qtbot, lane):
    single, go = Single(lane), threading.Event()
    said = heard(single)
    assert single.start(lambda: go.wait(10)) is not None
    assert single.start(lambda: "never") is None
    assert single.is_running
    single.finished.connect(lambda: said.append(single.is_running))
    with qtbot.waitSignal(single.finished):
        go.set()
    assert said == [("succeeded", True), "finished", False]
    with qtbot.waitSignal(single.finished):
        assert single.start(lambda: "next") is not None
    assert ("succeeded", "next") in said


def test_a_stopped_operation_says_so_and_ends(qtbot, lane):
    single, said_once = Single(lane), threading.Event()

    def long():
        while True:
            yield Progress("going on")
            said_once.set()

    single.stop()  # nothing runs: nothing happens
    said = heard(single)
    single.start(long())
    with qtbot.waitSignal(single.progressed):
        assert said_once.wait(10)
    with qtbot.waitSignal(single.finished):
        single.stop()
    assert said[-2:] == ["cancelled", "finished"]
    assert said[0] == ("progressed", Progress("going on"))
    assert not single.is_running


@pytest.mark.parametrize("error", [ValueError("of ours"), OSError("of the world's")])
def test_an_error_is_passed_on_as_it_is(qtbot, lane, error):
    def fail():
        raise error

    single = Single(lane)
    said = heard(single)
    with qtbot.waitSignal(single.finished):
        single.start(fail)
    assert said == [("failed", error), "finished"]
