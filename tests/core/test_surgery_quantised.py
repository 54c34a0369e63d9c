"""Networks made 8 bit by onnxruntime's own tool are cut where the networks they were made of are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from desktop_app.core.surgery.derive import derive
from desktop_app.core.surgery.examine import examine
from tests.core.test_surgery_kinds import close, pictures, session
from tests.core.tiny_networks import KINDS, save


class _Noise(CalibrationDataReader):
    """Pictures to take the ranges from."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self._left = [random.uniform(-1, 1, (1, 3, 32, 32)).astype(np.float32) for _ in range(8)]

    def get_next(self) -> dict[str, Any] | None:
        return {"image": self._left.pop()} if self._left else None


@pytest.mark.parametrize("way", [QuantFormat.QDQ, QuantFormat.QOperator], ids=lambda way: way.name)
@pytest.mark.parametrize("kind", ["residual", "inception", "dense blocks", "squeeze", "hidden layers", "fixed batch"])
def test_the_same_cuts_in_8_bit(kind: str, way: QuantFormat, tmp_path: Path) -> None:
    whole, path = save(KINDS[kind].make(), tmp_path / "whole.onnx"), tmp_path / "8bit.onnx"
    quantize_static(whole, path, _Noise(), quant_format=way, per_channel=True, weight_type=QuantType.QInt8)
    expected, found = examine(whole), examine(path)
    assert found.precision == "int8"
    assert found.batch_free
    for name in ("class_output", "map_output", "ends_in_global_pool", "classes", "softmax"):
        assert getattr(found, name) == getattr(expected, name), name
    shapes = [
        [(cut.name, cut.dimension, cut.map_height, cut.map_width) for cut in one.layers] for one in (expected, found)
    ]
    assert shapes[0] == shapes[1]
    derive(whole, expected, tmp_path / "features.onnx")
    derive(path, found, tmp_path / "features8.onnx")
    names = [cut.name for cut in expected.layers]
    batch = {"image": pictures(expected, 8)}
    fractions, rounded = (session(tmp_path / f"features{tail}.onnx").run(names, batch) for tail in ("", "8"))
    for name, one, other in zip(names, fractions, rounded, strict=True):
        assert close(other, one, 0.1), name
