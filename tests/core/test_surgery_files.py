"""Weights in other files, and writing the cut network."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from desktop_app.core.errors import UserError
from desktop_app.core.surgery.derive import derive
from desktop_app.core.surgery.examine import examine
from tests.core import tiny_networks
from tests.core.test_surgery_kinds import pictures, session
from tests.core.test_surgery_refused import refusal
from tests.core.tiny_networks import save


def _apart(folder: Path, location: str, data: Path | None = None, offset: int = 0) -> Path:
    """A network whose first weight is said to lie at `location`; the bytes are written to `data`."""
    model = tiny_networks.residual()
    tensor = model.graph.initializer[0]
    raw = numpy_helper.to_array(tensor).tobytes()
    if data is not None:
        data.parent.mkdir(parents=True, exist_ok=True)
        data.write_bytes(bytes(offset) + raw)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", str(offset)), ("length", str(len(raw)))):
        tensor.external_data.append(onnx.StringStringEntryProto(key=key, value=value))
    return save(model, folder / "given.onnx")


def test_weights_beside_the_file_are_read_and_joined(tmp_path: Path) -> None:
    folder = tmp_path / "network"
    folder.mkdir()
    path = _apart(folder, "parts/weights.bin", folder / "parts" / "weights.bin", 64)
    examined = examine(path)
    derive(path, examined, tmp_path / "out" / "features.onnx")
    whole = save(tiny_networks.residual(), tmp_path / "whole.onnx")
    derive(whole, examine(whole), tmp_path / "out" / "whole.onnx")
    batch = pictures(examined, 2)
    one, other = (
        session(tmp_path / "out" / name).run(None, {"image": batch}) for name in ("features.onnx", "whole.onnx")
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "location", ["../secret.bin", "{}", "parts/../../secret.bin", "..\\secret.bin", "C:\\secret.bin"]
)
def test_weights_outside_the_folder_are_refused(location: str, tmp_path: Path) -> None:
    folder = tmp_path / "network"
    (folder / "parts").mkdir(parents=True)
    path = _apart(folder, location.format(tmp_path / "secret.bin"), tmp_path / "secret.bin")
    assert "outside its own folder" in refusal(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("link_folder", [False, True])
def test_links_out_of_the_folder_are_not_followed(link_folder: bool, tmp_path: Path) -> None:
    folder = tmp_path / "network"
    folder.mkdir()
    path = _apart(folder, "parts/weights.bin", tmp_path / "elsewhere" / "weights.bin")
    if link_folder:
        (folder / "parts").symlink_to(tmp_path / "elsewhere")
    else:
        (folder / "parts").mkdir()
        (folder / "parts" / "weights.bin").symlink_to(tmp_path / "elsewhere" / "weights.bin")
    assert "outside its own folder" in refusal(path)


def test_weights_that_are_absent_or_short_are_refused(tmp_path: Path) -> None:
    path = _apart(tmp_path, "weights.bin")
    assert "not beside it" in refusal(path)
    (tmp_path / "weights.bin").write_bytes(b"short")
    assert "damaged" in refusal(path)


def test_a_file_that_changed_since_is_not_derived(tmp_path: Path) -> None:
    path = save(tiny_networks.residual(), tmp_path / "given.onnx")
    examined = examine(path)
    save(tiny_networks.squeeze(), path)
    with pytest.raises(UserError, match="has changed"):
        derive(path, examined, tmp_path / "features.onnx")
    assert not (tmp_path / "features.onnx").exists()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    path = save(tiny_networks.residual(), tmp_path / "given.onnx")
    examined = examine(path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="Nothing can be written"):
        derive(path, examined, tmp_path / "file" / "features.onnx")
    (tmp_path / "features.onnx").mkdir()
    with pytest.raises(UserError, match="Nothing can be written"):
        derive(path, examined, tmp_path / "features.onnx")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["features.onnx", "file", "given.onnx"]
