"""What the middle of the window shows, and how that is looked up."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.themes import ThemeId
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations.date_headings import Headings, date_headings, days_of, same_day
from desktop_app.core.operations.filter_words import MONTHS
from desktop_app.core.operations.likeness import Scores
from desktop_app.core.operations.search import Searcher, at_least
from desktop_app.core.operations.steps import Steps
from desktop_app.core.searching import Box, Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import FolderId, Order, PhotoId, Pixels
from desktop_app.core.words.found import UnknownWord

NOTHING = Query()
"""Nothing is looked for and nothing is left out."""


@dataclass(frozen=True, slots=True)
class GuessWish:
    """Which guesses: photos without any label that are taken for an answer, or (None) for none surely enough."""

    label_set: LabelSetId
    answer: AnswerId | None


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: all photos, a folder's, those with an answer, those that words fit; or what is looked for.

    Attributes:
        text: words that are being typed.
        query: the chips of the search.
        labels: only photos that all of these let through.
        guess: only photos that the classifier takes for something; which ones is known to the window alone.
        words: what they are, "answer “classic”"; "" without any.
        theme: the theme whose card led here; what lets only its photos through is a filter of the query.
        saved: the saved search that it is.
    """

    folder: FolderId | None = None
    text: str = ""
    order: Order = Order.DATE
    query: Query = NOTHING
    labels: tuple[LabelFilter, ...] = ()
    words: str = ""
    guess: GuessWish | None = None
    theme: ThemeId | None = None
    saved: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows it."""
        return not self.is_search and not self.is_narrowed

    @property
    def is_search(self) -> bool:
        """Whether something is looked for by chips, even if those are switched off at the moment."""
        return bool(self.query.examples or self.query.words or self.query.colours)

    @property
    def is_by_likeness(self) -> bool:
        """Whether photos are put in the order of a likeness that can be closer or looser."""
        return any(one.on for one in self.query.examples) or any(one.on for one in self.query.colours)

    @property
    def is_by_part(self) -> bool:
        """Whether a part of a photo is looked for, which takes a second look at the best."""
        return any(one.box is not None for one in self.query.wanted)

    @property
    def is_narrowed(self) -> bool:
        """Whether only some photos are shown, or looked for among."""
        narrowed = self.folder is not None or bool(self.text) or self.theme is not None or self.is_by_answer
        return narrowed or bool(self.query.filters)

    def with_query(self, query: Query) -> View:
        """The same with another search; without a theme where that is no part of it any more."""
        stays = any(one.kind is FilterKind.THEME and one.theme == self.theme for one in query.filters)
        return replace(self, query=query, saved=None, theme=self.theme if stays else None)

    @property
    def is_by_answer(self) -> bool:
        """Whether only photos with some answer or guess are shown."""
        return bool(self.labels) or self.guess is not None

    @property
    def sought(self) -> tuple[PhotoId, ...]:
        """The library's photos that others are to be like."""
        return tuple(one.photo for one in self.query.wanted if one.photo is not None)

    @property
    def asked(self) -> Query:
        """The whole search: chips, what is typed, and where one is."""
        filters = [Filter(FilterKind.LABEL, self.words, label=wish) for wish in self.labels]
        if self.folder is not None:
            filters.append(Filter(FilterKind.FOLDER, "", folder=self.folder))
        typed = (Words(self.text),) if self.text else ()
        query = self.query
        return replace(query, words=(*query.words, *typed), filters=(*query.filters, *filters))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The answer to a view.

    Attributes:
        view: what was asked, with what was read of files filled in.
        ids: the photos in order; with a search for photos of the library those are not among them.
        scores: float32 (n,) of each, for a search; None else.
        total: photos in the library, or those that can be compared.
        likest: with a search in another order than likeness: the scores, falling.
        why: the word that a photo was found by; None where no word is asked.
        remarks: sentences to say: what took no part.
        boxes: where in a photo is what was looked for.
        unknown: words that find nothing.
        headings: days or months above photos that are sorted by date.
        is_first: a better answer is to come.
    """

    view: View
    ids: array[int]
    scores: Scores | None = None
    total: int = 0
    likest: Scores | None = None
    why: Callable[[int], str] | None = None
    remarks: tuple[str, ...] = ()
    boxes: Mapping[int, Box] = field(default_factory=dict)
    unknown: tuple[UnknownWord, ...] = ()
    headings: Headings = field(default_factory=Headings)
    is_first: bool = False

    @property
    def falling(self) -> Scores:
        """All scores, best first."""
        if self.likest is not None:
            return self.likest
        return self.scores if self.scores is not None else np.empty(0, np.float32)

    def scores_of(self, ids: Sequence[int]) -> dict[int, float]:
        """The likeness of those photos that have one."""
        if self.scores is None or not self.view.is_by_likeness:
            return {}
        wanted = set(ids)
        pairs = zip(self.ids, self.scores.tolist(), strict=True)
        return {photo: score for photo, score in pairs if photo in wanted}

    def within(self, threshold: float) -> tuple[array[int], Scores]:
        """The photos at least this alike, in order, and their scores."""
        assert self.scores is not None
        ids, scores = at_least(_numbers(self.ids), self.scores, threshold, falls=self.likest is None)
        return array("q", ids.tobytes()), scores


def looking_up(
    library: Library,
    searcher: Callable[[], Searcher],
    view: View,
    guessed: npt.NDArray[np.int64] | None = None,
    *,
    look: bool = True,
    today: date | None = None,
) -> Steps[Found]:
    """Answer a view; runs on the query lane, in many steps where parts of photos are looked at once more.

    Args:
        library: the open library.
        searcher: gives its search, on the lane.
        view: what is asked.
        guessed: int64 (n,), the photos that its wish about guesses means; None without one.
        look: False leaves out the second look of a search by a part of a photo: something to show at once.
        today: what years are counted back from, where one day of the year is looked at; by default this day.

    Raises:
        UserError: the only picture that is looked for cannot be read or compared.
    """
    result = yield from searcher().steps(view.asked, view.order, guessed, look=look)
    ids, scores, remarks = np.ascontiguousarray(result.ids, np.int64), result.scores, result.remarks
    if view.query is not NOTHING:  # examples are known by their vectors from now on
        examples = result.query.examples
        view = replace(view, query=replace(view.query, examples=examples))
    by_date = view.order is Order.DATE or (view.order is Order.LIKENESS and result.scores is None)
    looks_back = [one for one in view.query.filters if one.on and one.kind is FilterKind.ON_THIS_DAY]
    found = Headings()
    if by_date and looks_back:
        then = same_day(days_of(library.connection, ids), today or date.today())
        ids, scores, found = ids[then.order], None if scores is None else scores[then.order], then.headings
        if len(ids) and not then.earlier:
            remarks = (*remarks, _nothing_earlier(looks_back[0]))
    elif by_date:
        found = date_headings(library.connection, ids)
    return Found(
        view,
        array("q", ids.tobytes()),
        scores,
        result.total,
        None if result.falling is result.scores else result.falling,
        result.why,
        remarks,
        result.boxes,
        result.unknown,
        found,
        not look,
    )


def _nothing_earlier(wish: Filter) -> str:
    """What a look back at a day says that found nothing to look back at."""
    return f"No photo of {wish.day} {MONTHS[(wish.month - 1) % 12]} is from an earlier year."


def _numbers(ids: array[int]) -> npt.NDArray[np.int64]:
    return np.frombuffer(ids, np.int64) if len(ids) else np.empty(0, np.int64)


def like_photos(named: Sequence[tuple[PhotoId, str]]) -> Query:
    """Look for what is like photos of the library, given with their names."""
    return Query(tuple(Example(name, photo=photo) for photo, name in named))


def like_files(paths: Sequence[Path]) -> Query:
    """Look for what is like pictures from anywhere."""
    return Query(tuple(Example(path.name, path=path) for path in paths))


def like_pixels(pixels: Pixels, name: str) -> Query:
    """Look for what is like pixels without a file."""
    return Query((Example(name, pixels=pixels),))
