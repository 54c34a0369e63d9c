"""The catalogue: rows in, rows out, orders, counts, and errors that say whose fault they are."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.catalog import features, folders, photos, schema, skipped
from desktop_app.core.catalog.database import FULL, Database, explain
from desktop_app.core.catalog.thumbnails import Thumbnails
from desktop_app.core.errors import UserError
from desktop_app.core.types import FolderId, FolderState, Order, PhotoId, PhotoState, Reason, Skipped


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    one = Database(tmp_path / "catalogue.sqlite", writable=True)
    schema.migrate(tmp_path / "catalogue.sqlite", one.connection)
    yield one
    one.close()


@pytest.fixture
def folder(database: Database, tmp_path: Path) -> FolderId:
    with database.transaction() as connection:
        return folders.add(connection, tmp_path / "Fotos")


def facts(folder: FolderId, path: str | bytes, **others: object) -> photos.Facts:
    given_facts = {
        "folder": folder,
        "path": os.fsencode(path),
        "size": 10,
        "mtime_ns": 1_600_000_000_000_000_000,
        "content": os.fsencode(path).ljust(16, b"\0")[:16],
        "format": "JPEG",
        "width": 40,
        "height": 30,
        "taken": None,
        "camera": "",
    }
    return photos.Facts(**{**given_facts, **others})


def put(database: Database, folder: FolderId, *paths: str, **others: object) -> list[PhotoId]:
    with database.transaction() as connection:
        return [photos.insert(connection, facts(folder, path, **others)) for path in paths]


def test_what_goes_in_comes_out(database: Database, folder: FolderId, tmp_path: Path) -> None:
    taken = datetime(2019, 7, 5, 12, 30, 1)
    (one,) = put(database, folder, "sub/b.jpg", taken=taken, camera="Canon", content=b"c" * 16)
    photo = photos.fetch(database.connection, [one, 99])[one]
    assert photo.path == tmp_path / "Fotos" / "sub" / "b.jpg"
    assert (photo.name, photo.taken, photo.camera, photo.content) == ("b.jpg", taken, "Canon", b"c" * 16)
    assert (photo.width, photo.height, photo.size, photo.state) == (40, 30, 10, PhotoState.PRESENT)
    assert photo.modified == datetime.fromtimestamp(1_600_000_000)
    assert photos.by_path(database.connection, photo.path) == one
    for other in (tmp_path / "Fotos", tmp_path / "Fotos" / "b.jpg", tmp_path / "Fotosub" / "b.jpg", Path(os.sep)):
        assert photos.by_path(database.connection, other) is None
    assert photos.contents(database.connection, [one, 99]) == {one: b"c" * 16}


def test_ids_are_never_given_twice(database: Database, folder: FolderId) -> None:
    (one,) = put(database, folder, "a.jpg")
    with database.transaction() as connection:
        connection.execute("DELETE FROM photos")
    assert put(database, folder, "b.jpg") > [one]


def test_two_present_photos_never_share_a_path(database: Database, folder: FolderId) -> None:
    (one,) = put(database, folder, "a.jpg")
    with pytest.raises(sqlite3.IntegrityError):
        put(database, folder, "a.jpg")
    with database.transaction() as connection:
        photos.set_missing(connection, [one], True)
    (two,) = put(database, folder, "a.jpg")
    known = photos.known(database.connection, folder, "n")
    assert known[b"a.jpg"].id == two  # the present one
    assert photos.count_present(database.connection) == 1


def test_orders(database: Database, folder: FolderId) -> None:
    names = ["img10.jpg", "IMG2.jpg", "img1.jpg", "b/img1.jpg", "Ärger.jpg"]
    ids = put(database, folder, *names)
    (old,) = put(database, folder, "z.jpg", taken=datetime(1999, 1, 1))
    (new,) = put(database, folder, "y.jpg", taken=datetime(2031, 1, 1))

    def listed(order: Order, text: str = "") -> list[int]:
        return list(photos.listed(database.connection, order, text=text))

    by_name = [3, 2, 1, 0]
    assert [one for one in listed(Order.NAME) if one in ids[:4]] == [ids[at] for at in by_name]
    assert listed(Order.DATE)[0] == new
    assert listed(Order.DATE)[-1] == old
    assert listed(Order.NAME, "1999") == [old]
    assert set(listed(Order.NAME, "IMG 1")) == {ids[0], ids[2], ids[3]}
    assert listed(Order.NAME, "ärger") == [ids[4]]
    (dated,) = put(database, folder, "IMG_20190705_0012.jpg")
    for part in ("2019", "img_2019", "0705", "_0012", "12.jpg"):
        assert dated in listed(Order.NAME, part), part  # numbers are found by any part, as they are written
    assert listed(Order.NAME, "20191") == []
    assert set(listed(Order.NAME, "fotos")) == {*ids, old, new, dated}  # the folder's own name
    for nothing in ("%", "__", "\\", "'", "img 3"):
        assert listed(Order.NAME, nothing) == []


@given(st.text(max_size=20), st.text(max_size=20))
def test_padded_numbers_sort_as_people_count(one: str, other: str) -> None:
    for text in (one, other):
        assert photos.pad_numbers(photos.pad_numbers(text)) == photos.pad_numbers(text)
    assert photos.pad_numbers(f"{one}9{other}") != photos.pad_numbers(f"{one}a{other}")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_in_names_compare_as_numbers(a: int, b: int) -> None:
    assert (photos.sort_name(b"img%d.jpg" % a) < photos.sort_name(b"img%d.jpg" % b)) == (a < b)


@pytest.mark.parametrize("stamp", [-(2**63), 2**63 - 1, 0, -1])
def test_impossible_times(database: Database, folder: FolderId, stamp: int) -> None:
    (one,) = put(database, folder, "a.jpg", mtime_ns=stamp)
    assert isinstance(photos.fetch(database.connection, [one])[one].modified, datetime)


def test_more_ids_than_one_question_takes(database: Database, folder: FolderId) -> None:
    ids = put(database, folder, *(f"{n}.jpg" for n in range(1203)))
    assert set(photos.fetch(database.connection, ids)) == set(ids)
    assert set(photos.contents(database.connection, ids)) == set(ids)


def test_positions_follow_presence(database: Database, folder: FolderId) -> None:
    ids = put(database, folder, "a.jpg", "b.jpg", "c.jpg")
    with database.transaction() as connection:
        for at, one in enumerate(ids):
            features.set_position(connection, "n", one, at)

    def present() -> list[int]:
        where, owners = features.positions(database.connection, "n")
        assert where.dtype == owners.dtype == "int64"
        return owners.tolist()

    assert present() == ids
    assert features.positions(database.connection, "other")[0].shape == (0,)
    assert features.positions(database.connection, "n", after=1)[1].tolist() == ids[2:]
    with database.transaction() as connection:
        photos.set_missing(connection, ids[:1], True)
    assert present() == ids[1:]
    with database.transaction() as connection:
        folders.remove(connection, folder)
    assert present() == []
    assert features.positions_by_content(database.connection, "n", 9).tolist() == []
    assert features.committed_rows(database.connection, "n") == 3  # what is out of sight keeps its vectors
    with database.transaction() as connection:
        folders.restore(connection, folder)
        assert features.forget_positions(connection, "n", 1) == 2
    assert features.committed_rows(database.connection, "n") == 1


def test_folders_count_what_is_shown(database: Database, folder: FolderId, tmp_path: Path) -> None:
    ids = put(database, folder, "a.jpg", "b.jpg")
    with database.transaction() as connection:
        photos.set_missing(connection, ids[:1], True)
        folders.set_state(connection, folder, FolderState.STOPPED, 7)
        folders.set_other_files(connection, folder, 3, 4)
        skipped.put(connection, folder, b"bad.jpg", 1, 2, Reason.DAMAGED, "why")
        odd = folders.add(
            connection, Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")) if os.name != "nt" else tmp_path
        )
    first = next(one for one in folders.all_folders(database.connection) if one.id == folder)
    assert (first.photos, first.waiting, first.state, first.name) == (1, 7, FolderState.STOPPED, "Fotos")
    assert folders.other_files(database.connection) == (3, 4)
    assert skipped.counts(database.connection) == {Reason.DAMAGED: 1, Reason.GONE: 1}
    root = tmp_path / "Fotos"
    bad, gone = Skipped(root / "bad.jpg", Reason.DAMAGED, "why"), Skipped(root / "a.jpg", Reason.GONE)
    assert list(skipped.listed(database.connection)) == [gone, bad]
    assert list(skipped.listed(database.connection, Reason.GONE)) == [gone]
    assert list(skipped.listed(database.connection, Reason.DAMAGED, folder)) == [bad]
    assert list(skipped.listed(database.connection, folder=odd)) == []
    with database.transaction() as connection:
        folders.remove(connection, folder)
        folders.remove(connection, odd)
    assert folders.all_folders(database.connection) == ()
    assert skipped.counts(database.connection) == {}
    assert folders.other_files(database.connection) == (0, 0)


def test_all_or_nothing(database: Database, folder: FolderId) -> None:
    def fail() -> None:
        with database.transaction() as connection:
            photos.insert(connection, facts(folder, "a.jpg"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert photos.count_present(database.connection) == 0
    assert put(database, folder, "a.jpg")


def test_every_thread_has_its_own_connection_and_close_ends_them_all(database: Database) -> None:
    seen: list[sqlite3.Connection] = []
    threads = [threading.Thread(target=lambda: seen.append(database.connection)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in [*seen, database.connection]}) == 4
    database.close()
    for connection in seen:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    refused: list[BaseException] = []

    def late() -> None:
        try:
            _ = database.connection
        except UserError as error:
            refused.append(error)

    thread = threading.Thread(target=late)
    thread.start()
    thread.join()
    assert [str(error) for error in refused] == ["The library was closed."]


def test_whose_fault_an_error_is(tmp_path: Path) -> None:
    def said(text: str) -> str:
        explained = explain(sqlite3.OperationalError(text), tmp_path / "catalogue.sqlite")
        assert isinstance(explained, UserError)
        assert text in explained.details
        return str(explained)

    assert said("database or disk is full") == FULL
    assert "busy in another program" in said("database is locked")
    assert "cannot be written" in said("attempt to write a readonly database")
    assert "cannot be written" in said("unable to open database file")
    assert "cannot be written" in said("disk I/O error")
    damaged = explain(sqlite3.DatabaseError("database disk image is malformed"), tmp_path / "x")
    assert "catalogue is damaged" in str(damaged)
    ours = sqlite3.OperationalError("no such table: heads")
    assert explain(ours, tmp_path / "x") is ours


def test_a_file_that_another_program_holds_is_said(database: Database, folder: FolderId, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database.connection.execute("PRAGMA busy_timeout = 1")
    with pytest.raises(UserError, match="busy in another program"):
        put(database, folder, "a.jpg")
    other.execute("ROLLBACK")
    other.close()
    assert put(database, folder, "a.jpg")


def test_thumbnails(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.sqlite"
    one = Thumbnails(path, writable=True)
    assert one.made_anew
    contents = [bytes([n % 256, n // 256]) * 8 for n in range(1100)]
    one.put((content, content * 2) for content in contents)
    one.put([(contents[0], b"newer")])
    one.put([])
    reader = Thumbnails(path, writable=False)
    assert reader.get(contents)[contents[0]] == b"newer"
    assert len(reader.get([*contents, b"unknown"])) == 1100
    assert reader.contents() == set(contents)
    reader.put([(b"x", b"y")])  # a reader keeps nothing
    assert one.get([b"x"]) == {}
    reader.close()
    one.close()
    again = Thumbnails(path, writable=True)
    assert not again.made_anew
    assert again.contents() == set(contents)
    again.close()
    nowhere = Thumbnails(tmp_path / "nothing.sqlite", writable=False)
    assert nowhere.get(contents) == {}
    assert nowhere.contents() == set()
    nowhere.close()
