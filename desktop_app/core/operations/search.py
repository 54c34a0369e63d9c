"""What a search finds: examples, words, colours and filters together, over a whole library.

Filters are looked up exactly, and all photos are ranked: what a filter lets through of a search is what the search has
of the photos that the filter lets through, in the same order with the same scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import filters as catalogue_filters
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness, Ranking, Scores
from desktop_app.core.operations.places import NONE, Ids
from desktop_app.core.operations.search_examples import ExampleVectors, Known, ranked
from desktop_app.core.operations.search_fusing import fuse, only
from desktop_app.core.operations.search_parts import Parts
from desktop_app.core.operations.steps import Steps, through
from desktop_app.core.searching import Box, Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import Order
from desktop_app.core.words.found import UnknownWord
from desktop_app.core.words.lookup import Sense

if TYPE_CHECKING:
    from desktop_app.core.operations.words import WordFinder

ONLY_UNWANTED = "Nothing is marked “more like this”: the photos least like the unwanted ones come first."
ALL_ARE_EXAMPLES = "Every photo here is an example itself, so none is left to show."
NO_SCORES = "“{}” is left out: nothing in this search gives photos a score."


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """The answer to a search. Safe on any thread.

    Attributes:
        ids: int64 (n,), the photos in the order that was asked for, each once.
        scores: float32 (n,), how well each fits, in [-1, 1]; None where nothing orders them. Of one kind of wish the
            score is its own: see `search_examples.ranked`, `WordMatches`, `ColourHits`, `RegionMatches`; of several it
            is their geometric mean, see `search_fusing`.
        falling: float32 (n,), the same scores, best first, whatever the order; None without scores.
        total: photos that could have been found: of a search by examples or colours those that are comparable.
        query: what was asked, with what was read of files filled in: it can be asked again when they are gone.
        remarks: what a person should know, a sentence or two each: "“a.jpg” takes no part. The file is empty."
        why: what a photo fits by, "streetcar", "folder Family"; None where there are no words.
        unknown: words that nothing is known by.
        senses: meanings that the words may have.
        boxes: where in a photo the region was found that is looked for.
    """

    ids: Ids
    scores: Scores | None
    total: int
    query: Query
    falling: Scores | None = None
    remarks: tuple[str, ...] = ()
    why: Callable[[int], str] | None = None
    unknown: tuple[UnknownWord, ...] = ()
    senses: tuple[Sense, ...] = ()
    boxes: Mapping[int, Box] = field(default_factory=dict)

    def within(self, threshold: float) -> tuple[Ids, Scores]:
        """The photos that score at least this much, in order, and their scores; only of a search that has scores."""
        assert self.scores is not None
        return at_least(self.ids, self.scores, threshold, falls=self.falling is self.scores)


def at_least(ids: Ids, scores: Scores, threshold: float, *, falls: bool) -> tuple[Ids, Scores]:
    """The photos that score at least this much, in their order, and their scores; `falls`: these are best first."""
    if falls:  # a prefix
        end = int(np.searchsorted(-scores, -threshold, side="right"))
        return ids[:end], scores[:end]
    keep = scores >= threshold
    return ids[keep], scores[keep]


@dataclass(slots=True)
class _Asked:
    """What is found out while a search is read."""

    known: list[Known] = field(default_factory=list)
    regions: list[Example] = field(default_factory=list)
    failed: list[tuple[str, UserError]] = field(default_factory=list)
    rankings: list[Ranking] = field(default_factory=list)
    allowed: list[Ids] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unknown: list[UnknownWord] = field(default_factory=list)
    boxes: dict[int, Box] = field(default_factory=dict)


class Searcher:
    """Answers searches of one library by one descriptor. Belongs to one thread: the query lane's.

    It keeps what does not change between two clicks: vectors of pictures from anywhere, what words, colours and
    filters let through, the orders by date and name. Sees at its next search what was stored meanwhile.

    Args:
        library: the open library.
        likeness: its search by the descriptor that examples are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library = library
        self.likeness = likeness
        self._parts = Parts(library, likeness)
        self._vectors = ExampleVectors(library, likeness)

    @property
    def words(self) -> WordFinder:
        """What words are looked up by; for completions."""
        return self._parts.finder()

    def warm_up(self) -> None:
        """Open all that a search by examples or words reads, so that the first is as quick as the next."""
        self.likeness.warm_up()
        self._parts.level()
        self._parts.listed(Order.DATE)
        self.words.warm_up()

    def run(
        self,
        query: Query,
        order: Order = Order.LIKENESS,
        extra: npt.NDArray[np.int64] | None = None,
        *,
        look: bool = True,
    ) -> SearchResult:
        """`steps`, all at once."""
        return through(self.steps(query, order, extra, look=look))

    def steps(
        self,
        query: Query,
        order: Order = Order.LIKENESS,
        extra: npt.NDArray[np.int64] | None = None,
        *,
        look: bool = True,
    ) -> Steps[SearchResult]:
        """Answer a search; the second look of a search by a region takes many steps, between which others may be run.

        What cannot be looked for (a picture that cannot be read, a filter whose folder is gone) takes no part, and a
        remark says so. Without any wanted example those come first that are least like the unwanted ones.

        Args:
            query: what is asked; what is switched off takes no part. Nothing at all asks for every photo.
            order: LIKENESS is best first where something in the query orders, else newest first.
            extra: int64 (n,), only these photos may be found.
            look: False leaves out the second look of a search by a region: something to show at once.

        Raises:
            UserError: of all that was to be looked for nothing is left.
        """
        parts, asked = self._parts, _Asked()
        parts.level()
        filled = tuple(self._take(one, asked) if one.on else one for one in query.examples)
        words = parts.words(tuple(one for one in query.words if one.on))
        colours = parts.colours(tuple(one for one in query.colours if one.on))
        self._filter(query.filters, asked)
        if extra is not None:
            asked.allowed.append(np.asarray(extra, np.int64))
        if asked.known:
            self._by_examples(asked)
        if words is not None:
            asked.remarks += words.remarks
            asked.unknown += words.unknown
            asked.rankings.append(Ranking(words.ids, words.scores))
        if colours is not None:
            asked.remarks += colours.remarks
            asked.rankings.append(colours.ranking)
        yield from self._by_regions(asked, look=look)
        if asked.known and len(asked.rankings) == 1 and not any(one.example.wanted for one in asked.known):
            asked.remarks.append(ONLY_UNWANTED)
        if asked.failed and not asked.rankings:
            raise _nothing_left(asked.failed)
        comparable = asked.known or asked.regions or colours is not None
        ids, scores, falling = self._ordered(asked, query.filters, order)
        if not len(ids) and parts.present:
            none = (catalogue_filters.none_fits(self._library.connection, wish) for wish in query.filters)
            asked.remarks += [sentence for sentence in none if sentence]
        failed = [f"“{name}” takes no part. {error}" for name, error in asked.failed]
        return SearchResult(
            ids,
            scores,
            self.likeness.searchable if comparable else parts.present,
            replace(query, examples=filled),
            falling,
            tuple(dict.fromkeys((*failed, *asked.remarks))),
            None if words is None else words.why,
            tuple(asked.unknown),
            () if words is None else words.senses,
            asked.boxes,
        )

    # --- what orders -----------------------------------------------------------------------------------------

    def _take(self, example: Example, asked: _Asked) -> Example:
        """Read an example for `asked`; returns it with what was read filled in."""
        try:
            known = self._vectors.know(example)
        except UserError as error:
            asked.failed.append((example.name, error))
            return example
        if known.vector is None:
            asked.regions.append(known.example)
        else:
            asked.known.append(known)
        return known.example

    def _by_examples(self, asked: _Asked) -> None:
        whole = [one.example for one in asked.known if one.example.box is None and one.example.photo is not None]
        both = {one.photo for one in whole if one.wanted} & {one.photo for one in whole if not one.wanted}
        if both:
            names = dict.fromkeys(one.name for one in whole if one.photo in both)
            asked.remarks += [f"“{name}” is marked both more and less like this, and takes no part." for name in names]
            asked.known = [one for one in asked.known if one.example.box is not None or one.example.photo not in both]
        if not asked.known:
            return
        ranking = ranked(self.likeness, asked.known)
        if not len(ranking.ids) and self.likeness.searchable:
            asked.remarks.append(ALL_ARE_EXAMPLES)
        asked.rankings.append(ranking)

    def _by_regions(self, asked: _Asked, *, look: bool) -> Steps[None]:
        for example in asked.regions:
            candidates = None
            if asked.rankings or asked.allowed:  # a second look costs time: only at what can be found
                every = [ranking.ids for ranking in asked.rankings] + asked.allowed
                candidates = only(Ranking(every[0], np.empty(len(every[0]), np.float32)), every[1:]).ids
            try:
                found = yield from self._parts.region(example, candidates, look=look)
            except UserError as error:
                asked.failed.append((example.name, error))
                continue
            if found.remark:
                asked.remarks.append(found.remark)
            asked.rankings.append(found.ranking)
            asked.boxes = {**found.boxes, **asked.boxes}

    # --- what lets through -----------------------------------------------------------------------------------

    def _filter(self, filters: Sequence[Filter], asked: _Asked) -> None:
        usable = list[Filter]()
        for wish in filters:
            if not wish.on:
                continue
            gone = catalogue_filters.gone(self._library.connection, wish)
            if gone:
                asked.remarks.append(gone)
            elif wish.kind is FilterKind.WORDS:
                matches = self._parts.words((Words(wish.text),))
                assert matches is not None
                asked.allowed.append(matches.ids)
                asked.remarks += matches.remarks
                asked.unknown += matches.unknown
            elif wish.kind not in catalogue_filters.ELSEWHERE:
                usable.append(wish)
        if usable:
            asked.allowed.append(self._parts.let_through(tuple(usable)))

    def _ordered(
        self, asked: _Asked, filters: Sequence[Filter], order: Order
    ) -> tuple[Ids, Scores | None, Scores | None]:
        """The photos in the order asked for, their scores, and the scores falling."""
        least = [one for one in filters if one.on and one.kind is FilterKind.SCORE and one.least is not None]
        if not asked.rankings:
            asked.remarks += [NO_SCORES.format(one.words) for one in least]
            ids = self._parts.listed(order)
            return only(Ranking(ids, np.empty(len(ids), np.float32)), asked.allowed).ids, None, None
        found = only(fuse(asked.rankings), asked.allowed)
        ids, scores = found.ids, found.scores
        for wish in least:
            keep = scores >= np.float32(wish.least or 0.0)
            ids, scores = ids[keep], scores[keep]
        if order is Order.LIKENESS:
            return ids, scores, scores
        place_of = self._parts.place_in(order)
        known = ids < len(place_of)
        known[known] = place_of[ids[known]] != NONE  # one that went this moment has no place
        ids, scores = ids[known], scores[known]
        at = np.argsort(place_of[ids])
        return ids[at], scores[at], scores


def _nothing_left(failed: Sequence[tuple[str, UserError]]) -> UserError:
    name, error = failed[0]
    if len(failed) == 1:
        return UserError(f"“{name}” cannot be compared. {error}", error.details)
    details = "\n".join(f"{name}: {error} {error.details}".strip() for name, error in failed)
    return UserError(f"None of the {len(failed)} pictures can be compared. The first is “{name}”. {error}", details)
