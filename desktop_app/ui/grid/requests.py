"""Fetching thumbnails: what is wanted and not there, and what a lane's threads do about it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Container, Iterable, Sequence

import cv2
import numpy as np
from PySide6.QtGui import QImage

Fetch = Callable[[list[int]], Sequence[tuple[int, bytes | None]]]
"""Ids to their stored JPEGs, or None where there is none; called on the lane's threads."""

Key = tuple[int, int]
"""Photo and side in device pixels; below 0 the longer side of the whole photo instead of its middle square."""

_CHUNK = 6  # photos in a job: some 10 ms


def decode_square(jpeg: bytes, side: int) -> QImage:
    """The middle square of a stored thumbnail, at most `side` pixels long; a null image where it is damaged.

    Decoding and averaging release Python's lock, which Qt's reader does not; `INTER_AREA` is also sharper.
    """
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if pixels is None:
        return QImage()
    height, width = pixels.shape[:2]
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    pixels = pixels[top : top + square, left : left + square]
    if side < square:
        pixels = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
    pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGBA)
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGBX8888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def decode_whole(jpeg: bytes, longest: int) -> QImage:
    """A stored thumbnail as a whole, at most `longest` pixels wide and high; a null image where it is damaged."""
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if jpeg else None
    if pixels is None:
        return QImage()
    height, width = pixels.shape[:2]
    shrink = longest / max(height, width)
    if shrink < 1:
        to = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        pixels = cv2.resize(pixels, to, interpolation=cv2.INTER_AREA)
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


class Requests:
    """What is wanted and not there, the most important first; shared with the lane's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Key] = deque()
        self._taken: dict[Key, object] = {}

    def replace(self, keys: Iterable[Key]) -> bool:
        """Want these instead, except what is being fetched; true when any wait."""
        with self._lock:
            self._waiting = deque(key for key in keys if key not in self._taken)
            return bool(self._waiting)

    def waiting(self) -> bool:
        """Whether anything waits to be fetched."""
        return bool(self._waiting)

    def take(self, taker: object) -> list[Key]:
        """The next few to fetch, on the lane."""
        with self._lock:
            keys = [self._waiting.popleft() for _ in range(min(_CHUNK, len(self._waiting)))]
            self._taken.update(dict.fromkeys(keys, taker))
            return keys

    def end(self, taker: object) -> list[Key]:
        """`taker` has ended; what it had taken."""
        with self._lock:
            keys = [key for key, other in self._taken.items() if other is taker]
            for key in keys:
                del self._taken[key]
            return keys

    def forget(self, photos: Container[int] | None = None) -> None:
        """What is being fetched of these photos, or of all, is no longer valid."""
        with self._lock:
            stale = [key for key in self._taken if photos is None or key[0] in photos]
            for key in stale:
                del self._taken[key]


def fetch_and_decode(fetch: Fetch, requests: Requests, taker: object) -> list[tuple[Key, QImage]]:
    """On the lane: the next wanted pictures; a null image for a photo without one."""
    keys = requests.take(taker)
    stored = dict(fetch([photo for photo, _ in keys])) if keys else {}
    return [((photo, side), _decode(stored.get(photo) or b"", side)) for photo, side in keys]


def _decode(jpeg: bytes, side: int) -> QImage:
    return decode_square(jpeg, side) if side > 0 else decode_whole(jpeg, -side)
