"""What is known of a photo beside its pixels: from its file, and from the side-car that lies beside it.

`IMG_1.jpg.xmp` is the side-car of `IMG_1.jpg`; `IMG_1.xmp` is that of every picture of this name that has none of its
own. What a side-car says goes before what the file says. Nothing is ever written.
"""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.embedded import embedded
from desktop_app.core.images.files import read_file, read_head
from desktop_app.core.images.formats import SNIFF_BYTES, format_named, sniff
from desktop_app.core.images.found import FoundSidecar, is_placeholder
from desktop_app.core.images.metadata import read_place
from desktop_app.core.images.xmp import LARGEST, read_xmp
from desktop_app.core.types import Details

_HEAD = 1 << 20  # bytes of a JPEG before which all that is wanted stands


def read_embedded(data: bytes, name: str) -> Details:
    """What a picture file says in its EXIF and XMP. Never raises.

    Args:
        data: the file; of a JPEG its first megabyte is enough.
        name: of the file.
    """
    exif, packet = embedded(data, sniff(data[:SNIFF_BYTES], name))
    place = read_place(exif) if exif else None
    if place is None:
        return read_xmp(packet) if packet else _NOTHING
    said = read_xmp(packet or place.xmp)
    return dataclasses.replace(
        said,
        latitude=said.latitude if place.latitude is None else place.latitude,
        longitude=said.longitude if place.latitude is None else place.longitude,
        altitude=said.altitude if place.altitude is None else place.altitude,
        rating=place.rating if said.rating is None else said.rating,
    )


def read_details(data: bytes, name: str, sidecar: FoundSidecar | None, root: Path) -> Details:
    """What a picture file and its side-car say together.

    Args:
        data: the picture.
        name: its name.
        sidecar: what lies beside it, as a scan found it.
        root: what the side-car's path is relative to.
    """
    said = read_embedded(data, name)
    if sidecar is None:
        return said
    beside = read_xmp(_read_small(root / os.fsdecode(sidecar.relative)))
    placed = said if beside.latitude is None else beside
    return Details(
        placed.latitude,
        placed.longitude,
        placed.altitude,
        said.rating if beside.rating is None else beside.rating,
        beside.keywords or said.keywords,
        beside.title or said.title,
        beside.description or said.description,
        stamp(sidecar),
    )


def read_again(path: Path, sidecar: FoundSidecar | None, root: Path) -> tuple[Details, int, int]:
    """The same of a file that nobody has read now, and its size and time; of a JPEG only the beginning is read.

    Raises:
        Unreadable: with the reason.
    """
    if format_named(path.name) == "JPEG" and not archives.is_inside(path):
        data, size, mtime_ns = read_head(path, _HEAD)
    else:
        data, mtime_ns = read_file(path)
        size = len(data)
    return read_details(data, path.name, sidecar, root), size, mtime_ns


def stamp(sidecar: FoundSidecar | None) -> str:
    """By what a side-car that was read is known again; "" for none."""
    if sidecar is None:
        return ""
    name = sidecar.relative.rpartition(b"/")[2].decode("utf-8", "replace")
    return f"{sidecar.size} {sidecar.mtime_ns} {name}"


def sidecar_among(found: Mapping[bytes, FoundSidecar], path: bytes) -> FoundSidecar | None:
    """The side-car of a photo among those of a scan, which are known by their paths in lower case."""
    return next(filter(None, (found.get(one.lower()) for one in _candidates(path))), None)


def sidecar_at(root: Path, path: bytes) -> FoundSidecar | None:
    """The same, asking the disk."""
    for name in _candidates(path):
        for ending in (b".xmp", b".XMP"):
            relative = name[:-4] + ending
            try:
                status = (root / os.fsdecode(relative)).stat()
            except (OSError, ValueError):
                continue
            if stat.S_ISREG(status.st_mode) and not is_placeholder(status):
                return FoundSidecar(relative, status.st_size, status.st_mtime_ns)
    return None


def _candidates(path: bytes) -> Iterator[bytes]:
    yield path + b".xmp"
    folder, _, name = path.rpartition(b"/")
    stem, dot, _ = name.rpartition(b".")
    if dot:
        yield (folder + b"/" if folder else b"") + stem + b".xmp"


def _read_small(path: Path) -> bytes:
    """A side-car's bytes; none where it is gone or absurdly large."""
    try:
        if archives.is_inside(path):
            return read_file(path)[0]
        data, size, _ = read_head(path, LARGEST)
    except (Unreadable, UserError):
        return b""
    return data if size <= LARGEST else b""


_NOTHING = Details()
