"""A person's own table: any CSV or XLSX with a column of file names, of links or of times, and numbers."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.table_posts import reading


def read_spreadsheet(
    path: Path, mapping: Mapping[str, str] | None = None, account: str = ""
) -> Generator[int, None, Reading]:
    """The posts of a table (`table_posts.reading`).

    Raises:
        UserError: nothing in it says which post a row is of, or it cannot be read.
    """
    return (yield from reading(path, mapping, account))


def name_in(cell: str) -> str:
    """The file name in a cell that holds a name, a path or an address; in lower case."""
    text = cell.strip().strip("\"'")
    if "://" in text:
        text = unquote(urlsplit(text).path)
    return PurePosixPath(text.replace("\\", "/")).name.casefold()
