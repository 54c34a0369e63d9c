"""Journeys through a library: ends from anywhere, copies, what is not ready, lengths."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.library import Library
from desktop_app.core.operations import journey, neighbourhood
from desktop_app.core.operations.journey import OUTSIDE, Journeys
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path, opened, run
from tests.photos import save_many, scene


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 scenes, of one of them an exact copy."""
    folder = tmp_path_factory.mktemp("journeys")
    paths = save_many(folder / "pictures", range(80))
    shutil.copy(paths[4], folder / "pictures" / "copy.jpg")
    with opened(folder / "library") as library:
        run(library, folder / "pictures")
    return folder


@pytest.fixture
def world(place: Path) -> Iterator[tuple[Library, Journeys, dict[str, PhotoId]]]:
    with opened(place / "library") as library, closing(Likeness(library)) as likeness:
        names = {path.name: photo for path, photo in by_path(library).items()}
        order = likeness.ranking(likeness.embeddings([names["photo 3.jpg"]]), [names["photo 3.jpg"]]).ids
        names["near"], names["far"] = PhotoId(int(order[0])), PhotoId(int(order[-1]))
        yield library, Journeys(library), names


def end(operation):
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def test_photos_lead_from_one_to_the_other(world):
    _, journeys, names = world
    start, last = names["photo 3.jpg"], names["far"]
    found = end(journeys.find(start, last))
    assert found.ids[0] == start
    assert found.ids[-1] == last
    assert 2 < len(found.ids) <= journey.USUAL
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.ids) <= set(names.values())
    assert len(found.likeness) == len(found.ids) - 1
    assert min(found.likeness) >= found.direct - 1e-6
    back = end(journeys.find(last, start, len(found.ids)))
    assert set(back.ids) == set(found.ids)


@pytest.mark.parametrize("length", [2, 3, 5, 7])
def test_as_many_as_are_wished_for_come(world, length: int):
    _, journeys, names = world
    found = end(journeys.find(names["photo 3.jpg"], names["far"], length))
    assert len(found.ids) == length
    assert length in found.lengths
    far = end(journeys.find(names["photo 3.jpg"], names["far"], 1000))
    assert len(far.ids) == max(far.lengths)


def test_files_from_elsewhere_may_be_the_ends(world, tmp_path: Path):
    _, journeys, names = world
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    Image.fromarray(scene(101, 300, 300)).save(one)
    Image.fromarray(scene(102, 300, 300)).save(other)
    found = end(journeys.find(one, other, 5))
    assert found.ids[0] == found.ids[-1] == OUTSIDE
    assert OUTSIDE not in found.ids[1:-1]
    half = end(journeys.find(one, names["photo 3.jpg"], 4))
    assert half.ids[0] == OUTSIDE
    assert half.ids[-1] == names["photo 3.jpg"]
    with pytest.raises(Unreadable):
        end(journeys.find(tmp_path / "gone.jpg", other))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(Unreadable):
        end(journeys.find(one, tmp_path / "broken.jpg"))


def test_a_file_of_the_library_is_its_photo(world, place: Path):
    _, journeys, names = world
    found = end(journeys.find(place / "pictures" / "photo 3.jpg", names["far"], 4))
    assert found.ids[0] == names["photo 3.jpg"]


def test_copies_lead_nowhere(world):
    _, journeys, names = world
    for one, other in ((names["photo 4.jpg"], names["copy.jpg"]), (names["photo 4.jpg"], names["photo 4.jpg"])):
        with pytest.raises(UserError, match="copies of one photo"):
            end(journeys.find(one, other))
    # and only one of them is on the way; as an end it is the one that was asked for
    found = end(journeys.find(names["copy.jpg"], names["far"], 6))
    assert found.ids[0] == names["copy.jpg"]
    assert names["photo 4.jpg"] not in found.ids


def test_what_cannot_be_is_said(world, monkeypatch: pytest.MonkeyPatch):
    _, journeys, names = world
    with pytest.raises(UserError, match="not in the library any more"):
        end(journeys.find(PhotoId(4321), names["photo 4.jpg"]))
    monkeypatch.setattr(journey, "_NEAR", 0)
    fresh = Journeys(journeys._library)
    with pytest.raises(UserError, match="No photos lead"):
        end(fresh.find(names["photo 3.jpg"], names["near"]))


def test_an_empty_library_says_so(tmp_path: Path):
    with opened(tmp_path / "empty") as library:
        journeys = Journeys(library)
        with pytest.raises(UserError, match="Add photos first"):
            end(journeys.find(PhotoId(1), PhotoId(2)))


def test_many_photos_go_through_the_index(world, monkeypatch: pytest.MonkeyPatch):
    _, journeys, names = world
    exact = end(journeys.find(names["photo 3.jpg"], names["far"], 5))
    monkeypatch.setattr(neighbourhood, "EXACT_UP_TO", 10)
    found = end(Journeys(journeys._library).find(names["photo 3.jpg"], names["far"], 5))
    assert found.ids == exact.ids


def test_another_length_needs_no_new_look_and_new_photos_do(world, place: Path, tmp_path: Path):
    library, journeys, names = world
    first = end(journeys.find(names["photo 3.jpg"], names["far"], 5))
    ground = journeys._ground
    assert len(list(journeys.find(names["photo 3.jpg"], names["far"], 6))) == 1
    assert journeys._ground is ground
    save_many(tmp_path / "more", range(90, 96))
    run(library, tmp_path / "more")
    again = end(journeys.find(names["photo 3.jpg"], names["far"], 5))
    assert journeys._ground is not ground
    assert again.ids[0] == first.ids[0]
    assert np.isfinite(again.likeness).all()
