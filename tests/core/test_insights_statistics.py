"""Statistics of insights: on accounts whose truth is known, ranges hold and chance is not called a winner."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.insights.baseline import ratios
from desktop_app.core.insights.board import Verdict, board
from desktop_app.core.insights.compare import Side, densities, periods, quarter
from desktop_app.core.insights.counted import Choice, LeftOut, count
from desktop_app.core.insights.hours import hours_and_weekdays
from desktop_app.core.insights.intervals import adjusted, effective_count, estimate, trimmed_mean
from desktop_app.core.insights.months import by_month
from desktop_app.core.insights.posts import INTERACTIONS, Account, Post, PostId, PostPicture, coverage
from desktop_app.core.types import PhotoId
from tests.core.insights_made import DAY, START, account, noise

NAMES = {theme: f"theme {theme}" for theme in range(1, 9)}
CLAIMS = {Verdict.CLEAR, Verdict.LIKELY}


def row_of(found, theme):
    return next(row for row in found.rows if row.theme == theme)


# --- ranges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "posts"), [("even", 9), ("heavy", 15), ("skewed", 30)])
def test_ranges_cover_what_they_are_about_as_often_as_they_say(kind, posts):
    random = np.random.default_rng(7)
    truth = trimmed_mean(noise(random, kind, 400_000))
    runs = 400
    covered = 0
    for seed in range(runs):
        found = estimate(noise(random, kind, posts), np.ones(posts), draws=199, seed=seed)
        covered += found.low <= math.exp(truth) <= found.high
    # 95 %, give or take three standard errors of 400 runs
    assert 0.915 <= covered / runs <= 0.985


def test_ranges_of_a_whole_board_cover_the_truth_of_every_theme():
    effects = (1.5, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    covered = []
    for seed in range(40):
        made = account(seed, 200, effects)
        for row in board(made.count(), NAMES).rows:
            covered.append(row.low <= math.exp(made.truth[row.theme]) <= row.high)
    assert len(covered) == 40 * 8
    assert np.mean(covered) >= 0.92


def test_an_account_without_any_effect_shows_a_winner_in_at_most_5_percent_of_runs():
    runs = 120
    wrong = sum(
        any(row.verdict in CLAIMS for row in board(account(1000 + seed, 160).count(), NAMES).rows)
        for seed in range(runs)
    )
    assert wrong <= 0.05 * runs


def test_a_strong_theme_is_clear_and_the_board_begins_with_it():
    made = account(3, 400, (1.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5))
    found = board(made.count(), NAMES)
    assert found.rows[0].theme == 1
    assert found.rows[-1].theme == 8
    assert row_of(found, 1).verdict is row_of(found, 8).verdict is Verdict.CLEAR
    assert found.rows[0].low > 1 > found.rows[-1].high
    assert [row.low for row in found.rows] == sorted((row.low for row in found.rows), reverse=True)


def test_the_same_posts_give_the_same_figures():
    made = account(5, 200, (1.5,) + (1.0,) * 7)
    assert board(made.count(), NAMES) == board(made.count(), NAMES)


def test_the_order_in_which_posts_come_makes_no_difference():
    made = account(5, 200, (1.5,) + (1.0,) * 7)
    turned = replace(made, posts=made.posts[::-1], pictures=made.pictures[::-1])
    for one, other in zip(board(made.count(), NAMES).rows, board(turned.count(), NAMES).rows, strict=True):
        assert one.theme == other.theme
        assert one.ratio == pytest.approx(other.ratio)
        assert one.low == pytest.approx(other.low, rel=0.05)  # the draws differ


# --- the account's usual -------------------------------------------------------------------------------------------


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


# --- which posts count ---------------------------------------------------------------------------------------------


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


# --- months, hours, comparisons --------------------------------------------------------------------------------------


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


# --- small parts -----------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_chances_are_no_smaller_and_keep_their_order(chances):
    given_ = np.array(chances)
    found = adjusted(given_)
    assert (found >= given_ - 1e-15).all()
    assert (found <= 1).all()
    order = np.argsort(given_, kind="stable")
    assert (np.diff(found[order]) >= -1e-15).all()
    assert found.max() == pytest.approx(given_.max())


def test_adjusted_chances_of_benjamini_and_hochbergs_kind():
    assert adjusted(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert len(adjusted(np.zeros(0))) == 0


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40), st.floats(-3, 3))
def test_a_trimmed_mean_moves_with_its_values_and_lies_among_them(values, shift):
    logs = np.array(values)
    middle = trimmed_mean(logs)
    assert logs.min() - 1e-9 <= middle <= logs.max() + 1e-9
    assert trimmed_mean(logs + shift) == pytest.approx(middle + shift, abs=1e-9)
    assert trimmed_mean(np.repeat(logs, 2)) == pytest.approx(trimmed_mean(logs, np.full(len(logs), 0.5)), abs=1e-9)


@given(st.lists(st.tuples(st.floats(-8, 8), st.floats(0.1, 1)), min_size=2, max_size=40))
def test_an_estimate_is_a_finite_range_with_its_middle_in_it(pairs):
    logs, weights = (np.array(part) for part in zip(*pairs, strict=True))
    found = estimate(logs, weights, draws=30)
    assert 0 < found.low <= found.ratio <= found.high < math.inf
    assert 0 <= found.p <= 1
    assert found.count == pytest.approx(effective_count(weights))


def test_sure_posts_of_unequal_weight_count_less_than_whole_ones():
    assert effective_count(np.ones(10)) == 10
    assert effective_count(np.full(10, 0.25)) == 10
    assert effective_count(np.array([1.0, 0.1, 0.1])) < 1.5
    assert np.isnan(trimmed_mean(np.zeros(0)))
