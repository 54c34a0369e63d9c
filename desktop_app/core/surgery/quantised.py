"""Tensors of whole numbers that stand for fractions, in networks of 8 bit: which scale they are on."""

from __future__ import annotations

from desktop_app.core.surgery.graph import Graph

# where a node says the scale and the zero point of its answer: places among its inputs
_SAYS = {
    "QuantizeLinear": (1, 2),
    "QLinearConv": (6, 7),
    "QLinearMatMul": (6, 7),
    "QLinearAdd": (6, 7),
    "QLinearMul": (6, 7),
    "QLinearGlobalAveragePool": (3, 4),
    "QLinearAveragePool": (3, 4),
    "QLinearReduceMean": (3, 4),
    "QLinearSigmoid": (3, 4),
    "QLinearLeakyRelu": (3, 4),
    "QLinearSoftmax": (3, 4),
    "QLinearConcat": (0, 1),
    "QGemm": (7, 8),
}
# these hand on what they get
_KEEP = frozenset(
    {"MaxPool", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Dropout", "Relu", "Clip"}
    | {"Slice", "Split", "Pad"}
)


def scale_of(graph: Graph, name: str) -> tuple[str, str] | None:
    """The names of a tensor's scale and zero point ("" where it is nought); None where it says none."""
    while (node := graph.makers.get(name)) is not None:
        if node.op_type in _SAYS:
            scale, zero = _SAYS[node.op_type]
            if len(node.input) <= scale or not node.input[scale] or not graph.is_fixed(node.input[scale]):
                return None
            offset = node.input[zero] if len(node.input) > zero else ""
            return node.input[scale], offset
        if node.op_type not in _KEEP:
            return None
        name = node.input[0]
    return None


def is_quantised(graph: Graph) -> bool:
    """Whether the network computes in whole numbers."""
    return any(
        node.op_type in _SAYS or node.op_type in ("ConvInteger", "MatMulInteger", "DynamicQuantizeLinear")
        for node in graph.nodes
        if not graph.data.isdisjoint(node.output)
    )
