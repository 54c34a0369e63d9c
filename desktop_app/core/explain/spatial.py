"""The map behind a layer: what a network saw at each place, before the mean over the places was taken.

A layer's output is walked back to the pool that took the mean; what goes into that pool is the map. A network that ends
there is cut out of the file in memory, so that an early layer costs only what leads to it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from desktop_app.core.explain.receptive import Field, receptive_field

Floats = npt.NDArray[np.float32]

_OUTPUT = "the map"
# what may stand between a pooled map and a layer's output without changing which channel is which
_PASSED = frozenset({"Flatten", "Reshape", "Squeeze", "Identity", "Cast", "Dropout"})
_ROUNDED = frozenset({"QuantizeLinear", "DequantizeLinear"})
_AXES = {(2, 3): False, (1, 2): True}  # whether the channels come last


@dataclass(frozen=True, slots=True)
class Spatial:
    """The map behind a layer.

    Attributes:
        tensor: its name in the file.
        channels_last: (n, h, w, channels) instead of (n, channels, h, w).
        rounded: the mean over the places is rounded to 8 bit afterwards, so the layer equals it only nearly.
    """

    tensor: str
    channels_last: bool = False
    rounded: bool = False


def map_behind(model: onnx.ModelProto, output: str) -> Spatial | None:
    """The map whose mean over the places a layer's output is; None where it is no such mean.

    Args:
        model: the network.
        output: the layer's output.
    """
    makers = {name: node for node in model.graph.node for name in node.output}
    tensor, rounded = output, False
    while (node := makers.get(tensor)) is not None:
        if node.op_type in _PASSED or node.op_type in _ROUNDED:
            rounded = rounded or node.op_type in _ROUNDED
            tensor = node.input[0]
        elif node.op_type == "GlobalAveragePool":
            return Spatial(node.input[0], False, rounded)
        elif node.op_type == "ReduceMean":
            axes = _axes(model, node)
            return Spatial(node.input[0], _AXES[axes], rounded) if axes in _AXES else None
        else:
            return None
    return None


def cut_before(model: onnx.ModelProto, tensor: str) -> onnx.ModelProto:
    """The part of a network that makes one tensor, which becomes its only output ("the map").

    Args:
        model: the network; it is not changed.
        tensor: a value of its graph.

    Raises:
        ValueError: the graph has no such value.
    """
    makers = {name: node for node in model.graph.node for name in node.output}
    if tensor not in makers:
        raise ValueError(f"no value {tensor}")
    needed, waiting = set[str](), [tensor]
    while waiting:
        name = waiting.pop()
        if name and name not in needed:
            needed.add(name)
            if name in makers:
                waiting.extend(makers[name].input)
    nodes = [node for node in model.graph.node if needed.intersection(node.output)]
    graph = helper.make_graph(
        [*nodes, helper.make_node("Cast", [tensor], [_OUTPUT], to=TensorProto.FLOAT)],
        "cut",
        [value for value in model.graph.input if value.name in needed],
        [helper.make_tensor_value_info(_OUTPUT, TensorProto.FLOAT, [None] * 4)],
        [held for held in model.graph.initializer if held.name in needed],
        sparse_initializer=[held for held in model.graph.sparse_initializer if held.values.name in needed],
    )
    return helper.make_model(
        graph, opset_imports=list(model.opset_import), ir_version=model.ir_version, functions=list(model.functions)
    )


class MapReader:
    """Runs the part of a network that leads to one layer's map. `read` may be called from several threads at once.

    Args:
        path: the network's ONNX file.
        layer: name of the layer's output.
        tensor: name of a value in the file that is the map itself, (n, channels, h, w); "" looks for it.

    Attributes:
        spatial: what was found.
        field: what a place of the map sees of the input.

    Raises:
        NoMap: the layer is not the mean of a map.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path, layer: str, tensor: str = "") -> None:
        model = onnx.load(path)
        found = Spatial(tensor) if tensor else map_behind(model, layer)
        if found is None:
            raise NoMap(layer)
        self.spatial = found
        self.field: Field = receptive_field(model, found.tensor)
        small = cut_before(model, found.tensor)
        self._session = onnxruntime.InferenceSession(
            small.SerializeToString(), _options(), providers=["CPUExecutionProvider"]
        )
        (self._input,) = self._session.get_inputs()
        self._shapes: dict[tuple[int, ...], tuple[int, ...]] = {}

    def shape(self, one: tuple[int, ...]) -> tuple[int, ...]:
        """The shape (channels, h, w) of the map of one prepared picture of such a shape."""
        if one not in self._shapes:
            self._shapes[one] = self.read(np.zeros((1, *one), np.float32)).shape[1:]
        return self._shapes[one]

    def read(self, batch: npt.NDArray[np.float32]) -> Floats:
        """The maps of a batch of prepared pictures: float32 (n, channels, h, w)."""
        found = np.asarray(self._session.run(None, {self._input.name: batch})[0], np.float32)
        return np.ascontiguousarray(found.transpose(0, 3, 1, 2)) if self.spatial.channels_last else found


class NoMap(ValueError):
    """A layer that is not the mean of a map over its places."""


@functools.lru_cache(maxsize=64)
def field_of(path: Path, sha256: str, tensor: str) -> Field:
    """What the places of a named map see of the input, without opening the network; kept like a `reader`.

    Raises:
        OSError: the file cannot be read.
        Exception: whatever onnx raises for one that is no network (it has no common type).
    """
    del sha256
    return receptive_field(onnx.load(path, load_external_data=False), tensor)


@functools.lru_cache(maxsize=4)
def reader(path: Path, sha256: str, layer: str, tensor: str = "") -> MapReader:
    """A `MapReader`, kept for the next time; `sha256` of the file tells one file at a path from another."""
    del sha256
    return MapReader(path, layer, tensor)


def _axes(model: onnx.ModelProto, node: onnx.NodeProto) -> tuple[int, ...]:
    """The axes a ReduceMean takes the mean over, of four; () where they are not constants."""
    values: Sequence[int] = ()
    for attribute in node.attribute:
        if attribute.name == "axes":
            values = attribute.ints
    if not values and len(node.input) > 1:
        held = [tensor for tensor in model.graph.initializer if tensor.name == node.input[1]]
        values = numpy_helper.to_array(held[0]).ravel().tolist() if held else ()
    return tuple(sorted(int(axis) % 4 for axis in values))


class DenseReader:
    """Runs a network that answers for each place, on all cores but one. `read` may be called from several threads.

    Of several outputs the first of four dimensions counts ("out" before "aux"); one that is named "map" or "..._map" is
    the network's inside and counts only where there is no other.

    Args:
        path: the network's ONNX file.
        output: name of that output; "" looks for it.

    Attributes:
        free: it takes pictures of any size.

    Raises:
        ValueError: it has no such output.
        Exception: whatever onnxruntime raises for a file it cannot read (it has no common type).
    """

    def __init__(self, path: Path, output: str = "") -> None:
        options = _options(max(1, (os.cpu_count() or 1) - 1))  # one photo at a time, and a second or two for each
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        (self._input,) = self._session.get_inputs()
        outputs = [one for one in self._session.get_outputs() if output == one.name or not output]
        outputs = [one for one in outputs if len(one.shape) == 4]
        if not outputs:
            raise ValueError("no output with places")
        inside = [one for one in outputs if one.name == "map" or one.name.endswith("_map")]
        self._output = next((one for one in outputs if one not in inside), outputs[0])
        sides = [side for place, side in enumerate(self._input.shape) if place and side not in (1, 3)]
        self.free = not all(isinstance(side, int) for side in sides)

    def read(self, batch: npt.NDArray[np.float32], most: int) -> Floats:
        """The answer for one picture: float32 (classes, h, w).

        Args:
            batch: float32 (1, ...) as the network takes it.
            most: the most numbers an answer may have.

        Raises:
            ValueError: the answer has another shape, or is larger.
        """
        classes = self._output.shape[1]
        if isinstance(classes, int) and classes * batch[0].size // 3 > most:
            raise ValueError(f"{classes} classes of {batch.shape} are too many")
        try:
            found: Floats = np.asarray(self._session.run([self._output.name], {self._input.name: batch})[0], np.float32)
        except Exception as error:  # onnxruntime's have no common type
            raise ValueError(str(error)) from error
        if found.ndim != 4 or len(found) != 1:
            raise ValueError(f"an answer of shape {found.shape}")
        answer: Floats = found[0]
        return answer


def _options(threads: int = 1) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # threads that spin while they wait would take the window's processor time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
