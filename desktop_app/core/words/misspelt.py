"""Misspelt words: those that were probably meant, by how many letters are wrong, missing, too many or swapped."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from desktop_app.core.words.texts import fold

_ONE, _TWO, _THREE = 4, 6, 11  # letters from which on so many may be wrong


_SOUNDS_ALIKE = 0.5
"""How far a word is that sounds alike, in letters: nearer than one with a wrong letter."""


def meant(word: str, known: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """Known words that a misspelt one probably stands for, the likeliest first; see `readings`."""
    return tuple(one for _, one in readings(word, known, limit))


def readings(word: str, known: Sequence[str], limit: int = 3) -> tuple[tuple[float, str], ...]:
    """Known words that a misspelt one may stand for, and how far each is, the nearest first.

    10,000 are looked at in some 3 ms, the first time in 15. The first letter is seldom wrong: other words count only
    where nothing else is. One that is written otherwise and spoken alike ("elefant") is nearer than any with a wrong
    letter ("elegant").

    Args:
        word: as typed.
        known: words, folded.
        limit: the most words.

    Returns:
        How many letters are wrong, missing, too many or swapped; a half where only the spelling of a sound differs.
    """
    wanted = fold(word)
    allowed = sum(len(wanted) >= length for length in (_ONE, _TWO, _THREE))
    if not allowed or not any(char.isalpha() for char in wanted):
        return ()
    # some 30 ms to load: who spells well need not wait
    from rapidfuzz import process
    from rapidfuzz.distance import OSA, JaroWinkler

    found = process.extract(wanted, known, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    near: dict[str, float] = {
        one: float(distance)
        for one, distance, _ in found
        if one[:1] == wanted[:1] or (distance == 1 and len(wanted) > _ONE)
    }
    sound = _sound(wanted)
    near.update((one, _SOUNDS_ALIKE) for one in known if near.get(one) != 0 and _sound(one) == sound)
    order = sorted((distance, -JaroWinkler.similarity(wanted, one), one) for one, distance in near.items())
    return tuple((distance, one) for distance, _, one in order[:limit])


_SPELLINGS = (("ph", "f"), ("ck", "k"), ("qu", "kw"))
_LETTERS = str.maketrans({"c": "k", "z": "s", "y": "i", "x": "ks", "v": "w"})
_TWICE = re.compile(r"(.)\1")


@functools.lru_cache(maxsize=1 << 16)
def _sound(word: str) -> str:
    """A word in letters that stand for one sound each, roughly: other spellings of it give the same."""
    for spelling, letter in _SPELLINGS:
        word = word.replace(spelling, letter)
    return _TWICE.sub(r"\1", word.translate(_LETTERS))


def alike(word: str, known: Sequence[str], limit: int = 5) -> tuple[str, ...]:
    """Known words that look a little like one, the most alike first; for "did you mean"."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.extract(fold(word), known, scorer=JaroWinkler.similarity, score_cutoff=0.84, limit=limit)
    return tuple(one for one, _, _ in found)
