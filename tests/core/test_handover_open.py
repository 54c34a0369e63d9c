from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from desktop_app.core.errors import UserError
from desktop_app.core.handover.about import (
    ABOUT_KEY,
    AGREEMENT_KEY,
    CLASSES_KEY,
    FORMAT_KEY,
    About,
    SpotCheck,
    about_from,
    describe_head,
    describe_network,
    to_metadata,
)
from desktop_app.core.handover.agreement import Agreement, compare
from desktop_app.core.handover.graph import build
from desktop_app.core.handover.open import open_classifier
from desktop_app.core.handover.parts import HeadParts, evaluate
from desktop_app.core.nets.preparation import PRESETS
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.handover import network_file
from tests.core.heads_made import CLASSES, bundled, dense, file_of, head
from tests.core.nets_made import CHANNELS, added
from tests.photos import scene

AGREEMENT = Agreement(200, 199, 150, 150, 0.6, 0.001, 0.01, 0.02)


def about(**changes: object) -> About:
    known = {
        "name": "Scratches",
        "made": "2026-11-22",
        "program": "0.1",
        "counts": {"café": 5, "dent": 2, "good": 9},
        "network": describe_network(file_of("int8")),
        "head": describe_head(head("linear")),
        "accuracy": 0.91,
        "interval": (0.84, 0.95),
        "spot_check": SpotCheck(55, 60, 0.82, 0.97),
        "weak_points": ("Learnt from fewer than 5 photos: “dent”.",),
    }
    return About(**{**known, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> onnx.ModelProto:
    model = build(file_of("int8"), head("linear"))
    helper.set_model_props(model, to_metadata(CLASSES, about(), AGREEMENT))
    return model


def changed(whole: onnx.ModelProto, path: Path, **metadata: str | None) -> Path:
    """The file with other metadata; None leaves a key out."""
    model = onnx.ModelProto.FromString(whole.SerializeToString())
    props = {entry.key: entry.value for entry in model.metadata_props} | {
        f"likeness.{name}": value for name, value in metadata.items()
    }
    helper.set_model_props(model, {name: value for name, value in props.items() if value is not None})
    path.write_bytes(model.SerializeToString())
    return path


def test_it_is_read_back_on_another_machine(whole: onnx.ModelProto, tmp_path: Path):
    path = changed(whole, tmp_path / "Scratches.onnx")
    opened = open_classifier(path)
    assert opened.name == "Scratches"
    assert opened.classes == CLASSES
    assert opened.about == about()
    assert opened.agreement == AGREEMENT
    engine = Engine(bundled("int8"), "cpu")
    picture = scene(4, 400, 256)
    expected = evaluate(head("linear"), engine.run(engine.prepare(picture)[np.newaxis]))
    np.testing.assert_allclose(opened.probabilities(picture[np.newaxis]), expected, atol=1e-4)


def test_a_file_that_takes_one_picture_at_a_time_answers_several(tmp_path: Path):
    network = network_file(added(PRESETS["caffe"](32, 32), batch=1))
    parts = HeadParts(CLASSES, ("embedding",), (dense(0, CHANNELS, 3),))
    model = build(network, parts)
    helper.set_model_props(model, to_metadata(CLASSES, about(), AGREEMENT))
    onnx.save(model, tmp_path / "one.onnx")
    opened = open_classifier(tmp_path / "one.onnx")
    pictures = np.stack([scene(seed, 90, 70) for seed in range(3)])
    found = opened.probabilities(pictures)
    assert found.shape == (3, 3)
    for picture, expected in zip(pictures, found, strict=True):
        np.testing.assert_array_equal(opened.probabilities(picture[np.newaxis])[0], expected)


def test_metadata_is_text_that_anybody_reads(whole: onnx.ModelProto):
    held = {entry.key: entry.value for entry in whole.metadata_props}
    assert set(held) == {FORMAT_KEY, CLASSES_KEY, ABOUT_KEY, AGREEMENT_KEY}
    assert json.loads(held[CLASSES_KEY]) == list(CLASSES)
    assert all(value.isascii() for value in held.values())
    assert json.loads(held[AGREEMENT_KEY]) == asdict(AGREEMENT)
    assert json.loads(held[ABOUT_KEY])["network"]["licence"] == "Apache-2.0"


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((0, 8, 8, 3), np.uint8),
        np.zeros((1, 0, 8, 3), np.uint8),
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((1, 8, 8, 4), np.uint8),
        np.zeros((1, 8, 8, 3), np.float32),
    ],
)
def test_what_is_no_picture_is_refused(whole: onnx.ModelProto, tmp_path: Path, pictures: np.ndarray):
    opened = open_classifier(changed(whole, tmp_path / "x.onnx"))
    with pytest.raises(ValueError, match="pictures must be uint8"):
        opened.probabilities(pictures)


def refused(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        open_classifier(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xff" * 50, b"{}", "no network".encode("utf-16")])
def test_other_files_are_no_classifier(tmp_path: Path, data: bytes):
    path = tmp_path / "a.onnx"
    path.write_bytes(data)
    assert refused(path) == "“a.onnx” is not a classifier made by Likeness."


def test_a_missing_file(tmp_path: Path):
    assert refused(tmp_path / "gone.onnx") == "“gone.onnx” cannot be read."


def test_a_network_of_the_program_is_no_classifier():
    assert "is not a classifier" in refused(bundled("int8").path)


def test_a_newer_format(whole: onnx.ModelProto, tmp_path: Path):
    assert "newer version of Likeness" in refused(changed(whole, tmp_path / "x.onnx", format="2"))


@pytest.mark.parametrize(
    "metadata",
    [
        {"format": "one"},
        {"format": "²"},
        {"classes": None},
        {"classes": "[]"},
        {"classes": "[1, 2, 3]"},
        {"classes": '["a", "b"]'},
        {"classes": '["a", "a", "b"]'},
        {"classes": "[" * 100_000},
        {"about": None},
        {"about": "[]"},
        {"about": "{}"},
        {"about": '{"name": "x", "made": "", "counts": [1], "network": {}, "head": {}}'},
    ],
)
def test_damaged_metadata(whole: onnx.ModelProto, tmp_path: Path, metadata: dict[str, str | None]):
    assert "is damaged" in refused(changed(whole, tmp_path / "x.onnx", **metadata))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"checked": 1}'])
def test_a_check_that_cannot_be_read_is_none(whole: onnx.ModelProto, tmp_path: Path, text: str):
    assert open_classifier(changed(whole, tmp_path / "x.onnx", agreement=text)).agreement is None


def test_fields_of_a_newer_program_are_passed_over():
    raw = json.loads(to_metadata(CLASSES, about(), None)[ABOUT_KEY])
    assert about_from(json.dumps({**raw, "colour": "green"})) == about()


def tampered(whole: onnx.ModelProto, path: Path, how: str) -> Path:
    model = onnx.ModelProto.FromString(whole.SerializeToString())
    graph = model.graph
    match how:
        case "domain":
            graph.node[0].domain = "com.example"
            model.opset_import.append(helper.make_opsetid("com.example", 1))
        case "function":
            opset = [helper.make_opsetid("", 18)]
            model.functions.append(helper.make_function("own", "F", ["x"], ["y"], [], opset))
        case "external":
            tensor = graph.initializer[-1]
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", "../../secret"
        case "branch":
            inner = helper.make_graph([], "inner", [], [])
            graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner))
        case "inner":
            graph.node[0].attribute.append(helper.make_attribute("body", helper.make_graph([], "inner", [], [])))
        case "ir":
            model.ir_version = 13
        case "opset":
            model.opset_import[0].version = 30
        case "output":
            graph.output[0].name = "other"
        case "input":
            graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT
        case "broken":
            graph.node[5].input[0] = "nowhere"
        case "unknown":
            graph.node[5].op_type = "Teleport"
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize(
    "how", ["domain", "function", "external", "branch", "inner", "ir", "opset", "output", "input", "broken", "unknown"]
)
def test_what_is_more_or_less_than_a_classifier_is_not_opened(whole: onnx.ModelProto, tmp_path: Path, how: str):
    told = refused(tampered(whole, tmp_path / "x.onnx", how))
    safe = {"domain", "function", "external", "branch", "inner", "ir", "opset"}
    assert told.endswith("so it was not opened." if how in safe else "Ask for the file once more.")


@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_a_file_that_was_cut_off(whole: onnx.ModelProto, tmp_path: Path, share: float):
    data = whole.SerializeToString()
    path = tmp_path / "x.onnx"
    path.write_bytes(data[: int(len(data) * share)])
    refused(path)


def test_agreement_of_answers():
    own = np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7], [0.45, 0.55]], np.float32)
    file = np.array([[0.8, 0.2], [0.5, 0.5], [0.3, 0.7], [0.6, 0.4]], np.float32)
    found = compare(own, file, 0.6)
    assert (found.checked, found.same, found.sure, found.sure_same) == (4, 3, 2, 2)
    assert found.same_label == 0.75
    assert found.median_difference == pytest.approx(0.05, abs=1e-6)
    assert found.largest_difference == pytest.approx(0.15, abs=1e-6)
    assert found.sentence == (
        "The file gave the same answer as Likeness on 3 of 4 photos; largest difference 15.0 points."
    )


def test_agreement_on_no_photo_claims_nothing():
    found = compare(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32), 0.6)
    assert found.checked == 0
    assert found.sentence == "The file could not be tried on photos of this library."
