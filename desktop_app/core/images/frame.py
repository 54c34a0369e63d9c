"""One frame of a video, about a second in: what stands for a reel. Runs in the child process (`child.py`) only."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from desktop_app.core.errors import Unreadable
from desktop_app.core.images.decode import check_size
from desktop_app.core.images.metadata import Metadata
from desktop_app.core.images.pixels import Fit, Size, resized
from desktop_app.core.types import Pixels, Reason

SECONDS_IN = 1.0
"""The first frame is often black or a title."""

_MOST_FRAMES = 150  # that are decoded to get there


def decode_frame(data: bytes, fit: Fit, limit: float) -> tuple[Pixels, Size, Metadata]:
    """The frame at `SECONDS_IN`, or the last one before it where the video is shorter; turned as the file says.

    Raises:
        Unreadable: DAMAGED where no frame comes out, TOO_LARGE.
    """
    with _as_file(data) as name:
        capture = cv2.VideoCapture(name)
        try:
            if not capture.isOpened():
                raise Unreadable(Reason.DAMAGED, "no video in the file")
            check_size((_number(capture, cv2.CAP_PROP_FRAME_WIDTH), _number(capture, cv2.CAP_PROP_FRAME_HEIGHT)), limit)
            # read through: to jump lands on any frame, or on none, in damaged files
            wanted = min(_MOST_FRAMES, round(SECONDS_IN * (_rate(capture))))
            frame = None
            for _ in range(wanted + 1):
                found, pixels = capture.read()
                if not found:
                    break
                frame = pixels
        finally:
            capture.release()
    if frame is None or frame.ndim != 3:
        raise Unreadable(Reason.DAMAGED, "no frame in the video")
    size = (frame.shape[1], frame.shape[0])
    check_size(size, limit)
    small = resized(np.ascontiguousarray(frame), fit(size))
    return np.ascontiguousarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB)), size, Metadata()


def _rate(capture: cv2.VideoCapture) -> float:
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    return rate if 1 <= rate <= 240 else 30.0


def _number(capture: cv2.VideoCapture, key: int) -> int:
    value = float(capture.get(key))
    return int(value) if 0 <= value < 1e9 else 0


@contextlib.contextmanager
def _as_file(data: bytes) -> Iterator[str]:
    """FFmpeg wants a name to open: one in memory where the system can, so that nothing is left behind."""
    if sys.platform == "linux":
        handle = os.memfd_create("video")
        try:
            with open(handle, "wb", closefd=False) as file:
                file.write(data)
            yield f"/proc/self/fd/{handle}"
        finally:
            os.close(handle)
        return
    folder = Path(tempfile.mkdtemp(prefix="likeness-"))
    try:
        (folder / "video.mp4").write_bytes(data)
        yield str(folder / "video.mp4")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
