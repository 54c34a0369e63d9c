"""A network's graph: who makes a tensor, who reads it, and which tensors carry the picture."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
from onnx import ModelProto, NodeProto, ValueInfoProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.nodes import inside, reads, small_value

_DAMAGED = "The graph of this network is damaged: its steps do not fit together."

# answers of these say how large a tensor is, not what is in the picture
_SIZES = frozenset({"Shape", "Size"})

# what onnxruntime's converters write beside the standard operators; nothing here opens a file
_MICROSOFT = frozenset(
    {"QLinearAdd", "QLinearMul", "QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearConcat", "QLinearSigmoid"}
    | {"QLinearLeakyRelu", "QLinearSoftmax", "QLinearReduceMean", "QLinearConv", "QGemm", "QLinearWhere"}
    | {"QuantizeLinear", "DequantizeLinear", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "FusedConv"}
    | {"FusedGemm", "FusedMatMul", "TransposeMatMul", "Gelu", "FastGelu", "QuickGelu", "BiasGelu", "GroupNorm"}
    | {"SkipLayerNormalization", "SimplifiedLayerNormalization", "Attention", "MultiHeadAttention", "BiasSplitGelu"}
)


class Graph:
    """The graph of a read file, checked: every tensor is made once, before it is read.

    Raises:
        UserError: it is no such graph, or has more than one input.
    """

    def __init__(self, model: ModelProto) -> None:
        self.model = model
        self.initializers = {tensor.name: tensor for tensor in model.graph.initializer}
        self.nodes = self._in_order(list(model.graph.node))
        self.makers = {name: node for node in self.nodes for name in node.output if name}
        self.places = {name: place for place, node in enumerate(self.nodes) for name in node.output if name}
        self.inputs = [value for value in model.graph.input if value.name not in self.initializers]

    def _in_order(self, nodes: list[NodeProto]) -> list[NodeProto]:
        """The nodes so that each comes after what it reads; as they stand where that holds already."""
        graph = self.model.graph
        makers: dict[str, int] = {}
        known = {value.name for value in graph.input} | self.initializers.keys()
        for place, node in enumerate(nodes):
            for name in node.output:
                if name and (name in makers or name in known):
                    raise UserError(_DAMAGED, f"{name!r} is made twice")
                makers[name] = place
        waiting = [0] * len(nodes)
        readers: list[list[int]] = [[] for _ in nodes]
        for place, node in enumerate(nodes):
            for name in set(reads(node)):
                if name in makers:
                    waiting[place] += 1
                    readers[makers[name]].append(place)
                elif name not in known:
                    raise UserError(_DAMAGED, f"nothing makes {name!r}")
        ready = [place for place, count in enumerate(waiting) if not count]
        heapify(ready)
        order: list[NodeProto] = []
        while ready:
            place = heappop(ready)
            order.append(nodes[place])
            for reader in readers[place]:
                waiting[reader] -= 1
                if not waiting[reader]:
                    heappush(ready, reader)
        if len(order) < len(nodes):
            raise UserError(_DAMAGED, "a step depends on its own result")
        return order

    @cached_property
    def data(self) -> frozenset[str]:
        """The tensors that depend on what is in the picture, not just on its size; the inputs among them."""
        found = {value.name for value in self.inputs}
        for node in self.nodes:
            if node.op_type not in _SIZES and not found.isdisjoint(reads(node)):
                found.update(name for name in node.output if name)
        return frozenset(found)

    def data_inputs(self, node: NodeProto) -> list[str]:
        """What a node reads of the picture, as often as it reads it."""
        return [name for name in reads(node) if name in self.data]

    def before(self, names: Iterable[str]) -> set[str]:
        """Every tensor that these depend on, and themselves."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name and name not in found:
                found.add(name)
                if name in self.makers:
                    waiting.extend(reads(self.makers[name]))
        return found

    def leading_to(self, names: Iterable[str]) -> list[NodeProto]:
        """The nodes that these tensors need, in order."""
        needed = self.before(names)
        return [node for node in self.nodes if not needed.isdisjoint(node.output)]

    def constant(self, name: str) -> np.ndarray | None:
        """The value of a small constant, of an initializer or a Constant node; None where it is anything else."""
        if name in self.initializers:
            return small_value(self.initializers[name])
        node = self.makers.get(name)
        if node is None or node.op_type != "Constant":
            return None
        for entry in node.attribute:
            if entry.name == "value":
                return small_value(entry.t)
            if entry.name == "value_int":
                return np.asarray(entry.i)
            if entry.name == "value_ints":
                return np.asarray(list(entry.ints))
        return None

    def is_fixed(self, name: str) -> bool:
        """Whether a tensor is the same for every picture of one size."""
        return bool(name) and name not in self.data

    def check_operators(self, nodes: Iterable[NodeProto]) -> None:
        """Raises UserError where a node is of a kind that only its maker's programs know."""
        for node in nodes:
            for inner in inside(node):
                known = inner.domain in ("", "ai.onnx") or (
                    inner.domain == "com.microsoft" and inner.op_type in _MICROSOFT
                )
                if not known:
                    raise UserError(
                        "This network uses operations that only its maker's programs know.",
                        f"{inner.domain}::{inner.op_type}",
                    )


def dimensions(value: ValueInfoProto) -> list[int] | None:
    """The sides of an input or output, 0 where free; None where even their number is open.

    Raises:
        UserError: a side is none at all.
    """
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    sides = []
    for side in tensor.shape.dim:
        if side.HasField("dim_value"):
            if side.dim_value == 0:
                raise UserError("This network takes pictures without any pixels.", value.name)
            sides.append(max(side.dim_value, 0))  # some exporters write -1 for a free side
        else:
            sides.append(0)
    return sides
