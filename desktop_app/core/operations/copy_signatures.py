"""The tiny pictures of a library's photos, by which copies are looked for: from the cache, made where it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.copies_cache import CopiesCache, Picture
from desktop_app.core.duplicates import signature
from desktop_app.core.library import Library

_CHUNK = 256


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
    library: Library, cache: CopiesCache, contents: Sequence[bytes], pool: ThreadPoolExecutor
) -> Generator[tuple[int, int], None, TinyPictures]:
    """The tiny pictures of these contents; those that are made are kept.

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
    missing = np.flatnonzero(~known).tolist()
    waiting: list[Picture] = []
    for start in range(0, len(missing), _CHUNK):
        part_of = missing[start : start + _CHUNK]
        jpegs = library.thumbnails.get([contents[place] for place in part_of])
        there = [place for place in part_of if contents[place] in jpegs]  # the others may get one yet
        made = pool.map(signature.signature_of, [jpegs[contents[place]] for place in there])
        for place, one in zip(there, made, strict=True):
            digest = hashlib.blake2b(jpegs[contents[place]], digest_size=16).digest()
            waiting.append((contents[place], b"" if one is None else one.tobytes(), digest, ""))
            _put(found, place, waiting[-1])
        if len(waiting) >= 8 * _CHUNK or start + _CHUNK >= len(missing):
            cache.put_pictures(waiting)
            waiting = []
        yield min(start + _CHUNK, len(missing)), len(missing)
    return found


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
