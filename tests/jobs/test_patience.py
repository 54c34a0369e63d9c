"""Patient work: whatever is submitted meanwhile runs between two of its steps."""

from __future__ import annotations

from tests.jobs.test_lane import Gate, counting


def test_nothing_waits_for_patient_work(qtbot, lane):
    gate, seen = Gate(), []
    long = lane.submit(gate.operation(), patient=True)
    gate.arrive()
    one = lane.submit(lambda: seen.append(("one", gate.count)))
    two = lane.submit(counting(3))
    last = lane.submit(lambda: seen.append(("last", gate.count)))
    with qtbot.waitSignals([one.succeeded, two.succeeded, last.succeeded], order="strict"):
        gate.step()
    gate.arrive()
    assert seen == [("one", 1), ("last", 1)]  # all of them between two steps
    assert not long.is_finished
    with qtbot.waitSignal(long.cancelled):
        long.cancel()
        gate.step()


def test_cancelled_patient_work_ends_before_what_waits_begins(qtbot, lane):
    gate, ended = Gate(), []
    long = lane.submit(gate.operation(), patient=True)
    long.cancelled.connect(lambda: ended.append("long"))
    gate.arrive()
    newer = lane.submit(lambda: ended.append("newer"), patient=True)
    newer.succeeded.connect(lambda: ended.append("said"))
    long.cancel()
    with qtbot.waitSignal(newer.finished):
        gate.step()
    assert gate.count == 1
    assert set(ended) == {"long", "newer", "said"}


def test_of_two_patient_ones_the_later_is_done_first_and_both_end(qtbot, lane):
    gate = Gate()
    long = lane.submit(gate.operation(), patient=True)
    gate.arrive()
    short = lane.submit(counting(5), patient=True)
    among = lane.submit(lambda: "among")
    with qtbot.waitSignals([among.succeeded, short.succeeded]):
        gate.step()
    gate.arrive()
    with qtbot.waitSignal(long.cancelled):
        long.cancel()
        gate.step()
