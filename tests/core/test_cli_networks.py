"""`likeness networks`, and libraries that are compared in several ways, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from desktop_app.core import paths
from desktop_app.core.nets.manifest import bundled_networks
from tests.core.libraries import NETWORK
from tests.core.shell import Shell

OTHER = "efficientnet-lite0"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A network of three layers: two convolutions, pooled, and ten classes."""
    random = np.random.default_rng(5)

    def weights(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array(random.normal(0, 0.3, shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["in", "w1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("GlobalAveragePool", ["r2"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "w3"], ["out"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, ["n", 3, 32, 32])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 10])],
        [weights("w1", 8, 3, 3, 3), weights("w2", 16, 8, 3, 3), weights("w3", 16, 10)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = tmp_path / "my tiny net.onnx"
    onnx.save(model, path)
    return path


def answer(shell: Shell, *words: object) -> dict:
    status, out, err = shell.run(*words, "--json")
    assert status == 0, err
    return dict(json.loads(out))


def names(shell: Shell) -> list[str]:
    return [one["name"] for one in answer(shell, "networks", "list")["networks"]]


def test_list_and_layers(shell: Shell) -> None:
    assert names(shell) == [OTHER, NETWORK]
    for network in bundled_networks(paths.models_dir()):
        layers = answer(shell, "networks", "layers", network.name)["layers"]
        assert [(one["name"], one["dimension"]) for one in layers] == [(o.name, o.dimension) for o in network.layers]
        maps = {one["name"]: one["map"] for one in layers}
        assert maps["embedding"]
        assert maps["logits"] is None
    assert "no network called" in shell.fails("networks", "layers", "vgg")


def test_added_used_and_removed(shell: Shell, six: list[Path], file: Path) -> None:
    added = answer(shell, "networks", "add", file)
    assert added["name"] == "my-tiny-net"
    assert added["input"] == [3, 32, 32]
    assert {"embedding", "logits"} <= set(added["layers"])
    assert names(shell) == [OTHER, NETWORK, "my-tiny-net"]
    layers = answer(shell, "networks", "layers", "my-tiny-net")["layers"]
    assert {one["name"]: one["dimension"] for one in layers}["embedding"] == 16
    done = shell.index(six[0].parent, "--descriptor", "my-tiny-net:embedding", "--descriptor", "colour")
    assert done["descriptors"] == [
        {"name": "my-tiny-net:embedding", "photos": 6, "computed": 6},
        {"name": "colour", "photos": 6, "computed": 0},
    ]
    for metric in ("cosine", "euclidean"):
        found = shell.similar(six[0], "--descriptor", "my-tiny-net:embedding", "--metric", metric)
        assert {path for path, _ in found} == set(six[1:])
    status, out, err = shell.run("networks", "remove", "my-tiny-net")
    assert (status, out) == (0, "my-tiny-net was removed.\n")
    assert "keeps what was computed of 6 photos" in err
    assert names(shell) == [OTHER, NETWORK]
    assert "no longer here" in shell.fails("similar", six[0], "--descriptor", "my-tiny-net:embedding")
    assert shell.index(six[0].parent)["unchanged"] == 6
    assert len(shell.similar(six[0])) == 5
    answer(shell, "networks", "add", file)  # the same network: what was computed counts again
    done = shell.index(six[0].parent, "--descriptor", "my-tiny-net:embedding")
    assert done["descriptors"][0]["computed"] == 0


def test_what_cannot_be_added_or_removed(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("hello")
    assert "There is no file at" in shell.fails("networks", "add", tmp_path / "nothing.onnx")
    assert shell.fails("networks", "add", tmp_path / "text.onnx")
    assert "comes with Likeness" in shell.fails("networks", "remove", NETWORK)
    assert shell.fails("networks", "remove", "vgg")
    assert shell.fails("networks", "get", "no such network")
    assert names(shell) == [OTHER, NETWORK]


def test_what_can_be_had_is_listed(shell: Shell) -> None:
    offers = answer(shell, "networks", "get")["networks"]
    assert len(offers) > 10
    assert all(one["bytes"] > 0 and not one["here"] for one in offers)


def test_bench_measures_and_is_remembered(shell: Shell, file: Path) -> None:
    answer(shell, "networks", "add", file)
    ((one),) = answer(shell, "networks", "bench", "my-tiny-net", "--device", "cpu")["networks"]
    assert one["name"] == "my-tiny-net"
    assert one["device"] == "cpu"
    assert one["photos_per_second"] > 0
    assert one["photos_per_second"] <= max(way["photos_per_second"] for way in one["ways"])
    status, out, _ = shell.run("networks", "bench", "my-tiny-net", "--device", "cpu")
    assert status == 0
    assert "photos/s" in out


def test_another_network_for_a_library(shell: Shell, six: list[Path]) -> None:
    usual = shell.similar(six[0])
    done = answer(shell, "index", six[0].parent, "--network", OTHER, "--device", "cpu")
    assert (done["network"], done["photos"]) == (OTHER, 6)
    other = shell.similar(six[0])
    assert {path for path, _ in other} == {path for path, _ in usual}
    assert [score for _, score in other] != [score for _, score in usual]
    assert shell.similar(six[0], "--descriptor", f"{NETWORK}:embedding") == usual
    assert "no network called" in shell.fails("index", six[0].parent, "--network", "vgg")
    assert "has no layer" in shell.fails("index", six[0].parent, "--descriptor", "stage99")
