from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper

from desktop_app.core.explain.places import WHOLE, Box
from desktop_app.core.explain.receptive import Along, Field, receptive_field
from desktop_app.core.explain.spatial import MapReader, NoMap, cut_before, map_behind
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.prepare import crop_box
from desktop_app.core.nets.session import Engine
from tests.core.explain_made import convolutions, network, saved
from tests.core.heads_made import bundled
from tests.photos import scene

STAGES = ["stage1", "stage2", "stage3", "stage4", "stage5", "embedding"]


# --- the map behind a layer --------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_every_stage_of_a_bundled_network_is_the_mean_of_its_map(precision: str):
    known = bundled(precision)
    engine = Engine(known, "cpu")
    batch = np.stack([engine.prepare(scene(seed)) for seed in (1, 2)])
    features = engine.run(batch)
    for layer in STAGES:
        reader = MapReader(known.path, layer)
        found = reader.read(batch)
        assert found.shape[:2] == (2, known.layer(layer).dimension)
        assert reader.spatial.rounded == (precision == "int8" and layer != "embedding")
        largest = float(np.abs(features[layer]).max())
        off = 0.02 if reader.spatial.rounded else 1e-4
        np.testing.assert_allclose(found.mean(axis=(2, 3)), features[layer], atol=off * largest)


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 3),
    st.sampled_from(["GlobalAveragePool", "ReduceMean", "ReduceMean last"]),
)
def test_of_a_made_network_too(tmp_path_factory: pytest.TempPathFactory, seed: int, depth: int, pool: str):
    channels = np.random.default_rng(seed).integers(1, 12, depth).tolist()
    path = saved(convolutions(seed, channels, pool=pool), tmp_path_factory.mktemp("tiny") / "tiny.onnx")
    layers = [*((f"stage{i + 1}", count) for i, count in enumerate(channels[:-1])), ("embedding", channels[-1])]
    engine = Engine(network(path, layers), "cpu")
    batch = engine.prepare(scene(seed % 999))[np.newaxis]
    features = engine.run(batch)
    for layer, count in layers:
        found = MapReader(path, layer).read(batch)
        assert found.shape[:2] == (1, count)
        np.testing.assert_allclose(found.mean(axis=(2, 3)), features[layer], rtol=1e-4, atol=1e-5)


def test_a_layer_that_is_no_mean_has_no_map(tmp_path: Path):
    path = saved(convolutions(0, [4], pool="Flatten"), tmp_path / "tiny.onnx")
    with pytest.raises(NoMap):
        MapReader(path, "embedding")
    known = bundled("float32")
    assert map_behind(onnx.load(known.path), "logits") is None
    assert map_behind(onnx.load(known.path), "image") is None


def test_a_mean_over_other_axes_is_no_map():
    model = convolutions(0, [4])
    model.graph.node.append(helper.make_node("ReduceMean", ["block1"], ["odd"], axes=[1, 3], keepdims=0))
    assert map_behind(model, "odd") is None


def test_only_what_leads_to_the_map_is_kept():
    model = onnx.load(bundled("float32").path)
    found = map_behind(model, "stage2")
    assert found is not None
    small = cut_before(model, found.tensor)
    assert [output.name for output in small.graph.output] == ["the map"]
    assert len(small.graph.node) < len(model.graph.node) / 4
    assert small.ByteSize() < model.ByteSize() / 50
    onnx.checker.check_model(small)
    with pytest.raises(ValueError, match="no value"):
        cut_before(model, "nothing of that name")


def test_a_map_that_is_named_is_taken_as_it_is(tmp_path: Path):
    path = saved(convolutions(0, [4, 5]), tmp_path / "tiny.onnx")
    batch = np.random.default_rng(0).random((1, 3, 32, 32), np.float32)
    np.testing.assert_array_equal(
        MapReader(path, "embedding", "map").read(batch), MapReader(path, "embedding").read(batch)
    )


# --- receptive fields --------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.tuples(st.integers(1, 5), st.integers(1, 2)), min_size=1, max_size=3))
def test_a_place_sees_its_field_and_nothing_beside_it(seed: int, shapes: list[tuple[int, int]]):
    # a stride beyond the window would leave holes
    windows, strides = [one for one, _ in shapes], [min(pair) for pair in shapes]
    model = convolutions(seed, [2] * len(shapes), windows=windows, strides=strides, size=48, positive=True)
    field = receptive_field(model, "map")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def run(image: np.ndarray) -> np.ndarray:
        return session.run(["map"], {"image": image})[0][0]

    image = np.ones((1, 3, 48, 48), np.float32)
    before = run(image)
    rows, columns = before.shape[1:]
    y, x = rows // 2, columns // 2
    top, left, height, width = (48 * value for value in field.box(y, x, 48, 48))
    seen = np.zeros((2, 48), bool)
    for at in range(48):  # a whole row or column at a time: 96 runs instead of 2,304
        for axis in (0, 1):
            changed = image.copy()
            np.moveaxis(changed, 2 + axis, 0)[at] += 1
            seen[axis, at] = (run(changed) != before)[:, y, x].any()
    for axis, start, length in ((0, top, height), (1, left, width)):
        middles = np.arange(48) + 0.5
        np.testing.assert_array_equal(seen[axis], (start < middles) & (middles < start + length))


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_fields_grow_from_stage_to_stage(precision: str):
    model = onnx.load(bundled(precision).path)
    sizes = []
    for layer in STAGES[:-1]:
        found = map_behind(model, layer)
        assert found is not None
        sizes.append(receptive_field(model, found.tensor).down.size)
    assert sizes == [7, 19, 67, 339, 851]


def test_dilation_and_pools_count():
    nodes = [
        helper.make_node("MaxPool", ["image"], ["a"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("AveragePool", ["a"], ["b"], kernel_shape=[3, 1], pads=[1, 0, 1, 0]),
        helper.make_node("GlobalAveragePool", ["b"], ["c"]),
    ]
    model = convolutions(0, [1])
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    assert receptive_field(model, "b") == Field(Along(6, 2, 1), Along(2, 2, 1))
    assert receptive_field(model, "c").down.size > 1e5


def test_a_network_that_goes_up_again_has_its_places_spread_evenly():
    field = Field(Along(19, 8, 3), Along(19, 8, 3))
    assert field.laid_over(8, 7, 64, 64) == field  # an edge without padding takes a place away
    assert field.laid_over(32, 64, 64, 64) == Field(Along(19, 2, 1), Along(19, 1, 0.5))


def test_a_field_is_cut_at_the_edges_and_held_to_a_share():
    field = Field(Along(200, 16, 8), Along(10, 16, 8))
    assert field.box(0, 0, 100, 100) == (0, 0.03, 1, 0.1)
    top, left, height, width = field.box(3, 6, 100, 100, most=0.5)
    assert (top, height) == pytest.approx((0.31, 0.5))
    assert (left, width) == pytest.approx((0.95, 0.05))


# --- where a map lies ----------------------------------------------------------------------------------------------

SIZES = [(256, 384), (384, 256), (100, 100), (40, 900), (1, 9)]


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize(
    "how",
    [
        Preparation(224, 224, short_side=256),
        Preparation(224, 224, "squash"),
        Preparation(96, 160, "squash", short_side=183),
        Preparation(96, 160, "crop", short_side=110),
    ],
)
def test_a_box_in_fractions_is_the_one_in_pixels(height: int, width: int, how: Preparation):
    pixels = crop_box(height, width, how)
    box = Box.of_pixels(pixels, height, width)
    assert box.in_pixels(height, width) == pixels
    assert 0 <= box.top <= box.top + box.height <= 1 + 1e-9
    assert 0 <= box.left <= box.left + box.width <= 1 + 1e-9
    # shown ten times as large it is the same part
    large = box.in_pixels(10 * height, 10 * width)
    np.testing.assert_allclose(large, np.multiply(pixels, 10), atol=1)


def test_of_a_squashed_photo_the_map_lies_over_all_of_it():
    assert Box.of_pixels(crop_box(300, 500, Preparation(224, 224, "squash")), 300, 500) == WHOLE


@pytest.mark.parametrize(("height", "width"), SIZES[:3])
def test_a_point_is_in_the_place_that_covers_it(height: int, width: int):
    box = Box.of_pixels(crop_box(height, width, Preparation(224, 224, short_side=256)), height, width)
    for y in range(7):
        for x in range(7):
            cell = box.cell(y, x, 7, 7)
            assert box.place_at(cell.top + cell.height / 2, cell.left + cell.width / 2, 7, 7) == (y, x)
            assert cell.height * height == pytest.approx(cell.width * width)  # a square network sees square cells
    assert box.place_at(box.top / 2 - 0.01, 0.5, 7, 7) is None


def test_a_part_that_hangs_over_is_cut():
    found = Box(0.1, 0.2, 0.5, 0.6).part(-0.5, 0.5, 1.0, 1.0)
    assert (found.top, found.left, found.height, found.width) == pytest.approx((0.1, 0.5, 0.25, 0.3))
