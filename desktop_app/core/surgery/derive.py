"""Writing the cut network to a file: a copy of the given one with its layers as outputs."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from onnx import TensorProto

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.build import Built
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.graph import Graph
from desktop_app.core.surgery.pictures import read_input
from desktop_app.core.surgery.reading import LARGEST_FILE, Given, Weight, read
from desktop_app.core.surgery.shapes import Shapes

# field numbers of ModelProto, GraphProto and TensorProto
_MODEL_GRAPH, _GRAPH_INITIALIZER, _TENSOR_RAW_DATA = 7, 5, 9


def derive(path: Path, examined: Examined, out: Path, maps_out: Path | None = None) -> None:
    """Write the cut network. The given file is not changed; each file is written whole or not at all.

    `out` has as input the given one's, as float32, and as outputs every layer by name, float32 (n, dimension), and,
    where there are maps, "map": the map of `examined.map_output`, float32 (n, channels, h, w). n is free where
    `examined.batch_free`, else 1. Channels come first in maps whatever the network's own layout.

    Args:
        path: of the given file.
        examined: what `examine` found out about that very file.
        out: of the file to write.
        maps_out: of a second file, with the outputs "<layer>_map", float32 (n, channels, h, w), of every layer that
            has a map. Not written where no layer has.

    Raises:
        UserError: the file is not the examined one any more, or nothing can be written.
    """
    given = read(path)
    if given.sha256 != examined.sha256:
        raise UserError("The network's file has changed since it was examined. Add it again.", str(path))
    graph = Graph(given.model)
    takes = read_input(graph)
    shapes = Shapes(graph, given.weights, takes.sides(takes.batch or 1, *examined.trial_size))
    names = [name for cut in examined.layers for name in (cut.tensor, cut.map_tensor) if name]
    if not set(names) <= graph.data:
        raise UserError("The network's file has changed since it was examined. Add it again.", str(path))
    shapes.find(names)
    kinds = {name: shapes[name] for name in names}
    _write(Built(given, graph, examined, kinds, maps=False), given, out)
    if maps_out is not None and any(cut.map_tensor for cut in examined.layers):
        _write(Built(given, graph, examined, kinds, maps=True), given, maps_out)


def _write(built: Built, given: Given, out: Path) -> None:
    """Stream the file: no second copy of the weights is ever in memory."""
    pieces = list(_lengths(built, given))
    if sum(pieces) > LARGEST_FILE:
        raise UserError("The weights of this network are larger than 2 GB, more than one ONNX file can hold.")
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for piece in _pieces(built, given):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError("The disk is full. Free some space, then try again.", str(error)) from error
        raise UserError(f"Nothing can be written to {out.parent}.", str(error)) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _lengths(built: Built, given: Given) -> Iterator[int]:
    yield built.model.ByteSize()
    for name in built.weights.values():
        yield len(given.weights[name].data)


def _pieces(built: Built, given: Given) -> Iterator[bytes]:
    """The bytes of the model, its graph as the last field and the weights as the last fields of that."""
    model = type(built.model)()
    model.CopyFrom(built.model)
    held = [tensor for tensor in model.graph.initializer if tensor.name not in built.weights]
    small = type(model.graph)()
    small.CopyFrom(model.graph)
    del small.initializer[:]
    small.initializer.extend(held)
    model.ClearField("graph")
    body = small.SerializeToString()
    heads = {own: _head(own, given.weights[name]) for own, name in built.weights.items()}
    weights = sum(len(heads[own]) + len(given.weights[name].data) for own, name in built.weights.items())
    yield model.SerializeToString()
    yield _tag(_MODEL_GRAPH, len(body) + weights)
    yield body
    for own, name in built.weights.items():
        yield heads[own]
        yield given.weights[name].data


def _head(name: str, weight: Weight) -> bytes:
    """All that stands before the bytes of a weight in its graph."""
    words: bytes = TensorProto(name=name, dims=weight.shape, data_type=weight.kind).SerializeToString()
    words += _tag(_TENSOR_RAW_DATA, len(weight.data))
    return _tag(_GRAPH_INITIALIZER, len(words) + len(weight.data)) + words


def _tag(field: int, length: int) -> bytes:
    """The head of an embedded message: field number and length, as protobuf's wire format has them."""
    return _varint(field << 3 | 2) + _varint(length)


def _varint(number: int) -> bytes:
    digits = bytearray()
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    digits.append(number)
    return bytes(digits)
