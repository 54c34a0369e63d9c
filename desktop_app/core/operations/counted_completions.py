"""Completions with the number of photos that choosing them leaves, whatever else is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.catalog.photo_table import Mask
from desktop_app.core.operations.places import Ids
from desktop_app.core.searching import FilterKind, Query, Words
from desktop_app.core.words.found import Completion
from desktop_app.core.words.texts import fold

if TYPE_CHECKING:
    from desktop_app.core.operations.search import Searcher

ANY = "any of these"
"""The hint of a word that is meant in every way: as a thing, and as a name of folders, keywords, answers, cameras."""

_SPARE = 2  # times as many are looked at as are wanted: some find nothing beside what is looked for already


def parted(text: str, instead_of: str) -> tuple[str, bool]:
    """What stays of a text whose end becomes a completion, and whether that end was to be left out."""
    before = text.rstrip()
    before = before.removesuffix(instead_of) if instead_of else before.rpartition(" ")[0]
    before = before.rstrip('“”"')
    return before.removesuffix("-").strip(), before.endswith("-")


def chosen(query: Query, text: str, one: Completion) -> Query:
    """What is looked for once a completion is chosen.

    Args:
        query: what is looked for without what is being typed.
        text: what is being typed; its beginning stays there.
        one: the completion.
    """
    rest, minus = parted(text, one.instead_of)
    return replace(query, words=(*query.words, *_typed(rest), Words(one.text, one.sense, minus=minus)))


def counted_completions(
    searcher: Searcher, query: Query, text: str, limit: int, extra: Ids | None = None
) -> tuple[Completion, ...]:
    """What the end of a text may become, each with just as many photos as choosing it finds; runs on the query lane.

    Args:
        searcher: of the library.
        query: what is looked for without what is being typed.
        text: what is being typed.
        limit: the most completions.
        extra: int64 (n,), only these photos may be found; None for all.

    Raises:
        UserError: the words of the program are missing, or of all that is looked for nothing is left.
    """
    plain = query.is_empty and extra is None
    found = _with_whole_words(searcher.words.complete(text, limit if plain else _SPARE * limit))
    among = _Among(searcher, query, extra)
    made: list[Completion] = []
    for one in found:
        rest, minus = parted(text, one.instead_of)
        known = plain and not rest and not minus and one.count > 0
        count = one.count if known else among.count(text, one)
        if count:
            made.append(one if count == one.count else replace(one, count=count))
        if len(made) >= limit:
            break
    return tuple(made)


def _with_whole_words(found: Sequence[Completion]) -> tuple[Completion, ...]:
    """Before a word that is a thing as well as a name the same word as all of them, still to be counted."""
    kinds: dict[str, set[str]] = {}
    for one in found:
        kinds.setdefault(fold(one.text), set()).add(one.kind)
    made: list[Completion] = []
    for one in found:
        word = fold(one.text)
        if len(kinds.get(word, ())) > 1:
            # with a space behind it is a whole word: "car" is no longer a carnival
            made.append(replace(one, text=f"{one.text.lower()} ", sense="", hint=ANY, count=0, kind="thing"))
            kinds[word] = set()
        made.append(one)
    return tuple(made)


class _Among:
    """Counts among the photos that are found without a completion: those are looked up once for several."""

    def __init__(self, searcher: Searcher, query: Query, extra: Ids | None) -> None:
        self._searcher, self._query, self._extra = searcher, query, extra
        # a limit of the score looks at all of a search together
        self._whole = any(one.on and one.kind is FilterKind.SCORE for one in query.filters)
        self._found: dict[str, tuple[int, Mask]] = {}

    def count(self, text: str, one: Completion) -> int:
        if self._whole:
            return len(self._searcher.run(chosen(self._query, text, one), extra=self._extra, look=False).ids)
        rest, minus = parted(text, one.instead_of)
        count, others = self._without(rest)
        own = self._searcher.words.fitting(Words(one.text, one.sense))
        fits = int(np.count_nonzero(others[own[own < len(others)]]))
        return count - fits if minus else fits

    def _without(self, rest: str) -> tuple[int, Mask]:
        """How many photos all else finds, and whether each is among them, bool (highest id + 1,)."""
        if rest not in self._found:
            query = replace(self._query, words=(*self._query.words, *_typed(rest)))
            ids = self._searcher.run(query, extra=self._extra, look=False).ids
            mask = np.zeros(int(ids.max(initial=0)) + 1, np.bool_)
            mask[ids] = True
            self._found[rest] = len(ids), mask
        return self._found[rest]


def _typed(text: str) -> Sequence[Words]:
    return (Words(text),) if text else ()
