"""What kind of ONNX file one is, by its metadata alone: quick enough to ask while it is held over a window."""

from __future__ import annotations

import enum
import os
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.handover.about import FORMAT_KEY

_METADATA = 14  # ModelProto.metadata_props: entries of key (1) and value (2)
_MOST_FIELDS = 2_000
_LONGEST = 1 << 20  # bytes of one entry
_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5  # wire types of protocol buffers


class OnnxKind(enum.Enum):
    """Whose file it is."""

    CLASSIFIER = "classifier"  # made by Likeness: `open_classifier` looks closer
    OTHER = "other"  # reads as ONNX, or at least as something of its form
    NONE = "none"  # nothing of the kind, or not to be read


def onnx_kind(path: Path) -> OnnxKind:
    """Say what an `.onnx` file is. Reads some kilobytes whatever its size: the network inside is stepped over.

    Source of the layout: onnx.proto (ModelProto) and the encoding of protocol buffers.
    """
    try:
        if not path.is_file():  # a pipe would wait for someone to write
            return OnnxKind.NONE
        with path.open("rb") as file:
            return _kind(file, os.fstat(file.fileno()).st_size)
    except (OSError, ValueError):
        return OnnxKind.NONE


def _kind(file: BinaryIO, size: int) -> OnnxKind:
    fields = 0
    while file.tell() < size:
        fields += 1
        if fields > _MOST_FIELDS:
            return OnnxKind.OTHER
        tag = _varint(file)
        length = _length(file, tag & 7)
        if length > size - file.tell():
            return OnnxKind.NONE  # cut off
        if tag >> 3 == _METADATA and tag & 7 == _LENGTH and length <= _LONGEST:
            if _key(file.read(length)) == FORMAT_KEY.encode():
                return OnnxKind.CLASSIFIER
        else:
            file.seek(length, os.SEEK_CUR)
    return OnnxKind.OTHER if fields else OnnxKind.NONE


def _length(file: BinaryIO, wire: int) -> int:
    """Bytes that a field's value still takes."""
    if wire == _VARINT:
        _varint(file)
        return 0
    if wire == _LENGTH:
        return _varint(file)
    if wire in (_EIGHT, _FOUR):
        return 8 if wire == _EIGHT else 4
    raise ValueError(f"wire type {wire}")


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            raise ValueError("cut off")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise ValueError("not a number")


def _key(entry: bytes) -> bytes:
    """The key of a metadata entry, which every writer puts first."""
    if len(entry) < 2 or entry[0] != (1 << 3 | _LENGTH) or entry[1] >= 0x80:
        return b""
    return entry[2 : 2 + entry[1]]
