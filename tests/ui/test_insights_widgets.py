"""The pages of Insights: what they say, what they ask for, charts as tables, and the printed report."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPixmap

from desktop_app.core.posts import Coverage
from desktop_app.ui.insights.axis import axis_for, table_of
from desktop_app.ui.insights.board_values import FOOT, BoardView, Counting, RatioRow, ThemeView, coverage_words
from desktop_app.ui.insights.chart_box import as_html, as_text
from desktop_app.ui.insights.mapper import ColumnMapper, TableColumns, missing
from desktop_app.ui.insights.match import MatchStep
from desktop_app.ui.insights.report import ReportStep
from desktop_app.ui.insights.sources import SourcesStep
from desktop_app.ui.insights.values import MatchView, PostLine, Reason, SourceCard, ZoneRow, offset_words
from tests.ui.panel_parts import show

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier

COFFEE = RatioRow(1, "Coffee close-ups", 38, 1.4, 1.1, 1.8, "Clear", 53, (1, 2, 3))
BEACH = RatioRow(2, "Beach", 14, 1.2, 0.8, 1.9, "Can't tell", 19)
DOGS = RatioRow(3, "Dogs", 3)
OWN = SourceCard(1, "export.zip", kind="Instagram download", account="luna", posts=230, pictures=412)
THEIRS = SourceCard(2, "other", kind="Instaloader folder", account="bean", role="competitor", posts=9)


class Pictures:
    """Thumbnails of one colour."""

    def pixmap(self, photo: int, size: int) -> QPixmap:
        made = QPixmap(size, size)
        made.fill(QColor(photo * 20 % 256, 90, 90))
        return made


def test_the_words_of_the_guide():
    dash = "\N{EN DASH}"
    assert COFFEE.sentence("views") == f"Coffee close-ups: 1.4 times the usual views (1.1{dash}1.8), 38 posts. Clear."
    assert BEACH.sentence("views") == f"Beach: 1.2 times the usual views (0.80{dash}1.9), 14 posts. Can't tell."
    assert DOGS.sentence("views") == "Dogs: 3 posts: too few to say."
    assert coverage_words(Coverage("views", 198, 212, 0, 164)) == "Views: 198 of 212; competitors: none"
    assert MatchView(212, 230).sentence == "212 of 230 posts have a picture and numbers."
    assert offset_words(-7) == "7 hours behind UTC"
    assert offset_words(5.5) == "5.5 hours ahead of UTC"


def test_the_axis_holds_every_range_evenly_around_the_usual():
    axis = axis_for([COFFEE, BEACH, DOGS])
    assert axis.place(1.0) == pytest.approx(0.5)
    assert all(0 < axis.place(end) < 1 for row in (COFFEE, BEACH) for end in (row.low, row.high))
    assert axis.place(2.0) - 0.5 == pytest.approx(0.5 - axis.place(0.5))


def test_a_chart_reads_as_a_table_without_columns_that_say_nothing():
    head, rows = table_of([COFFEE, DOGS], "Theme")
    assert head == ("Theme", "Posts", "Pictures", "Times the usual", "From", "To", "Verdict")
    assert rows[0] == ("Coffee close-ups", "38", "53", "1.4", "1.1", "1.8", "Clear")
    assert rows[1][-1] == "Too few"
    head, rows = table_of([RatioRow(1, "Tea", 9, second=BEACH)], "Theme")
    assert [row[1] for row in rows] == ["yours", "competitors"]


def test_a_copied_name_can_neither_run_in_a_spreadsheet_nor_in_a_page():
    assert as_text(("Theme",), [("=HYPERLINK(1)",)]) == "Theme\n'=HYPERLINK(1)"
    assert "<b>" not in as_html(("Theme",), [("<b>x</b>",)])


@pytest.fixture
def sources(qtbot, look) -> SourcesStep:
    return show(qtbot, SourcesStep(look), 820, 600)


def test_sources_ask_by_key(qtbot, sources):
    assert not sources.go_on.isVisible()
    sources.show_sources([OWN, THEIRS])
    assert sources.cards[1].facts.text() == "Instagram download · 230 posts · 412 pictures"
    assert sources.go_on.isEnabled()
    with qtbot.waitSignal(sources.roleChosen) as chosen:
        qtbot.keyClick(sources.cards[2].role, Qt.Key.Key_Up)
    assert chosen.args == [2, "own"]
    with qtbot.waitSignal(sources.removeAsked) as removed:
        qtbot.mouseClick(sources.cards[1].remove, LEFT)
    assert removed.args == [1]
    sources.cards[2].account.setText(" @beans ")
    with qtbot.waitSignal(sources.renamed) as renamed:
        qtbot.keyClick(sources.cards[2].account, Qt.Key.Key_Return)
    assert renamed.args == [2, "beans"]
    sources.propose_library("luna")
    with qtbot.waitSignal(sources.libraryAsked):
        qtbot.mouseClick(sources.own_library, LEFT)


def test_columns_that_tell_no_post_are_refused_in_a_sentence(qtbot, look):
    table = TableColumns(4, "t.csv", ("Datei", "Zahl"), (("a.jpg",), ("12",)), {"Datei": "file"})
    mapper = ColumnMapper(look, table)
    mapper.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    show(qtbot, mapper, 700, 400)
    assert not mapper.use.isEnabled()
    assert mapper.advice.text() == "Say which column holds a number: views, likes or another."
    mapper.choices[1].setCurrentIndex(mapper.choices[1].findData("views"))
    mapper.choices[1].activated.emit(0)
    with qtbot.waitSignal(mapper.chosen) as chosen:
        qtbot.mouseClick(mapper.use, LEFT)
    assert chosen.args == [4, {"Datei": "file", "Zahl": "views"}]
    assert missing(["views", "views", "file"]) == "Two columns are “Views”. Only one can be."


def test_the_match_says_one_sentence_then_the_rest(qtbot, look):
    step = MatchStep(look, Pictures())
    step.show_match(
        MatchView(212, 230, (Reason("a", 11, "have numbers but no picture"),), (ZoneRow("9", "n.csv", -7, 209, 212),))
    )
    step.show_lines("11 have numbers but no picture", [PostLine(5, "12 May 2025", photos=(3,))])
    show(qtbot, step, 820, 600)
    assert step.sentence.text() == "212 of 230 posts have a picture and numbers."
    assert step.zones[0].words.text() == "The times of n.csv are 7 hours behind UTC (fits 209 of 212)."
    with qtbot.waitSignal(step.fixAsked) as fix:
        qtbot.mouseClick(step.reasons["a"].fix, LEFT)
    assert fix.args == ["a"]
    with qtbot.waitSignal(step.photoChosen) as chosen:
        qtbot.mouseClick(step.lines[5].candidates[0], LEFT)
    assert chosen.args == [5, 3]


@pytest.fixture
def report(qtbot, look) -> ReportStep:
    step = ReportStep(look, Pictures())
    coverage = (Coverage("views", 198, 212, 0, 164), Coverage("likes", 212, 212, 160, 164))
    view = BoardView("views", "views", coverage, (COFFEE, BEACH, DOGS), "212 posts of luna.", "3 boosted", posts=212)
    themes = {row.key: ThemeView(row) for row in view.rows}
    step.show_board(view, themes, Counting("views"))
    show(qtbot, step, 960, 600)
    step.board.setFocus()
    qtbot.waitUntil(step.board.hasFocus)
    return step


def test_the_board_is_walked_turned_and_copied_by_keys(qtbot, report):
    assert report.foot.text() == FOOT
    assert report.summary.text() == "212 posts of luna. Left out: 3 boosted."
    with qtbot.waitSignal(report.themeChosen) as chosen:
        qtbot.keyClick(report.board, Qt.Key.Key_Down)
    assert chosen.args == [2]
    assert report.detail.sentence.text() == BEACH.sentence("views")
    with qtbot.waitSignal(report.themeOpened) as opened:
        qtbot.keyClick(report.board, Qt.Key.Key_Return)
    assert opened.args == [2]
    qtbot.keyClick(report.board, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().image().width() > 960
    qtbot.keyClick(report.board, Qt.Key.Key_T)
    table = report.boxes["themes"].table
    assert table.isVisible()
    assert table.hasFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().image().isNull()
    qtbot.keyClick(table, Qt.Key.Key_T)
    assert report.board.isVisible()
    QGuiApplication.clipboard().clear()


def test_another_metric_and_other_posts_are_asked_for(qtbot, report):
    with qtbot.waitSignal(report.countingChosen) as chosen:
        qtbot.keyClick(report.metrics, Qt.Key.Key_Down)
    assert chosen.args[0].metric == "likes"
    with qtbot.waitSignal(report.countingChosen) as chosen:
        report.boosted.trigger()
    assert not chosen.args[0].boosted
