from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog import features
from desktop_app.core.errors import UserError
from desktop_app.core.explain.channels import spot, variation
from desktop_app.core.explain.class_names import class_names
from desktop_app.core.explain.places import WHOLE, Box
from desktop_app.core.explain.receptive import Along, Field
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.operations.channels import Channels, browse
from tests.core.libraries import by_path, opened

SEEDS = st.integers(0, 2**32 - 1)


# --- which channels vary -------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 300), st.integers(1, 20))
def test_channels_are_in_the_order_of_variance_over_mean(seed: int, photos: int, channels: int):
    sample = np.random.default_rng(seed).gamma(1, 2, (photos, channels)).astype(np.float32)
    found = variation(sample)
    assert sorted(found.order.tolist()) == list(range(channels))
    assert (np.diff(found.dispersion[found.order]) <= 0).all()
    if photos < 100:  # no tails yet
        truth = sample.var(axis=0) / sample.mean(axis=0)
        np.testing.assert_allclose(found.dispersion, truth, rtol=1e-3, atol=1e-5)


def test_one_odd_photo_does_not_bring_a_channel_to_the_front():
    random = np.random.default_rng(1)
    sample = np.stack([random.normal(5, 0.1, 1000), random.normal(5, 2, 1000)], axis=1).astype(np.float32)
    sample[7, 0] = 500
    assert sample[:, 0].var() / sample[:, 0].mean() > sample[:, 1].var() / sample[:, 1].mean()
    assert variation(sample).order.tolist() == [1, 0]


def test_a_silent_channel_is_last_and_signs_do_not_matter():
    sample = np.array([[0, -1, 2], [0, 1, 2], [0, -1, 2]], np.float32)
    found = variation(sample)
    assert found.dispersion[0] == 0
    assert found.order.tolist() == [1, 0, 2]
    with pytest.raises(ValueError, match="no features"):
        variation(sample[:0])


# --- the place in a photo ------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 12), st.integers(1, 12))
def test_the_strongest_place_is_the_one_that_glows_most(seed: int, height: int, width: int):
    plane = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    box = Box(0.1, 0.2, 0.8, 0.6)
    found = spot(plane, box, Field(Along(9, 4, 2), Along(9, 4, 2)), (4 * height, 4 * width))
    y, x = np.unravel_index(plane.argmax(), plane.shape)
    assert found.value == plane.max()
    assert found.place == box.cell(int(y), int(x), height, width)
    assert found.heat.min() >= 0
    assert found.heat.max() <= 1
    if found.heat.any():
        assert found.heat[y, x] == 1
    # what it sees is around the place, and inside the part that the network sees
    middle = found.place.top + found.place.height / 2, found.place.left + found.place.width / 2
    seen = found.seen
    assert seen.top - 1e-9 <= middle[0] <= seen.top + seen.height + 1e-9
    assert seen.left - 1e-9 <= middle[1] <= seen.left + seen.width + 1e-9
    assert box.top - 1e-9 <= seen.top
    assert seen.top + seen.height <= box.top + box.height + 1e-9


def test_what_a_late_place_sees_is_held_to_half_the_picture():
    plane = np.zeros((7, 7), np.float32)
    plane[3, 3] = 1
    found = spot(plane, WHOLE, Field(Along(851, 32, 16), Along(851, 32, 16)), (224, 224))
    assert (found.seen.top, found.seen.left) == pytest.approx((0.25, 0.25))
    assert (found.seen.height, found.seen.width) == pytest.approx((0.5, 0.5))
    assert spot(plane, WHOLE, None, (224, 224)).seen == WHOLE.cell(3, 3, 7, 7)


def test_of_a_silent_channel_nothing_glows():
    found = spot(np.zeros((2, 2), np.float32), WHOLE, None, (4, 4))
    assert not found.heat.any()
    np.testing.assert_array_equal(spot(np.array([[-3.0, -1.0]], np.float32), WHOLE, None, (4, 4)).heat, [[0, 1]])


# --- names ---------------------------------------------------------------------------------------------------------


def test_names_are_read_as_they_come(tmp_path: Path):
    path = tmp_path / "classes.txt"
    path.write_bytes("\ufeffn01\ttench, Tinca tinca\r\nGoldfisch\r\n\r\nn3\tcafé\r\n\r\n".encode())
    assert class_names(path) == ("tench", "Goldfisch", "", "café")
    assert class_names(None) == ()
    assert class_names(tmp_path / "nothing.txt") == ()


# --- in a library --------------------------------------------------------------------------------------------------


def test_a_column_is_what_rows_say(tmp_path: Path):
    values = np.random.default_rng(0).normal(0, 50_000, (30, 5)).astype(np.float32)  # leaves float16's range
    with VectorStore(tmp_path, {"a": 5}, writable=True) as store:
        assert store.column("a", 0).shape == (0,)
        store.append({"a": values})
        store.flush()
        for channel in range(5):
            np.testing.assert_array_equal(store.column("a", channel), store.read("a", slice(0, 30))[:, channel])
        with pytest.raises(IndexError):
            store.column("a", 5)
        with pytest.raises(IndexError):
            store.column("a", -1)


def test_a_page_is_the_photos_in_the_order_of_the_stored_channel(place: Path):
    with opened(place) as library, closing(Channels(library, "stage3")) as browser:
        where, ids = features.positions(library.connection, library.network.key)
        values = library.store.read("stage3", where)
        for channel in (0, 7, 39):
            page = browser.page(channel, 0, 24)
            assert len(page) == browser.photos == 10
            order = np.lexsort((ids, -values[:, channel]))
            assert [one.photo for one in page] == ids[order].tolist()
            np.testing.assert_array_equal([one.value for one in page], values[order, channel])
            assert browser.page(channel, 4, 3) == page[4:7]
            assert browser.page(channel, 10, 5) == ()
        assert browser.count == 40
        assert len(browser.channels()) == 40


def test_many_photos_are_paged_without_a_gap(place: Path):
    with opened(place) as library, closing(Channels(library, "stage2")) as browser:
        repeat = 100
        browser._where, browser._ids = np.tile(browser._where, repeat), np.arange(10 * repeat)
        values = library.store.column("stage2", 3)[browser._where]
        order = np.lexsort((browser._ids, -values))
        seen = [one.photo for start in range(0, 1000, 40) for one in browser.page(3, start, 40)]
        assert seen == order.tolist()


@pytest.mark.parametrize("layer", ["stage1", "stage4", "embedding"])
def test_places_are_where_the_map_is_strongest(place: Path, layer: str):
    with opened(place) as library, closing(Channels(library, layer)) as browser:
        assert browser.has_places()
        channel = browser.channels()[0].number
        page = browser.page(channel, 0, 4)
        operation = browser.places(channel, [one.photo for one in page])
        reports, shown = [], ()
        while True:
            try:
                reports.append(next(operation))
            except StopIteration as ended:
                shown = ended.value
                break
        assert [(one.done, one.total) for one in reports] == [(done, 4) for done in range(4)]
        assert [one.photo for one in shown] == [one.photo for one in page]
        for one, exciting in zip(shown, page, strict=True):
            assert one.spot is not None
            # the stored feature is the mean over the places, so no place is below it everywhere
            assert one.spot.value >= exciting.value - 0.01
            assert one.spot.heat.max() in (0, 1)


def test_logits_are_named_and_have_no_place(place: Path):
    with opened(place) as library, closing(Channels(library, "logits")) as browser:
        listed = browser.channels()
        assert {one.name for one in listed} >= {"tench", "goldfish"}
        assert not browser.has_places()
        with pytest.raises(UserError, match="whole photo"):
            browser.place(0, browser.page(0)[0].photo)


def test_a_photo_that_cannot_be_read_says_why_and_the_others_are_shown(place: Path):
    with opened(place) as library:
        photos = by_path(library)
        path = next(iter(photos))
        path.write_bytes(b"")
        library.thumbnails.close()
        (place / "thumbnails.sqlite").unlink()
    with opened(place) as library, closing(Channels(library, "stage3")) as browser:
        assert browser.place(0, photos[path]).reason == "The file is empty."
        assert browser.place(0, photos[path]).spot is None
        other = list(photos.values())[1]
        assert browser.place(0, other).spot is not None


def test_the_whole_as_one_operation(place: Path):
    with opened(place) as library:
        operation = browse(library, "stage4", count=3)
        while True:
            try:
                next(operation)
            except StopIteration as ended:
                seen = ended.value
                break
        with closing(Channels(library, "stage4")) as browser:
            assert seen.channel == browser.channels()[0]
            assert seen.photos == browser.page(seen.channel.number, 0, 3)
        assert [one.photo for one in seen.shown] == [one.photo for one in seen.photos]
        with pytest.raises(UserError, match="channels 0 to 111"):
            list(browse(library, "stage4", 112))
        with pytest.raises(UserError, match="no network"):
            Channels(library, "colour")


def test_an_empty_library_has_no_channels_to_show(tmp_path: Path):
    with opened(tmp_path / "library") as library:
        with closing(Channels(library, "stage4")) as browser:
            assert browser.channels() == ()
            assert browser.page(0) == ()
        with pytest.raises(UserError, match="no photos"):
            list(browse(library, "stage4"))
