"""Pictures as they may leave this computer: without metadata, so that no report tells where a photo was taken."""

from __future__ import annotations

import base64
import struct
from typing import Final

_DROPPED: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX"})
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def data_address(data: bytes) -> str:
    """A picture as an address that holds it; "" for what is neither JPEG nor PNG, or is damaged."""
    if data.startswith(b"\xff\xd8"):
        kind, plain = "jpeg", _plain_jpeg(data)
    elif data.startswith(_PNG):
        kind, plain = "png", _plain_png(data)
    else:
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(plain).decode('ascii')}" if plain else ""


def _plain_jpeg(data: bytes) -> bytes:
    """Only what the picture is drawn from: no APP segments but JFIF's and Adobe's (colours), no comments."""
    out = bytearray(b"\xff\xd8")
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return b""
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        size = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if size < 2 or at + 2 + size > len(data):
            return b""
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            out += data[at : at + 2 + size]
        at += 2 + size
        if marker == 0xDA:  # the picture itself, up to its end; what is glued on behind it is left out
            end = _jpeg_end(data, at)
            return bytes(out + data[at:end]) if end else b""
    return b""


def _jpeg_end(data: bytes, at: int) -> int:
    """Where the picture ends (behind its end marker); 0 where it does not."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in (0xE1, 0xFE):  # metadata between the scans of a progressive picture: none that is known writes so
            return 0
        at += 1 if marker == 0xFF else 2
    return 0


def _plain_png(data: bytes) -> bytes:
    out = bytearray(_PNG)
    at = len(_PNG)
    while at + 12 <= len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        kind = data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data):
            return b""
        if kind not in _DROPPED:
            out += data[at:end]
        if kind == b"IEND":
            return bytes(out)
        at = end
    return b""
