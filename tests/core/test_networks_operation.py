"""Adding a stranger's file as a person does: examined and cut in a child process, fed as its preset says, kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets import bench
from desktop_app.core.nets.class_names import read_class_names
from desktop_app.core.nets.preparation import PRESETS, Preparation
from desktop_app.core.nets.registry import all_networks, find_network, own_networks, remove_network
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations import networks
from desktop_app.core.operations.networks import add, prepared, presets_for, what_it_is_fed
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.guard import examine_safely
from tests.core.nets_made import examined
from tests.photos import scene


def stranger(path: Path, *, channels: int = 3, size: int = 32, classes: int = 10) -> Path:
    """A small classifier as people export them: one picture at a time, probabilities, no layer named."""
    draw = np.random.default_rng(3)
    weights = {
        "a": draw.normal(0, 0.3, (8, channels, 3, 3)),
        "b": draw.normal(0, 0.3, (12, 8, 3, 3)),
        "c": draw.normal(0, 1, (classes, 12)),
    }
    nodes = [
        helper.make_node("Conv", ["in", "a"], ["1"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["1"], ["2"]),
        helper.make_node("Conv", ["2", "b"], ["3"], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["3"], ["4"]),
        helper.make_node("GlobalAveragePool", ["4"], ["5"]),
        helper.make_node("Flatten", ["5"], ["6"]),
        helper.make_node("Gemm", ["6", "c"], ["7"], transB=1),
        helper.make_node("Softmax", ["7"], ["out"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "stranger",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, channels, size, size])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, classes])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def to_the_end(operation):
    reports = []
    while True:
        try:
            reports.append(next(operation))
        except StopIteration as end:
            return reports, end.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return stranger(tmp_path / "My net (v2).onnx")


def test_a_file_becomes_a_network_that_compares(file: Path):
    before = file.read_bytes()
    found = examine_safely(file)
    reports, network = to_the_end(add(file, found, classes=[f"class {number}" for number in range(10)]))
    assert reports
    assert (network.name, network.title, network.origin, network.own) == ("My-net-v2", "My-net-v2", file.name, True)
    assert network == find_network("My-net-v2") == all_networks()[-1]
    assert network.preparation == PRESETS["imagenet"](32, 32)
    assert network.source_sha256 == found.sha256
    assert file.read_bytes() == before

    engine = Engine(network, "cpu")
    batch = np.stack([engine.prepare(scene(seed)) for seed in range(3)])
    features = engine.run(batch, ["embedding", "logits", "map"])
    np.testing.assert_allclose(features["map"].mean(axis=(2, 3)), features["embedding"], rtol=1e-4, atol=1e-5)
    maps = Engine(network, "cpu", maps=True).run(batch)
    assert {values.ndim for values in maps.values()} == {4}
    last = network.maps[list(network.maps)[-1]]
    np.testing.assert_allclose(maps[last], features["map"], rtol=1e-4, atol=1e-5)

    # the same as the given file says, which gives probabilities
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    for row, one in enumerate(batch):
        (expected,) = session.run(None, {"in": one[np.newaxis]})
        scores = np.exp(features["logits"][row] - features["logits"][row].max())
        np.testing.assert_allclose(scores / scores.sum(), expected[0], rtol=1e-3, atol=1e-5)
    remove_network(network.name)
    assert own_networks().networks == ()


def test_a_second_one_gets_another_name(file: Path):
    found = examine_safely(file)
    for expected in ("My-net-v2", "My-net-v2-2"):
        assert to_the_end(add(file, found))[1].name == expected


def test_stopped_before_the_end_nothing_is_left(file: Path):
    found = examine_safely(file)
    operation = add(file, found)
    next(operation)
    operation.close()
    assert list(paths.networks_dir().iterdir()) == []


def test_a_file_that_changed_meanwhile_is_not_added(file: Path):
    found = examine_safely(file)
    stranger(file, classes=11)
    with pytest.raises(UserError, match="changed"):
        to_the_end(add(file, found))
    assert list(paths.networks_dir().iterdir()) == []


def test_the_preset_that_is_likely(tmp_path: Path):
    def first(**about) -> str:
        values = examined(Preparation(32, 32)).to_dict() | about
        return presets_for(Examined.from_dict(values))[0].name

    assert first() == "imagenet"
    assert first(layout="NHWC") == "efficientnet"
    assert first(layout="NHWC", classes=2) == "open-nsfw"
    assert first(channels=1, classes=10) == "digits"
    assert first(channels=1, classes=0) == "grey"
    assert first(is_segmentation=True) == "whole"
    assert {preset.channels for preset in presets_for(examined(Preparation(28, 28, colours="grey")))} == {1}
    # squeezenet1.0-12 of the zoo: its own sha256 says how it was trained
    known = "dec81a8684617770b3cf13fadc1d92565d1d453d23935fc6388b792d99c992bd"
    assert first(sha256=known) == "caffe"


def test_inputs_of_any_size_get_a_size():
    free = examined(Preparation(32, 32), free_size=True)
    assert prepared(free, "imagenet").shape == (3, networks.FREE_SIZE, networks.FREE_SIZE)
    places = Examined.from_dict(free.to_dict() | {"is_segmentation": True})
    assert prepared(places, "whole").shape == (3, networks.FREE_SIZE_OF_PLACES, networks.FREE_SIZE_OF_PLACES)


def test_a_preset_that_does_not_fit():
    with pytest.raises(UserError, match=r"no preparation called “magic”\. There are: imagenet, caffe"):
        prepared(examined(Preparation(32, 32)), "magic")
    with pytest.raises(UserError, match="takes colour pictures"):
        prepared(examined(Preparation(32, 32)), "digits")


def test_a_thousand_classes_are_imagenets():
    thousand = Examined.from_dict(examined(Preparation(32, 32)).to_dict() | {"classes": 1000})
    assert len(read_class_names(networks.usual_classes(thousand))) == 1000
    assert networks.usual_classes(examined(Preparation(32, 32))) is None


def test_what_a_network_is_fed_can_be_looked_at(tmp_path: Path):
    Image.new("RGB", (300, 200), (250, 120, 10)).save(tmp_path / "photo.png")
    for name, preset in PRESETS.items():
        shown = what_it_is_fed(tmp_path / "photo.png", preset(48, 48))
        assert shown.shape == (48, 48, 3)
        colour = shown[20, 20].tolist()
        if preset.channels == 3:
            assert colour == [250, 120, 10], name
        else:
            assert len(set(colour)) == 1
    np.testing.assert_array_equal(what_it_is_fed(scene(1, 48, 48), Preparation(48, 48, "squash")), scene(1, 48, 48))


def test_the_networks_here_and_their_speeds(file: Path, monkeypatch):
    monkeypatch.setattr(bench, "_SECONDS", 0.005)
    names = ["efficientnet-lite0", "efficientnet-lite0-int8"]
    assert [state.name for state in networks.networks_here()] == names
    assert not any(state.own or state.trouble or state.photos_per_second for state in networks.networks_here())
    assert all(state.good_at and state.layers for state in networks.networks_here())
    to_the_end(add(file, examine_safely(file), licence="MIT"))
    *_, state = networks.networks_here()
    assert (state.name, state.own, state.licence, state.input) == ("My-net-v2", True, "MIT", "colour, 32 × 32 pixels")
    reports, measured = to_the_end(networks.measure("My-net-v2", device="cpu"))
    assert reports[-1].done == reports[-1].total > 0
    assert measured.photos_per_second > 0
    assert networks.networks_here()[-1] == measured

    (paths.networks_dir() / "My-net-v2" / "network.json").write_text("{")
    *_, damaged = networks.networks_here()
    assert (damaged.name, damaged.trouble) == (
        "My-net-v2",
        "The network “My-net-v2” is damaged. Remove it and add it again.",
    )
    networks.remove("My-net-v2")
    assert [state.name for state in networks.networks_here()] == names
    with pytest.raises(UserError, match="no network called"):
        to_the_end(networks.measure("My-net-v2"))
