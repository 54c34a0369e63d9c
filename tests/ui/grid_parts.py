"""What the grid's tests are made of: pictures that are made up, a source that counts, a grid on screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from desktop_app.jobs import Lane
from desktop_app.ui.grid import PhotoGrid, Thumbnails
from desktop_app.ui.theme import Theme


def colour_of(photo: int) -> tuple[int, int, int]:
    """Red, green and blue of the made-up picture of a photo."""
    return (40 + photo * 37 % 200, 40 + photo * 91 % 200, 40 + photo * 53 % 200)


def jpeg_of(photo: int, width: int = 320, height: int = 256) -> bytes:
    picture = np.full((height, width, 3), colour_of(photo)[::-1], np.uint8)
    return cv2.imencode(".jpg", picture)[1].tobytes()


@dataclass
class Store:
    """Stored thumbnails; `asked` holds what was fetched, in order. Clear `open` to hold the lane's threads."""

    asked: list[int] = field(default_factory=list)
    absent: set[int] = field(default_factory=set)
    open: threading.Event = field(default_factory=threading.Event)
    reached: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.open.set()

    def fetch(self, ids: list[int]) -> list[tuple[int, bytes | None]]:
        self.reached.release()
        assert self.open.wait(10)
        self.asked += ids
        return [(photo, None if photo in self.absent else jpeg_of(photo)) for photo in ids]


@dataclass
class Parts:
    theme: Theme
    lane: Lane
    store: Store
    thumbnails: Thumbnails
    make: Callable[..., PhotoGrid]
