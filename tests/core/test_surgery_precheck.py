"""What a file is, said before anything reads it as a network."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.surgery.precheck import LARGEST, check_file
from tests.core import hostile_networks as hostile


def sentence(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        check_file(path)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def put(folder: Path, content: bytes) -> Path:
    path = folder / "network.onnx"
    path.write_bytes(content)
    return path


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return file.getvalue()


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, kind)
    return file.getvalue()


def test_networks_pass():
    for path in paths.models_dir().glob("*.onnx"):
        assert check_file(path) == path.stat().st_size


def test_every_network_of_the_onnx_package_passes():
    import onnx

    light = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
    found = sorted(light.glob("*.onnx"))
    assert len(found) == 9
    for path in found:
        check_file(path)


def test_hostile_networks_are_networks_all_the_same(tmp_path: Path):
    """What is wrong with them lies deeper than this look goes."""
    for make in (hostile.harmless, hostile.memory_bomb, hostile.giant_claim, hostile.outside("/x")):
        check_file(hostile.save(tmp_path / "x.onnx", make()))
    check_file(hostile.save(tmp_path / "x.onnx", hostile.deep(5000)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (picture("JPEG"), "JPEG picture"),
        (picture("PNG"), "PNG picture"),
        (picture("GIF"), "GIF picture"),
        (zipped("archive/data.pkl", "archive/byteorder"), "PyTorch file, which may run any program"),
        (pickle.dumps({"weights": [1, 2]}, 2), "PyTorch file, which may run any program"),
        (pickle.dumps({"weights": [1, 2]}, 4), "PyTorch file"),
        (zipped("model.onnx"), "packed (zip)"),
        (b"\x1f\x8b" + bytes(30), "packed (gzip)"),
        (b"\x89HDF\r\n\x1a\n" + bytes(30), "Keras"),
        (b"\x1c\0\0\0TFL3" + bytes(30), "TensorFlow Lite"),
        (b"GGUF" + bytes(30), "GGUF"),
        (struct.pack("<Q", 30) + json.dumps({"w": {}}).encode().replace(b"{", b'{"', 1), "safetensors"),
        (b"MZ" + bytes(100), "a program"),
        (b"<!DOCTYPE html><html>Sign in", "web page"),
        (b"\n <html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "only a pointer"),
        (b"name,label\na.jpg,cat\n", "text file"),
        ("Grüße aus Köln\n".encode() * 1000, "text file"),
        (b"\0\0\0\x18ftypheic" + bytes(30), "HEIC"),
        (bytes(1000), "no ONNX network"),
        (b"\xff" * 1000, "no ONNX network"),
        (b"\xff", "ends too early"),
        (b"\x08\x08" * 3, "no ONNX network. Export"),  # a version, and no graph
        (b"\x0a\x03abc" * 3, "no ONNX network"),  # a TensorFlow graph
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, content: bytes, words: str):
    assert words in sentence(put(tmp_path, content))


def test_a_file_that_was_cut(tmp_path: Path):
    content = hostile.harmless().SerializeToString()
    for end in (len(content) - 1, len(content) // 2, 30):
        assert "ends too early" in sentence(put(tmp_path, content[:end]))


@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"\x08\x08", b"\x08\x08\x3a"]))
def test_any_bytes_end_in_a_sentence_or_pass(tmp_path_factory, content, start):
    path = tmp_path_factory.mktemp("x") / "x.onnx"
    path.write_bytes(start + content)
    said = "."
    try:
        check_file(path)
    except UserError as error:
        said = str(error)
    assert said.endswith(".")


def test_a_file_larger_than_protobuf_holds(tmp_path: Path):
    path = tmp_path / "large.onnx"
    path.write_bytes(hostile.harmless().SerializeToString())
    os.truncate(path, 3_000_000_000)  # sparse: it takes no room
    assert "larger than 2 GB" in sentence(path)
    os.truncate(path, LARGEST)
    assert "no ONNX network" in sentence(path)


def test_what_is_not_there_or_no_file(tmp_path: Path):
    assert "no longer there" in sentence(tmp_path / "gone.onnx")
    assert "a folder" in sentence(tmp_path)
    assert sentence(tmp_path / "a\0b.onnx") == "The file cannot be read."
    assert sentence(tmp_path / ("x" * 5000)) == "The file cannot be read."
    (tmp_path / "loop.onnx").symlink_to(tmp_path / "loop.onnx")
    sentence(tmp_path / "loop.onnx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.onnx")
    assert "no ONNX network" in sentence(tmp_path / "pipe.onnx")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path):
    path = put(tmp_path, b"x")
    path.chmod(0)
    assert "may not read" in sentence(path)
