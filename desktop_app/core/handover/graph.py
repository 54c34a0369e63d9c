"""One ONNX graph of preparation, network and head: opset 18, IR 8, nothing outside the file.

Input `image`: uint8 (N, H, W, 3), RGB, upright, any size and number; N is 1 where the network takes one picture at a
time. Outputs `probabilities`, float32 (N, C) in the order of the stored class names, and `label`, int64 (N,): the index
of the largest.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import ModelProto, NodeProto, TensorProto, compose, helper, version_converter

from desktop_app.core.errors import UserError
from desktop_app.core.handover.builder import Builder
from desktop_app.core.handover.parts import Dense, HeadParts, Nearest, NetworkFile, Step, UnitLength
from desktop_app.core.handover.preparation import add_preparation

OPSET = 18
IR_VERSION = 8

IMAGE, PROBABILITIES, LABEL = "image", "probabilities", "label"

_NETWORK = "network."
_HEAD = "head."

# opset 18 changed none of these since opset 13 (17 for the first of them): raising the number is enough
_UNCHANGED = frozenset(
    {"LayerNormalization", "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "Conv"}
    | {"DequantizeLinear", "Div", "Dropout", "Flatten", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid"}
    | {"HardSwish", "Identity", "LRN", "LeakyRelu", "MatMul", "MaxPool", "Mul", "PRelu", "QuantizeLinear", "Relu"}
    | {"Reshape", "Shape", "Sigmoid", "Slice", "Softmax", "Squeeze", "Sub", "Sum", "Tanh", "Transpose", "Unsqueeze"}
)


def build(network: NetworkFile, head: HeadParts, *, prepared: bool = False) -> ModelProto:
    """The whole classifier.

    Args:
        network: its file is read and must hold its weights itself.
        head: on layers of that network.
        prepared: leaves the preparation out: `image` is then float32 (N, *network.shape). For checks.

    Returns:
        A checked model without metadata.

    Raises:
        UserError: the network's file cannot be read or be part of such a file.
    """
    model = _network(network, head.layers)
    add = Builder("prepare.")
    inner = _NETWORK + network.input_name
    many = "N" if network.batch_free else 1
    if prepared:
        inputs = [helper.make_tensor_value_info(IMAGE, TensorProto.FLOAT, [many, *network.shape])]
        tensor = IMAGE
    else:
        inputs = [helper.make_tensor_value_info(IMAGE, TensorProto.UINT8, [many, "H", "W", 3])]
        tensor = add_preparation(add, IMAGE, network)
    add("Identity", tensor, output=inner)
    after = Builder(_HEAD)
    add_head(after, [_NETWORK + name for name in head.layers], head)
    outputs = [
        helper.make_tensor_value_info(PROBABILITIES, TensorProto.FLOAT, [many, len(head.classes)]),
        helper.make_tensor_value_info(LABEL, TensorProto.INT64, [many]),
    ]
    graph = helper.make_graph(
        [*add.nodes, *model.graph.node, *after.nodes],
        "classifier",
        inputs,
        outputs,
        [*add.constants, *model.graph.initializer, *after.constants],
    )
    made: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="Likeness"
    )
    onnx.checker.check_model(made, full_check=True)
    return made


def add_head(add: Builder, layers: Sequence[str], head: HeadParts) -> None:
    """Add the nodes from features, float32 (N, d) each, to `probabilities` and `label`."""
    x = add("Concat", *layers, axis=1) if len(layers) > 1 else layers[0]
    for step in head.steps:
        x = _add_step(add, x, step, len(head.classes))
    scaled = add("Mul", x, add.constant(1 / head.temperature))
    add("Softmax", scaled, axis=1, output=PROBABILITIES)
    add("ArgMax", PROBABILITIES, axis=1, keepdims=0, output=LABEL)


def _add_step(add: Builder, x: str, step: Step, classes: int) -> str:
    match step:
        case Dense():
            x = add("Gemm", x, add.constant(step.weight), add.constant(step.bias))
            return add("Relu", x) if step.relu else x
        case UnitLength():
            length = add("ReduceL2", x, add.whole(1), keepdims=1)
            return add("Div", x, add("Max", length, add.constant(1e-12)))
        case Nearest():
            votes = add("Gemm", x, add.constant(step.examples.T), add.constant(step.weights))
            nothing = add("Mul", add("Slice", votes, add.whole(0), add.whole(1), add.whole(1)), add.constant(0.0))
            absent = add("Add", nothing, add.constant(step.absent))
            scores = []
            for start, stop in step.spans(classes):
                if start == stop:
                    scores.append(absent)
                    continue
                own = add("Slice", votes, add.whole(start), add.whole(stop), add.whole(1))
                scores.append(add("ReduceLogSumExp", own, add.whole(1), keepdims=1))
            return add("Concat", *scores, axis=1)


def _network(network: NetworkFile, layers: Sequence[str]) -> ModelProto:
    """The part of a network that leads to some layers, at this opset, its names prefixed."""
    try:
        model = onnx.load(network.path, load_external_data=False)
    except Exception as error:  # whatever protobuf raises for a file that is none
        raise UserError(f"The network file {network.path.name} cannot be read. Install Likeness anew.") from error
    graph = model.graph
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in graph.initializer):
        raise UserError(f"{network.title} keeps its weights in a second file, so it cannot be handed over as one.")
    domains = {node.domain for node in graph.node}
    if model.functions or not domains <= {"", "ai.onnx"}:
        raise UserError(f"{network.title} uses operations of its own, so it cannot be handed over.")
    produced = {name for node in graph.node for name in node.output}
    if lost := set(layers) - produced:
        raise UserError(f"{network.title} has no layer {', '.join(sorted(lost))}.")
    _keep(model, layers)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    if opset != OPSET and not (13 <= opset < OPSET and {node.op_type for node in graph.node} <= _UNCHANGED):
        try:
            model = version_converter.convert_version(model, OPSET)
        except Exception as error:
            raise UserError(
                f"{network.title} cannot be handed over: its file is of another age.", str(error)
            ) from error
    del model.opset_import[:]
    model.opset_import.append(helper.make_opsetid("", OPSET))
    model.ir_version = IR_VERSION
    prefixed: ModelProto = compose.add_prefix(model, _NETWORK)
    return prefixed


def _keep(model: ModelProto, layers: Sequence[str]) -> None:
    """Drop what the layers do not need: other outputs, their nodes, their weights."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    needed: set[str] = set()
    waiting = list(layers)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        if name in makers:
            waiting.extend(_reads(makers[name]))
    nodes = [node for node in graph.node if any(name in needed for name in node.output)]
    weights = [tensor for tensor in graph.initializer if tensor.name in needed]
    held = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in held]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in dict.fromkeys(layers)]
    for field, kept in ((graph.node, nodes), (graph.initializer, weights), (graph.input, inputs)):
        copies = [type(item).FromString(item.SerializeToString()) for item in kept]
        del field[:]
        field.extend(copies)
    del graph.output[:]
    graph.output.extend(outputs)
    del graph.value_info[:]


def _reads(node: NodeProto) -> list[str]:
    """Every name a node reads, also from inside the branches of an If."""
    names = [name for name in node.input if name]
    for attribute in node.attribute:
        for inner in attribute.g.node:
            names.extend(_reads(inner))
    return names
