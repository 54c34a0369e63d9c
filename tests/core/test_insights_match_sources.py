"""Matching from several sources at once: one post is one post, with reasons for what is left."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.insights.match import OnDisk, match, weights
from desktop_app.core.posts import How, Outcome, Why
from desktop_app.core.types import PhotoId
from tests.core.matching_made import Exports, check, outcomes
from tests.exports import (
    INSIGHT_KEYS,
    Made,
    Style,
    some,
    write_business,
)

NO_LINKS = Style(permalinks=False)


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)


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
