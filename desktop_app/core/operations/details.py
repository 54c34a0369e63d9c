"""Places, stars, keywords and titles of photos: what an ingest did not read, and side-cars that changed.

An ingest reads them from the bytes it has anyway. What came in before, and side-cars that are written, changed or
removed beside a photo that stays as it is, are brought level here; only the beginning of a JPEG is read for it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.catalog import details
from desktop_app.core.catalog.details import Owed
from desktop_app.core.catalog.photos import absolute
from desktop_app.core.errors import Unreadable
from desktop_app.core.images.found import FoundSidecar, is_sidecar
from desktop_app.core.images.sidecar import read_again, sidecar_among, sidecar_at, stamp
from desktop_app.core.library import Library
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.operations.plan import Plan
from desktop_app.core.priority import lower_thread_priority
from desktop_app.core.types import Changes, Details, Folder, PhotoId, Progress

_TEXT = "Reading places, ratings and keywords"
_BATCH = 1.0  # seconds of work that a power cut may undo
_SPEAK = 0.1
_AT_ONCE = 64

_Find = Callable[[Owed], FoundSidecar | None]


def of(library: Library, photo: PhotoId) -> Details:
    """What the files of a photo say; nothing where they were not read yet. On any thread."""
    return details.get(library.connection, [photo]).get(photo, Details())


def level_details(
    library: Library, plans: Iterable[tuple[Folder, Plan]] = (), *, workers: int = 0
) -> Generator[Progress, None, int]:
    """Read what the library's photos still owe; the last step of an ingest.

    Args:
        library: open for writing.
        plans: what was just scanned: side-cars that changed there are read again.
        workers: threads that read; 0 takes one per core.

    Yields:
        Progress at least every 100 ms. Closing the generator keeps all that is done, and the next ingest carries on.

    Returns:
        Photos that were read.
    """
    plans = list(plans)
    owed: dict[PhotoId, tuple[Owed, FoundSidecar | None]] = {}
    scanned = {folder.id: plan.sidecars for folder, plan in plans if plan.within is None}
    # what could not be read is tried again with a look at everything, not with every file that changes
    quick = bool(plans) and not scanned
    for one in [] if quick else details.lacking(library.connection):
        beside = scanned.get(one.folder)
        sidecar = _ask_disk(one) if beside is None else sidecar_among(beside, one.path)
        owed[one.id] = (one, sidecar)
    for folder, plan in plans:
        for one, sidecar in _other_sidecars(library, folder, plan):
            owed.setdefault(one.id, (one, sidecar))
    if not owed:
        return 0
    return (yield from _read(library, list(owed.values()), workers or cores()))


def _other_sidecars(library: Library, folder: Folder, plan: Plan) -> Iterable[tuple[Owed, FoundSidecar | None]]:
    """Photos beside which another side-car lies than the one that was read, or none any more."""
    if plan.within is None:
        find: _Find = lambda one: sidecar_among(plan.sidecars, one.path)  # noqa: E731
        some = details.of_folder(library.connection, folder.id, with_sidecar=not plan.sidecars)
    else:
        find = _ask_disk
        paths = {path for path in plan.within if is_sidecar(os.fsdecode(path))}
        paths |= {sidecar.relative for sidecar in plan.sidecars.values()}
        some = details.beside(library.connection, folder.id, paths)
    for one in some:
        sidecar = find(one)
        if stamp(sidecar) != one.sidecar:
            yield one, sidecar


def _ask_disk(one: Owed) -> FoundSidecar | None:
    return sidecar_at(Path(os.fsdecode(one.root)), one.path)


def _read(
    library: Library, owed: Sequence[tuple[Owed, FoundSidecar | None]], workers: int
) -> Generator[Progress, None, int]:
    begun = stored = spoken = time.monotonic()
    done, batch = 0, list[tuple[Owed, Details]]()
    with ThreadPoolExecutor(workers, "details", lower_thread_priority) as pool:
        try:
            for start in range(0, len(owed), _AT_ONCE):
                part = owed[start : start + _AT_ONCE]
                for (one, _), said in zip(part, pool.map(_said, part), strict=True):
                    if said is not None:
                        batch.append((one, said))
                now = time.monotonic()
                if now - stored >= _BATCH:
                    done += _store(library, batch)
                    stored = time.monotonic()
                if now - spoken >= _SPEAK:
                    reached, passed = start + len(part), now - begun
                    left = passed / reached * (len(owed) - reached) if passed > 2 else None
                    yield Progress(_TEXT, reached, len(owed), left)
                    spoken = time.monotonic()
        finally:
            done += _store(library, batch)
    yield Progress(_TEXT, len(owed), len(owed), 0.0, Changes(folders=bool(done)))
    return done


def _said(item: tuple[Owed, FoundSidecar | None]) -> Details | None:
    """What a photo's files say; None where its file is not the one that the catalogue means, or cannot be read."""
    one, sidecar = item
    root = Path(os.fsdecode(one.root))
    try:
        said, size, mtime_ns = read_again(absolute(one.root, one.path), sidecar, root)
    except Unreadable:
        return None
    return said if (size, mtime_ns) == (one.size, one.mtime_ns) else None


def _store(library: Library, batch: list[tuple[Owed, Details]]) -> int:
    """Store and empty the batch."""
    if not batch:
        return 0
    with library.database.transaction() as connection:
        for one, said in batch:
            # it may have been changed or removed meanwhile, between two reports
            row = connection.execute("SELECT content FROM photos WHERE id = ?", (one.id,)).fetchone()
            if row and row[0] == one.content:
                details.put(connection, one.id, one.content, said)
    count = len(batch)
    batch.clear()
    return count
