"""The child process that decodes HEIC, camera raw and frames of videos.

`children.py` starts it; it ends when its input does. It reads requests from its standard input and answers on its
standard output: see `children.LENGTH`.
"""

from __future__ import annotations

import faulthandler
import importlib
import io
import json
import os
import signal
import sys
from typing import Any, BinaryIO

from desktop_app.core.errors import Unreadable
from desktop_app.core.images.children import LENGTH, LONGEST_JSON, SECONDS_PER_FILE
from desktop_app.core.images.decode import (
    CODEC_ERRORS,
    check_size,
    decode_jpeg_file,
    single_threaded,
)
from desktop_app.core.images.formats import VIDEO
from desktop_app.core.images.frame import decode_frame
from desktop_app.core.images.metadata import Metadata, read_metadata
from desktop_app.core.images.pillow_codec import decode_image
from desktop_app.core.images.pixels import Fit, Size, resized, turned_size, upright
from desktop_app.core.types import Pixels, Reason

_MEMORY = 6 << 30  # bytes of address space, where the system can limit it
_GOOD_PREVIEW = 1000  # pixels of the short side: good enough to look at where all pixels were asked for
_FLIPS = {0: 1, 3: 3, 5: 8, 6: 6}  # LibRaw's turn as EXIF's

Decoded = tuple[Pixels, Size, Metadata]


def decode_heic(data: bytes, fit: Fit, limit: float) -> Decoded:
    """The main picture of a HEIC file. libheif applies the container's own turn; EXIF's then says nothing."""
    pillow_heif = importlib.import_module("pillow_heif")
    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    size: Size = heif.size
    check_size(size, limit)
    seen = read_metadata(heif.info.get("exif") or b"")
    return decode_image(heif.to_pillow(), fit(size)), size, seen


def decode_raw(data: bytes, fit: Fit, limit: float) -> Decoded:
    """A camera raw file: the preview that the camera made of it, else the sensor's pixels."""
    rawpy = importlib.import_module("rawpy")
    with rawpy.imread(io.BytesIO(data)) as raw:
        orientation = _FLIPS.get(raw.sizes.flip, 1)
        size = turned_size((raw.sizes.width, raw.sizes.height), orientation)
        check_size(size, limit)
        seen = read_metadata(data)
        preview = _preview(rawpy, raw, size, orientation, fit, limit)
        if preview is not None:
            pixels, full, preview_seen = preview
            if seen.taken is None and not seen.camera:
                seen = preview_seen
            if min(full) >= min(*fit(size), _GOOD_PREVIEW):
                return pixels, size, seen
        try:
            half = min(size) // 2 >= min(*fit(size), _GOOD_PREVIEW)
            developed = raw.postprocess(half_size=half, use_camera_wb=True, output_bps=8)
        except (rawpy.LibRawError, MemoryError):
            if preview is None:
                raise
            return preview[0], size, seen
    height, width = developed.shape[:2]
    wanted = fit(size)
    return resized(developed, wanted if wanted[0] <= width else fit((width, height))), size, seen


def _preview(rawpy: Any, raw: Any, size: Size, orientation: int, fit: Fit, limit: float) -> Decoded | None:
    """The embedded preview, upright: its pixels, its own full size, its metadata; None where there is none."""
    try:
        preview = raw.extract_thumb()
        if preview.format == rawpy.ThumbFormat.JPEG:
            pixels, full, seen = decode_jpeg_file(preview.data, fit, limit)
        else:
            height, width = preview.data.shape[:2]
            pixels, full, seen = resized(preview.data, fit((width, height))), (width, height), Metadata()
    except (rawpy.LibRawError, Unreadable, *CODEC_ERRORS):
        return None
    # some cameras store the preview turned, some say how to turn it, some leave it as the sensor saw it
    lies = (size[0] < size[1]) != (full[0] < full[1])
    if seen.orientation == 1 and orientation != 1 and (lies or orientation == 3):
        pixels, full = upright(pixels, orientation), turned_size(full, orientation)
    return pixels, full, seen


def answer_to(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Decode one file; whatever goes wrong becomes a reason."""
    decode = {"HEIC": decode_heic, "RAW": decode_raw, VIDEO: decode_frame}[request["format"]]
    try:
        pixels, size, seen = decode(data, Fit(**request["fit"]), request["limit"])
    except Unreadable as error:
        return {"reason": error.reason.value, "details": error.details}, b""
    except MemoryError:
        return {"reason": Reason.TOO_LARGE.value, "details": "not enough memory"}, b""
    except Exception as error:
        return {"reason": Reason.DAMAGED.value, "details": f"{request['format']}: {error}"[:300]}, b""
    answer = {
        "shape": pixels.shape,
        "width": size[0],
        "height": size[1],
        "taken": seen.taken.isoformat() if seen.taken else "",
        "camera": seen.camera,
    }
    return answer, pixels.tobytes()


def _send(output: BinaryIO, answer: dict[str, Any], payload: bytes) -> None:
    text = json.dumps({**answer, "bytes": len(payload)}).encode()
    output.write(LENGTH.pack(len(text)) + text)
    output.write(payload)
    output.flush()


def serve(requests: BinaryIO, output: BinaryIO) -> None:
    """Answer requests until the input ends."""
    _send(output, {"ready": True}, b"")
    while True:
        head = requests.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        (length,) = LENGTH.unpack(head)
        if length > LONGEST_JSON:
            return
        request = json.loads(requests.read(length))
        data = requests.read(request["bytes"])
        if len(data) < request["bytes"]:
            return
        # should the parent be gone and the codec never come back, this ends the process without Python's help
        faulthandler.dump_traceback_later(3 * SECONDS_PER_FILE, exit=True)
        answer, payload = answer_to(request, data)
        faulthandler.cancel_dump_traceback_later()
        _send(output, answer, payload)


def main() -> None:
    """Serve on the standard streams; what the codecs print goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the parent's to answer
    if sys.platform == "linux":
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    single_threaded()
    serve(sys.stdin.buffer, output)


if __name__ == "__main__":
    main()
