"""Rows of a table as posts: what Business Suite's CSV and a person's own spreadsheet have in common."""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop_app.core.errors import UserError
from desktop_app.core.insights.addresses import shortcode_of, type_of
from desktop_app.core.insights.columns import metrics_of, place, simple
from desktop_app.core.insights.dates import Order, moment, order_of
from desktop_app.core.insights.numbers import number
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.tables import Head, head_of, rows_of
from desktop_app.core.posts import Post, PostType

_TYPES: tuple[tuple[PostType, tuple[str, ...]], ...] = (
    ("carousel", ("carousel", "karussell", "carrossel", "carrusel", "karusell", "album", "sidecar", "galer")),
    ("story", ("story", "stories", "historia", "händelse", "handelse")),
    ("reel", ("reel", "video", "clip", "igtv", "vidéo")),
    ("photo", ("image", "photo", "bild", "imag", "foto", "picture", "post")),
)
_YES = frozenset(
    (
        "yes",
        "true",
        "1",
        "y",
        "ja",
        "sim",
        "sí",
        "si",
        "oui",
        "boosted",
        "promoted",
        "beworben",
        "sant",
        "x",
        "wahr",
        "vrai",
    )
)
_ROUNDED_ID = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_DAY = re.compile(r"\d{1,4}\W\d{1,2}\W\d{1,4}")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}.*")
_TOTALS = frozenset(("total", "totals", "sum", "gesamt", "summe", "suma", "totaux", "summa", "totalt"))
_STEP = 1_000  # rows between two reports
_MOST_ROWS = 5_000_000


def reading(path: Path, mapping: Mapping[str, str] | None = None, account: str = "") -> Generator[int, None, Reading]:
    """The posts of a table; yields how many rows were read, every so often.

    Args:
        path: a CSV or XLSX file.
        mapping: a person's column mapper: field (`columns.FIELDS`) to header; "" says that there is none.
        account: whose posts they are where no column says so.

    Raises:
        UserError: it is no table of posts, or cannot be read.
    """
    head = head_of(path)
    columns = place(head.headers, mapping or {})
    check(path, columns)
    order = _order(path, head, columns.get("time"))
    collected, source = _changed(path), str(path)
    posts: dict[tuple[str, str], Post] = {}
    daily: set[tuple[str, str]] = set()
    zoned = timed = rounded = bad_times = 0
    for count, row in enumerate(rows_of(path, head)):
        if count % _STEP == 0:
            yield count
        if count > _MOST_ROWS:
            raise UserError(f"{path.name} has more than {_MOST_ROWS:,} rows.")
        cells = _Cells(row, columns)
        if cells.is_total():
            continue
        when = cells.when(order)
        timed += when is not None
        zoned += when is not None and when[1]
        bad_times += when is None and bool(cells.text("time"))
        post = _post(cells, columns, when[0] if when else None, account, source, collected)
        if post is None:
            continue
        rounded += post.key.startswith("row ") and bool(cells.text("id"))
        known = posts.get((post.account, post.key))
        if known is None:
            if cells.is_daily():
                daily.add((post.account, post.key))
            posts[post.account, post.key] = post
        else:
            one_day = cells.is_daily()
            was_daily = (post.account, post.key) in daily
            if one_day and was_daily:
                posts[post.account, post.key] = _summed(known, post)
            elif not one_day:  # the whole time, or a later row of the same post
                daily.discard((post.account, post.key))
                posts[post.account, post.key] = post if was_daily else _over(known, post)
    remarks = _remarks(path, bad_times, rounded, order, columns)
    return Reading(tuple(posts.values()), zoned=timed > 0 and zoned == timed, account="", remarks=remarks)


def check(path: Path, columns: Mapping[str, int]) -> None:
    """A table of posts has something to know a post by, and a number.

    Raises:
        UserError: with what is missing.
    """
    if not any(name in columns for name in ("permalink", "time", "file", "id")):
        raise UserError(
            f"{path.name} has no column with a time, a link or a file name. Say which columns are which.",
        )
    if not metrics_of(columns):
        raise UserError(f"{path.name} has no column with likes, views or another number. Say which columns are which.")


class _Cells:
    """One row by field."""

    def __init__(self, row: Sequence[object], columns: Mapping[str, int]) -> None:
        self._row, self._columns = row, columns

    def raw(self, field: str) -> object:
        at = self._columns.get(field)
        value = None if at is None or at >= len(self._row) else self._row[at]
        return "" if value is None else value

    def text(self, field: str) -> str:
        value = self.raw(field)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()

    def is_total(self) -> bool:
        """A sum below the table."""
        if any(self.text(name) for name in ("permalink", "time", "file")):
            return False
        return bool(self._row) and simple(self._row[0] or "") in _TOTALS

    def when(self, order: Order) -> tuple[float, bool] | None:
        """The time, also where day and clock have columns of their own."""
        found = moment(self.raw("time"), order) if "time" in self._columns else None
        if found is None and "day" in self._columns:
            day, clock = self.text("day"), self.text("time")
            if _DAY.match(day) and (not clock or _CLOCK.fullmatch(clock)):
                found = moment(f"{day.split(' ')[0]} {clock}".strip(), order)
        return found

    def is_daily(self) -> bool:
        """Whether the numbers are those of one day."""
        text = self.text("day")
        return bool(_DAY.match(text)) and moment(self.raw("day"), "dmy") != moment(self.raw("time"), "dmy")


def _post(
    cells: _Cells, columns: Mapping[str, int], when: float | None, account: str, source: str, collected: float | None
) -> Post | None:
    permalink, file = cells.text("permalink"), cells.text("file")
    shortcode = shortcode_of(permalink) or shortcode_of(file)
    numbers = {name: number(cells.raw(name)) for name in metrics_of(columns)}
    caption = str(cells.raw("caption") or "").replace("\r\n", "\n").strip()
    owner = sys.intern(cells.text("account").lstrip("@").strip() or account)
    given = cells.text("id").strip("'\"=")
    if _ROUNDED_ID.fullmatch(given) or given in ("0", "-"):
        given = ""  # a spreadsheet rounded it: many posts share it now
    files = (file,) if file and not shortcode_of(file) else ()
    if not (shortcode or given or files or when is not None):
        return None
    key = shortcode or given or (files[0] if files else "") or f"row {when:.0f} {caption[:80]}"
    return Post(
        key=key,
        account=owner,
        time=when,
        type=_type(cells.text("type"), permalink),
        caption=caption,
        permalink=permalink,
        shortcode=shortcode,
        metrics=numbers,
        boosted=cells.text("boosted").casefold() in _YES,
        source=source,
        collected=collected,
        files=files,
    )


def _type(text: str, permalink: str) -> PostType:
    folded = text.casefold()
    for kind, words in _TYPES:
        if kind != "photo" and any(word in folded for word in words):
            return kind
    return type_of(permalink) or "photo"


def _over(older: Post, newer: Post) -> Post:
    """Two rows of one post: what the later one knows counts."""
    numbers = {**older.metrics, **{name: value for name, value in newer.metrics.items() if value is not None}}
    boosted = older.boosted or newer.boosted
    return replace(newer, metrics=numbers, caption=newer.caption or older.caption, boosted=boosted)


def _summed(one: Post, other: Post) -> Post:
    """Numbers of two days together."""
    numbers = dict(one.metrics)
    for name, value in other.metrics.items():
        now = numbers.get(name)
        numbers[name] = value if now is None else now if value is None else now + value
    return replace(one, metrics=numbers)


def _order(path: Path, head: Head, column: int | None) -> Order:
    """Day or month first: by the values; where none decides, by the language of the headers."""
    if column is None:
        return "mdy"

    def values() -> Iterator[str]:
        for row in rows_of(path, head):
            if isinstance(row[column], str):
                yield str(row[column])

    english = any(simple(header) in ("publish time", "post id", "description") for header in head.headers)
    return order_of(values(), "mdy" if english else "dmy")[0]


def _changed(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _remarks(path: Path, bad_times: int, rounded: int, order: Order, columns: Mapping[str, int]) -> tuple[str, ...]:
    found = []
    if bad_times:
        rows = "1 row has" if bad_times == 1 else f"{bad_times:,} rows have"
        found.append(f"{path.name}: {rows} a time that cannot be read.")
    if rounded:
        found.append(f"{path.name}: a spreadsheet program rounded the post ids. They are not used.")
    return tuple(found)
