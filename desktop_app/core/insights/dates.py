"""Times as tables write them: the day or the month first, with or without a clock, mostly without a zone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

Order = Literal["mdy", "dmy", "ymd"]

_PARTS = re.compile(
    r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})\.?"
    r"(?:,?[ T]\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?"
    r"\s*([AaPp])?\.?\s?(?:[Mm]\.?)?\s*(Z|UTC|GMT|[+\-]\d{2}:?\d{2})?"
)
_EXCEL_EPOCH = 25_569  # days from its zero (30 December 1899) to 1970


def order_of(texts: Iterable[str], default: Order = "mdy") -> tuple[Order, bool]:
    """In which order a column writes day and month.

    Args:
        texts: some of its values; reading ends as soon as they decide.
        default: what to take where every day is at most the twelfth.

    Returns:
        The order, and whether the values decided it.
    """
    points = None
    votes = {"mdy": 0, "dmy": 0}
    for text in texts:
        found = _PARTS.match(text.strip())
        if not found:
            continue
        first, second = int(found.group(1)), int(found.group(2))
        if len(found.group(1)) == 4:
            return "ymd", True
        points = points or "." in text.split(" ")[0]
        if first > 12 >= second:
            votes["dmy"] += 1
        elif second > 12 >= first:
            votes["mdy"] += 1
        if max(votes.values()) >= 20 and min(votes.values()) == 0:
            break
    if votes["dmy"] != votes["mdy"]:
        return ("dmy" if votes["dmy"] > votes["mdy"] else "mdy"), True
    return ("dmy", True) if points else (default, False)


def moment(value: object, order: Order) -> tuple[float, bool] | None:
    """A time in seconds since 1970, and whether it had a zone; without one, the clock is read as if it were UTC.

    None where the value is no time: also for the thirteenth month, whatever that was.
    """
    if isinstance(value, datetime):
        return (value.timestamp(), True) if value.tzinfo else (float(calendar.timegm(value.timetuple())), False)
    if isinstance(value, date):
        return float(calendar.timegm(value.timetuple())), False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(float(value))
    text = str(value).strip()
    found = _PARTS.fullmatch(text)
    if not found:
        return _of_number(float(text)) if re.fullmatch(r"\d{9,13}(\.\d+)?", text) else None
    one, two, three = (int(part) for part in found.group(1, 2, 3))
    if len(found.group(1)) == 4:
        year, month, day = one, two, three
    elif order == "dmy":
        day, month, year = one, two, three
    else:
        month, day, year = one, two, three
    if year < 100:
        year += 2000
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    half = (found.group(7) or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        seconds = float(calendar.timegm(datetime(year, month, day, hour, minute, min(second, 59)).timetuple()))
    except ValueError:
        return None
    zone = found.group(8)
    if zone is None:
        return seconds, False
    if zone[0] in "+-":
        shift = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
        seconds -= shift if zone[0] == "+" else -shift
    return seconds, True


def _of_number(value: float) -> tuple[float, bool] | None:
    """Seconds or milliseconds since 1970 are UTC; a small number is a spreadsheet's day count without a zone."""
    if 1e8 < value < 1e10:
        return value, True
    if 1e11 < value < 1e13:
        return value / 1000, True
    if 20_000 < value < 80_000:
        return round((value - _EXCEL_EPOCH) * 86_400), False
    return None
