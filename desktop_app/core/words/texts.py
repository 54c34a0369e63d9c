"""Names looked through for words: many short texts as one long one, so that 100,000 of them take a few milliseconds."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

END = "\0"
"""What ends each text; no name has it."""

WHOLE, WORD, BEGINS = 3, 2, 1
"""How well a word is found: it is the whole text, a word in it, or a word begins so."""

_OTHER, _LETTER, _DIGIT, _ALONE = 0, 1, 2, 3
_SCRIPTS_WITHOUT_SPACES = "\u0e00"  # from here on letters stand beside one another without spaces, mostly
_OFTEN = 5_000  # from here on looking at every place at once is quicker
_ACCENTS = ("\u0300", "\u036f")


_NONE: tuple[Rows, npt.NDArray[np.int8]] = np.empty(0, np.int64), np.empty(0, np.int8)


def fold(text: str) -> str:
    """A text as it is compared: in small letters, without accents, in one of the ways that Unicode can write it."""
    if text.isascii():
        return text.lower()
    first, last = _ACCENTS
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not first <= char <= last)
    return unicodedata.normalize("NFC", plain)


class Texts:
    """Some texts in an order. May be read on any thread.

    Args:
        joined: the texts, folded, each ended by `END`.
    """

    def __init__(self, joined: str) -> None:
        self._joined = joined
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._codes = codes.astype(np.uint8) if joined.isascii() else codes
        self._ends: Rows = np.flatnonzero(codes == 0)
        kinds = _kinds_of(codes)
        self._kinds = kinds
        # where a word may begin, or end before: at its place the kind of character is another, or each stands alone
        self._edges = np.ones(len(kinds) + 1, bool)
        self._edges[1:-1] = (kinds[1:] != kinds[:-1]) | (kinds[:-1] == _ALONE) | (kinds[:-1] == _OTHER)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Texts:
        """Texts as a person wrote them."""
        return cls("".join(fold(line.replace(END, " ")) + END for line in lines))

    def __len__(self) -> int:
        return len(self._ends)

    def find(self, word: str, *, begins: bool = False) -> tuple[Rows, npt.NDArray[np.int8]]:
        """The texts that have a word.

        Args:
            word: folded; several words have to stand beside one another, whatever spaces and signs are between them.
            begins: take words that begin so, too.

        Returns:
            Int64 (n,) rising, and int8 (n,) how well: `WHOLE`, `WORD` or `BEGINS`.
        """
        parts = "".join(char if _kind(char) else " " for char in word).split()
        starts = self._starts(parts[0]) if parts else np.empty(0, np.int64)
        if not len(starts):
            return _NONE
        stops = starts + len(parts[0])
        for part in parts[1:]:
            at = self._after(stops)
            fits = self._edges[stops] & (self._codes[np.minimum(at, len(self._codes) - 1)] == ord(part[0]))
            starts, at = starts[fits], at[fits]
            fits = np.array([self._joined.startswith(part, where) for where in at.tolist()], bool)
            starts, stops = starts[fits], at[fits] + len(part)
        whole_words = self._edges[stops]
        if not begins:
            starts, stops, whole_words = starts[whole_words], stops[whole_words], whole_words[whole_words]
        if not len(starts):
            return _NONE
        rows = np.searchsorted(self._ends, starts)
        firsts = np.where(rows > 0, self._ends[rows - 1] + 1, 0)
        how = np.where(whole_words, WORD, BEGINS).astype(np.int8)
        how[(starts == firsts) & (stops == self._ends[rows])] = WHOLE
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        return rows[first], np.maximum.reduceat(how, first)

    def _starts(self, part: str) -> Rows:
        """Where words begin with a part."""
        found, joined, step = [], self._joined, len(part)
        if joined.count(part) > _OFTEN:
            fits = self._edges[: max(0, len(self._codes) - step + 1)].copy()
            for place, char in enumerate(part):
                fits &= self._codes[place : place + len(fits)] == ord(char)
            return np.flatnonzero(fits)
        at = joined.find(part)
        while at >= 0:
            found.append(at)
            at = joined.find(part, at + 1)
        places = np.array(found, np.int64)
        return places[self._edges[places]]

    def _after(self, at: Rows) -> Rows:
        """Where the next word begins: beyond spaces, dashes and the like, but not in the next text."""
        at = at.copy()
        for _ in range(3):
            inside = np.minimum(at, len(self._kinds) - 1)
            between = (self._kinds[inside] == _OTHER) & (self._codes[inside] != 0)
            at += between
        return at


def _kinds_of(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int8]:
    """What each character is: int8, as many."""
    ascii_kinds = _ascii_kinds()
    kinds: npt.NDArray[np.int8] = ascii_kinds[np.minimum(codes, 127)]
    beyond = np.flatnonzero(codes > 127)
    if len(beyond):
        values, where = np.unique(codes[beyond], return_inverse=True)
        kinds[beyond] = np.array([_kind(chr(value)) for value in values.tolist()], np.int8)[where]
    return kinds


@functools.cache
def _ascii_kinds() -> npt.NDArray[np.int8]:
    return np.array([_kind(chr(code)) for code in range(128)], np.int8)


def _kind(char: str) -> int:
    if char.isdigit():
        return _DIGIT
    if char.isalpha():
        return _ALONE if char >= _SCRIPTS_WITHOUT_SPACES and not "\u1e00" <= char < "\u2000" else _LETTER
    # the vowels of Indian and other scripts are marks
    return _LETTER if unicodedata.category(char).startswith("M") else _OTHER
