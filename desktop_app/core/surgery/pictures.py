"""What a network wants to be given: pictures, or something that Likeness has not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onnx import TensorProto, ValueInfoProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.examined import Layout
from desktop_app.core.surgery.graph import Graph, dimensions
from desktop_app.core.surgery.layout import input_layout
from desktop_app.core.surgery.nodes import inside

LARGEST_SIDE, SMALLEST_SIDE = 2048, 8
_MOST_AT_ONCE = 64

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)
_WHOLE = (TensorProto.INT64, TensorProto.INT32)

_BOXES = frozenset(
    {"NonMaxSuppression", "RoiAlign", "MaxRoiPool", "EfficientNMS_TRT", "BatchedNMS_TRT", "MultiscaleRoiAlign"}
)
_TEXT_NAME = re.compile(r"input_ids|attention_mask|token|text|sentence|word", re.IGNORECASE)

DETECTION = "This network draws boxes around things, which says nothing about the photo as a whole."
_TEXT = "This network reads text, not pictures."
_NO_PICTURE = "This network takes no pictures."


@dataclass(frozen=True, slots=True)
class Input:
    """The one input of a network. Sides are 0 where free."""

    name: str
    layout: Layout
    channels: int
    batch: int
    height: int
    width: int
    value: ValueInfoProto

    def sides(self, batch: int, height: int, width: int) -> tuple[int, ...]:
        """The input's shape for that many pictures of a size."""
        if self.layout == "NCHW":
            return batch, self.channels, height, width
        return batch, height, width, self.channels


def read_input(graph: Graph) -> Input:
    """The input, if it is a picture.

    Raises:
        UserError: it is not; the sentence says what it is.
    """
    if any(inner.op_type in _BOXES for node in graph.nodes for inner in inside(node)):
        raise UserError(DETECTION)
    inputs = graph.inputs
    if not inputs:
        raise UserError("This network takes nothing at all, so no photo can be given to it.")
    kinds = [value.type.WhichOneof("value") for value in inputs]
    if any(kind not in ("tensor_type", None) for kind in kinds):
        raise UserError("This network takes lists instead of a picture.")
    for value in inputs:
        whole = value.type.tensor_type.elem_type in _WHOLE
        if value.type.tensor_type.elem_type == TensorProto.STRING or (whole and _reads_text(value)):
            raise UserError(_TEXT, value.name)
    if len(inputs) > 1:
        names = ", ".join(value.name for value in inputs[:8])
        raise UserError("This network takes more than a picture: it has several inputs.", names)
    return _picture(graph, inputs[0])


def _reads_text(value: ValueInfoProto) -> bool:
    sides = dimensions(value)
    return bool(_TEXT_NAME.search(value.name)) or (sides is not None and len(sides) in (1, 2))


def _picture(graph: Graph, value: ValueInfoProto) -> Input:
    kind = value.type.tensor_type.elem_type
    if kind not in (*_FLOATS, TensorProto.UINT8):
        raise UserError(_NO_PICTURE, f"{value.name!r} has the type {kind}")
    sides = dimensions(value)
    if sides is None:
        sides = [0, 0, 0, 0]
    if len(sides) == 5:
        raise UserError("This network takes films, not single pictures.", str(sides))
    if len(sides) != 4:
        raise UserError(_NO_PICTURE, f"{value.name!r} has the shape {sides}")
    found = input_layout(graph, sides)
    if found is None:
        raise UserError("This network takes pictures with neither one nor three colour channels.", str(sides))
    layout, channels = found
    height, width = (sides[2], sides[3]) if layout == "NCHW" else (sides[1], sides[2])
    if any(side and not SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (height, width)):
        message = f"This network takes pictures of {width or 'any'} by {height or 'any'} pixels"
        raise UserError(f"{message}; Likeness uses {SMALLEST_SIDE} to {LARGEST_SIDE} a side.")
    if not (height and width):  # one free side is of no use: photos are cut to one shape
        height = width = height or width
    if sides[0] > _MOST_AT_ONCE:
        raise UserError(f"This network takes {sides[0]} pictures at once, and no fewer.")
    if not value.name:
        raise UserError("The graph of this network is damaged: its steps do not fit together.", "an input has no name")
    return Input(value.name, layout, channels, sides[0], height, width, value)
