"""A library from before there were themes is brought up to date whole, over one version and over two."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import schema
from desktop_app.core.errors import UserError
from tests.core.libraries import assert_equal, made, opened, state
from tests.photos import save_many

NEW = {
    "groupings",
    "themes",
    "theme_leaves",
    "leaf_photos",
    "accounts",
    "sources",
    "posts",
    "post_pictures",
    "decisions",
}


def earlier(place: Path, root: Path, version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library as an earlier version of the catalogue made it."""
    save_many(root, range(5))
    with monkeypatch.context() as then:
        then.setattr(schema.migrate, "__defaults__", (schema.MIGRATIONS[:version],))
        then.setattr("desktop_app.core.library.answers.purge_sets", lambda connection, now: None)
        then.setattr("desktop_app.core.library.answers.all_ids", lambda connection: frozenset())
        then.setattr("desktop_app.core.library.themes.purge", lambda connection, now: None)
        then.setattr("desktop_app.core.library.saved_searches.purge", lambda connection, now: None)
        then.setattr("desktop_app.core.operations.commit.details.put", lambda connection, photo, content, read: None)
        then.setattr("desktop_app.core.operations.ingest.level_details", lambda library, plans, workers: iter(()))
        made(place, root)


def tables(catalogue: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(catalogue)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@pytest.mark.parametrize("version", [1, 2])
def test_an_earlier_library_keeps_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    place = tmp_path / "library"
    earlier(place, tmp_path / "in", version, monkeypatch)
    before = tables(place / "catalogue.sqlite")
    assert not NEW & set(before)
    assert len(before["photos"]) == 5
    with pytest.raises(UserError, match="brought up to date first"):
        opened(place, writable=False)
    with opened(place) as library:
        one = state(library)
    after = tables(place / "catalogue.sqlite")
    assert set(after) >= NEW
    assert {name: rows for name, rows in after.items() if name in before} == before
    with opened(place, writable=False) as library:
        assert_equal(state(library), one)


def test_an_update_that_was_cut_off_leaves_a_copy_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "library"
    earlier(place, tmp_path / "in", 2, monkeypatch)
    broken = (*schema.MIGRATIONS[:2], schema.MIGRATIONS[2] + "INSERT INTO nowhere VALUES (1);")
    with monkeypatch.context() as then:
        then.setattr(schema.migrate, "__defaults__", (broken,))
        with pytest.raises(UserError, match="is unchanged"):
            opened(place)
    assert not NEW & set(tables(place / "catalogue.sqlite"))
    assert not NEW & set(tables(schema.copy_path(place / "catalogue.sqlite")))
    with opened(place) as library:
        assert len(state(library).vectors) == 5
    assert set(tables(place / "catalogue.sqlite")) >= NEW
    assert not schema.copy_path(place / "catalogue.sqlite").exists()


def test_a_photo_takes_what_belongs_to_it_along_and_leaves_the_rest(place: Path) -> None:
    with opened(place) as library, library.database.transaction() as connection:
        photo = connection.execute("SELECT min(id) FROM photos").fetchone()[0]
        connection.execute(
            "INSERT INTO groupings (id, name, scope, method, count, proposed, time) VALUES (1,'','{}','kmeans',1,1,0)"
        )
        connection.execute("INSERT INTO themes (id, grouping) VALUES (4, 1)")
        connection.execute("INSERT INTO theme_leaves VALUES (1, 0, 4)")
        connection.execute("INSERT INTO leaf_photos (grouping, photo, leaf) VALUES (1, ?, 0)", (photo,))
        connection.execute("INSERT INTO accounts (id, name, role) VALUES (1, 'a', 'own')")
        connection.execute("INSERT INTO posts (id, account, key, type) VALUES (7, 1, 'k', 'photo')")
        connection.execute("INSERT INTO post_pictures (post, photo, how) VALUES (7, ?, 'uri')", (photo,))
        assert connection.execute("SELECT * FROM theme_photos").fetchall() == [(1, photo, 4, "auto")]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO posts (account, key, type) VALUES (1, 'k', 'photo')")
        connection.execute("DELETE FROM photos WHERE id = ?", (photo,))
        assert connection.execute("SELECT * FROM theme_photos").fetchall() == []
        assert connection.execute("SELECT * FROM post_pictures").fetchall() == []
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (1,)
