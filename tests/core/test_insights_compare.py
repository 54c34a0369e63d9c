"""Months, hours and comparisons: what is told apart, and what is chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from desktop_app.core.insights.board import board
from desktop_app.core.insights.compare import Side, densities, periods, quarter
from desktop_app.core.insights.counted import Choice, count
from desktop_app.core.insights.hours import hours_and_weekdays
from desktop_app.core.insights.months import by_month
from desktop_app.core.insights.posts import INTERACTIONS, Account, Post, PostId, PostPicture
from desktop_app.core.types import PhotoId
from tests.core.insights_made import CLAIMS, DAY, NAMES, START, account, row_of


def test_what_rises_is_told_and_what_does_not_is_not():
    made = account(11, 700, (1.0,) * 5, shares=(0.3, 0.175, 0.175, 0.175, 0.175), growth=1.0)
    rising = tuple(
        replace(post, metrics={"views": round(post.metrics["views"] * 3 ** ((post.time - START) / (365 * DAY)))})
        if made.themes[next(one.photo for one in made.pictures if one.post == post.id)] == 1
        else post
        for post in made.posts
    )
    found = {one.theme: one for one in by_month(replace(made, posts=rising).count(), NAMES)}
    assert found[1].earned.word == "rises"
    assert found[1].earned.low > 1.2
    assert [found[theme].posted.word for theme in (1, 2, 3)] == ["can't tell"] * 3
    assert len(found[1].months) == 24
    assert found[1].months[0].month == "2023-01"
    assert sum(month.posts for month in found[1].months) == sum(
        1 for post in made.posts if made.themes[next(p.photo for p in made.pictures if p.post == post.id)] == 1
    )
    for at in range(24):
        assert sum(one.months[at].share for one in found.values()) == pytest.approx(1.0)
    assert found[8].earned.word == "too few"


def test_months_follow_the_chosen_clock():
    posts = [
        Post(str(at), "own", datetime(2024, 1, 31, 23, 30, tzinfo=UTC).timestamp(), "photo", metrics={"views": 10.0},
             id=PostId(at + 1)) for at in range(12)
    ]  # fmt: skip
    pictures = [PostPicture(post.id, PhotoId(post.id)) for post in posts]
    themes = {picture.photo: 1 for picture in pictures}
    for zone, month in ((UTC, "2024-01"), (timezone(timedelta(hours=1)), "2024-02")):
        counted = count(posts, [Account("own", "own")], pictures, themes, Choice("views", zone=zone))
        assert [one.month for one in by_month(counted, {})[0].months] == [month]


def test_the_evening_is_told_apart_from_the_theme_that_is_posted_in_it():
    made = account(21, 900, (1.0,) * 2, hours=True, kind="even")

    def evening(post):
        return 18 <= datetime.fromtimestamp(post.time, UTC).hour < 21

    of = {picture.photo: 1 if evening(made.posts[picture.post - 1]) else 2 for picture in made.pictures}
    counted = replace(made, themes=of).count()
    hours = {row.name: row for row in hours_and_weekdays(counted).hours}
    assert hours["18-21"].chance <= 0.05
    assert hours["18-21"].low > 1.1
    assert sum(row.chance is not None and row.chance <= 0.05 for row in hours.values()) <= 2
    found = row_of(board(counted, {}), 1)
    assert found.ratio > 1.2
    assert abs(found.same_hours - 1) < 0.5 * (found.ratio - 1)


def test_what_competitors_have_and_you_do_not():
    own = account(1, 200, (1.0,) * 6, shares=(0.0, 0.2, 0.2, 0.2, 0.2, 0.2))
    rival = account(
        2, 200, (1.0,) * 6, shares=(0.3, 0.1, 0.15, 0.15, 0.15, 0.15), name="rival", role="competitor", metric="likes"
    )
    both = own.joined(rival)
    theirs = both.count(INTERACTIONS, role="competitor")
    found = densities(both.count(), theirs, NAMES)
    assert found[0].theme == 1
    assert found[0].side is Side.ONLY_THEIRS
    assert found[0].low > 5
    assert 0 < len(found[0].examples) <= 6
    assert all(both.themes[photo] == 1 for photo in found[0].examples)
    assert {one.side for one in found if one.theme in (7, 8)} == {Side.TOO_FEW}
    assert len(theirs.ratios.posts) == 200
    # a competitor's posts have no views: nothing is said of them by that number
    assert not both.count("views", role="competitor").ratios.posts


def test_alike_accounts_are_told_apart_in_at_most_5_percent_of_runs():
    wrong = 0
    for seed in range(60):
        both = account(seed, 80).joined(account(500 + seed, 80, name="rival", role="competitor", metric="likes"))
        found = densities(both.count(), both.count(INTERACTIONS, role="competitor"), NAMES)
        wrong += any(one.side not in (Side.ALIKE, Side.TOO_FEW) for one in found)
    assert wrong <= 0.05 * 60


def test_quarters_by_the_calendar_and_a_theme_that_came_up():
    time = datetime(2024, 2, 3, tzinfo=UTC).timestamp()
    assert quarter(time, UTC) == (
        datetime(2024, 1, 1, tzinfo=UTC).timestamp(),
        datetime(2024, 4, 1, tzinfo=UTC).timestamp(),
    )
    assert quarter(time, UTC, 1)[0] == datetime(2023, 10, 1, tzinfo=UTC).timestamp()
    made = account(5, 1600, (1.0,) * 4)
    now, before = quarter(made.posts[-100].time, UTC), quarter(made.posts[-100].time, UTC, 1)
    first = {picture.post: made.themes[picture.photo] for picture in made.pictures}
    posts = tuple(
        replace(post, metrics={"views": post.metrics["views"] * 3})
        if first[post.id] == 1 and post.time >= now[0]
        else post
        for post in made.posts
    )
    found = periods(replace(made, posts=posts).count(), NAMES, now, before)
    assert found[0].theme == 1
    assert found[0].verdict in CLAIMS
    assert found[0].low > 1.2
    assert all(one.verdict not in CLAIMS for one in found[1:] if one.times and one.times > 1)
