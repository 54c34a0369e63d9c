"""The content export of Meta Business Suite: a CSV in the language of whoever made it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.insights.columns import FIELDS, guess, metrics_of, place
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.table_posts import reading
from desktop_app.core.insights.tables import Head, head_of

_MARKS = ("id", "time", "permalink", "type", "duration", "note", "account", "account_id")


@dataclass(frozen=True, slots=True)
class Columns:
    """A table as the column mapper shows it.

    Attributes:
        headers: the names of its columns.
        fields: what is known of them: field to header.
        unknown: headers of which nothing is known.
        examples: the first few rows as text.
    """

    headers: tuple[str, ...]
    fields: Mapping[str, str]
    unknown: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]


def columns_of(path: Path, mapping: Mapping[str, str] | None = None) -> Columns:
    """What the columns of a table are, by their names and by what a person said of them.

    Raises:
        UserError: it is no table, or cannot be read.
    """
    head = head_of(path)
    found = place(head.headers, mapping or {})
    taken = set(found.values())
    return Columns(
        head.headers,
        {name: head.headers[found[name]] for name in FIELDS if name in found},
        tuple(header for at, header in enumerate(head.headers) if header and at not in taken),
        tuple(tuple("" if cell is None else str(cell) for cell in row) for row in head.rows),
    )


def is_business(head: Head) -> bool:
    """Whether a table looks like Business Suite's, by what columns it has."""
    found = guess(head.headers)
    return sum(name in found for name in _MARKS) >= 4 and bool(metrics_of(found)) and "file" not in found


def read_business(
    path: Path, mapping: Mapping[str, str] | None = None, account: str = ""
) -> Generator[int, None, Reading]:
    """The posts of a Business Suite CSV (`table_posts.reading`). Several accounts may be in it.

    Its times are a wall clock's without a zone: `Reading.zoned` is False.

    Raises:
        UserError: it has no columns that posts could be known by, or cannot be read.
    """
    return (yield from reading(path, mapping, account))
