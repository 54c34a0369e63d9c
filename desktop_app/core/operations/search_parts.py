"""What words, colours, regions, filters and orders give a search, kept until what they were read from changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from desktop_app.core.catalog import changes, features, photos
from desktop_app.core.catalog import filters as catalogue_filters
from desktop_app.core.catalog.orders import in_order
from desktop_app.core.descriptors import COLOUR_KEY
from desktop_app.core.images.colour import MOST_COLOURS
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours
from desktop_app.core.operations.likeness import Likeness, Ranking
from desktop_app.core.operations.places import NONE, Ids
from desktop_app.core.operations.steps import Steps
from desktop_app.core.searching import Box, Colours, Example, Filter, Words
from desktop_app.core.types import Order

if TYPE_CHECKING:
    from desktop_app.core.operations.region import RegionSearch
    from desktop_app.core.operations.words import WordFinder
    from desktop_app.core.words.found import WordMatches

Made = TypeVar("Made")

_KEPT = 32  # answers

_PRESENCE = "presence"
_COLOURS = (*changes.SHOWN, _PRESENCE, changes.FEATURES)
_FILTERS = (*changes.SHOWN, changes.LABELS, changes.DETAILS, changes.THEMES)
_WORDS = (*_FILTERS, _PRESENCE, changes.NOTES, changes.POSTS, changes.FEATURES)


@dataclass(frozen=True, slots=True, eq=False)
class ColoursFound:
    """Photos in some colours, and what to say of it."""

    ranking: Ranking
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RegionFound:
    """Photos that contain something like a part of a picture, where, and what to say of it."""

    ranking: Ranking
    boxes: Mapping[int, Box] = field(default_factory=dict)
    remark: str = ""


class Parts:
    """Answers to the parts of a search. Belongs to one thread.

    Args:
        library: the open library.
        likeness: what regions are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library, self._likeness = library, likeness
        self._counted: dict[str, object] = {}
        self._answers: dict[object, tuple[changes.Stamp, object]] = {}
        self._regions: RegionSearch | None = None

    def level(self) -> None:
        """See what changed since; to be called at the begin of every search."""
        # what others do to the vectors is not all in the catalogue
        self._counted = {**changes.counts(self._library.connection), _PRESENCE: self._library.presence}

    def words(self, terms: tuple[Words, ...]) -> WordMatches | None:
        """Photos that words fit; None without any."""
        if not terms:
            return None
        return self._kept(("words", frozenset(terms)), lambda: self.finder().find(terms), _WORDS)

    def colours(self, chips: tuple[Colours, ...]) -> ColoursFound | None:
        """Photos in the colours of all chips together; None without any."""
        if not chips:
            return None
        # of several chips the order makes no difference
        every = chips[0].colours if len(chips) == 1 else tuple(sorted({one for chip in chips for one in chip.colours}))
        return self._kept(("colours", every), lambda: self._in_colours(every), _COLOURS)

    def region(self, example: Example, candidates: Ids | None, *, look: bool) -> Steps[RegionFound]:
        """Photos that contain something like the part of a picture; not kept: `RegionSearch` keeps what it saw.

        Raises:
            UserError: the picture cannot be read, or the box is none.
        """
        if self._regions is None:
            from desktop_app.core.operations.region import RegionSearch

            self._regions = RegionSearch(self._library, self._likeness)
        found = yield from self._regions.steps(example, candidates, look=look)
        return RegionFound(Ranking(found.ids, found.scores), found.boxes, found.remark)

    def let_through(self, filters: tuple[Filter, ...]) -> Ids:
        """The photos that filters of the catalogue let through."""
        return self._kept(
            ("filters", frozenset(filters)),
            lambda: catalogue_filters.matching(self._library.connection, filters),
            _FILTERS,
        )

    def listed(self, order: Order) -> Ids:
        """Every photo that is shown, in an order; newest first unless it is by name."""
        by = Order.NAME if order is Order.NAME else Order.DATE
        return self._kept(("listed", by), lambda: self._list(by))

    def place_in(self, order: Order) -> Ids:
        """The place of each photo in that order, by its id, int64; -1 for those that are not shown."""
        return self._kept(("places", order), lambda: _places(self.listed(order)))

    @property
    def present(self) -> int:
        """Photos that are shown."""
        return self._kept("present", lambda: photos.count_present(self._library.connection))

    def _kept(self, key: object, make: Callable[[], Made], kinds: Sequence[str] = changes.SHOWN) -> Made:
        """An answer, made again where one of these counters changed."""
        stamp = changes.stamp(self._counted, *kinds)
        known = self._answers.get(key)
        if known is None or known[0] != stamp:
            self._answers.pop(key, None)
            while len(self._answers) >= _KEPT:
                self._answers.pop(next(iter(self._answers)))
            known = self._answers[key] = stamp, make()
        found: Made = known[1]  # type: ignore[assignment]
        return found

    def finder(self) -> WordFinder:
        """What finds words, the same for all descriptors of the library on this thread."""
        known: WordFinder | None = getattr(self._library.local, "word_finder", None)
        if known is None:
            from desktop_app.core.operations.words import WordFinder

            known = self._library.local.word_finder = WordFinder(self._library)
        return known

    def _list(self, order: Order) -> Ids:
        ids = in_order(self._library.connection, order)
        ids.setflags(write=False)  # it is given away and kept
        return ids

    def _in_colours(self, every: Sequence[tuple[int, int, int]]) -> ColoursFound:
        remarks = list[str]()
        if len(every) > MOST_COLOURS:
            remarks.append(f"Only {MOST_COLOURS} of the {len(every)} colours take part.")
        hits = by_colours(self._library, every[:MOST_COLOURS])
        if not len(hits.ids) and self.present and not features.count_with(self._library.connection, COLOUR_KEY):
            remarks.append("The colours of the photos here are not counted yet.")
        return ColoursFound(Ranking(hits.ids, hits.scores), tuple(remarks))


def _places(listed: Ids) -> Ids:
    places = np.full(int(listed.max()) + 1 if len(listed) else 0, NONE, np.int64)
    places[listed] = np.arange(len(listed))
    return places
