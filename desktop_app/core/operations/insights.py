"""Insights of a library: posts, photos and themes joined, counted, and written as a report."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core.catalog import insights as store
from desktop_app.core.catalog import photos as photo_rows
from desktop_app.core.insights.counted import Choice
from desktop_app.core.insights.findings import Findings, find
from desktop_app.core.insights.report import page, wanted_photos
from desktop_app.core.insights.report_wishes import Wishes
from desktop_app.core.library import Library
from desktop_app.core.operations.insights_files import write_text
from desktop_app.core.posts import INTERACTIONS, METRICS, Account, Post, PostPicture, coverage
from desktop_app.core.types import PhotoId, Progress

_THUMBNAILS = 50  # read between two reports of progress


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a library knows of posts, as statistics take it.

    Attributes:
        posts: of accounts and sources that were not removed.
        accounts: whose they are.
        pictures: which photos belong to which post.
    """

    posts: tuple[Post, ...]
    accounts: tuple[Account, ...]
    pictures: tuple[PostPicture, ...]

    def theirs(self) -> frozenset[PhotoId]:
        """Photos of competitors' posts."""
        own = {account.name for account in self.accounts if account.role == "own"}
        posts = {post.id for post in self.posts if post.account not in own}
        return frozenset(picture.photo for picture in self.pictures if picture.post in posts)


def gather(library: Library) -> Gathered:
    """Read posts, accounts and pictures from the catalogue."""
    connection = library.connection
    return Gathered(store.posts(connection), store.accounts(connection), store.pictures(connection))


def usual_metric(posts: Sequence[Post], accounts: Sequence[Account]) -> str:
    """What is counted unless another number is asked for: that which most own posts have; views before the others."""
    found = {one.metric: one.known for one in coverage(posts, accounts)}
    names = (*METRICS, INTERACTIONS)
    return max(names, key=lambda name: (found.get(name, 0), -names.index(name)))


def insights(
    library: Library, themes: Mapping[PhotoId, int], names: Mapping[int, str], choice: Choice
) -> Generator[Progress, None, Findings]:
    """Count everything the Report step shows. Reads only.

    Args:
        library: with posts and their photos.
        themes: theme of each photo; a photo that is not here is in none.
        names: theme to name.
        choice: what to count; metric "" takes `usual_metric`.
    """
    yield Progress("Reading posts")
    known = gather(library)
    if not choice.metric:
        choice = replace(choice, metric=usual_metric(known.posts, known.accounts))
    if choice.now is None:
        choice = replace(choice, now=time.time())
    steps = find(known.posts, known.accounts, known.pictures, themes, names, choice)
    while True:
        try:
            text = next(steps)
        except StopIteration as ended:
            findings: Findings = ended.value
            return findings
        yield Progress(text)


def write_report(
    library: Library,
    findings: Findings,
    wishes: Wishes,
    path: Path,
    typical: Mapping[int, Sequence[PhotoId]] | None = None,
) -> Generator[Progress, None, Path]:
    """Write a report as one HTML file; an old one stays whole until the new one is.

    Args:
        library: holds the thumbnails.
        findings: what was counted.
        wishes: what the person says about it.
        path: where to.
        typical: the photos that stand for each theme.

    Raises:
        UserError: the file cannot be written.
    """
    wanted = wanted_photos(findings, wishes, typical or {})
    jpegs: dict[PhotoId, bytes] = {}
    for start in range(0, len(wanted), _THUMBNAILS):
        yield Progress("Collecting pictures", start, len(wanted))
        jpegs |= thumbnails(library, wanted[start : start + _THUMBNAILS])
    yield Progress("Writing the report")
    write_text(path, page(findings, wishes, jpegs, typical, gather(library).theirs()))
    return path


def thumbnails(library: Library, wanted: Sequence[PhotoId]) -> dict[PhotoId, bytes]:
    """Small JPEGs of photos, as they are kept; those that are not kept are left out."""
    found = photo_rows.fetch(library.connection, list(wanted))
    contents = {photo.content for photo in found.values()}
    kept = library.thumbnails.get(list(contents))
    return {id_: kept[photo.content] for id_, photo in found.items() if photo.content in kept}
