"""The Insights page's other half: joins its four steps, so that what is done in one reaches the next by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.types import Changes
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.insights.exporting import Exporting
from desktop_app.ui.insights.matching import Matching
from desktop_app.ui.insights.page import InsightsPage
from desktop_app.ui.insights.reporting import Reporting
from desktop_app.ui.insights.sources_reading import Known
from desktop_app.ui.insights.sourcing import Sourcing
from desktop_app.ui.insights.telling import Counted
from desktop_app.ui.insights.theming import Themed, Theming
from desktop_app.ui.insights.values import MatchView
from desktop_app.ui.library_actions import LibraryActions

_REST_MS = 300


class Insighting(QObject):
    """Sources, then posts, then themes, then the board.

    Signals:
        pageAsked(): the page has to be shown: something was dropped for it.
        themesAsked(): change the themes on their own page.
        photosAsked(int, str): show the photos of a theme; the words say which.
    """

    pageAsked = Signal()
    themesAsked = Signal()
    photosAsked = Signal(int, str)

    def __init__(self, desk: Desk, page: InsightsPage, thumbnails: Thumbnails, libraries: LibraryActions) -> None:
        super().__init__(desk.window)
        self._desk, self._page, self._libraries = desk, page, libraries
        self._client = ""
        self._looked = False
        self._wants_match = False
        self.sourcing = Sourcing(desk, page.sources)
        self.matching = Matching(desk, page.match, thumbnails)
        self.theming = Theming(desk, page.themes)
        self.reporting = Reporting(desk, page.report)
        self.exporting = Exporting(desk, self.reporting)
        self._again = QTimer(self, singleShot=True, interval=_REST_MS)
        self._again.timeout.connect(self.theming.look_again)
        self.sourcing.readAsked.connect(self._show_sources)
        self.sourcing.known.connect(self._know_sources)
        self.sourcing.changed.connect(self.matching.match)
        self.matching.matched.connect(self._know_match)
        self.matching.changed.connect(self._matched)
        self.theming.themed.connect(self._know_themes)
        self.theming.openAsked.connect(lambda: self.themesAsked.emit())
        self.reporting.counted.connect(self._know_board)
        self.reporting.photosAsked.connect(self.photosAsked)
        page.sources.onAsked.connect(lambda: page.show_step("match"))
        page.match.onAsked.connect(lambda: page.show_step("themes"))
        page.themes.onAsked.connect(lambda: page.show_step("report"))
        page.report.againAsked.connect(lambda: page.show_step("sources"))
        page.report.exportAsked.connect(self.exporting.ask)
        page.exportAsked.connect(self.exporting.ask)
        page.sources.libraryAsked.connect(self._new_library)
        page.sources.hereAsked.connect(lambda: page.sources.propose_library(""))
        desk.session.opened.connect(self._opened)
        desk.session.changed.connect(self._library_changed)

    # --- from outside ----------------------------------------------------------------------------------------

    @Slot(list)
    def read(self, paths: Sequence[Path]) -> None:
        """Read exports that were dropped."""
        self.pageAsked.emit()
        self.sourcing.read(paths)

    @Slot()
    def shown(self) -> None:
        """The page is in the middle: look at what there is, and match what nobody looked at since the start."""
        if not self._looked:
            self._looked = self._wants_match = True
            self.sourcing.look_again()
            self.theming.look_again()
        self._page.focus_body()

    @Slot(object)
    def _opened(self, _library: object) -> None:
        self._looked = False

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        # themes may be named or merged on their own page; several such changes become one look
        if self._looked and not self._desk.adding.is_running and (changes.themes or changes.removed):
            self._again.start()

    # --- from step to step -----------------------------------------------------------------------------------

    @Slot()
    def _show_sources(self) -> None:
        self._page.show_step("sources")

    @Slot(object)
    def _know_sources(self, known: Known) -> None:
        count = len(known.cards)
        self._page.steps.set_state(
            "sources", wording.count(count, "source") if count else "nothing yet", done=count > 0
        )
        self._page.steps.set_state("match", self._page.steps.buttons["match"].note, enabled=count > 0)
        client = next((card.account for card in known.cards if card.role == "own" and card.account), "")
        others = self._desk.session.overview.photos - sum(card.pictures for card in known.cards)
        if client != self._client:
            self._client = client
            self._page.sources.propose_library(client if others > 0 else "")
        if self._wants_match:
            self._wants_match = False
            if count:
                self.matching.match()

    @Slot(object)
    def _know_match(self, view: MatchView) -> None:
        some = view.matched > 0
        words = f"{view.matched:,} of {view.posts:,} posts"
        self._page.steps.set_state("match", words, done=some)
        self._page.steps.set_state("themes", self._page.steps.buttons["themes"].note, enabled=some)

    @Slot()
    def _matched(self) -> None:
        self.sourcing.look_again()
        self.theming.look_again()

    @Slot(object)
    def _know_themes(self, themed: Themed) -> None:
        count = len(themed.names)
        enabled = themed.pictures > 0
        self._page.steps.set_state(
            "themes", wording.count(count, "theme") if count else "not yet", done=count > 0, enabled=enabled
        )
        self._page.steps.set_state("report", "", enabled=count > 0)
        self.reporting.count(themed)

    @Slot(object)
    def _know_board(self, counted: Counted | None) -> None:
        view = self.reporting.view
        if counted is None or view is None:
            self._page.steps.set_state("report", "", enabled=False)
            return
        sure = sum(row.verdict in ("Clear", "Likely") for row in view.rows)
        words = f"{sure} clear or likely" if sure else "no clear theme"
        self._page.steps.set_state("report", words, enabled=True)

    # --- a library for the client ----------------------------------------------------------------------------

    @Slot()
    def _new_library(self) -> None:
        """Open a library of the client's own and read the same exports there."""
        paths = list(self.sourcing.now.paths.values())
        self._libraries.create_for(self._client, paths)
