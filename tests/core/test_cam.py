from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.explain.cam import (
    Linear,
    activation_maps,
    against_others,
    around,
    heat,
    over_photo,
    reach,
    through_classes,
)
from desktop_app.core.explain.class_layer import class_layer
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.prepare import crop_box
from desktop_app.core.nets.session import Engine
from tests.core.heads_made import bundled
from tests.photos import scene


def linear(seed: int, classes: int, inputs: int) -> Linear:
    random = np.random.default_rng(seed)
    return Linear(
        random.normal(size=(classes, inputs)).astype(np.float32), random.normal(size=classes).astype(np.float32)
    )


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_mean_and_bias_are_the_score(seed: int, classes: int, channels: int, height: int, width: int):
    feature_map = np.random.default_rng(seed).gamma(1, 2, (channels, height, width)).astype(np.float32)
    head = linear(seed, classes, channels)
    maps = activation_maps(feature_map, head)
    assert maps.shape == (classes, height, width)
    assert maps.dtype == np.float32
    scores = head.weight @ feature_map.mean(axis=(1, 2)) + head.bias
    np.testing.assert_allclose(maps.mean(axis=(1, 2)) + head.bias, scores, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_of_a_real_network_the_map_adds_up_to_the_head_on_the_embedding(precision: str):
    engine = Engine(bundled(precision), "cpu")
    found = engine.run(engine.prepare(scene(3))[np.newaxis], ["map", "embedding"])
    assert found["map"].shape == (1, 1280, 7, 7)
    head = linear(1, 4, 1280)
    maps = activation_maps(found["map"][0], head)
    scores = head.weight @ found["embedding"][0] + head.bias
    np.testing.assert_allclose(maps.mean(axis=(1, 2)) + head.bias, scores, atol=2e-3)


def test_a_map_of_other_channels_is_refused():
    with pytest.raises(ValueError, match="1280 numbers and a map of 320"):
        activation_maps(np.zeros((320, 7, 7), np.float32), linear(0, 2, 1280))


def test_a_head_on_the_logits_is_one_on_the_embedding():
    network = bundled("float32")
    classes = class_layer(network.path, network.class_output)
    assert classes is not None
    assert classes.weight.shape == (1000, 1280)
    engine = Engine(network, "cpu")
    found = engine.run(engine.prepare(scene(5))[np.newaxis], ["embedding", "logits"])
    np.testing.assert_allclose(classes.weight @ found["embedding"][0] + classes.bias, found["logits"][0], atol=1e-4)
    head = linear(2, 3, 1000)
    through = through_classes(head, classes)
    np.testing.assert_allclose(
        through.weight @ found["embedding"][0] + through.bias, head.weight @ found["logits"][0] + head.bias, atol=2e-3
    )


def test_the_class_layer_of_the_8_bit_network_is_what_it_rounds_to():
    precise = class_layer(bundled("float32").path, "logits")
    rounded = class_layer(bundled("int8").path, "logits")
    assert precise is not None
    assert rounded is not None
    assert 0 < np.abs(precise.weight - rounded.weight).max() < 0.01


def test_only_a_plain_class_layer_is_read():
    assert class_layer(bundled("float32").path, "embedding") is None
    assert class_layer(bundled("float32").path, "nothing") is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_rectified_layers_are_linear_around_a_photo(seed: int, depth: int):
    random = np.random.default_rng(seed)
    sizes = [12, *random.integers(2, 9, depth - 1).tolist(), 3]
    weights = [random.normal(size=pair).astype(np.float32) for pair in pairwise(sizes)]
    biases = [random.normal(size=size).astype(np.float32) for size in sizes[1:]]
    x = random.normal(size=12).astype(np.float32)
    local = around(weights, biases, x)

    def scores(at: np.ndarray) -> np.ndarray:
        for place, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            at = at @ weight + bias
            at = np.maximum(at, 0) if place < depth - 1 else at
        return at

    np.testing.assert_allclose(local.weight @ x + local.bias, scores(x), rtol=1e-4, atol=1e-3)


def test_what_speaks_against_the_others():
    maps = np.array([[[3.0, 0.0]], [[1.0, 1.0]], [[1.0, 3.0]]], np.float32)
    np.testing.assert_array_equal(against_others(maps, 0), [[2.0, -2.0]])
    np.testing.assert_array_equal(against_others(maps[:1], 0), maps[0])


def test_heat_runs_from_0_to_1_and_of_nothing_is_nothing():
    np.testing.assert_array_equal(heat(np.array([[-1, 2], [4, 0]], np.float32)), [[0, 0.5], [1, 0]])
    np.testing.assert_array_equal(heat(np.array([[-1.0]], np.float32)), [[0]])


@pytest.mark.parametrize(("height", "width"), [(256, 384), (400, 300), (100, 100), (1, 9)])
def test_the_overlay_lies_where_the_network_looks(height: int, width: int):
    box = crop_box(height, width, bundled("float32"))
    spread = over_photo(np.full((7, 7), 0.5, np.float32), height, width, box)
    top, left, tall, wide = box
    assert spread.shape == (height, width)
    assert np.isfinite(spread).sum() == tall * wide
    np.testing.assert_allclose(spread[top : top + tall, left : left + wide], 0.5)


def test_the_overlay_of_a_squashed_picture_lies_over_all_of_it():
    whole = Preparation(224, 224, "squash")
    spread = over_photo(np.full((7, 7), 0.5, np.float32), 300, 500, crop_box(300, 500, whole))
    assert spread.shape == (300, 500)
    np.testing.assert_allclose(spread, 0.5)
    strengths = np.zeros((7, 7), np.float32)
    strengths[6, 0] = 1
    y, x = np.unravel_index(np.argmax(over_photo(strengths, 280, 560, crop_box(280, 560, whole))), (280, 560))
    assert y >= 259
    assert x <= 40


def test_the_overlay_puts_a_place_where_it_is():
    strengths = np.zeros((7, 7), np.float32)
    strengths[1, 5] = 1
    spread = over_photo(strengths, 300, 400, (20, 80, 210, 210))
    y, x = np.unravel_index(np.nanargmax(spread), spread.shape)
    assert abs(y - (20 + 45)) <= 1
    assert abs(x - (80 + 165)) <= 1


@pytest.mark.parametrize(
    ("layers", "kind", "how"),
    [
        (("embedding",), "softmax", "exact"),
        (("logits",), "svm", "exact"),
        (("embedding", "logits"), "mlp", "exact"),
        (("stage4", "embedding"), "softmax", "approximate"),
        (("stage4",), "softmax", "none"),
        (("embedding",), "neighbours", "none"),
    ],
)
def test_where_there_is_no_exact_map_it_says_so(layers: tuple[str, ...], kind: str, how: str):
    found = reach(layers, kind, map_output="map")
    assert found.how == how
    assert bool(found.sentence) == (how != "exact")


def test_a_network_without_a_map_says_so():
    assert reach(("embedding",), "softmax", map_output="").how == "none"
