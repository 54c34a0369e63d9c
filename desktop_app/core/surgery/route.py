"""The tensors that everything known of a picture has to pass through, on its way from the input to an answer.

At such a tensor a network can be cut: nothing goes around it, as a shortcut of a residual block or another branch of an
inception block does. They are found by counting ways: a tensor is one of them if the ways from the input to it, times
those from it to the answer, are all the ways there are. Counting modulo a prime keeps the numbers small; that a
wrong tensor passes has odds of one in 10^38.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from onnx import NodeProto

from desktop_app.core.surgery.graph import Graph

_PRIME = 2**127 - 1

_LINEAR = frozenset(
    {"Conv", "ConvTranspose", "Gemm", "MatMul", "QLinearConv", "QLinearMatMul", "QGemm", "ConvInteger"}
    | {"MatMulInteger", "FusedMatMul", "TransposeMatMul", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"}
)
# these change no picture into anything but a sum of what it was
_PASSING = frozenset(
    {"Add", "Sub", "Mul", "Div", "Sum", "Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose"}
    | {"Dropout", "Concat", "Split", "Slice", "Gather", "Pad", "Expand", "BatchNormalization", "QuantizeLinear"}
    | {"DequantizeLinear", "AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum", "Resize", "Upsample"}
    | {"QLinearAdd"}
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One of these tensors, and the nodes between it and the one before."""

    tensor: str
    nodes: tuple[NodeProto, ...]


class Route:
    """The way from the input to one answer.

    Attributes:
        channels_last: the tensors of the graph whose channels are their last side.
        stops: in order, without the input itself.
        nodes: every node that lies on some way, in order.
    """

    def __init__(self, graph: Graph, answer: str, channels_last: frozenset[str] = frozenset()) -> None:
        self.graph, self.answer, self.channels_last = graph, answer, channels_last
        self.nodes = [node for node in graph.leading_to([answer]) if not graph.data.isdisjoint(node.output)]
        self.stops = self._stops()

    def _stops(self) -> list[Stop]:
        graph = self.graph
        start = graph.inputs[0].name
        there = {start: 1}
        for node in self.nodes:
            ways = sum(there.get(name, 0) for name in graph.data_inputs(node)) % _PRIME
            for name in node.output:
                if name:
                    there[name] = ways
        back = {self.answer: 1}
        for node in reversed(self.nodes):
            ways = sum(back.get(name, 0) for name in node.output if name) % _PRIME
            for name in graph.data_inputs(node):
                back[name] = (back.get(name, 0) + ways) % _PRIME
        total = there.get(self.answer, 0)
        stops: list[Stop] = []
        between: list[NodeProto] = []
        for node in self.nodes:
            between.append(node)
            for name in node.output:
                if name and name in back and there[name] * back[name] % _PRIME == total:
                    stops.append(Stop(name, tuple(between)))
                    between = []
        return stops

    @cached_property
    def attends(self) -> bool:
        """Whether places are compared with one another, as in a transformer."""
        for node in self.nodes:
            if node.op_type in ("Attention", "MultiHeadAttention"):
                return True
            if node.op_type in ("MatMul", "FusedMatMul", "Einsum") and len(self.graph.data_inputs(node)) > 1:
                return True
        return False

    @cached_property
    def curved(self) -> frozenset[str]:
        """The tensors that are more than a linear answer to the picture."""
        found: set[str] = set()
        for node in self.nodes:
            own = node.op_type not in _LINEAR | _PASSING
            several = node.op_type in ("Mul", "Div", "MatMul") and len(self.graph.data_inputs(node)) > 1
            if own or several or not found.isdisjoint(node.input):
                found.update(node.output)
        return frozenset(found)


def is_linear(node: NodeProto) -> bool:
    """Whether a node multiplies by weights, as the layer of the classes does."""
    return node.op_type in _LINEAR
