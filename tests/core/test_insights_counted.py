"""Which posts count, and how much of each belongs to which theme."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from desktop_app.core.insights.board import Verdict, board
from desktop_app.core.insights.counted import Choice, LeftOut, count
from desktop_app.core.insights.hours import hours_and_weekdays
from desktop_app.core.insights.months import by_month
from desktop_app.core.insights.posts import Account, Post, PostId, PostPicture, coverage
from desktop_app.core.types import PhotoId
from tests.core.insights_made import DAY, NAMES, START, account, row_of


def test_blank_is_unknown_and_never_zero():
    made = account(1, 120, (1.0,) * 2)
    blank = tuple(replace(post, metrics={"views": None}) if at < 60 else post for at, post in enumerate(made.posts))
    gone = made.posts[60:]
    with_blanks = replace(made, posts=blank).count()
    without = replace(made, posts=gone).count()
    assert with_blanks.left_out[LeftOut.NO_NUMBER] == 60
    assert [row.ratio for row in board(with_blanks, {}).rows] == [row.ratio for row in board(without, {}).rows]


def test_views_and_impressions_are_never_pooled():
    made = account(1, 200, (1.0,) * 2)
    mixed = tuple(
        replace(post, metrics={"impressions": post.metrics["views"] * 50}) if at < 100 else post
        for at, post in enumerate(made.posts)
    )
    counted = replace(made, posts=mixed).count("views")
    assert {post.key for post in counted.ratios.posts} == {post.key for post in made.posts[100:]}
    assert counted.left_out[LeftOut.NO_NUMBER] == 100
    assert {(one.metric, one.known) for one in counted.coverage} == {("views", 100), ("impressions", 100)}


def test_young_posts_are_left_out_unless_wanted_and_boosted_ones_on_demand():
    made = account(1, 100, (1.0,) * 2)
    taken = made.posts[-1].time + DAY
    posts = tuple(replace(post, collected=taken, boosted=at % 10 == 0) for at, post in enumerate(made.posts))
    made = replace(made, posts=posts)
    young = sum(taken - post.time < 7 * DAY for post in posts)
    assert young > 0
    assert made.count().left_out == {LeftOut.YOUNG: young}
    assert made.count(young=True).left_out == {}
    assert made.count(young=True, boosted=False).left_out == {LeftOut.BOOSTED: 10}
    assert made.count(types=("photo",), young=True).left_out[LeftOut.TYPE] > 20


def test_a_period_counts_its_posts_only_but_keeps_the_usual_of_before():
    made = account(1, 300, (1.0,) * 2)
    middle = START + 365 * DAY
    counted = made.count(since=middle)
    found = board(counted, {})
    later = sum(post.time >= middle for post in made.posts)
    assert found.posts == later
    assert sum(row.posts for row in found.rows) == later
    assert counted.left_out == {LeftOut.PERIOD: 300 - later}
    assert len(counted.ratios.posts) == 300


@pytest.mark.parametrize("time", [-1e18, 0.0, 5.0, 2.5e11, 1e300, math.inf, math.nan])
def test_a_time_that_cannot_be_is_unknown(time):
    made = account(1, 60, (1.0,) * 2)
    posts = (replace(made.posts[0], time=time), *made.posts[1:])
    counted = replace(made, posts=posts).count()
    found = board(counted, {})
    assert found.posts == 60
    assert found.last == made.posts[-1].time
    assert len(by_month(counted, {})[0].months) == 24
    assert sum(row.posts for row in hours_and_weekdays(counted).hours) == 59


@pytest.mark.parametrize("number", [-1.0, math.inf, math.nan, 1e300])
def test_a_number_that_cannot_be_is_unknown(number):
    made = account(1, 60, (1.0,) * 2)
    posts = (replace(made.posts[0], metrics={"views": number}), *made.posts[1:])
    counted = replace(made, posts=posts).count()
    assert counted.left_out == {LeftOut.NO_NUMBER: 1}
    assert board(counted, {}).posts == 59


def test_a_post_of_an_unknown_account_is_nobodys_own():
    made = account(1, 40, (1.0,))
    assert not count(made.posts, [], made.pictures, made.themes, Choice("views")).ratios.posts
    assert coverage(made.posts, [])[0].competitors_known == 40


def test_a_carousel_counts_as_one_post_shared_out_among_its_pictures():
    posts = [Post(str(at), "own", START + at * DAY, "photo", metrics={"views": 100.0 + at}, id=PostId(at + 1))
             for at in range(40)]  # fmt: skip
    pictures = [
        PostPicture(post.id, PhotoId(post.id * 10 + place), place, 0.25) for post in posts for place in range(4)
    ]
    themes = {picture.photo: 1 if picture.place < 3 else 2 for picture in pictures}
    counted = count(posts, [Account("own", "own")], pictures, themes, Choice("views"))
    at, weights = counted.members[1]
    assert len(at) == 40
    assert weights == pytest.approx(0.75)
    found = board(counted, {})
    assert (row_of(found, 1).pictures, row_of(found, 1).posts) == (120, 40)
    assert (row_of(found, 2).pictures, row_of(found, 2).posts) == (40, 40)
    many = [replace(one, weight=1.0) if one.place == 0 else replace(one, weight=0.0) for one in pictures]
    cover = count(posts, [Account("own", "own")], many, themes, Choice("views"))
    assert set(cover.members) == {1}
    assert cover.pictures == {1: 120, 2: 40}


def test_fewer_than_eight_posts_say_nothing():
    made = account(1, 200, (3.0, 1.0), shares=(0.035, 0.965))
    found = row_of(board(made.count(), NAMES), 1)
    assert 0 < found.posts < 8
    assert (found.ratio, found.low, found.high, found.chance) == (None, None, None, None)
    assert found.verdict is Verdict.TOO_FEW
    assert board(made.count(), NAMES).rows[-1].verdict is Verdict.TOO_FEW


def test_best_and_worst_posts_are_those_and_never_the_same():
    made = account(1, 200, (1.0,) * 4)
    counted = made.count()
    value = {post.id: log for post, log in zip(counted.ratios.posts, counted.ratios.logs, strict=True)}
    for row in board(counted, {}).rows:
        of = [value[counted.ratios.posts[at].id] for at in counted.members[row.theme][0]]
        assert [math.log(one.ratio) for one in row.best] == pytest.approx(sorted(of, reverse=True)[:3])
        assert [math.log(one.ratio) for one in row.worst] == pytest.approx(sorted(of)[:3])
        assert all(made.themes[one.photo] == row.theme for one in (*row.best, *row.worst))
    few = board(account(1, 14, (1.0, 1.0)).count(), {})
    for row in few.rows:
        assert not {one.post for one in row.best} & {one.post for one in row.worst}
