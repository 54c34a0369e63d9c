"""The account's usual: growth, types, weeks and single posts do not pose as themes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.insights.baseline import ratios
from desktop_app.core.insights.board import Verdict, board
from desktop_app.core.insights.counted import Choice, LeftOut, count
from desktop_app.core.insights.hours import hours_and_weekdays
from desktop_app.core.insights.intervals import trimmed_mean
from desktop_app.core.insights.months import by_month
from desktop_app.core.insights.posts import PostId
from tests.core.insights_made import CLAIMS, DAY, NAMES, START, account, row_of


def test_growth_does_not_pose_as_a_theme():
    """A theme that is only posted at the end of a year of tenfold growth has nothing of it."""
    made = account(2, 400, (1.0,), growth=10.0, days=365)
    late = {
        picture.photo: 2 if made.posts[picture.post - 1].time > START + 300 * DAY else 1 for picture in made.pictures
    }
    found = board(replace(made, themes=late).count(), {1: "before", 2: "late"})
    plain = np.array([post.metrics["views"] for post in made.posts if post.time > START + 300 * DAY])
    assert np.median(plain) > 2 * np.median([post.metrics["views"] for post in made.posts])
    assert row_of(found, 2).posts > 40
    assert row_of(found, 2).verdict is Verdict.CANNOT_TELL
    assert 0.85 < row_of(found, 2).ratio < 1.2


def test_a_type_does_not_pose_as_a_theme():
    """Reels reach more than photos do: a theme of reels is compared with reels."""
    made = account(4, 500, (1.0,))
    reels = {picture.photo: 2 if made.posts[picture.post - 1].type == "reel" else 1 for picture in made.pictures}
    found = row_of(board(replace(made, themes=reels).count(), {}), 2)
    assert found.posts > 50
    assert found.verdict is Verdict.CANNOT_TELL
    assert 0.85 < found.ratio < 1.2


def test_one_post_that_went_round_the_world_moves_neither_the_usual_nor_its_theme():
    made = account(6, 200, (1.0,) * 4)
    viral = replace(made.posts[100], metrics={"views": 1e9})
    before = board(made.count(), {})
    after = board(replace(made, posts=(*made.posts[:100], viral, *made.posts[101:])).count(), {})
    for row in before.rows:
        assert row_of(after, row.theme).ratio == pytest.approx(row.ratio, rel=0.12)


def test_weeks_that_go_well_as_a_whole_are_no_proof_for_the_theme_that_is_posted_in_them():
    """Posts of one week share its luck: ten of them are not ten proofs."""
    random = np.random.default_rng(4)
    luck = np.exp(random.normal(0, 0.5, 120))
    made = account(4, 600, (1.0,), growth=1.0, season=0.0)
    week = {post.id: int((post.time - START) // (7 * DAY)) for post in made.posts}
    lucky = tuple(
        replace(post, metrics={"views": round(post.metrics["views"] * luck[week[post.id]])}) for post in made.posts
    )
    one_week = {picture.photo: week[picture.post] // 2 for picture in made.pictures}
    plain, shaken = replace(made, themes=one_week), replace(made, posts=lucky, themes=one_week)
    assert plain.count().ratios.week_variance < 0.03
    assert shaken.count().ratios.week_variance > 0.05
    counted = shaken.count()
    wary = board(counted, {}).rows
    rash = board(replace(counted, ratios=replace(counted.ratios, week_variance=0.0)), {})
    judged = [(row, row_of(rash, row.theme)) for row in wary if row.ratio is not None]
    assert len(judged) > 20
    assert not any(row.verdict in CLAIMS for row in wary)
    assert np.mean([math.log(row.high / row.low) / math.log(other.high / other.low) for row, other in judged]) > 1.1
    assert np.mean([row.low <= 1 <= row.high for row, _ in judged]) >= 0.9


def test_the_usual_of_an_account_is_its_own():
    """Two accounts a hundred times apart: neither's posts look good or bad for it."""
    both = account(1, 120, (1.0,) * 2, level=200).joined(account(2, 120, (1.0,) * 2, name="second", level=20_000))
    found = ratios(both.posts, "views")
    for name in ("own", "second"):
        mine = np.array([post.account == name for post in found.posts])
        assert trimmed_mean(found.logs[mine]) == pytest.approx(0.0, abs=0.02)


def test_a_type_with_hardly_a_post_has_no_usual_and_is_counted_out():
    made = account(3, 60, (1.0,) * 2)
    odd = replace(made.posts[0], type="story", id=PostId(900), key="odd")
    counted = replace(made, posts=(*made.posts, odd)).count()
    assert counted.left_out[LeftOut.NO_USUAL] == 1
    assert all(post.key != "odd" for post in counted.ratios.posts)


def test_a_small_type_follows_the_course_of_the_others():
    made = account(8, 300, (1.0,), growth=8.0, kind="even")
    rare = [replace(post, type="story", metrics={"views": post.metrics["views"] * 10}) for post in made.posts[::40]]
    rest = [post for at, post in enumerate(made.posts) if at % 40]
    found = ratios([*rest, *rare], "views")
    stories = np.array([post.type == "story" for post in found.posts])
    assert stories.sum() == len(rare) == 8
    assert trimmed_mean(found.logs[stories]) == pytest.approx(0.0, abs=0.02)
    first, last = found.usual[stories][0], found.usual[stories][-1]
    assert last / first > 4  # eight times a year over nearly two years, less what is left out at both ends


@pytest.mark.parametrize("posts", [0, 1, 4, 5, 11, 12])
def test_accounts_of_a_few_posts_break_nothing(posts):
    made = account(1, posts, (1.0,) * 2) if posts else account(1, 1, (1.0,))
    counted = count(made.posts[:posts], made.accounts, made.pictures, made.themes, Choice("views"))
    found = board(counted, NAMES)
    assert len(found.rows) == 8
    assert all(row.verdict is Verdict.TOO_FEW for row in found.rows if row.posts < 8)
    assert by_month(counted, NAMES)
    assert hours_and_weekdays(counted)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_equal_numbers_everywhere_are_the_usual(value):
    made = account(1, 60, (1.0,) * 3)
    flat = replace(made, posts=tuple(replace(post, metrics={"saves": value}) for post in made.posts))
    for row in board(flat.count("saves"), {}).rows:
        assert row.ratio == pytest.approx(1.0)
        assert row.low < 1 < row.high
        assert row.verdict in (Verdict.CANNOT_TELL, Verdict.TOO_FEW)


def test_posts_at_the_same_moment_or_without_a_time_are_compared_too():
    made = account(1, 80, (1.0,) * 2)
    same = tuple(replace(post, time=START) for post in made.posts)
    unknown = tuple(replace(post, time=None) for post in made.posts)
    for posts in (same, unknown, same[:40] + unknown[40:]):
        found = replace(made, posts=posts).count()
        assert np.isfinite(found.ratios.logs).all()
        assert len(found.ratios.posts) >= 70
