"""Pairs of contents that a person said are no copies of one another: for good, wherever their files move to."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

Apart = tuple[bytes, bytes]
"""Two contents, the smaller first; twice the same one: files that are equal to the byte are to be left alone."""


def ordered(one: bytes, other: bytes) -> Apart:
    """A pair as it is kept."""
    return (one, other) if one <= other else (other, one)


def all_pairs(connection: sqlite3.Connection) -> frozenset[Apart]:
    """Every pair."""
    return frozenset(connection.execute("SELECT one, other FROM not_copies").fetchall())


def count(connection: sqlite3.Connection) -> int:
    """How many pairs there are."""
    return int(connection.execute("SELECT count(*) FROM not_copies").fetchone()[0])


def add(connection: sqlite3.Connection, pairs: Iterable[Apart]) -> tuple[Apart, ...]:
    """Remember pairs; returns those that were not known before."""
    now = time.time()
    new = []
    for pair in sorted({ordered(*pair) for pair in pairs}):
        cursor = connection.execute("INSERT OR IGNORE INTO not_copies VALUES (?, ?, ?)", (*pair, now))
        if cursor.rowcount:
            new.append(pair)
    return tuple(new)


def remove(connection: sqlite3.Connection, pairs: Iterable[Apart]) -> tuple[Apart, ...]:
    """Forget pairs; returns those that were there."""
    gone = []
    for pair in sorted({ordered(*pair) for pair in pairs}):
        if connection.execute("DELETE FROM not_copies WHERE one = ? AND other = ?", pair).rowcount:
            gone.append(pair)
    return tuple(gone)
