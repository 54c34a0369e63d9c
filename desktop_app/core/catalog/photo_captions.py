"""What was written under photos, where they belong to posts."""

from __future__ import annotations

import sqlite3


def captions(connection: sqlite3.Connection) -> dict[int, str]:
    """By photo the captions of the posts that it belongs to; those of several posts on lines of their own.

    Posts of removed accounts and sources are left out.
    """
    rows = connection.execute(
        "SELECT pp.photo, p.caption FROM post_pictures pp JOIN posts p ON p.id = pp.post"
        " JOIN accounts a ON a.id = p.account AND a.removed IS NULL"
        " LEFT JOIN sources s ON s.id = p.source WHERE s.removed IS NULL AND p.caption != '' ORDER BY pp.photo, p.id"
    )
    found: dict[int, str] = {}
    for photo, caption in rows:
        found[photo] = f"{found[photo]}\n{caption}" if photo in found else caption
    return found
