"""Step 2's other half: matches, tells what came of it, and keeps what is put right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.catalog import insights as store
from desktop_app.core.library import Library
from desktop_app.core.posts import How, Match, MatchLine, Outcome, Post, PostId, PostPicture, Why
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Job
from desktop_app.ui.desk import Desk, Undoable
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.insights.match import MatchStep
from desktop_app.ui.insights.picker import PhotoPicker
from desktop_app.ui.insights.values import MatchView, PostLine, Reason, ZoneRow, local
from desktop_app.ui.panels.details import long_date

if TYPE_CHECKING:
    from desktop_app.core.insights.match import Weighing
    from desktop_app.core.operations.match import Matched

_GROUPS = {
    Outcome.ONLY_NUMBERS: ("have numbers but no picture", "Pick pictures"),
    Outcome.ONLY_ON_DISK: ("have a picture but no numbers", ""),
    Outcome.AMBIGUOUS: ("could be either", "Choose"),
}
_ASKS_NOTHING = (Why.STORY, Why.DELETED, Why.NOT_A_POST, Why.REMOVED_BY_HAND)
_NEAREST = 400


class Matching(QObject):
    """Keeps the Match step.

    Signals:
        matched(MatchView): what came of it. changed(): posts and pictures are joined differently now.
    """

    matched = Signal(object)
    changed = Signal()

    def __init__(self, desk: Desk, step: MatchStep, thumbnails: Thumbnails) -> None:
        super().__init__(desk.window)
        self._desk, self._step, self._thumbnails = desk, step, thumbnails
        self._match = Match()
        self._posts: dict[PostId, Post] = {}
        self._names: dict[str, str] = {}
        self._cover = True
        self._open = ""
        self._job: Job | None = None
        self._is_old = False
        self.view = MatchView(0, 0)
        step.fixAsked.connect(self._show_reason)
        step.coverChosen.connect(self._weigh)
        step.pickAsked.connect(self._pick)
        step.leaveAsked.connect(partial(self._give, photos=()))
        step.photoChosen.connect(lambda key, photo: self._give(key, photos=(photo,)))
        step.saveAsked.connect(self._save)
        step.zoneChosen.connect(self._set_clock)

    # --- matching --------------------------------------------------------------------------------------------

    @Slot()
    def match(self) -> None:
        """Match anew; a wish that comes while it runs is done next."""
        library = self._desk.session.library
        if library is None or not library.writable:
            return
        if self._job is not None:
            self._is_old = True
            return
        from desktop_app.core.operations.match import match_posts

        operation = match_posts(library, weighing="cover" if self._cover else "shared")
        self._job = self._desk.background.start(
            operation, "matching posts and pictures", "Matching posts and pictures", pause=False
        )
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(self._desk.report)
        self._job.finished.connect(self._ended)

    @Slot()
    def _ended(self) -> None:
        self._job = None
        if self._is_old:
            self._is_old = False
            self.match()

    @Slot(object)
    def _take(self, matched: Matched) -> None:
        library = self._desk.session.library
        if library is None:
            return
        self._match = matched.match
        self._posts = {post.id: post for post in matched.posts}
        job = self._desk.session.query.submit(lambda: store.sources(library.connection), name="sources")
        job.succeeded.connect(self._name_sources)
        if matched.remarks:
            self._desk.status.show_message(matched.remarks[0])

    @Slot(object)
    def _name_sources(self, sources: Sequence[store.Source]) -> None:
        self._names = {str(one.id): one.path.name for one in sources}
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.view = match_view(self._match, self._names, cover_only=self._cover)
        self._step.show_match(self.view)
        self._show_reason(self._open)
        self.matched.emit(self.view)

    @Slot(bool)
    def _weigh(self, cover: bool) -> None:
        if cover != self._cover:
            self._cover = cover
            self.match()

    @Slot(str, float)
    def _set_clock(self, source: str, hours: float) -> None:
        from desktop_app.core.operations.match import set_clock

        self._desk.session.write(partial(set_clock, source=source, hours=hours), self.match)

    # --- by hand ---------------------------------------------------------------------------------------------

    @Slot(str)
    def _show_reason(self, key: str) -> None:
        reason = next((one for one in self.view.reasons if one.key == key), None)
        self._open = key if reason is not None else ""
        if reason is None:
            self._step.show_lines("", ())
            return
        lines = [self._line(at, line) for at, line in enumerate(self._match.lines) if reason_key(line) == key]
        self._step.show_lines(f"{reason.count:,} {reason.words}", lines)

    def _line(self, at: int, line: MatchLine) -> PostLine:
        post = None if line.post is None else self._posts.get(line.post)
        if post is None:
            return PostLine(at, line.detail or "A picture", "", "", tuple(line.photos), can_pick=False, can_leave=False)
        when = "Time unknown" if post.time is None else long_date(local(post.time))
        return PostLine(
            at,
            f"{when} · {post.type} · {post.account}",
            " ".join(post.caption.split()),
            "One of these pictures? Click it." if line.photos and line.outcome is Outcome.AMBIGUOUS else "",
            tuple(line.photos),
            can_pick=line.outcome is not Outcome.ONLY_ON_DISK,
            can_leave=line.outcome is not Outcome.ONLY_ON_DISK,
        )

    @Slot(int)
    def _pick(self, key: int) -> None:
        library = self._desk.session.library
        line = self._match.lines[key]
        post = self._posts.get(line.post) if line.post is not None else None
        if library is None or post is None:
            return
        picker = PhotoPicker(self._desk.theme, self._thumbnails, self._line(key, line), self._desk.window)
        picker.picked.connect(lambda at, photos: self._give(at, photos=tuple(photos)))
        session = self._desk.session
        job = session.query.submit(lambda: _near(library, post.time), name="photos near a post")
        job.succeeded.connect(picker.show_photos)
        picker.allAsked.connect(
            lambda: session.query.submit(lambda: _near(library, post.time, limit=0), name="photos").succeeded.connect(
                lambda photos: picker.show_photos(photos, all_of_them=True)
            )
        )
        picker.show()

    def _give(self, key: int, photos: Sequence[int]) -> None:
        """Say which pictures a post has; undoable."""
        line = self._match.lines[key]
        if line.post is None:
            return
        given = tuple(PhotoId(photo) for photo in photos)
        had: list[tuple[PostPicture, ...]] = []
        words = "picking a picture" if given else "leaving a post without a picture"
        self._desk.undo.push(
            Undoable(words, partial(self._do, key, line, given, had), partial(self._undo, key, line, had))
        )

    def _do(self, key: int, line: MatchLine, photos: tuple[PhotoId, ...], had: list[tuple[PostPicture, ...]]) -> None:
        library, post = self._desk.session.library, line.post
        if library is None or post is None:
            return
        from desktop_app.core.operations.match import give_photos

        weighing: Weighing = "cover" if self._cover else "shared"
        job = self._desk.session.work.submit(
            lambda: give_photos(library, post, photos, weighing=weighing),
            name="picking a picture",
            urgent=True,
        )
        job.succeeded.connect(lambda before: had.append(before))
        job.succeeded.connect(self._hand_done)
        job.failed.connect(self._desk.report)
        if photos:
            known = any(value is not None for value in self._posts[post].metrics.values())
            outcome, why = (Outcome.MATCHED, None) if known else (Outcome.ONLY_ON_DISK, Why.NO_NUMBERS)
            self._replace(key, MatchLine(outcome, post, photos, How.HAND, why))
        else:
            self._replace(key, replace(line, outcome=Outcome.ONLY_NUMBERS, photos=(), why=Why.REMOVED_BY_HAND))

    def _undo(self, key: int, line: MatchLine, had: list[tuple[PostPicture, ...]]) -> None:
        library, post = self._desk.session.library, line.post
        if library is None or post is None or not had:
            return
        from desktop_app.core.operations.match import take_back

        before = had.pop()
        job = self._desk.session.work.submit(
            lambda: take_back(library, post, before), name="taking a picture back", urgent=True
        )
        job.succeeded.connect(self._hand_done)
        job.failed.connect(self._desk.report)
        self._replace(key, line)

    def _replace(self, key: int, line: MatchLine) -> None:
        lines = list(self._match.lines)
        lines[key] = line
        self._match = replace(self._match, lines=tuple(lines))
        self._show()

    @Slot()
    def _hand_done(self) -> None:
        self.changed.emit()

    # --- the list --------------------------------------------------------------------------------------------

    @Slot()
    def _save(self) -> None:
        library = self._desk.session.library
        if library is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(self._desk.window, "Save list", "match.csv", "Tables (*.csv *.xlsx)")
        if not chosen:
            return
        from desktop_app.core.operations.match import save_match

        match = self._match
        job = self._desk.session.query.submit(lambda: save_match(library, match, Path(chosen)), name="saving a list")
        job.succeeded.connect(lambda path: self._desk.status.show_message(f"Saved “{path.name}”."))
        job.failed.connect(self._desk.report)


def reason_key(line: MatchLine) -> str:
    """Names the group that a line is in; "" for what belongs together."""
    if line.outcome is Outcome.MATCHED or line.why is None:
        return ""
    return f"{line.outcome.name} {line.why.name} {'post' if line.post is not None else 'picture'}"


def match_view(match: Match, names: dict[str, str], *, cover_only: bool) -> MatchView:
    """What a match came to, as it is said."""
    counts: dict[str, tuple[int, MatchLine]] = {}
    for line in match.lines:
        key = reason_key(line)
        if key:
            counts[key] = (counts.get(key, (0, line))[0] + 1, line)
    reasons = []
    for key, (count, line) in sorted(counts.items(), key=lambda item: -item[1][0]):
        words, fix = _GROUPS[line.outcome]
        assert line.why is not None
        why = line.why.value
        if line.post is None:
            words = ("picture is" if count == 1 else "pictures are") + " of no post"
            fix = "Look"
        elif count == 1:
            words = words.replace("have", "has")
        if line.why in _ASKS_NOTHING:
            fix = "Look" if line.outcome is not Outcome.ONLY_NUMBERS else fix
        reasons.append(Reason(key, count, f"{words}: {why}", fix))
    posts = sum(line.post is not None for line in match.lines)
    zones = tuple(
        ZoneRow(one.source, names.get(one.source, "a table"), one.hours, one.fits, one.posts, changeable=True)
        for one in match.offsets
    )
    return MatchView(match.count(Outcome.MATCHED), posts, tuple(reasons), zones, cover_only)


def _near(library: Library, time: float | None, *, limit: int = _NEAREST) -> list[int]:
    """Photos that belong to no post first, then by how near in time they are."""
    moment = "" if time is None else local(time).strftime("%Y-%m-%dT%H:%M:%S")
    rows = library.connection.execute(
        "SELECT p.id FROM photos p LEFT JOIN post_pictures q ON q.photo = p.id WHERE p.missing = 0"
        " GROUP BY p.id ORDER BY q.post IS NOT NULL, abs(julianday(p.sort_date) - julianday(?)), p.sort_date, p.id"
        + (" LIMIT ?" if limit else ""),
        (moment, limit) if limit else (moment,),
    )
    return [int(id_) for (id_,) in rows]
