"""Step 4, Report: the board and its neighbours, which posts count, and the way out as a file."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.insights.axis import table_of
from desktop_app.ui.insights.board_values import FOOT, BoardView, Counting, ThemeView, coverage_words
from desktop_app.ui.insights.chart_box import ChartBox
from desktop_app.ui.insights.month_chart import MonthChart, month_table
from desktop_app.ui.insights.ratio_chart import RatioChart
from desktop_app.ui.insights.steps import Hairline
from desktop_app.ui.insights.theme_detail import ThemeDetail
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.parts import Choice, PixmapSource, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

VIEWS = (
    ("themes", "Themes"),
    ("months", "By month"),
    ("hours", "Hour and weekday"),
    ("compared", "Competitors"),
    ("quarters", "Quarters"),
)
_SIDE_BY_SIDE = 820
_NO_COMPETITORS = (
    "No competitor's posts yet. Add an Instaloader folder or a table of theirs under Sources, "
    "with the role “Competitor”."
)


class ReportStep(QWidget):
    """The board.

    Signals:
        countingChosen(Counting): another metric, or other posts count.
        themeChosen(int): the keyboard is at this theme. themeOpened(int): show its posts.
        exportAsked(): to a file. againAsked(): with newer data. copied(str): "chart" or "table".
    """

    countingChosen = Signal(object)
    themeChosen = Signal(int)
    themeOpened = Signal(int)
    exportAsked = Signal()
    againAsked = Signal()
    copied = Signal(str)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: BoardView | None = None
        self._counting = Counting()
        self._themes: Mapping[int, ThemeView] = {}
        self.metrics = Choice(theme)
        self.metrics.setAccessibleName("What is counted")
        self.options = QToolButton()
        self.options.setText("Which posts")
        self.options.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.options)
        self.young = self._option("Count posts younger than 7 days")
        self.boosted = self._option("Count boosted posts")
        self.theirs = self._option("Show competitors' pictures")
        self.options.setMenu(self._menu)
        self.export = button("Export report…", default=True, tip="HTML, PDF, CSV or XLSX (Ctrl+E)")
        self.again = button("Read newer data…", quiet=True, tip="The same report with next month's export")
        self.summary = text("", "quiet", wrap=True)
        self.foot = text(FOOT, "small", wrap=True)
        self.as_table = button("Table", quiet=True, tip="Chart or table (T)")
        self.as_table.setCheckable(True)
        self.copy = button("Copy", quiet=True, tip="Copy the chart as a picture, or the table (Ctrl+C)")
        self._make_charts(thumbnails)
        self.detail = ThemeDetail(theme, thumbnails)
        self._views = QStackedWidget()
        self.empty = EmptyPage(theme)
        self._make_views()
        self._lay_out()
        self.metrics.activated.connect(self._choose)
        for action in (self.young, self.boosted, self.theirs):
            action.triggered.connect(self._choose)
        self.export.clicked.connect(self.exportAsked)
        self.again.clicked.connect(self.againAsked)
        self.as_table.clicked.connect(self._turn)
        self.copy.clicked.connect(self._copy)
        self.board.rowChosen.connect(self._theme_chosen)
        self.board.rowOpened.connect(self.themeOpened)
        self.detail.postsAsked.connect(self.themeOpened)

    def _option(self, words: str) -> QAction:
        action = self._menu.addAction(words)
        action.setCheckable(True)
        return action

    # --- its parts -------------------------------------------------------------------------------------------

    def _make_charts(self, thumbnails: PixmapSource) -> None:
        theme = self._theme
        self.board = RatioChart(theme, thumbnails)
        self.months = MonthChart(theme)
        self.hours = RatioChart(theme, thumbnails, first="Hour")
        self.weekdays = RatioChart(theme, thumbnails, first="Weekday")
        self.compared = RatioChart(theme, thumbnails)
        self.quarters = RatioChart(theme, thumbnails)
        self.boxes = {
            "themes": _box("Themes", self.board, "Theme"),
            "months": ChartBox(
                "Themes by month", self.months, lambda: month_table(self.months.rows()), self.months.image
            ),
            "hours": _box("Hours of the day", self.hours, "Hour"),
            "weekdays": _box("Weekdays", self.weekdays, "Weekday"),
            "compared": _box("Yours and competitors'", self.compared, "Theme"),
            "quarters": _box("This quarter against the last", self.quarters, "Theme"),
        }
        for key in ("hours", "weekdays", "months"):
            self.boxes[key].set_fills(False)
        for chart in (self.hours, self.weekdays):
            chart.fit_rows()
        for box in self.boxes.values():
            box.turned.connect(self.as_table.setChecked)
            box.copied.connect(self.copied)

    def _make_views(self) -> None:
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(5)
        self._split.addWidget(self.boxes["themes"])
        self._split.addWidget(self.detail)
        self._split.setStretchFactor(0, 1)
        self._split.setSizes([640, 320])
        self.advice = {key: text("", "quiet", wrap=True) for key in ("months", "hours", "compared", "quarters")}
        pages: dict[str, QWidget] = {
            "themes": self._split,
            "months": _column(self.advice["months"], self.boxes["months"]),
            "hours": _column(self.advice["hours"], self.boxes["hours"], self.boxes["weekdays"]),
            "compared": _page(self.advice["compared"], self.boxes["compared"]),
            "quarters": _page(self.advice["quarters"], self.boxes["quarters"]),
        }
        self._pages = pages
        self._tabs = QButtonGroup(self)
        self._tabs.setExclusive(True)
        self.tabs: dict[str, QPushButton] = {}
        for key, words in VIEWS:
            tab = self.tabs[key] = button(words, quiet=True)
            tab.setProperty("tab", True)
            tab.setCheckable(True)
            self._tabs.addButton(tab)
            tab.clicked.connect(lambda _=False, one=key: self.show_view(one))
        self.tabs["themes"].setChecked(True)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 4)
        head.setSpacing(8)
        head.addWidget(self.metrics)
        head.addWidget(self.options)
        head.addStretch(1)
        head.addWidget(self.again)
        head.addWidget(self.export)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(16, 0, 16, 0)
        tabs.setSpacing(4)
        for tab in self.tabs.values():
            tabs.addWidget(tab)
        tabs.addStretch(1)
        tabs.addWidget(self.as_table)
        tabs.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 8)
        foot.setSpacing(16)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.foot)
        self.foot.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(tabs)
        column.addWidget(Hairline(self._theme))
        column.addWidget(self._views, 1)
        for key, _ in VIEWS:
            self._views.addWidget(self._pages[key])
        self._views.addWidget(self.empty)
        column.addLayout(foot)

    # --- what is shown ---------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """Which of the charts is shown."""
        return next((key for key, tab in self.tabs.items() if tab.isChecked()), "themes")

    @property
    def box(self) -> ChartBox:
        """The chart that Table and Copy are about."""
        key = self.view
        if key == "hours" and (self.weekdays.hasFocus() or self.boxes["weekdays"].table.hasFocus()):
            key = "weekdays"
        return self.boxes[key]

    def show_view(self, key: str) -> None:
        """Show another chart of the same posts."""
        self.tabs[key].setChecked(True)
        if self._view is not None:
            self._views.setCurrentWidget(self._pages[key])
        self.as_table.setChecked(self.box.is_table)

    def show_nothing(self, fact: str, advice: str) -> None:
        """There is nothing to count yet."""
        self._view = None
        self.empty.set_contents(fact, advice)
        self._views.setCurrentWidget(self.empty)
        self._enable(False)

    def show_board(self, view: BoardView, themes: Mapping[int, ThemeView], counting: Counting) -> None:
        """Show what was counted."""
        self._view, self._themes, self._counting = view, themes, counting
        self.metrics.clear()
        for one in view.coverage:
            self.metrics.addItem(coverage_words(one), one.metric)
        self.metrics.setCurrentIndex(self.metrics.findData(view.metric))
        self.young.setChecked(counting.young)
        self.boosted.setChecked(counting.boosted)
        self.theirs.setChecked(counting.competitors_pictures)
        said = f"{view.summary} Left out: {view.left_out}." if view.left_out else view.summary
        self.summary.setText(said)
        self.board.set_rows(view.rows, view.what)
        self.months.set_rows(view.months, view.what)
        self.hours.set_rows(view.hours, view.what)
        self.weekdays.set_rows(view.weekdays, view.what)
        self.compared.set_rows(view.compared, view.compared_what)
        self.quarters.set_rows(view.quarters, view.what)
        self._advise(view)
        for box in self.boxes.values():
            box.refresh()
        self._enable(True)
        self.show_view(self.view)
        self._show_theme()

    def _advise(self, view: BoardView) -> None:
        words = {
            "months": " ".join(row.sentence for row in view.months if row.sentence)
            or "No theme rises or falls clearly over these months.",
            "hours": "What the hour and the weekday went together with, counted apart from the themes.",
            "compared": "Each against its own account's usual. A dot is yours, a diamond is the competitors'."
            if view.compared
            else _NO_COMPETITORS,
            "quarters": view.quarters_words if view.quarters else "Two quarters with posts are needed.",
        }
        for key, said in words.items():
            self.advice[key].setText(said)
        for key in ("compared", "quarters"):
            self.boxes[key].setVisible(bool(getattr(view, key)))

    def _enable(self, there: bool) -> None:
        parts: tuple[QWidget, ...] = (self.metrics, self.options, self.export, self.as_table, self.copy)
        for widget in (*parts, *self.tabs.values()):
            widget.setEnabled(there)

    def show_themes(self, themes: Mapping[int, ThemeView]) -> None:
        """Comments or places differ."""
        self._themes = themes
        self._show_theme()

    def _show_theme(self) -> None:
        row = self.board.chosen
        what = self._view.what if self._view is not None else ""
        self.detail.show_theme(self._themes.get(row.key) if row is not None else None, what)

    # --- what is asked ---------------------------------------------------------------------------------------

    @Slot(int)
    def _theme_chosen(self, key: int) -> None:
        self._show_theme()
        self.themeChosen.emit(key)

    @Slot()
    def _choose(self) -> None:
        chosen = Counting(
            str(self.metrics.currentData() or ""),
            self.young.isChecked(),
            self.boosted.isChecked(),
            self.theirs.isChecked(),
        )
        if chosen != self._counting:
            self._counting = chosen
            self.countingChosen.emit(chosen)

    @Slot()
    def _turn(self) -> None:
        self.box.turn()

    @Slot()
    def _copy(self) -> None:
        self.box.copy()

    def focus_first(self) -> None:
        """Give the keyboard to the board."""
        (self.box if self._view is not None else self.again).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow: the theme stands below the board."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._split.orientation() != wanted:
            self._split.setOrientation(wanted)
            self._split.setSizes([640, 320] if wide else [900, 100])


def _box(name: str, chart: RatioChart, first: str) -> ChartBox:
    return ChartBox(name, chart, lambda: table_of(chart.rows(), first), chart.image)


def _page(*widgets: QWidget) -> QWidget:
    """Words above a chart that fills the rest."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    words, *rest = widgets
    words.setContentsMargins(16, 0, 16, 0)
    column.addWidget(words)
    for one in rest:
        column.addWidget(one, 1)
    column.addStretch(0)
    return page


def _column(*widgets: QWidget) -> QWidget:
    """Words and charts in a column that scrolls."""
    scroll = ScrollColumn()
    column = QVBoxLayout(scroll.content)
    column.setContentsMargins(0, 8, 0, 8)
    column.setSpacing(12)
    widgets[0].setContentsMargins(16, 0, 16, 0)
    for one in widgets:
        column.addWidget(one)
    column.addStretch(1)
    return scroll
