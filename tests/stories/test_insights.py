"""An analyst drops a client's export and its table, sees which themes go with more views, and sends a report."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests import exports
from tests.stories.labeller import picture
from tests.stories.person import CTRL, LEFT, Key, Person

COUNT = 60


class Striking(exports.Made):
    """A post whose pictures of stripes are seen three times as often as those of discs."""

    @property
    def kind(self) -> str:
        return "discs" if self.number % 3 else "stripes"

    @property
    def numbers(self) -> dict[str, int]:
        found = super().numbers
        usual = 4_000 + found["saves"]
        return {**found, "views": usual * (3 if self.kind == "stripes" else 1)}


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the export of an account and its table of numbers."""
    folder = tmp_path_factory.mktemp("client")
    posts = [
        Striking(number, exports.START + number * 2.3 * 86_400, f"Number {number} of the year")
        for number in range(COUNT)
    ]
    files = dict(exports.download_files(posts))
    for post in posts:
        for name in post.files():
            drawn = io.BytesIO()
            picture(post.kind, post.number).save(drawn, "JPEG", quality=85)
            files[name] = drawn.getvalue()
    exports.write_zip(folder / "instagram-kiln.zip", files)
    exports.write_business(folder / "numbers.csv", posts[:-4])
    return folder


class Analyst:
    """Someone on the Insights page."""

    def __init__(self, person: Person) -> None:
        self.person, self.window = person, person.window
        self.page, self.parts = person.window.frame.insights, person.window.insights

    def settle(self) -> None:
        """Wait until nothing is read, matched, grouped or counted any more."""
        session = self.window._session

        def is_quiet() -> bool:
            lanes = (session.work, session.query, session.thumbs, session.compute)
            return not self.parts._again.isActive() and all(lane.is_idle for lane in lanes)

        for _ in range(4):  # the end of one thing begins the next
            self.person.until(is_quiet)
            QGuiApplication.processEvents()

    def click(self, step: str) -> None:
        """Click a step."""
        button = self.page.steps.buttons[step]
        assert button.isEnabled()
        QTest.mouseClick(button, LEFT)
        assert self.page.step == step


@pytest.fixture
def analyst(person: Person, client: Path) -> Analyst:
    """Someone who dropped an export and its table, and grouped its pictures."""
    person.drop(client / "instagram-kiln.zip", client / "numbers.csv")
    analyst = Analyst(person)
    analyst.settle()
    person.push("Match posts and pictures")
    person.push("Continue")
    person.push("Group the pictures of all accounts")
    analyst.settle()
    return analyst


def test_a_drop_is_named_before_and_read_after(person, client):
    drag = person.drag(client / "instagram-kiln.zip", client / "numbers.csv")
    assert drag.accepted
    assert drag.words() == "Read into Insights"
    assert drag.reason() == "instagram-kiln.zip, numbers.csv"
    drag.release()
    analyst = Analyst(person)
    analyst.settle()
    assert person.window.frame.shown is analyst.page
    cards = [card.name.words() for card in analyst.page.sources.cards.values()]
    assert cards == ["instagram-kiln.zip", "numbers.csv"]
    assert all(card.role.currentData() == "own" for card in analyst.page.sources.cards.values())
    person.push("Match posts and pictures")
    assert analyst.page.match.sentence.text() == "56 of 60 posts have a picture and numbers."
    (reason,) = analyst.page.match.reasons.values()
    assert reason.count.text() == "4"
    assert reason.words.text().startswith("have a picture but no numbers")
    (zone,) = analyst.page.match.zones
    assert "7 hours behind UTC" in zone.words.text()


def test_the_board_says_what_earned_more_and_the_report_is_sent(analyst, tmp_path, monkeypatch):
    person, page = analyst.person, analyst.page
    person.push("Count the posts")
    analyst.settle()
    report = page.report
    assert page.step == "report"
    judged = [row for row in report.board.rows() if row.ratio is not None]
    best, last = judged[0], judged[-1]
    assert best.verdict == "Clear"
    assert best.ratio > 1 > last.ratio
    assert report.metrics.currentText() == "Views: 56 of 60"
    # the keyboard walks over the board, T turns it into a table, Ctrl+C copies what is shown
    person.come_back()  # the system may have put another window in front meanwhile
    person.until(report.board.hasFocus)
    person.press(Key.Key_Down)
    assert report.board.chosen.key == report.board.rows()[1].key
    person.press(Key.Key_T)
    assert report.boxes["themes"].is_table
    person.press(Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().startswith("Theme\tPosts\tPictures\tTimes the usual")
    person.press(Key.Key_T)
    person.press(Key.Key_C, CTRL)
    assert not QGuiApplication.clipboard().image().isNull()
    # a comment, a title, and the report as three files
    report.board.choose(best.key)
    report.detail.comment.setFocus()
    person.type("Keep these coming")
    for kind, name in (("Save as PDF…", "r.pdf"), ("Save as web page…", "r.html"), ("Save tables…", "r.xlsx")):
        person.push("Export report…")
        dialog = analyst.parts.exporting.dialog
        person.until(dialog.isVisible)
        dialog.activateWindow()
        person.until(dialog.isActiveWindow)
        dialog.title.setFocus()
        dialog.title.selectAll()
        person.type("Kiln in spring")
        target = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, at=target: (str(at), ""))
        person.push(kind)
        analyst.settle()
        person.until(target.is_file)
        person.until(lambda: analyst.parts.exporting.dialog is None)
        person.come_back()
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    words = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Keep these coming" in words
    assert "Kiln in spring" in words
    assert "increases" not in words
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")


def test_another_start_shows_the_same_board(analyst, program):
    page = analyst.page
    page.show_step("report")
    analyst.settle()
    before = [(row.name, row.verdict) for row in page.report.board.rows()]
    assert before
    program.quit()
    again = Analyst(program.start())
    again.person.press(Key.Key_6, CTRL)
    again.settle()
    again.click("report")
    assert [(row.name, row.verdict) for row in again.page.report.board.rows()] == before


def test_a_picture_is_picked_by_hand_and_taken_back(analyst):
    person, page, parts = analyst.person, analyst.page, analyst.parts
    analyst.click("match")
    match = parts.matching._match
    at = next(i for i, line in enumerate(match.lines) if line.why is None)
    parts.matching._give(at, photos=())
    analyst.settle()
    assert page.match.sentence.text().startswith("55 of 60")
    person.come_back()
    person.press(Key.Key_Z, CTRL)
    analyst.settle()
    assert page.match.sentence.text().startswith("56 of 60")


def test_what_is_no_export_is_said_in_a_sentence(person, tmp_path):
    file = tmp_path / "odd.zip"
    exports.write_zip(file, {"notes.txt": b"nothing"})
    person.drop(file)
    analyst = Analyst(person)
    analyst.settle()
    assert "holds no posts" in person.message()
    assert not analyst.page.sources.cards
