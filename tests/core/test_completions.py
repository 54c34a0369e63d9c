"""Beside every completion stands exactly how many photos are found once it is chosen, beside all else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core import paths
from desktop_app.core.library import Library
from desktop_app.core.operations.counted_completions import ANY, chosen, counted_completions, parted
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.searching import Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path, made, opened

SHOWN = (
    "flamingo", "crowned-crane", "penguin", "nuthatch", "peacock", "tiger", "lion", "cat", "orange", "strawberry",
    "bus", "brown-bear", "wall-clock",
)  # fmt: skip
# folders, cameras and keywords that are also things, one another's names, or both
FOLDERS = ("", "Tiger", "tiger/Lion", "Bird walk", "Bird walk/tiger", "2019", "Orange/bird", "Big cat", "DCIM", "Åse")
CAMERAS = ("", "Canon EOS 80D", "Tiger 5", "Lion")
KEYWORDS = ("tiger", "Tiger", "orange", "Savanna", "May 2019", "bird")
DAYS = ("2019-05-12T10:00:00", "2018-05-30T10:00:00", "2019-06-01T10:00:00")
PREFIXES = ("t", "tig", "tiger", "b", "bir", "big c", "lio", "20", "may", "can", "or", "sav", "ås", "fl", "2019")
BEFORE = ("", "", "", "bird ", "2019 ", "tiger, ", "-lion ", '"big cat" ')
K = FilterKind


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("completions")
    (root / "in").mkdir()
    for name in SHOWN:
        shutil.copy(paths.sample_photos() / f"{name}.jpg", root / "in")
    made(root / "library", root / "in")
    with opened(root / "library") as library:
        yield library


@pytest.fixture(scope="module")
def searcher(library: Library) -> Iterator[Searcher]:
    likeness = Likeness(library)
    yield Searcher(library, likeness)
    likeness.close()


def call_otherwise(library: Library, data: st.DataObject) -> list[PhotoId]:
    """Other folders, cameras, keywords and days for all photos."""
    ids = sorted(by_path(library).values())
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM keywords")
        for photo in ids:
            inner, camera, taken = (data.draw(st.sampled_from(one)) for one in (FOLDERS, CAMERAS, DAYS))
            path = f"{inner}/{photo}.jpg".lstrip("/").encode()
            connection.execute(
                "UPDATE photos SET path = ?, camera = ?, taken = ?, sort_date = ? WHERE id = ?",
                (path, camera, taken, taken, photo),
            )
            words = data.draw(st.sets(st.sampled_from(KEYWORDS), max_size=2))
            connection.executemany("INSERT INTO keywords VALUES (?, ?)", [(photo, word) for word in words])
    return ids


def queries(ids: list[PhotoId]) -> st.SearchStrategy[Query]:
    """What may be looked for already."""
    filters = st.sampled_from(
        (
            Filter(K.CAMERA, "", choices=("Canon EOS 80D", "")),
            Filter(K.FOLDER, "", text="tiger"),
            Filter(K.KEYWORD, "", choices=("tiger",), on=False),
            Filter(K.WORDS, "", text="bird"),
            Filter(K.SCORE, "likeness at least 0.30", least=0.3),
            Filter(K.FOLDER, "", folder=99, text=""),  # gone
        )
    )
    words = st.sampled_from((Words("bird "), Words("tiger", "folder"), Words("lion", minus=True), Words("x", on=False)))
    examples = st.builds(
        lambda photo, wanted: Example("a photo", photo=photo, wanted=wanted), st.sampled_from(ids), st.booleans()
    )
    return st.builds(
        Query,
        examples=st.lists(examples, max_size=1).map(tuple),
        words=st.lists(words, max_size=1).map(tuple),
        filters=st.lists(filters, max_size=2).map(tuple),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_count_is_what_choosing_it_finds(library: Library, searcher: Searcher, data: st.DataObject) -> None:
    ids = call_otherwise(library, data)
    query = data.draw(st.just(Query()) | queries(ids))
    text = (
        data.draw(st.sampled_from(BEFORE))
        + data.draw(st.sampled_from(("", "", "-")))
        + data.draw(st.sampled_from(PREFIXES))
    )
    extra = data.draw(st.none() | st.sets(st.sampled_from(ids)).map(lambda some: np.array(sorted(some), np.int64)))
    for one in counted_completions(searcher, query, text, 12, extra):
        found = searcher.run(chosen(query, text, one), extra=extra)
        assert one.count == len(found.ids) > 0, (text, one)
        assert text.endswith(one.instead_of)
        rest, minus = parted(text, one.instead_of)
        assert (*query.words, *([Words(rest)] if rest else []), Words(one.text, one.sense, minus=minus)) == (
            found.query.words
        )


def test_a_word_that_is_also_a_folders_name_counts_both_apart(library: Library, searcher: Searcher) -> None:
    ids = sorted(by_path(library).values())
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM keywords")
        connection.execute("UPDATE photos SET camera = ''")
        for at, photo in enumerate(ids):
            inner = "Tiger" if at < 9 else "Orange/tiger" if at < 12 else "DCIM"
            connection.execute("UPDATE photos SET path = ? WHERE id = ?", (f"{inner}/{photo}.jpg".encode(), photo))
    found = counted_completions(searcher, Query(), "tig", 9)
    whole = next(one for one in found if one.hint == ANY)
    thing = next(one for one in found if one.kind == "thing" and one.text == "tiger")
    (folder,) = [one for one in found if one.kind == "folder"]
    assert (whole.text, whole.hint, whole.sense) == ("tiger ", ANY, "")
    assert folder.count == 12
    assert whole.count == len(searcher.run(Query(words=(Words("tiger "),))).ids) >= max(12, thing.count)
    within = Query(filters=(Filter(K.FOLDER, "", text="Tiger"),))
    (folder,) = [one for one in counted_completions(searcher, within, "tig", 9) if one.kind == "folder"]
    assert folder.count == 9
    (left,) = [one for one in counted_completions(searcher, Query(), "-tig", 9) if one.kind == "folder"]
    assert left.count == 1
