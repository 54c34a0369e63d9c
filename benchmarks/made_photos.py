"""Makes photos to measure with: textures with a camera's spread of detail, shapes on them, sensor noise on top.

A 12-megapixel one at quality 90 comes out at some 4 to 5 MB, as from a telephone. Pictures of one's own serve as
well (`sources`). Many different files come from few pictures: each is another part of one, and `copies` puts a few
random bytes behind the end of the picture, so that no two files are equal and each has to be decoded.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import common
import cv2
import numpy as np

_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 90]
_PICTURES = 6


def texture(width: int, height: int, seed: int) -> np.ndarray:
    """One made-up photo: uint8 (height, width, 3), BGR."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), random.uniform(80, 170, 3), np.float32)
    octave, strength = 4, 42.0
    while octave < max(width, height):
        rows, columns = max(2, octave * height // width), octave
        grey = random.normal(0, strength, (rows, columns, 1)).astype(np.float32)
        colour = random.normal(0, strength / 3, (rows, columns, 3)).astype(np.float32)
        picture += cv2.resize(grey + colour, (width, height), interpolation=cv2.INTER_LINEAR)
        octave, strength = octave * 2, strength * 0.66
    for _ in range(40):
        centre = (int(random.integers(width)), int(random.integers(height)))
        radius = int(random.uniform(0.01, 0.12) * width)
        left, top = max(0, centre[0] - radius), max(0, centre[1] - radius)
        part = picture[top : centre[1] + radius, left : centre[0] + radius]
        shape = np.zeros(part.shape[:2], np.uint8)
        cv2.circle(shape, (centre[0] - left, centre[1] - top), radius, 1, -1)
        part += shape[..., np.newaxis] * random.uniform(-70, 70, 3).astype(np.float32)
    return np.clip(picture, 0, 255).astype(np.uint8)


def base_pictures(sources: Sequence[Path], width: int, height: int) -> list[np.ndarray]:
    """A few pictures a little larger than wanted: from folders of photos, else made up."""
    found = [path for folder in sources for path in common.jpegs_below(folder)]
    found = found[:: max(1, len(found) // _PICTURES)][:_PICTURES]
    pictures = []
    for path in found:
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        scale = max(width / picture.shape[1], height / picture.shape[0], 0.01)
        size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
        pictures.append(picture[:height, :width])
    return pictures or [texture(width, height, seed) for seed in range(_PICTURES)]


def make_large(folder: Path, count: int, sources: Sequence[Path] = ()) -> list[Path]:
    """`count` JPEGs of 4000 x 3000; pictures of a few dozen are encoded, the rest are `copies` of those."""
    folder.mkdir(parents=True)
    random, made = np.random.default_rng(12), list[bytes]()
    pictures = base_pictures(sources, 4200, 3150)
    for number in range(min(count, 36)):
        picture = pictures[number % len(pictures)]
        left, top = int(random.integers(0, 201)), int(random.integers(0, 151))
        part = picture[top : top + 3000, left : left + 4000]
        noise = random.integers(-7, 8, (500, 4000, 3), np.int16)  # a sensor's; what makes a photo's file large
        noisy = np.empty_like(part)
        for strip in range(0, 3000, 500):
            noisy[strip : strip + 500] = np.clip(part[strip : strip + 500] + np.roll(noise, 7 * strip, 1), 0, 255)
        made.append(_encoded(noisy if number % 2 else noisy[:, ::-1]))
    return copies(folder, made, count)


def make_small(folder: Path, count: int, sources: Sequence[Path] = ()) -> list[Path]:
    """`count` JPEGs whose sides are 500 to 1,000 pixels."""
    folder.mkdir(parents=True)
    random, made = np.random.default_rng(7), list[bytes]()
    pictures = base_pictures(sources, 1600, 1200)
    for number in range(min(count, 400)):
        width, height = (int(side) for side in random.integers(500, 1001, 2))
        picture = pictures[number % len(pictures)]
        left, top = int(random.integers(0, 1600 - width + 1)), int(random.integers(0, 1200 - height + 1))
        part = picture[top : top + height, left : left + width].astype(np.int16)
        part += random.integers(-7, 8, part.shape, np.int16)
        made.append(_encoded(np.clip(part, 0, 255).astype(np.uint8)))
    return copies(folder, made, count)


def make_tiny(folder: Path, count: int, side: int = 96, distinct: int = 256) -> list[Path]:
    """`count` JPEGs of a few KB, in folders of a thousand."""
    picture = texture(1600, 1200, 3)
    random, made = np.random.default_rng(5), list[bytes]()
    for _ in range(min(count, distinct)):
        left, top = int(random.integers(0, 1600 - side)), int(random.integers(0, 1200 - side))
        made.append(_encoded(np.ascontiguousarray(picture[top : top + side, left : left + side])))
    return copies(folder, made, count)


def copies(folder: Path, pictures: Sequence[bytes], count: int) -> list[Path]:
    """`count` files that hold these pictures in turn, each with other bytes behind the end of the picture."""
    files = []
    for number in range(count):
        below = folder / f"{number // 1000:03}"
        if number % 1000 == 0:
            below.mkdir(parents=True, exist_ok=True)
        file = below / f"IMG_{number:06}.jpg"
        file.write_bytes(pictures[number % len(pictures)] + os.urandom(12))
        files.append(file)
    return files


def _encoded(picture: np.ndarray) -> bytes:
    done, data = cv2.imencode(".jpg", picture, _QUALITY)
    assert done
    return data.tobytes()
