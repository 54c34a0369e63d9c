"""Which side of a tensor the channels are: in the input, and from step to step."""

from __future__ import annotations

from onnx import NodeProto

from desktop_app.core.surgery.examined import Layout
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.nodes import attribute

_CONVOLUTIONS = frozenset({"Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "FusedConv"})
_TO_FIRST, _TO_LAST, _TURN = (0, 3, 1, 2), (0, 2, 3, 1), (0, 2, 1)


def channels_last(graph: Graph, layout: Layout) -> frozenset[str]:
    """The tensors whose channels are their last side, given how the input is laid out.

    Convolutions take and give channels first, transpositions turn, all else keeps what it gets.
    """
    last = {graph.inputs[0].name: layout == "NHWC"}
    for node in graph.nodes:
        inherited = next((last[name] for name in node.input if name in last), None)
        if inherited is None:
            continue
        if node.op_type in _CONVOLUTIONS:
            inherited = False
        elif node.op_type == "Transpose":
            order = tuple(attribute(node, "perm", []))
            if inherited and order in (_TO_FIRST, _TURN):
                inherited = False
            elif not inherited and order in (_TO_LAST, _TURN):
                inherited = True
        last.update((name, inherited) for name in node.output)
    return frozenset(name for name, is_last in last.items() if is_last)


def input_layout(graph: Graph, sides: list[int]) -> tuple[Layout, int] | None:
    """Layout and channels of an input of four sides (0: free); None where it takes no pictures.

    Where both ends could be channels, or neither says, the first convolution decides.
    """
    first, last = sides[1] in (1, 3), sides[3] in (1, 3)
    if first != last:
        return ("NCHW", sides[1]) if first else ("NHWC", sides[3])
    found = _by_convolution(graph)
    if found is None:
        return ("NCHW", sides[1]) if first else None
    layout, channels = found
    stated = sides[1] if layout == "NCHW" else sides[3]
    if channels not in (1, 3) or stated not in (0, channels):
        return None
    return layout, channels


def _by_convolution(graph: Graph) -> tuple[Layout, int] | None:
    """What the first convolution on the way takes, and whether it is turned before."""
    weights = {tensor.name: tuple(tensor.dims) for tensor in graph.initializers.values()}
    turned = {graph.inputs[0].name: False}
    for node in graph.nodes:
        source = next((name for name in node.input if name in turned), None)
        if source is None:
            continue
        if node.op_type in ("Conv", "FusedConv", "QLinearConv", "ConvInteger"):
            shape = _weight_shape(graph, weights, node)
            if shape is None or len(shape) != 4:
                return None
            channels = shape[1] * attribute(node, "group", 1)
            return ("NHWC" if turned[source] else "NCHW"), channels
        turn = node.op_type == "Transpose" and tuple(attribute(node, "perm", [])) == _TO_FIRST
        turned.update((name, turned[source] or turn) for name in node.output)
    return None


def _weight_shape(graph: Graph, weights: dict[str, tuple[int, ...]], node: NodeProto) -> tuple[int, ...] | None:
    place = 3 if node.op_type == "QLinearConv" else 1
    if len(node.input) <= place:
        return None
    name = node.input[place]
    while name not in weights:
        maker = graph.makers.get(name)
        if maker is None:
            return None
        if maker.op_type == "Constant":
            return next((tuple(entry.t.dims) for entry in maker.attribute if entry.name == "value"), None)
        if maker.op_type == "ConstantOfShape":
            sides = graph.constant(maker.input[0])
            return None if sides is None else tuple(int(side) for side in sides)
        if maker.op_type not in ("DequantizeLinear", "Identity", "Cast", "QuantizeLinear"):
            return None
        name = maker.input[0]
    return weights[name]
