"""Sources in a library: pictures read where they lie, posts matched and stored, put right by hand, and taken away."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import folders, insights
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.map_colours import metric, metrics
from desktop_app.core.operations.match import Matched, give_photos, match_posts, save_match, set_clock, take_back
from desktop_app.core.operations.plan import with_frames
from desktop_app.core.operations.sources import (
    add_source,
    columns,
    read_pictures,
    recognise,
    remove_source,
    restore_source,
    set_account,
    set_mapping,
)
from desktop_app.core.posts import How, Outcome, PostId, Why
from tests.core.libraries import by_path, opened
from tests.core.test_archive_folders import video
from tests.exports import Made, Style, download_files, instaloader_files, some, write_business, write_folder, write_zip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        yield library


def done(operation: object) -> object:
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def add(library: Library, path: Path, **options: object) -> int:
    added = add_source(library, path, **options)
    if added.root is not None:
        done(read_pictures(library, [added.root]))
    return added.source.id


def match(library: Library, **options: object) -> Matched:
    return done(match_posts(library, **options))


POSTS = some(6)


@pytest.fixture
def both(library: Library, tmp_path: Path) -> tuple[int, int]:
    """A download and a table of the same posts."""
    download = add(library, write_zip(tmp_path / "instagram-kiln.and.clay-2025-05-01-x.zip", download_files(POSTS)))
    table = add(library, write_business(tmp_path / "a.csv", POSTS, Style(permalinks=False)))
    return download, table


def test_a_zip_and_a_table_are_matched_and_stored(library: Library, both: tuple[int, int], tmp_path: Path) -> None:
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 6
    assert not found.remarks
    stored = insights.posts(library.connection)
    assert [(p.caption, p.metrics["likes"], p.account) for p in stored] == [
        (made.caption, made.numbers["likes"], "kiln.and.clay") for made in POSTS
    ]
    assert [post.time for post in stored] == [int(made.time) for made in POSTS]
    paths = {photo: path for path, photo in by_path(library).items()}
    root = tmp_path / "instagram-kiln.and.clay-2025-05-01-x.zip!"
    of_post = {post.id: made for post, made in zip(stored, POSTS, strict=True)}
    for one in insights.pictures(library.connection):
        assert paths[one.photo] == root / of_post[one.post].files()[one.place]
        assert one.weight == float(one.place == 0)
        assert (one.how, one.confirmed) == (How.TIME_AND_CAPTION, False)
    assert len(insights.pictures(library.connection)) == sum(made.pictures for made in POSTS)
    assert [(a.name, a.role) for a in insights.accounts(library.connection)] == [("kiln.and.clay", "own")]
    shared = match(library, weighing="shared")
    assert {one.weight for one in shared.match.pictures} == {1.0, 1 / POSTS[3].pictures}


def test_photos_can_be_coloured_by_what_their_posts_earned(library: Library, both: tuple[int, int]) -> None:
    assert metrics(library) == ()
    match(library)
    assert {"likes", "comments"} <= set(metrics(library))
    pictures = insights.pictures(library.connection)
    likes = {post.id: post.metrics["likes"] for post in insights.posts(library.connection)}
    ids = np.array([one.photo for one in pictures] + [10**9], np.int64)
    found = metric(library, ids, "likes")
    assert found[:-1].tolist() == [likes[one.post] for one in pictures]
    assert np.isnan(found[-1])


def test_a_clock_that_a_person_set_decides_until_it_is_taken_back(library: Library, both: tuple[int, int]) -> None:
    found = match(library)
    (offset,) = found.match.offsets
    assert found.match.count(Outcome.MATCHED) == 6
    set_clock(library, offset.source, offset.hours + 5)
    wrong = match(library)
    assert [one.hours for one in wrong.match.offsets] == [offset.hours + 5]
    assert wrong.match.count(Outcome.MATCHED) == 0
    set_clock(library, offset.source, offset.hours)
    assert match(library).match.count(Outcome.MATCHED) == 6
    set_clock(library, offset.source, None)
    again = match(library)
    assert again.match.offsets == found.match.offsets
    assert again.match.count(Outcome.MATCHED) == 6


def test_a_second_match_changes_nothing(library: Library, both: tuple[int, int]) -> None:
    first = match(library)
    before = insights.posts(library.connection), insights.pictures(library.connection)
    second = match(library)
    assert (insights.posts(library.connection), insights.pictures(library.connection)) == before
    assert second.match == first.match


def test_posts_keep_their_ids_when_a_link_becomes_known(
    library: Library, both: tuple[int, int], tmp_path: Path
) -> None:
    match(library)
    before = {post.caption: post.id for post in insights.posts(library.connection)}
    add(library, write_business(tmp_path / "b.csv", POSTS, Style()))
    match(library)
    after = insights.posts(library.connection)
    assert {post.caption: post.id for post in after} == before
    assert {post.key for post in after} == {made.shortcode for made in POSTS}


def test_next_months_numbers_take_the_place_of_old_ones(
    library: Library, both: tuple[int, int], tmp_path: Path
) -> None:
    match(library)
    more = [*POSTS, replace(POSTS[5], number=60, time=POSTS[5].time + 86_400, caption="a new one")]
    path = tmp_path / "a.csv"
    write_business(path, more, Style(permalinks=False, blank=("saves",)))
    os.utime(path, (2_000_000_000, 2_000_000_000))
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 6
    assert found.match.reasons() == {(Outcome.ONLY_NUMBERS, Why.NOTHING_AT_THAT_TIME): 1}
    assert all("saves" not in post.metrics for post in insights.posts(library.connection))


def test_a_source_is_taken_away_and_comes_back(library: Library, both: tuple[int, int]) -> None:
    match(library)
    whole = insights.posts(library.connection)
    remove_source(library, both[1])
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 0
    assert found.match.reasons() == {(Outcome.ONLY_ON_DISK, Why.NO_NUMBERS): 6}
    assert all(not post.metrics for post in insights.posts(library.connection))
    restore_source(library, both[1])
    assert match(library).match.count(Outcome.MATCHED) == 6
    assert insights.posts(library.connection) == whole


def test_a_source_that_is_away_keeps_its_posts(library: Library, both: tuple[int, int], tmp_path: Path) -> None:
    match(library)
    before = insights.posts(library.connection)
    (tmp_path / "a.csv").rename(tmp_path / "aside.csv")
    found = match(library)
    assert found.remarks == ("a.csv cannot be read. Its 6 posts stay as they were.",)
    assert insights.posts(library.connection) == before
    assert found.match.count(Outcome.MATCHED) == 6


def test_by_hand_and_remembered(library: Library, both: tuple[int, int]) -> None:
    found = match(library)
    first, second = (post.id for post in insights.posts(library.connection)[:2])
    photo_of = {one.post: one.photo for one in found.match.pictures}
    before = give_photos(library, first, [photo_of[second]])
    for _ in range(2):
        found = match(library)
        lines = {line.post: line for line in found.match.lines}
        assert (lines[first].photos, lines[first].how) == ((photo_of[second],), How.HAND)
        assert (lines[second].outcome, lines[second].why) == (Outcome.ONLY_NUMBERS, Why.REMOVED_BY_HAND)
        own = {one.post: one for one in insights.pictures(library.connection)}
        assert own[first].photo == photo_of[second]
        assert own[first].confirmed
        assert second not in own
    take_back(library, first, before)
    assert match(library).match.count(Outcome.MATCHED) == 6
    assert {one.post: one.photo for one in insights.pictures(library.connection)} == photo_of


def test_no_picture_by_hand(library: Library, both: tuple[int, int]) -> None:
    match(library)
    post = insights.posts(library.connection)[0].id
    give_photos(library, post, [])
    line = next(line for line in match(library).match.lines if line.post == post)
    assert (line.outcome, line.why, line.photos) == (Outcome.ONLY_NUMBERS, Why.REMOVED_BY_HAND, ())


def test_what_could_be_either_is_settled_by_hand(library: Library, tmp_path: Path) -> None:
    first = replace(POSTS[0], time=POSTS[0].time // 60 * 60 + 5)
    twin = replace(first, number=40, time=first.time + 20)
    add(library, write_zip(tmp_path / "a.zip", download_files([first, twin])))
    add(library, write_business(tmp_path / "a.csv", [first, twin], Style(permalinks=False)))
    found = match(library)
    lines = [line for line in found.match.lines if line.outcome is Outcome.AMBIGUOUS]
    assert len(lines) == 2
    assert lines[0].candidates == (lines[1].post,)
    assert len(lines[0].photos) == 2
    assert not found.match.pictures
    give_photos(library, PostId(lines[0].post or 0), lines[0].photos[:1])
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 1
    (left,) = [line for line in found.match.lines if line.outcome is Outcome.AMBIGUOUS]
    assert left.photos == lines[0].photos[1:]


def test_an_instaloader_folder_with_a_reel(library: Library, tmp_path: Path) -> None:
    theirs = some(3, account="oat.bakery", seed=4)
    folder = write_folder(tmp_path / "oat.bakery", instaloader_files(theirs))
    video(folder / "2025-03-01_10-00-00_UTC.mp4", 2)
    add(library, folder)
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 3
    assert len(found.described) == 3
    reel = [line for line in found.match.lines if line.outcome is Outcome.ONLY_ON_DISK and line.post is not None]
    assert len(reel) == 1
    assert len(reel[0].photos) == 1
    assert [line.why for line in found.match.lines if line.post is None] == [Why.NOT_A_POST]
    assert {post.account: post.type for post in insights.posts(library.connection) if not post.metrics} == {
        "oat.bakery": "reel"
    }
    assert with_frames(library) == {folder.id for folder in folders.all_folders(library.connection)}
    assert [(a.name, a.role) for a in insights.accounts(library.connection)] == [("oat.bakery", "competitor")]


def test_a_download_in_two_archives(library: Library, tmp_path: Path) -> None:
    files = download_files(POSTS)
    late = {name for post in POSTS[3:] for name in post.files()}
    add(library, write_zip(tmp_path / "part1.zip", {n: d for n, d in files.items() if n not in late}))
    other = {n: d for n, d in files.items() if n in late}
    other["your_instagram_activity/media/reels.json"] = b'{"ig_reels_media": []}'
    add(library, write_zip(tmp_path / "part2.zip", other))
    add(library, write_business(tmp_path / "a.csv", POSTS, Style(permalinks=False)))
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 6
    assert len(found.match.lines) == 6


def test_columns_are_mapped_once_and_remembered_for_next_month(library: Library, tmp_path: Path) -> None:
    style = Style(renamed={"likes": "Herzen", "time": "Wann", "permalink": "Wo"})
    source = add(library, write_business(tmp_path / "may.csv", POSTS, style))
    assert "Herzen" in columns(library, tmp_path / "may.csv").unknown
    with pytest.raises(UserError, match="no column with likes"):
        set_mapping(library, source, dict.fromkeys(["views", "reach", "shares", "follows", "comments", "saves"], ""))
    set_mapping(library, source, {"likes": "Herzen", "time": "Wann", "permalink": "Wo"})
    assert columns(library, tmp_path / "may.csv").fields["likes"] == "Herzen"
    add(library, write_business(tmp_path / "june.csv", POSTS, replace(style, shuffled=True)))
    assert insights.sources(library.connection)[1].mapping == {"likes": "Herzen", "time": "Wann", "permalink": "Wo"}
    match(library)
    assert all(post.metrics["likes"] and post.shortcode for post in insights.posts(library.connection))


def test_whose_posts_they_are_can_be_said(library: Library, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("File name,Likes\na.jpg,4\nb.jpg,5\n")
    source = add(library, tmp_path / "own.csv")
    match(library)
    assert {post.account for post in insights.posts(library.connection)} == {"unknown account"}
    set_account(library, source, "@kiln.and.clay", "own")
    match(library)
    assert {post.account for post in insights.posts(library.connection)} == {"kiln.and.clay"}


def test_recognised_by_what_is_known_here(library: Library, both: tuple[int, int], tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "kiln", instaloader_files(POSTS))
    assert recognise(library, folder).role == "own"
    assert (
        recognise(library, write_folder(tmp_path / "oat", instaloader_files(some(3, account="oat")))).role
        == "competitor"
    )


def test_a_library_without_sources_says_so(library: Library) -> None:
    with pytest.raises(UserError, match="Drop an export first"):
        match(library)


def test_stopped_in_the_middle_everything_is_as_it_was(library: Library, both: tuple[int, int], tmp_path: Path) -> None:
    match(library)
    before = insights.posts(library.connection), insights.pictures(library.connection)
    write_business(tmp_path / "a.csv", POSTS[:2], Style(permalinks=False))
    for count in range(1, 5):
        operation = match_posts(library)
        for _ in range(count):
            next(operation)
        operation.close()
        assert (insights.posts(library.connection), insights.pictures(library.connection)) == before


def test_a_damaged_source_does_not_stop_the_others(library: Library, both: tuple[int, int], tmp_path: Path) -> None:
    path = write_business(tmp_path / "b.csv", POSTS, Style())
    add(library, path)
    path.write_bytes(b"")
    found = match(library)
    assert found.match.count(Outcome.MATCHED) == 6
    assert found.remarks == ("b.csv is empty.",)


def test_the_report_can_be_saved_and_runs_nothing(library: Library, tmp_path: Path) -> None:
    made = [*POSTS[:2], Made(7, POSTS[4].time, '=HYPERLINK("x")')]
    add(library, write_zip(tmp_path / "a.zip", download_files(POSTS[:3])))
    add(library, write_business(tmp_path / "a.csv", made, Style()))
    path = save_match(library, match(library).match, tmp_path / "match.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + 4
    assert {row[0] for row in rows[1:]} == {"matched", "only in the numbers", "only on disk"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_an_account_that_moved_its_folder(library: Library, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "kiln", instaloader_files(POSTS))
    add(library, folder)
    match(library)
    before = insights.posts(library.connection)
    shutil.move(folder, tmp_path / "elsewhere")
    found = match(library)
    assert found.remarks
    assert [post.metrics for post in insights.posts(library.connection)] == [post.metrics for post in before]
