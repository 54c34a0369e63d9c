"""By what the photos of a library have been made comparable: the networks (and the colours) whose vectors it keeps.

One JSON value in the catalogue's `meta` table, so that a program that does not know of it leaves it alone.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace

_META = "ways"


@dataclass(frozen=True, slots=True)
class Way:
    """A network whose vectors are kept, also when its file is no longer here.

    Attributes:
        key: of its vectors, `Network.key`.
        name: of the network, for the command line.
        title: of the network, for people.
        layers: those with an index space; an ingest keeps them level.
        going: being removed; what a kill left of it is removed at the next start.
    """

    key: str
    name: str
    title: str
    layers: tuple[str, ...] = ()
    going: bool = False


def all_ways(connection: sqlite3.Connection) -> tuple[Way, ...]:
    """Every way that is kept, in the order in which they came; of a damaged value none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_META,)).fetchone()
    try:
        entries = json.loads(row[0]) if row else []
        return tuple(Way(**{**entry, "layers": tuple(entry["layers"])}) for entry in entries)
    except (ValueError, TypeError, KeyError):
        return ()


def put(connection: sqlite3.Connection, way: Way) -> None:
    """Keep a way, in place of what was known under its key."""
    known = all_ways(connection)
    if way.key in {one.key for one in known}:
        _write(connection, tuple(way if one.key == way.key else one for one in known))
    else:
        _write(connection, (*known, way))


def add_layer(connection: sqlite3.Connection, way: Way, layer: str) -> None:
    """Note that a layer is kept level from now on; `way` says whose it is."""
    known = next((one for one in all_ways(connection) if one.key == way.key), way)
    layers = known.layers if layer in known.layers else (*known.layers, layer)
    put(connection, replace(way, layers=layers))


def drop(connection: sqlite3.Connection, key: str) -> None:
    """Forget a way."""
    _write(connection, tuple(one for one in all_ways(connection) if one.key != key))


def _write(connection: sqlite3.Connection, ways: tuple[Way, ...]) -> None:
    text = json.dumps([asdict(one) for one in ways])
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_META, text))
