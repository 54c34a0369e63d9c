"""Makes a library of very many photos that all differ, some of them copies: for measuring the search for copies.

Its pictures are parts of given photos, each another one; parts of one photo have embeddings that lie near one another,
as photos of one subject do. No network runs, and the files are a few bytes: only thumbnails are looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import common  # noqa: F401  makes the program importable
import cv2
import numpy as np

from desktop_app.core.catalog import features, folders, photos
from desktop_app.core.images.decode import content_of
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.finish import finish
from desktop_app.core.types import FolderState

_CHUNK = 2_000


def make(folder: Path, sources: Sequence[Path], count: int, copies: float) -> int:
    """Make it; `copies` of all photos are smaller or recompressed copies of the one before. Returns how many are."""
    random = np.random.default_rng(25)
    pictures = [_read(path) for path in sources]
    made = 0
    with Library(folder, device="cpu") as library:
        dimension = {layer.name: layer.dimension for layer in library.network.layers}
        bases = np.abs(random.normal(size=(len(pictures), dimension[MAIN_LAYER]))).astype(np.float32)
        common_part = np.abs(random.normal(size=dimension[MAIN_LAYER])).astype(np.float32)
        with library.database.transaction() as connection:
            id_ = folders.add(connection, folder.absolute().with_name("photos"))
        before: tuple[np.ndarray, np.ndarray] | None = None
        for start in range(0, count, _CHUNK):
            size = min(_CHUNK, count - start)
            vectors = np.empty((size, dimension[MAIN_LAYER]), np.float32)
            facts, thumbnails = [], []
            for place in range(size):
                number = start + place
                if before is not None and random.random() < copies:
                    picture, vector = before
                    scale = random.uniform(0.4, 0.95)
                    side = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
                    picture = cv2.resize(picture, side, interpolation=cv2.INTER_AREA)
                    vector = vector + 0.15 * np.abs(random.normal(size=len(vector))).astype(np.float32)
                    before = None
                    made += 1
                else:
                    base = int(random.integers(len(pictures)))
                    picture = _part(pictures[base], random)
                    own = np.abs(random.normal(size=len(common_part))).astype(np.float32)
                    vector = common_part + 1.2 * bases[base] + 0.9 * own
                    before = picture, vector
                vectors[place] = vector
                jpeg = encode_thumbnail(picture)
                thumbnails.append((content_of(jpeg + number.to_bytes(4, "little")), jpeg))
                facts.append(_facts(int(id_), number, thumbnails[-1][0], picture.shape))
            other = {
                name: random.random((size, width), np.float32)
                for name, width in dimension.items()
                if name != MAIN_LAYER
            }
            first = library.store.append({**other, MAIN_LAYER: vectors})
            library.store.flush()
            library.thumbnails.put(thumbnails)
            with library.database.transaction() as connection:
                for place, one in enumerate(facts):
                    photo = photos.insert(connection, one)
                    features.set_position(connection, library.network.key, photo, first + place)
            print(f"\r{start + size:,} of {count:,} photos", end="", file=sys.stderr, flush=True)
        with library.database.transaction() as connection:
            folders.set_state(connection, id_, FolderState.READY)
        print("\rindex and graph ...              ", end="", file=sys.stderr, flush=True)
        for _ in finish(library):
            pass
    print("\r" + 40 * " ", end="\r", file=sys.stderr)
    return made


def _read(path: Path) -> np.ndarray:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR_RGB)
    scale = max(1.0, 560 / min(picture.shape[:2]))
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def _part(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A part of it, 256 pixels at its short side, perhaps mirrored, in other light."""
    width, height = ((384, 256), (256, 384), (341, 256), (256, 341))[int(random.integers(4))]
    scale = random.uniform(0.8, 1.3)
    width_there = min(picture.shape[1], round(width * scale))
    height_there = min(picture.shape[0], round(height * scale))
    left = int(random.integers(0, picture.shape[1] - width_there + 1))
    top = int(random.integers(0, picture.shape[0] - height_there + 1))
    part = picture[top : top + height_there, left : left + width_there]
    part = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
    if random.random() < 0.5:
        part = part[:, ::-1]
    return np.clip(part * random.uniform(0.8, 1.15, 3), 0, 255).astype(np.uint8)


def _facts(folder: int, number: int, content: bytes, shape: tuple[int, ...]) -> photos.Facts:
    return photos.Facts(
        photos.FolderId(folder),
        f"{number // 1000:03}/IMG_{number:06}.jpg".encode("ascii"),
        shape[0] * shape[1],
        1_500_000_000_000_000_000 + number,
        content,
        "JPEG",
        10 * shape[1],
        10 * shape[0],
        datetime(2012, 1, 1) + timedelta(minutes=71 * number) if number % 2 else None,
        "Made up 1" if number % 2 else "",
    )
