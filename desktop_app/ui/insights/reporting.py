"""Step 4's other half: counts for the choice at hand, and keeps what the person says about the report."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.catalog import insights as store
from desktop_app.core.library import Library
from desktop_app.core.types import Progress
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.insights.board_values import BoardView, Counting, ReportSettings
from desktop_app.ui.insights.report import ReportStep
from desktop_app.ui.insights.telling import Counted, board_view, theme_views
from desktop_app.ui.insights.theming import Themed
from desktop_app.ui.insights.values import local

_SETTINGS = ("insights", "report")
_REST_MS = 800  # after the last letter of a comment it is saved


class Reporting(QObject):
    """Keeps the Report step.

    Signals:
        counted(object): a Counted; the board is shown now.
        photosAsked(int, str): show the photos of a theme; the words say which.
    """

    counted = Signal(object)
    photosAsked = Signal(int, str)

    def __init__(self, desk: Desk, step: ReportStep) -> None:
        super().__init__(desk.window)
        self._desk, self._step = desk, step
        self._themed = Themed()
        self._counting = Counting()
        self._said: dict[str, Any] = {}
        self.now: Counted | None = None
        self.view: BoardView | None = None
        self._latest = Latest(desk.session.compute, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(desk.report)
        self._saving = QTimer(self, singleShot=True, interval=_REST_MS)
        self._saving.timeout.connect(self.save)
        step.countingChosen.connect(self._count_others)
        step.themeOpened.connect(self._show_pictures)
        step.detail.commented.connect(self._comment)
        step.detail.moved.connect(self._move)
        step.detail.keptIn.connect(self._keep_in)
        step.copied.connect(lambda what: desk.status.show_message(f"The {what} is on the clipboard."))
        step.show_nothing("Nothing is counted yet.", "Match posts and pictures, and group them into themes.")

    @property
    def counting(self) -> Counting:
        """Which posts count."""
        return self._counting

    # --- counting --------------------------------------------------------------------------------------------

    @Slot(object)
    def count(self, themed: Themed) -> None:
        """Count for these themes."""
        self._themed = themed
        library = self._desk.session.library
        if library is None or not themed.names:
            self.now = self.view = None
            self._step.show_nothing("No themes to count yet.", "Group the pictures into themes first.")
            self.counted.emit(None)
            return
        counting = self._counting
        self._latest.ask(_count(library, themed, counting), name="counting posts")

    @Slot(object)
    def _count_others(self, counting: Counting) -> None:
        only_pictures = replace(counting, competitors_pictures=self._counting.competitors_pictures) == self._counting
        self._counting = counting
        if only_pictures and self.now is not None:
            self._show()
        else:
            self.count(self._themed)

    @Slot(object)
    def _take(self, answer: tuple[Counted, dict[str, Any]]) -> None:
        self.now, said = answer
        if not self._saving.isActive():
            self._said = said
        self._counting = replace(self._counting, metric=self.now.findings.board.choice.metric)
        self._show()
        self.counted.emit(self.now)

    def _show(self) -> None:
        if self.now is None:
            return
        self.view = board_view(self.now, self._counting)
        if not self.view.posts:
            self._step.show_nothing("No post counts yet.", "None of your own posts has both numbers and a picture.")
            return
        self._step.show_board(self.view, theme_views(self.now, self.view, self.settings()), self._counting)

    # --- what the person says --------------------------------------------------------------------------------

    def settings(self) -> ReportSettings:
        """What was said about the report."""
        comments = tuple((int(key), words) for key, words in self._said.get("comments", {}).items())
        order, left = tuple(self._said.get("order", ())), tuple(self._said.get("left_out", ()))
        head = {name: str(self._said.get(name, "")) for name in ("title", "client", "period", "logo")}
        return ReportSettings(**head, comments=comments, order=order, left_out=left)

    def set_head(self, settings: ReportSettings) -> None:
        """Title, client, period and logo."""
        self._said |= {name: asdict(settings)[name] for name in ("title", "client", "period", "logo")}
        self.save()

    @Slot(int, str)
    def _comment(self, theme: int, words: str) -> None:
        comments = dict(self._said.get("comments", {}))
        comments[str(theme)] = words
        self._said["comments"] = {key: said for key, said in comments.items() if said.strip()}
        self._saving.start()
        self._refresh()

    @Slot(int, bool)
    def _keep_in(self, theme: int, kept: bool) -> None:
        left = [one for one in self._said.get("left_out", ()) if one != theme]
        self._said["left_out"] = left if kept else [*left, theme]
        self._saving.start()
        self._refresh()

    @Slot(int, int)
    def _move(self, theme: int, step: int) -> None:
        if self.view is None:
            return
        keys = self.order()
        at = keys.index(theme)
        to = min(max(at + step, 0), len(keys) - 1)
        keys.insert(to, keys.pop(at))
        self._said["order"] = keys
        self._saving.start()
        self._desk.status.show_message(f"Now number {to + 1} of {len(keys)} in the report.")

    def order(self) -> list[int]:
        """The themes in the order of the report."""
        keys = [] if self.view is None else [row.key for row in self.view.rows]
        place = {key: at for at, key in enumerate(self.settings().order)}
        return sorted(keys, key=lambda key: place.get(key, len(place)))

    def _refresh(self) -> None:
        if self.now is not None and self.view is not None:
            self._step.show_themes(theme_views(self.now, self.view, self.settings()))

    @Slot()
    def save(self) -> None:
        """Keep what was said with the library."""
        self._saving.stop()
        library, said = self._desk.session.library, dict(self._said)
        if library is not None and library.writable:
            self._desk.session.work.submit(lambda: _keep(library, said), name="keeping the report", urgent=True)

    # --- its pictures ----------------------------------------------------------------------------------------

    @Slot(int)
    def _show_pictures(self, theme: int) -> None:
        if theme in self._themed.ids:
            self.photosAsked.emit(self._themed.ids[theme], self._themed.names.get(theme, ""))


def _keep(library: Library, said: dict[str, Any]) -> None:
    with library.database.transaction() as connection:
        store.decide(connection, *_SETTINGS, said, time.time())


def _count(
    library: Library, themed: Themed, counting: Counting
) -> Generator[Progress, None, tuple[Counted, dict[str, Any]]]:
    from desktop_app.core.insights.counted import Choice
    from desktop_app.core.operations.insights import gather, insights

    zone = local(time.time()).tzinfo
    assert zone is not None
    choice = Choice(counting.metric, young=counting.young, boosted=counting.boosted, zone=zone)
    findings = yield from insights(library, themed.themes, themed.names, choice)
    known = gather(library)
    own = tuple(one.name for one in known.accounts if one.role == "own")
    metric = findings.board.choice.metric
    times = [post.time for post in known.posts if post.account in own and post.time and post.number(metric) is not None]
    first, last = (local(min(times)), local(max(times))) if times else (None, None)
    said = store.decisions(library.connection, _SETTINGS[0]).get(_SETTINGS[1], {})
    return Counted(findings, themed.typical, known.theirs(), first, last, own), dict(said)
