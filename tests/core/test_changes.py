"""Counters of changes: what is kept of the catalogue is read again when that was written, and not for anything else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_app.core.catalog import changes, photos, schema, words_text
from desktop_app.core.catalog.changes import ADDED, DETAILS, FEATURES, LABELS, NOTES, PHOTOS, POSTS, THEMES
from desktop_app.core.catalog.filters import matching
from desktop_app.core.catalog.orders import in_order
from desktop_app.core.catalog.photo_table import kept_table, photo_table
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.operations import search_parts
from desktop_app.core.operations.search_parts import Parts
from desktop_app.core.operations.word_names import Names, NamesKept
from desktop_app.core.searching import Filter, FilterKind
from desktop_app.core.types import Order

PHOTO = (
    "INSERT INTO photos (folder, path, size, mtime_ns, content, format, width, height, camera, sort_date, sort_name)"
    " VALUES ({folder}, CAST('{path}' AS BLOB), 1, 1, x'00', 'JPEG', 4, 3, '{camera}', '2019-05-12T10:00:00', '{path}')"
)
FILLED = (
    "INSERT INTO folders (root, name, state) VALUES (x'2f61', 'Family', ''), (x'2f62', 'Work', '')",
    PHOTO.format(folder=1, path="sea/one.jpg", camera="Canon"),
    PHOTO.format(folder=1, path="two.jpg", camera=""),
    PHOTO.format(folder=2, path="three.jpg", camera=""),
    "INSERT INTO label_sets (name, kind) VALUES ('era', 'classes')",
    "INSERT INTO answers (label_set, name, place) VALUES (1, 'old', 0), (1, 'new', 1)",
    "INSERT INTO details (photo, content, title) VALUES (1, x'00', 'evening')",
    "INSERT INTO groupings (name, scope, method, count, proposed, time, ready) VALUES ('', '', '', 1, 1, 0, 1)",
    "INSERT INTO themes (grouping, name, place) VALUES (1, 'birds', 0)",
    "INSERT INTO theme_leaves VALUES (1, 0, 1)",
    "INSERT INTO leaf_photos VALUES (1, 1, 0, 0)",
    "INSERT INTO accounts (name, role) VALUES ('me', 'own')",
    "INSERT INTO posts (account, key, type, caption) VALUES (1, 'a', '', 'sunrise')",
)
LABEL = "INSERT INTO labels VALUES (1, 1, 1, 'hand', 0)"


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    with closing(opened(path)) as connection:
        schema.migrate(path, connection)
        for statement in FILLED:
            connection.execute(statement)
    return path


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(opened(file)) as connection:
        yield connection


def reads_of(connection: sqlite3.Connection, table: str, ask: Callable[[], object]) -> int:
    """Statements that look at a table while something is asked."""
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    ask()
    connection.set_trace_callback(None)
    return sum(f"FROM {table} " in f"{statement} " for statement in seen)


@pytest.mark.parametrize(
    ("statement", "counters"),
    [
        (PHOTO.format(folder=1, path="new.jpg", camera=""), {ADDED}),
        ("UPDATE photos SET missing = 1 WHERE id = 1", {PHOTOS}),
        ("UPDATE photos SET sort_date = '2020-01-01T00:00:00' WHERE id = 1", {PHOTOS}),
        ("UPDATE photos SET mtime_ns = 5 WHERE id = 1", set()),
        ("DELETE FROM photos WHERE id = 3", {PHOTOS}),
        ("UPDATE folders SET name = 'Us' WHERE id = 1", {PHOTOS}),
        ("UPDATE folders SET removed = 1 WHERE id = 1", {PHOTOS}),
        ("UPDATE folders SET state = 'adding', waiting = 5, videos = 1 WHERE id = 1", set()),
        ("DELETE FROM folders WHERE id = 1", {PHOTOS, DETAILS, THEMES}),  # its photos go with it
        (LABEL, {LABELS}),
        ("UPDATE answers SET name = 'older' WHERE id = 1", {LABELS}),
        ("DELETE FROM label_sets", {LABELS}),
        ("INSERT OR REPLACE INTO details (photo, content, rating) VALUES (1, x'00', 3)", {DETAILS}),
        ("INSERT INTO keywords VALUES (1, 'sea')", {DETAILS}),
        ("INSERT INTO notes VALUES (1, 'hello')", {NOTES}),
        ("UPDATE posts SET caption = '' WHERE id = 1", {POSTS}),
        ("UPDATE posts SET metrics = '{}' WHERE id = 1", set()),
        ("INSERT INTO post_pictures (post, photo, how) VALUES (1, 1, '')", {POSTS}),
        ("UPDATE accounts SET removed = 1", {POSTS}),
        ("UPDATE themes SET name = 'owls'", {THEMES}),
        ("UPDATE theme_leaves SET theme = 1", {THEMES}),
        ("DELETE FROM leaf_photos", {THEMES}),
        ("UPDATE groupings SET removed = 1", {THEMES}),
        ("INSERT INTO features VALUES ('net', 1, 0)", {FEATURES}),
        ("INSERT INTO meta VALUES ('a', 'b')", set()),
        ("UPDATE photos SET missing = 1 WHERE id = 99", set()),
    ],
)
def test_what_each_write_counts_as(connection: sqlite3.Connection, statement: str, counters: set[str]) -> None:
    before = changes.counts(connection)
    connection.execute(statement)
    after = changes.counts(connection)
    assert {kind for kind in before if before[kind] != after[kind]} == counters


def test_what_is_taken_back_does_not_count(connection: sqlite3.Connection) -> None:
    before = changes.counts(connection)
    connection.execute("BEGIN")
    connection.execute(LABEL)
    within = changes.counts(connection)
    assert changes.counts(connection) != within  # nothing is kept by it
    connection.execute("ROLLBACK")
    assert changes.counts(connection) == before
    connection.execute(LABEL)
    assert changes.counts(connection) not in (before, within)


def test_a_label_lets_the_columns_be(connection: sqlite3.Connection) -> None:
    wish = Filter(FilterKind.LABEL, "", label=LabelFilter(1))
    assert matching(connection, [wish]).tolist() == []
    table = photo_table(connection)
    connection.execute(LABEL)
    assert reads_of(connection, "photos", lambda: photo_table(connection)) == 0
    assert photo_table(connection) is kept_table(connection) is table
    assert reads_of(connection, "labels", lambda: matching(connection, [wish])) == 1
    assert matching(connection, [wish]).tolist() == [1]
    assert reads_of(connection, "labels", lambda: matching(connection, [wish])) == 0


def test_photos_that_were_added_are_read_alone(connection: sqlite3.Connection) -> None:
    connection.execute(LABEL)
    table = photo_table(connection)
    given, theme, ratings = table.given(1), table.themes(1), table.ratings()
    connection.execute(PHOTO.format(folder=2, path="sea/new.jpg", camera="Nikon"))
    grown = kept_table(connection)
    assert grown is not None
    assert table.ids.tolist() == [1, 2, 3]  # whoever has it has it as it was
    assert grown.ids.tolist() == [1, 2, 3, 4]
    anew = type(grown)(connection, changes.counts(connection))
    for name in ("folders", "days", "widths", "heights", "sizes", "places", "formats", "cameras"):
        assert getattr(grown, name).tolist() == getattr(anew, name).tolist()
    assert grown.place_names == anew.place_names == ((1, b"sea"), (1, b""), (2, b""), (2, b"sea"))
    assert grown.camera_names == anew.camera_names == ("Canon", "", "Nikon")
    assert grown.given(1) is given
    assert grown.themes(1).tolist() == [*theme.tolist(), 0] == anew.themes(1).tolist()
    assert grown.ratings().tolist() == [*ratings.tolist(), 0]
    connection.execute("INSERT INTO leaf_photos VALUES (1, 4, 0, 0)")
    connection.execute("INSERT INTO details (photo, content, rating) VALUES (4, x'00', 4)")
    assert photo_table(connection).themes(1).tolist() == [1, 0, 0, 1]
    assert photo_table(connection).ratings().tolist() == [0, 0, 0, 4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE photos SET camera = 'Leica', path = CAST('sea/two.jpg' AS BLOB) WHERE id = 2",
        "UPDATE folders SET name = 'Us' WHERE id = 1",
        "DELETE FROM photos WHERE id = 1",
    ],
)
def test_a_photo_or_folder_that_changed_is_read_again(connection: sqlite3.Connection, statement: str) -> None:
    table = photo_table(connection)
    connection.execute(statement)
    assert kept_table(connection) is None
    assert reads_of(connection, "photos p", lambda: photo_table(connection)) == 1
    assert photo_table(connection) is not table
    assert photo_table(connection).camera_names == tuple(
        dict.fromkeys(row[0] for row in connection.execute("SELECT camera FROM photos ORDER BY id"))
    )


def test_nothing_of_a_transaction_is_kept(connection: sqlite3.Connection) -> None:
    photo_table(connection)
    connection.execute("BEGIN")
    connection.execute("UPDATE photos SET missing = 1")
    assert len(photo_table(connection)) == 0
    assert kept_table(connection) is None
    connection.execute("ROLLBACK")
    assert len(photo_table(connection)) == 3


def test_what_another_process_writes_is_seen(file: Path, connection: sqlite3.Connection) -> None:
    wish = Filter(FilterKind.LABEL, "", label=LabelFilter(1))
    names = NamesKept(library_of(connection))
    assert matching(connection, [wish]).tolist() == []
    assert len(names.level().photos) == 3
    script = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as it:\n for one in sys.argv[2:]: it.execute(one)"
    added = PHOTO.format(folder=1, path="four.jpg", camera="")
    subprocess.run([sys.executable, "-c", script, str(file), LABEL, added], check=True)
    assert matching(connection, [wish]).tolist() == [1]
    assert photo_table(connection).ids.tolist() == [1, 2, 3, 4]
    assert len(names.level().photos) == 4


# --- names and orders ------------------------------------------------------------------------------------------------


def library_of(connection: sqlite3.Connection) -> SimpleNamespace:
    return SimpleNamespace(connection=connection, presence=0)


def called(names: Names) -> dict[str, list[str]]:
    return {one.kind: list(one.names) for one in names.named}


def test_names_are_read_again_by_their_kind(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = NamesKept(library_of(connection))
    first = kept.level()
    assert called(first) == {
        "answer": ["old", "new"], "theme": ["birds"], "camera": ["Canon"], "title": ["evening"]
    }  # fmt: skip
    assert kept.level() is first
    read: list[str] = []
    for name in ("photo_names", "answers", "keywords", "themes", "cameras", "written"):
        real = getattr(words_text, name)
        monkeypatch.setattr(words_text, name, lambda *asked, real=real, name=name: read.append(name) or real(*asked))

    def after(statement: str) -> tuple[list[str], dict[str, list[str]]]:
        connection.execute(statement)
        read.clear()
        found = called(kept.level())
        return sorted(read), found

    assert after(LABEL) == (["answers"], called(first))
    assert [one.rows(0).tolist() for one in kept.level().named if one.kind == "answer"] == [
        kept.level().photos.rows(words_text.with_answer(connection, 1)).tolist()
    ]
    assert kept.level().photos is first.photos
    assert after("INSERT INTO meta VALUES ('a', 'b')") == ([], called(first))
    reads, found = after("INSERT INTO notes VALUES (1, 'hello')")
    assert (reads, found["note"]) == (["written"], ["hello"])
    reads, found = after("INSERT INTO keywords VALUES (1, 'sea')")
    assert (reads, found["keyword"]) == (["keywords", "written", "written"], ["sea"])
    reads, found = after("INSERT INTO post_pictures (post, photo, how) VALUES (1, 2, '')")
    assert (reads, found["caption"]) == (["written"], ["sunrise"])
    reads, found = after("UPDATE themes SET name = 'owls'")
    assert (reads, found["theme"]) == (["themes"], ["owls"])
    reads, _ = after("UPDATE folders SET name = 'Us' WHERE id = 1")
    assert set(reads) == {"photo_names", "answers", "keywords", "themes", "cameras", "written"}
    assert "us" in kept.level().whole
    assert "family" not in kept.level().whole


def test_orders_outlast_labels(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(library_of(connection), None)  # type: ignore[arg-type]
    listed: list[Order] = []
    real = search_parts.in_order
    monkeypatch.setattr(search_parts, "in_order", lambda it, order: listed.append(order) or real(it, order))
    wish = (Filter(FilterKind.LABEL, "", label=LabelFilter(1)),)

    def asked() -> tuple[list[int], list[int]]:
        parts.level()
        return parts.listed(Order.DATE).tolist(), parts.let_through(wish).tolist()

    assert asked() == ([3, 2, 1], [])
    connection.execute(LABEL)
    assert asked() == ([3, 2, 1], [1])
    assert len(listed) == 1
    connection.execute(PHOTO.format(folder=1, path="four.jpg", camera=""))
    assert asked() == ([4, 3, 2, 1], [1])
    assert parts.present == 4
    connection.execute("UPDATE folders SET removed = 1 WHERE id = 1")
    assert asked() == ([3], [])
    assert len(listed) == 3


def test_orders_are_those_of_a_sorted_select(connection: sqlite3.Connection) -> None:
    by = {Order.DATE: "sort_date DESC, id DESC", Order.NAME: "sort_name, id"}
    shown = "missing = 0 AND folder IN (SELECT id FROM folders WHERE removed IS NULL)"
    for statement in (
        PHOTO.format(folder=1, path="a 10.jpg", camera=""),
        PHOTO.format(folder=2, path="a 9.jpg", camera=""),
        "UPDATE photos SET sort_date = '2021-01-01T00:00:00' WHERE id IN (2, 5)",
        "UPDATE photos SET missing = 1 WHERE id = 1",
        "UPDATE folders SET removed = 1 WHERE id = 2",
        "UPDATE photos SET missing = 1",
        "DELETE FROM photos",
    ):
        connection.execute(statement)
        for _ in range(2):  # without the columns, then beside them
            for order in (Order.DATE, Order.NAME):
                plain = [
                    row[0] for row in connection.execute(f"SELECT id FROM photos WHERE {shown} ORDER BY {by[order]}")
                ]
                assert in_order(connection, order).tolist() == plain
                assert list(photos.listed(connection, order)) == plain
            photo_table(connection)
