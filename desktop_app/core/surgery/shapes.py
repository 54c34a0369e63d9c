"""The shapes of a network's tensors for one input size: worked out from the graph, and by running where that ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, ValueInfoProto, helper

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.reading import Weight
from desktop_app.core.surgery.running import TOO_MUCH_MEMORY, Running

_MOST_VALUES = 2**28  # of one tensor: a gigabyte as float32


@dataclass(frozen=True, slots=True)
class Shape:
    """A tensor's element type in ONNX's numbers, and its sides."""

    kind: int
    sides: tuple[int, ...]

    @property
    def rank(self) -> int:
        """The number of sides."""
        return len(self.sides)

    @property
    def values(self) -> int:
        """How many values the tensor has."""
        return math.prod(self.sides)


class Shapes:
    """Shapes by name of tensor, for pictures of one size.

    Args:
        graph: of the file.
        weights: what was taken out of it.
        sides: of the input, batch included, all known.

    Raises:
        UserError: a tensor would need more memory than there is.
    """

    def __init__(self, graph: Graph, weights: Mapping[str, Weight], sides: Sequence[int]) -> None:
        self._graph, self._weights = graph, weights
        self._model = with_sides(graph.model, graph.inputs[0].name, sides)
        self.sides = tuple(sides)
        self._known: dict[str, Shape] = {}
        try:
            inferred = onnx.shape_inference.infer_shapes(self._model, strict_mode=False, data_prop=True)
        except Exception:  # onnx raises many kinds; running will tell
            inferred = self._model
        for value in [*inferred.graph.value_info, *inferred.graph.output, *inferred.graph.input]:
            tensor = value.type.tensor_type
            found = [side.dim_value if side.HasField("dim_value") else -1 for side in tensor.shape.dim]
            if tensor.elem_type and tensor.HasField("shape") and min(found, default=0) >= 0:
                self._learn(value.name, Shape(tensor.elem_type, tuple(found)))

    def _learn(self, name: str, shape: Shape) -> None:
        if shape.values > _MOST_VALUES:
            raise UserError(TOO_MUCH_MEMORY, f"{name!r} has the shape {shape.sides}")
        self._known[name] = shape

    def get(self, name: str) -> Shape | None:
        """The shape if it is known."""
        return self._known.get(name)

    def __getitem__(self, name: str) -> Shape:
        if name not in self._known:
            self.find([name])
        return self._known[name]

    def find(self, names: Iterable[str]) -> None:
        """Make the shapes of these tensors known, by one run for those that could not be worked out.

        Raises:
            UserError: the network does not run on pictures of this size.
        """
        missing = [name for name in dict.fromkeys(names) if name not in self._known]
        if not missing:
            return
        running = Running(part(self._graph, self._model, missing), self._weights)
        feed = {self._graph.inputs[0].name: noise(self._graph.inputs[0], self.sides, 0)}
        for name, value in zip(missing, running.run(missing, feed), strict=True):
            if not isinstance(value, np.ndarray):
                raise UserError("This network passes on lists instead of numbers, which Likeness cannot use.", name)
            self._learn(name, Shape(helper.np_dtype_to_tensor_dtype(value.dtype), value.shape))


def with_sides(model: ModelProto, name: str, sides: Sequence[int]) -> ModelProto:
    """A copy of a graph whose input has these sides, and whose notes of other shapes are gone."""
    made = ModelProto()
    made.CopyFrom(model)
    del made.graph.value_info[:]
    for value in made.graph.input:
        if value.name == name:
            shape = helper.make_tensor_value_info(name, value.type.tensor_type.elem_type, list(sides))
            value.CopyFrom(shape)
    for value in made.graph.output:
        value.type.tensor_type.ClearField("shape")
    return made


def part(graph: Graph, model: ModelProto, names: Sequence[str]) -> ModelProto:
    """The part of a graph that leads to some tensors, these as its outputs."""
    needed = graph.before(names)
    made = ModelProto(ir_version=min(max(model.ir_version, 8), 10), opset_import=model.opset_import)
    made.graph.name = "part"
    made.graph.node.extend(node for node in graph.nodes if not needed.isdisjoint(node.output))
    made.graph.initializer.extend(tensor for tensor in model.graph.initializer if tensor.name in needed)
    first = graph.inputs[0].name
    made.graph.input.extend(value for value in model.graph.input if value.name == first)
    made.graph.output.extend(ValueInfoProto(name=name) for name in names)
    return made


def noise(value: ValueInfoProto, sides: Sequence[int], seed: int) -> np.ndarray:
    """Pictures of nothing, as the input takes them."""
    random = np.random.default_rng(seed)
    kind = value.type.tensor_type.elem_type
    if kind == TensorProto.UINT8:
        return random.integers(0, 256, tuple(sides), np.uint8)
    return random.standard_normal(tuple(sides)).astype(helper.tensor_dtype_to_np_dtype(kind))
