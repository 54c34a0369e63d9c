from __future__ import annotations

import gc
import os
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QObject, QThread, Signal, Slot

from desktop_app.core.errors import UserError
from desktop_app.core.types import Changes, PhotoId, Progress
from desktop_app.jobs import Lane, shut_down


class Record(QObject):
    """Everything a job says, and on which thread."""

    def __init__(self, job):
        super().__init__()
        self.events: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()
        job.progressed.connect(self.progressed)
        job.succeeded.connect(self.succeeded)
        job.failed.connect(self.failed)
        job.cancelled.connect(self.cancelled)
        job.finished.connect(self.finished)

    def note(self, name, value=None):
        self.events.append((name, value))
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def progressed(self, report):
        self.note("progressed", report)

    @Slot(object)
    def succeeded(self, result):
        self.note("succeeded", result)

    @Slot(object)
    def failed(self, error):
        self.note("failed", error)

    @Slot()
    def cancelled(self):
        self.note("cancelled")

    @Slot()
    def finished(self):
        self.note("finished")

    @property
    def names(self):
        return [name for name, _ in self.events if name != "progressed"]

    @property
    def reports(self):
        return [value for name, value in self.events if name == "progressed"]


class Gate:
    """A long operation that the test lets through step by step."""

    def __init__(self):
        self.steps = threading.Semaphore(0)
        self.reached = threading.Semaphore(0)
        self.count = 0
        self.closed = False

    def operation(self):
        try:
            while True:
                self.reached.release()
                assert self.steps.acquire(timeout=10)
                self.count += 1
                yield Progress("Working", self.count, 0)
        finally:
            self.closed = True

    def arrive(self):
        assert self.reached.acquire(timeout=10)

    def step(self):
        self.steps.release()


def counting(count):
    for number in range(1, count + 1):
        yield Progress("Counting", number, count, changes=Changes(added=(PhotoId(number),)))
    return count


def test_reports_come_in_order_on_the_gui_thread_and_no_change_is_lost(qtbot, lane):
    job = lane.submit(counting(1000))
    record = Record(job)
    with qtbot.waitSignal(job.finished):
        pass
    assert record.threads == {QThread.currentThread()}
    assert record.names == ["succeeded", "finished"]
    assert record.events[-2] == ("succeeded", 1000)
    figures = [report.done for report in record.reports]
    assert figures == sorted(figures)
    assert figures[-1] == 1000
    assert [photo for report in record.reports for photo in report.changes.added] == list(range(1, 1001))


def test_reports_are_coalesced_while_the_gui_thread_is_busy(qtbot, lane):
    done = threading.Event()

    def operation():
        yield from counting(500)
        done.set()

    job = lane.submit(operation())
    record = Record(job)
    assert done.wait(10)  # the event loop does not turn meanwhile
    with qtbot.waitSignal(job.finished):
        pass
    assert len(record.reports) == 1
    assert len(record.reports[0].changes.added) == 500


def test_a_plain_function_is_an_operation_and_runs_elsewhere(qtbot, lane):
    job = lane.submit(threading.get_ident)
    with qtbot.waitSignal(job.succeeded) as said:
        pass
    assert said.args[0] != threading.get_ident()


def test_cancel_runs_finally_and_keeps_what_was_reported(qtbot, lane):
    gate = Gate()
    job = lane.submit(gate.operation())
    record = Record(job)
    gate.arrive()
    with qtbot.waitSignal(job.finished):
        job.cancel()
        assert job.is_stopping
        gate.step()
    assert gate.closed
    assert record.names == ["cancelled", "finished"]
    assert record.reports[-1].done == 1


def test_cancel_of_a_waiting_job_never_starts_it(qtbot, lane):
    gate, started = Gate(), []
    running = lane.submit(gate.operation())
    gate.arrive()
    waiting = lane.submit(lambda: started.append(1))
    record = Record(waiting)
    with qtbot.waitSignal(waiting.finished):
        waiting.cancel()
        assert record.events == []  # nothing is said from inside a call
    assert record.names == ["cancelled", "finished"]
    with qtbot.waitSignal(running.finished):
        running.cancel()
        gate.step()
    assert started == []


def test_errors_cross_as_objects(qtbot, lane):
    error = UserError("The folder is gone.", "details")

    def operation():
        yield Progress("Working")
        raise error

    said = []
    lane.failed.connect(lambda job, problem: said.append((job, problem)))
    job = lane.submit(operation())
    record = Record(job)
    with qtbot.waitSignal(job.finished):
        pass
    assert record.events[-2] == ("failed", error)
    assert said == [(job, error)]


def test_a_lane_lives_on_after_the_worst_error(qtbot, lane):
    def worst():
        raise SystemExit(3)

    with qtbot.waitSignal(lane.submit(worst).failed):
        pass
    with qtbot.waitSignal(lane.submit(lambda: 5).succeeded) as said:
        pass
    assert said.args == [5]


def test_urgent_work_runs_between_two_reports_of_a_long_operation(qtbot, lane):
    gate = Gate()
    long = lane.submit(gate.operation())
    gate.arrive()
    seen = []
    later = lane.submit(lambda: seen.append("later"))
    first = lane.submit(lambda: seen.append(("first", gate.count, threading.current_thread().name)), urgent=True)
    second = lane.submit(counting(3), urgent=True)
    with qtbot.waitSignals([first.succeeded, second.succeeded], order="strict"):
        gate.step()
    gate.arrive()
    assert seen == [("first", 1, "work-1")]
    assert not long.is_finished
    with qtbot.waitSignals([long.cancelled, later.finished]):
        long.cancel()
        gate.step()
    assert seen[1:] == ["later"]


def test_a_failing_urgent_job_leaves_the_long_one_alone(qtbot, lane):
    gate = Gate()
    long = lane.submit(gate.operation())
    gate.arrive()
    urgent = lane.submit(lambda: 1 / 0, urgent=True)
    with qtbot.waitSignal(urgent.failed) as said:
        gate.step()
    assert isinstance(said.args[0], ZeroDivisionError)
    gate.arrive()
    with qtbot.waitSignal(long.cancelled):
        long.cancel()
        gate.step()


def test_pause_holds_the_operation_and_lets_urgent_work_through(qtbot, lane):
    gate = Gate()
    job = lane.submit(gate.operation())
    gate.arrive()
    with qtbot.waitSignal(job.pausedChanged):
        job.pause()
    with qtbot.waitSignal(job.progressed):
        gate.step()
    gate.step()  # may be taken only after `resume`
    with qtbot.waitSignal(lane.submit(lambda: gate.count, urgent=True).succeeded) as said:
        pass
    assert said.args == [1]
    assert job.is_paused
    with qtbot.waitSignal(job.progressed) as report:
        job.resume()
    assert report.args[0].done == 2
    gate.arrive()
    gate.arrive()
    job.pause()
    with qtbot.waitSignal(job.cancelled):  # also from a pause
        gate.step()
        job.cancel()
    assert gate.closed


def test_the_newest_request_is_served_first(qtbot, make_lane):
    lane = make_lane("thumbs", newest_first=True)
    gate, order = Gate(), []
    first = lane.submit(gate.operation())
    gate.arrive()
    jobs = [lane.submit(lambda number=number: order.append(number)) for number in range(5)]
    jobs[3].cancel()  # went off screen
    with qtbot.waitSignal(lane.idle):
        first.cancel()
        gate.step()
    assert order == [4, 2, 1, 0]


def test_several_threads_run_at_a_time(qtbot, make_lane):
    lane = make_lane("thumbs", 3)
    meeting = threading.Barrier(3, timeout=10)
    jobs = [lane.submit(meeting.wait) for _ in range(3)]
    with qtbot.waitSignals([job.succeeded for job in jobs]):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a thread's priority")
def test_low_priority_is_the_threads_own(qtbot, make_lane):
    lane = make_lane("thumbs", low_priority=True)
    with qtbot.waitSignal(
        lane.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).succeeded
    ) as said:
        pass
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert said.args[0] == min(19, 10) if mine <= 10 else mine
    assert mine < 10


def test_shutdown_with_several_running_stops_them_all(qtbot, make_lane):
    lane, other = make_lane("work", 3), make_lane("query")
    gates = [Gate() for _ in range(4)]
    jobs = [lane.submit(gate.operation()) for gate in gates[:3]] + [other.submit(gates[3].operation())]
    waiting = lane.submit(lambda: 1)
    records = [Record(job) for job in (*jobs, waiting)]
    for gate in gates:
        gate.arrive()
    lane.close()
    other.close()
    for gate in gates:
        gate.step()
    assert shut_down([lane, other], 10.0) == ()
    assert all(gate.closed for gate in gates)
    assert [record.names for record in records] == [["cancelled", "finished"]] * 5
    late = lane.submit(lambda: 1)
    record = Record(late)
    with qtbot.waitSignal(late.finished):
        pass
    assert record.names == ["cancelled", "finished"]


def test_shutdown_reports_what_does_not_stop(qtbot, make_lane):
    lane, stuck = make_lane(), threading.Event()
    started = threading.Event()

    def operation():
        started.set()
        stuck.wait()

    lane.submit(operation, name="Reading the drive")
    assert started.wait(10)
    assert lane.shutdown(0.0) == ("Reading the drive",)
    stuck.set()


class Many(QObject):
    happened = Signal(int)


def test_five_thousand_signals_do_not_end_the_process(qapp):
    """Some releases of the binding dropped a reference to `True` with each signal and aborted after some 570."""
    many, heard = Many(), []
    many.happened.connect(heard.append)
    for number in range(5000):
        many.happened.emit(number)
    assert heard == list(range(5000))


def test_a_thousand_jobs_all_say_how_they_ended(qtbot, make_lane):
    lane = make_lane("thumbs", 2, newest_first=True)
    ends = []
    for number in range(1000):
        job = lane.submit(lambda number=number: number)
        job.succeeded.connect(ends.append)
    with qtbot.waitSignal(lane.idle, timeout=20000):
        pass
    assert sorted(ends) == list(range(1000))
    assert lane.jobs == ()


def test_a_lane_that_never_ran_needs_no_thread(make_lane):
    before = threading.active_count()
    lane: Lane = make_lane()
    assert threading.active_count() == before
    assert lane.is_idle


def test_a_lane_and_its_jobs_go_without_the_garbage_collector(qtbot):
    gc.collect()
    gc.disable()
    try:
        lane = Lane("work")
        job = lane.submit(counting(3))
        with qtbot.waitSignal(job.finished):
            pass
        lane.shutdown()
        dead = [weakref.ref(lane), weakref.ref(job)]
        del lane, job
        assert [part() for part in dead] == [None, None]
    finally:
        gc.enable()
