"""Why two photos are alike, on a library with real features."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.operations import why
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.why import WhyAlike
from tests.core.libraries import by_path, opened, run
from tests.photos import save, save_many, scene


def test_the_overlay_sums_to_the_likeness_that_the_results_show(place: Path):
    with opened(place) as library, closing(Likeness(library)) as likeness:
        ids = list(by_path(library).values())
        explain = WhyAlike(library)
        for one in ids[:3]:
            for hit in likeness.best(likeness.embeddings([one]), 4, [one]):
                found = explain.pair(one, hit.photo)
                assert found.how == "exact"
                assert found.sentence == ""
                raw = likeness.measures(likeness.embeddings([one]), likeness.embeddings([hit.photo])).cosine
                for overlay, truth in ((found.plain, raw), (found.special, hit.score)):
                    # what is stored is rounded to float16, what is drawn is not
                    assert overlay.cosine == pytest.approx(truth, abs=1e-3)
                    assert overlay.first.sum() == pytest.approx(overlay.cosine, abs=1e-4)
                    assert overlay.second.sum() == pytest.approx(overlay.cosine, abs=1e-4)
                assert found.cosine == pytest.approx(found.plain.cosine, abs=1e-6)


def test_either_photo_may_come_from_outside(place: Path):
    with opened(place) as library:
        photos = by_path(library)
        one, other = list(photos)[:2]
        explain = WhyAlike(library)
        known = explain.pair(photos[one], photos[other])
        pasted = explain.pair(read_picture(one, short_side=256).pixels, photos[other])
        np.testing.assert_allclose(pasted.plain.first, known.plain.first, atol=1e-6)
        assert pasted.cosine == pytest.approx(known.cosine, abs=1e-6)
        stranger = explain.pair(scene(77, 500, 200), scene(78, 200, 500))
        assert stranger.plain.first.sum() == pytest.approx(stranger.cosine, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.integers(40, 500), st.integers(40, 500))
def test_boxes_lie_in_the_middle_whatever_the_shape(tmp_path_factory: pytest.TempPathFactory, width: int, height: int):
    folder = tmp_path_factory.mktemp("boxes")
    with opened(folder / "library") as library:
        found = WhyAlike(library).pair(scene(1, width, height), scene(2, 300, 300))
        box = found.boxes[0]
        assert box.top + box.height / 2 == pytest.approx(0.5, abs=1 / height)
        assert box.left + box.width / 2 == pytest.approx(0.5, abs=1 / width)
        assert box.height * height == pytest.approx(box.width * width, abs=1e-6)
        assert box.height * height == pytest.approx(0.875 * min(height, width), abs=1)


def test_a_thing_that_moved_is_found_where_it_went(place: Path):
    ground = np.full((256, 256, 3), 120, np.uint8)
    thing = scene(9, 96, 96)
    one, other = ground.copy(), ground.copy()
    one[40:136, 30:126] = thing
    other[120:216, 130:226] = thing
    with opened(place) as library:
        found = WhyAlike(library).pair(one, other)
        match = found.match(88 / 256, 78 / 256)
        assert match is not None
        box = match.other
        assert 120 / 256 <= box.top + box.height / 2 <= 216 / 256
        assert 130 / 256 <= box.left + box.width / 2 <= 226 / 256
        back = found.match(168 / 256, 178 / 256, in_second=True)
        assert back is not None
        assert 40 / 256 <= back.other.top + back.other.height / 2 <= 136 / 256
        assert found.match(0.001, 0.5) is None, "the network never saw the edge"


@pytest.mark.parametrize(
    ("layer", "how"), [("stage1", why.EIGHT_BIT), ("stage4", why.EIGHT_BIT), ("logits", why.EIGHT_BIT)]
)
def test_other_layers_are_drawn_too_and_say_what_is_rounded(place: Path, layer: str, how: str):
    with opened(place) as library:
        one, other = list(by_path(library).values())[:2]
        found = WhyAlike(library, layer).pair(one, other)
        assert (found.how, found.sentence) == ("approximate", how)
        features = library.engine.run(
            np.stack([library.engine.prepare(scene(0)), library.engine.prepare(scene(1))]), [layer]
        )[layer]
        assert found.plain.first.sum() == pytest.approx(found.plain.cosine, abs=1e-4)
        pasted = WhyAlike(library, layer).pair(scene(0), scene(1))
        one, other = features / np.linalg.norm(features, axis=1, keepdims=True)
        assert pasted.cosine == pytest.approx(float(one @ other), abs=5e-3)


def test_of_the_float_network_every_layer_is_exact(tmp_path: Path):
    save_many(tmp_path / "in", range(3))
    with opened(tmp_path / "library", network="efficientnet-lite0") as library:
        run(library, tmp_path / "in")
        engine = library.engine
        features = engine.run(np.stack([engine.prepare(scene(0)), engine.prepare(scene(1))]))
        for layer, values in features.items():
            found = WhyAlike(library, layer).pair(scene(0), scene(1))
            assert found.how == "exact"
            one, other = values / np.linalg.norm(values, axis=1, keepdims=True)
            assert found.plain.second.sum() == pytest.approx(float(one @ other), abs=1e-4)


def test_a_photo_whose_file_is_away_is_drawn_from_its_thumbnail(place: Path, folder: Path):
    with opened(place) as library:
        photos = by_path(library)
        one, other = list(photos)[:2]
        explain = WhyAlike(library)
        near = explain.pair(photos[one], photos[other])
        one.rename(folder.parent / "elsewhere.jpg")
        found = WhyAlike(library).pair(photos[one], photos[other])
        assert (found.how, found.sentence) == ("approximate", why.SMALL)
        assert found.cosine == pytest.approx(near.cosine, abs=0.1)
        # what was seen before is still known exactly
        assert explain.pair(photos[one], photos[other]).how == "exact"


def test_without_file_and_thumbnail_it_says_why(place: Path):
    with opened(place) as library:
        photos = by_path(library)
        one, other = list(photos)[:2]
        one.unlink()
        library.thumbnails.close()
        (place / "thumbnails.sqlite").unlink()
    with opened(place) as library, pytest.raises(Unreadable, match="went away"):
        WhyAlike(library).pair(photos[one], photos[other])


def test_what_cannot_be_explained_is_said(place: Path):
    with opened(place) as library:
        with pytest.raises(UserError, match="whole photo"):
            WhyAlike(library, "colour")
        with pytest.raises(UserError, match="no layer stage9"):
            WhyAlike(library, "stage9")
        with pytest.raises(UserError, match="not in the library"):
            WhyAlike(library).pair(123456, scene(1))


def test_a_changed_file_is_read_again(tmp_path: Path):
    path = save(tmp_path / "in" / "a.jpg", 1)
    save(tmp_path / "in" / "b.jpg", 2)
    with opened(tmp_path / "library") as library:
        run(library, tmp_path / "in")
        photos = by_path(library)
        a, b = photos[path], photos[tmp_path / "in" / "b.jpg"]
        explain = WhyAlike(library)
        before = explain.pair(a, b).cosine
        save(path, 2)
        run(library, tmp_path / "in")
        assert explain.pair(a, b).cosine == pytest.approx(1, abs=1e-5)
        assert before < 0.99
