"""Rows of a path and a label in CSV files, as spreadsheets and people write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import Origin

_PATH_NAMES = {"path", "file", "filename", "file name", "file_name", "filepath", "image", "photo", "name"}
_LABEL_NAMES = {"label", "labels", "class", "answer", "category", "tag"}
_IS_IMAGE = re.compile(r"\.\w{2,5}$")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(value: str) -> str:
    """A value that no spreadsheet runs as a formula."""
    return f"'{value}" if _FORMULA.match(value) else value


def unguarded(value: str) -> str:
    """The value that `guarded` was given."""
    return value[1:] if value.startswith("'") and _FORMULA.match(value) else value


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a path as it was written, and the label; "" where there is none."""

    path: str
    label: str
    origin: Origin


def read_rows(path: Path) -> list[Row]:
    """The rows of a file. A header, a byte-order mark, `;` or tabs and Windows' old encoding are understood.

    Raises:
        UserError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"There is no file at {path}.") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path.name} cannot be read.", str(error)) from error
    text = _decoded(data)
    named = re.match(r"sep=([,;\t])\r?\n", text)  # what Excel writes to tell itself
    if named:
        text = text[named.end() :]
    lines = text.splitlines(keepends=True)
    separator = named.group(1) if named else _separator(lines)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        cells = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UserError(f"Line {reader.line_num:,} of {path.name} cannot be read.", str(error)) from error
    return _rows(cells)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(lines: Sequence[str]) -> str:
    """The separator by which the first lines are most like rows of a path and a label."""
    sample = [line for line in lines if line.strip()][:50]

    def fits(separator: str) -> tuple[bool, int, int]:
        try:
            rows = list(csv.reader(sample, delimiter=separator))
        except csv.Error:
            return (False, 0, 0)
        wide = [row for row in rows if len(row) > 1]
        return (bool(rows) and _header(rows[0]) is not None, len(wide), sum(_looks_like_path(row[0]) for row in wide))

    return max((";", "\t", ","), key=fits)


def _looks_like_path(cell: str) -> bool:
    return _IS_IMAGE.search(cell.strip()) is not None


def _header(row: Sequence[str]) -> tuple[int, int, int] | None:
    """Columns of path, label and origin (-1 for none) if a row names them."""
    names = [cell.strip().casefold() for cell in row]
    path = next((at for at, name in enumerate(names) if name in _PATH_NAMES), None)
    label = next((at for at, name in enumerate(names) if name in _LABEL_NAMES), None)
    if len(row) < 2 or (path is None and (label is None or any(_looks_like_path(cell) for cell in row))):
        return None
    if path is None:
        path = 1 if label == 0 else 0
    if label is None:
        label = 1 if path == 0 else 0
    return path, label, names.index("origin") if "origin" in names else -1


def _rows(cells: Sequence[Sequence[str]]) -> list[Row]:
    header = _header(cells[0]) if cells else None
    path, label, origin = header or (0, 1, -1)

    def cell(row: Sequence[str], at: int) -> str:
        return row[at] if 0 <= at < len(row) else ""

    return [
        Row(
            cell(row, path).strip(),
            cell(row, label),
            Origin.BULK if cell(row, origin).strip().casefold() == Origin.BULK.value else Origin.IMPORT,
        )
        for row in (cells[1:] if header else cells)
    ]
