"""Matching: all that can match does, and nothing that cannot."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.core.posts import How, Outcome, Why
from tests.core.matching_made import Exports, check, outcomes
from tests.exports import (
    GENERATIONS,
    Style,
    some,
)

NO_LINKS = Style(permalinks=False)


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


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
