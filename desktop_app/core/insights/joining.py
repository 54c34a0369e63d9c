"""Which entries of several sources are the same post: by file, by shortcode, by id; by time see `joining_time`.

An entry is one post as one source tells of it. Entries that are one post are put in one group; how each join came
about is kept, so that the report can say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desktop_app.core.insights.captions import plain
from desktop_app.core.insights.zones import same_account
from desktop_app.core.posts import How, Post, Why
from desktop_app.core.types import PhotoId

_SURER = {how: place for place, how in enumerate(How)}


@dataclass(slots=True)
class Entry:
    """A post as one source tells of it.

    Attributes:
        post: what it says; `Post.source` names the source.
        photos: the pictures of the library that its files are, in order.
        zoned: whether its time is UTC.
        named: for each file that is only a name, the pictures of that name.
        caption: plain, as it is compared.
        account: in lower case.
    """

    post: Post
    photos: tuple[PhotoId, ...]
    zoned: bool
    named: tuple[tuple[PhotoId, ...], ...] = ()
    caption: str = ""
    account: str = ""

    def __post_init__(self) -> None:
        self.caption = plain(self.post.caption)
        self.account = self.post.account.casefold()

    @property
    def has_numbers(self) -> bool:
        """Whether it knows any number."""
        return any(value is not None for value in self.post.metrics.values())


@dataclass(slots=True, eq=False)
class Group:
    """Entries that are one post.

    Attributes:
        entries: in the order they were read.
        how: the surest way by which numbers and pictures came together; None where they did not.
        why: what kept them apart, where that is known.
        rivals: groups that could be the same post as well.
        time: in UTC where that is known.
    """

    entries: list[Entry]
    how: How | None = None
    why: Why | None = None
    rivals: list[Group] = field(default_factory=list)
    time: float | None = None
    into: Group | None = None  # the group that took it

    @property
    def photos(self) -> tuple[PhotoId, ...]:
        """Its pictures, in the post's order: as the entry with most of them has it."""
        return max((entry.photos for entry in self.entries), key=len, default=())

    @property
    def has_numbers(self) -> bool:
        """Whether any entry knows a number."""
        return any(entry.has_numbers for entry in self.entries)

    @property
    def account(self) -> str:
        """In lower case; "" where no entry knows it."""
        return next((entry.account for entry in self.entries if entry.account), "")

    @property
    def captions(self) -> set[str]:
        """The captions it is known by, plain."""
        return {entry.caption for entry in self.entries if entry.caption}

    @property
    def shortcode(self) -> str:
        """The name in its address; "" where unknown."""
        return next((entry.post.shortcode for entry in self.entries if entry.post.shortcode), "")

    @property
    def is_story(self) -> bool:
        """Whether any entry calls it a story."""
        return any(entry.post.type == "story" for entry in self.entries)

    def take(self, other: Group, how: How | None) -> None:
        """Make another group a part of this one."""
        both = (self.photos or other.photos) and (self.has_numbers or other.has_numbers)
        if how is not None and both and (self.how is None or _SURER[how] < _SURER[self.how]):
            self.how = how
        if other.how is not None and (self.how is None or _SURER[other.how] < _SURER[self.how]):
            self.how = other.how
        self.entries += other.entries
        self.time = self.time if self.time is not None else other.time
        other.entries, other.into = [], self


def join_by_name(entries: Sequence[Entry]) -> list[Group]:
    """Put together what names the same file, shortcode or id."""
    groups: list[Group] = []
    at: dict[object, Group] = {}
    for entry in entries:
        group = Group([entry])
        if entry.photos and entry.has_numbers:
            group.how = How.URI
        groups.append(group)
        for key, how in _names(entry):
            known = _living(at.get(key))
            if known is not None and known is not group:
                known.take(group, how)
                group = known
            at[key] = group
    living = [group for group in groups if group.entries]
    for group in living:
        group.time = next((e.post.time for e in group.entries if e.zoned and e.post.time is not None), None)
    _join_told_twice(living)
    living = [group for group in living if group.entries]
    _join_tables(living)
    return [group for group in living if group.entries]


def _living(group: Group | None) -> Group | None:
    """The group itself, or the one that took it in the end."""
    while group is not None and group.into is not None:
        group = group.into
    return group


def _names(entry: Entry) -> Iterable[tuple[object, How]]:
    post = entry.post
    for photo in entry.photos:
        yield ("photo", photo), How.URI
    for file in post.files:
        yield ("file", post.source, file), How.URI
    if post.shortcode:
        yield ("shortcode", post.shortcode), How.SHORTCODE
    elif not post.files and not post.key.startswith(("row ", "time ")):
        yield ("key", entry.account, post.key), How.SHORTCODE


def _join_told_twice(groups: Sequence[Group]) -> None:
    """Two exports that both know the very second: last year's download and this year's, or another program's folder."""
    at: dict[tuple[int, str], list[Group]] = {}
    for group in groups:
        if group.time is None:
            continue
        for caption in sorted(group.captions) or [""]:
            known = at.setdefault((int(group.time), caption), [])
            sources = {entry.post.source for entry in group.entries}
            others = [
                one
                for one in dict.fromkeys(map(_living, known))
                if one is not None
                and one is not group
                and may_be_one(one, group)
                and not sources & {entry.post.source for entry in one.entries}
            ]
            if len(others) == 1:
                others[0].take(group, How.TIME_AND_CAPTION if caption else How.TIME)
                break
            known.append(group)


def _join_tables(groups: Sequence[Group]) -> None:
    """Rows of two tables without a name in common: the same account, minute and caption are one post."""
    at: dict[object, Group] = {}
    for group in groups:
        entry = group.entries[0]
        if entry.photos or entry.zoned or entry.post.time is None or not entry.caption:
            continue
        key = (entry.account, entry.post.time, entry.caption)
        known = at.setdefault(key, group)
        sources = {one.post.source for one in known.entries}
        if known is not group and entry.post.source not in sources and may_be_one(known, group):
            known.take(group, None)


def may_be_one(one: Group, other: Group) -> bool:
    """Whether nothing speaks against it: another shortcode, another account, a story beside a post."""
    codes = {group.shortcode for group in (one, other)} - {""}
    return len(codes) < 2 and same_account(one.account, other.account) and one.is_story == other.is_story


# --- by file name ------------------------------------------------------------------------------------------------


def join_by_file_name(groups: list[Group]) -> list[Group]:
    """The last resort: numbers whose table names a file, and exactly one picture of the library is called so."""
    owner = {photo: group for group in groups for entry in group.entries for photo in entry.photos}
    for group in groups:
        if not group.entries or group.photos or not group.has_numbers:
            continue
        named = next((entry.named for entry in group.entries if entry.named), ())
        found = [photos for photos in named if photos]
        if not found:
            continue
        if any(len(photos) > 1 for photos in found):
            group.why = Why.SEVERAL_PICTURES
            continue
        chosen = tuple(dict.fromkeys(photos[0] for photos in found))
        holders = {id(holder): holder for photo in chosen if (holder := _living(owner.get(photo))) is not None}
        if not holders:
            group.entries[0].photos = chosen
            group.how, group.why, group.rivals = How.FILE_NAME, None, []
            owner.update(dict.fromkeys(chosen, group))
        elif len(holders) == 1 and may_be_one(group, next(iter(holders.values()))):
            next(iter(holders.values())).take(group, How.FILE_NAME)
        else:
            group.why = Why.SEVERAL_POSTS
    return [group for group in groups if group.entries]
