"""The status bar: what runs, what was said, what does the work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QPushButton

from desktop_app.ui.dialogs.device import DeviceInfo, DevicePopup
from desktop_app.ui.panels.status import APPEARS_MS, MESSAGE_MS, JobView, StatusBar
from tests.ui.panel_parts import show

ADDING = JobView(7, "Adding photos", 3120, 12431, 44)


@pytest.fixture
def bar(qtbot, look):
    bar = StatusBar(look)
    bar.move(0, 400)
    QCursor.setPos(QPoint(500, 100))  # a mouse that rests on the bar would keep its messages
    return show(qtbot, bar, 1000, 48)


@pytest.fixture
def running(qtbot, bar):
    bar._appear.setInterval(0)
    bar.set_jobs([ADDING])
    qtbot.waitUntil(lambda: bar.job_words != "")
    return bar


def test_a_job_is_shown_in_words_and_as_a_bar(running):
    assert running.job_words == "Adding photos: 3,120 of 12,431, about 45 s left"
    assert (running._bar.value(), running._bar.maximum()) == (3120, 12431)
    assert running._job_box.isVisible()


def test_a_short_job_is_never_shown(qtbot, bar):
    assert bar._appear.interval() == APPEARS_MS == 400
    bar.set_jobs([ADDING])
    assert bar._job_box.isHidden()
    bar.set_jobs([])
    assert not bar._appear.isActive()
    assert bar.job_words == ""


def test_reports_of_a_job_do_not_put_its_appearance_off(bar):
    bar.set_jobs([ADDING])
    running = bar._appear.timerId()
    bar.set_jobs([JobView(7, "Adding photos", 3200, 12431, 43)])
    assert bar._appear.timerId() == running  # another one if it had been started again
    bar.set_jobs([JobView(8, "Adding photos")])
    assert bar._appear.timerId() != running


def test_pause_continue_and_stop_name_the_job(qtbot, running):
    with qtbot.waitSignal(running.pauseAsked) as asked:
        qtbot.mouseClick(running._pause, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    running.set_jobs([JobView(7, "Adding photos", 3120, 12431, 44, paused=True)])
    assert running._pause.text() == "Continue"
    assert running.job_words == "Adding photos: 3,120 of 12,431, paused"
    with qtbot.waitSignal(running.continueAsked) as asked:
        qtbot.mouseClick(running._pause, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    with qtbot.waitSignal(running.stopAsked) as asked:
        qtbot.mouseClick(running._stop, Qt.MouseButton.LeftButton)
    assert asked.args == [7]


def test_ids_may_be_as_large_as_an_objects_address(qtbot, bar):
    bar._due = True
    bar.set_jobs([JobView(140_000_000_000_001, "Adding photos")])
    with qtbot.waitSignal(bar.stopAsked) as asked:
        bar._stop.click()
    assert asked.args == [140_000_000_000_001]


def test_other_jobs_stand_behind_a_number(running):
    running.set_jobs([ADDING, JobView(8, "Looking for photos", 5), JobView(9, "Building the index")])
    assert running._more.isVisible()
    assert running._more.text() == "+2"
    assert running._more.toolTip() == "Looking for photos: 5\nBuilding the index"
    running.set_jobs([ADDING])
    assert running._more.isHidden()


def test_undo_is_offered_and_done_once(qtbot, bar):
    done = []
    bar.show_message("214 photos moved to the trash, 1.3 GB.", [("Undo", lambda: done.append(1))])
    assert bar.message == "214 photos moved to the trash, 1.3 GB."
    undo = bar.message_buttons()[0]
    with qtbot.waitSignal(bar.messageEnded):
        qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert bar.message == ""
    assert bar._message_box.isHidden()
    assert bar.message_buttons() == []


def test_a_message_stays_ten_seconds_and_goes(qtbot, bar):
    bar.show_message("12,408 photos ready.")
    assert bar._stay.interval() == MESSAGE_MS == 10_000
    bar.show_message("Copied.", stay_ms=10)
    with qtbot.waitSignal(bar.messageEnded):
        pass
    assert bar.message == ""


def test_a_message_waits_while_its_button_has_the_keyboard(qtbot, bar):
    bar.show_message("Moved.", [("Undo", lambda: None)], stay_ms=10)
    bar.message_buttons()[0].setFocus()
    with qtbot.waitSignal(bar._stay.timeout):
        pass
    assert bar.message == "Moved."


def test_a_message_without_an_end_stays_until_dismissed(qtbot, bar):
    bar.show_message("Stopped. 3,120 photos are ready; 9,311 wait.", [("Continue", lambda: None)], stay_ms=0)
    assert not bar._stay.isActive()
    with qtbot.waitSignal(bar.messageEnded):
        qtbot.mouseClick(bar._dismiss, Qt.MouseButton.LeftButton)


def test_a_message_takes_the_place_of_the_jobs_words_but_never_of_its_buttons(running):
    running.show_message("Copied 3 files.", [("Undo", lambda: None)])
    assert running._words.isHidden()
    assert running._stop.isVisible()
    assert running._bar.isVisible()
    running.resize(1600, 48)
    assert running._words.isVisible()
    assert running._message.isVisible()


def test_the_newest_message_takes_the_place_of_an_earlier_one(bar):
    bar.show_message("One.", [("Undo", lambda: None)])
    bar.show_message("Two.")
    assert bar.message == "Two."
    assert bar.message_buttons() == []


@pytest.mark.parametrize(
    ("info", "line"),
    [
        (DeviceInfo(), "On the processor"),
        (DeviceInfo(photos_per_second=212.3), "212 photos/s on the processor"),
        (DeviceInfo(True, 1840.0), "1,840 photos/s on the graphics card"),
    ],
)
def test_what_does_the_work(bar, info, line):
    bar.set_device(info)
    assert bar._where.text() == line


# the offscreen platform has no popups that take the keyboard
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_its_details_open_with_a_click_and_offer_a_way_to_fix(qtbot, bar):
    bar.set_device(DeviceInfo(False, 212, "EfficientNet-Lite0", "8 cores", "A graphics card is here.", True))
    qtbot.mouseClick(bar._where, Qt.MouseButton.LeftButton)
    popup = bar.findChild(DevicePopup)
    assert popup.isVisible()
    assert popup.frameGeometry().bottom() <= bar.mapToGlobal(QPoint(0, 0)).y()
    with qtbot.waitSignal(bar.deviceFixAsked):
        qtbot.mouseClick(popup.fix, Qt.MouseButton.LeftButton)
    popup = bar.show_device()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_everything_fits_the_smallest_window(qtbot, running):
    running.resize(960, 48)
    running.set_device(DeviceInfo(photos_per_second=212))
    running.show_message("A rather long message about 12,408 photos that are ready and 23 files that are not shown.")
    for made in running.findChildren(QPushButton):
        if made.isVisible():
            right = made.mapTo(running, made.rect().topRight()).x()
            assert 0 < right <= 960, made.text()
