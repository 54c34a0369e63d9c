"""Tables as rows: CSV in any encoding and with any separator, and XLSX. Streamed: a row at a time is in memory."""

from __future__ import annotations

import codecs
import csv
import struct
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.insights.columns import guess

_HEAD = 1 << 16  # bytes that separator and headers are guessed from
_CHUNK = 1 << 20
_HEADER_WITHIN = 20  # rows: programs write titles and periods above their headers
_MOST_COLUMNS = 2_000
_LARGEST_SHEET = 1 << 30  # bytes that an XLSX may unpack to

# What openpyxl, zipfile and the XML parser were seen to raise for damaged workbooks.
_SHEET_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
)

EXCEL = frozenset((".xlsx", ".xlsm"))
TEXT = frozenset((".csv", ".tsv", ".txt", ".tab"))


@dataclass(frozen=True, slots=True)
class Head:
    """How a table begins.

    Attributes:
        headers: the names of its columns.
        rows: the first few rows below them.
        skip: rows above the headers.
        encoding: of a CSV; "" for XLSX.
        separator: of a CSV; "" for XLSX.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    skip: int
    encoding: str = ""
    separator: str = ""


def head_of(path: Path) -> Head:
    """Look at the beginning of a table.

    Raises:
        UserError: it is no table, is empty, or cannot be read.
    """
    encoding, separator = "", ""
    if path.suffix.lower() not in EXCEL:
        encoding = _encoding(path)
        separator = _separator(path, encoding)
    rows: list[tuple[object, ...]] = []
    with closing(_all_rows(path, encoding, separator)) as listing:
        for row in listing:
            rows.append(tuple(row))
            if len(rows) >= _HEADER_WITHIN + 5:
                break
    if not rows:
        raise UserError(f"{path.name} is empty.")
    known = [len(guess(row)) for row in rows[:_HEADER_WITHIN]]
    filled = [sum(str(cell or "").strip() != "" for cell in row) for row in rows[:_HEADER_WITHIN]]
    best = max(known)
    skip = known.index(best) if best >= 2 else next((at for at, count in enumerate(filled) if count >= 2), 0)
    headers = tuple(str(cell if cell is not None else "").strip() for cell in rows[skip])
    if len(headers) > _MOST_COLUMNS:
        raise UserError(f"{path.name} has {len(headers):,} columns: that is no table of posts.")
    if sum(map(bool, headers)) < 2:
        raise UserError(f"{path.name} has no columns that can be told apart.")
    return Head(headers, tuple(rows[skip + 1 : skip + 6]), skip, encoding, separator)


def rows_of(path: Path, head: Head) -> Iterator[Sequence[object]]:
    """The rows below the headers, blank ones left out. Short rows are filled up with "".

    Raises:
        UserError: the file breaks off, or cannot be read.
    """
    width = len(head.headers)
    for number, row in enumerate(_all_rows(path, head.encoding, head.separator)):
        if number <= head.skip:
            continue
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        yield row


def _all_rows(path: Path, encoding: str, separator: str) -> Generator[Sequence[object], None, None]:
    """Every row that is not blank."""
    listing = _csv_rows(path, encoding, separator) if encoding else _sheet_rows(path)
    with closing(listing):
        for row in listing:
            if any(cell is not None and str(cell).strip() for cell in row):
                yield row


def _csv_rows(path: Path, encoding: str, separator: str) -> Generator[Sequence[object], None, None]:
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            start = file.tell()
            if not file.readline(200).lower().lstrip("\ufeff").startswith("sep="):
                file.seek(start)
            lines = (line.replace("\0", "") for line in file)
            yield from csv.reader(lines, delimiter=separator)
    except csv.Error as error:
        raise UserError(f"{path.name} is damaged: a text in it never ends.", str(error)) from error
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", str(error)) from error


def _encoding(path: Path) -> str:
    """The encoding of a text file: by its mark, its zeros, or by being sound UTF-8 from end to end; else Windows'."""
    try:
        with path.open("rb") as file:
            head = file.read(4_096)
            if not head.strip(b"\0 \r\n\t"):
                raise UserError(f"{path.name} is empty.")
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if head.startswith(b"PK\x03\x04"):
                raise UserError(f"{path.name} is not a CSV file. Save the table as CSV or XLSX.")
            zeros = head[0::2].count(0), head[1::2].count(0)
            if max(zeros) > len(head) // 8:
                return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
            decoder = codecs.getincrementaldecoder("utf-8")()
            piece = head
            while piece:
                decoder.decode(piece)
                piece = file.read(_CHUNK)
            decoder.decode(b"", final=False)
            return "utf-8-sig"
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", str(error)) from error


def _separator(path: Path, encoding: str) -> str:
    """The mark between columns: the one that parts the first rows into most columns with known names."""
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            text = file.read(_HEAD)
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", str(error)) from error
    if text.lower().startswith("sep=") and len(text) > 4:
        return text[4]
    lines = text.splitlines(keepends=True)[: _HEADER_WITHIN * 4]
    best, found = (-1, -1), ","
    for mark in ",;\t|":
        try:
            rows = [row for row, _ in zip(csv.reader(lines, delimiter=mark), range(_HEADER_WITHIN), strict=False)]
        except csv.Error:
            continue
        score = (max((len(guess(row)) for row in rows), default=0), max((len(row) for row in rows[:3]), default=0))
        if score > best:
            best, found = score, mark
    return found


def _sheet_rows(path: Path) -> Generator[Sequence[object], None, None]:
    """The rows of the sheet that looks most like a table of posts."""
    import openpyxl  # some 0.2 s, and few ask

    book: Any = None
    try:
        # opened here, so that it is closed too where the package gives up half way
        with path.open("rb") as file:
            try:
                with zipfile.ZipFile(file) as archive:
                    if sum(info.file_size for info in archive.infolist()) > _LARGEST_SHEET:
                        raise UserError(f"{path.name} is too large. Save the sheet as CSV.")
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # about styles and extensions that do not matter here
                    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
                    sheet = _best_sheet(book)
                for row in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS + 1) if sheet is not None else ():
                    cells = list(row)
                    while cells and cells[-1] is None:  # rows come as wide as was asked for
                        cells.pop()
                    yield cells
            finally:
                if book is not None:
                    book.close()
    except OSError as error:
        raise UserError(f"{path.name} cannot be read.", str(error)) from error
    except _SHEET_ERRORS as error:
        raise UserError(f"{path.name} is damaged, or no XLSX file.", str(error)) from error


def _best_sheet(book: Any) -> Any:
    best, found = -1, None
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # programs write wrong ones
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_row=_HEADER_WITHIN)):
            score = len(guess([cell if cell is not None else "" for cell in row])) * 100 - number
            if score > best:
                best, found = score, sheet
    return found
