"""ONNX files that want harm: each asks for memory, time, files or trust that it should not get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, StringStringEntryProto, TensorProto, helper, numpy_helper

FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def model(nodes: Sequence[NodeProto], weights: Sequence[TensorProto] = (), opset: int = 17) -> ModelProto:
    """A network from `image` (n, 3, 32, 32) to `out`."""
    image = helper.make_tensor_value_info("image", FLOAT, ["n", 3, 32, 32])
    out = helper.make_tensor_value_info("out", FLOAT, None)
    graph = helper.make_graph(list(nodes), "hostile", [image], [out], list(weights))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def _weight(name: str, *shape: int, seed: int = 0) -> TensorProto:
    values = np.random.default_rng(seed).normal(0, 0.2, shape).astype(np.float32)
    return numpy_helper.from_array(values, name)


def _numbers(name: str, *values: int) -> TensorProto:
    return numpy_helper.from_array(np.array(values, np.int64), name)


def _classes(start: str) -> list[NodeProto]:
    return [
        helper.make_node("Conv", [start, "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "v"], ["out"]),
    ]


WEIGHTS = [_weight("w", 8, 3, 3, 3), _weight("v", 8, 5, seed=1)]


def harmless() -> ModelProto:
    """A small classifier as it should be."""
    return model(_classes("image"), WEIGHTS)


def memory_bomb() -> ModelProto:
    """Four terabytes of zeros, added to the picture."""
    nodes = [
        helper.make_node("ConstantOfShape", ["huge"], ["zeros"]),
        helper.make_node("ReduceSum", ["zeros"], ["sum"], keepdims=0),
        helper.make_node("Add", ["image", "sum"], ["more"]),
    ]
    return model([*nodes, *_classes("more")], [*WEIGHTS, _numbers("huge", 1_000_000, 1_000_000)])


def enlarging_bomb() -> ModelProto:
    """The picture, drawn out to 480,000 pixels a side."""
    sizes = numpy_helper.from_array(np.array([1, 1, 15000, 15000], np.float32), "scales")
    nodes = [helper.make_node("Resize", ["image", "", "scales"], ["large"], mode="nearest")]
    return model([*nodes, *_classes("large")], [*WEIGHTS, sizes])


def endless_loop() -> ModelProto:
    """A loop of nine million million million turns."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Add", ["before", "one"], ["after"])],
        "body",
        [
            helper.make_tensor_value_info("turn", INT64, []),
            helper.make_tensor_value_info("go", BOOL, []),
            helper.make_tensor_value_info("before", FLOAT, None),
        ],
        [helper.make_tensor_value_info("on", BOOL, []), helper.make_tensor_value_info("after", FLOAT, None)],
    )
    constants = [
        numpy_helper.from_array(np.array(2**63 - 1, np.int64), "turns"),
        numpy_helper.from_array(np.array(True), "yes"),
        numpy_helper.from_array(np.array(1e-6, np.float32), "one"),
    ]
    nodes = [helper.make_node("Loop", ["turns", "yes", "image"], ["looped"], body=body)]
    return model([*nodes, *_classes("looped")], [*WEIGHTS, *constants])


def slow() -> ModelProto:
    """No loop, only hours of multiplying."""
    nodes = [helper.make_node("ConstantOfShape", ["side"], ["m0"])]
    nodes += [helper.make_node("MatMul", [f"m{i}", f"m{i}"], [f"m{i + 1}"]) for i in range(3000)]
    nodes += [
        helper.make_node("ReduceSum", ["m3000"], ["sum"], keepdims=0),
        helper.make_node("Add", ["image", "sum"], ["more"]),
    ]
    return model([*nodes, *_classes("more")], [*WEIGHTS, _numbers("side", 3000, 3000)])


def large() -> ModelProto:
    """Half a gigabyte at once: more than it says, less than what is absurd."""
    nodes = [
        helper.make_node("ConstantOfShape", ["side"], ["a"]),
        helper.make_node("Exp", ["a"], ["b"]),
        helper.make_node("Sub", ["b", "a"], ["b-a"]),
        helper.make_node("ReduceSum", ["b-a"], ["sum"], keepdims=0),
        helper.make_node("Add", ["image", "sum"], ["more"]),
    ]
    return model([*nodes, *_classes("more")], [*WEIGHTS, _numbers("side", 8000, 8000)])


def giant_claim() -> ModelProto:
    """A weight that says it has 10^14 numbers, and has none."""
    claim = TensorProto(name="w", dims=[8, 3, 2_000_000, 2_000_000], data_type=FLOAT)
    return model(_classes("image"), [claim, WEIGHTS[1]])


def overflowing_claim() -> ModelProto:
    """A weight whose size is 0 for whoever counts in 64 bits."""
    claim = TensorProto(name="w", dims=[2**32, 2**32], data_type=FLOAT, raw_data=b"")
    return model(_classes("image"), [claim, WEIGHTS[1]])


def foreign_operator() -> ModelProto:
    """A step that only a library of somebody's own could do."""
    nodes = [helper.make_node("Custom", ["image"], ["x"], domain="com.evil"), *_classes("x")]
    made = model(nodes, WEIGHTS)
    made.opset_import.append(helper.make_opsetid("com.evil", 1))
    return made


def outside(location: str) -> Callable[[], ModelProto]:
    """A weight that is to be read from another file."""

    def make() -> ModelProto:
        tensor = TensorProto(name="w", dims=[8, 3, 3, 3], data_type=FLOAT, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", location), ("offset", "0"), ("length", str(8 * 27 * 4))):
            tensor.external_data.append(StringStringEntryProto(key=key, value=value))
        return model(_classes("image"), [tensor, WEIGHTS[1]])

    return make


def deep(levels: int) -> bytes:
    """Graphs within graphs within graphs, as bytes: no library would write them."""

    def field(number: int, content: bytes) -> bytes:
        return _varint(number << 3 | 2) + _varint(len(content)) + content

    graph = b""
    for _ in range(levels):
        # GraphProto.node = 1, NodeProto.attribute = 5, AttributeProto.g = 6
        graph = field(1, field(4, b"If") + field(5, field(1, b"g") + field(6, graph)))
    return b"\x08\x08" + field(7, graph) + field(8, b"\x10\x11")


def many_nodes() -> ModelProto:
    """A hundred thousand steps that do nothing."""
    count = 100_000
    nodes = [NodeProto(op_type="Identity", input=[f"t{i}"], output=[f"t{i + 1}"]) for i in range(count)]
    nodes[0].input[0] = "image"
    made = model([], WEIGHTS)
    made.graph.CopyFrom(GraphProto(node=[*nodes, *_classes(f"t{count}")], initializer=WEIGHTS))
    made.graph.input.append(helper.make_tensor_value_info("image", FLOAT, ["n", 3, 32, 32]))
    made.graph.output.append(helper.make_tensor_value_info("out", FLOAT, None))
    return made


def save(path: Path, content: ModelProto | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.SerializeToString())
    return path


def _varint(value: int) -> bytes:
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
