"""How much of the input a place of a map sees: its receptive field.

Source: Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019. Where branches
meet, the widest counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import onnx
from onnx import helper, numpy_helper

_EVERYWHERE = 1_000_000.0
_UNEVEN = 0.34  # of a place's step: what edges without padding may take away
_WINDOWS = frozenset({"Conv", "ConvInteger", "QLinearConv", "MaxPool", "AveragePool", "LpPool"})
_ALL = frozenset({"GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax", "ReduceSum", "Gemm", "MatMul"})
_WEIGHT = {"Conv": 1, "ConvInteger": 1, "QLinearConv": 3}


@dataclass(frozen=True, slots=True)
class Along:
    """The field along one direction, in pixels of the input.

    Attributes:
        size: of the field of one place.
        step: from one place to the next.
        start: middle of the first place's field.
    """

    size: float = 1.0
    step: float = 1.0
    start: float = 0.5

    def through(self, window: int, stride: int, before: int, dilation: int) -> Along:
        """After one more layer with such a window, `before` places of padding on the near side."""
        reach = dilation * (window - 1)
        return Along(self.size + reach * self.step, self.step * stride, self.start + (reach / 2 - before) * self.step)


@dataclass(frozen=True, slots=True)
class Field:
    """What one place of a map sees of the input, down and along."""

    down: Along = Along()
    along: Along = Along()

    def laid_over(self, rows: int, columns: int, height: int, width: int) -> Field:
        """The same field, with places spread evenly where they are not as far apart as they would have to be.

        A network that goes up again (by a resize, or a convolution turned round) has more places than its windows say.
        """
        return Field(_even(self.down, rows, height), _even(self.along, columns, width))

    def box(self, y: int, x: int, height: int, width: int, most: float = 1.0) -> tuple[float, float, float, float]:
        """(top, left, height, width) of a place's field as fractions of the input, cut at its edges.

        Args:
            y: row of the place.
            x: its column.
            height: of the input, pixels.
            width: of the same.
            most: the largest share of a side. A late place sees the whole input in theory, but what it sees in the
                middle of its field counts far more (Luo et al., "Understanding the Effective Receptive Field", 2016).
        """
        top, bottom = _span(self.down, y, height, most)
        left, right = _span(self.along, x, width, most)
        return top, left, bottom - top, right - left


def _even(field: Along, places: int, length: int) -> Along:
    step = length / places
    return field if abs(field.step / step - 1) < _UNEVEN else Along(max(field.size, step), step, step / 2)


def _span(field: Along, place: int, length: int, most: float) -> tuple[float, float]:
    half = (field.size if most >= 1 else min(field.size, most * length)) / 2
    middle = min(max(field.start + place * field.step, 0.0), float(length))
    return max(0.0, middle - half) / length, min(float(length), middle + half) / length


def receptive_field(model: onnx.ModelProto, tensor: str) -> Field:
    """The field of the places of a map, whatever the order of its axes; of what is no value of the network one pixel.

    Args:
        model: the network.
        tensor: name of the map.
    """
    shapes = {held.name: tuple(held.dims) for held in model.graph.initializer}
    made = {name: node for node in model.graph.node for name in node.output}
    for node in model.graph.node:
        if node.op_type == "Constant":
            held = [a for a in node.attribute if a.name == "value"]
            shapes[node.output[0]] = tuple(numpy_helper.to_array(held[0].t).shape) if held else ()
    fields = {value.name: Field() for value in model.graph.input if value.name not in shapes}
    for node in model.graph.node:  # nodes of a valid file are in an order in which they can be run
        before = [fields[name] for name in node.input if name in fields]
        if before:
            field = _after(node, _widest(before), shapes, made)
            fields.update((name, field) for name in node.output)
    return fields.get(tensor, Field())


def _after(
    node: onnx.NodeProto, field: Field, shapes: dict[str, tuple[int, ...]], made: dict[str, onnx.NodeProto]
) -> Field:
    if node.op_type in _ALL:
        return Field(_everywhere(field.down), _everywhere(field.along))
    if node.op_type not in _WINDOWS:
        return field
    said = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    window = list(said.get("kernel_shape") or _kernel(node, shapes, made))
    if len(window) != 2:
        return field
    stride, dilation = said.get("strides", [1, 1]), said.get("dilations", [1, 1])
    pads = list(said.get("pads", [0, 0, 0, 0]))
    if said.get("auto_pad", b"NOTSET") in (b"SAME_UPPER", b"SAME_LOWER"):
        # exact where the stride divides the input; else at most half a place off
        pads = [max(0, dilation[i] * (window[i] - 1) + 1 - stride[i]) // 2 for i in (0, 1)] * 2
    return Field(
        field.down.through(window[0], stride[0], pads[0], dilation[0]),
        field.along.through(window[1], stride[1], pads[1], dilation[1]),
    )


def _kernel(
    node: onnx.NodeProto, shapes: dict[str, tuple[int, ...]], made: dict[str, onnx.NodeProto]
) -> tuple[int, ...]:
    """The window of a convolution that does not state it, from its weights (in an 8-bit network behind a rounding)."""
    name = node.input[_WEIGHT[node.op_type]] if node.op_type in _WEIGHT else ""
    while name and name not in shapes and name in made:
        name = made[name].input[0]
    return shapes.get(name, ())[2:]


def _widest(many: list[Field]) -> Field:
    return Field(max((one.down for one in many), key=_size), max((one.along for one in many), key=_size))


def _size(field: Along) -> float:
    return field.size


def _everywhere(field: Along) -> Along:
    return Along(_EVERYWHERE, field.step, field.start)
