"""Misspelt words: those that were probably meant, by how many letters are wrong, missing, too many or swapped."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.core.words.texts import fold

_ONE, _TWO, _THREE = 4, 6, 11  # letters from which on so many may be wrong


def meant(word: str, known: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """Known words that a misspelt one probably stands for, the likeliest first. 10,000 are looked at in some 3 ms.

    The first letter is seldom wrong: other words count only where nothing else is.

    Args:
        word: as typed.
        known: words, folded.
        limit: the most words.
    """
    wanted = fold(word)
    allowed = sum(len(wanted) >= length for length in (_ONE, _TWO, _THREE))
    if not allowed or not any(char.isalpha() for char in wanted):
        return ()
    # some 30 ms to load: who spells well need not wait
    from rapidfuzz import process
    from rapidfuzz.distance import OSA, JaroWinkler

    found = process.extract(wanted, known, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    near = [
        (distance, -JaroWinkler.similarity(wanted, one), one)
        for one, distance, _ in found
        if one[:1] == wanted[:1] or (distance == 1 and len(wanted) > _ONE)
    ]
    return tuple(one for _, _, one in sorted(near)[:limit])


def alike(word: str, known: Sequence[str], limit: int = 5) -> tuple[str, ...]:
    """Known words that look a little like one, the most alike first; for "did you mean"."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.extract(fold(word), known, scorer=JaroWinkler.similarity, score_cutoff=0.84, limit=limit)
    return tuple(one for one, _, _ in found)
