"""What a new match does to posts that were stored before: they keep their ids, and nothing of what was told of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from desktop_app.core.posts import PostId


@dataclass(frozen=True, slots=True)
class Naming:
    """By what a post is known now, and was known before: another source may have told its shortcode meanwhile."""

    account: str
    key: str
    aliases: Sequence[str]


def prepare(connection: sqlite3.Connection, posts: Iterable[Naming]) -> None:
    """Give stored posts the keys they are known by now, and empty them: what is stored next is all there is."""
    accounts = {
        str(name).casefold(): int(id_)
        for id_, name in connection.execute("SELECT id, name FROM accounts ORDER BY removed IS NULL, id DESC")
    }
    for post in posts:
        account = accounts.get(post.account.casefold())
        if account is None:
            continue
        here = _find(connection, account, post.key)
        for alias in post.aliases:
            other = _find(connection, account, alias)
            if other is None or other == here:
                continue
            if here is None:
                connection.execute("UPDATE posts SET key = ? WHERE id = ?", (post.key, other))
                here = other
                continue
            # what a person put together stays with the post
            connection.execute(
                "UPDATE OR IGNORE post_pictures SET post = ? WHERE post = ? AND confirmed = 1", (here, other)
            )
            connection.execute("DELETE FROM posts WHERE id = ?", (other,))
        if here is not None:
            connection.execute(
                "UPDATE posts SET time = NULL, caption = '', permalink = '', shortcode = '', metrics = '{}',"
                " boosted = 0, collected = NULL, files = '[]', source = NULL WHERE id = ?",
                (here,),
            )


def _find(connection: sqlite3.Connection, account: int, key: str) -> int | None:
    row = connection.execute("SELECT id FROM posts WHERE account = ? AND key = ?", (account, key)).fetchone()
    return int(row[0]) if row else None


def drop_others(connection: sqlite3.Connection, kept: Collection[PostId]) -> int:
    """Forget posts that no source tells of any more; returns how many.

    Those of removed sources and accounts stay for as long as these can be brought back.
    """
    rows = connection.execute(
        "SELECT p.id FROM posts p JOIN accounts a ON a.id = p.account LEFT JOIN sources s ON s.id = p.source"
        " WHERE a.removed IS NULL AND s.removed IS NULL"
    ).fetchall()
    gone = [(id_,) for (id_,) in rows if id_ not in kept]
    connection.executemany("DELETE FROM posts WHERE id = ?", gone)
    return len(gone)
