"""The second look of a search by a part of a picture: at the candidates' small pictures, place by place.

It is done in steps of some hundredths of a second, so that it can be stopped, and other questions answered in between.
Those that come out first are looked at a third time, by a layer that knows less of things but tells more places apart:
what it adds to the outline makes that of small things fit, and it helps to tell which of them is first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.explain.windows import Floats
from desktop_app.core.images.thumbnails import decode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.nets.prepare import Tensor
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.operations.region_cells import CellReader, Seen, finer_reader, match, outlined, parts_of
from desktop_app.core.operations.steps import Steps
from desktop_app.core.searching import Box
from desktop_app.core.types import Progress, Vectors

Item = TypeVar("Item")

Ids = npt.NDArray[np.int64]
Found = dict[int, tuple[float, Box]]

PARTS = 180
"""Square parts of photos that are looked at once more: as many photos, or half as many where they are longer."""

FINER_PARTS = 40
"""Those that are looked at a third time: the first page, or a little more."""

STEP = 4
"""Photos of one step, of one to four square parts: the longest that another question waits."""

KEPT_BYTES = 64 << 20
"""Memory for what was seen of photos, so that the next box looks at fewer anew; a quarter of it for finer places."""

_THREADS = 2  # the window needs the rest
_MATCHES = 4 * STEP  # comparing takes much less than looking
_FINER_VIEW = 2  # of the part's views the one that finer places are compared with: measured to be as good as all
_FINER_ADDS = 0.2  # of how alike the best spot of a photo is by them, to its score: measured
_LOOKING = Progress("Looking more closely")
_OPENING = 0.02  # seconds


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A part as it is compared.

    Attributes:
        features: raw features of its views, float32 (n, d).
        places: the same of its places, float32 (n, channels); None where no places are kept apart.
        views: each view as the network takes it, and where the part is in it.
    """

    features: Vectors
    places: Floats | None = None
    views: tuple[tuple[Tensor, Box], ...] = ()


class Kept:
    """What was seen of pictures, the last ones, by their content.

    Args:
        share: of `KEPT_BYTES`.
    """

    def __init__(self, share: float = 1.0) -> None:
        self._share = share
        self._seen: OrderedDict[bytes, Seen] = OrderedDict()

    def __contains__(self, content: bytes) -> bool:
        return content in self._seen

    def get(self, content: bytes) -> Seen | None:
        """What was seen of it; it is kept longest from now on."""
        if content in self._seen:
            self._seen.move_to_end(content)
        return self._seen.get(content)

    def put(self, content: bytes, seen: Seen) -> None:
        """Keep it."""
        self._seen[content] = seen
        self._seen.move_to_end(content)

    def thin_out(self) -> None:
        """Let go of those that were not needed for longest."""
        while len(self._seen) > 1 and sum(one.cells.nbytes for one in self._seen.values()) > self._share * KEPT_BYTES:
            self._seen.popitem(last=False)


class SecondLook:
    """Looks at candidates place by place. Belongs to one thread, which may do other things between two steps.

    Args:
        library: the open library.
        reader: reads the places that photos are compared by.
    """

    def __init__(self, library: Library, reader: CellReader) -> None:
        self._library, self._reader = library, reader
        self._kept, self._kept_finer = Kept(), Kept(0.25)
        self._opening: Future[CellReader | None] | None = None

    def at(self, ids: Ids, asked: Asked, mean: Floats | None) -> Steps[Found]:
        """How alike the first photos are and where, as many as there is time for; not those without a thumbnail.

        Args:
            ids: int64 (n,), candidates, best first.
            asked: with places.
            mean: what all photos have in common, float32 (channels,); None takes that of what is looked at.
        """
        assert asked.places is not None
        self._open_finer()
        contents = self._contents(ids, PARTS)
        with ThreadPoolExecutor(min(_THREADS, cores()), thread_name_prefix="region") as pool:
            seen = yield from self._see(pool, contents, self._reader, self._kept)
            if mean is None:
                mean = _mean(seen.values(), asked.places)
            query = middle(asked.places - mean)
            found: Found = {}
            for some in _slices(seen, _MATCHES):
                matched = pool.map(lambda photo: match(seen[photo], query, mean), some)
                found.update(zip(some, matched, strict=True))
                yield _LOOKING
            yield from self._outline(pool, found, seen, contents, asked, query, mean)
        return found

    # --- looking -----------------------------------------------------------------------------------------------

    def _contents(self, ids: Ids, most: int) -> dict[int, bytes]:
        """The contents of the first photos, as many as have so many parts together."""
        wanted = photos.fetch(self._library.connection, [int(photo) for photo in ids[:most]])
        there = [wanted[photo] for photo in ids[:most].tolist() if photo in wanted]
        counts = [len(parts_of(max(1, photo.height), max(1, photo.width))) for photo in there]
        return {int(photo.id): photo.content for photo in there[: _fit(counts, most)]}

    def _see(
        self, pool: Executor, contents: dict[int, bytes], reader: CellReader, kept: Kept
    ) -> Steps[dict[int, Seen]]:
        """The places of photos; those without a thumbnail are left out."""
        missing = [content for content in dict.fromkeys(contents.values()) if content not in kept]
        for some in _slices(missing, STEP):
            small = self._library.thumbnails.get(some)
            looks = pool.map(lambda data: _look(reader, data), small.values())
            for content, one in zip(small, looks, strict=True):
                if one is not None:
                    kept.put(content, one)
            yield _LOOKING
        found = {photo: kept.get(content) for photo, content in contents.items()}
        kept.thin_out()
        return {photo: one for photo, one in found.items() if one is not None}

    # --- outlines of the first page ----------------------------------------------------------------------------

    def _outline(
        self,
        pool: Executor,
        found: Found,
        seen: dict[int, Seen],
        contents: dict[int, bytes],
        asked: Asked,
        query: Floats,
        mean: Floats,
    ) -> Steps[None]:
        assert self._opening is not None
        while not self._opening.done():
            wait([self._opening], timeout=_OPENING)
            yield _LOOKING
        reader = self._opening.result()
        if reader is None:
            return
        first = sorted(found, key=lambda photo: -found[photo][0])
        first = first[: _fit([len(seen[photo].parts) for photo in first], FINER_PARTS)]
        page = {photo: contents[photo] for photo in first}
        finer = yield from self._see(pool, page, reader, self._kept_finer)
        own = reader.pooled(*asked.views[_FINER_VIEW])
        finer_mean = _mean(finer.values(), own)
        places = {
            photo: outlined(((seen[photo], query, mean), (one, own - finer_mean, finer_mean)))
            for photo, one in finer.items()
        }
        # what it adds is told against the others of the page, which stays before the rest
        usual = float(np.mean([spot for _, spot in places.values()])) if places else 0.0
        least = max((score for photo, (score, _) in found.items() if photo not in places), default=-1.0)
        for photo, (box, spot) in places.items():
            score = found[photo][0] + _FINER_ADDS * (spot - usual)
            found[photo] = min(1.0, max(least, score)), box
        yield _LOOKING

    def _open_finer(self) -> None:
        """Begin to open what reads finer places: it takes a while the first time, so it is done beside the rest."""
        if self._opening is None:
            pool = ThreadPoolExecutor(1, thread_name_prefix="finer places")
            self._opening = pool.submit(finer_reader, self._library, self._reader)
            pool.shutdown(wait=False)


def middle(directions: Floats) -> Floats:
    """The mean of the directions of vectors, float32 (n, k) to (k,)."""
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    return np.asarray((directions / np.where(lengths > 0, lengths, 1)).mean(axis=0), np.float32)


def _mean(seen: Iterable[Seen], otherwise: Floats) -> Floats:
    """What all places have in common, float32 (channels,); nothing where there are none."""
    means = [one.cells.astype(np.float32).mean(axis=(0, 1, 2)) for one in seen]
    return np.asarray(np.mean(means, axis=0), np.float32) if means else np.zeros(otherwise.shape[-1], np.float32)


def _fit(counts: Sequence[int], most: int) -> int:
    """How many of the first have together no more than `most`, but at least one."""
    return max(1, int(np.searchsorted(np.cumsum(counts), most, side="right")))


def _slices(all_of_them: Iterable[Item], count: int) -> list[list[Item]]:
    every = list(all_of_them)
    return [every[at : at + count] for at in range(0, len(every), count)]


def _look(reader: CellReader, thumbnail: bytes) -> Seen | None:
    try:
        return reader.see(decode_thumbnail(thumbnail))
    except ValueError:  # a damaged thumbnail: it is made again some time
        return None
