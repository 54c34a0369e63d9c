"""Beside every choice stands exactly how many photos are left when it is chosen."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.catalog.filters import EPOCH, matching
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.operations.date_headings import (
    NO_DATE,
    date_headings,
    days_of,
    headings,
    same_day,
)
from desktop_app.core.operations.facet_groups import MOST, Group
from desktop_app.core.operations.facets import Facets, facets
from desktop_app.core.operations.filter_choices import group_of, holds, joined, parted
from desktop_app.core.operations.filter_words import (
    Names,
    days_words,
    names_of,
    week_of,
    words_of,
)
from desktop_app.core.searching import Filter, FilterKind, Shape
from tests.core.filters_made import DAYS, FILTERS, SETS, catalogue, lets, photos
from tests.core.test_filters import made

TODAY = date(2020, 2, 29)
K = FilterKind


class Stand:
    """As much of a library as counting looks at."""

    def __init__(self, connection):
        self.connection = connection


def count(connection, ids, filters) -> int:
    found = matching(connection, filters)
    return len(found) if ids is None else len(set(found.tolist()) & set(ids))


def group(found: Facets, key: str) -> Group:
    return next(one for one in found.groups if one.key == key)


def others(filters: list[Filter], option: Filter) -> list[Filter]:
    return [one for one in filters if group_of(one) != group_of(option)]


@given(photos(), st.lists(FILTERS, max_size=3), st.data())
def test_every_count_is_what_choosing_it_leaves(rows, filters, data):
    ids = data.draw(st.one_of(st.none(), st.lists(st.sampled_from([0, *(one.id for one in rows)]), max_size=8)))
    with closing(catalogue(rows)) as connection:
        found = facets(Stand(connection), ids, filters, today=TODAY)
        assert found.total == count(connection, ids, filters)
        options = [*found.quick, *(option for one in found.groups for option in one.options)]
        for option in options:
            assert option.count == count(connection, ids, [*others(filters, option.wish), option.wish]), option
            assert option.wish.words == words_of(option.wish, found.names)
            assert option.name
        for one in found.folders:
            wish = Filter(K.FOLDER, "", folder=one.folder, text=one.text)
            assert one.count == count(connection, ids, [*others(filters, wish), wish])
        for day, photos_of_day in zip(found.days.tolist(), found.per_day.tolist(), strict=True):
            that = date.fromordinal(day + EPOCH)
            wish = Filter(K.TAKEN, "", first=that, last=that)
            assert photos_of_day == count(connection, ids, [*others(filters, wish), wish]) > 0
        rest = [one for one in filters if one.kind is not K.TAKEN]
        assert found.per_day.sum() == count(connection, ids, rest)


@given(photos(), st.lists(FILTERS, max_size=2))
def test_what_photos_have_and_what_is_chosen_is_listed(rows, filters):
    with closing(catalogue(rows)) as connection:
        found = facets(Stand(connection), None, filters, today=TODAY)
    for kind, key in ((K.CAMERA, "camera"), (K.FORMAT, "format"), (K.KEYWORD, "keyword")):
        rest = [one for one in filters if one.kind is not kind]
        left = [one for one in rows if one.is_shown and all(lets(wish, one) for wish in rest)]
        had = {value for one in left for value in _values(one, kind)}
        had |= {choice for one in filters if one.kind is kind for choice in one.choices}
        listed = [choice for option in group(found, key).options for choice in option.wish.choices]
        assert sorted(listed) == sorted(had)
    places = [(one.folder, one.text) for one in found.folders]
    assert len(set(places)) == len(places)
    for at, one in enumerate(found.folders):
        if one.depth:  # after the one it is in, with only its kin between
            above = (one.folder, one.text.rpartition("/")[0])
            assert above in places[:at]
            assert all(
                other.depth > found.folders[places.index(above)].depth
                for other in found.folders[places.index(above) + 1 : at]
            )


def _values(one, kind):
    return {K.CAMERA: {one.camera}, K.FORMAT: {one.format}, K.KEYWORD: one.words}[kind]


def test_only_some_of_many_keywords_are_listed_but_letters_find_the_others() -> None:
    rows = [made(n, words=frozenset({f"word {n}", "common"})) for n in range(1, MOST + 10)]
    with closing(catalogue(rows)) as connection:
        chosen = Filter(K.KEYWORD, "", choices=("word 59",))
        words = group(facets(Stand(connection), None, [chosen]), "keyword")
        assert words.options[0].name == "common"
        assert words.options[0].count == len(rows)
        assert words.options[-1].name == "word 59"  # chosen, and so in sight
        assert len(words.options) + words.more == len(rows) + 1
        held = group(facets(Stand(connection), None, (), also={"word 58", "gone"}), "keyword")
        assert [one.count for one in held.options if one.name == "word 58"] == [1]
        assert len(held.options) + held.more == len(rows) + 1
        found = group(facets(Stand(connection), None, (), keyword="ORD 58"), "keyword")
        assert [(one.name, one.count) for one in found.options] == [("word 58", 1)]
        assert found.more == 0


def test_cameras_are_found_by_letters_and_the_unknown_one_by_its_words() -> None:
    rows = [made(1, camera="Canon EOS 80D"), made(2), made(3)]
    with closing(catalogue(rows)) as connection:
        named = group(facets(Stand(connection), None, (), camera="known"), "camera")
        assert [(one.name, one.wish.choices, one.count) for one in named.options] == [("Unknown camera", ("",), 2)]


def test_nobody_is_offered_stars_or_places_that_no_photo_has() -> None:
    with closing(catalogue([made(1)])) as connection:
        found = facets(Stand(connection), None, ())
        assert group(found, "rating").options == ()
        assert group(found, "located").options == ()
    with closing(catalogue([made(1, rating=4), made(2, located=True)])) as connection:
        found = facets(Stand(connection), None, ())
        stars = ["4 stars or more", "3 stars or more", "2 stars or more", "1 star or more", "No stars"]
        assert [(one.name, one.count) for one in group(found, "rating").options] == [(name, 1) for name in stars]
        assert [one.count for one in group(found, "located").options] == [1, 1]


def test_themes_of_the_newest_grouping_are_counted_by_their_names() -> None:
    rows = [made(n, theme=1 + n % 2) for n in range(1, 6)] + [made(9)]
    with closing(catalogue(rows)) as connection:
        connection.execute("UPDATE themes SET name = '', proposed = 'cats' WHERE id = 1")
        connection.execute("UPDATE themes SET name = '', kind = 'odd' WHERE id = 2")
        themes = group(facets(Stand(connection), None, ()), "theme").options
        told = [(one.name, one.wish.words, one.count) for one in themes]
        assert told == [("cats", "theme cats", 2), ("Odd ones out", "odd ones out", 3)]
        connection.execute("UPDATE themes SET proposed = '' WHERE id = 1")
        assert group(facets(Stand(connection), None, ()), "theme").options[0].name == "Theme 2"
        connection.execute("UPDATE groupings SET removed = 1.0")
        assert all(one.key != "theme" for one in facets(Stand(connection), None, ()).groups)


# several choices in one filter


@given(photos(), FILTERS, FILTERS)
def test_joined_filters_let_through_what_either_does(rows, one, other):
    both = joined(one, other, Names())
    if both == other or not all(wish.choices or wish.shapes or wish.label for wish in (one, other)):
        return  # what names nothing is never offered
    with closing(catalogue(rows)) as connection:
        either = set(matching(connection, [one]).tolist()) | set(matching(connection, [other]).tolist())
        assert set(matching(connection, [both]).tolist()) == either
        assert holds(both, one)
        assert holds(both, other)
        left = parted(both, other, Names())
        if left is not None:
            assert not holds(left, other)
            assert set(matching(connection, [left]).tolist()) <= set(matching(connection, [one]).tolist())


def test_answers_of_one_set_join_and_part() -> None:
    with closing(catalogue([])) as connection:
        names = names_of(Stand(connection))
    one = Filter(K.LABEL, "", label=LabelFilter(1, (11,)))
    none = Filter(K.LABEL, "", label=LabelFilter(1, (None,)))
    both = joined(one, none, names)
    assert both.words == "set 1: answer 11 or none of these"
    assert parted(both, one, names) == words(none, names)
    assert parted(none, none, names) is None
    free = Filter(K.LABEL, "", label=LabelFilter(1, labelled=False))
    assert joined(one, free, names) == free  # no one filter can say both
    assert joined(one, Filter(K.LABEL, "", label=LabelFilter(2, (21,))), names).label == LabelFilter(2, (21,))


def words(wish: Filter, names: Names) -> Filter:
    return replace(wish, words=words_of(wish, names))


# words


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Filter(K.FOLDER, "", folder=1), "in Family"),
        (Filter(K.FOLDER, "", folder=1, text="2019/beach"), "in Family / 2019 / beach"),
        (Filter(K.FOLDER, "", folder=7), "in a folder that is gone"),
        (Filter(K.ON_THIS_DAY, "", month=5, day=12), "12 May in any year"),
        (Filter(K.LABEL, "", label=LabelFilter(1, labelled=False)), "not labelled: set 1"),
        (Filter(K.LABEL, "", label=LabelFilter(1)), "labelled: set 1"),
        (Filter(K.LABEL, "", label=LabelFilter(1, (11, 12))), "set 1: answer 11 or answer 12"),
        (Filter(K.LABEL, "", label=LabelFilter(1, (11,), labelled=False)), "set 1: not answer 11"),
        (Filter(K.LABEL, "", label=LabelFilter(5, (11,))), "a label set that is gone: an answer that is gone"),
        (Filter(K.CAMERA, "", choices=("Canon EOS 80D",)), "Canon EOS 80D"),
        (Filter(K.CAMERA, "", choices=("", "X")), "unknown camera or X"),
        (Filter(K.FORMAT, "", choices=("JPEG", "PNG", "HEIC")), "JPEG, PNG or HEIC"),
        (Filter(K.FORMAT, "", choices=("A", "B", "C", "D")), "A, B or 2 others"),
        (Filter(K.SHAPE, "", shapes=(Shape.LANDSCAPE,)), "landscape"),
        (Filter(K.SIZE, "", least=12), "at least 12 megapixels"),
        (Filter(K.SIZE, "", most=1), "under 1 megapixel"),
        (Filter(K.SIZE, "", least=1.5, most=12), "1.5 to 12 megapixels"),
        (Filter(K.FILE_SIZE, "", least=20), "at least 20 MB"),
        (Filter(K.RATING, "", least=4, most=5), "4 stars or more"),
        (Filter(K.RATING, "", least=1), "1 star or more"),
        (Filter(K.RATING, "", least=5, most=5), "5 stars"),
        (Filter(K.RATING, "", least=-1, most=-1), "rejected"),
        (Filter(K.RATING, "", least=0, most=0), "no stars"),
        (Filter(K.KEYWORD, "", choices=("sea\nside",)), "keyword sea�side"),
        (Filter(K.LOCATED, "", choices=("no",)), "no place known"),
        (Filter(K.THEME, "", theme=1), "theme t1"),
        (Filter(K.SCORE, "", least=0.8), "likeness at least 0.80"),
        (Filter(K.WORDS, "", text="dog"), "dog"),
    ],
)
def test_what_chips_say(wish: Filter, said: str) -> None:
    with closing(catalogue([])) as connection:
        assert words_of(wish, names_of(Stand(connection))) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        (date(2012, 1, 1), date(2019, 12, 31), "2012 to 2019"),
        (date(2019, 5, 1), date(2019, 5, 31), "May 2019"),
        (date(2020, 2, 1), date(2020, 2, 29), "February 2020"),
        (date(2019, 5, 1), date(2019, 7, 31), "May to July 2019"),
        (date(2018, 5, 1), date(2019, 7, 31), "May 2018 to July 2019"),
        (date(2019, 5, 12), date(2019, 5, 12), "12 May 2019"),
        (date(2019, 5, 12), date(2019, 5, 15), "12 to 15 May 2019"),
        (date(2019, 5, 12), date(2019, 6, 1), "12 May to 1 June 2019"),
        (date(2018, 5, 3), date(2019, 6, 1), "3 May 2018 to 1 June 2019"),
        (date(2019, 5, 3), None, "since 3 May 2019"),
        (None, date(2019, 5, 3), "until 3 May 2019"),
        (None, None, "any day"),
    ],
)
def test_days_in_words(first: date | None, last: date | None, said: str) -> None:
    assert days_words(first, last) == said


@given(FILTERS)
def test_every_filter_can_be_said_in_one_line(wish):
    said = words_of(wish, Names())
    assert said
    assert "\n" not in said


@given(st.dates())
def test_a_week_holds_its_day(day):
    if date(1, 1, 7) < day < date(9999, 12, 20):
        monday, sunday = week_of(day)
        assert monday <= day <= sunday == monday + timedelta(6)
        assert monday.weekday() == 0


# headings


def days(*many: date) -> np.ndarray:
    return np.array([one.toordinal() - EPOCH for one in many], np.int32)


def test_days_with_enough_photos_have_a_heading_each() -> None:
    found = headings(days(*[date(2019, 5, 12)] * 5, *[date(2019, 5, 1)] * 3))
    assert found.sections == ((0, "12 May 2019"), (5, "1 May 2019"))
    assert [(one.year, one.month, one.row, one.count) for one in found.months] == [(2019, 5, 0, 8)]


def test_days_with_few_photos_share_a_months_and_then_a_years_heading() -> None:
    by_month = [date(2019, month, day) for month in (6, 5) for day in range(20, 0, -2)]
    assert headings(days(*by_month)).sections == ((0, "June 2019"), (10, "May 2019"))
    by_year = [date(year, month, 1) for year in (2019, 2018) for month in range(12, 0, -1)]
    assert headings(days(*by_year)).sections == ((0, "2019"), (12, "2018"))
    assert len(headings(days(*by_year)).months) == 24


def test_photos_without_a_date_have_a_heading_too() -> None:
    found = headings(np.array([*days(*[date(2019, 5, 1)] * 4), NO_DATE, NO_DATE, NO_DATE, NO_DATE], np.int32))
    assert found.sections == ((0, "1 May 2019"), (4, "No date"))
    assert len(found.months) == 1
    assert headings(np.empty(0, np.int32)).sections == ()


def test_a_look_back_begins_with_the_latest_earlier_year_and_ends_with_this_one() -> None:
    years = (2021, 2020, 2020, 2019, 2017, 2017)
    found = same_day(days(*(date(year, 2, 28) for year in years)), date(2020, 2, 28))
    assert found.order.tolist() == [3, 4, 5, 1, 2, 0]
    assert found.headings.sections == (
        (0, "28 February 2019 · 1 year ago"),
        (1, "28 February 2017 · 3 years ago"),
        (3, "28 February 2020 · today"),
        (5, "28 February 2021 · in 1 year"),
    )
    assert [(one.year, one.row, one.count) for one in found.headings.months] == [
        (2019, 0, 1), (2017, 1, 2), (2020, 3, 2), (2021, 5, 1),
    ]  # fmt: skip
    assert found.earlier == 3
    this_year = same_day(days(date(2020, 2, 28)), date(2020, 5, 1))
    assert this_year.headings.sections == ((0, "28 February 2020 · this year"),)
    assert same_day(days(), TODAY).headings.sections == ()


@given(st.lists(st.sampled_from(DAYS), min_size=1, max_size=60), st.integers(1, 9))
def test_headings_begin_where_their_words_change(chosen, times):
    order = sorted(chosen * times, reverse=True)
    found = headings(days(*order))
    rows = [row for row, _title in found.sections]
    assert rows[0] == 0
    assert rows == sorted(set(rows))
    assert sum(one.count for one in found.months) == len(order)
    for one in found.months:
        assert all(
            (order[row].year, order[row].month) == (one.year, one.month) for row in range(one.row, one.row + one.count)
        )
    titles = [title for _row, title in found.sections]
    assert len(set(titles)) == len(titles)
    assert len(found.sections) <= max(len({one.year for one in order}), len(order) // 3)


@given(photos())
def test_headings_of_the_catalogues_photos(rows):
    shown = sorted((one for one in rows if one.is_shown), key=lambda one: one.day, reverse=True)
    with closing(catalogue(rows)) as connection:
        found = date_headings(connection, [one.id for one in shown])
        matching(connection, ())  # the days are at hand from now on
        assert date_headings(connection, [one.id for one in shown]) == found
        assert days_of(connection, [10**9]).tolist() == [NO_DATE]
    numbers = days(*(one.day for one in shown))
    assert found == headings(numbers)


def test_answers_that_were_removed_are_not_offered() -> None:
    with closing(catalogue([made(1)])) as connection:
        named = group(facets(Stand(connection), None, ()), "label 1")
        assert 13 in SETS[1]
        assert [one.name for one in named.options] == ["Not labelled"]
