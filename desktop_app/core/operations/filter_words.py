"""What the chip of a filter says: "in Family / 2019", "May 2019", "not labelled: era"."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from desktop_app.core import wording
from desktop_app.core.catalog import answers
from desktop_app.core.labelling import NONE_OF_THESE, LabelFilter, LabelSet, Origin
from desktop_app.core.library import Library
from desktop_app.core.searching import Filter, FilterKind

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNKNOWN_CAMERA = "unknown camera"
ODD = "odd ones out"
_MANY = 3  # choices that a chip names
_ORIGINS = {
    Origin.HAND: "given by hand",
    Origin.SUGGESTION: "guess accepted",
    Origin.IMPORT: "from folders or a file",
    Origin.BULK: "guesses taken at once",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What is called how in a library.

    Attributes:
        folders: by id.
        label_sets: by id.
        themes: by id.
    """

    folders: Mapping[int, str] = field(default_factory=dict)
    label_sets: Mapping[int, LabelSet] = field(default_factory=dict)
    themes: Mapping[int, str] = field(default_factory=dict)


def names_of(library: Library) -> Names:
    """The names of folders, label sets and themes as they are now."""
    connection = library.connection
    folders = connection.execute("SELECT id, name FROM folders WHERE removed IS NULL").fetchall()
    sets = {int(one.id): one for one in answers.all_sets(connection)}
    themes = connection.execute(
        "SELECT id, CASE WHEN name <> '' THEN name WHEN proposed <> '' THEN proposed"
        " WHEN kind = 'odd' THEN ? ELSE ? || (place + 1) END FROM themes WHERE removed IS NULL AND place IS NOT NULL",
        (ODD, "theme "),
    ).fetchall()
    return Names(dict(folders), sets, dict(themes))


def worded(wish: Filter, names: Names) -> Filter:
    """The same filter with its words."""
    return replace(wish, words=words_of(wish, names))


def words_of(wish: Filter, names: Names) -> str:
    """What its chip says, in one line without a full stop."""
    kind = wish.kind
    if kind is FilterKind.FOLDER:
        place = names.folders.get(int(wish.folder), "a folder that is gone") if wish.folder is not None else ""
        parts = [place, *wish.text.split("/")]
        return f"in {wording.printable(' / '.join(part for part in parts if part))}"
    if kind is FilterKind.TAKEN:
        return days_words(wish.first, wish.last)
    if kind is FilterKind.ON_THIS_DAY:
        return f"{wish.day} {MONTHS[(wish.month - 1) % 12]} in any year"
    if kind is FilterKind.LABEL and wish.label is not None:
        return _label_words(wish.label, names.label_sets.get(int(wish.label.label_set)))
    if kind is FilterKind.CAMERA:
        return _either([name or UNKNOWN_CAMERA for name in wish.choices])
    if kind is FilterKind.SHAPE:
        return _either([shape.value for shape in wish.shapes])
    if kind is FilterKind.SIZE:
        return _range_words(wish.least, wish.most, "megapixel", "megapixels")
    if kind is FilterKind.FILE_SIZE:
        return _range_words(wish.least, wish.most, "MB", "MB")
    if kind is FilterKind.RATING:
        return _rating_words(wish.least, wish.most)
    if kind is FilterKind.KEYWORD:
        return f"keyword {_either(wish.choices)}"
    if kind is FilterKind.LOCATED:
        both = len(set(wish.choices) & {"yes", "no"}) != 1
        return "place known or not" if both else "place known" if "yes" in wish.choices else "no place known"
    if kind is FilterKind.THEME:
        named = names.themes.get(wish.theme or 0, "theme that is gone")
        return named if named.startswith(("theme ", ODD)) else f"theme {named}"
    if kind is FilterKind.SCORE:
        return f"likeness at least {wording.likeness(wish.least or 0.0)}"
    return wish.text if kind is FilterKind.WORDS else _either(wish.choices)


def days_words(first: date | None, last: date | None) -> str:
    """A range of days: "2019", "May 2019", "12 May 2019", "May to July 2019", "since 3 May 2019"."""
    if first is None or last is None:
        if first is not None:
            return f"since {day_words(first)}"
        return f"until {day_words(last)}" if last is not None else "any day"
    if first == last:
        return day_words(first)
    starts_month, ends_month = first.day == 1, last.day == calendar.monthrange(last.year, last.month)[1]
    if starts_month and ends_month:
        if (first.month, last.month) == (1, 12):
            return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
        if (first.year, first.month) == (last.year, last.month):
            return month_words(first.year, first.month)
        begin = MONTHS[first.month - 1] if first.year == last.year else month_words(first.year, first.month)
        return f"{begin} to {month_words(last.year, last.month)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"


def day_words(day: date) -> str:
    """One day: "12 May 2019"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_words(year: int, month: int) -> str:
    """One month: "May 2019"."""
    return f"{MONTHS[month - 1]} {year}"


def week_of(day: date) -> tuple[date, date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _label_words(wish: LabelFilter, label_set: LabelSet | None) -> str:
    name = label_set.name if label_set is not None else "a label set that is gone"
    if not wish.answers and not wish.origins:
        return f"labelled: {name}" if wish.labelled else f"not labelled: {name}"
    given = [_answer_name(label_set, answer) for answer in wish.answers]
    given += [_ORIGINS[origin] for origin in wish.origins]
    return f"{name}: {'' if wish.labelled else 'not '}{_either(given)}"


def _answer_name(label_set: LabelSet | None, answer: int | None) -> str:
    if answer is None:
        return NONE_OF_THESE
    found = None if label_set is None else next((one for one in label_set.answers if one.id == answer), None)
    return "an answer that is gone" if found is None else found.name


def _either(names: Sequence[str]) -> str:
    """Names as alternatives: "JPEG", "JPEG or PNG", "JPEG, PNG or 3 others"."""
    names = [wording.printable(name) for name in names]
    if not names:
        return "nothing"
    if len(names) > _MANY:
        names = [*names[: _MANY - 1], wording.count(len(names) - _MANY + 1, "other")]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _range_words(least: float | None, most: float | None, one: str, many: str) -> str:
    if least is not None and most is not None:
        return f"{_plain(least)} to {_plain(most)} {many}"
    if least is not None:
        return f"at least {_plain(least)} {one if least == 1 else many}"
    return f"under {_plain(most)} {one if most == 1 else many}" if most is not None else f"any number of {many}"


def _plain(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _rating_words(least: float | None, most: float | None) -> str:
    low, high = -1 if least is None else round(least), 5 if most is None else round(most)
    if low == high:
        return {-1: "rejected", 0: "no stars"}.get(low, wording.count(low, "star"))
    if high >= 5:
        return {-1: "any stars", 0: "not rejected"}.get(low, f"{wording.count(low, 'star')} or more")
    if low <= 0:
        return f"at most {wording.count(high, 'star')}" if high else "no stars or rejected"
    return f"{low} to {wording.count(high, 'star')}"
