"""Numbers as people and their programs write them.

What is counted here are likes and views: whole numbers, so that three digits behind a single point or comma are
thousands ("2.300" is two thousand three hundred), whatever the language of the rest.
"""

from __future__ import annotations

import math
import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_MISSING = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "n/a",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "k.a.",
        "k. a.",
        "n.d.",
        "n. d.",
        "s/d",
        "…",
        "...",
    )
)
_SCALES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "tys", "mil", "mille", "tn", "tusen", "t", "thousand"), 1e3),
    **dict.fromkeys(
        ("m", "mio", "mio.", "mi", "mn", "mln", "mill", "mill.", "milj", "milj.", "million", "millions"), 1e6
    ),
    **dict.fromkeys(("millionen", "millones", "milhões", "milhoes", "miljoner", "mkr"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "md", "mds", "bi", "mdr", "mdkr", "billion", "milliarden"), 1e9),
}
_SPLIT = re.compile(r"([+\-]?[0-9][0-9.,'\u2019 ]*(?:[eE][+\-]?[0-9]+)?)\s*([^\W\d_.]+\.?)?", re.UNICODE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,'\u2019 ])[0-9]{2,3})(?:\1[0-9]{2,3})*")
_LONGEST = 60


def number(value: object) -> float | None:
    """A number, or None where there is none: "--", an empty cell and words are unknown, never zero.

    "12,400", "2.300", "1 234 567", "1'234", "1.234,5", "1,2 Mio", "12K", "3 mil", "1.79E+16". A percentage is no
    count and is unknown.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    written = str(value)
    if written.isascii() and written.isdigit() and len(written) <= 15:
        return float(written)  # nearly all of them
    text = _plain(written)
    if text.casefold() in _MISSING or len(text) > _LONGEST:
        return None
    found = _SPLIT.fullmatch(text)
    if not found:
        return None
    digits, word = found.group(1).strip(), found.group(2)
    scale = 1.0
    if word:
        known = _SCALES.get(word.casefold())
        if known is None:
            return None
        scale = known
    sign = -1.0 if digits.startswith("-") else 1.0
    plain = _decimal(digits.lstrip("+-"), scaled=scale != 1.0)
    if plain is None:
        return None
    result = round(sign * plain * scale, 6)
    return result if math.isfinite(result) else None


def _plain(text: str) -> str:
    """One kind of digit, minus and space."""
    text = unicodedata.normalize("NFKC", text[: _LONGEST * 4]).replace("\u066c", ",").replace("\u066b", ".")
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    return _SPACES.sub(" ", re.sub("[\u2212\u2012\u2013\u2014\u2015]", "-", text)).strip().strip('"').strip()


def _decimal(text: str, *, scaled: bool) -> float | None:
    """The number without its sign. `scaled`: a word follows, and a single mark is a decimal one ("1,234 Mio")."""
    if "e" in text.lower():
        try:
            return float(text.lower().replace(",", "."))
        except ValueError:
            return None
    text = text.replace(" ", "'").replace("\u2019", "'")
    if "'" in text:  # always thousands
        whole, mark, rest = _cut(text)
        if not re.fullmatch(r"[0-9]{1,3}(?:'[0-9]{3})+", whole):
            return None
        return float(whole.replace("'", "") + ("." + rest if mark else ""))
    marks = [c for c in text if c in ".,"]
    if not marks:
        return float(text)
    if len(set(marks)) == 2:  # the last kind is the decimal one, and stands once
        last = marks[-1]
        other = "," if last == "." else "."
        whole, _, rest = text.rpartition(last)
        if marks.count(last) > 1 or not rest or not _GROUPED.fullmatch(whole) or last in whole:
            return None
        return float(whole.replace(other, "") + "." + rest)
    mark = marks[0]
    if len(marks) > 1:
        grouped = _GROUPED.fullmatch(text) and len(text.rpartition(mark)[2]) == 3
        return float(text.replace(mark, "")) if grouped else None
    whole, _, rest = text.partition(mark)
    thousands = len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0") and not scaled
    return float(whole + rest) if thousands else float(f"{whole}.{rest or 0}")


def _cut(text: str) -> tuple[str, str, str]:
    """Before and behind the decimal mark of a number whose thousands are marked otherwise."""
    found = re.fullmatch(r"([0-9']+)([.,])([0-9]+)", text)
    return (found.group(1), found.group(2), found.group(3)) if found else (text, "", "")
