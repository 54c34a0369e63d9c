"""Single nodes and constants of a graph: what they read, hold and say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper


def small_value(tensor: TensorProto) -> np.ndarray | None:
    """A tensor that is in the graph itself, or None where it was taken out or is damaged."""
    if tensor.data_location == TensorProto.EXTERNAL:
        return None
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError):
        return None


def reads(node: NodeProto) -> list[str]:
    """Every name that a node reads, also from inside its branches and loops."""
    names = [name for name in node.input if name]
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            if not graph.node and not graph.output:
                continue
            made = {name for inner in graph.node for name in inner.output}
            made.update(tensor.name for tensor in graph.initializer)
            made.update(value.name for value in graph.input)
            wanted = [name for inner in graph.node for name in reads(inner)]
            wanted.extend(value.name for value in graph.output)
            names.extend(name for name in wanted if name not in made)
    return names


def inside(node: NodeProto) -> Iterator[NodeProto]:
    """A node and all nodes inside its branches and loops."""
    yield node
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from inside(inner)


_T = TypeVar("_T", int, list[int])


def attribute(node: NodeProto, name: str, default: _T) -> _T:
    """The value of a node's attribute, one whole number or several; `default` where it has none of that kind."""
    for entry in node.attribute:
        if entry.name == name:
            value = helper.get_attribute_value(entry) if entry.type else None
            return value if type(value) is type(default) else default
    return default
