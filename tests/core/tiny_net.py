"""A tiny graph in the making, with weights from a seed, so that two calls give the same file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

SIDE = 32
OPSET, IR_VERSION = 13, 8


class Net:
    """A graph in the making: each method adds nodes and returns the name of the new tensor."""

    def __init__(self, seed: int = 0, opset: int = OPSET, half: bool = False) -> None:
        self.random = np.random.default_rng(seed)
        self.opset, self.half = opset, half
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, *shape: int) -> str:
        fan = int(np.prod(shape[1:])) or 1
        values = self.random.normal(0, (2 / fan) ** 0.5, shape)
        return self.constant(values.astype(np.float16 if self.half else np.float32))

    def whole(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def add(self, kind: str, *inputs: str, output: str = "", domain: str = "", **attributes: object) -> str:
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def conv(self, x: str, inside: int, outside: int, *, side: int = 3, stride: int = 1, relu: bool = True) -> str:
        pad = side // 2
        x = self.add(
            "Conv",
            x,
            self.weight(outside, inside, side, side),
            self.weight(outside),
            kernel_shape=[side, side],
            strides=[stride, stride],
            pads=[pad] * 4,
        )
        return self.add("Relu", x) if relu else x

    def dense(self, x: str, inside: int, outside: int, output: str = "") -> str:
        return self.add("Gemm", x, self.weight(outside, inside), self.weight(outside), output=output, transB=1)

    def residual(self, x: str, channels: int) -> str:
        y = self.conv(x, channels, channels)
        y = self.conv(y, channels, channels, relu=False)
        return self.add("Relu", self.add("Add", x, y))

    def model(
        self,
        outputs: Sequence[tuple[str, Sequence[int | str]]],
        sides: Sequence[int | str] = ("N", 3, SIDE, SIDE),
        *,
        kind: int = 0,
        inputs: Sequence[object] = (),
        answers: int = 0,
    ) -> ModelProto:
        kind = kind or (TensorProto.FLOAT16 if self.half else TensorProto.FLOAT)
        floats = answers or (TensorProto.FLOAT16 if self.half else TensorProto.FLOAT)
        graph = helper.make_graph(
            self.nodes,
            "tiny",
            [helper.make_tensor_value_info("image", kind, list(sides)), *inputs],
            [helper.make_tensor_value_info(name, floats, list(shape)) for name, shape in outputs],
            self.weights,
        )
        imports = [helper.make_opsetid("", self.opset)]
        imports += [helper.make_opsetid(d, 1) for d in sorted({node.domain for node in self.nodes} - {""})]
        return helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION, producer_name="tiny")


def trunk(net: Net, x: str = "image", channels: int = 3) -> str:
    """Three resolutions, 16, 8 and 4 places a side for the usual input; 24 channels at the end."""
    x = net.conv(x, channels, 8, stride=2)
    x = net.residual(x, 8)
    x = net.conv(x, 8, 16, stride=2)
    x = net.residual(x, 16)
    return net.conv(x, 16, 24, stride=2)


def save(model: ModelProto, path: Path) -> Path:
    """Write a model; its path."""
    path.write_bytes(model.SerializeToString())
    return path
