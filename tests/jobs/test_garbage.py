from __future__ import annotations

import gc
import threading

import pytest

from desktop_app.jobs.garbage import GuiGarbage


class Cycle:
    """Garbage that only the collector finds, and that notes which thread it died on."""

    def __init__(self, died_on):
        self.died_on = died_on
        self.itself = self

    def __del__(self):
        self.died_on.append(threading.get_ident())


def make_garbage(died_on):
    for _ in range(5000):
        Cycle(died_on)
    return [[] for _ in range(20_000)]


@pytest.fixture
def garbage(qapp):
    garbage = GuiGarbage()
    yield garbage
    garbage.stop()
    assert gc.isenabled()


def test_what_a_lane_leaves_is_collected_on_the_gui_thread(qtbot, lane, garbage):
    died_on = []
    with qtbot.waitSignal(lane.submit(lambda: make_garbage(died_on)).succeeded):
        pass
    garbage.collect()
    assert died_on
    assert set(died_on) == {threading.get_ident()}


def test_it_collects_by_itself(qtbot, garbage):
    died_on = []
    make_garbage(died_on)
    qtbot.waitUntil(lambda: len(died_on) > 0, timeout=5000)
