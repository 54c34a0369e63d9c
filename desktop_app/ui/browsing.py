"""What the middle of the window shows, how that is looked up, and the way back."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos, themes
from desktop_app.core.catalog.themes import ThemeId
from desktop_app.core.errors import UserError
from desktop_app.core.images.colour import Colour
from desktop_app.core.images.decode import read_picture
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours
from desktop_app.core.operations.likeness import Likeness, Scores
from desktop_app.core.types import FolderId, Order, PhotoId, Pixels, Vectors
from desktop_app.ui.grid import Place


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What is looked for: photos of the library, files from anywhere, or pixels without a file.

    Attributes:
        name: "IMG_1.jpg", "3 pictures", "Picture from the clipboard".
        embedding: float32 (n, d) once it is known, so that going back costs no second look at the file.
        descriptor: what the embedding is of.
        colours: red, green, blue from 0 to 255: what is looked for are pictures in these, and nothing else.
    """

    name: str
    photos: tuple[PhotoId, ...] = ()
    paths: tuple[Path, ...] = ()
    pixels: Pixels | None = None
    embedding: Vectors | None = None
    descriptor: str = ""
    colours: tuple[Colour, ...] = ()


@dataclass(frozen=True, slots=True)
class GuessWish:
    """Which guesses: photos without any label that are taken for an answer, or (None) for none surely enough."""

    label_set: LabelSetId
    answer: AnswerId | None


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: all photos, a folder's, those with an answer, those whose name holds some words; or a search.

    Attributes:
        labels: only photos that all of these let through.
        guess: only photos that the classifier takes for something; which ones is known to the window alone.
        words: what they are, "answer “classic”"; "" without any.
        theme: only photos of this theme.
    """

    folder: FolderId | None = None
    text: str = ""
    order: Order = Order.DATE
    search: Search | None = None
    labels: tuple[LabelFilter, ...] = ()
    words: str = ""
    guess: GuessWish | None = None
    theme: ThemeId | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows it."""
        return self.search is None and not self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether only some photos are shown, or looked for among."""
        return self.folder is not None or bool(self.text) or self.theme is not None or self.is_by_answer

    @property
    def is_by_answer(self) -> bool:
        """Whether only photos with some answer or guess are shown."""
        return bool(self.labels) or self.guess is not None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The answer to a view.

    Attributes:
        view: what was asked, with its search's embedding filled in.
        ids: the photos in order; with a search of one photo that photo is not among them.
        scores: float32 (n,) of each, for a search; None else.
        total: photos in the library.
        likest: with a search in another order than likeness: the scores, falling.
    """

    view: View
    ids: array[int]
    scores: Scores | None = None
    total: int = 0
    likest: Scores | None = None

    @property
    def falling(self) -> Scores:
        """All scores, best first."""
        if self.likest is not None:
            return self.likest
        return self.scores if self.scores is not None else np.empty(0, np.float32)

    def within(self, threshold: float) -> tuple[array[int], Scores]:
        """The photos at least this alike, in order, and their scores."""
        assert self.scores is not None
        if self.likest is None:  # falling: a prefix
            end = int(np.searchsorted(-self.scores, -threshold, side="right"))
            return self.ids[:end], self.scores[:end]
        keep = self.scores >= threshold
        ids = _numbers(self.ids)
        return array("q", ids[keep].tobytes()), self.scores[keep]


def look_up(library: Library, likeness: Likeness, view: View, guessed: npt.NDArray[np.int64] | None = None) -> Found:
    """Answer a view; runs on the query lane.

    Args:
        library: the open library.
        likeness: its search.
        view: what is asked.
        guessed: int64 (n,), the photos that its wish about guesses means; None without one.

    Raises:
        UserError: a picture that is looked for cannot be read or compared.
    """
    if view.search is None:
        total = photos.count_present(library.connection)
        return Found(view, _listed(library, view, view.order, guessed), total=total)
    search = view.search
    if search.colours:
        hits = by_colours(library, search.colours)
        ids, scores, total = hits.ids, hits.scores, likeness.searchable
    else:
        descriptor = str(likeness.descriptor)
        if search.embedding is None or search.descriptor != descriptor:
            search = replace(_embedded(library, likeness, search), descriptor=descriptor)
            view = replace(view, search=search)
        assert search.embedding is not None
        ranking = likeness.ranking(search.embedding, search.photos)
        ids, scores, total = ranking.ids, ranking.scores, likeness.searchable
    if view.is_narrowed or view.order is not Order.LIKENESS:
        order = view.order if view.order is not Order.LIKENESS else Order.DATE
        listed_ids = _numbers(_listed(library, view, order, guessed))
        inside = np.isin(ids, listed_ids)
        ids, scores = ids[inside], scores[inside]
        if view.order is not Order.LIKENESS:
            place = np.argsort(ids)
            where = listed_ids[np.isin(listed_ids, ids)]
            at = place[np.searchsorted(ids, where, sorter=place)]
            return Found(view, array("q", ids[at].tobytes()), scores[at], total, likest=scores)
    return Found(view, array("q", ids.astype(np.int64, copy=False).tobytes()), scores, total)


def _listed(library: Library, view: View, order: Order, guessed: npt.NDArray[np.int64] | None) -> array[int]:
    """The photos that a view lets through, in an order."""
    listed = photos.listed(library.connection, order, view.folder, view.text, view.labels)
    ids = _numbers(listed)
    if guessed is not None:
        ids = ids[np.isin(ids, guessed)]
    if view.theme is not None:
        ids = ids[np.isin(ids, np.array(themes.photos_of(library.connection, view.theme), np.int64))]
    return array("q", ids.tobytes())


def _numbers(ids: array[int]) -> npt.NDArray[np.int64]:
    return np.frombuffer(ids, np.int64) if len(ids) else np.empty(0, np.int64)


def _embedded(library: Library, likeness: Likeness, search: Search) -> Search:
    """The same search with its embedding; files that are photos of the library are taken as those."""
    if search.paths and not search.photos:
        own = [photos.by_path(library.connection, path) for path in search.paths]
        known = tuple(photo for photo in own if photo is not None)
        if len(known) == len(own):
            return replace(search, photos=known, paths=(), embedding=likeness.embeddings(known))
    if search.photos:
        return replace(search, embedding=likeness.embeddings(search.photos))
    if search.pixels is not None and not search.paths:
        return replace(search, embedding=likeness.embed(search.pixels))
    try:
        pictures = [_read(path, likeness.decode_side) for path in search.paths]
    except UserError:
        if search.pixels is None or len(search.paths) > 1:
            raise
        pictures = [search.pixels]  # the file went since it was looked for first
    embedding = np.concatenate([likeness.embed(pixels) for pixels in pictures])
    return replace(search, pixels=pictures[0], embedding=embedding)


def _read(path: Path, side: int) -> Pixels:
    try:
        return read_picture(path, short_side=side).pixels
    except UserError as error:
        raise UserError(f"“{path.name}” cannot be compared. {error}", error.details) from error


@dataclass(slots=True)
class Step:
    """One place on the way: a view and where one was in it."""

    view: View
    place: Place | None = None


@dataclass(slots=True)
class History:
    """Back and forward, like a browser's."""

    steps: list[Step] = field(default_factory=lambda: [Step(View())])
    at: int = 0

    @property
    def now(self) -> Step:
        """Where one is."""
        return self.steps[self.at]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step before."""
        return self.at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a step after."""
        return self.at + 1 < len(self.steps)

    def go(self, view: View, leaving: Place | None) -> None:
        """Go on to another view; what was ahead is forgotten."""
        self.now.place = leaving
        del self.steps[self.at + 1 :]
        self.steps.append(Step(view))
        del self.steps[:-100]
        self.at = len(self.steps) - 1

    def move(self, by: int, leaving: Place | None) -> Step | None:
        """Go back (-1) or forward (1); None where there is no such step."""
        if not 0 <= self.at + by < len(self.steps):
            return None
        self.now.place = leaving
        self.at += by
        return self.now

    def amend(self, view: View) -> None:
        """The same step, told differently: another order, a search whose embedding is known now."""
        self.now.view = view


def search_for_photos(ids: Sequence[PhotoId], name: str) -> Search:
    """Look for what is like photos of the library."""
    return Search(name, photos=tuple(ids))


def search_for_colours(colours: Sequence[Colour]) -> Search:
    """Look for pictures in these colours."""
    return Search("these colours", colours=tuple(colours))


def search_for_files(paths: Sequence[Path]) -> Search:
    """Look for what is like pictures from anywhere."""
    name = paths[0].name if len(paths) == 1 else f"{len(paths)} pictures"
    return Search(name, paths=tuple(paths))
