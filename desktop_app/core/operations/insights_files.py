"""Tables of insights as CSV and XLSX, and files that are whole or not there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.core.insights.report_tables import Cell, Table
from desktop_app.core.operations.label_csv import guarded

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # a sheet's XML cannot hold these
_LONGEST = 32_000  # characters in a cell of a sheet


def write_tables(tables: Sequence[Table], path: Path) -> tuple[Path, ...]:
    """Write tables: all into one workbook for `.xlsx`, else one CSV each.

    The first CSV gets the path itself, the others its name with the table's title behind it. Text that a spreadsheet
    would run as a formula is neutralised.

    Args:
        tables: in their order.
        path: decides the format by its ending.

    Returns:
        What was written.

    Raises:
        UserError: it cannot be written.
    """
    if path.suffix.lower() == ".xlsx":
        _write_bytes(path, _workbook(tables))
        return (path,)
    written = []
    for at, table in enumerate(tables):
        own = path if not at else path.with_name(f"{path.stem} {table.title.lower()}{path.suffix or '.csv'}")
        # the mark at its beginning tells Excel that it is UTF-8
        _write_bytes(own, csv_text(table).encode("utf-8-sig", "replace"))
        written.append(own)
    return tuple(written)


def csv_text(table: Table) -> str:
    """One table as CSV, for a file or the clipboard."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.header)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return stream.getvalue()


def write_text(path: Path, text: str) -> None:
    """Write a file; an old one stays whole until the new one is.

    Raises:
        UserError: it cannot be written.
    """
    _write_bytes(path, text.encode("utf-8", "replace"))


def _safe(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


def _workbook(tables: Sequence[Table]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for table in tables or (Table("Empty", (), ()),):
        sheet = book.create_sheet(re.sub(r"[\\/?*\[\]:]", " ", table.title)[:31])
        sheet.freeze_panes = "A2"

        def cell(value: Cell, *, bold: bool = False, sheet: object = sheet) -> object:
            if isinstance(value, str):
                value = guarded(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST])
            made = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                made.data_type = "s"  # text, whatever it begins with
            if bold:
                made.font = Font(bold=True)
            return made

        sheet.append([cell(name, bold=True) for name in table.header])
        for row in table.rows:
            sheet.append([cell(value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_bytes(path: Path, data: bytes) -> None:
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            temporary.unlink(missing_ok=True)
        raise UserError(f"The file cannot be written: {path}.", str(error)) from error
