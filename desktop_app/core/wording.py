"""Numbers, durations, sizes, paths and counts as words for a person; no Qt, no locale.

Everything the window and the command line say about quantities is phrased here, so that both say it alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from desktop_app.core.types import Reason

ELLIPSIS = "…"
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
UNKNOWN = "\N{EN DASH}"

_UNITS = ("KB", "MB", "GB", "TB", "PB")


def number(value: int) -> str:
    """A whole number with thousands separators: `12,431`."""
    return f"{value:,}" if value >= 0 else f"{MINUS}{-value:,}"


def count(value: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 photo`, `3,120 photos`. `many` defaults to `one` + "s"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A length of time: `45 s`, `6 min`, `1 h 20 min`, `2 days`.

    Rounded to 5 s under a minute and to minutes above; never "0 s", since something is still to be done.
    A value that is not a finite number gives "".
    """
    if not math.isfinite(seconds):
        return ""
    steps = max(1, round(max(0.0, seconds) / 5))
    if steps < 12:
        return f"{steps * 5} s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{round(minutes / 60)} h"
    return f"{round(hours / 24)} days"


def time_left(seconds: float | None) -> str:
    """How long something still takes: `about 45 s left`; "" while that is not known."""
    if seconds is None or seconds < 0:
        return ""
    words = duration(seconds)
    return f"about {words} left" if words else ""


def progress(text: str, done: int, total: int, seconds_left: float | None = None) -> str:
    """One line for a running job: `Adding photos: 3,120 of 12,431, about 45 s left`.

    Args:
        text: What is being done, without a colon.
        done: How many are done.
        total: How many there are; 0 means not known yet, and then no total is named.
        seconds_left: None while it is not known.
    """
    if total > 0:
        line = f"{text}: {number(min(done, total))} of {number(total)}"
    else:
        line = f"{text}: {number(done)}" if done > 0 else text
    left = time_left(seconds_left)
    return f"{line}, {left}" if left else line


def byte_size(size: int) -> str:
    """A file's size in powers of 1000, as file managers show it: `812 bytes`, `4.2 MB`, `31 MB`."""
    if size < 1000:
        return count(max(0, size), "byte")
    value = float(size)
    for unit in _UNITS:
        value /= 1000
        # 999.6 KB would be written as 1000 KB: the next unit says it shorter
        if value < 999.5 or unit == _UNITS[-1]:
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    raise AssertionError


def pixel_size(width: int, height: int) -> str:
    """A picture's size with a multiplication sign: `4,032 x 3,024 pixels`."""
    return f"{number(width)} {TIMES} {number(height)} pixels"


def megapixels(width: int, height: int) -> str:
    """A picture's area: `12.2 megapixels`, `240 megapixels`."""
    area = width * height / 1e6
    return f"{area:.1f} megapixels" if area < 99.95 else f"{area:,.0f} megapixels"


def likeness(score: float) -> str:
    """A likeness in two digits: `0.93`, with a real minus sign below 0; a dash where it is not a number."""
    if not math.isfinite(score):
        return UNKNOWN
    words = f"{abs(score):.2f}"
    return words if score >= 0 or float(words) == 0 else MINUS + words


def coordinates(latitude: float, longitude: float) -> str:
    """A place on earth to about a metre: `52.52000° N, 13.40500° E`."""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.5f}° {north}, {abs(longitude):.5f}° {east}"


def place_link(latitude: float, longitude: float) -> str:
    """The same as a link that map programs understand, to be copied: `geo:52.52000,13.40500` (RFC 5870)."""
    return f"geo:{latitude:.5f},{longitude:.5f}"


def altitude(metres: float) -> str:
    """A height: `34 m above sea level`, `400 m below sea level`."""
    return f"{number(round(abs(metres)))} m {'above' if round(metres) >= 0 else 'below'} sea level"


def stars(rating: int) -> str:
    """A rating: `4 of 5 stars`, `rejected`."""
    return "rejected" if rating < 0 else f"{rating} of 5 stars"


def rate(photos_per_second: float) -> str:
    """A speed: `212 photos/s`, `3.4 photos/s`; "" where nothing was measured."""
    if not math.isfinite(photos_per_second) or photos_per_second <= 0:
        return ""
    digits = 1 if photos_per_second < 9.95 else 0
    return f"{photos_per_second:,.{digits}f} photos/s"


def printable(name: str) -> str:
    """A name or path on one line; what cannot be printed (line breaks, turned text, bytes that are no text) is marked.

    So it can be painted, copied and written to a file as text, and cannot pose as another name.
    """
    # the joiner inside emoji is the one invisible character that names hold for good reason
    return "".join(c if c.isprintable() or c == "\u200d" else "\N{REPLACEMENT CHARACTER}" for c in name)


def shorten_middle(text: str, limit: int) -> str:
    """`text` with its middle left out so that at most `limit` characters stay (at least 3)."""
    limit = max(3, limit)
    if len(text) <= limit:
        return text
    head = (limit - 1) // 2
    tail = limit - 1 - head
    return text[:head] + ELLIPSIS + text[-tail:]


def shorten_path(path: str, limit: int) -> str:
    """A path with middle folders left out: `/home/anna/…/2019/Family`.

    The last part is what tells paths apart, so it stays longest; only when it alone is longer than
    `limit` characters it is shortened in its own middle. Both kinds of slash are understood.
    """
    if len(path) <= limit:
        return path
    slash = "\\" if path.count("\\") > path.count("/") else "/"
    parts = path.split(slash)
    # the beginning of an absolute path: "" before "/", "C:" on Windows, "\\server" of a share
    first = 1
    while first < len(parts) and parts[first - 1] == "":
        first += 1
    root, rest = parts[:first], parts[first:]
    if not rest:
        return shorten_middle(path, limit)
    best = slash.join([ELLIPSIS, rest[-1]])
    if len(best) > limit:
        return shorten_middle(rest[-1], limit)
    # from both ends towards the middle, the end first, as long as it fits
    head: list[str] = []
    tail = [rest[-1]]
    middle = rest[:-1]
    from_start = [*root]
    while middle:
        grown = False
        for at_end in (True, False):
            if not middle:
                break
            candidate_head = head if at_end else [*head, middle[0]]
            candidate_tail = [middle[-1], *tail] if at_end else tail
            words = slash.join([*from_start, *candidate_head, ELLIPSIS, *candidate_tail])
            if len(words) <= limit:
                head, tail = candidate_head, candidate_tail
                middle = middle[:-1] if at_end else middle[1:]
                best = words
                grown = True
        if not grown:
            break
    return best


def not_shown_headline(total: int) -> str:
    """The headline of "Not shown": `23 files are not shown.`, and a sentence of its own for none."""
    if total == 0:
        return "Every file is shown."
    return "1 file is not shown." if total == 1 else f"{number(total)} files are not shown."


def not_shown_reasons(videos: int, others: int, reasons: Iterable[tuple[Reason, int]]) -> str:
    """`14 videos · 6 in the cloud, not on this computer · 2 damaged`: counts that are not 0, most first.

    Videos and other files are counted first: they are no failures and so never stand between them.
    """
    words = [count(videos, "video")] if videos else []
    words += [count(others, "other file")] if others else []
    found = sorted(((n, reason) for reason, n in reasons if n), key=lambda pair: -pair[0])
    return " · ".join([*words, *(f"{number(n)} {reason.short}" for n, reason in found)])
