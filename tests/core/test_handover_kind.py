"""What an ONNX file is, told by its metadata."""

from __future__ import annotations

import os
from pathlib import Path

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from desktop_app.core import paths
from desktop_app.core.handover.about import FORMAT_KEY
from desktop_app.core.handover.kind import OnnxKind, onnx_kind


def model(**metadata: str) -> onnx.ModelProto:
    value = helper.make_tensor_value_info
    weight = helper.make_tensor("weight", TensorProto.FLOAT, [64, 1024], b"\x0a" * (4 * 64 * 1024), raw=True)
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "graph",
        [value("x", TensorProto.FLOAT, [1])],
        [value("y", TensorProto.FLOAT, [1])],
        [weight],
    )
    made = helper.make_model(graph)
    helper.set_model_props(made, metadata)
    return made


def test_a_classifier_is_known_by_its_metadata_wherever_that_stands(tmp_path: Path) -> None:
    file = tmp_path / "ours.onnx"
    file.write_bytes(model(**{"author": "x" * 300, FORMAT_KEY: "1"}).SerializeToString())
    assert onnx_kind(file) is OnnxKind.CLASSIFIER


def test_other_models_and_other_files(tmp_path: Path) -> None:
    file = tmp_path / "other.onnx"
    file.write_bytes(model(author=FORMAT_KEY).SerializeToString())
    assert onnx_kind(file) is OnnxKind.OTHER
    for network in paths.models_dir().glob("*.onnx"):
        assert onnx_kind(network) is OnnxKind.OTHER
    for name, content in {"empty": b"", "words": b"just some words", "cut": file.read_bytes()[:5000]}.items():
        (tmp_path / name).write_bytes(content)
        assert onnx_kind(tmp_path / name) is OnnxKind.NONE
    assert onnx_kind(tmp_path / "gone") is OnnxKind.NONE
    assert onnx_kind(tmp_path) is OnnxKind.NONE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    assert onnx_kind(tmp_path / "pipe.onnx") is OnnxKind.NONE


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.onnx"
    file.write_bytes(content)
    assert onnx_kind(file) in OnnxKind
