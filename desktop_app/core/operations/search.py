"""What a search finds: examples, words, colours and filters together, over a whole library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness, Scores
from desktop_app.core.operations.places import Ids
from desktop_app.core.searching import Box, Query
from desktop_app.core.types import Order

if TYPE_CHECKING:
    from desktop_app.core.operations.words import Sense, UnknownWord


@dataclass(frozen=True, slots=True, eq=False)
class SearchResult:
    """The answer to a search. Safe on any thread.

    Attributes:
        ids: int64 (n,), the photos in the order that was asked for, each once.
        scores: float32 (n,), how well each fits, in [-1, 1]; None where nothing orders them.
        falling: float32 (n,), the same scores, best first, whatever the order; None without scores.
        total: photos that could have been found: of a search by examples those that are comparable.
        query: what was asked, with what was read of files filled in: it can be asked again when they are gone.
        remarks: what a person should know, a sentence each: "“IMG_1.jpg” is no picture and takes no part."
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
        if self.falling is self.scores:  # a prefix
            end = int(np.searchsorted(-self.scores, -threshold, side="right"))
            return self.ids[:end], self.scores[:end]
        keep = self.scores >= threshold
        return self.ids[keep], self.scores[keep]


class Searcher:
    """Answers searches of one library by one descriptor. Belongs to one thread: the query lane's.

    It keeps what does not change between two clicks: embeddings of pictures from anywhere, what filters let through,
    the orders by date and name. Sees at its next search what was stored meanwhile.

    Args:
        library: the open library.
        likeness: its search by the descriptor that examples are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library = library
        self.likeness = likeness

    def run(
        self, query: Query, order: Order = Order.LIKENESS, extra: npt.NDArray[np.int64] | None = None
    ) -> SearchResult:
        """Answer a search.

        Args:
            query: what is asked; what is switched off takes no part. Nothing at all asks for every photo.
            order: LIKENESS is best first where something in the query orders, else newest first.
            extra: int64 (n,), only these photos may be found.

        Raises:
            UserError: of all that was asked nothing is left to look for.
        """
        ids = np.array(photos.listed(self._library.connection, order), np.int64)
        if extra is not None:
            ids = ids[np.isin(ids, extra)]
        return SearchResult(ids, None, photos.count_present(self._library.connection), query)
