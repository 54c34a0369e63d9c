"""Photos that contain something like a part of a picture: where it is, what is refused, what is kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.library import Library
from desktop_app.core.operations import region, region_cells, region_look
from desktop_app.core.operations.layer_maps import LayerMaps
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.region import NO_PLACES, RegionSearch
from desktop_app.core.operations.region_cells import CellReader, parts_of
from desktop_app.core.operations.region_picture import Part, cut, inside
from desktop_app.core.searching import Box, Example
from desktop_app.core.types import Pixels
from tests.core.libraries import by_path, opened, run
from tests.photos import save_many, scene

SIDE = 300
HALF = Box(0.0, 0.0, 0.5, 0.5)


def quarters(*seeds: int) -> Pixels:
    """Four scenes side by side, two by two."""
    one, two, three, four = (scene(seed, SIDE, SIDE) for seed in seeds)
    return np.ascontiguousarray(np.vstack([np.hstack([one, two]), np.hstack([three, four])]))


def save(path: Path, pixels: Pixels) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library: 12 collages, scene 7 in "with-1" at the bottom right and in "wide" at the top right."""
    folder = tmp_path_factory.mktemp("regions")
    pictures = folder / "pictures"
    for number in range(10):
        seeds = [100 + 4 * number + at for at in range(4)]
        save(pictures / f"other-{number}.png", quarters(*seeds))
    save(pictures / "with-1.png", quarters(201, 202, 203, 7))
    save(
        pictures / "wide.png",
        np.ascontiguousarray(np.hstack([quarters(211, 212, 213, 214), quarters(215, 7, 216, 217)])),
    )
    save(pictures / "query.png", quarters(7, 221, 222, 223))
    with opened(folder / "library") as library:
        run(library, pictures)
    return folder / "library"


@pytest.fixture
def search(place: Path) -> Iterator[tuple[Library, RegionSearch, dict[str, int]]]:
    with opened(place) as library, closing(Likeness(library)) as likeness:
        names = {path.name: int(photo) for path, photo in by_path(library).items()}
        yield library, RegionSearch(library, likeness), names


def test_what_is_in_the_box_is_found_wherever_it_stands(search):
    _, regions, names = search
    found = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    assert set(found.ids[:2].tolist()) == {names["with-1.png"], names["wide.png"]}
    assert names["query.png"] not in found.ids
    assert len(found.ids) == len(names) - 1
    assert found.looked
    assert found.remark == ""
    assert (np.diff(found.scores) <= 0).all()
    assert set(found.boxes) == set(found.ids.tolist())
    box = found.boxes[names["with-1.png"]]
    assert box.x + box.width / 2 > 0.5
    assert box.y + box.height / 2 > 0.5
    assert found.boxes[names["wide.png"]].x + found.boxes[names["wide.png"]].width / 2 > 0.6


def test_the_first_answer_is_there_without_looking(search):
    _, regions, names = search
    found = regions.find(Example("query.png", photo=names["query.png"], box=HALF), look=False)
    assert not found.looked
    assert not found.boxes
    assert len(found.ids) == len(names) - 1


def test_only_the_photos_that_filters_let_through_are_found(search):
    _, regions, names = search
    allowed = np.array(sorted([names["wide.png"], names["other-3.png"]]), np.int64)
    found = regions.find(Example("query.png", photo=names["query.png"], box=HALF), allowed)
    assert found.ids.tolist() == [names["wide.png"], names["other-3.png"]]
    nothing = regions.find(Example("query.png", photo=names["query.png"], box=HALF), np.empty(0, np.int64))
    assert len(nothing.ids) == 0
    assert not nothing.boxes


def test_a_file_from_anywhere_and_bare_pixels_answer_alike(search, tmp_path: Path):
    _, regions, names = search
    path = tmp_path / "asked.png"
    save(path, quarters(7, 221, 222, 223))
    by_file = regions.find(Example("asked", path=path, box=HALF))
    by_pixels = regions.find(Example("asked", pixels=quarters(7, 221, 222, 223), box=HALF))
    for found in (by_file, by_pixels):
        assert found.ids[0] == names["query.png"]
        assert {names["with-1.png"], names["wide.png"]} <= set(found.ids[:3].tolist())


def test_only_as_many_are_looked_at_as_there_is_time_for(search, monkeypatch: pytest.MonkeyPatch):
    _, regions, names = search
    monkeypatch.setattr(region_look, "PARTS", 4)
    found = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    assert 0 < len(found.boxes) <= 4
    assert set(found.boxes) == set(found.ids[: len(found.boxes)].tolist())
    assert len(found.ids) == len(names) - 1
    assert (np.diff(found.scores) <= 0).all()


def test_photos_seen_once_are_not_looked_at_again(search, monkeypatch: pytest.MonkeyPatch):
    _, regions, names = search
    first = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    monkeypatch.setattr(region_look, "_look", None)  # would fail if it were called
    again = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    assert again.ids.tolist() == first.ids.tolist()
    assert again.boxes == first.boxes


def test_other_searches_run_between_two_steps_of_the_second_look(search):
    library, regions, names = search
    example = Example("query.png", photo=names["query.png"], box=HALF)
    other = Example("with-1.png", photo=names["with-1.png"], box=HALF)
    alone = RegionSearch(library, regions._likeness)
    expected, of_other = alone.find(example), alone.find(other)
    steps, count, looked = regions.steps(example), 0, None
    while looked is None:
        try:
            next(steps)
            count += 1
            between = regions.find(other, look=count == 2)
            if count == 2:
                assert between.ids.tolist() == of_other.ids.tolist()
                assert between.boxes == of_other.boxes
        except StopIteration as ended:
            looked = ended.value
    assert count > len(names) // region_look.STEP  # each step looks at no more than that
    assert looked.ids.tolist() == expected.ids.tolist()
    assert looked.boxes == expected.boxes


def test_a_second_look_that_is_stopped_keeps_what_it_has_seen(search, monkeypatch: pytest.MonkeyPatch):
    _, regions, names = search
    looked_at = []
    look = region_look._look
    monkeypatch.setattr(region_look, "_look", lambda reader, data: looked_at.append(data) or look(reader, data))
    steps = regions.steps(Example("query.png", photo=names["query.png"], box=HALF))
    next(steps)
    next(steps)
    assert 0 < len(looked_at) <= 2 * region_look.STEP
    steps.close()
    before = len(looked_at)
    found = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    twice = len(looked_at) - before - len(found.boxes)  # each photo of the first page is looked at by two layers
    assert twice == len(found.boxes) - before


def test_several_parts_are_looked_at_once_each(search, monkeypatch: pytest.MonkeyPatch):
    _, regions, names = search
    parts = [Example("query.png", photo=names["query.png"], box=Box(x, 0.0, 0.5, 0.5)) for x in (0.0, 0.5)]
    first = [regions.find(part, look=False) for part in parts]
    monkeypatch.setattr(region, "read_part", None)  # would fail if it were called
    assert [regions.find(part, look=False).ids.tolist() for part in parts] == [one.ids.tolist() for one in first]


def test_finer_places_are_read_by_the_last_layer_that_has_them(search):
    library, regions, names = search
    regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    finer = region_cells.finer_reader(library, regions._reader)
    assert finer is not None
    assert finer.places() > regions._reader.places()
    names = [layer.name for layer in finer.maps.network.layers]
    between = names[names.index(finer.maps.layer) + 1 : names.index(regions._reader.maps.layer)]
    for name in between:
        assert CellReader(LayerMaps(library, finer.maps.network, name)).places() <= regions._reader.places()
    assert region_cells.finer_reader(library, finer) is None


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (Box(0.5, 0.5, 1 / 600, 1 / 600), "too small"),
        (Box(0.2, 0.2, 0.0, 0.3), "too small"),
        (Box(0.2, 0.2, -0.1, 0.3), "too small"),
        (Box(1.2, 0.2, 0.3, 0.3), "beside the photo"),
        (Box(-0.5, 0.2, 0.3, 0.3), "beside the photo"),
        (Box(float("nan"), 0.2, 0.3, 0.3), "cannot be used"),
        (None, "no box"),
    ],
)
def test_boxes_that_cannot_be_searched_by_are_said(search, box: Box | None, words: str):
    _, regions, names = search
    with pytest.raises(UserError, match=words):
        regions.find(Example("query.png", photo=names["query.png"], box=box))


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 7)])
def test_a_part_of_a_tiny_picture_is_none(search, size: tuple[int, int]):
    _, regions, _ = search
    with pytest.raises(UserError, match="photo is too small"):
        regions.find(Example("tiny", pixels=np.zeros((*size, 3), np.uint8), box=Box(0.0, 0.0, 1.0, 1.0)))


def test_all_of_a_photo_is_a_part_of_it_too(search):
    _, regions, names = search
    found = regions.find(Example("query.png", photo=names["query.png"], box=Box(0.0, 0.0, 1.0, 1.0)))
    assert len(found.boxes) == len(names) - 1
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize(("height", "width"), [(60, 1500), (1500, 60)])
def test_a_part_of_a_very_long_picture_is_found_in_it(tmp_path: Path, height: int, width: int):
    long = np.zeros((height, width, 3), np.uint8)
    if width > height:
        long[:, 1100:1160] = scene(7, 60, 60)
    else:
        long[1100:1160] = scene(7, 60, 60)
    save(tmp_path / "pictures" / "long.png", long)
    save(tmp_path / "pictures" / "asked.png", scene(7, 300, 300))
    with opened(tmp_path / "library") as library, closing(Likeness(library)) as likeness:
        run(library, tmp_path / "pictures")
        names = {path.name: int(photo) for path, photo in by_path(library).items()}
        regions = RegionSearch(library, likeness)
        found = regions.find(Example("asked", photo=names["asked.png"], box=Box(0.1, 0.1, 0.8, 0.8)))
        box = found.boxes[names["long.png"]]
        along = box.x + box.width / 2 if width > height else box.y + box.height / 2
        assert along == pytest.approx(1130 / 1500, abs=0.1)
        part = Box(1100 / 1500, 0.0, 60 / 1500, 1.0) if width > height else Box(0.0, 1100 / 1500, 1.0, 60 / 1500)
        back = regions.find(Example("long", photo=names["long.png"], box=part))
        assert back.ids.tolist() == [names["asked.png"]]


def test_a_box_in_a_turned_photo_is_where_it_is_seen(search, tmp_path: Path):
    _, regions, names = search
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: to be turned by 90 degrees
    upright = Image.fromarray(quarters(7, 221, 222, 223))
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    found = regions.find(Example("turned", path=tmp_path / "turned.jpg", box=HALF))
    assert found.ids[0] == names["query.png"]
    assert set(found.ids[1:3].tolist()) == {names["with-1.png"], names["wide.png"]}
    box = found.boxes[names["query.png"]]
    assert box.x + box.width / 2 < 0.5
    assert box.y + box.height / 2 < 0.5


def test_a_box_over_the_edge_is_what_lies_on_the_photo(search):
    _, regions, names = search
    inner = regions.find(Example("query.png", photo=names["query.png"], box=HALF))
    outer = regions.find(Example("query.png", photo=names["query.png"], box=Box(-0.5, -0.5, 1.0, 1.0)))
    assert outer.ids.tolist() == inner.ids.tolist()


def test_what_cannot_be_read_is_said(search, tmp_path: Path):
    _, regions, _ = search
    with pytest.raises(Unreadable):
        regions.find(Example("gone", path=tmp_path / "gone.jpg", box=HALF))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(Unreadable):
        regions.find(Example("broken", path=tmp_path / "broken.jpg", box=HALF))
    with pytest.raises(UserError, match="not in the library"):
        regions.find(Example("gone", photo=987654, box=HALF))
    with pytest.raises(UserError, match="no picture"):
        regions.find(Example("nothing", box=HALF))


def test_colours_know_no_places(place: Path):
    with opened(place) as library:
        from desktop_app.core.operations.describe import describe

        for _ in describe(library, library.descriptor("colour")):
            pass
        names = {path.name: int(photo) for path, photo in by_path(library).items()}
        with closing(Likeness(library, "colour")) as likeness:
            found = RegionSearch(library, likeness).find(Example("q", photo=names["query.png"], box=HALF))
    assert found.remark == NO_PLACES
    assert not found.boxes
    assert len(found.ids) == len(names) - 1


def test_a_photo_without_a_thumbnail_keeps_its_place_by_its_features(tmp_path: Path):
    paths = save_many(tmp_path / "pictures", range(4))
    with opened(tmp_path / "library") as library, closing(Likeness(library)) as likeness:
        run(library, tmp_path / "pictures")
        names = by_path(library)
        content = library.connection.execute("SELECT content FROM photos WHERE id = ?", (names[paths[2]],)).fetchone()
        assert library.thumbnails.get([content[0]])
        library.thumbnails.put([(content[0], b"damaged")])
        found = RegionSearch(library, likeness).find(Example("q", photo=names[paths[0]], box=Box(0.2, 0.2, 0.5, 0.5)))
        assert len(found.ids) == 3
        assert names[paths[2]] not in found.boxes
        assert found.ids[-1] == names[paths[2]]


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_the_parts_of_a_picture_cover_it(height: int, width: int):
    parts = parts_of(height, width)
    assert 1 <= len(parts) <= 4
    for start, length in ((lambda b: b.x, lambda b: b.width), (lambda b: b.y, lambda b: b.height)):
        assert start(parts[0]) == 0
        assert start(parts[-1]) + length(parts[-1]) == pytest.approx(1)
        for before, after in itertools.pairwise(parts):
            assert start(after) <= start(before) + length(before) + 1e-9


shares = st.floats(-0.5, 1.5)


@settings(max_examples=200)
@given(shares, shares, st.floats(0.001, 1.5), st.floats(0.001, 1.5), st.integers(1, 90), st.integers(1, 90))
def test_a_cut_is_never_empty_and_a_square_around_a_box_holds_it(x, y, wide, high, height, width):
    try:
        box = inside(Box(x, y, wide, high))
    except UserError:
        assert x >= 1 or y >= 1 or x + wide <= 0 or y + high <= 0
        return
    picture = np.zeros((height, width, 3), np.uint8)
    assert 0 not in cut(picture, box).shape
    for times in (1.0, 1.5, 3.0):
        pixels, own = Part(picture, box).around(times)
        assert 0 not in pixels.shape
        assert own.x >= -1e-9
        assert own.y >= -1e-9
        assert own.x + own.width <= 1 + 1e-9
        assert own.y + own.height <= 1 + 1e-9
