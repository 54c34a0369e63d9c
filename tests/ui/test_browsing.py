"""What a view shows, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.operations.steps import through
from desktop_app.core.searching import Query
from desktop_app.core.types import Order
from desktop_app.ui.browsing import Found, View, like_files, like_photos, like_pixels, looking_up
from desktop_app.ui.history import History
from tests.photos import save, save_many, scene


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("browsing")
    save_many(folder / "A", range(6))
    save_many(folder / "B", range(10, 13))
    with Library(folder / "library", network="efficientnet-lite0-int8", device="cpu") as library:
        for _ in ingest(library, [folder / "A", folder / "B"]):
            pass
        yield library


@pytest.fixture
def searcher(library: Library) -> Iterator[Searcher]:
    likeness = Likeness(library)
    yield Searcher(library, likeness)
    likeness.close()


def look_up(library: Library, searcher: Searcher, view: View) -> Found:
    return through(looking_up(library, lambda: searcher, view))


def like(photo: int) -> Query:
    return like_photos([(photo, "3")])


def names(library: Library, found: Found) -> list[str]:
    known = photos.fetch(library.connection, found.ids)
    return [known[photo].name for photo in found.ids]


def of(library: Library, name: str) -> int:
    ids = photos.listed(library.connection, Order.NAME)
    return next(id_ for id_, photo in photos.fetch(library.connection, ids).items() if photo.name == name)


def test_plain_views(library: Library, searcher: Searcher) -> None:
    everything = look_up(library, searcher, View(order=Order.NAME))
    assert names(library, everything) == [f"photo {n}.jpg" for n in (0, 1, 2, 3, 4, 5, 10, 11, 12)]
    assert everything.total == 9
    assert everything.scores is None
    found = look_up(library, searcher, View(text="photo 12"))
    assert names(library, found) == ["photo 12.jpg"]
    assert found.total == 9


def test_a_search_never_finds_its_own_photo(library: Library, searcher: Searcher) -> None:
    photo = of(library, "photo 3.jpg")
    found = look_up(library, searcher, View(order=Order.LIKENESS, query=like(photo)))
    assert len(found.ids) == 8
    assert photo not in found.ids
    assert (np.diff(found.scores) <= 0).all()
    assert found.view.sought == (photo,)


def test_scores_stay_with_their_photos_in_another_order(library: Library, searcher: Searcher) -> None:
    photo = of(library, "photo 3.jpg")
    search = like(photo)
    best = look_up(library, searcher, View(order=Order.LIKENESS, query=search))
    named = look_up(library, searcher, View(order=Order.NAME, query=search))
    assert dict(zip(best.ids, best.scores, strict=True)) == dict(zip(named.ids, named.scores, strict=True))
    assert names(library, named) == [f"photo {n}.jpg" for n in (0, 1, 2, 4, 5, 10, 11, 12)]
    assert named.falling.tolist() == best.scores.tolist()
    threshold = float(best.scores[3])
    ids, scores = named.within(threshold)
    assert set(ids) == set(best.ids[:4])
    assert (scores >= threshold).all()
    assert best.within(threshold)[0].tolist() == best.ids[:4].tolist()
    assert len(best.within(1.5)[0]) == 0


def test_a_search_within_a_folder_and_words(library: Library, searcher: Searcher) -> None:
    photo = of(library, "photo 3.jpg")
    search = like(photo)
    folder = photos.fetch(library.connection, [of(library, "photo 12.jpg")])[of(library, "photo 12.jpg")].folder
    found = look_up(library, searcher, View(folder, "", Order.LIKENESS, search))
    assert set(names(library, found)) == {"photo 10.jpg", "photo 11.jpg", "photo 12.jpg"}
    found = look_up(library, searcher, View(folder, "11", Order.LIKENESS, search))
    assert names(library, found) == ["photo 11.jpg"]


def test_files_of_the_library_are_its_photos(library: Library, searcher: Searcher, tmp_path: Path) -> None:
    photo = photos.fetch(library.connection, [of(library, "photo 3.jpg")])[of(library, "photo 3.jpg")]
    found = look_up(library, searcher, View(order=Order.LIKENESS, query=like_files([photo.path])))
    assert found.view.sought == (photo.id,)
    outside = save(tmp_path / "x.jpg", 3)
    found = look_up(library, searcher, View(order=Order.LIKENESS, query=like_files([outside])))
    assert names(library, found)[0] == "photo 3.jpg"
    assert found.view.query.examples[0].pixels is not None
    assert len(found.ids) == 9


def test_pixels_are_looked_for(library: Library, searcher: Searcher) -> None:
    found = look_up(library, searcher, View(order=Order.LIKENESS, query=like_pixels(scene(4), "pasted")))
    assert names(library, found)[0] == "photo 4.jpg"


def test_a_file_that_cannot_be_read_is_named(library: Library, searcher: Searcher, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"words")
    with pytest.raises(UserError, match=r"“x\.jpg” cannot be compared\."):
        look_up(library, searcher, View(query=like_files([tmp_path / "x.jpg"])))


def test_history_goes_back_and_forward_and_forgets_what_was_ahead() -> None:
    history = History()
    assert not history.can_go_back
    for words in "abc":
        history.go(View(text=words), None)
    assert history.move(-1, None).view.text == "b"
    assert history.move(-1, None).view.text == "a"
    assert history.move(1, None).view.text == "b"
    history.go(View(text="d"), None)
    assert not history.can_go_forward
    assert history.move(1, None) is None
    assert [step.view.text for step in history.steps] == ["", "a", "b", "d"]
    for words in range(300):
        history.go(View(text=str(words)), None)
    assert len(history.steps) == 100
    assert history.now.view.text == "299"
