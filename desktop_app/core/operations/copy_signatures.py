"""The tiny pictures of a library's photos, by which copies are looked for: from the cache, made where it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.copies_cache import CopiesCache, Picture
from desktop_app.core.duplicates import signature
from desktop_app.core.library import Library
from desktop_app.core.operations.ahead import in_order

_CHUNK = 128
_AHEAD = 6  # chunks read while others are made
_KEEP = 2000  # pictures after which they are written


@dataclass(frozen=True, slots=True, eq=False)
class TinyPictures:
    """What is known of pictures, by number.

    Attributes:
        table: uint8 (n, 32, 32).
        readable: bool (n,): whether there is a thumbnail; else the row is empty.
        digests: of the thumbnails: equal ones show the same to the last bit.
        searched: by what the neighbours of each were looked for; "" not yet.
    """

    table: npt.NDArray[np.uint8]
    readable: npt.NDArray[np.bool_]
    digests: list[bytes]
    searched: list[str]


def tiny_pictures(
    library: Library,
    cache: CopiesCache,
    contents: Sequence[bytes],
    added: Sequence[int],
    pool: ThreadPoolExecutor,
) -> Generator[tuple[int, int], None, TinyPictures]:
    """The tiny pictures of these contents; those that are made are kept.

    Args:
        library: where the thumbnails are.
        cache: where tiny pictures are kept.
        contents: of the pictures, by number.
        added: in which order they were added: so their thumbnails lie on the disk, and so they are read quickest.
        pool: the threads to make them on.

    Yields:
        Pictures made, pictures to make (0 while that is not known).
    """
    count, side = len(contents), signature.SIDE
    found = TinyPictures(
        np.zeros((count, side, side), np.uint8), np.zeros(count, np.bool_), [b""] * count, [""] * count
    )
    number = {content: place for place, content in enumerate(contents)}
    known = np.zeros(count, np.bool_)
    for part in cache.pictures():
        for picture in part:
            place = number.get(picture[0], -1)
            if place >= 0:
                known[place] = True
                _put(found, place, picture)
        yield 0, 0
    missing = sorted(np.flatnonzero(~known).tolist(), key=lambda place: added[place])
    waiting: list[Picture] = []
    for done, made in _made(library, [contents[place] for place in missing], pool):
        for picture in made:
            _put(found, number[picture[0]], picture)
        waiting += made
        if len(waiting) >= _KEEP or done == len(missing):
            cache.put_pictures(waiting)
            waiting = []
        yield done, len(missing)
    return found


def _made(
    library: Library, contents: Sequence[bytes], pool: ThreadPoolExecutor
) -> Generator[tuple[int, list[Picture]]]:
    """Make tiny pictures, reading ahead; how many contents are done, and what came of the last ones."""
    parts = (contents[start : start + _CHUNK] for start in range(0, len(contents), _CHUNK))
    read = (library.thumbnails.get(part) for part in parts)  # what has no thumbnail may get one yet
    for number, made in enumerate(in_order(pool, _pictures, read, _AHEAD), 1):
        yield min(number * _CHUNK, len(contents)), made


def _pictures(jpegs: Mapping[bytes, bytes]) -> list[Picture]:
    made = []
    for content, jpeg in jpegs.items():
        tiny = signature.signature_of(jpeg)
        digest = hashlib.blake2b(jpeg, digest_size=16).digest()
        made.append((content, b"" if tiny is None else tiny.tobytes(), digest, ""))
    return made


def _put(found: TinyPictures, place: int, picture: Picture) -> None:
    _, tiny, digest, searched = picture
    found.digests[place], found.searched[place] = digest, searched
    if len(tiny) == signature.SIDE**2:
        found.table[place] = np.frombuffer(tiny, np.uint8).reshape(signature.SIDE, signature.SIDE)
        found.readable[place] = True


def without_twins(tiny: TinyPictures, sizes: Sequence[tuple[int, int]]) -> tuple[list[int], dict[int, list[int]]]:
    """Pictures to compare, by number; and for each the others that show the same to the last bit of the thumbnail.

    Args:
        tiny: what is known of them.
        sizes: width and height of each.
    """
    shaped = signature.shapes(tiny.table)
    first: dict[tuple[bytes, int, int], int] = {}
    twins: dict[int, list[int]] = {}
    numbers = []
    for number in np.flatnonzero(tiny.readable).tolist():
        key = (tiny.digests[number], *sizes[number])
        if key in first and shaped[number]:
            twins.setdefault(first[key], []).append(number)
        else:
            first.setdefault(key, number)
            numbers.append(number)
    return numbers, twins
