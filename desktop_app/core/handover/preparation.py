"""From whole pictures to a network's input, as nodes of an ONNX graph.

The program reduces a picture to the size it decodes at by averaging areas, rounds to whole numbers, and cuts the part
the network sees from the middle, or takes the whole; that part is resized to the input, by areas where it shrinks and
linearly where it grows (`nets.prepare` says when). The graph does the same for pictures of any size with one small
matrix per axis: `rows @ picture @ columns`. A row of a matrix by areas holds the share of each source pixel in one
reduced pixel, which is exactly OpenCV's `INTER_AREA`; a row of a linear one holds two weights, as `INTER_LINEAR`. Fed
a picture that is already reduced, the first matrix is the identity and the result, of the bundled networks, equal to
the bit.

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


GREY = (0.299, 0.587, 0.114)
"""What red, green and blue count in grey: ITU-R BT.601, as OpenCV has it."""


class _Axis(NamedTuple):
    first: str  # int64 (1,): where the part that is needed begins
    end: str
    matrix: str  # float32 (size, end - first)


def add_preparation(add: Builder, image: str, network: NetworkFile) -> str:
    """Add the nodes that make `image`, uint8 (n, h, w, 3), a network's input.

    Returns:
        The name of a float32 tensor (n, *network.shape).
    """
    shape = add("Shape", image)
    height = add.to_float(add("Gather", shape, add.whole(1)))
    width = add.to_float(add("Gather", shape, add.whole(2)))
    scale = add(
        "Min",
        add.constant([1.0]),
        add("Div", add.constant([network.decode_side]), add("Min", height, width)),
        add("Div", add.constant([LONGEST * network.decode_side]), add("Max", height, width)),
    )
    one = add.constant([1.0])
    reduced = tuple(add("Max", one, add("Round", add("Mul", length, scale))) for length in (height, width))
    parts = _parts(add, network, reduced)
    rows, columns = (
        _axis(add, length, small, part, size, network)
        for length, small, part, size in zip(
            (height, width), reduced, parts, (network.height, network.width), strict=True
        )
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
    lines = add("Reshape", lines, add("Concat", add.whole(0, network.height), wide, add.whole(3), axis=0))
    planes = add("Transpose", lines, perm=[0, 3, 1, 2])
    fitted = add("MatMul", planes, add("Transpose", columns.matrix, perm=[1, 0]))
    return _numbers(add, _coloured(add, fitted, network), network)


def _coloured(add: Builder, planes: str, network: NetworkFile) -> str:
    """Red, green and blue planes in the order that is fed, or one of grey."""
    if network.colours == "bgr":
        return add("Gather", planes, add.whole(2, 1, 0), axis=1)
    if network.colours == "grey":
        weighted = add("Mul", planes, add.constant(np.reshape(GREY, (3, 1, 1))))
        return add("ReduceSum", weighted, add.whole(1), keepdims=1)
    return planes


def _numbers(add: Builder, planes: str, network: NetworkFile) -> str:
    """Whole levels, and what the network was trained on of them, in its layout."""
    whole = add("Clip", add("Round", planes), add.constant(0.0), add.constant(255.0))
    # multiplied, not divided, and in this order: as the program does
    factor = (1 / np.asarray(network.scale, np.float64)).astype(np.float32)
    less = np.asarray(network.mean, np.float32) * factor
    if network.invert:
        factor, less = -factor, (np.asarray(network.mean) - 255).astype(np.float32) * factor
    scaled = add("Mul", whole, add.constant(factor.reshape(-1, 1, 1)))
    made = add("Sub", scaled, add.constant(less.reshape(-1, 1, 1)))
    return add("Transpose", made, perm=[0, 2, 3, 1]) if network.layout == "NHWC" else made


def _parts(add: Builder, network: NetworkFile, reduced: tuple[str, ...]) -> tuple[str, ...]:
    """Height and width of the part of a reduced picture that the network sees, as `crop_box`; float32 (1,) each."""
    one, short_side = add.constant([1.0]), add.constant([network.short_side])
    sides = (network.height, network.width)

    def share(of: str, side: int) -> str:
        return add("Max", one, add("Round", add("Div", add("Mul", of, add.constant([side])), short_side)))

    if network.fit == "squash":
        longer = min(network.short_side, max(sides))
        return tuple(share(length, longer) for length in reduced)
    short = add("Min", *reduced)
    if network.height == network.width:
        part = add("Min", short, share(short, network.height))
        return (part, part)
    parts = tuple(share(short, side) for side in sides)
    much = add("Max", one, *(add("Div", part, length) for part, length in zip(parts, reduced, strict=True)))
    return tuple(
        add("Max", one, add("Min", length, add("Round", add("Div", part, much))))
        for part, length in zip(parts, reduced, strict=True)
    )


def _axis(add: Builder, length: str, reduced: str, part: str, size: int, network: NetworkFile) -> _Axis:
    """One direction: `length` pixels become `reduced`, of which the middle `part` become `size`; float32 (1,) each."""
    zero, one, half = add.constant([0.0]), add.constant([1.0]), add.constant([0.5])
    start = add("Floor", add("Mul", add("Sub", reduced, part), half))
    step = add("Div", length, reduced)  # source pixels in a reduced one, at least 1
    first = add.to_whole(add("Floor", add("Mul", start, step)))
    end = add.to_whole(add("Min", length, add("Ceil", add("Mul", add("Add", start, part), step))))
    source = _range(add, first, end)
    small = _range(add, add.whole(0), add.to_whole(part))
    reducing = _by_areas(add, source, add("Add", small, start), step)

    pixels = add.constant(np.arange(size) + 0.5)
    centre = add("Sub", add("Mul", pixels, add("Div", part, add.constant([size]))), half)
    centre = add("Max", zero, add("Min", centre, add("Sub", part, one)))
    distance = add("Abs", add("Sub", add("Unsqueeze", centre, add.whole(1)), small))
    fitting = add("Max", zero, add("Sub", one, distance))
    least = 2.0 if network.fit == "squash" else 1.0
    if network.fit == "squash" or round(network.decode_side * size / network.short_side) > size:
        areas = _by_areas(add, small, add.constant(np.arange(size)), add("Div", part, add.constant([size])))
        fitting = add("Where", add("Greater", part, add.constant([least * size])), areas, fitting)
    return _Axis(first, end, add("MatMul", fitting, reducing))


def _by_areas(add: Builder, source: str, wanted: str, step: str) -> str:
    """The share of each of the `source` pixels in each `wanted` one of `step` pixels, float32 (wanted, source)."""
    zero, one = add.constant([0.0]), add.constant([1.0])
    low = add("Unsqueeze", add("Mul", wanted, step), add.whole(1))
    high = add("Unsqueeze", add("Mul", add("Add", wanted, one), step), add.whole(1))
    overlap = add("Sub", add("Min", high, add("Add", source, one)), add("Max", low, source))
    return add("Div", add("Max", overlap, zero), step)


def _range(add: Builder, first: str, end: str) -> str:
    """first, first + 1, … end - 1 as float32; both int64 (1,)."""
    scalar = add.constant(np.empty(0), np.int64)
    start, stop = add("Reshape", first, scalar), add("Reshape", end, scalar)
    return add("Cast", add("Range", start, stop, add.constant(1, np.int64)), to=TensorProto.FLOAT)
