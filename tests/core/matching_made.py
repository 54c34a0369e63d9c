"""Exports of one account as the tests of matching need them: written, read, matched and checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from desktop_app.core.insights import sources
from desktop_app.core.insights.match import Matching, OnDisk, match
from desktop_app.core.insights.reading import Reading
from desktop_app.core.posts import Outcome
from desktop_app.core.types import PhotoId
from tests.exports import (
    Made,
    Style,
    download_files,
    instaloader_files,
    write_business,
    write_folder,
    write_zip,
)

NO_LINKS = Style(permalinks=False)


class Exports:
    """Sources on the disk, and photos as if their pictures were in a library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.readings: list[tuple[str, Reading]] = []
        self.photos: dict[tuple[str, str], PhotoId] = {}
        self.names: dict[str, list[PhotoId]] = {}

    def add(self, path: Path, *, account: str = "", without: Sequence[str] = ()) -> str:
        found = sources.recognise(path)
        reading = sources.read(path, found.kind, account=account)
        name = str(len(self.readings) + 1)
        self.readings.append((name, reading))
        if found.root is not None:
            for file in sorted({file for post in reading.posts for file in post.files}):
                if not any(part in file for part in without):
                    photo = PhotoId(len(self.photos) + 1)
                    self.photos[name, file] = photo
                    self.names.setdefault(file.rpartition("/")[2], []).append(photo)
        return name

    def download(self, posts: Sequence[Made], **options: object) -> str:
        path = self.folder / f"{len(self.readings)}.zip"
        return self.add(write_zip(path, download_files(posts, pictures=False, **options)))

    def table(self, posts: Sequence[Made], style: Style = NO_LINKS, **options: object) -> str:
        return self.add(write_business(self.folder / f"{len(self.readings)}.csv", posts, style), **options)

    def instaloader(self, posts: Sequence[Made], **options: object) -> str:
        return self.add(write_folder(self.folder / f"loader {len(self.readings)}", instaloader_files(posts, **options)))

    def match(self, **disk: object) -> Matching:
        return match(self.readings, OnDisk(self.photos, named=lambda name: tuple(self.names.get(name, ())), **disk))

    def made_of(self, photos: Sequence[PhotoId], posts: Sequence[Made]) -> set[int]:
        """The numbers of the posts that photos were made for."""
        files = {photo: file for (_, file), photo in self.photos.items()}
        of = {}
        for post in posts:
            stem = datetime.fromtimestamp(int(post.time), UTC).strftime("%Y-%m-%d_%H-%M-%S_UTC")
            for name in (*post.files(), *post.files("photos/"), stem):
                of[name.rpartition("/")[2]] = post.number
        names = [files[photo].rpartition("/")[2] for photo in photos]
        return {of.get(name, of.get(name.partition("_UTC")[0] + "_UTC", -1)) for name in names}


def check(exports: Exports, found: Matching, posts: Sequence[Made], matched: set[int]) -> None:
    """Exactly these posts have pictures, and all of them their own."""
    by_number = {}
    for joined in found.posts:
        if joined.outcome is not Outcome.MATCHED:
            continue
        numbers = exports.made_of(joined.photos, posts)
        assert len(numbers) == 1
        (number,) = numbers
        made = next(post for post in posts if post.number == number)
        assert number not in by_number
        assert joined.post.caption in (made.caption, joined.post.caption)
        assert joined.post.metrics["likes"] == made.numbers["likes"]
        assert len(joined.photos) == made.pictures
        by_number[number] = joined
    assert set(by_number) == matched


def outcomes(found: Matching) -> dict[Outcome, int]:
    return {one: sum(joined.outcome is one for joined in found.posts) for one in Outcome if one}
