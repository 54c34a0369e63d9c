"""How a network ends: in classes for the picture, in classes for every place, in numbers about it, or in a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from onnx import NodeProto, TensorProto

from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.route import Route, is_linear
from desktop_app.core.surgery.shapes import Shape, Shapes

Kind = Literal["classes", "segmentation", "numbers", "picture", "other"]

_FLOATS = frozenset({TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE})
_PROBABILITIES = frozenset({"Softmax", "LogSoftmax", "QLinearSoftmax"})
_SIGMOIDS = frozenset({"Sigmoid", "HardSigmoid", "QLinearSigmoid"})
_LARGEST = frozenset({"ArgMax"})
_SIZED = frozenset({"Resize", "Upsample"})
_RECTIFIED = frozenset({"Relu", "Clip", "LeakyRelu", "PRelu", "QLinearLeakyRelu"})
_POOLS = frozenset({"GlobalAveragePool", "AveragePool", "ReduceMean", "QLinearGlobalAveragePool"}) | {
    "QLinearAveragePool",
    "QLinearReduceMean",
    "GlobalMaxPool",
    "MaxPool",
}
_SHAPING = frozenset(
    {"Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout", "Transpose"}
    | {"QuantizeLinear", "DequantizeLinear"}
)
_SCALING = frozenset({"Add", "Sub", "Mul", "Div", "QLinearAdd", "QLinearMul", "Sum"})

_FEATURE_NAME = re.compile(r"embed|feat|latent|code|bottleneck|descriptor|vector|repr|hidden|backbone|pooler", re.I)
_CLASS_NAME = re.compile(r"prob|logit|class|softmax|score|label", re.I)


@dataclass(frozen=True, slots=True)
class Ending:
    """What one of the file's outputs is.

    Attributes:
        output: its name.
        kind: what it says of a picture.
        shape: for one run of the examination.
        route: from the input to it.
        stop: index in `route.stops` of the class layer's own result, -1 where there is no class layer.
        logits: the tensor with the scores before they become probabilities; "" where there is no class layer.
        probabilities: whether the output went through a softmax.
    """

    output: str
    kind: Kind
    shape: Shape
    route: Route
    stop: int = -1
    logits: str = ""
    probabilities: bool = False


def ending(graph: Graph, shapes: Shapes, route: Route, *, channels: int, size: tuple[int, int]) -> Ending:
    """Judge one output.

    Args:
        graph: of the file.
        shapes: for one size of input.
        route: to the output.
        channels: of the input.
        size: height and width of the input.
    """
    output = route.answer
    shape = shapes[output]
    places, deep = _places(shape, channels_last=output in route.channels_last)
    chosen = any(node.op_type in _LARGEST for node in route.stops[-1].nodes)
    full = places == size and size != (1, 1) and shape.rank == 4
    if shape.kind not in _FLOATS:
        flat = shape.rank == 3 and shape.sides[1:] == size
        if not (chosen and (full or flat)):
            return Ending(output, "other", shape, route)
        full = True
    elif shape.rank not in (1, 2, 4) or shape.values == 0:
        # one vector for each tile of the picture; a softmax there reads letters
        spoken = any(node.op_type in _PROBABILITIES for node in route.stops[-1].nodes)
        tiles = shape.rank == 3 and shape.values and route.attends and not spoken
        return Ending(output, "numbers" if tiles else "other", shape, route)
    stop, logits, soft, rectified = _walk(graph, shapes, route)
    if full:
        if deep in (1, channels) and not soft and not chosen and not (deep == 1 and channels == 3):
            return Ending(output, "picture", shape, route)
        if not logits:  # several branches make it: the output itself is the best there is
            return Ending(output, "segmentation", shape, route, -1, "" if chosen else output, soft)
        return Ending(output, "segmentation", shape, route, stop, logits, soft)
    if deep == channels and channels == 3 and places[0] >= size[0] and shape.rank == 4:
        return Ending(output, "picture", shape, route)
    if places != (1, 1) or not logits:
        return Ending(output, "numbers", shape, route)
    maker = _linear(route.stops[stop].nodes)
    if not soft and (maker is None or _are_features(output, maker, shapes, route.stops[stop].tensor, deep, rectified)):
        return Ending(output, "numbers", shape, route)
    return Ending(output, "classes", shape, route, stop, logits, soft)


def _are_features(output: str, maker: NodeProto, shapes: Shapes, made: str, deep: int, rectified: bool) -> bool:
    """Whether the last layer says what a picture is like rather than what it shows: without a softmax it may be either.

    The name of the output decides; else the habit that features come in round binary numbers and classes do not.
    """
    if _CLASS_NAME.search(output):
        return False
    if _FEATURE_NAME.search(output):
        return True
    inner = shapes[made]
    if inner.rank == 4 and max(inner.sides[2:]) > 1:  # pooled after the last convolution
        return deep % 16 == 0
    if rectified:
        return True
    return deep >= 16 and deep & (deep - 1) == 0


def _walk(graph: Graph, shapes: Shapes, route: Route) -> tuple[int, str, bool, bool]:
    """Back from the output to the layer of the classes.

    Returns:
        Index of that layer's result among the stops (-1: none), the scores before they become probabilities, whether a
        softmax follows, whether the scores are cut off below zero.
    """
    soft = rectified = divided = False
    logits = route.answer
    for place in range(len(route.stops) - 1, -1, -1):
        stop = route.stops[place]
        earlier = route.stops[place - 1].tensor if place else graph.inputs[0].name
        nodes = [node for node in stop.nodes if node.op_type != "Constant"]
        if len(nodes) > 1:
            kinds = {node.op_type for node in nodes}
            shifted = soft and kinds == {"ReduceMax", "Sub"}  # which changes no softmax
            divided = divided or (not soft and kinds == {"ReduceSum", "Div"})
            if not shifted and not divided:
                return -1, "", soft, rectified
            logits = earlier
            continue
        node = nodes[0]
        kind = node.op_type
        if divided:  # a softmax that is written out, or no softmax at all
            if kind != "Exp":
                return -1, "", soft, rectified
            soft, divided, logits = True, False, earlier
            continue
        if is_linear(node):
            if len(graph.data_inputs(node)) > 1 or not place:
                return -1, "", soft, rectified
            return place, logits, soft, rectified
        if kind in _PROBABILITIES:
            soft, logits = True, earlier
        elif kind in _SIGMOIDS or kind in _LARGEST or kind in _SIZED:
            logits = earlier
        elif kind in _RECTIFIED:
            rectified = True
        elif kind in _SCALING:
            if len(graph.data_inputs(node)) > 1:
                return -1, "", soft, rectified
        elif kind not in _SHAPING and kind not in _POOLS:
            return -1, "", soft, rectified
    return -1, "", soft, rectified


def _linear(nodes: tuple[NodeProto, ...]) -> NodeProto | None:
    return next((node for node in nodes if is_linear(node)), None)


def _places(shape: Shape, *, channels_last: bool) -> tuple[tuple[int, int], int]:
    """Height and width of a tensor's places, and its channels."""
    if shape.rank == 4:
        _, a, b, c = shape.sides
        return ((a, b), c) if channels_last else ((b, c), a)
    return (1, 1), shape.sides[-1] if shape.sides else 0
