"""Step 3's other half: groups the pictures of all posts, and counts who posts which theme."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.catalog import insights as store
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Progress
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.insights.themes_step import ThemesStep
from desktop_app.ui.insights.values import ThemeLine

CHOSEN = ("insights", "grouping")
"""Where the catalogue keeps which themes the report is about."""

_POSTS_EACH = 15  # own posts in a theme, on average, so that most themes can be judged
_FEWEST = 4


@dataclass(frozen=True, slots=True, eq=False)
class Themed:
    """The themes at hand.

    Attributes:
        grouping: which; None where there is none yet.
        groupings: all that could be used, with their names.
        lines: as the step shows them.
        themes: theme of each photo; a theme is known by its lineage, so that what is said of it outlasts a new run.
        names: of each theme.
        typical: photos that stand for each.
        ids: theme to its row of today.
        pictures: photos that belong to posts.
        odd: of these, how many are in no theme.
    """

    grouping: int | None = None
    groupings: tuple[tuple[int, str], ...] = ()
    lines: tuple[ThemeLine, ...] = ()
    themes: dict[PhotoId, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    typical: dict[int, tuple[PhotoId, ...]] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)
    pictures: int = 0
    odd: int = 0


class Theming(QObject):
    """Keeps the Themes step.

    Signals:
        themed(Themed): the themes at hand now.
        openAsked(int): change this grouping on the Themes page.
    """

    themed = Signal(object)
    openAsked = Signal(int)

    def __init__(self, desk: Desk, step: ThemesStep) -> None:
        super().__init__(desk.window)
        self._desk, self._step = desk, step
        self.now = Themed()
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(desk.report)
        step.groupAsked.connect(self.group)
        step.groupingChosen.connect(self._choose)
        step.openAsked.connect(lambda: self.openAsked.emit(self.now.grouping or 0))

    @Slot()
    def look_again(self) -> None:
        """Ask what the themes are now."""
        library = self._desk.session.library
        if library is not None:
            self._latest.ask(lambda: look(library), name="themes of posts")

    @Slot(object)
    def _take(self, themed: Themed) -> None:
        self.now = themed
        self._step.set_groupings(themed.groupings, themed.grouping)
        self._step.show_themes(themed.lines, pictures=themed.pictures, odd=themed.odd)
        self.themed.emit(themed)

    @Slot()
    def group(self) -> None:
        """Group the pictures of all accounts together."""
        library = self._desk.session.library
        if library is None or not library.writable:
            return
        job = self._desk.background.start(_group(library), "finding themes", "Finding themes", pause=False)
        job.succeeded.connect(self.look_again)
        job.failed.connect(self._desk.report)

    @Slot(int)
    def _choose(self, grouping: int) -> None:
        library = self._desk.session.library
        if library is None:
            return
        job = self._desk.session.work.submit(lambda: _keep(library, grouping), name="choosing themes", urgent=True)
        job.succeeded.connect(self.look_again)


def _keep(library: Library, grouping: int) -> None:
    import time

    with library.database.transaction() as connection:
        store.decide(connection, *CHOSEN, grouping, time.time())


def _group(library: Library) -> Generator[Progress, None, None]:
    from desktop_app.core.catalog import photos
    from desktop_app.core.operations.insights_themes import name_themes
    from desktop_app.core.operations.themes import ALL, Scope, cut, group_and_keep

    mine = {one.photo for one in store.pictures(library.connection)}
    # in a library of the client's own, all photos: the same scope next month carries names and edits on
    whole = 2 * len(mine) >= photos.count_present(library.connection)
    scope = ALL if whole else Scope("photos", tuple(sorted(mine)))
    written = yield from group_and_keep(library, scope)
    grouping = written.grouping
    if grouping is None:
        return
    # what is best to look at may be too fine to count: a theme of three posts says nothing
    most = max(_FEWEST, _own_posts(library) // _POSTS_EACH)
    if grouping.count > most and grouping.count == grouping.proposed:
        grouping = cut(library, grouping.id, most).grouping or grouping
    yield from name_themes(library, grouping)
    _keep(library, int(grouping.id))


def _own_posts(library: Library) -> int:
    """Own posts with a picture."""
    connection = library.connection
    own = {one.name for one in store.accounts(connection) if one.role == "own"}
    pictured = {one.post for one in store.pictures(connection)}
    return sum(post.account in own and post.id in pictured for post in store.posts(connection))


def look(library: Library) -> Themed:
    """The themes that the report is about, and who posts them. Reads only."""
    from desktop_app.core.catalog import themes as catalogue
    from desktop_app.core.operations.themes import cards

    connection = library.connection
    own = {one.name for one in store.accounts(connection) if one.role == "own"}
    whose = {post.id: post.account in own for post in store.posts(connection)}
    pictures = [one for one in store.pictures(connection) if one.post in whose]
    mine = {one.photo for one in pictures}
    groupings = catalogue.all_groupings(connection)
    named = tuple((int(one.id), one.name or f"{one.count} themes") for one in groupings)
    wanted = store.decisions(connection, CHOSEN[0]).get(CHOSEN[1])
    chosen = next((one for one in groupings if int(one.id) == wanted), groupings[0] if groupings else None)
    if chosen is None:
        return Themed(pictures=len(mine))
    lines, themes, names, typical, proposed, ids = [], {}, {}, {}, {}, {}
    for place, card in enumerate(cards(library, chosen.id)):
        if card.kind == "odd":
            continue
        inside = [photo for photo in catalogue.photos_of(connection, card.id) if photo in mine]
        if not inside:
            continue
        key = int(card.lineage)  # what is said of a theme outlasts a new run
        names[key] = card.name or card.proposed or f"Theme {place + 1}"
        themes.update(dict.fromkeys(inside, key))
        typical[key] = tuple(photo for photo in card.typical if photo in mine) or tuple(inside[:6])
        ids[key] = int(card.id)
        proposed[key] = not card.name
    posts: dict[tuple[int, bool], set[int]] = {}
    count: dict[int, int] = {}
    for photo in mine:
        if photo in themes:
            count[themes[photo]] = count.get(themes[photo], 0) + 1
    for one in pictures:
        if one.photo in themes:
            posts.setdefault((themes[one.photo], whose[one.post]), set()).add(int(one.post))
    for key, name in names.items():
        lines.append(
            ThemeLine(
                key,
                name,
                proposed[key],
                tuple(int(one) for one in typical[key]),
                count.get(key, 0),
                len(posts.get((key, True), ())),
                len(posts.get((key, False), ())),
            )
        )
    lines.sort(key=lambda line: -line.count)
    odd = len(mine) - len(themes)
    return Themed(int(chosen.id), named, tuple(lines), themes, names, typical, ids, len(mine), odd)
