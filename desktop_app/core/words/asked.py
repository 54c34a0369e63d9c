"""What a person typed into the search: words, phrases in quotes, and what is not wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

MINUS = "-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}"
QUOTES = '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}«»'
_PART = re.compile(
    rf"(?P<minus>[{MINUS}]?)[{QUOTES}](?P<quoted>[^{QUOTES}]*)(?P<closed>[{QUOTES}]?)|(?P<word>[^\s,;{QUOTES}]+)|(?P<cut>[,;])"
)
_ARTICLES = ("a", "an", "and", "at", "by", "from", "in", "my", "of", "on", "or", "the", "to", "with")
_SMALL = frozenset((*_ARTICLES, "image", "images", "photo", "photos", "picture", "pictures"))
LONGEST = 5
"""Words of the longest phrase: a "black and tan coonhound"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that photos are to have, or not to have.

    Attributes:
        text: a word, or several that are one thing.
        minus: photos that fit it are left out.
        quoted: it stood in quotes: not to be read as anything else.
        typing: it is the last, and may go on.
    """

    text: str
    minus: bool = False
    quoted: bool = False
    typing: bool = False


def read_words(text: str, is_one: Callable[[str], bool]) -> tuple[Asked, ...]:
    """What is asked. Words that are one thing are taken as one, from the left, the longest first.

    Small words ("photos", "of") are left out where they are not part of one, unless nothing else was typed.

    Args:
        text: as typed.
        is_one: whether several words, with one space between, are one thing.
    """
    runs = _runs(text)
    found = [asked for run in runs for asked in _joined(run, is_one)]
    wanted = [one for one in found if one.quoted or one.text.lower() not in _SMALL or one.typing]
    if wanted and len(wanted) > 1 and wanted[-1].typing and wanted[-1].text.lower() in _SMALL:
        wanted.pop()  # nobody means "of" while typing on
    return tuple(wanted or found)


def _runs(text: str) -> list[list[Asked]]:
    """Words that may belong together: quotes, commas and minus end what was before them."""
    runs: list[list[Asked]] = [[]]
    for part in _PART.finditer(text):
        quoted, word = part["quoted"], part["word"]
        if part["cut"]:
            runs.append([])
        elif quoted is not None:
            plain = " ".join(quoted.split())
            # of a quote that is not closed yet the end is being typed
            asked = Asked(plain, bool(part["minus"]), True, not part["closed"] and part.end() == len(text))
            runs += [[asked], []] if plain else [[]]
        elif word[0] in MINUS and len(word) > 1:
            runs += [[Asked(word[1:], True, typing=part.end() == len(text))], []]
        elif word not in MINUS:
            runs[-1].append(Asked(word, typing=part.end() == len(text)))
    return [run for run in runs if run]


def _joined(run: Sequence[Asked], is_one: Callable[[str], bool]) -> list[Asked]:
    found, at = [], 0
    while at < len(run):
        for count in range(min(LONGEST, len(run) - at), 1, -1):
            phrase = " ".join(one.text for one in run[at : at + count])
            if is_one(phrase):
                break
        else:
            count, phrase = 1, run[at].text
        found.append(replace(run[at], text=phrase, typing=run[at + count - 1].typing))
        at += count
    return found
