"""Filters let through exactly the photos that plain Python says, whatever happens to the catalogue meanwhile."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.catalog import schema
from desktop_app.core.catalog.filters import gone, matching
from desktop_app.core.labelling import LabelFilter, Origin
from desktop_app.core.searching import Filter, FilterKind, Shape
from tests.core.filters_made import FILTERS, Made, add, catalogue, lets, photos


def made(number: int = 1, **others: object) -> Made:
    values: dict[str, object] = {
        "folder": 1, "place": "", "day": date(2019, 5, 12), "width": 4000, "height": 3000, "size": 10, "format": "JPEG",
        "camera": "", "missing": False, "rating": None, "located": False, "words": frozenset(),
    }  # fmt: skip
    return Made(id=number, **{**values, **others})  # type: ignore[arg-type]


@given(photos(), st.lists(FILTERS, max_size=3))
def test_exactly_what_every_filter_lets_through(rows, filters):
    with closing(catalogue(rows)) as connection:
        found = matching(connection, filters)
        assert found.dtype == np.int64
        expected = sorted(one.id for one in rows if one.is_shown and all(lets(wish, one) for wish in filters))
        assert found.tolist() == expected


@given(photos(), FILTERS)
def test_a_filter_that_is_off_or_of_another_kind_lets_all_through(rows, wish):
    with closing(catalogue(rows)) as connection:
        others = (
            replace(wish, on=False),
            Filter(FilterKind.WORDS, "dog", text="dog"),
            Filter(FilterKind.SCORE, "", least=2),
        )
        assert matching(connection, others).tolist() == sorted(one.id for one in rows if one.is_shown)


@given(st.data())
def test_what_changes_is_seen_at_once(data):
    rows = data.draw(photos(largest=6))
    wish = data.draw(FILTERS)
    with closing(catalogue(rows)) as connection:
        for step in range(data.draw(st.integers(1, 4))):
            matching(connection, [wish])
            one = made(5000 + step, place="2019", camera="NIKON D850", rating=3, words=frozenset({"sea"}))
            if data.draw(st.booleans()):
                add(connection, one)
                rows.append(one)
            elif rows:
                other = rows[data.draw(st.integers(0, len(rows) - 1))]
                connection.execute("UPDATE photos SET missing = 1 WHERE id = ?", (other.id,))
                other.missing = True
            expected = sorted(photo.id for photo in rows if photo.is_shown and lets(wish, photo))
            assert matching(connection, [wish]).tolist() == expected


def test_a_change_by_another_connection_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as one, closing(catalogue([made(1)])) as source:
        source.backup(one)
        wish = Filter(FilterKind.CAMERA, "", choices=("Canon",))
        assert matching(one, [wish]).tolist() == []
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("UPDATE photos SET camera = 'Canon'")
        assert matching(one, [wish]).tolist() == [1]
        one.execute("DELETE FROM photos")
        assert matching(one, [wish]).tolist() == []


def test_what_is_taken_back_was_never_there() -> None:
    with closing(catalogue([made(1)])) as connection:
        connection.execute("BEGIN")
        add(connection, made(2))
        assert matching(connection, []).tolist() == [1, 2]
        connection.execute("ROLLBACK")
        assert matching(connection, []).tolist() == [1]


def test_two_libraries_do_not_mix() -> None:
    with closing(catalogue([made(1)])) as one, closing(catalogue([made(2)])) as two:
        for _ in range(2):
            assert matching(one, []).tolist() == [1]
            assert matching(two, []).tolist() == [2]


@pytest.mark.parametrize("text", ["2019", "/2019/", "2019/"])
def test_a_folder_holds_what_is_below_it_and_nothing_that_is_only_called_alike(text: str) -> None:
    places = ["2019", "2019/beach", "2019_x", "2019x", "a/2019", "201", "", "2019 "]
    rows = [made(at + 1, place=place) for at, place in enumerate(places)]
    with closing(catalogue(rows)) as connection:
        assert matching(connection, [Filter(FilterKind.FOLDER, "", folder=1, text=text)]).tolist() == [1, 2]


def test_a_folder_whose_name_is_no_text_is_found() -> None:
    name = os.fsdecode(b"caf\xe9 %_")
    with closing(catalogue([made(1, place=name), made(2, place="cafe xx")])) as connection:
        assert matching(connection, [Filter(FilterKind.FOLDER, "", folder=1, text=name)]).tolist() == [1]


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (4000, 3000, Shape.LANDSCAPE),
        (3000, 4000, Shape.PORTRAIT),
        (1000, 980, Shape.SQUARE),
        (1000, 979, Shape.LANDSCAPE),
        (979, 1000, Shape.PORTRAIT),
        (2000, 1000, Shape.PANORAMA),
        (1999, 1000, Shape.LANDSCAPE),
        (1000, 2500, Shape.PANORAMA),
    ],
)
def test_every_photo_has_one_shape(width: int, height: int, shape: Shape) -> None:
    with closing(catalogue([made(1, width=width, height=height)])) as connection:
        fits = [one for one in Shape if len(matching(connection, [Filter(FilterKind.SHAPE, "", shapes=(one,))]))]
        assert fits == [shape]


def test_bands_of_sizes_share_no_photo() -> None:
    with closing(catalogue([made(1, width=4000, height=3000)])) as connection:
        below = Filter(FilterKind.SIZE, "", least=3, most=12)
        above = Filter(FilterKind.SIZE, "", least=12)
        assert matching(connection, [below]).tolist() == []
        assert matching(connection, [above]).tolist() == [1]


# what is gone


def gone_filters() -> dict[str, tuple[Filter, str]]:
    return {
        "removed folder": (Filter(FilterKind.FOLDER, "in Gone", folder=3), "in Gone"),
        "unknown folder": (Filter(FilterKind.FOLDER, "in X", folder=99), "in X"),
        "removed answer": (Filter(FilterKind.LABEL, "dent", label=LabelFilter(1, (13,))), "dent"),
        "answer of another set": (Filter(FilterKind.LABEL, "dent", label=LabelFilter(1, (21,))), "dent"),
        "unknown set": (Filter(FilterKind.LABEL, "era", label=LabelFilter(9, labelled=False)), "era"),
        "theme that is not shown": (Filter(FilterKind.THEME, "theme t3", theme=3), "theme t3"),
        "unknown theme": (Filter(FilterKind.THEME, "theme x", theme=77), "theme x"),
    }


@pytest.mark.parametrize("case", gone_filters())
def test_what_names_something_gone_is_left_out_with_a_sentence(case: str) -> None:
    wish, words = gone_filters()[case]
    with closing(catalogue([made(1), made(2)])) as connection:
        sentence = gone(connection, wish)
        assert sentence.startswith(f"“{words}” is left out: ")
        assert sentence.endswith(".")
        assert matching(connection, [wish]).tolist() == [1, 2]


def test_a_filter_without_words_is_told_of_too() -> None:
    with closing(catalogue([])) as connection:
        said = gone(connection, Filter(FilterKind.FOLDER, "", folder=3))
    assert said == "A filter is left out: its folder is no longer in the library."


@pytest.mark.parametrize(
    "wish",
    [
        Filter(FilterKind.FOLDER, "", folder=1, text="no such place"),
        Filter(FilterKind.LABEL, "", label=LabelFilter(1, (13, 11))),
        Filter(FilterKind.LABEL, "", label=LabelFilter(1, (None,))),
        Filter(FilterKind.LABEL, "", label=LabelFilter(2)),
        Filter(FilterKind.THEME, "", theme=2),
        Filter(FilterKind.CAMERA, "", choices=("sold",)),
    ],
)
def test_what_is_there_is_not_gone_even_where_it_holds_nothing(wish: Filter) -> None:
    with closing(catalogue([made(1)])) as connection:
        assert gone(connection, wish) == ""
        assert matching(connection, [wish]).tolist() == []


def test_a_removed_label_set_comes_back() -> None:
    wish = Filter(FilterKind.LABEL, "", label=LabelFilter(1, labelled=False))
    rows = [made(1, labels={1: ((11, Origin.HAND),)}), made(2)]
    with closing(catalogue(rows)) as connection:
        assert matching(connection, [wish]).tolist() == [2]
        connection.execute("UPDATE label_sets SET removed = 1.0 WHERE id = 1")
        assert gone(connection, replace(wish, words="era")) == "“era” is left out: its label set is no longer there."
        assert matching(connection, [wish]).tolist() == [1, 2]
        connection.execute("UPDATE label_sets SET removed = NULL")
        assert matching(connection, [wish]).tolist() == [2]


def test_an_empty_catalogue_has_nothing_to_let_through(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.migrate(tmp_path, connection)
        for kind in FilterKind:
            wish = Filter(kind, "", label=LabelFilter(1), choices=("yes",), month=5, day=1)
            assert matching(connection, [wish]).tolist() == []
