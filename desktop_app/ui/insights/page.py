"""The Insights page: four steps across the top, each revisitable."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.insights.match import MatchStep
from desktop_app.ui.insights.report import ReportStep
from desktop_app.ui.insights.sources import SourcesStep
from desktop_app.ui.insights.steps import STEPS, Hairline, StepBar
from desktop_app.ui.insights.themes_step import ThemesStep
from desktop_app.ui.theme import Theme


class InsightsPage(QWidget):
    """Sources, Match, Themes, Report.

    Signals:
        stepChosen(str): another step is shown. exportAsked(): Ctrl+E.
    """

    stepChosen = Signal(str)
    exportAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAccessibleName("Insights")
        self.steps = StepBar(theme)
        self.sources = SourcesStep(theme)
        self.match = MatchStep(theme, thumbnails)
        self.themes = ThemesStep(theme, thumbnails)
        self.report = ReportStep(theme, thumbnails)
        self._parts: dict[str, SourcesStep | MatchStep | ThemesStep | ReportStep] = {
            "sources": self.sources,
            "match": self.match,
            "themes": self.themes,
            "report": self.report,
        }
        self._body = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.steps)
        column.addWidget(Hairline(theme))
        column.addWidget(self._body, 1)
        for part in self._parts.values():  # last: what has its window is given its style once
            self._body.addWidget(part)
        self.steps.chosen.connect(self.show_step)
        export = QShortcut(QKeySequence("Ctrl+E"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        export.activated.connect(self.exportAsked)
        for key, _ in STEPS[1:]:
            self.steps.set_state(key, "", enabled=False)
        self.steps.set_state("sources", "nothing yet")

    def minimumSizeHint(self) -> QSize:
        return QSize(480, 320)

    @property
    def step(self) -> str:
        """Which step is shown."""
        shown = self._body.currentWidget()
        return next(key for key, part in self._parts.items() if part is shown)

    @Slot(str)
    def show_step(self, key: str) -> None:
        """Show a step and tell of it."""
        self.steps.show_step(key)
        self._body.setCurrentWidget(self._parts[key])
        self.stepChosen.emit(key)
        self.focus_body()

    def focus_body(self) -> None:
        """Give the keyboard to what is to be done next."""
        self._parts[self.step].focus_first()
