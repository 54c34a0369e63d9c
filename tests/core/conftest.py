"""What tests of the core share: a library of ten photos, and commands on a library of their own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import schema
from tests.core.families import library_of_families, six_of_each
from tests.core.libraries import State, made, opened, state
from tests.core.shell import Shell
from tests.kept import Kept
from tests.photos import save_many

__all__ = ["library_of_families", "six_of_each"]  # "library" and "families" for tests that make no others


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten photos, two of them alike to the byte."""
    return _ten_photos(tmp_path)


def _ten_photos(at: Path) -> Path:
    save_many(at / "in", range(9))
    shutil.copy(at / "in" / "photo 3.jpg", at / "in" / "z copy.jpg")
    return at / "in"


@pytest.fixture
def place(tmp_path: Path, folder: Path, kept: Kept) -> Iterator[Path]:
    """A library of them, closed; whatever the test does, the catalogue it leaves is whole, unless it broke it."""
    shutil.rmtree(folder)
    kept.copy("ten photos", tmp_path, lambda at: made(at / "library", _ten_photos(at)))
    yield tmp_path / "library"
    catalogue = tmp_path / "library" / "catalogue.sqlite"
    if catalogue.is_file() and schema.is_sound(catalogue):
        with closing(sqlite3.connect(catalogue)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.fixture
def expected(place: Path) -> State:
    """What that library says of its photos."""
    with opened(place) as library:
        return state(library)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "library", capsys)


@pytest.fixture
def six(shell: Shell, tmp_path: Path) -> list[Path]:
    found = save_many(tmp_path / "in", range(6))
    shell.index(tmp_path / "in")
    return found
