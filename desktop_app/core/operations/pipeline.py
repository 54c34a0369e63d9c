"""Worker threads that read, decode and embed photos while one thread stores what they bring.

On the processor each worker runs the network itself (batch 1 on one shared single-threaded session: measured faster
than batching, and both OpenCV and onnxruntime release Python's lock). On a graphics card the workers decode and one
thread runs batches.
"""

from __future__ import annotations

import dataclasses
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from desktop_app.core.errors import Unreadable
from desktop_app.core.images import colour
from desktop_app.core.images.decode import SHORT_SIDE, Picture, content_of, decode, read_bytes
from desktop_app.core.images.pixels import Fit, resized
from desktop_app.core.images.sidecar import read_details
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.operations.plan import Todo
from desktop_app.core.operations.relay import Relay
from desktop_app.core.priority import lower_thread_priority
from desktop_app.core.types import Details, Pixels, Reason, Vectors

# Results that may wait to be stored, some 30 KB each: more than the workers bring while a batch is flushed to a slow
# disk or a projection is fitted, so that they never stand idle. A paused job stops its workers here.
_WAITING = 384
_AHEAD = 64  # inputs that may wait for a batch

_THUMBNAIL = Fit(short_side=SHORT_SIDE)


class Embedding(Protocol):
    """The part of a network's engine that the workers need."""

    def prepare(self, pixels: Pixels) -> Vectors:
        """One picture as float32, in the shape of one input."""

    def run(self, batch: Vectors) -> dict[str, Vectors]:
        """Every layer's features of a batch of inputs, float32 (n, ...)."""

    @property
    def batches(self) -> bool:
        """Whether one thread with batches is faster than a picture per worker."""

    @property
    def batch_size(self) -> int:
        """How many pictures a batch should have."""


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was read. Without `picture` its content was known already and nothing was decoded."""

    todo: Todo
    content: bytes
    picture: Picture | None
    thumbnail: bytes
    features: dict[str, Vectors]  # (1, d) each
    seconds: float  # of one worker
    colours: dict[str, Vectors] = field(default_factory=dict)  # (1, d) each
    details: Details | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that cannot be in, and why."""

    todo: Todo
    reason: Reason
    details: str
    seconds: float


Outcome = Done | Failed


class Pipeline:
    """Reads many files on worker threads; iterate `results` to get them in the order they are done.

    Args:
        todo: the files.
        engine: runs the network; shared by the workers. None where only colours are asked for.
        known: contents whose features are there already: these files are hashed and not decoded.
        limit_megapixels: larger pictures are left out.
        workers: threads; 0 takes one per core.
        short_side: of the pictures that the network is fed from; at least what thumbnails need.
        thumbnails: whether thumbnails are made too.
        colours: whether colours are counted too.
        details: whether places, stars and keywords are read too.
    """

    def __init__(
        self,
        todo: Sequence[Todo],
        engine: Embedding | None,
        *,
        known: frozenset[bytes] | set[bytes] = frozenset(),
        limit_megapixels: float = 200.0,
        workers: int = 0,
        short_side: int = SHORT_SIDE,
        thumbnails: bool = True,
        colours: bool = True,
        details: bool = True,
    ) -> None:
        self._todo, self._next, self._guard = todo, 0, threading.Lock()
        self._engine, self._known, self._limit = engine, known, limit_megapixels
        self._stop = threading.Event()
        self._ready: Relay[Outcome] = Relay(_WAITING, len(todo))
        self._decoded: queue.Queue[tuple[Done, Vectors] | None] = queue.Queue(_AHEAD)
        self._batched = engine is not None and engine.batches
        self._short_side, self._thumbnails, self._colours = short_side, thumbnails, colours
        self._details = details
        count = min(workers or cores(), max(1, len(todo)))
        self._threads = [threading.Thread(target=self._work, name=f"reader-{i}", daemon=True) for i in range(count)]
        if self._batched:
            self._threads.append(threading.Thread(target=self._run_batches, name="network", daemon=True))
        self._decoders = count

    def results(self, patience: float = 0.05) -> Iterator[Outcome | None]:
        """Yield outcomes soon after they come, and None whenever `patience` seconds pass without one."""
        for thread in self._threads:
            thread.start()
        left = len(self._todo)
        while left:
            outcomes = self._ready.take(patience)
            left -= len(outcomes)
            if outcomes:
                yield from outcomes
            else:
                yield None

    def read_now(self, todo: Todo) -> Outcome:
        """Read one file whole on the calling thread, whatever is known of its content."""
        start = time.perf_counter()
        try:
            data = read_bytes(todo.file)
            content = content_of(data)
            picture = self._decode(data, todo, content)
        except Unreadable as error:
            return Failed(todo, error.reason, error.details, time.perf_counter() - start)
        features = self._run(None if self._engine is None else self._engine.prepare(picture.pixels))
        return self._done(todo, content, picture, features, start, self._said(data, todo))

    def close(self) -> None:
        """Stop the workers and wait for them; a file being read is finished and dropped."""
        self._stop.set()
        self._ready.close()
        for thread in self._threads:
            while thread.is_alive():
                try:
                    self._decoded.get_nowait()
                except queue.Empty:
                    pass
                thread.join(0.01)

    # --- on the workers' threads -----------------------------------------------------------------------------

    def _work(self) -> None:
        lower_thread_priority()
        try:
            while not self._stop.is_set():
                with self._guard:
                    if self._next >= len(self._todo):
                        break
                    todo = self._todo[self._next]
                    self._next += 1
                self._read(todo)
        except BaseException as error:  # handed to the thread that waits for results
            self._ready.fail(error)
        finally:
            if self._batched:
                self._pass_on(None)

    def _read(self, todo: Todo) -> None:
        start = time.perf_counter()
        try:
            data = read_bytes(todo.file)
            content = content_of(data)
            if content in self._known:
                said, seconds = self._said(data, todo), time.perf_counter() - start
                self._ready.put(Done(todo, content, None, b"", {}, seconds, details=said))
                return
            picture = self._decode(data, todo, content)
            said = self._said(data, todo)
        except Unreadable as error:
            seconds = time.perf_counter() - start
            self._ready.put(Failed(todo, error.reason, error.details, seconds))
            return
        tensor = None if self._engine is None else self._engine.prepare(picture.pixels)
        if self._batched:
            assert tensor is not None
            self._pass_on((self._done(todo, content, picture, {}, start, said), tensor))
            return
        features = self._run(tensor)
        self._ready.put(self._done(todo, content, picture, features, start, said))

    def _decode(self, data: bytes, todo: Todo, content: bytes) -> Picture:
        return decode(data, todo.file.name, short_side=self._short_side, limit_megapixels=self._limit, content=content)

    def _run(self, tensor: Vectors | None) -> dict[str, Vectors]:
        return {} if self._engine is None or tensor is None else self._engine.run(tensor[np.newaxis])

    def _said(self, data: bytes, todo: Todo) -> Details | None:
        return read_details(data, todo.file.name, todo.sidecar, todo.root) if self._details else None

    def _done(
        self,
        todo: Todo,
        content: bytes,
        picture: Picture,
        features: dict[str, Vectors],
        start: float,
        said: Details | None,
    ) -> Done:
        """Everything else that comes from the same pixels."""
        pixels = picture.pixels
        height, width = pixels.shape[:2]
        thumbnail = encode_thumbnail(resized(pixels, _THUMBNAIL((width, height)))) if self._thumbnails else b""
        colours = colour.describe(pixels) if self._colours else {}
        return Done(todo, content, _light(picture), thumbnail, features, time.perf_counter() - start, colours, said)

    def _run_batches(self) -> None:
        lower_thread_priority()
        assert self._engine is not None
        ended, batch = 0, list[tuple[Done, Vectors]]()
        try:
            while not self._stop.is_set() and (ended < self._decoders or batch):
                try:
                    item = self._decoded.get(timeout=0.02 if batch else 0.2)
                    if item is None:
                        ended += 1
                    else:
                        batch.append(item)
                    hurry = ended == self._decoders
                except queue.Empty:
                    hurry = True
                if batch and (hurry or len(batch) >= self._engine.batch_size):
                    features = self._engine.run(np.stack([tensor for _, tensor in batch]))
                    for row, (done, _) in enumerate(batch):
                        one = {layer: values[row : row + 1] for layer, values in features.items()}
                        self._ready.put(dataclasses.replace(done, features=one))
                    batch.clear()
        except BaseException as error:  # handed to the thread that waits for results
            self._ready.fail(error)

    def _pass_on(self, item: tuple[Done, Vectors] | None) -> None:
        while not self._stop.is_set():
            try:
                self._decoded.put(item, timeout=0.1)
                return
            except queue.Full:
                continue


def _light(picture: Picture) -> Picture:
    """The same facts without the pixels, so that waiting results are small."""
    return dataclasses.replace(picture, pixels=np.empty((0, 0, 3), np.uint8))


def cores() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
