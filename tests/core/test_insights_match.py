"""Matching: all that can match does, and nothing that cannot."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.insights import sources
from desktop_app.core.insights.match import Matching, OnDisk, match, weights
from desktop_app.core.insights.reading import Reading
from desktop_app.core.posts import How, Outcome, Why
from desktop_app.core.types import PhotoId
from tests.exports import (
    GENERATIONS,
    INSIGHT_KEYS,
    Made,
    Style,
    download_files,
    instaloader_files,
    some,
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


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


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


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("hours", [-12, -7, -3.5, 0, 2, 5.5, 5.75, 9.5, 14])
def test_every_generation_in_every_zone(exports: Exports, generation: str, hours: float) -> None:
    posts = some(30)
    exports.download(posts, generation=generation)
    exports.table(posts, replace(NO_LINKS, hours=hours))
    found = exports.match()
    check(exports, found, posts, set(range(30)))
    assert len(found.posts) == 30
    (offset,) = found.offsets
    assert (offset.hours, offset.fits, offset.posts) == (hours, 30, 30)
    assert {joined.how for joined in found.posts} == {How.TIME_AND_CAPTION}
    assert [joined.post.time for joined in found.posts] == [int(post.time) for post in posts]


def test_nothing_in_common_claims_nothing(exports: Exports) -> None:
    exports.download(some(60))
    exports.table(some(60, seed=9, start=some(1)[0].time + 4_000))
    found = exports.match()
    assert outcomes(found)[Outcome.MATCHED] == 0
    assert outcomes(found)[Outcome.ONLY_NUMBERS] == outcomes(found)[Outcome.ONLY_ON_DISK] == 60


@pytest.mark.parametrize("minutes", [17, 40, 71, 200])
def test_a_clock_that_no_zone_has_claims_nothing(exports: Exports, minutes: int) -> None:
    """Also where everything is published on the hour, so that chance hits often."""
    start = datetime(2025, 1, 6, 8, 0, 3, tzinfo=UTC).timestamp()
    draw = random.Random(4)
    posts = [
        replace(
            post,
            time=start + post.number * 86_400 + draw.randrange(10) * 3600,
            caption=f"words of day {post.number * 7919}",
        )
        for post in some(80)
    ]
    exports.download(posts)
    exports.table([replace(post, time=post.time + minutes * 60) for post in posts])
    found = exports.match()
    assert outcomes(found)[Outcome.MATCHED] == 0
    assert found.offsets[0].fits == 0
    assert {j.why for j in found.posts if j.outcome is Outcome.ONLY_NUMBERS} == {Why.NOTHING_AT_THAT_TIME}


def test_summer_time_within_one_table(exports: Exports) -> None:
    posts = some(150)
    summer = (posts[30].time - 60, posts[110].time - 60)
    exports.download(posts)
    exports.table(posts, replace(NO_LINKS, hours=-8, summer=summer))
    check(exports, exports.match(), posts, set(range(150)))


def test_summer_time_where_captions_are_missing_or_edited(exports: Exports) -> None:
    posts = some(150)
    summer = (posts[30].time - 60, posts[110].time - 60)
    exports.download([replace(post, caption="") if post.number % 5 == 0 else post for post in posts])
    edited = [replace(post, caption=post.caption + " (edited)") if post.number % 7 == 0 else post for post in posts]
    exports.table(edited, replace(NO_LINKS, hours=-8, summer=summer))
    found = exports.match()
    # at the very day of the change a post without a caption may belong to either clock
    matched = {
        n for joined in found.posts if joined.outcome is Outcome.MATCHED for n in exports.made_of(joined.photos, posts)
    }
    assert set(range(150)) - matched <= {30, 110}
    check(exports, found, posts, matched)


def test_every_caption_is_the_same(exports: Exports) -> None:
    posts = [replace(post, caption="🌅") for post in some(60)]
    exports.download(posts)
    exports.table(posts)
    check(exports, exports.match(), posts, set(range(60)))


def test_no_captions_at_all(exports: Exports) -> None:
    posts = [replace(post, caption="") for post in some(60)]
    exports.download(posts)
    exports.table(posts)
    found = exports.match()
    check(exports, found, posts, set(range(60)))
    assert {joined.how for joined in found.posts} == {How.TIME}


def test_two_posts_of_one_minute_and_caption_could_be_either(exports: Exports) -> None:
    posts = some(20)
    twin = replace(posts[4], number=50, time=posts[4].time // 60 * 60 + 20)
    posts[4] = replace(posts[4], time=posts[4].time // 60 * 60 + 5, caption=twin.caption, pictures=1)
    exports.download([*posts, twin])
    exports.table([*posts, twin])
    found = exports.match()
    check(exports, found, [*posts, twin], set(range(20)) - {4})
    unsure = [joined for joined in found.posts if joined.outcome is Outcome.AMBIGUOUS]
    assert len(unsure) == 2
    assert {joined.why for joined in unsure} == {Why.SEVERAL_PICTURES}
    assert all(len(joined.photos) == 2 for joined in unsure)
    assert outcomes(found)[Outcome.ONLY_ON_DISK] == 0


def test_twins_that_are_told_apart_by_their_links_are_sure(exports: Exports) -> None:
    posts = some(10)
    posts[4] = replace(posts[3], number=4, time=posts[3].time + 8)
    exports.instaloader(posts)
    exports.table(posts, Style())
    found = exports.match()
    check(exports, found, posts, set(range(10)))
    assert {joined.how for joined in found.posts} == {How.URI}
    exports.readings[0] = (
        "1",
        replace(exports.readings[0][1], posts=tuple(replace(p, metrics={}) for p in exports.readings[0][1].posts)),
    )
    found = exports.match()
    check(exports, found, posts, set(range(10)))
    assert {joined.how for joined in found.posts} == {How.SHORTCODE}


def test_edited_and_rewritten_captions(exports: Exports) -> None:
    posts = some(40)
    exports.download(posts)
    rows = list(posts)
    rows[3] = replace(rows[3], caption=rows[3].caption.split("\n")[0])
    rows[9] = replace(rows[9], caption="Now " + rows[9].caption + " again")
    rows[15] = replace(rows[15], caption="something else altogether stands here")
    rows[21] = replace(rows[21], caption="")
    exports.table(rows)
    found = exports.match()
    check(exports, found, rows, set(range(40)))
    how = {next(iter(exports.made_of(joined.photos, posts))): joined.how for joined in found.posts}
    assert (how[3], how[9], how[15], how[21]) == (How.TIME_AND_CAPTION, How.TIME_AND_CAPTION, How.TIME, How.TIME)


def test_a_caption_that_belongs_to_another_post_is_no_edit(exports: Exports) -> None:
    """The picture of that minute was deleted, and what was posted then is told by another caption."""
    posts = some(40)
    exports.download([post for post in posts if post.number != 11])
    rows = [post for post in posts if post.number != 12]
    rows[11] = replace(rows[11], time=posts[12].time)  # the caption of 11 at the minute of 12
    exports.table(rows)
    found = exports.match()
    matched = {
        n for joined in found.posts if joined.outcome is Outcome.MATCHED for n in exports.made_of(joined.photos, posts)
    }
    assert matched >= set(range(40)) - {11, 12}


def test_deleted_posts_stay_alone(exports: Exports) -> None:
    posts = some(40)
    exports.download([post for post in posts if post.number % 5])
    exports.table([post for post in posts if post.number % 3])
    found = exports.match()
    check(exports, found, posts, {n for n in range(40) if n % 5 and n % 3})
    by = {(joined.outcome, joined.why) for joined in found.posts if joined.outcome is not Outcome.MATCHED}
    assert (Outcome.ONLY_NUMBERS, Why.NOTHING_AT_THAT_TIME) in by
    assert (Outcome.ONLY_ON_DISK, Why.NO_NUMBERS) in by


def test_a_post_that_was_deleted_and_posted_again(exports: Exports) -> None:
    posts = some(20)
    again = replace(posts[8], number=60, time=posts[8].time + 3_600)
    exports.download([*posts[:8], *posts[9:], again])
    exports.table([*posts, again])
    found = exports.match()
    everything = [*posts, again]
    check(exports, found, everything, (set(range(20)) | {60}) - {8})


def test_two_accounts_in_one_table(exports: Exports) -> None:
    mine, theirs = some(25), some(25, account="oat.bakery", seed=3)
    theirs = [
        replace(post, number=post.number + 100, time=one.time, caption=one.caption)
        for post, one in zip(theirs, mine, strict=True)
    ]
    exports.download(mine)
    exports.download(theirs)
    exports.table([*mine, *theirs])
    found = exports.match()
    check(exports, found, [*mine, *theirs], {post.number for post in (*mine, *theirs)})
    for joined in found.posts:
        assert joined.post.account == (
            "oat.bakery" if max(exports.made_of(joined.photos, [*mine, *theirs])) >= 100 else "kiln.and.clay"
        )


def test_the_other_accounts_rows_do_not_take_pictures(exports: Exports) -> None:
    mine = some(25)
    exports.download(mine)
    exports.table([replace(post, account="oat.bakery", number=post.number + 100) for post in mine])
    assert outcomes(exports.match())[Outcome.MATCHED] == 0


@pytest.mark.parametrize("language", INSIGHT_KEYS)
def test_the_downloads_own_numbers_go_by_the_file(exports: Exports, language: str) -> None:
    posts = some(20)
    exports.download(posts, insights=posts[2:], language=language)
    found = exports.match()
    check(exports, found, posts, set(range(2, 20)))
    assert {joined.how for joined in found.posts} == {How.URI, None}
    assert outcomes(found)[Outcome.ONLY_ON_DISK] == 2


def test_all_sources_of_one_post_are_one_post(exports: Exports) -> None:
    posts = some(20)
    exports.download(posts, insights=posts)
    exports.table(posts)
    exports.table(posts, Style(language="de", pattern="%d.%m.%Y %H:%M", hours=1, permalinks=False))
    found = exports.match()
    assert len(found.posts) == 20
    check(exports, found, posts, set(range(20)))
    assert {offset.hours for offset in found.offsets} == {-7, 1}
    for joined in found.posts:
        assert {"views", "impressions", "saves"} <= set(joined.post.metrics)


def test_overlapping_tables_count_a_post_once_and_the_newest_numbers_win(tmp_path: Path) -> None:
    import os

    exports = Exports(tmp_path)
    posts = some(20)
    exports.instaloader(posts)
    newer = [replace(post, number=post.number) for post in posts[5:]]
    old = write_business(tmp_path / "old.csv", posts[:15], Style(blank=("saves",)))
    text = old.read_text("utf-8-sig")
    for post in posts[:15]:
        text = text.replace(f",{post.numbers['views']},", f",{post.numbers['views'] // 2},")
    old.write_text(text, "utf-8")
    new = write_business(tmp_path / "new.csv", newer, Style(blank=("shares",)))
    os.utime(old, (1_700_000_000, 1_700_000_000))
    os.utime(new, (1_720_000_000, 1_720_000_000))
    exports.add(new)
    exports.add(old)
    found = exports.match()
    assert len(found.posts) == 20
    for joined in found.posts:
        (number,) = exports.made_of(joined.photos, posts)
        made = posts[number].numbers
        assert joined.post.metrics["views"] == (made["views"] if number >= 5 else made["views"] // 2)
        assert joined.post.metrics.get("saves") == (made["saves"] if number >= 5 else None)
        assert joined.post.metrics.get("shares") == (made["shares"] if number < 15 else None)


def test_two_downloads_and_a_folder_of_one_account_tell_of_one_post_each(exports: Exports) -> None:
    posts = some(20)
    exports.download(posts[:15], generation="2022")
    exports.download(posts[5:], insights=posts[5:])
    exports.instaloader(posts)
    exports.table(posts)
    found = exports.match()
    assert len(found.posts) == 20
    check(exports, found, posts, set(range(20)))
    assert all("views" in joined.post.metrics for joined in found.posts)
    assert all(("impressions" in j.post.metrics) == (j.post.shortcode >= posts[5].shortcode) for j in found.posts)


def test_a_competitors_folder_matches_by_itself(exports: Exports) -> None:
    posts = some(20, account="oat.bakery")
    exports.instaloader(posts)
    found = exports.match()
    check(exports, found, posts, set(range(20)))
    assert {joined.post.account for joined in found.posts} == {"oat.bakery"}


def test_a_table_of_file_names(exports: Exports, tmp_path: Path) -> None:
    posts = some(12)
    exports.download(posts)
    exports.names["twice.jpg"] = [PhotoId(1), PhotoId(2)]
    lines = ["Image file,Likes"]
    for post in posts[:10]:
        name = post.files()[0].rpartition("/")[2]
        lines.append(
            f"C:\\pictures\\{name.upper()},{post.numbers['likes']}"
            if post.number % 2
            else f"{name},{post.numbers['likes']}"
        )
    lines += ["none.jpg,5", "twice.jpg,6"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    exports.add(tmp_path / "t.csv", account="kiln.and.clay")
    names = exports.names
    found = match(
        exports.readings,
        OnDisk(
            exports.photos, named=lambda cell: tuple(names.get(cell.replace("\\", "/").rpartition("/")[2].lower(), ()))
        ),
    )
    check(exports, found, posts, set(range(10)))
    assert {j.how for j in found.posts if j.outcome is Outcome.MATCHED} == {How.FILE_NAME}
    assert [j.why for j in found.posts if j.outcome is Outcome.AMBIGUOUS] == [Why.SEVERAL_PICTURES]
    assert [j.post.files for j in found.posts if j.outcome is Outcome.ONLY_NUMBERS] == [("none.jpg",)]


def test_reasons(exports: Exports) -> None:
    posts = some(12)
    late = [replace(post, number=post.number + 40, time=post.time + 400 * 86_400) for post in some(3, seed=8)]
    name = exports.download([*posts, *late], insights=posts[:3])
    gone, hidden = posts[0].files()[0], posts[1].files()[0]
    del exports.photos[name, gone], exports.photos[name, hidden]
    exports.table([*posts[2:], Made(90, posts[5].time, "a story", type="story")])
    loose = {PhotoId(900): (name, "media/profile/me.jpg"), PhotoId(901): (name, "media/other/x.jpg")}
    found = exports.match(left_out=frozenset({(name, hidden)}), loose=loose)
    reason = {joined.post.caption: joined.why for joined in found.posts}
    assert reason[posts[0].caption] is Why.FILE_MISSING
    assert reason[posts[1].caption] is Why.PICTURE_NOT_SHOWN
    assert reason["a story"] is Why.STORY
    assert {j.why for j in found.posts if j.outcome is Outcome.ONLY_ON_DISK} == {Why.OUTSIDE_PERIOD}
    assert found.loose == dict.fromkeys(loose, Why.NOT_A_POST)
    assert all(joined.detail for joined in found.posts)


def test_one_post_alone(exports: Exports) -> None:
    exports.download(some(1))
    exports.table(some(1))
    assert outcomes(exports.match())[Outcome.MATCHED] == 1


def test_nothing_to_match(exports: Exports) -> None:
    assert match([], OnDisk()).posts == ()


@given(st.integers(1, 12))
def test_weights_add_up(count: int) -> None:
    photos = [PhotoId(n) for n in range(count)]
    assert sum(weights(photos, "shared")) == pytest.approx(1)
    assert weights(photos, "cover") == (1.0, *[0.0] * (count - 1))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 30), st.sampled_from([-8, -3.5, 0, 5.5, 13]))
def test_whatever_is_missing_on_either_side_no_match_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, hours: float
) -> None:
    draw = random.Random(seed)
    posts = [
        replace(
            post, caption=draw.choice(["", "🌅", post.caption, post.caption]), time=post.time + draw.randrange(5) * 60
        )
        for post in some(count, seed=seed, days=draw.choice([0.02, 0.5, 2.3]))
    ]
    shown = [post for post in posts if draw.random() < 0.8]
    told = [post for post in posts if draw.random() < 0.8]
    exports = Exports(tmp_path_factory.mktemp("made"))
    exports.download(shown or posts)
    exports.table(told or posts, replace(NO_LINKS, hours=hours))
    found = exports.match()
    numbers = {post.post_id: post.number for post in posts}
    for joined in found.posts:
        if joined.outcome is not Outcome.MATCHED:
            continue
        (number,) = exports.made_of(joined.photos, posts)
        own = numbers[joined.post.key]
        # by its time alone a post is told apart from any that is not of the same minute
        assert number == own or (joined.how is How.TIME and abs(posts[number].time - posts[own].time) < 120)
