"""What a dropped file or folder is: which export, whose account, and whether that is likely one's own."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from desktop_app.core.errors import UserError
from desktop_app.core.insights import business_csv, download_zip, instaloader, tables
from desktop_app.core.insights.business_csv import is_business
from desktop_app.core.insights.columns import guess, metrics_of, place
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.spreadsheet import read_spreadsheet
from desktop_app.core.insights.table_posts import check
from desktop_app.core.insights.tables import head_of, rows_of
from desktop_app.core.insights.zip_folder import Tree, open_tree
from desktop_app.core.posts import Role

Kind = Literal["download", "instaloader", "business", "spreadsheet"]

KINDS: Final[tuple[Kind, ...]] = ("download", "instaloader", "business", "spreadsheet")

WITH_PICTURES: Final[frozenset[str]] = frozenset(("download", "instaloader"))
"""Kinds that hold the pictures themselves."""

TITLES: Final[Mapping[str, str]] = {
    "download": "Instagram download",
    "instaloader": "Instaloader folder",
    "business": "Business Suite table",
    "spreadsheet": "Spreadsheet",
}

_OWN_ONLY = ("views", "impressions", "reach", "saves", "shares", "follows")  # nobody sees others' numbers of these
_LOOKED_AT = 2_000  # rows


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a path is.

    Attributes:
        path: absolute.
        kind: one of `KINDS`.
        account: whose posts these are; "" where the file does not say, or says so per row.
        accounts: all the accounts it names; those of the first rows of a table.
        role: whose account that is likely to be.
        root: the folder to add to the library (`archive.zip!` for an archive); None where there are no pictures.
        ready: False for a table of which nobody has said yet which columns are which.
    """

    path: Path
    kind: Kind
    account: str
    accounts: tuple[str, ...]
    role: Role
    root: Path | None
    ready: bool = True


def recognise(path: Path, own: frozenset[str] = frozenset()) -> Recognised:
    """Look at a file or a folder, and say which export it is.

    Args:
        path: a zip, a folder, a CSV or an XLSX file.
        own: accounts that are known to be one's own, in lower case.

    Raises:
        UserError: it is none of these, with the reason; a zip that should not be trusted.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or suffix == ".zip":
        return _tree(path, own)
    if not path.is_file():
        raise UserError(f"There is nothing at {path}.")
    if suffix in tables.TEXT or suffix in tables.EXCEL:
        return _table(path, own)
    if suffix == ".json":
        raise UserError(f"{path.name} is one file of a download. Drop the whole folder or the zip.")
    if suffix == ".xls":
        raise UserError(f"{path.name} is an old Excel file. Save it as XLSX or CSV.")
    raise UserError(f"Likeness cannot read posts from {path.name}.")


def _tree(path: Path, own: frozenset[str]) -> Recognised:
    tree = open_tree(path)
    if download_zip.is_download(tree):
        account = download_zip.account_of(tree)
        return Recognised(path, "download", account, (account,) if account else (), "own", tree.root)
    if download_zip.is_html(tree):
        raise UserError(f"{path.name} is the download in HTML. Ask Instagram for it once more, in the format JSON.")
    if instaloader.is_instaloader(tree):
        account = instaloader.account_of(tree)
        role: Role = "own" if account.casefold() in own else "competitor"
        return Recognised(path, "instaloader", account, (account,), role, tree.root)
    inner = _only_table(tree)
    hint = f" Unpack it, and drop {inner}." if inner else ""
    raise UserError(f"{path.name} holds no posts of Instagram that Likeness can read.{hint}")


def _only_table(tree: Tree) -> str:
    found = [name for name in tree.names if Path(name).suffix.lower() in (tables.TEXT | tables.EXCEL) - {".txt"}]
    return found[0].rpartition("/")[2] if len(found) == 1 else ""


def _table(path: Path, own: frozenset[str]) -> Recognised:
    head = head_of(path)
    columns = guess(head.headers)
    try:
        check(path, columns)
        ready = True
    except UserError:
        ready = False
    accounts: dict[str, None] = {}
    if "account" in columns:
        for count, row in enumerate(rows_of(path, head)):
            name = str(row[columns["account"]] or "").strip().lstrip("@")
            if name:
                accounts[name] = None
            if count >= _LOOKED_AT:
                break
    private = any(name in _OWN_ONLY for name in metrics_of(columns))
    mine = private or any(name.casefold() in own for name in accounts)
    return Recognised(
        path,
        "business" if is_business(head) else "spreadsheet",
        next(iter(accounts)) if len(accounts) == 1 else "",
        tuple(accounts),
        "own" if mine else "competitor",
        None,
        ready,
    )


def read(path: Path, kind: str, *, account: str = "", mapping: Mapping[str, str] | None = None) -> Reading:
    """The posts of a source, read to its end (`reading`).

    Raises:
        UserError: it is not there, damaged, or not of this kind.
    """
    steps = reading(path, kind, account=account, mapping=mapping)
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            found: Reading = ended.value
            return found


def reading(
    path: Path, kind: str, *, account: str = "", mapping: Mapping[str, str] | None = None
) -> Generator[int, None, Reading]:
    """The posts of a source; yields how many rows or posts were read, every so often.

    Args:
        path: where it is.
        kind: one of `KINDS`.
        account: whose posts they are where it does not say.
        mapping: a person's column mapper, for tables.

    Raises:
        UserError: it is not there, damaged, or not of this kind.
    """
    if kind == "download":
        return (yield from download_zip.read_download(open_tree(path), account))
    if kind == "instaloader":
        return (yield from instaloader.read_instaloader(open_tree(path), account))
    if kind == "business":
        return (yield from business_csv.read_business(path, mapping, account))
    if kind == "spreadsheet":
        return (yield from read_spreadsheet(path, mapping, account))
    raise UserError(f"Likeness does not know what {path.name} is.", kind)


def mapped(path: Path, mapping: Mapping[str, str]) -> None:
    """Check that a column mapper makes a table one of posts.

    Raises:
        UserError: with what is missing.
    """
    check(path, place(head_of(path).headers, mapping))
