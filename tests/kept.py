"""Folders that many tests begin with: each is made once in a run and copied for every test."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest


class Kept:
    """What was made so far, in a folder of its own."""

    def __init__(self, base: Path) -> None:
        self._base = base

    def copy(self, name: str, to: Path, make: Callable[[Path], object]) -> Path:
        """Copy what `make` puts into an empty folder to `to`, with the times of its files; returns `to`.

        `make` is called for the first test that asks for that name. It must leave its libraries closed; in the copies
        they know their folders by the new place.
        """
        source = self._base / name
        if not source.exists():
            source.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("LIKENESS_HOME", str(self._base / f"{name} home"))
                make(source)
        shutil.copytree(source, to, dirs_exist_ok=True)
        for catalogue in source.rglob("catalogue.sqlite"):
            _moved(to / catalogue.relative_to(source), os.fsencode(source), os.fsencode(to))
        return to


def _moved(catalogue: Path, source: bytes, to: bytes) -> None:
    with closing(sqlite3.connect(catalogue)) as connection, connection:
        for folder, root in connection.execute("SELECT id, root FROM folders").fetchall():
            assert root.startswith(source)
            connection.execute("UPDATE folders SET root = ? WHERE id = ?", (to + root[len(source) :], folder))
