"""Small networks for tests of what is seen inside networks: written here, run by onnxruntime."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from desktop_app.core.nets.manifest import Layer, Network
from desktop_app.core.nets.preparation import Preparation

Pool = str
"""How the map becomes a vector: "GlobalAveragePool", "ReduceMean", "ReduceMean last" (channels last) or "Flatten"."""


def convolutions(
    seed: int,
    channels: Sequence[int],
    *,
    size: int | str = 32,
    pool: Pool = "GlobalAveragePool",
    windows: Sequence[int] = (),
    strides: Sequence[int] = (),
    positive: bool = False,
) -> onnx.ModelProto:
    """Convolutions and rectifiers one after the other, with an output "stageN" for each and "map", "embedding".

    Args:
        seed: of the weights.
        channels: of each convolution, the input's 3 left out.
        size: of the input, a number or the name of a free side.
        pool: what makes a vector of each map.
        windows: side of each convolution's window; 3 where none is given.
        strides: 2 where none is given.
        positive: all weights are above 0, so that no place is ever silent.
    """
    random = np.random.default_rng(seed)
    nodes, held, tensor, before = [], [], "image", 3
    outputs = []
    for place, count in enumerate(channels):
        window = windows[place] if windows else 3
        stride = strides[place] if strides else 2
        weight = random.normal(size=(count, before, window, window))
        weight = np.abs(weight) + 0.1 if positive else weight
        bias = random.normal(size=count) * 0.1
        name = f"block{place + 1}"
        held.append(numpy_helper.from_array(weight.astype(np.float32), f"{name}.weight"))
        held.append(numpy_helper.from_array(bias.astype(np.float32), f"{name}.bias"))
        pads = [window // 2, window // 2, (window - 1) // 2, (window - 1) // 2]
        nodes.append(
            helper.make_node(
                "Conv",
                [tensor, f"{name}.weight", f"{name}.bias"],
                [f"{name}.conv"],
                strides=[stride] * 2,
                pads=pads,
            )
        )
        nodes.append(helper.make_node("Relu", [f"{name}.conv"], [name]))
        layer = "embedding" if place == len(channels) - 1 else f"stage{place + 1}"
        nodes += _pooled(name, layer, pool)
        outputs.append(helper.make_tensor_value_info(layer, TensorProto.FLOAT, ["N", None]))
        tensor, before = name, count
    nodes.append(helper.make_node("Identity", [tensor], ["map"]))
    outputs.append(helper.make_tensor_value_info("map", TensorProto.FLOAT, ["N", before, None, None]))
    sides = [size, size] if isinstance(size, int) else [f"{size}h", f"{size}w"]
    return _model(nodes, held, ["N", 3, *sides], outputs)


def _pooled(tensor: str, layer: str, pool: Pool) -> list[onnx.NodeProto]:
    if pool == "GlobalAveragePool":
        return [
            helper.make_node(pool, [tensor], [f"{layer}.pool"]),
            helper.make_node("Flatten", [f"{layer}.pool"], [layer]),
        ]
    if pool == "ReduceMean":
        return [helper.make_node(pool, [tensor], [layer], axes=[-2, -1], keepdims=0)]
    if pool == "ReduceMean last":
        return [
            helper.make_node("Transpose", [tensor], [f"{layer}.last"], perm=[0, 2, 3, 1]),
            helper.make_node("ReduceMean", [f"{layer}.last"], [layer], axes=[1, 2], keepdims=0),
        ]
    return [helper.make_node("Flatten", [tensor], [layer])]


def dense(
    seed: int, classes: int, *, size: int | str = "side", softmax: bool = False, shrink: int = 1
) -> onnx.ModelProto:
    """A network that answers for each place: one convolution, output "out" (n, classes, h / shrink, w / shrink)."""
    weight = np.random.default_rng(seed).normal(size=(classes, 3, 1, 1)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "weight"], ["scores"], strides=[shrink, shrink]),
        helper.make_node("Softmax" if softmax else "Identity", ["scores"], ["out"], **({"axis": 1} if softmax else {})),
    ]
    sides = [size, size] if isinstance(size, int) else [f"{size}h", f"{size}w"]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["N", classes, None, None])]
    return _model(nodes, [numpy_helper.from_array(weight, "weight")], ["N", 3, *sides], outputs)


def saved(model: onnx.ModelProto, path: Path) -> Path:
    """Write it, checked."""
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())
    return path


def network(
    path: Path, layers: Sequence[tuple[str, int]], *, size: int = 32, classes: Path | None = None, **more: object
) -> Network:
    """A file of `saved` as a network; the last layer is its embedding."""
    data = path.read_bytes()
    made = Network(
        name=path.stem,
        title=path.stem.title(),
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        input_name="image",
        preparation=Preparation(size, size, mean=(127.0,), scale=(128.0,)),
        layers=tuple(Layer(name, dimension) for name, dimension in layers),
        map_output="map",
        class_output="",
        embedding_output=layers[-1][0] if layers else "",
        classes=classes,
        licence="",
        origin="",
        precision="float32",
        ends_in_global_pool=True,
    )
    return replace(made, **more)


def _model(
    nodes: list[onnx.NodeProto],
    held: list[onnx.TensorProto],
    shape: list[int | str],
    outputs: list[onnx.ValueInfoProto],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)], outputs, held
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
