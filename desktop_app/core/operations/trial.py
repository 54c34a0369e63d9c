"""A network that is not added yet, tried on some photos of a library beside the way they are compared now."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop_app.core import paths
from desktop_app.core.catalog import features
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.library import Library
from desktop_app.core.nets.examined import described
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.guard import deriving
from desktop_app.core.types import Hit, PhotoId, Pixels, Progress, Vectors

QUERIES = 3
NEIGHBOURS = 4

_MOST = 120  # photos that are tried
_LEAST = 12
_SECONDS = 8.0  # of running the network; after that the photos so far must do
_SHOWN = 4  # photos of which it is shown what the network is fed


@dataclass(frozen=True, slots=True)
class Compared:
    """One photo and what is most like it among those that were tried: now, and with the network."""

    query: PhotoId
    now: tuple[Hit, ...]
    new: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What came of a trial.

    Attributes:
        rows: some photos that differ, each compared in both ways; () where the library has too few photos.
        photos: how many photos were tried.
        seconds: of the network for one photo, reading included.
    """

    rows: tuple[Compared, ...]
    photos: int
    seconds: float


class Trial:
    """Tries a network in several preparations; its file is cut once. Belongs to one thread; close it at the end.

    Args:
        library: the open library; only read.
        path: the examined file.
        examined: what was found in it.
    """

    def __init__(self, library: Library, path: Path, examined: Examined) -> None:
        self._library, self._path, self._examined = library, path, examined
        self._folder: Path | None = None
        self._sample: npt.NDArray[np.int64] | None = None

    def pictures(self) -> list[Pixels]:
        """Some photos of the library, to show what the network is fed of them: uint8 (h, w, 3) each."""
        found: list[Pixels] = []
        for photo in self._photos().tolist()[: 4 * _SHOWN]:
            try:
                found.append(source_of(self._library, PhotoId(photo), 512).pixels)
            except UserError:
                continue
            if len(found) == _SHOWN:
                break
        return found

    def run(self, preparation: Preparation) -> Generator[Progress, None, Tried]:
        """Compare some photos by the network.

        Raises:
            UserError: the network cannot be cut or run.
        """
        network = yield from self._network(preparation)
        engine = Engine(network, "cpu")
        layer = network.embedding_output
        begun = time.monotonic()
        ids, rows = list[int](), list[Vectors]()
        wanted = self._photos().tolist()
        for done, photo in enumerate(wanted):
            yield Progress("Trying it on some of your photos", done, len(wanted))
            if time.monotonic() - begun > _SECONDS and len(ids) >= _LEAST:
                break
            try:
                pixels = source_of(self._library, PhotoId(photo), preparation.decode_side()).pixels
            except Unreadable:
                continue
            ids.append(photo)
            rows.append(engine.run(engine.prepare(pixels)[np.newaxis], [layer])[layer][0])
        seconds = (time.monotonic() - begun) / max(1, len(ids))
        if not ids:  # that it runs at all is still worth knowing
            engine.run(np.zeros((1, *preparation.shape), np.float32), [layer])
            return Tried((), 0, 0.0)
        return Tried(self._compared(np.array(ids), np.stack(rows)), len(ids), seconds)

    def close(self) -> None:
        """Remove the cut file."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _network(self, preparation: Preparation) -> Generator[Progress, None, Network]:
        if self._folder is None:
            try:
                paths.cache_dir().mkdir(parents=True, exist_ok=True)
                folder = Path(tempfile.mkdtemp(prefix="trial-", dir=paths.cache_dir()))
            except OSError as error:
                raise UserError("The cache folder cannot be written, so nothing can be tried.", str(error)) from error
            try:
                yield from deriving(self._path, self._examined, folder / "features.onnx", None)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._folder = folder
        return described(self._examined, preparation, self._folder / "features.onnx", self._folder / "maps.onnx")

    def _photos(self) -> npt.NDArray[np.int64]:
        """Photos spread over the library: int64 (n,)."""
        if self._sample is None:
            _, ids = features.positions(self._library.connection, self._library.network.key)
            at = np.unique(np.linspace(0, max(0, len(ids) - 1), min(_MOST, len(ids))).astype(np.int64))
            self._sample = ids[at] if len(ids) else ids
        return self._sample

    def _compared(self, ids: npt.NDArray[np.int64], new: Vectors) -> tuple[Compared, ...]:
        """Both ways over the same photos, each centred on its own mean as search does it."""
        if len(ids) <= NEIGHBOURS:
            return ()
        where, found = features.positions_of(self._library.connection, self._library.network.key, ids.tolist())
        place = {photo: at for at, photo in enumerate(found.tolist())}
        kept = [row for row, photo in enumerate(ids.tolist()) if photo in place]
        ids, new = ids[kept], new[kept]
        files = self._library.main
        with files.reading_store() as store:
            now = store.read(files.layer, where[[place[photo] for photo in ids.tolist()]])
        by_now, by_new = _likeness(now), _likeness(new)
        return tuple(
            Compared(PhotoId(int(ids[at])), _best(ids, by_now[at]), _best(ids, by_new[at])) for at in _varied(by_now)
        )


def _likeness(vectors: Vectors) -> npt.NDArray[np.float32]:
    """Cosines of all pairs of centred vectors, float32 (n, n); a photo's own is -inf."""
    centred = vectors - vectors.mean(axis=0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    found = unit @ unit.T
    np.fill_diagonal(found, -np.inf)
    return np.asarray(found, np.float32)


def _best(ids: npt.NDArray[np.int64], row: npt.NDArray[np.float32]) -> tuple[Hit, ...]:
    order = np.argsort(-row, kind="stable")[:NEIGHBOURS]
    return tuple(Hit(PhotoId(int(ids[at])), float(row[at])) for at in order)


def _varied(likeness: npt.NDArray[np.float32]) -> list[int]:
    """Rows of photos that have company and differ from one another."""
    company = likeness.max(axis=1)
    chosen = [int(np.argmax(company))]
    while len(chosen) < min(QUERIES, len(likeness)):
        alike = likeness[:, chosen].max(axis=1)
        alike[chosen] = np.inf
        chosen.append(int(np.argmax(company - alike)))
    return chosen
