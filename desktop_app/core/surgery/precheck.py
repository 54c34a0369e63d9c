"""What can be said of a file before anything reads it as a network: there, of a possible size, and an ONNX file at all.

Only the first bytes and the outermost fields of the protobuf message are looked at, with a bounded number of small
reads. Everything deeper is for a child process: see `guard.py`.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from desktop_app.core.errors import UserError

LARGEST = (1 << 31) - 1
"""Bytes of the largest ONNX file there can be: protobuf holds no more."""

_HEAD = 4096
_MOST_FIELDS = 20_000
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_GRAPH, _OPSETS = 7, 8
# of onnx.ModelProto, with the wire type that each has
_FIELDS = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}

_NOT_WHOLE = "This file is not whole: it ends too early. Copy or download it again."
_NO_NETWORK = "This file is no ONNX network."
_EXPORT = "Export the network to ONNX, then add that file."
_TORCH = f"This is a PyTorch file, which may run any program when it is opened, so Likeness does not open it. {_EXPORT}"

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "This is a JPEG picture, not a network."),
    (b"\x89PNG", "This is a PNG picture, not a network."),
    (b"GIF8", "This is a GIF picture, not a network."),
    (b"%PDF", "This is a PDF document, not a network."),
    (b"\x89HDF", f"This is a Keras or HDF5 file, not an ONNX network. {_EXPORT}"),
    (b"GGUF", f"This is a GGUF file, not an ONNX network. {_EXPORT}"),
    (b"\x1f\x8b", "This file is packed (gzip). Unpack it, then add what is in it."),
    (b"7z\xbc\xaf", "This file is packed (7z). Unpack it, then add what is in it."),
    (b"MZ", "This is a program, not a network."),
    (b"\x7fELF", "This is a program, not a network."),
    (
        b"version https://git-lfs",
        "This is only a pointer to the network (Git LFS). Fetch the file itself, then add it.",
    ),
)


def check_file(path: Path) -> int:
    """Whether a file may be an ONNX network.

    Returns:
        Its size in bytes.

    Raises:
        UserError: it is not there, cannot be read, is too large, is not whole, or is something else; says what.
    """
    try:
        seen = path.stat()
        if stat.S_ISDIR(seen.st_mode):
            raise UserError("This is a folder. Choose the ONNX file in it.", str(path))
        if not stat.S_ISREG(seen.st_mode):  # a pipe would wait for ever, a device never end
            raise UserError(_NO_NETWORK, f"{path}: no regular file")
        size = seen.st_size
        if size == 0:
            raise UserError("This file is empty.", str(path))
        if size > LARGEST:
            raise UserError("This file is larger than 2 GB, more than one ONNX file can hold.", f"{path}: {size} bytes")
        with path.open("rb") as file:
            head = file.read(_HEAD)
            _check_kind(head)
            file.seek(0)
            _check_fields(file, size)
    except FileNotFoundError as error:
        raise UserError("The file is no longer there.", f"{path}: {error}") from error
    except PermissionError as error:
        raise UserError("This account may not read the file.", f"{path}: {error}") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise UserError("The file cannot be read.", f"{path}: {error}") from error
    return size


def _check_kind(head: bytes) -> None:
    """Raises UserError for what is known by its first bytes not to be a network."""
    for magic, sentence in _KINDS:
        if head.startswith(magic):
            raise UserError(sentence)
    if head.startswith(b"PK\x03\x04"):
        # torch.save writes a zip of a pickle and of weights
        if b"/data.pkl" in head or b"/byteorder" in head or b"/version" in head:
            raise UserError(_TORCH)
        raise UserError("This file is packed (zip). Unpack it, then add the ONNX file in it.")
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise UserError(_TORCH, "a pickle")
    if head[4:8] == b"TFL3":
        raise UserError(f"This is a TensorFlow Lite file, not an ONNX network. {_EXPORT}")
    if head[4:8] == b"ftyp":
        raise UserError("This is a film or a HEIC picture, not a network.")
    if head[8:10] == b'{"' and int.from_bytes(head[:8], "little") < LARGEST:
        raise UserError(f"This is a safetensors file: weights without a network. {_EXPORT}")
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        raise UserError("This is a web page that was saved under this name. Download the file itself.")
    if _is_text(head):
        raise UserError("This is a text file, not a network.")


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < max(1, len(head) - 3):  # but for a letter that is cut at the end
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f" for letter in text)


def _check_fields(file: BinaryIO, size: int) -> None:
    """Walk over the outermost fields, contents skipped: each has to be one of ONNX's and to end within the file."""
    found: set[int] = set()
    place = 0
    for _ in range(_MOST_FIELDS):
        if place == size:
            break
        file.seek(place)
        head = file.read(20)
        key, used = _varint(head, 0)
        number, wire = key >> 3, key & 7
        if _FIELDS.get(number, wire) != wire or number == 0:
            raise UserError(_NO_NETWORK, f"field {number} of kind {wire} at byte {place}")
        if wire == _VARINT:
            _, used = _varint(head, used)
        elif wire == _LENGTH:
            length, used = _varint(head, used)
            used += length
        elif wire in (_FIXED64, _FIXED32):
            used += 8 if wire == _FIXED64 else 4
        else:
            raise UserError(_NO_NETWORK, f"kind {wire} at byte {place}")
        place += used
        if place > size:
            # what began as a network was cut; anything else never was one
            raise UserError(_NOT_WHOLE if number in _FIELDS else _NO_NETWORK, f"field {number} ends at byte {place}")
        found.add(number)
    else:
        raise UserError(_NO_NETWORK, f"more than {_MOST_FIELDS} fields")
    if _GRAPH not in found:
        raise UserError(f"{_NO_NETWORK} {_EXPORT}", f"fields {sorted(found)[:20]}")
    if _OPSETS not in found and 1 not in found:
        raise UserError(_NO_NETWORK, "neither a version nor operator sets")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A whole number in protobuf's form, and where it ends."""
    value = 0
    for count, byte in enumerate(data[place : place + 10]):
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, place + count + 1
    if len(data) - place < 10:
        raise UserError(_NOT_WHOLE, "ends within a number")
    raise UserError(_NO_NETWORK, "a number without end")
