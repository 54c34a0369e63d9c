from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.handover.graph import build
from desktop_app.core.handover.open import session_of
from desktop_app.core.handover.parts import NetworkFile, evaluate
from desktop_app.core.images.pixels import Fit, resized
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.nets.session import Engine
from tests.core.heads_made import CLASSES, bundled, file_of, head
from tests.photos import scene

KINDS = ("linear", "several", "mlp", "neighbours")


def answers(model: onnx.ModelProto, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    probabilities, label = session_of(model.SerializeToString()).run(["probabilities", "label"], {"image": image})
    return probabilities, label


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("precision", "within"), [("float32", 1e-4), ("int8", 1e-3)])
def test_fed_the_same_tensor_the_file_agrees(precision: str, within: float, kind: str):
    engine = Engine(bundled(precision), "cpu")
    batch = np.stack([engine.prepare(scene(seed)) for seed in range(5)])
    expected = evaluate(head(kind), engine.run(batch))
    found, label = answers(build(file_of(precision), head(kind), prepared=True), batch)
    assert (found.dtype, found.shape) == (np.float32, (5, 3))
    assert (label.dtype, label.shape) == (np.int64, (5,))
    np.testing.assert_allclose(found, expected, rtol=0, atol=within)
    np.testing.assert_array_equal(label, found.argmax(axis=1))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert len(np.unique(expected.argmax(axis=1))) > 1 or np.ptp(expected, axis=0).max() > 0.01


def test_a_class_without_examples_is_never_the_answer():
    engine = Engine(bundled("int8"), "cpu")
    batch = engine.prepare(scene(1))[np.newaxis]
    found, _ = answers(build(file_of("int8"), head("neighbours"), prepared=True), batch)
    assert found[0, 1] == 0


@pytest.mark.parametrize(
    ("height", "width"),
    [
        (256, 256), (256, 384), (384, 256), (257, 256), (534, 400), (600, 450), (1201, 1600),  # reduced
        (224, 224), (100, 140), (33, 50), (1, 1), (1, 90), (2, 3),  # enlarged
        (300, 2000), (2500, 200),  # beyond 4:1
    ],
)  # fmt: skip
def test_whole_pictures_are_prepared_as_the_program_does(height: int, width: int):
    network = file_of("float32")
    picture = scene(7, max(width, 16), max(height, 16))[:height, :width]
    reduced = resized(np.ascontiguousarray(picture), Fit(short_side=256)((width, height)))
    expected = prepare(reduced, bundled("float32"))
    found = prepared_by_the_file(network, picture[np.newaxis])[0]
    levels = np.abs(found - expected) * 128
    assert levels.max() <= 1.01  # one step of 255 where a sum is rounded the other way
    assert levels.mean() <= 0.3
    if min(height, width) == 256:
        np.testing.assert_array_equal(found, expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.integers(0, 99))
def test_pictures_of_any_size_are_prepared_as_the_program_does(height: int, width: int, seed: int):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    expected = prepare(resized(picture, Fit(short_side=256)((width, height))), bundled("float32"))
    found = prepared_by_the_file(file_of("float32"), picture[np.newaxis])[0]
    # beyond 4:1 the program rounds once more, between reducing and enlarging
    assert np.abs(found - expected).max() * 128 <= 2.01


@cache
def preparing(network: NetworkFile) -> Any:
    """A session of the file's preparation, and the name of what it gives the network."""
    model = build(network, head("linear"))
    tensor = next(node.output[0] for node in model.graph.node if node.output[0] == "network.image")
    model.graph.output.append(onnx.helper.make_tensor_value_info(tensor, onnx.TensorProto.FLOAT, None))
    return session_of(model.SerializeToString()), tensor


def prepared_by_the_file(network: NetworkFile, pictures: np.ndarray) -> np.ndarray:
    """What the file's preparation gives the network."""
    session, tensor = preparing(network)
    return session.run([tensor], {"image": pictures})[0]


@pytest.mark.parametrize("size", [(340, 256), (256, 340), (600, 450), (90, 120)])
def test_a_batch_is_as_many_single_ones(size: tuple[int, int]):
    model = build(file_of("int8"), head("linear"))
    pictures = np.stack([scene(seed, *size) for seed in range(3)])
    together, _ = answers(model, pictures)
    alone = np.concatenate([answers(model, one[np.newaxis])[0] for one in pictures])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_grey_pictures_are_answered_too():
    grey = np.repeat(scene(2)[:, :, :1], 3, axis=2)
    found, _ = answers(build(file_of("int8"), head("linear")), grey[np.newaxis])
    assert np.isfinite(found).all()


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_the_file_is_of_an_age_that_all_runtimes_know(precision: str):
    model = build(file_of(precision), head("linear"))
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 18)]
    assert 8 <= model.ir_version <= 10
    assert {node.domain for node in model.graph.node} <= {""}
    onnx.checker.check_model(model, full_check=True)
    (image,) = model.graph.input
    assert image.name == "image"
    assert image.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert [dim.dim_param or dim.dim_value for dim in image.type.tensor_type.shape.dim] == ["N", "H", "W", 3]
    shapes = {
        value.name: [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in model.graph.output
    }
    assert shapes == {"probabilities": ["N", len(CLASSES)], "label": ["N"]}


def test_only_what_the_head_needs_is_in_the_file():
    small = build(file_of("float32"), head("linear"))
    large = build(file_of("float32"), head("several"))
    names = {tensor.name for tensor in small.graph.initializer}
    assert "network.classes.weight" not in names
    assert "network.classes.weight" in {tensor.name for tensor in large.graph.initializer}


def test_a_layer_that_is_not_there(tmp_path: Path):
    with pytest.raises(UserError, match="has no layer stage9"):
        build(file_of("float32"), replace(head("linear"), layers=("stage9",)))


def test_a_network_with_weights_in_another_file_is_refused(tmp_path: Path):
    model = onnx.load(bundled("float32").path)
    onnx.save(model, tmp_path / "net.onnx", save_as_external_data=True, location="weights.bin")
    with pytest.raises(UserError, match="second file"):
        build(replace(file_of("float32"), path=tmp_path / "net.onnx"), head("linear"))


def test_a_network_that_is_no_network(tmp_path: Path):
    (tmp_path / "net.onnx").write_bytes(b"\xff" * 100)
    with pytest.raises(UserError, match="cannot be read"):
        build(replace(file_of("float32"), path=tmp_path / "net.onnx"), head("linear"))


def test_an_older_network_is_raised(tmp_path: Path):
    model = onnx.load(bundled("float32").path)
    model.opset_import[0].version = 11
    onnx.save(model, tmp_path / "net.onnx")
    engine = Engine(bundled("float32"), "cpu")
    batch = engine.prepare(scene(4))[np.newaxis]
    older = build(replace(file_of("float32"), path=tmp_path / "net.onnx"), head("linear"), prepared=True)
    newer = build(file_of("float32"), head("linear"), prepared=True)
    np.testing.assert_allclose(answers(older, batch)[0], answers(newer, batch)[0], atol=1e-6)
    assert older.opset_import[0].version == 18
