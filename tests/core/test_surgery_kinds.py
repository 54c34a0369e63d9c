"""Every kind of network that people bring is understood, and its cut gives what its inner tensors are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import ModelProto, ValueInfoProto

from desktop_app.core.surgery.derive import derive
from desktop_app.core.surgery.examine import examine
from desktop_app.core.surgery.examined import Cut, Examined
from tests.core.tiny_networks import KINDS, Net, save


def session(model: ModelProto | Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def pictures(examined: Examined, count: int) -> np.ndarray:
    height, width = examined.trial_size
    sides = (examined.channels, height, width) if examined.layout == "NCHW" else (height, width, examined.channels)
    return np.random.default_rng(5).uniform(-1, 1, (count, *sides)).astype(np.float32)


def inner(path: Path, examined: Examined, names: list[str], batch: np.ndarray) -> dict[str, np.ndarray]:
    """What the given network itself has in some tensors, photo by photo, as fractions."""
    model = onnx.load(path)
    wanted = list(dict.fromkeys(names))
    known = {value.name for value in model.graph.output}
    model.graph.output.extend(ValueInfoProto(name=name) for name in wanted if name not in known)
    model.ir_version = 8
    model.opset_import[0].version = min(model.opset_import[0].version, 21)
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    run = session(model)
    kind = {"tensor(float16)": np.float16, "tensor(uint8)": np.uint8}.get(run.get_inputs()[0].type, np.float32)
    rows = [run.run(wanted, {examined.input_name: batch[i : i + 1].astype(kind)}) for i in range(len(batch))]
    return {name: np.stack([row[place] for row in rows]) for place, name in enumerate(wanted)}


def by_hand(cut: Cut, value: np.ndarray, examined: Examined, channels_last: bool) -> np.ndarray:
    """A feature vector from the tensor that is cut at; `value` is (n, 1, ...)."""
    if value.dtype == np.uint8:  # of the quantised kind: scale 0.05, zero 64
        value = (value.astype(np.float32) - 64) * np.float32(0.05)
    value = value.astype(np.float64)
    if cut.pooled_by == "mean":
        axes = (1,) if value.ndim == 4 else (1, 2) if channels_last else (2, 3)  # tiles, or places
        value = value[:, 0].mean(axis=axes)
    return value.reshape(len(value), -1)


def close(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    assert one.shape == other.shape
    return bool(np.linalg.norm(one - other) <= tolerance * max(np.linalg.norm(other), 1e-6))


@pytest.mark.parametrize("kind", KINDS)
def test_examination_finds_what_the_network_is(kind: str, tmp_path: Path) -> None:
    expected = KINDS[kind]
    path = save(expected.make(), tmp_path / "given.onnx")
    before = path.read_bytes()
    examined = examine(path)
    assert [(cut.name, cut.dimension) for cut in examined.layers] == list(expected.layers)
    found = (examined.map_output, examined.ends_in_global_pool, examined.batch_free)
    assert found == (expected.map_output, expected.exact, expected.batch_free)
    assert (examined.classes, examined.softmax) == (expected.classes, expected.softmax)
    for name, value in expected.more:
        assert getattr(examined, name) == value, name
    assert Examined.from_dict(json.loads(json.dumps(examined.to_dict()))) == examined
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_cut_gives_the_inner_tensors(kind: str, tmp_path: Path) -> None:
    path = save(KINDS[kind].make(), tmp_path / "given.onnx")
    before = path.read_bytes()
    examined = examine(path)
    features, maps = tmp_path / "cache" / "features.onnx", tmp_path / "cache" / "maps.onnx"
    derive(path, examined, features, maps)
    assert path.read_bytes() == before
    assert sorted(file.name for file in features.parent.iterdir()) == sorted(
        ["features.onnx"] + ["maps.onnx"] * any(cut.map_tensor for cut in examined.layers)
    )
    model = onnx.load(features)
    if kind != "QLinear":  # onnx does not know its operators
        onnx.checker.check_model(model, full_check=True)
    assert 8 <= model.ir_version <= 10
    run = session(features)
    names = [cut.name for cut in examined.layers]
    assert [value.name for value in run.get_outputs()] == names + ["map"] * bool(examined.map_output)
    assert {value.type for value in run.get_outputs()} == {"tensor(float)"}
    tolerance = {"float32": 1e-4, "float16": 5e-3, "int8": 1e-4}[examined.precision]
    rounding = 5e-2 if kind == "QLinear" else tolerance  # its mean is a whole number again
    wanted = [name for cut in examined.layers for name in (cut.tensor, cut.map_tensor) if name]
    for count in (1, 8) if examined.batch_free else (1,):
        batch = pictures(examined, count)
        if kind == "uint8":
            batch = np.rint((batch + 1) * 127)
        truth = inner(path, examined, wanted, batch)
        got = dict(zip([value.name for value in run.get_outputs()], run.run(None, {"image": batch}), strict=True))
        for cut in examined.layers:
            last = bool(cut.map_tensor) and truth[cut.map_tensor].shape[2] == cut.map_height and kind == "channels last"
            assert got[cut.name].shape == (count, cut.dimension)
            assert close(got[cut.name], by_hand(cut, truth[cut.tensor], examined, last), tolerance), cut
        if examined.map_output:
            cut = examined.layer(examined.map_output)
            assert got["map"].shape == (count, got["map"].shape[1], cut.map_height, cut.map_width)
            if examined.ends_in_global_pool:
                assert close(got["map"].mean(axis=(2, 3)), got["embedding"], rounding)
        if maps.exists():
            run_maps = session(maps)
            values = run_maps.run(None, {"image": batch})
            mapped = dict(zip([value.name for value in run_maps.get_outputs()], values, strict=True))
            spatial = [cut for cut in examined.layers if cut.map_tensor]
            assert list(mapped) == [f"{cut.name}_map" for cut in spatial]
            for cut in spatial:
                value = mapped[f"{cut.name}_map"]
                assert value.shape[2:] == (cut.map_height, cut.map_width)
                if cut.pooled_by == "mean":
                    assert close(value.mean(axis=(2, 3)), got[cut.name], max(tolerance, 1e-4))


def test_a_free_size_is_kept_free(tmp_path: Path) -> None:
    for kind in ("free size", "segmentation"):
        path = save(KINDS[kind].make(), tmp_path / f"{kind}.onnx")
        examined = examine(path)
        derive(path, examined, tmp_path / "features.onnx")
        run = session(tmp_path / "features.onnx")
        for height, width in ((64, 48), (40, 96)):
            (embedding,) = run.run(["embedding"], {"image": np.ones((2, 3, height, width), np.float32)})
            assert embedding.shape == (2, examined.layer("embedding").dimension)


@st.composite
def networks(draw: st.DrawFn) -> ModelProto:
    """Chains of blocks of every kind, with and without fixed batch, ended in every way."""
    net = Net(draw(st.integers(0, 2**16)))
    channels, x, side = 3, "image", 16
    for _ in range(draw(st.integers(1, 4))):
        wider = draw(st.sampled_from([4, 6, 8]))
        stride = draw(st.sampled_from([1, 2])) if side > 4 else 1
        x = net.conv(x, channels, wider, side=draw(st.sampled_from([1, 3])), stride=stride)
        channels, side = wider, side // stride
        match draw(st.sampled_from(["plain", "residual", "branches", "normal", "excite"])):
            case "residual":
                x = net.residual(x, channels)
            case "branches":
                x = net.add("Concat", net.conv(x, channels, 3, side=1), net.conv(x, channels, 5), axis=1)
                channels = 8
            case "normal":
                ones = net.constant(np.ones(channels, np.float32))
                shift = net.constant(net.random.normal(0, 1, channels).astype(np.float32))
                x = net.add("BatchNormalization", x, ones, shift, shift, ones)
                x = net.add("LeakyRelu", x)
            case "excite":
                gate = net.conv(net.add("GlobalAveragePool", x), channels, channels, side=1, relu=False)
                x = net.add("Mul", x, net.add("Sigmoid", gate))
    batch: int | str = draw(st.sampled_from(["N", 1]))
    match draw(st.sampled_from(["pool", "flatten", "reshape", "squeeze"])):
        case "pool":
            x = net.dense(net.add("Flatten", net.add("GlobalAveragePool", x)), channels, 10)
        case "flatten":
            x = net.dense(net.add("Relu", net.dense(net.add("Flatten", x), channels * side * side, 12)), 12, 10)
        case "reshape":
            first = 1 if batch == 1 else -1
            x = net.add("Reshape", x, net.whole(first, channels * side * side))
            x = net.add("Add", net.add("MatMul", x, net.weight(channels * side * side, 10)), net.weight(10))
        case "squeeze":
            x = net.add("Flatten", net.add("GlobalAveragePool", net.conv(x, channels, 10, side=1)))
    if draw(st.booleans()):
        net.add("Softmax", x, output="prob", axis=1)
    else:
        net.add("Identity", x, output="prob")
    return net.model([("prob", [batch, 10])], [batch, 3, 16, 16])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=networks())
def test_any_chain_of_blocks_is_cut_where_it_says(model: ModelProto, tmp_path: Path) -> None:
    path = save(model, tmp_path / "given.onnx")
    examined = examine(path)
    assert examined.class_output == "logits"
    assert examined.batch_free
    assert examined.layer("logits").dimension == 10
    derive(path, examined, tmp_path / "features.onnx")
    run = session(tmp_path / "features.onnx")
    names = [cut.name for cut in examined.layers]
    for count in (1, 8):
        batch = pictures(examined, count)
        truth = inner(path, examined, [cut.tensor for cut in examined.layers], batch)
        for cut, value in zip(examined.layers, run.run(names, {"image": batch}), strict=True):
            assert close(value, by_hand(cut, truth[cut.tensor], examined, False), 1e-4), cut
