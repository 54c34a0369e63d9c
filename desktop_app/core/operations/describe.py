"""Making photos comparable by another descriptor: what is missing of a network's vectors, then the index space.

All layers of a network come from one pass, so a second layer of the same network costs only its index space. The order
of writes is that of an ingest (vectors, then the rows that name them), and so is what a kill leaves: the next run
carries on, and ends where one that was never stopped would have.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from desktop_app.core.catalog import features, photos, ways
from desktop_app.core.catalog.ways import Way
from desktop_app.core.descriptor_files import DescriptorFiles, Source
from desktop_app.core.descriptors import COLOUR_KEY, HISTOGRAM, Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images import colour
from desktop_app.core.images.decode import SHORT_SIDE
from desktop_app.core.images.thumbnails import decode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.operations.commit import append
from desktop_app.core.operations.estimate import Estimate
from desktop_app.core.operations.finish import catch_up, finish
from desktop_app.core.operations.pipeline import Done, Outcome, Pipeline, cores
from desktop_app.core.operations.plan import Todo
from desktop_app.core.priority import lower_thread_priority
from desktop_app.core.types import Changes, Progress, Vectors

_BATCH = 1.0  # seconds of work that a power cut may undo
_SPEAK = 0.1
_TAKEN = 256  # photos whose vectors are taken over, or counted from thumbnails, between two reports

Missing = list[features.Lacking]  # photos of one content
Row = Mapping[str, Vectors]


@dataclass(slots=True)
class Described:
    """What was done to make photos comparable by a descriptor."""

    descriptor: Descriptor
    computed: int = 0  # photos whose vectors were computed
    taken_over: int = 0  # photos of a content that was known already
    left_out: int = 0  # photos whose files changed or cannot be read; the next time they are tried again
    photos: int = 0  # comparable now
    seconds: float = 0.0


def describe(
    library: Library, descriptor: Descriptor | str, *, workers: int = 0, limit_megapixels: float = 200.0
) -> Generator[Progress, None, Described]:
    """Make all photos comparable by a descriptor, and keep them so: every ingest from now on brings it level.

    Args:
        library: open for writing.
        descriptor: as `Library.descriptor` takes it.
        workers: threads that decode; 0 takes one per core.
        limit_megapixels: larger pictures are left out.

    Yields:
        Progress at least every 100 ms. Closing the generator keeps all that is done, and the next call carries on.

    Raises:
        UserError: there is no such network or layer, the network cannot be run, or the disk is full.
    """
    wanted = library.descriptor(descriptor) if isinstance(descriptor, str) else descriptor
    begun = time.monotonic()
    files = library.files(wanted)
    work = _Work(library, files.source, workers, limit_megapixels, Described(wanted))
    yield Progress(work.text)
    yield from work.run(files)
    yield from finish(library, files)
    with library.database.transaction() as connection:
        ways.add_layer(connection, _way(files.source), files.layer)
    work.result.photos = features.count_with(library.connection, files.key)
    work.result.seconds = time.monotonic() - begun
    yield Progress("", changes=Changes(index=True))
    return work.result


def begin_colours(library: Library) -> None:
    """See to it that a library whose first photos are still to come has their colours too, as they are decoded.

    One that is older gets them when `describe` is asked for them.
    """
    if features.committed_rows(library.connection, library.network.key):
        return
    with library.database.transaction() as connection:
        ways.add_layer(connection, _way(library.source(Descriptor())), HISTOGRAM)


def level(
    library: Library, *, workers: int = 0, limit_megapixels: float = 200.0
) -> Generator[Progress, None, list[str]]:
    """Bring every descriptor that was computed level with the photos; the last step of an ingest.

    Returns:
        Sentences about networks that cannot be run any more; what they made stays as it is.
    """
    remarks: list[str] = []
    for way in ways.all_ways(library.connection):
        if way.going:
            continue
        try:
            wanted = [Descriptor(way.name, layer) if way.name else Descriptor() for layer in way.layers]
            if way.name and library.find_network(way.name).key != way.key:
                continue  # another network of that name
            opened = [library.files(one) for one in wanted]
            if opened and way.key != library.network.key:
                work = _Work(library, opened[0].source, workers, limit_megapixels, Described(wanted[0]))
                yield from work.run(opened[0])
        except UserError as error:
            if _is_missing(library, way):
                continue
            remarks.append(str(error))
            continue
        for files in opened:
            if files is not library.main:
                yield from finish(library, files)
    return remarks


def sweep(library: Library) -> None:
    """Remove the files of networks that were forgotten, as far as the system lets us."""
    for way in ways.all_ways(library.connection):
        if not way.going:
            continue
        library.let_go(way.key)
        places = [library.folder / "vectors" / way.key, *(library.folder / "index").glob(f"{way.key}-*")]
        for place in places:
            shutil.rmtree(place, ignore_errors=True)
        if not any(place.exists() for place in places):  # on Windows a reader may still hold one
            with library.database.transaction() as connection:
                ways.drop(connection, way.key)


def _is_missing(library: Library, way: Way) -> bool:
    return bool(way.name) and library.engines.by_key(way.key) is None


class _Work:
    """The vectors that a network, or the colours, still owe to a library."""

    def __init__(
        self, library: Library, source: Source, workers: int, limit_megapixels: float, result: Described
    ) -> None:
        self.library, self.source, self.result = library, source, result
        self.workers, self.limit = workers or cores(), limit_megapixels
        self.store = library.writer(source)
        self.text = f"Comparing by “{source.title}”"
        self._done = self._total = 0

    def run(self, files: DescriptorFiles) -> Generator[Progress, None, None]:
        """Compute, and let `files` be searched by what is there meanwhile."""
        connection, key = self.library.connection, self.source.key
        if features.count_with(connection, key) == photos.count_present(connection):
            return  # the usual case, soon known
        lacking = features.lacking(connection, key)
        self._total = len(lacking)
        if not lacking:
            return
        self._note_way()
        contents: list[Missing] = [list(same) for _, same in groupby(lacking, key=lambda one: one.content)]
        rest = yield from self._take_over(contents)
        if self.source.key == COLOUR_KEY:
            rest = yield from self._from_thumbnails(rest)
        if rest:
            yield from self._read(rest, files)

    def _note_way(self) -> None:
        """Say whose the vectors are before there are any; one that was being removed is wanted again."""
        known = {way.key: way for way in ways.all_ways(self.library.connection)}
        way = known.get(self.source.key, _way(self.source))
        if self.source.key not in known or way.going:
            with self.library.database.transaction() as connection:
                ways.put(connection, replace(way, going=False))

    # --- without reading files -------------------------------------------------------------------------------

    def _take_over(self, contents: list[Missing]) -> Generator[Progress, None, list[Missing]]:
        """Photos of a content that has vectors get the same; returns the others."""
        known = features.featured_contents(self.library.connection, self.source.key)
        rest, found = list[Missing](), list[tuple[Missing, Row]]()
        for same in contents:
            if same[0].content not in known:
                rest.append(same)
                continue
            donor = features.donors(self.library.connection, self.source.key, same[0].content)[0]
            at = np.array([donor.position], np.int64)
            found.append((same, {layer: self.store.read(layer, at) for layer in self.source.layers}))
            if len(found) >= _TAKEN:
                self.result.taken_over += self._commit(found)
                yield self._progress()
        self.result.taken_over += self._commit(found)
        return rest

    def _from_thumbnails(self, contents: list[Missing]) -> Generator[Progress, None, list[Missing]]:
        """Colours are counted on pictures smaller than a thumbnail: most photos need not be read again."""
        rest = list[Missing]()
        stored = spoken = begun = time.monotonic()
        batch: list[tuple[Missing, Row]] = []
        with ThreadPoolExecutor(self.workers, "colours", lower_thread_priority) as pool:
            try:
                for start in range(0, len(contents), 64):
                    part = contents[start : start + 64]
                    jpegs = self.library.thumbnails.get([same[0].content for same in part])
                    rows = pool.map(_colours_of, [jpegs.get(same[0].content, b"") for same in part])
                    for same, row in zip(part, rows, strict=True):
                        if row is None:
                            rest.append(same)
                        else:
                            batch.append((same, row))
                    now = time.monotonic()
                    if now - stored >= _BATCH:
                        self.result.computed += self._commit(batch)
                        stored = time.monotonic()
                    if now - spoken >= _SPEAK:
                        passed, done = now - begun, self._done + len(batch)
                        left = passed / done * (self._total - done) if passed > 2 and done else None
                        yield Progress(self.text, done, self._total, left)
                        spoken = time.monotonic()
            finally:
                self.result.computed += self._commit(batch)
        return rest

    # --- reading files ---------------------------------------------------------------------------------------

    def _read(self, contents: list[Missing], files: DescriptorFiles) -> Generator[Progress, None, None]:
        by_content = {same[0].content: same for same in contents}
        todo = [_todo(same[0]) for same in contents]
        is_colour = self.source.key == COLOUR_KEY
        network = None if is_colour else self.library.find_network(self.source.name)
        estimate = Estimate(item.kind for item in todo)
        pipeline = Pipeline(
            todo,
            None if network is None else self.library.engine_of(network),
            limit_megapixels=self.limit,
            workers=self.workers,
            thumbnails=False,
            colours=is_colour,
            details=False,
            short_side=SHORT_SIDE if network is None else network.decode_side,
        )
        begun, paused = time.monotonic(), 0.0
        stored = spoken = begun
        batch: list[tuple[Missing, Row]] = []
        changes = Changes()
        try:
            for outcome in pipeline.results():
                now = time.monotonic()
                if outcome is not None:
                    estimate.finished(outcome.todo.kind, outcome.seconds)
                    same = by_content[outcome.todo.content or b""]
                    good = _unchanged(outcome)
                    for other in same[1:]:  # another copy may be as it was
                        good = good or _unchanged(pipeline.read_now(_todo(other)))
                    if good is not None:
                        batch.append((same, good.colours if is_colour else good.features))
                    else:
                        self.result.left_out += len(same)
                        self._done += len(same)
                if batch and now - stored >= _BATCH:
                    self.result.computed += self._commit(batch)
                    catch_up(self.library, files)
                    changes, stored = Changes(index=True), time.monotonic()
                if changes or now - spoken >= _SPEAK:
                    before = time.monotonic()
                    yield self._progress(estimate.seconds_left(now - begun - paused), changes, len(batch))
                    spoken, changes = time.monotonic(), Changes()
                    paused += spoken - before
        finally:
            pipeline.close()
            self.result.computed += self._commit(batch)
        catch_up(self.library, files)
        yield self._progress(0.0, Changes(index=True))

    def _progress(self, left: float | None = None, changes: Changes | None = None, waiting: int = 0) -> Progress:
        return Progress(self.text, self._done + waiting, self._total, left, changes or Changes())

    def _commit(self, batch: list[tuple[Missing, Row]]) -> int:
        """Store and empty the batch: vectors on the disk, then the rows that name them. Returns how many photos."""
        pairs = [(photo, row) for same, row in batch for photo in same]
        self._done += len(pairs)
        batch.clear()
        if not pairs:
            return 0
        first = append(self.library, self.store, [row for _, row in pairs])
        with self.library.database.transaction() as connection:
            return sum(
                features.set_position_of(connection, self.source.key, photo.id, photo.content, first + place)
                for place, (photo, _) in enumerate(pairs)
            )


def _unchanged(outcome: Outcome) -> Done | None:
    """What was read of a file, if it still holds what the catalogue says."""
    return outcome if isinstance(outcome, Done) and outcome.content == outcome.todo.content else None


def _colours_of(jpeg: bytes) -> Row | None:
    try:
        return colour.describe(decode_thumbnail(jpeg))
    except ValueError:
        return None


def _todo(photo: features.Lacking) -> Todo:
    root = Path(os.fsdecode(photo.root))
    return Todo(photo.folder, root, photo.path, photo.size, photo.mtime_ns, photo.id, photo.content)


def _way(source: Source) -> Way:
    return Way(source.key, source.name, source.title)
