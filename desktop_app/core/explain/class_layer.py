"""A network's own class layer as plain arrays: through it a head on the logits is one on the embedding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from desktop_app.core.explain.cam import Linear


def class_layer(path: Path, class_output: str) -> Linear | None:
    """The weights and bias of the layer that makes `class_output` from the embedding.

    In an 8-bit network they are kept rounded, and come out as the network itself takes them.

    Args:
        path: the network's ONNX file.
        class_output: name of that layer's output.

    Returns:
        weight float32 (classes, d), bias float32 (classes,); None where the layer is not a plain one.
    """
    model = onnx.load(path, load_external_data=False)
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(class_output)
    while node is not None and node.op_type == "Identity":
        node = makers.get(node.input[0])
    if node is not None and node.op_type == "Add":
        return _product_and_sum(model, makers, node)
    if node is None or node.op_type != "Gemm" or len(node.input) != 3:
        return None
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    if attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0 or attributes.get("transA"):
        return None
    wanted = list(node.input[1:])
    if (values := _values(model, wanted)) is None:
        return None
    weight, bias = values
    return Linear(np.ascontiguousarray(weight if attributes.get("transB") else weight.T, np.float32), bias)


def _product_and_sum(model: onnx.ModelProto, makers: dict[str, onnx.NodeProto], node: onnx.NodeProto) -> Linear | None:
    """A class layer that is a MatMul and an Add, as TensorFlow writes it."""
    for features, bias in (tuple(node.input), tuple(node.input)[::-1]):
        product = makers.get(features)
        if product is not None and product.op_type == "MatMul":
            values = _values(model, [product.input[1], bias])
            if values is None or values[0].ndim != 2 or values[1].size != values[0].shape[1]:
                return None
            return Linear(np.ascontiguousarray(values[0].T, np.float32), values[1].reshape(-1))
    return None


def _values(model: onnx.ModelProto, names: list[str]) -> list[np.ndarray] | None:
    """Tensors that depend on constants alone, worked out by running the nodes that lead to them."""
    makers = {name: node for node in model.graph.node for name in node.output}
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    inputs = {value.name for value in model.graph.input} - held.keys()
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in inputs:
            return None
        if name and name not in needed:
            needed.add(name)
            if name in makers:
                waiting.extend(makers[name].input)
    graph = helper.make_graph(
        [node for node in model.graph.node if needed.intersection(node.output)]
        + [helper.make_node("Identity", [name], [f"value{place}"]) for place, name in enumerate(names)],
        "constants",
        [],
        [helper.make_tensor_value_info(f"value{place}", TensorProto.FLOAT, None) for place in range(len(names))],
        [tensor for name, tensor in held.items() if name in needed],
    )
    small = helper.make_model(graph, opset_imports=list(model.opset_import), ir_version=model.ir_version)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(small.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [np.asarray(value, np.float32) for value in session.run(None, {})]
