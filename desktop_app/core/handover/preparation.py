"""From whole pictures to a network's input, as nodes of an ONNX graph.

The program reduces a picture to the network's short side by averaging areas, rounds to whole numbers, and cuts the
square from the middle; a picture that is smaller is not reduced, and its square is enlarged linearly. The graph does
the same for pictures of any size with one small matrix per axis: `rows @ picture @ columns`. A row of the
reducing matrix holds the share of each source pixel in one reduced pixel, which is exactly OpenCV's `INTER_AREA`; a row
of the enlarging one holds two weights, as `INTER_LINEAR`. Fed a picture that is already reduced, the matrix is the
identity and the result equal to the bit.

`Resize` with `antialias` would be one node, but it weights by a triangle twice as wide: fed the same photos, its
answers differ several times as much (docs/adr/0011-hand-over.md), and not every runtime has it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from onnx import TensorProto

from desktop_app.core.handover.builder import Builder
from desktop_app.core.handover.parts import NetworkFile

LONGEST = 4
"""As the program's reader: the long side of a reduced picture is at most this many short sides."""


class _Axis(NamedTuple):
    first: str  # int64 (1,): where the part that is needed begins
    end: str
    matrix: str  # float32 (size, end - first)


def add_preparation(add: Builder, image: str, network: NetworkFile) -> str:
    """Add the nodes that make `image`, uint8 (n, h, w, 3), a network's input.

    Returns:
        The name of a float32 tensor (n, 3, size, size).
    """
    shape = add("Shape", image)
    height = add.to_float(add("Gather", shape, add.whole(1)))
    width = add.to_float(add("Gather", shape, add.whole(2)))
    scale = add(
        "Min",
        add.constant([1.0]),
        add("Div", add.constant([network.short_side]), add("Min", height, width)),
        add("Div", add.constant([LONGEST * network.short_side]), add("Max", height, width)),
    )
    one = add.constant([1.0])
    reduced = [add("Max", one, add("Round", add("Mul", length, scale))) for length in (height, width)]
    short = add("Min", *reduced)
    share = add.constant([network.size / network.short_side])
    side = add("Min", short, add("Max", one, add("Round", add("Mul", short, share))))
    rows, columns = (
        _axis(add, length, small, side, network.size) for length, small in zip((height, width), reduced, strict=True)
    )
    part = add(
        "Slice",
        image,
        add("Concat", rows.first, columns.first, axis=0),
        add("Concat", rows.end, columns.end, axis=0),
        add.whole(1, 2),
    )
    real = add.to_float(part)
    # rows first, with the three colours of a pixel side by side: no large transpose
    wide = add("Sub", columns.end, columns.first)
    flat = add("Reshape", real, add("Concat", add.whole(0, 0), add("Mul", wide, add.whole(3)), axis=0))
    lines = add("MatMul", rows.matrix, flat)
    lines = add("Reshape", lines, add("Concat", add.whole(0, network.size), wide, add.whole(3), axis=0))
    planes = add("Transpose", lines, perm=[0, 3, 1, 2])
    square = add("MatMul", planes, add("Transpose", columns.matrix, perm=[1, 0]))
    whole = add("Clip", add("Round", square), add.constant(0.0), add.constant(255.0))
    # multiplied, not divided, and in this order: as the program does
    factor = (1 / np.asarray(network.scale, np.float64)).astype(np.float32)
    offset = np.asarray(network.mean, np.float32) * factor
    scaled = add("Mul", whole, add.constant(factor.reshape(3, 1, 1)))
    return add("Sub", scaled, add.constant(offset.reshape(3, 1, 1)))


def _axis(add: Builder, length: str, reduced: str, side: str, size: int) -> _Axis:
    """One direction: `length` pixels become `reduced`, of which the middle `side` become `size`; float32 (1,) each."""
    zero, one, half = add.constant([0.0]), add.constant([1.0]), add.constant([0.5])
    start = add("Floor", add("Mul", add("Sub", reduced, side), half))
    step = add("Div", length, reduced)  # source pixels in a reduced one, at least 1
    first = add.to_whole(add("Floor", add("Mul", start, step)))
    end = add.to_whole(add("Min", length, add("Ceil", add("Mul", add("Add", start, side), step))))
    source = _range(add, first, end)
    small = _range(add, add.whole(0), add.to_whole(side))

    low = add("Unsqueeze", add("Mul", add("Add", small, start), step), add.whole(1))
    high = add("Unsqueeze", add("Mul", add("Add", add("Add", small, start), one), step), add.whole(1))
    overlap = add("Sub", add("Min", high, add("Add", source, one)), add("Max", low, source))
    reducing = add("Div", add("Max", overlap, zero), step)

    pixels = add.constant(np.arange(size) + 0.5)
    centre = add("Sub", add("Mul", pixels, add("Div", side, add.constant([size]))), half)
    centre = add("Max", zero, add("Min", centre, add("Sub", side, one)))
    distance = add("Abs", add("Sub", add("Unsqueeze", centre, add.whole(1)), small))
    enlarging = add("Max", zero, add("Sub", one, distance))
    return _Axis(first, end, add("MatMul", enlarging, reducing))


def _range(add: Builder, first: str, end: str) -> str:
    """first, first + 1, … end - 1 as float32; both int64 (1,)."""
    scalar = add.constant(np.empty(0), np.int64)
    start, stop = add("Reshape", first, scalar), add("Reshape", end, scalar)
    return add("Cast", add("Range", start, stop, add.constant(1, np.int64)), to=TensorProto.FLOAT)
