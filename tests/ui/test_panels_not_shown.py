"""What is not shown, and why: counts first, paths on demand, one banner instead of thousands of errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop_app.core.types import Reason, Skipped
from desktop_app.ui.panels.banner import Banner, Kind
from desktop_app.ui.panels.not_shown import NotShownPage
from desktop_app.ui.panels.welcome import WelcomePage
from tests.ui.panel_parts import show

COUNTS = [(Reason.DAMAGED, 2), (Reason.IN_THE_CLOUD, 6), (Reason.TOO_LARGE, 1), (Reason.EMPTY, 0)]


def files(reason: Reason, count: int) -> list[Skipped]:
    return [Skipped(Path(f"/pictures/Family/IMG_{at:06}.jpg"), reason) for at in range(count)]


@pytest.fixture
def page(qtbot, look):
    page = NotShownPage(look)
    page.set_counts(COUNTS, videos=14)
    return show(qtbot, page, 700, 500)


def lines(page):
    model = page.list.rows
    return [str(model.index(at, 0).data()) for at in range(model.rowCount())]


def click(qtbot, page, row):
    place = page.list.visualRect(page.list.rows.index(row, 0)).center()
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_counts_by_reason_most_first(page):
    assert page.words() == (
        "23 files are not shown. 14 videos · 6 in the cloud, not on this computer · 2 damaged · 1 too large"
    )
    assert lines(page) == ["6 in the cloud, not on this computer", "2 damaged", "1 too large"]


def test_videos_are_a_count_and_no_failure(qtbot, look):
    page = NotShownPage(look)
    qtbot.addWidget(page)
    page.set_counts([], videos=14, others=3)
    assert page.words() == "17 files are not shown. 14 videos · 3 other files"
    assert page.save.isEnabled()
    assert not page.again.isEnabled()
    page.set_counts([])
    assert page.words().startswith("Every file is shown.")


def test_paths_are_asked_for_when_they_are_looked_at(qtbot, page):
    with qtbot.waitSignal(page.wanted) as wanted:
        click(qtbot, page, 1)
    assert wanted.args == [Reason.DAMAGED]
    assert lines(page)[1:4] == ["2 damaged", "Looking them up…", "1 too large"]
    page.set_files(Reason.DAMAGED, files(Reason.DAMAGED, 2))
    assert lines(page)[2:4] == [str(found.path) for found in files(Reason.DAMAGED, 2)]
    with qtbot.assertNotEmitted(page.wanted):
        click(qtbot, page, 1)
        assert len(lines(page)) == 3
        click(qtbot, page, 1)
    assert len(lines(page)) == 5


def test_the_list_by_keyboard(qtbot, page):
    page.list.setFocus()
    page.list.setCurrentIndex(page.list.rows.index(0, 0))
    with qtbot.waitSignal(page.wanted):
        qtbot.keyClick(page.list, Qt.Key.Key_Right)
    page.set_files(Reason.IN_THE_CLOUD, files(Reason.IN_THE_CLOUD, 6))
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.fileOpened) as opened:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert opened.args[0] == files(Reason.IN_THE_CLOUD, 6)[0]
    qtbot.keyClick(page.list, Qt.Key.Key_Left)
    assert page.list.currentIndex().row() == 0
    assert len(lines(page)) == 3
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert len(lines(page)) == 9


def test_the_model_keeps_the_rules(page):
    tester = QAbstractItemModelTester(page.list.rows, QAbstractItemModelTester.FailureReportingMode.Warning)
    page.list.rows.toggle(0)
    page.set_files(Reason.IN_THE_CLOUD, files(Reason.IN_THE_CLOUD, 6))
    page.list.rows.toggle(7)
    page.set_files(Reason.DAMAGED, [])
    page.list.rows.toggle(7)
    page.list.rows.toggle(0)
    page.set_counts([(Reason.DAMAGED, 5)])
    assert tester.model() is page.list.rows


def test_counts_that_change_keep_what_is_unfolded(qtbot, page):
    page.list.rows.toggle(1)
    page.set_files(Reason.DAMAGED, files(Reason.DAMAGED, 2))
    with qtbot.assertNotEmitted(page.wanted):
        page.set_counts([(Reason.DAMAGED, 2), (Reason.TOO_LARGE, 3)])
    assert lines(page) == ["3 too large", "2 damaged", *(str(found.path) for found in files(Reason.DAMAGED, 2))]
    with qtbot.waitSignal(page.wanted) as wanted:
        page.set_counts([(Reason.DAMAGED, 3)])
    assert wanted.args == [Reason.DAMAGED]


def test_a_hundred_thousand_paths_paint_only_what_is_seen(qtbot, page):
    page.set_counts([(Reason.DAMAGED, 100_000)])
    page.list.rows.toggle(0)
    page.set_files(Reason.DAMAGED, files(Reason.DAMAGED, 100_000))
    assert page.list.rows.rowCount() == 100_001
    page.list.scrollToBottom()
    page.grab()
    assert page.list.rows.file(100_000).path.name == "IMG_099999.jpg"


def test_names_that_are_no_text_are_marked(page):
    page.list.rows.toggle(1)
    page.set_files(Reason.DAMAGED, [Skipped(Path("/pictures/odd\udcff\n.jpg"), Reason.DAMAGED, "cut off")])
    index = page.list.rows.index(2, 0)
    assert index.data().isprintable()
    assert index.data(Qt.ItemDataRole.ToolTipRole).endswith("cut off")
    page.grab()


def test_one_banner_for_a_missing_part(qtbot, page):
    heic = page.banners[Reason.NEEDS_HEIC]
    assert heic.isHidden()
    page.set_counts([(Reason.NEEDS_HEIC, 9412)])
    assert heic.isVisible()
    assert heic.words() == "9,412 iPhone photos (HEIC) need one extra part, about 5 MB."
    install, later = heic.buttons()
    with qtbot.waitSignal(page.installAsked) as asked:
        qtbot.mouseClick(install, Qt.MouseButton.LeftButton)
    assert asked.args == [Reason.NEEDS_HEIC]
    qtbot.mouseClick(later, Qt.MouseButton.LeftButton)
    assert heic.isHidden()
    page.set_counts([(Reason.NEEDS_HEIC, 9413)])
    assert heic.isHidden()


def test_its_buttons(qtbot, page):
    with qtbot.waitSignal(page.saveAsked):
        qtbot.mouseClick(page.save, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.tryAgainAsked):
        qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)


def test_a_banner_says_something_else_and_can_be_dismissed(qtbot, look):
    done = []
    banner = Banner(look, Kind.WARN, "One.", [("Do", lambda: done.append(1))], closable=True)
    show(qtbot, banner, 400, 60)
    banner.buttons()[0].click()
    banner.set_contents(Kind.INFO, "Two.")
    assert (done, banner.words(), banner.buttons()) == ([1], "Two.", [])
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner._close, Qt.MouseButton.LeftButton)
    assert banner.isHidden()


# --- the welcome page


def test_welcome_says_what_to_do(qtbot, look):
    page = show(qtbot, WelcomePage(look, 60), 700, 500)
    assert page.samples.text() == "Try 60 sample photos"
    with qtbot.waitSignal(page.trySamples):
        qtbot.mouseClick(page.samples, Qt.MouseButton.LeftButton)
    page.choose.setFocus()
    with qtbot.waitSignal(page.chooseFolder):
        qtbot.keyClick(page.choose, Qt.Key.Key_Space)
    page.set_samples(0)
    assert page.samples.isHidden()
