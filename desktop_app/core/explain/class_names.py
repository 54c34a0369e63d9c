"""The names of a network's classes, from the file beside it."""

from __future__ import annotations

from pathlib import Path

LARGEST = 4_000_000  # bytes: more is no list of names


def class_names(path: Path | None) -> tuple[str, ...]:
    """The names in index order, the first of several words for the same; () where there is no such file.

    Args:
        path: "identifier<TAB>name" or "name" a line, UTF-8.
    """
    if path is None:
        return ()
    try:
        if path.stat().st_size > LARGEST:
            return ()
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return ()
    while lines and not lines[-1].strip():
        lines.pop()
    return tuple(line.rpartition("\t")[2].partition(",")[0].strip() for line in lines)
