"""Searches that are kept: as text and back without loss, and as rows under names of their own."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog import saved_searches as catalogue
from desktop_app.core.catalog.saved_searches import REMOVED_FOR, SearchId
from desktop_app.core.catalog.search_form import NEWER, from_text, to_text
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import saved_searches as operations
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.searching import Box, Colours, Example, Filter, FilterKind, Query, Shape, Words
from desktop_app.core.types import FolderId, Order, PhotoId
from tests.core.families import Families
from tests.core.label_parts import catalogue as in_memory
from tests.core.libraries import by_path, opened

TEXT = st.text(st.characters(), max_size=8)  # with what no encoding holds: file names may be such
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ID = st.integers(1, 2**60)


def built(kind: type, /, **values: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(kind, **values)


LABELS = built(
    LabelFilter,
    label_set=ID.map(LabelSetId),
    answers=st.lists(st.none() | ID.map(AnswerId), max_size=3).map(tuple),
    labelled=st.booleans(),
    origins=st.lists(st.sampled_from(Origin), max_size=2).map(tuple),
)
PATHS = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=8).map(lambda text: Path("/a") / text)
EXAMPLES = st.one_of(
    built(
        Example,
        name=TEXT,
        photo=photo,
        path=path,
        wanted=st.booleans(),
        box=st.none() | st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
        on=st.booleans(),
    )
    for photo, path in (
        (ID.map(PhotoId), st.none()),
        (st.none(), PATHS),
        (ID.map(PhotoId), PATHS),
    )
)
RGB = st.tuples(*[st.integers(0, 255)] * 3)
FILTERS = built(
    Filter,
    kind=st.sampled_from(FilterKind),
    words=TEXT,
    folder=st.none() | ID.map(FolderId),
    text=TEXT,
    first=st.none() | st.dates(),
    last=st.none() | st.dates(),
    month=st.integers(0, 12),
    day=st.integers(0, 31),
    label=st.none() | LABELS,
    choices=st.lists(TEXT, max_size=3).map(tuple),
    shapes=st.lists(st.sampled_from(Shape), max_size=3).map(tuple),
    least=st.none() | NUMBERS,
    most=st.none() | NUMBERS,
    theme=st.none() | ID,
    on=st.booleans(),
)
QUERIES = st.builds(
    Query,
    st.lists(EXAMPLES, max_size=3).map(tuple),
    st.lists(built(Words, text=TEXT, sense=TEXT, minus=st.booleans(), on=st.booleans()), max_size=3).map(tuple),
    st.lists(st.builds(Colours, st.lists(RGB, max_size=3).map(tuple), st.booleans()), max_size=2).map(tuple),
    st.lists(FILTERS, max_size=3).map(tuple),
)


def parts(query: Query) -> tuple[object, ...]:
    """What can be compared: examples have no equality."""
    values = [
        (one.name, one.photo, one.path, one.wanted, one.box, one.on, one.pixels is None) for one in query.examples
    ]
    return values, query.words, query.colours, query.filters


# --- as text -------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(QUERIES, st.sampled_from(Order))
def test_what_was_written_is_read(query: Query, order: Order) -> None:
    written = to_text(query, order)
    assert written.text.isascii()
    assert written.remarks == ()
    read = from_text(written.text)
    assert parts(read.query) == parts(query)
    assert (read.order, read.remarks) == (order, ())
    assert written.chips == sum(map(len, (query.examples, query.words, query.colours, query.filters)))


def test_pixels_are_not_kept() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pasted, file = (
        Example("Picture from the clipboard", pixels=pixels),
        Example("a", path=Path("/a.jpg"), pixels=pixels),
    )
    written = to_text(Query((pasted, file)))
    assert written.remarks == ("“Picture from the clipboard” is not saved with the search: it has no file.",)
    read = from_text(written.text)
    assert parts(read.query) == parts(Query((replace(file, pixels=None),)))


GOOD = {"kind": "words", "text": "dog", "sense": "", "minus": False, "on": True}


@pytest.mark.parametrize(
    "chip",
    [
        {"kind": "smell", "of": "roses"},
        {"kind": "words", "text": "dog", "sense": "", "minus": False, "on": True, "fuzzy": 3},
        {"kind": "words", "text": 7, "sense": "", "minus": False, "on": True},
        {"kind": "words", "text": "dog"},
        {"kind": "colours", "colours": [[0, 0, 256]], "on": True},
        {"kind": "colours", "colours": 4, "on": True},
        {"kind": "filter", "filter": "mood", "words": "sad", "on": True},
        {"kind": "filter", "filter": "taken", "words": "", "on": True, "first": "31 May"},
        {"kind": "filter", "filter": "shape", "words": "", "on": True, "shapes": ["round"]},
        {"kind": "filter", "filter": "label", "words": "", "on": True, "label": {"set": 1}},
        {"kind": "filter", "filter": "label", "words": "", "on": True, "label": 1},
        {"kind": "filter", "filter": "size", "words": "", "on": True, "least": True},
        {"kind": "example", "name": "a", "wanted": True, "on": True},
        {"kind": "example", "name": "a", "wanted": True, "on": True, "photo": 1, "box": [0, 0, 1]},
        {"kind": "example", "name": "a", "wanted": "yes", "on": True, "photo": 1},
        "a chip",
        None,
        [],
        {},
    ],
)
def test_what_is_not_known_is_left_out(chip: object) -> None:
    read = from_text(json.dumps({"version": 2, "order": "likeness", "chips": [chip, GOOD]}))
    assert read.query.words == (Words("dog"),)
    assert read.remarks == (NEWER,)
    assert parts(read.query) == parts(Query(words=(Words("dog"),)))


def test_newer_orders_and_more() -> None:
    assert from_text('{"version": 1, "chips": []}').remarks == ()
    assert from_text('{"version": 1, "chips": []}').order is Order.LIKENESS
    odd = from_text('{"version": 1, "order": "by mood", "chips": []}')
    assert (odd.order, odd.remarks) == (Order.LIKENESS, (NEWER,))
    assert from_text('{"version": 9, "order": "name", "chips": [], "mood": 1}').remarks == (NEWER,)
    assert from_text('{"version": 9, "order": "name", "chips": []}').remarks == ()


@pytest.mark.parametrize("text", ["", "x", "{}", "[]", "7", "null", '{"version": 1}', '{"version": "a", "chips": []}'])
def test_what_is_no_search_says_so(text: str) -> None:
    with pytest.raises(UserError, match="This saved search cannot be read"):
        from_text(text)
    with pytest.raises(UserError, match="This saved search cannot be read"):
        from_text("[" * 100_000)


# --- as rows -------------------------------------------------------------------------------------------------


def names(connection: sqlite3.Connection) -> list[str]:
    return [one.name for one in catalogue.all_searches(connection)]


def test_rows_and_their_undo() -> None:
    with closing(in_memory()) as connection:
        a, b, c = (catalogue.add(connection, name, f"text of {name}") for name in ("a", " b\n", "c"))
        assert names(connection) == ["a", "b", "c"]
        with pytest.raises(UserError, match=r"There is already a saved search “a”."):
            catalogue.add(connection, "A", "")
        with pytest.raises(UserError, match="A name needs at least one letter"):
            catalogue.rename(connection, a, " ")
        with pytest.raises(UserError, match="There is already"):
            catalogue.rename(connection, a, "B")
        assert catalogue.rename(connection, a, "A") == "a"
        assert catalogue.rename(connection, a, "a") == "A"
        assert catalogue.reorder(connection, [c, SearchId(77), a]) == (a, b, c)
        assert names(connection) == ["c", "a", "b"]
        catalogue.remove(connection, a)
        assert names(connection) == ["c", "b"]
        for call in (
            lambda: catalogue.get(connection, a),
            lambda: catalogue.rename(connection, a, "x"),
            lambda: catalogue.replace_text(connection, a, "x"),
        ):
            with pytest.raises(UserError, match="no longer there"):
                call()
        catalogue.add(connection, "a", "another")
        catalogue.restore(connection, a)
        assert names(connection) == ["c", "a 2", "b", "a"]
        assert catalogue.replace_text(connection, a, "else") == "text of a"
        assert catalogue.get(connection, a).text == "else"
        assert catalogue.find(connection, "A 2").id == a
        catalogue.remove(connection, b)
        catalogue.purge(connection, time.time() + REMOVED_FOR - 60)
        catalogue.restore(connection, b)
        catalogue.remove(connection, b)
        catalogue.purge(connection, time.time() + REMOVED_FOR + 60)
        with pytest.raises(UserError, match="no longer there"):
            catalogue.restore(connection, b)
        assert names(connection) == ["c", "a 2", "a"]


def test_a_library_keeps_them(tmp_path: Path) -> None:
    query = Query(words=(Words("dog"),), filters=(Filter(FilterKind.TAKEN, "2019", first=date(2019, 1, 1)),))
    with opened(tmp_path / "library") as library:
        kept = operations.save(library, "dogs", query, Order.DATE)
        assert (kept.name, kept.before, kept.remarks) == ("dogs", "", ())
        gone = operations.save(library, "gone", query)
        operations.put_back(library, gone)
        with library.database.transaction() as connection:
            connection.execute("UPDATE saved_searches SET removed = 1 WHERE id = ?", (gone.id,))
    with opened(tmp_path / "library") as library:
        assert [(one.id, one.name) for one in operations.saved(library)] == [(kept.id, "dogs")]
        read = operations.open_saved(library, kept.id)
        assert (parts(read.query), read.order) == (parts(query), Order.DATE)
        with pytest.raises(UserError, match="no longer there"):  # it was removed long ago
            operations.restore(library, gone.id)
        over = operations.save_over(library, kept.id, Query(words=(Words("cat"),)))
        assert operations.open_saved(library, kept.id).query.words == (Words("cat"),)
        operations.put_back(library, over)
        assert parts(operations.open_saved(library, kept.id).query) == parts(query)
        assert operations.rename(library, kept.id, "all dogs") == "dogs"
        operations.remove(library, kept.id)
        assert operations.saved(library) == ()
        operations.restore(library, kept.id)
        other = operations.save(library, "other", query)
        assert operations.reorder(library, [other.id, kept.id]) == (kept.id, other.id)
        assert [one.name for one in operations.saved(library)] == ["other", "all dogs"]


def test_what_is_left_to_save(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        with pytest.raises(UserError, match="There is nothing to save"):
            operations.save(library, "nothing", Query())
        pasted = Example("Picture from the clipboard", pixels=np.zeros((4, 4, 3), np.uint8))
        with pytest.raises(UserError, match="is not saved with the search: it has no file"):
            operations.save(library, "nothing", Query((pasted,)))
        kept = operations.save(library, "words", Query((pasted,), (Words("dog"),)))
        assert len(kept.remarks) == 1
        assert operations.open_saved(library, kept.id).query.examples == ()


def test_a_saved_search_finds_the_same_again(library: Library, families: Families) -> None:
    own = by_path(library)
    red, blue = families["red"], families["blue"]
    query = Query(
        (Example("red 0.jpg", photo=own[red[0]]), Example("blue 0.jpg", photo=own[blue[0]], wanted=False)),
        (Words("photo -green"),),
    )
    with closing(Likeness(library)) as likeness:
        before = Searcher(library, likeness).run(query)
        kept = operations.save(library, "reds", query)
        read = operations.open_saved(library, kept.id)
        assert [one.path for one in read.query.examples] == [red[0], blue[0]]
        after = Searcher(library, likeness).run(read.query)
        assert after.ids.tolist() == before.ids.tolist()
        red[0].unlink()
        from tests.core.libraries import run

        run(library)
        later = Searcher(library, likeness).run(read.query)
        assert "“red 0.jpg” takes no part. Its file is gone." in later.remarks
