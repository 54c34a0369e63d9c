"""Matching: all sources are read anew, their posts brought together with the pictures, and the result is stored."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from desktop_app.core import archives
from desktop_app.core.catalog import insights, post_keys
from desktop_app.core.catalog.insights import Source
from desktop_app.core.catalog.post_keys import Naming
from desktop_app.core.errors import UserError
from desktop_app.core.insights import sources as readers
from desktop_app.core.insights.match import Joined, Matching, OnDisk, Weighing, matching, weights
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.report_tables import Table
from desktop_app.core.insights.sources import WITH_PICTURES
from desktop_app.core.insights.spreadsheet import name_in
from desktop_app.core.library import Library
from desktop_app.core.operations.insights_files import write_tables
from desktop_app.core.posts import How, Match, MatchLine, Outcome, Post, PostId, PostPicture, Why
from desktop_app.core.types import Changes, PhotoId, Progress

_TEXT = "Matching posts and pictures"
_SPEAK = 0.08  # seconds between two reports
_BY_HAND: Final = "photo of post"
_CLOCK: Final = "clock of source"
UNKNOWN: Final = "unknown account"
"""Whose posts are those that no source names."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a match came to.

    Attributes:
        match: pictures, lines and clocks; posts and pictures are stored already.
        posts: every post, as stored.
        remarks: sentences about sources that could not be read, or not wholly.
        described: what photos show, in words, where a source says so.
        seconds: how long it took.
    """

    match: Match
    posts: tuple[Post, ...]
    remarks: tuple[str, ...]
    described: Mapping[PhotoId, str]
    seconds: float


def match_posts(library: Library, *, weighing: Weighing = "cover") -> Generator[Progress, None, Matched]:
    """Read every source, match its posts with the library's photos, and store the result.

    A source that is away keeps the posts it had. Stored posts keep their ids, and what was put right by hand stays.
    Closing the generator before its end leaves everything as it was.

    Args:
        library: open for writing.
        weighing: whether a carousel's numbers are its cover's, or are shared by its pictures.

    Raises:
        UserError: there is no source; the library cannot be written.
    """
    start = time.monotonic()
    known = insights.sources(library.connection)
    if not known:
        raise UserError("There is nothing to match yet. Drop an export first.")
    stored = insights.posts(library.connection)
    readings: list[tuple[str, Reading]] = []
    remarks: list[str] = []
    for place, source in enumerate(known):
        yield Progress(f"Reading {source.path.name}", place, len(known))
        reading = yield from _read(source, stored, remarks, Progress(f"Reading {source.path.name}", place, len(known)))
        readings.append((str(source.id), reading))
    yield Progress(_TEXT)
    disk = _on_disk(library, known, readings)
    yield Progress(_TEXT)
    said = {str(key): float(hours) for key, hours in insights.decisions(library.connection, _CLOCK).items()}
    steps = matching(readings, disk, said)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            found: Matching = ended.value
            break
        yield Progress(_TEXT)
    yield Progress(_TEXT)
    found = _with_accounts(found, known)
    result, posts = _store(library, found, weighing)
    described = {
        photo: text
        for name, reading in readings
        for file, text in reading.described.items()
        if (photo := disk.photos.get((name, file))) is not None
    }
    return Matched(result, posts, tuple(remarks), described, time.monotonic() - start)


def set_clock(library: Library, source: str, hours: float | None) -> Changes:
    """Say how far a table's clock is from UTC, for this and every later match; None lets it be found again.

    Args:
        library: open for writing.
        source: as `Post.source` names it.
        hours: to be taken off its times.
    """
    with library.database.transaction() as connection:
        insights.decide(connection, _CLOCK, source, hours, time.time())
    return Changes()


# --- by hand -----------------------------------------------------------------------------------------------------


def give_photos(
    library: Library, post: PostId, photos: Sequence[PhotoId], *, weighing: Weighing = "cover"
) -> tuple[PostPicture, ...]:
    """Say by hand which photos a post has, in order; none says that it has no picture. Remembered by every match.

    Returns:
        What it had before, for `take_back`.
    """
    parts = weights(photos, weighing)
    now = time.time()
    with library.database.transaction() as connection:
        before = insights.confirm(
            connection,
            post,
            [
                PostPicture(post, photo, place, parts[place], How.HAND, confirmed=True)
                for place, photo in enumerate(photos)
            ],
        )
        for photo in {*photos, *(one.photo for one in before)}:
            insights.decide(connection, _BY_HAND, str(photo), {"post": post if photo in photos else 0}, now)
            if photo in photos:
                connection.execute("DELETE FROM post_pictures WHERE photo = ? AND post <> ?", (photo, post))
        return before


def take_back(library: Library, post: PostId, before: Sequence[PostPicture]) -> None:
    """Undo `give_photos`."""
    with library.database.transaction() as connection:
        now = insights.confirm(connection, post, before)
        for photo in {one.photo for one in (*now, *before)}:
            kept = any(one.photo == photo and one.confirmed for one in before)
            insights.decide(connection, _BY_HAND, str(photo), {"post": post} if kept else None, time.time())


# --- reading -----------------------------------------------------------------------------------------------------


def _read(
    source: Source, stored: Iterable[Post], remarks: list[str], progress: Progress
) -> Generator[Progress, None, Reading]:
    """The posts of a source; those it had where it cannot be read now."""
    spoke = time.monotonic()
    steps = readers.reading(source.path, source.kind, account=source.account, mapping=source.mapping)
    try:
        while True:
            next(steps)
            if time.monotonic() - spoke > _SPEAK:
                spoke = time.monotonic()
                yield progress
    except StopIteration as ended:
        reading: Reading = ended.value
    except UserError as error:
        kept = tuple(post for post in stored if post.source == str(source.id))
        remarks.append(f"{error} Its {len(kept):,} posts stay as they were." if kept else str(error))
        return Reading(kept)
    remarks += reading.remarks
    if not source.account:
        return reading
    return replace(reading, posts=tuple(p if p.account else replace(p, account=source.account) for p in reading.posts))


def _on_disk(library: Library, known: Sequence[Source], readings: Sequence[tuple[str, Reading]]) -> OnDisk:
    """Which files of the sources are photos, and which photos lie among them."""
    rows = library.connection.execute(
        "SELECT p.id, d.root, p.path FROM photos p JOIN folders d ON d.id = p.folder"
        " WHERE p.missing = 0 AND d.removed IS NULL ORDER BY p.id"
    ).fetchall()
    photo_at = {_join(root, path): PhotoId(id_) for id_, root, path in rows}
    skipped = {
        _join(root, path)
        for root, path in library.connection.execute(
            "SELECT d.root, s.path FROM skipped s JOIN folders d ON d.id = s.folder WHERE d.removed IS NULL"
        )
    }
    roots = {str(one.id): _root(one) for one in known if one.kind in WITH_PICTURES}
    photos: dict[tuple[str, str], PhotoId] = {}
    left_out: set[tuple[str, str]] = set()
    for name, reading in readings:
        if name not in roots:
            continue
        files = {file for post in reading.posts for file in post.files} | set(reading.others) | set(reading.described)
        # a large download comes in several archives: a file may be in any of them
        places = [roots[name], *(root for other, root in roots.items() if other != name)]
        for file in files:
            for root in places:
                where = root + b"/" + os.fsencode(file)
                if where in photo_at:
                    photos[name, file] = photo_at[where]
                    break
                if where in skipped:
                    left_out.add((name, file))
    named = _Names(rows)
    return OnDisk(photos, frozenset(left_out), named, _loose(photo_at, roots))


def _join(root: bytes, path: bytes) -> bytes:
    return root.replace(b"\\", b"/").rstrip(b"/") + b"/" + path


def _root(source: Source) -> bytes:
    root = source.path if source.path.suffix.lower() != ".zip" else archives.as_folder(source.path)
    return os.fsencode(root).replace(b"\\", b"/").rstrip(b"/")


def _loose(photo_at: Mapping[bytes, PhotoId], roots: Mapping[str, bytes]) -> dict[PhotoId, tuple[str, str]]:
    found: dict[PhotoId, tuple[str, str]] = {}
    for name, root in roots.items():
        prefix = root + b"/"
        for where, photo in photo_at.items():
            if where.startswith(prefix):
                found[photo] = (name, os.fsdecode(where[len(prefix) :]))
    return found


class _Names:
    """Photos by the name of their file, with or without its ending."""

    def __init__(self, rows: Iterable[tuple[int, bytes, bytes]]) -> None:
        self._whole: dict[str, list[PhotoId]] = {}
        self._stems: dict[str, list[PhotoId]] = {}
        for id_, _, path in rows:
            name = path.rpartition(b"/")[2].decode("utf-8", "replace").casefold()
            self._whole.setdefault(name, []).append(PhotoId(id_))
            self._stems.setdefault(name.rpartition(".")[0], []).append(PhotoId(id_))

    def __call__(self, cell: str) -> tuple[PhotoId, ...]:
        name = name_in(cell)
        if not name:
            return ()
        found = self._whole.get(name)
        if found is None:  # the table was made before the pictures were converted, or leaves the ending out
            found = self._stems.get(PurePosixPath(name).stem if "." in name else name, [])
        return tuple(found)


# --- storing -----------------------------------------------------------------------------------------------------


def _with_accounts(found: Matching, known: Sequence[Source]) -> Matching:
    """Posts of nobody belong to whom the others of their source do."""
    of_source: dict[str, dict[str, int]] = {}
    for joined in found.posts:
        if joined.post.account:
            counts = of_source.setdefault(joined.post.source, {})
            counts[joined.post.account] = counts.get(joined.post.account, 0) + 1
    usual = {source: max(counts, key=counts.__getitem__) for source, counts in of_source.items()}
    everywhere = {account for counts in of_source.values() for account in counts}
    fallback = everywhere.pop() if len(everywhere) == 1 else UNKNOWN
    posts = tuple(
        joined
        if joined.post.account
        else replace(joined, post=replace(joined.post, account=usual.get(joined.post.source, fallback)))
        for joined in found.posts
    )
    return replace(found, posts=posts)


def _store(library: Library, found: Matching, weighing: Weighing) -> tuple[Match, tuple[Post, ...]]:
    by_hand = {PhotoId(int(key)): value for key, value in insights.decisions(library.connection, _BY_HAND).items()}
    with library.database.transaction() as connection:
        post_keys.prepare(connection, [Naming(j.post.account, j.post.key, j.aliases) for j in found.posts])
        posts = insights.put_posts(connection, [joined.post for joined in found.posts])
        post_keys.drop_others(connection, {post.id for post in posts})
        confirmed: dict[PostId, list[PhotoId]] = {}
        for one in insights.pictures(connection):
            if one.confirmed:
                confirmed.setdefault(one.post, []).append(one.photo)
        wanted = {photo: PostId(int(value.get("post", 0))) for photo, value in by_hand.items()}
        pictures: list[PostPicture] = []
        lines: list[MatchLine] = []
        for joined, post in zip(found.posts, posts, strict=True):
            line, own = _line(joined, post.id, posts, confirmed, wanted)
            lines.append(line)
            parts = weights(own, weighing)
            how = line.how or How.URI
            pictures += [
                PostPicture(post.id, photo, place, parts[place], how, post.id in confirmed)
                for place, photo in enumerate(own)
            ]
        insights.set_pictures(connection, pictures)
    taken = {one.photo for one in pictures}
    lines += [
        MatchLine(Outcome.ONLY_ON_DISK, None, (photo,), None, why)
        for photo, why in found.loose.items()
        if photo not in taken
    ]
    return Match(tuple(pictures), tuple(lines), found.offsets), posts


def _line(
    joined: Joined,
    post: PostId,
    posts: Sequence[Post],
    confirmed: Mapping[PostId, Sequence[PhotoId]],
    wanted: Mapping[PhotoId, PostId],
) -> tuple[MatchLine, tuple[PhotoId, ...]]:
    """The line of a post, and the photos that are its own; what was said by hand goes before what was found."""
    candidates = tuple(posts[place].id for place in joined.rivals)
    has_numbers = any(value is not None for value in joined.post.metrics.values())
    if post in confirmed:
        own = tuple(confirmed[post])
        outcome = Outcome.MATCHED if has_numbers else Outcome.ONLY_ON_DISK
        why = None if has_numbers else Why.NO_NUMBERS
        return MatchLine(outcome, post, own, How.HAND, why, (), joined.detail), own
    left = tuple(photo for photo in joined.photos if wanted.get(photo, post) == post)
    if left == joined.photos:
        own = left if joined.outcome in (Outcome.MATCHED, Outcome.ONLY_ON_DISK) else ()
        return MatchLine(joined.outcome, post, left, joined.how, joined.why, candidates, joined.detail), own
    if left and joined.outcome is not Outcome.AMBIGUOUS:
        return MatchLine(joined.outcome, post, left, joined.how, joined.why, candidates, joined.detail), left
    if left:
        return MatchLine(Outcome.AMBIGUOUS, post, left, None, joined.why, candidates, joined.detail), ()
    return MatchLine(Outcome.ONLY_NUMBERS, post, (), None, Why.REMOVED_BY_HAND, (), joined.detail), ()


# --- the report --------------------------------------------------------------------------------------------------


def save_match(library: Library, matched: Match, path: Path) -> Path:
    """Write what matched and what did not, with the reasons, as a CSV or XLSX table.

    Raises:
        UserError: it cannot be written.
    """
    posts = {post.id: post for post in insights.posts(library.connection)}
    names = {
        PhotoId(id_): os.fsdecode(root_path)
        for id_, root_path in library.connection.execute(
            "SELECT p.id, CAST(d.root || '/' || p.path AS BLOB) FROM photos p JOIN folders d ON d.id = p.folder"
        )
    }
    rows = []
    for line in matched.lines:
        post = posts.get(line.post) if line.post is not None else None
        rows.append(
            (
                line.outcome.value,
                line.why.value if line.why else (line.how.value if line.how else ""),
                post.account if post else "",
                line.detail,
                post.permalink if post else "",
                " | ".join(names.get(photo, "") for photo in line.photos),
            )
        )
    table = Table("Match", ("What", "Reason", "Account", "Post", "Link", "Pictures"), tuple(rows))
    return write_tables([table], path)[0]
