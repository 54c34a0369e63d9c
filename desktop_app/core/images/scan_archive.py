"""Find the pictures inside an archive that counts as a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

from desktop_app.core import archives
from desktop_app.core.images.formats import Kind, extension_of, kind_of
from desktop_app.core.images.found import (
    IGNORED_FOLDERS,
    Found,
    FoundFile,
    FoundSidecar,
    NotRead,
    Others,
    is_sidecar,
    not_supported,
    stem,
    stems,
)
from desktop_app.core.types import Reason


def scan_archive(archive: archives.Archive, frames: bool) -> Iterator[Found]:
    """The same for an archive. There are no links, pipes or clouds in it; what has no extension is left alone."""
    videos = others = 0
    covered = stems(member.name for member in archive if kind_of(_base(member.name)) is Kind.PICTURE)
    for member in archive:
        parts = member.name.split("/")
        if any(os.fsencode(part).lower() in IGNORED_FOLDERS for part in parts[:-1]):
            continue
        hidden = any(part.startswith(".") for part in parts)
        relative, kind = os.fsencode(member.name), kind_of(parts[-1])
        if kind is Kind.PICTURE or (kind is Kind.VIDEO and frames and not hidden and stem(member.name) not in covered):
            if hidden:
                yield NotRead(relative, Reason.HIDDEN)
            else:
                yield FoundFile(relative, member.size, member.mtime_ns, (0, 0))
        elif kind is Kind.UNSUPPORTED:
            yield not_supported(relative, extension_of(parts[-1]).upper(), hidden)
        elif kind is Kind.VIDEO:
            videos += 1
        else:
            if not hidden and is_sidecar(parts[-1]):
                yield FoundSidecar(relative, member.size, member.mtime_ns)
            others += 1
    if videos:
        yield Others(Kind.VIDEO, videos)
    if others:
        yield Others(Kind.OTHER, others)


def _base(name: str) -> str:
    return name.rpartition("/")[2]
