from __future__ import annotations

import threading

from desktop_app.jobs import Latest


def test_only_the_newest_answer_arrives(qtbot, lane):
    latest, go, started, answers = Latest(lane), threading.Event(), threading.Event(), []
    latest.answered.connect(answers.append)

    def slow():
        started.set()
        assert go.wait(10)
        return "slow"

    latest.ask(slow)
    assert started.wait(10)
    for number in range(20):
        latest.ask(lambda number=number: number)
    assert latest.is_waiting
    with qtbot.waitSignal(lane.idle):
        go.set()
    assert answers == [19]
    assert not latest.is_waiting


def test_an_answer_on_its_way_is_dropped_too(qtbot, lane):
    latest, answers, asked = Latest(lane), [], threading.Event()
    latest.answered.connect(answers.append)

    latest.ask(lambda: "old")
    lane.submit(asked.set)
    assert asked.wait(10)  # the old answer is there, but was not delivered yet
    latest.ask(lambda: "new")
    with qtbot.waitSignal(latest.answered):
        pass
    assert answers == ["new"]


def test_dropped_questions_stay_unanswered(qtbot, lane):
    latest, answers = Latest(lane), []
    latest.answered.connect(answers.append)
    latest.ask(lambda: 1)
    latest.drop()
    with qtbot.waitSignal(lane.submit(lambda: 2).succeeded):
        pass
    assert answers == []


def test_an_error_is_an_answer(qtbot, lane):
    latest = Latest(lane)
    latest.ask(lambda: {}["gone"])
    with qtbot.waitSignal(latest.failed) as said:
        pass
    assert isinstance(said.args[0], KeyError)
    assert not latest.is_waiting
