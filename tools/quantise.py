"""Static QDQ int8 of an exported network: U8 activations, S8 weights per channel, MinMax ranges."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime import quantization as q

QUANTISED = ["Conv", "Add", "Clip", "Gemm", "GlobalAveragePool"]
FLOAT_NODES = ["embedding.pool"]
"""The embedding is the mean of the dequantised map: 1280 means of 49 places cost nothing, and no second rounding."""


class _Reader(q.CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, name: str, inputs: np.ndarray, batch: int = 8) -> None:
        self._batches = iter([{name: inputs[i : i + batch]} for i in range(0, len(inputs), batch)])

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._batches, None)


def quantise(model: onnx.ModelProto, inputs: np.ndarray) -> onnx.ModelProto:
    """The int8 twin of `model`, with the same inputs and outputs.

    Args:
        model: float32 graph of `lite0_graph.build`.
        inputs: prepared calibration pictures, float32 (n, 3, S, S).
    """
    logging.getLogger().setLevel(logging.ERROR)  # it warns of a step that this graph does not need
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "int8.onnx"
        q.quantize_static(
            model,
            target,
            _Reader(model.graph.input[0].name, inputs),
            quant_format=q.QuantFormat.QDQ,
            activation_type=q.QuantType.QUInt8,
            weight_type=q.QuantType.QInt8,
            per_channel=True,
            calibrate_method=q.CalibrationMethod.MinMax,
            op_types_to_quantize=QUANTISED,
            nodes_to_exclude=FLOAT_NODES,
        )
        quantised = onnx.load(target)
    free_output(quantised, "embedding")
    free_output(quantised, "logits")
    del quantised.metadata_props[:]
    onnx.checker.check_model(quantised, full_check=True)
    return quantised


def free_output(model: onnx.ModelProto, name: str) -> None:
    """Gives out an output as it is before its rounding to 8 bits; what follows in the network goes on with the rounded.

    256 steps would make ties of the likeliest classes and of the nearest photos.
    """
    by_output = {node.output[0]: node for node in model.graph.node}
    back = by_output[name]
    down = by_output[back.input[0]]
    if (down.op_type, back.op_type) != ("QuantizeLinear", "DequantizeLinear"):
        raise ValueError(f"{name} is not rounded")
    by_output[down.input[0]].output[0] = name
    followers = [node for node in model.graph.node if name in node.input]
    if followers:
        down.input[0] = name
        back.output[0] = f"{name}.rounded"
        for node in followers:
            node.input[list(node.input).index(name)] = back.output[0]
        return
    model.graph.node.remove(down)
    model.graph.node.remove(back)
    unused = {*down.input[1:], *back.input[1:]} - {i for node in model.graph.node for i in node.input}
    for weight in [w for w in model.graph.initializer if w.name in unused]:
        model.graph.initializer.remove(weight)
