"""Writing ONNX graphs by hand: nodes with names of their own, constants, one line each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper


class Builder:
    """Collects nodes and constants; every tensor's name begins with `prefix`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def constant(self, value: npt.ArrayLike, kind: npt.DTypeLike = np.float32) -> str:
        """A constant tensor; returns its name."""
        name = f"{self._prefix}constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def whole(self, *values: int) -> str:
        """Whole numbers, int64 (n,)."""
        return self.constant(values, np.int64)

    def __call__(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """A node with one output; returns the output's name."""
        name = output or f"{self._prefix}{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"{name}.node", **attributes))
        return name

    def to_float(self, name: str) -> str:
        """The same numbers as float32."""
        return self("Cast", name, to=TensorProto.FLOAT)

    def to_whole(self, name: str) -> str:
        """The same numbers as int64."""
        return self("Cast", name, to=TensorProto.INT64)
