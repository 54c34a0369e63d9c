"""Captions: repaired where an export broke them, and compared where two sources tell of one post."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+", re.UNICODE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_COMPARED = 400  # characters: enough to tell captions apart, and quick
_EDITED = 0.6  # the part in common from which two captions are one that was edited


def repair(text: str) -> str:
    """Undo what the JSON download does to text: UTF-8 bytes are written as if each were a character.

    What is sound stays as it is, so that repairing twice is repairing once.
    """
    while not text.isascii():
        try:
            better = text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return text
        text = better
    return text


def plain(text: str) -> str:
    """A caption as it is compared: without spaces, line breaks, marks and case, which exports change at will."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = "".join(text.casefold().split())
    return text if text.isascii() else _UNSEEN.sub("", text)


def is_edit(one: str, other: str) -> bool:
    """Whether one of two plain captions is the other, edited: much in common, or one is the beginning of the other."""
    one, other = one[:_COMPARED], other[:_COMPARED]
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 8 and longer.startswith(shorter):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _EDITED and matcher.ratio() >= _EDITED


def first_words(text: str, count: int = 6) -> str:
    """The beginning of a caption, for a report; "" where it has no words."""
    words = _WORD.findall(text)
    line = " ".join(text.split())
    if len(words) <= count and len(line) <= 60:
        return line
    short = " ".join(line.split(" ")[:count])[:60].rstrip()
    return f"{short}…"
