"""Makes a library of 100,000 photos without reading 100,000 photos, and keeps it for the other benchmarks.

Catalogue rows, vectors of every layer and thumbnails are written as an ingest would write them; index space and HNSW
graph are made by the program itself. The photos on the disk are small JPEGs whose size and time the rows name, so that
a rescan finds them unchanged. It takes a few minutes and some 2.5 GB.

    python benchmarks/big_library.py DIR [--photos N]        # DIR/library and DIR/photos; made only where absent

The other benchmarks take `--big DIR` to use it; without, they make one in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import common
import cv2
import numpy as np
from made_photos import texture
from query_speed import Photos

from desktop_app.core.catalog import features, folders, photos
from desktop_app.core.images.decode import content_of
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.finish import finish
from desktop_app.core.types import FolderState

_CHUNK = 5_000
_BELOW = 1_000  # photos in one folder
_DISTINCT = 512  # pictures that repeat
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 60]


def made(folder: Path, count: int) -> bool:
    """Whether the library is there already, whole."""
    try:
        return json.loads((folder / "made.json").read_text("ascii")) == _marker(folder, count)
    except (OSError, ValueError):
        return False


def make(folder: Path, count: int) -> None:
    """Make it anew; what was in `folder` of an earlier one is removed."""
    for old in ("library", "photos"):
        shutil.rmtree(folder / old, ignore_errors=True)
    (folder / "made.json").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    small, thumbnails = _pictures()
    with Library(folder / "library", device="cpu") as library:
        root = folder / "photos"
        with library.database.transaction() as connection:
            id_ = folders.add(connection, root.absolute())
        vectors, random = Photos(count, seed=1), np.random.default_rng(2)
        other = {
            layer.name: random.random((_CHUNK, layer.dimension), np.float32)
            for layer in library.network.layers
            if layer.name != MAIN_LAYER
        }
        for start in range(0, count, _CHUNK):
            size = min(_CHUNK, count - start)
            batch = {name: block[:size] for name, block in other.items()}
            first = library.store.append({**batch, MAIN_LAYER: vectors.take(size)})
            library.store.flush()
            facts = [
                _write(root, number, small[number % len(small)], int(id_)) for number in range(start, start + size)
            ]
            library.thumbnails.put(
                (one.content, thumbnails[(start + place) % len(thumbnails)]) for place, one in enumerate(facts)
            )
            with library.database.transaction() as connection:
                for place, one in enumerate(facts):
                    features.set_position(
                        connection, library.network.key, photos.insert(connection, one), first + place
                    )
            print(f"\r{start + size:,} of {count:,} photos", end="", file=sys.stderr, flush=True)
        with library.database.transaction() as connection:
            folders.set_state(connection, id_, FolderState.READY)
        print("\rindex and graph ...              ", end="", file=sys.stderr, flush=True)
        for _ in finish(library):
            pass
    print("\r" + 40 * " ", end="\r", file=sys.stderr)
    (folder / "made.json").write_text(json.dumps(_marker(folder, count)), "ascii")


@contextmanager
def big_library(folder: Path | None, count: int) -> Iterator[Path]:
    """The folder with `library` and `photos`: the given one, filled where needed, else a temporary one."""
    if folder is None:
        with common.temporary_folder() as temporary:
            make(temporary, count)
            yield temporary
        return
    if not made(folder, count):
        make(folder, count)
    yield folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every benchmark that needs it offers."""
    parser.add_argument("--big", type=Path, metavar="DIR", help="where the large library is kept (see big_library.py)")
    parser.add_argument("--photos", type=int, default=100_000, metavar="N")


def _marker(folder: Path, count: int) -> dict[str, object]:
    return {"version": 1, "photos": count, "folder": str(folder.absolute())}


def _pictures() -> tuple[list[bytes], list[bytes]]:
    """Small whole files, and thumbnails of the size that photos have: both JPEG."""
    small, thumbnails = [], []
    random = np.random.default_rng(4)
    large = [texture(1600, 1200, seed) for seed in range(8)]
    for number in range(_DISTINCT):
        picture = large[number % len(large)]
        width, height = ((384, 256), (256, 384), (341, 256), (256, 256))[number % 4]
        left, top = int(random.integers(0, 1600 - width)), int(random.integers(0, 1200 - height))
        part = np.ascontiguousarray(picture[top : top + height, left : left + width])
        thumbnails.append(encode_thumbnail(part))
        done, data = cv2.imencode(".jpg", part[:64, :80], _QUALITY)
        assert done
        small.append(data.tobytes())
    return small, thumbnails


def _write(root: Path, number: int, picture: bytes, folder: int) -> photos.Facts:
    relative = f"{number // _BELOW:03}/IMG_{number:06}.jpg"
    file = root / relative
    if number % _BELOW == 0:
        file.parent.mkdir(parents=True, exist_ok=True)
    data = picture + os.urandom(12)  # behind the end of the picture: no two files are equal
    file.write_bytes(data)
    status = file.stat()
    taken = datetime(2012, 1, 1) + timedelta(minutes=71 * number)
    return photos.Facts(
        photos.FolderId(folder),
        relative.encode("ascii"),
        status.st_size,
        status.st_mtime_ns,
        content_of(data),
        "JPEG",
        80,
        64,
        taken,
        "Made up 1",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--photos", type=int, default=100_000, metavar="N")
    options = parser.parse_args()
    if made(options.folder, options.photos):
        print(f"{options.folder} holds {options.photos:,} photos already")
        return 0
    began = time.perf_counter()
    make(options.folder, options.photos)
    print(f"{options.photos:,} photos made in {time.perf_counter() - began:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
