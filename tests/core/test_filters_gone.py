"""A search whose filter names something that is gone: a sentence for every kind of filter, and never a crash."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest

from desktop_app.core.labelling import LabelFilter
from desktop_app.core.library import Library
from desktop_app.core.operations import saved_searches
from desktop_app.core.operations.facets import facets
from desktop_app.core.operations.filter_words import names_of, words_of
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.searching import Filter, FilterKind, Query, Shape, Words
from desktop_app.core.types import Order
from tests.core.filters_made import add
from tests.core.test_filters import made

K = FilterKind
COUNT = 4


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Four photos; a folder, a label set, an answer and themes that were removed or never were."""
    root = tmp_path_factory.mktemp("gone")
    with Library(root / "library", network="efficientnet-lite0-int8", device="cpu") as library:
        with library.database.transaction() as connection:
            for number, removed in ((1, None), (2, 1.0)):
                connection.execute(
                    "INSERT INTO folders (id, root, name, state, removed) VALUES (?, ?, ?, 'ready', ?)",
                    (number, os.fsencode(root / str(number)), f"Folder {number}", removed),
                )
            for set_id, removed in ((1, None), (2, 1.0)):
                connection.execute(
                    "INSERT INTO label_sets (id, name, kind, removed) VALUES (?, ?, 'classes', ?)",
                    (set_id, f"set {set_id}", removed),
                )
            connection.execute(
                "INSERT INTO answers (id, label_set, name, place, removed)"
                " VALUES (11, 1, 'dent', 0, 1), (12, 1, 'ok', 1, 0)"
            )
            for number in range(1, COUNT + 1):
                add(connection, made(number, camera="Canon", format="JPEG", day=date(2019, 5, 12)))
        yield library


@pytest.fixture(scope="module")
def searcher(library: Library) -> Iterator[Searcher]:
    likeness = Likeness(library)
    yield Searcher(library, likeness)
    likeness.close()


LEFT_OUT, NONE = COUNT, 0
CASES: dict[str, tuple[Filter, int, str]] = {
    "folder removed": (Filter(K.FOLDER, "in Folder 2", folder=2), LEFT_OUT, "its folder is no longer in the library"),
    "folder unknown": (Filter(K.FOLDER, "in X", folder=99), LEFT_OUT, "its folder is no longer in the library"),
    "folder inside": (Filter(K.FOLDER, "in F / a", folder=1, text="a/b"), NONE, "in the folder “a/b” any more"),
    "days": (Filter(K.TAKEN, "2001", first=date(2001, 1, 1), last=date(2001, 12, 31)), NONE, "fits “2001”"),
    "day of the year": (Filter(K.ON_THIS_DAY, "1 March", month=3, day=1), NONE, "is of 1 March."),
    "label set removed": (Filter(K.LABEL, "set 2", label=LabelFilter(2)), LEFT_OUT, "its label set is no longer there"),
    "answer removed": (Filter(K.LABEL, "dent", label=LabelFilter(1, (11,))), LEFT_OUT, "its answer is no longer there"),
    "answer on no photo": (Filter(K.LABEL, "set 1: ok", label=LabelFilter(1, (12,))), NONE, "fits “set 1: ok”"),
    "words": (Filter(K.WORDS, "xyzzyq", text="xyzzyq"), NONE, ""),
    "camera": (Filter(K.CAMERA, "Sold X1", choices=("Sold X1",)), NONE, "taken with “Sold X1”"),
    "camera unknown": (Filter(K.CAMERA, "unknown camera", choices=("",)), NONE, "fits “unknown camera”"),
    "shape": (Filter(K.SHAPE, "panorama", shapes=(Shape.PANORAMA,)), NONE, "fits “panorama”"),
    "size": (Filter(K.SIZE, "at least 900 megapixels", least=900.0), NONE, "fits “at least 900 megapixels”"),
    "file size": (Filter(K.FILE_SIZE, "at least 900 MB", least=900.0), NONE, "fits “at least 900 MB”"),
    "format": (Filter(K.FORMAT, "TIFF", choices=("TIFF",)), NONE, "of the format “TIFF”"),
    "stars": (Filter(K.RATING, "5 stars", least=5.0, most=5.0), NONE, "fits “5 stars”"),
    "keyword": (Filter(K.KEYWORD, "keyword sea", choices=("sea",)), NONE, "has the keyword “sea”"),
    "place": (Filter(K.LOCATED, "place known", choices=("yes",)), NONE, "fits “place known”"),
    "theme": (Filter(K.THEME, "theme x", theme=77), LEFT_OUT, "its theme is no longer there"),
    "likeness": (Filter(K.SCORE, "likeness at least 0.9", least=0.9), LEFT_OUT, "nothing in this search gives photos"),
}  # fmt: skip


def test_every_kind_of_filter_is_looked_at() -> None:
    assert {wish.kind for wish, _count, _said in CASES.values()} == set(FilterKind)


@pytest.mark.parametrize("case", CASES)
def test_what_is_gone_is_said_in_a_sentence(library: Library, searcher: Searcher, case: str) -> None:
    wish, count, said = CASES[case]
    for order in Order:
        found = searcher.run(Query(filters=(wish,)), order)
        assert len(found.ids) == count
        sentences = (*found.remarks, *(one.word for one in found.unknown))
        assert any((said or "xyzzyq") in one for one in sentences), sentences
        assert all(one.endswith(".") for one in found.remarks)
    # beside another filter, and switched off
    both = searcher.run(Query(filters=(wish, Filter(K.CAMERA, "Canon", choices=("Canon",)))))
    assert len(both.ids) == count
    off = searcher.run(Query(filters=(Filter(wish.kind, wish.words, on=False),)))
    assert (len(off.ids), off.remarks) == (COUNT, ())


@pytest.mark.parametrize("case", CASES)
def test_it_is_saved_opened_counted_and_named(library: Library, searcher: Searcher, case: str) -> None:
    wish, count, _said = CASES[case]
    kept = saved_searches.save(library, f"case {case}", Query(words=(Words("x", on=False),), filters=(wish,)))
    read = saved_searches.open_saved(library, kept.id)
    assert len(searcher.run(read.query).ids) == count
    (opened,) = read.query.filters
    assert words_of(opened, names_of(library))
    counted = facets(library, None, (opened,))
    if wish.kind not in (K.WORDS, K.SCORE):  # whoever runs the search counts those
        assert counted.total == count
