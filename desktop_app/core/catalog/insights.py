"""Accounts, sources, posts with their numbers, their photos, and what a person decided about them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

from desktop_app.core.posts import POST_TYPES, Account, How, Post, PostId, PostPicture, PostType, Role
from desktop_app.core.types import PhotoId

REMOVED_FOR: Final = 30 * 24 * 3600.0
"""Seconds a removed account or source can be brought back."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder that posts were read from.

    Attributes:
        path: absolute.
        kind: which reader it was for.
        account: name of the account that all its posts are of; "" where the source itself names them.
        time: when it was read, seconds since 1970.
        stamp: tells whether the file is still the one that was read.
        mapping: which column is what, as a person chose.
        id: the row; 0 while not stored.
    """

    path: Path
    kind: str
    account: str = ""
    time: float = 0.0
    stamp: str = ""
    mapping: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


# --- accounts ------------------------------------------------------------------------------------------------------


def accounts(connection: sqlite3.Connection) -> tuple[Account, ...]:
    """Every account that was not removed: own ones first, then by name."""
    rows = connection.execute(
        "SELECT name, role, id FROM accounts WHERE removed IS NULL ORDER BY role = 'own' DESC, name COLLATE NOCASE, id"
    )
    return tuple(Account(name, cast("Role", role), id_) for name, role, id_ in rows)


def put_account(connection: sqlite3.Connection, name: str, role: Role = "competitor") -> Account:
    """The account of that name, made where there is none; an existing one keeps its role. A removed one comes back."""
    row = connection.execute(
        "SELECT id, role, removed FROM accounts WHERE name = ? COLLATE NOCASE ORDER BY removed IS NOT NULL, id", (name,)
    ).fetchone()
    if row is None:
        cursor = connection.execute("INSERT INTO accounts (name, role) VALUES (?, ?)", (name, role))
        return Account(name, role, cursor.lastrowid or 0)
    if row[2] is not None:
        connection.execute("UPDATE accounts SET removed = NULL WHERE id = ?", (row[0],))
    found = connection.execute("SELECT name, role FROM accounts WHERE id = ?", (row[0],)).fetchone()
    return Account(found[0], cast("Role", found[1]), row[0])


def set_role(connection: sqlite3.Connection, account: int, role: Role) -> Role | None:
    """Say whose account it is. Returns what it was before, None for an account that there is not."""
    row = connection.execute("SELECT role FROM accounts WHERE id = ?", (account,)).fetchone()
    connection.execute("UPDATE accounts SET role = ? WHERE id = ?", (role, account))
    return cast("Role", row[0]) if row else None


def remove_account(connection: sqlite3.Connection, account: int, now: float | None) -> None:
    """Take an account away with its posts, or bring it back (`now` None)."""
    connection.execute("UPDATE accounts SET removed = ? WHERE id = ?", (now, account))


# --- sources -------------------------------------------------------------------------------------------------------


def sources(connection: sqlite3.Connection) -> tuple[Source, ...]:
    """Every source that was not removed, in the order they were added."""
    rows = connection.execute(
        "SELECT s.path, s.kind, coalesce(a.name, ''), s.time, s.stamp, s.mapping, s.id FROM sources s"
        " LEFT JOIN accounts a ON a.id = s.account WHERE s.removed IS NULL ORDER BY s.id"
    )
    return tuple(
        Source(Path(os.fsdecode(path)), kind, name, time, stamp, json.loads(mapping), id_)
        for path, kind, name, time, stamp, mapping, id_ in rows
    )


def put_source(connection: sqlite3.Connection, source: Source) -> Source:
    """Remember a source; one of the same path is brought up to date, and back if it was removed."""
    path = os.fsencode(source.path)
    account = put_account(connection, source.account).id if source.account else None
    values = (source.kind, account, source.time, source.stamp, json.dumps(dict(source.mapping)))
    row = connection.execute("SELECT id FROM sources WHERE path = ? ORDER BY id", (path,)).fetchone()
    if row is None:
        cursor = connection.execute(
            "INSERT INTO sources (kind, account, time, stamp, mapping, path) VALUES (?, ?, ?, ?, ?, ?)", (*values, path)
        )
        return replace(source, id=cursor.lastrowid or 0)
    connection.execute(
        "UPDATE sources SET kind = ?, account = ?, time = ?, stamp = ?, mapping = ?, removed = NULL WHERE id = ?",
        (*values, row[0]),
    )
    return replace(source, id=row[0])


def remove_source(connection: sqlite3.Connection, source: int, now: float | None) -> None:
    """Take a source away with the posts whose numbers are from it, or bring it back (`now` None)."""
    connection.execute("UPDATE sources SET removed = ? WHERE id = ?", (now, source))


# --- posts ---------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "p.key, a.name, p.time, p.type, p.caption, p.permalink, p.shortcode, p.metrics, p.boosted, p.source, p.collected,"
    " p.files, p.id"
)


def posts(connection: sqlite3.Connection) -> tuple[Post, ...]:
    """Every post of an account and a source that were not removed, oldest first, those without a time at the end."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM posts p JOIN accounts a ON a.id = p.account AND a.removed IS NULL"
        " LEFT JOIN sources s ON s.id = p.source WHERE s.removed IS NULL ORDER BY p.time IS NULL, p.time, p.id"
    )
    return tuple(_post(row) for row in rows)


def _post(row: tuple[Any, ...]) -> Post:
    key, account, time, type_, caption, permalink, shortcode, metrics, boosted, source, collected, files, id_ = row
    return Post(
        key,
        account,
        time,
        cast("PostType", type_ if type_ in POST_TYPES else "photo"),
        caption,
        permalink,
        shortcode,
        json.loads(metrics),
        bool(boosted),
        "" if source is None else str(source),
        collected,
        tuple(json.loads(files)),
        PostId(id_),
    )


def put_posts(connection: sqlite3.Connection, told: Iterable[Post]) -> tuple[Post, ...]:
    """Store posts; what was told of before is one post, and the newest numbers win.

    A number that the newer source does not tell stays as the older one had it. A post keeps its id, and so its photos.

    Args:
        connection: inside a transaction.
        told: what a reader made of a source; `Post.source` is its row as text, or "".

    Returns:
        The same posts as they are stored now, with their ids.
    """
    of_account: dict[str, int] = {}
    stored = []
    for post in told:
        account = of_account.get(post.account)
        if account is None:
            account = of_account[post.account] = put_account(connection, post.account).id
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM posts p JOIN accounts a ON a.id = p.account WHERE p.account = ? AND p.key = ?",
            (account, post.key),
        ).fetchone()
        merged = post if row is None else merge(_post(row), post)
        values = (
            merged.time,
            merged.type,
            merged.caption,
            merged.permalink,
            merged.shortcode,
            json.dumps({name: value for name, value in merged.metrics.items() if value is not None}),
            merged.boosted,
            merged.collected,
            json.dumps(merged.files),
            int(merged.source) if merged.source.isdecimal() else None,
        )
        if row is None:
            cursor = connection.execute(
                "INSERT INTO posts (time, type, caption, permalink, shortcode, metrics, boosted, collected, files,"
                " source, account, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, account, post.key),
            )
            merged = replace(merged, id=PostId(cursor.lastrowid or 0))
        else:
            connection.execute(
                "UPDATE posts SET time = ?, type = ?, caption = ?, permalink = ?, shortcode = ?, metrics = ?,"
                " boosted = ?, collected = ?, files = ?, source = ? WHERE id = ?",
                (*values, merged.id),
            )
        stored.append(merged)
    return tuple(stored)


def merge(old: Post, new: Post) -> Post:
    """One post from two sources: the newest numbers win, and what only one of them knows is kept.

    Where it is not known when numbers were taken, those of the source that is read later count as newer.
    """
    if old.collected is not None and (new.collected is None or new.collected < old.collected):
        old, new, id_ = new, old, old.id or new.id
    else:
        id_ = old.id or new.id
    told = {name: value for name, value in new.metrics.items() if value is not None}
    return replace(
        new,
        time=old.time if new.time is None else new.time,
        caption=new.caption or old.caption,
        permalink=new.permalink or old.permalink,
        shortcode=new.shortcode or old.shortcode,
        metrics={**{name: value for name, value in old.metrics.items() if value is not None}, **told},
        boosted=new.boosted or old.boosted,
        source=new.source if told or not old.source else old.source,
        collected=new.collected if new.collected is not None else old.collected,
        files=new.files or old.files,
        id=id_,
    )


# --- photos of posts -----------------------------------------------------------------------------------------------


def pictures(connection: sqlite3.Connection) -> tuple[PostPicture, ...]:
    """Which photos belong to which post, in the order of posts and places."""
    rows = connection.execute(
        "SELECT post, photo, place, weight, how, confirmed FROM post_pictures ORDER BY post, place, photo"
    )
    return tuple(
        PostPicture(PostId(post), PhotoId(photo), place, weight, How(how), bool(confirmed))
        for post, photo, place, weight, how, confirmed in rows
    )


def set_pictures(connection: sqlite3.Connection, found: Iterable[PostPicture]) -> None:
    """Replace what an earlier match found; what a person confirmed stays, and nothing is added to those posts."""
    connection.execute("DELETE FROM post_pictures WHERE confirmed = 0")
    confirmed = {post for (post,) in connection.execute("SELECT DISTINCT post FROM post_pictures")}
    connection.executemany(
        "INSERT OR REPLACE INTO post_pictures (post, photo, place, weight, how, confirmed)"
        " SELECT p.id, f.id, ?, ?, ?, ? FROM posts p, photos f WHERE p.id = ? AND f.id = ?",
        [
            (one.place, one.weight, one.how.value, one.confirmed, one.post, one.photo)
            for one in found
            if one.post not in confirmed
        ],
    )


def confirm(connection: sqlite3.Connection, post: PostId, photos: Iterable[PostPicture]) -> tuple[PostPicture, ...]:
    """Say by hand which photos a post has. Returns those it had."""
    before = tuple(one for one in pictures(connection) if one.post == post)
    connection.execute("DELETE FROM post_pictures WHERE post = ?", (post,))
    connection.executemany(
        "INSERT INTO post_pictures (post, photo, place, weight, how, confirmed) VALUES (?, ?, ?, ?, ?, ?)",
        [(post, one.photo, one.place, one.weight, one.how.value, one.confirmed) for one in photos],
    )
    return before


# --- decisions -----------------------------------------------------------------------------------------------------


def decide(connection: sqlite3.Connection, kind: str, key: str, value: Any, now: float) -> None:
    """Remember what a person decided; None forgets it. `value` is anything JSON holds."""
    if value is None:
        connection.execute("DELETE FROM decisions WHERE kind = ? AND key = ?", (kind, key))
        return
    connection.execute(
        "INSERT OR REPLACE INTO decisions (kind, key, value, time) VALUES (?, ?, ?, ?)",
        (kind, key, json.dumps(value), now),
    )


def decisions(connection: sqlite3.Connection, kind: str) -> dict[str, Any]:
    """What was decided about one kind of thing, by key."""
    rows = connection.execute("SELECT key, value FROM decisions WHERE kind = ? ORDER BY key", (kind,))
    return {key: json.loads(value) for key, value in rows}
