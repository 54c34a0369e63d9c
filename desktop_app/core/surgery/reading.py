"""Reading a stranger's ONNX file: the graph without its weights, and the weights as plain bytes.

Weights leave the protobuf message, so that a graph of some hundred kilobytes may be changed, inferred over and run as
often as needed without ever being copied with half a gigabyte in it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.functions import MOST_NODES, TOO_MANY, without_functions
from desktop_app.core.surgery.opsets import settle

LARGEST_FILE = 2**31 - 1
"""Bytes: what a protobuf message can hold, and so the largest ONNX file there is."""

_LARGEST_WEIGHTS = 2**31 - 1
_SMALL = 1024  # bytes of a tensor that stays in the graph, so that shapes can be inferred from it

NO_NETWORK = "This file is damaged, or it is not an ONNX network."
_ELSEWHERE = "This network keeps weights in a file outside its own folder, which Likeness does not open."


@dataclass(frozen=True, slots=True)
class Weight:
    """A tensor of the file: its element type in ONNX's numbers, its shape and its bytes, little-endian."""

    kind: int
    shape: tuple[int, ...]
    data: bytes

    def array(self) -> np.ndarray:
        """The same without a copy, not writable."""
        return np.frombuffer(self.data, helper.tensor_dtype_to_np_dtype(self.kind)).reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Given:
    """A file as read. In `model` each initializer named in `weights` is an empty one that points "outside"."""

    model: ModelProto
    weights: dict[str, Weight]
    sha256: str
    bytes: int
    opset: int  # as the file says; that of `model` may be lower


def read(path: Path) -> Given:
    """Read a file and take its weights out.

    Raises:
        UserError: it cannot be read, is no ONNX network, or keeps weights where they are not fetched.
    """
    try:
        if not path.is_file():
            raise UserError("There is no such file.", str(path))
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UserError("This file is larger than 2 GB, the most that an ONNX network can be.", f"{size} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise UserError("The network's file cannot be read.", f"{path}: {error}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        model = ModelProto.FromString(data)
    except Exception as error:  # protobuf's DecodeError, which has no types
        raise UserError(NO_NETWORK, str(error)) from error
    del data
    if not model.ir_version or not model.HasField("graph") or not model.graph.node or not model.opset_import:
        raise UserError(NO_NETWORK, "no graph in it")
    if len(model.graph.node) > MOST_NODES:
        raise UserError(TOO_MANY, f"{len(model.graph.node)} nodes")
    _check_names(model)
    if model.graph.sparse_initializer:
        raise UserError("This network keeps its weights in a form that Likeness does not read (sparse tensors).")
    for node in model.graph.node:
        _refuse_far_tensors(node)
    for function in model.functions:
        for node in function.node:
            _refuse_far_tensors(node)
    _constants_as_weights(model)
    model, weights = _take_weights(model, path)
    model = without_functions(model)
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    settle(model)
    return Given(model, weights, sha256, size, opset)


def _check_names(model: ModelProto) -> None:
    """Protobuf lets names through that are no text: as bytes, or as an error when they are read."""
    graph = model.graph
    try:
        names: list[object] = [item.name for field in (graph.input, graph.output, graph.initializer) for item in field]
        for node in graph.node:
            names += [node.op_type, node.domain, *node.input, *node.output]
    except UnicodeDecodeError as error:
        raise UserError(NO_NETWORK, str(error)) from error
    if not all(isinstance(name, str) for name in names):
        raise UserError(NO_NETWORK, "a name that is no text")


def _refuse_far_tensors(node: NodeProto) -> None:
    """Constants inside nodes never come from other files here: none of the usual exporters does that."""
    for attribute in node.attribute:
        tensors = [attribute.t, *attribute.tensors]
        for graph in (attribute.g, *attribute.graphs):
            tensors.extend(graph.initializer)
            for inner in graph.node:
                _refuse_far_tensors(inner)
        if any(tensor.data_location == TensorProto.EXTERNAL for tensor in tensors):
            raise UserError("This network keeps parts of its graph in other files, which Likeness does not open.")


def _constants_as_weights(model: ModelProto) -> None:
    """Some exporters write weights as nodes: they become what they are."""
    graph = model.graph
    for place in range(len(graph.node) - 1, -1, -1):
        node = graph.node[place]
        if node.op_type != "Constant" or node.domain not in ("", "ai.onnx") or len(node.output) != 1:
            continue
        tensor = next((entry.t for entry in node.attribute if entry.name == "value"), None)
        if tensor is not None and tensor.ByteSize() > _SMALL and tensor.data_type != TensorProto.STRING:
            weight = graph.initializer.add()
            weight.CopyFrom(tensor)
            weight.name = node.output[0]
            del graph.node[place]


def _take_weights(model: ModelProto, path: Path) -> tuple[ModelProto, dict[str, Weight]]:
    """The model with its large weights out, and these. `model` itself is emptied of them too."""
    weights: dict[str, Weight] = {}
    kept: list[TensorProto] = []
    names: set[str] = set()
    total = 0
    for tensor in model.graph.initializer:
        if not tensor.name or tensor.name in names:
            raise UserError(NO_NETWORK, f"two weights are named {tensor.name!r}")
        names.add(tensor.name)
        weight = _weight(tensor, path)
        total += len(weight.data)
        if total > _LARGEST_WEIGHTS:
            raise UserError("The weights of this network are larger than 2 GB, more than one ONNX file can hold.")
        if len(weight.data) <= _SMALL:
            kept.append(_tensor(tensor.name, weight))
        else:
            weights[tensor.name] = weight
            kept.append(_placeholder(tensor.name, weight))
    # the message that was read holds all weights until the last part of it is gone
    fresh = ModelProto()
    graph = model.graph
    del graph.initializer[:]
    fresh.CopyFrom(model)
    fresh.graph.initializer.extend(kept)
    return fresh, weights


def _weight(tensor: TensorProto, path: Path) -> Weight:
    shape = tuple(tensor.dims)
    try:
        itemsize = np.dtype(helper.tensor_dtype_to_np_dtype(tensor.data_type)).itemsize
    except (KeyError, TypeError) as error:
        raise UserError("This network has weights of a kind that Likeness does not know.", tensor.name) from error
    if any(side < 0 for side in shape):
        raise UserError(NO_NETWORK, f"{tensor.name!r} has the shape {shape}")
    expected = math.prod(shape) * itemsize
    if expected > _LARGEST_WEIGHTS:
        raise UserError("This network has weights of an absurd size.", f"{tensor.name!r}: {shape}")
    if tensor.data_type in _PACKED or tensor.data_type == TensorProto.STRING:
        raise UserError("This network has weights of a kind that Likeness does not know.", tensor.name)
    if tensor.data_location == TensorProto.EXTERNAL:
        data = _fetch(tensor, path, expected)
    elif tensor.HasField("raw_data"):
        data = tensor.raw_data
    else:
        try:
            data = numpy_helper.to_array(tensor).tobytes()
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(NO_NETWORK, f"{tensor.name!r}: {error}") from error
    if len(data) != expected:
        raise UserError(NO_NETWORK, f"{tensor.name!r} has {len(data)} bytes for the shape {shape}")
    return Weight(tensor.data_type, shape, data)


_PACKED = {
    number
    for name, number in TensorProto.DataType.items()
    if name in ("UNDEFINED", "UINT4", "INT4", "FLOAT4E2M1", "UINT2", "INT2")
}


def _fetch(tensor: TensorProto, path: Path, expected: int) -> bytes:
    """The bytes of a weight in another file, if that lies in the network's own folder and is no link out of it."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    there = PurePosixPath(location.replace("\\", "/"))
    if not location or there.is_absolute() or PureWindowsPath(location).drive or ".." in there.parts:
        raise UserError(_ELSEWHERE, location)
    folder = path.parent.resolve()
    try:
        file = (folder / there).resolve(strict=True)
        if not file.is_relative_to(folder):
            raise UserError(_ELSEWHERE, f"{location} leads to {file}")
        if not file.is_file():
            raise UserError("This network comes with a second file of weights, which is not beside it.", location)
        offset, length = int(entries.get("offset") or 0), int(entries.get("length") or expected)
        if offset < 0 or length != expected or offset + length > file.stat().st_size:
            raise UserError("The second file of this network, with its weights, is damaged.", location)
        with file.open("rb") as opened:
            opened.seek(offset)
            return opened.read(length)
    except (OSError, RuntimeError) as error:
        message = "This network comes with a second file of weights, which is not beside it."
        raise UserError(message, f"{location}: {error}") from error
    except ValueError as error:
        raise UserError(NO_NETWORK, f"{tensor.name!r}: {error}") from error


def _tensor(name: str, weight: Weight) -> TensorProto:
    return TensorProto(name=name, dims=weight.shape, data_type=weight.kind, raw_data=weight.data)


def _placeholder(name: str, weight: Weight) -> TensorProto:
    """A weight that was taken out, in the words onnxruntime needs to be given it by name."""
    tensor = TensorProto(name=name, dims=weight.shape, data_type=weight.kind, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "weights"), ("offset", "0"), ("length", str(len(weight.data)))):
        tensor.external_data.append(onnx.StringStringEntryProto(key=key, value=value))
    return tensor
