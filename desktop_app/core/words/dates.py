"""Dates as people type them: "2019", "May", "may 2019", "2019-05", "12 May 2019", "12.5.2019"."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMBERS = {name.lower(): place for place, name in enumerate(MONTHS, 1)}
_NUMBERS |= {name.lower()[:3]: place for place, name in enumerate(MONTHS, 1)} | {"sept": 9}
_YEARS = range(1800, 2200)

_NAME = r"(?P<name>[a-z]+)\.?"
_YEAR, _DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        _YEAR,
        _NAME,
        rf"{_NAME} {_YEAR}",
        rf"{_YEAR} {_NAME}",
        rf"{_DAY} {_NAME}",
        rf"{_NAME} {_DAY}",
        rf"{_DAY} {_NAME},? {_YEAR}",
        rf"{_NAME} {_DAY},? {_YEAR}",
        r"(?P<year>\d{4})[-./](?P<month>\d{1,2})",
        r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<month>\d{1,2})[./](?P<year>\d{4})",
    )
)


@dataclass(frozen=True, slots=True)
class Date:
    """A year, a month, a day, or what of them is known; 0 for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def text(self) -> str:
        """As a person writes it: "12 May 2019"."""
        parts = (str(self.day or ""), MONTHS[self.month - 1] if self.month else "", str(self.year or ""))
        return " ".join(part for part in parts if part)


def read_date(text: str) -> Date | None:
    """The date that a text is; None where it is none."""
    plain = " ".join(text.lower().split())
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict()
            name = parts.get("name")
            month = _NUMBERS.get(name, 0) if name else int(parts.get("month") or 0)
            date = Date(int(parts.get("year") or 0), month, int(parts.get("day") or 0))
            if _is_one(date, named=bool(name), has_month="month" in parts, has_day="day" in parts):
                return date
    return None


def _is_one(date: Date, *, named: bool, has_month: bool, has_day: bool) -> bool:
    return (
        (not date.year or date.year in _YEARS)
        and (not (named or has_month) or 1 <= date.month <= 12)
        and (not has_day or 1 <= date.day <= 31)
    )
