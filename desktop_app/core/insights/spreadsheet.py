"""A person's own table: any CSV or XLSX with a column of file names, of links or of times, and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.table_posts import read_table


def read_spreadsheet(path: Path, mapping: Mapping[str, str] | None = None, account: str = "") -> Reading:
    """The posts of a table (`table_posts.read_table`).

    Raises:
        UserError: nothing in it says which post a row is of, or it cannot be read.
    """
    return read_table(path, mapping, account)


def name_in(cell: str) -> str:
    """The file name in a cell that holds a name, a path or an address; in lower case."""
    text = cell.strip().strip("\"'")
    if "://" in text:
        text = unquote(urlsplit(text).path)
    return PurePosixPath(text.replace("\\", "/")).name.casefold()
