"""Photos that contain something like a part of a picture, and where in them it is.

What the network says of the part finds candidates, since all photos have features. Then the network looks at the
candidates once more, at their small pictures, and keeps the places apart this time: the rectangle of places that is
most like the part says how alike the photo is, and where. The part is looked at several times, alone and with more and
more of what is around it, since in other photos it may be as large or as small.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.explain.windows import Floats
from desktop_app.core.images.thumbnails import decode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.operations.layer_maps import LayerMaps
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.operations.region_cells import CellReader, Seen, match, parts_of
from desktop_app.core.operations.region_picture import Part, read_part
from desktop_app.core.searching import Box, Example
from desktop_app.core.types import Pixels, Vectors

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

PARTS = 200
"""Square parts of photos that are looked at once more: as many photos, or half as many where they are longer."""

KEPT_BYTES = 64 << 20
"""Memory for what was seen of photos, so that the next box looks at fewer anew."""

NO_PLACES = "This way to compare does not keep places apart, so no place is outlined."

_AROUND = (1.5, 2.0, 3.0)  # with what is around it; measured in docs/adr/0024-region-and-journey.md
_THREADS = 2  # the window needs the rest


@dataclass(frozen=True, slots=True, eq=False)
class RegionMatches:
    """Photos that contain something like the part of a picture that was asked for.

    Attributes:
        ids: int64 (n,), best first: first those that were looked at once more, then the rest by their features alone.
            Never the picture itself.
        scores: float32 (n,), falling, in [-1, 1].
        boxes: by photo the place that is most like it, for those that were looked at.
        remark: a sentence where something could not be done, such as outlines; "" otherwise.
        looked: whether the candidates were looked at once more: else a better answer can be had.
    """

    ids: Ids
    scores: Scores
    boxes: Mapping[int, Box] = field(default_factory=lambda: MappingProxyType({}))
    remark: str = ""
    looked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A part as it is compared: raw features of its views, float32 (n, d), and the same of its places (n, channels)."""

    features: Vectors
    places: Floats | None


class RegionSearch:
    """Finds photos by a part of a picture. Belongs to one thread, as the `Likeness` it is given does.

    Args:
        library: the open library.
        likeness: what photos are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library = library
        self._likeness = likeness
        self._maps: LayerMaps | None = None
        self._reader: CellReader | None = None
        self._opened = False
        self._kept: OrderedDict[bytes, Seen] = OrderedDict()
        self._last: tuple[Example, _Asked] | None = None

    def find(self, example: Example, candidates: Ids | None = None, *, look: bool = True) -> RegionMatches:
        """The photos that contain something like `example.box` of its picture.

        Args:
            example: with a box. A photo of the library, a file from anywhere, or pixels.
            candidates: only these photos, int64; None for all.
            look: False answers from the features alone: something to show at once, until the better answer is there.

        Raises:
            Unreadable: the picture cannot be read, nor is there a thumbnail of it.
            UserError: no box, or one that is too small or beside the picture; the photo is not in the library.
        """
        reader = self._cell_reader()
        if self._last is None or self._last[0] is not example:  # the better answer after the first one
            self._last = example, self._ask(read_part(self._library, example), reader)
        asked = self._last[1]
        ranking = self._likeness.ranking(asked.features, () if example.photo is None else (int(example.photo),))
        ids, scores = ranking.ids, ranking.scores
        if candidates is not None:
            keep = np.isin(ids, candidates)
            ids, scores = ids[keep], scores[keep]
        if reader is None or asked.places is None:
            return RegionMatches(ids, scores, remark=NO_PLACES, looked=True)
        if not look:
            return RegionMatches(ids, scores)
        seen = self._look(ids, reader)
        return _ordered(ids, scores, self._matches(seen, asked.places))

    # --- the part that is looked for ---------------------------------------------------------------------------

    def _cell_reader(self) -> CellReader | None:
        """What reads places by the layer that photos are compared by; None where it keeps none apart."""
        if not self._opened:
            self._opened = True
            descriptor = self._likeness.descriptor
            if not descriptor.is_colour:
                network = self._library.find_network(descriptor.network)
                try:
                    self._maps = LayerMaps(self._library, network, descriptor.layer)
                except UserError:
                    return None
                self._reader = CellReader(self._maps)
        return self._reader

    def _ask(self, part: Part, reader: CellReader | None) -> _Asked:
        if reader is None:
            return _Asked(self._likeness.embed(part.pixels), None)
        views: list[tuple[Pixels, Box]] = [(part.pixels, Box(0.0, 0.0, 1.0, 1.0))]
        views += [part.around(times) for times in _AROUND]
        views.append((part.picture, part.box))
        places = np.stack([reader.pooled(pixels, box) for pixels, box in views])
        assert self._maps is not None
        # the mean of places is what the layer holds of a photo, except where the map is only its last one
        features = places if self._maps.pooled == "mean" else self._likeness.embed(part.pixels)
        return _Asked(features, places)

    # --- the candidates ----------------------------------------------------------------------------------------

    def _look(self, ids: Ids, reader: CellReader) -> dict[int, Seen]:
        """The places of the first photos, as many as there is time for; those without a thumbnail are left out."""
        wanted = photos.fetch(self._library.connection, [int(photo) for photo in ids[:PARTS]])
        contents, parts = dict[int, bytes](), 0
        for photo in ids[:PARTS].tolist():
            if photo not in wanted:
                continue
            parts += len(parts_of(max(1, wanted[photo].height), max(1, wanted[photo].width)))
            if parts > PARTS and contents:
                break
            contents[photo] = wanted[photo].content
        missing = [content for content in dict.fromkeys(contents.values()) if content not in self._kept]
        small = self._library.thumbnails.get(missing)
        with ThreadPoolExecutor(min(_THREADS, cores()), thread_name_prefix="region") as pool:
            for content, seen in zip(small, pool.map(lambda data: _see(reader, data), small.values()), strict=True):
                if seen is not None:
                    self._kept[content] = seen
        found = {photo: self._kept[content] for photo, content in contents.items() if content in self._kept}
        for content in contents.values():
            if content in self._kept:
                self._kept.move_to_end(content)
        while len(self._kept) > 1 and sum(seen.cells.nbytes for seen in self._kept.values()) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return found

    def _matches(self, seen: dict[int, Seen], places: Floats) -> dict[int, tuple[float, Box]]:
        mean = self._mean(seen, places)
        centred = places - mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        query = (centred / np.where(lengths > 0, lengths, 1)).mean(axis=0)
        with ThreadPoolExecutor(min(_THREADS, cores()), thread_name_prefix="region") as pool:
            found = pool.map(lambda one: match(one, query, mean), seen.values())
            return dict(zip(seen, found, strict=True))

    def _mean(self, seen: dict[int, Seen], places: Floats) -> Floats:
        """What all photos have in common, float32 (channels,): the library's mean, or that of what was looked at."""
        assert self._maps is not None
        view = self._library.files(self._likeness.descriptor).view
        if self._maps.pooled == "mean" and view is not None and view.projection.input_dimension == places.shape[1]:
            return view.projection.mean
        if not seen:
            return np.zeros(places.shape[1], np.float32)
        means = [one.cells.astype(np.float32).mean(axis=(0, 1, 2)) for one in seen.values()]
        return np.asarray(np.mean(means, axis=0), np.float32)


def _see(reader: CellReader, thumbnail: bytes) -> Seen | None:
    try:
        return reader.see(decode_thumbnail(thumbnail))
    except ValueError:  # a damaged thumbnail: it is made again some time
        return None


def _ordered(ids: Ids, scores: Scores, found: dict[int, tuple[float, Box]]) -> RegionMatches:
    """Those that were looked at by what was found, then the others, whose scores are never above."""
    looked = np.array([int(photo) in found for photo in ids.tolist()], bool)
    near, rest = ids[looked], ids[~looked]
    better = np.array([found[photo][0] for photo in near.tolist()], np.float32)
    order = np.argsort(-better, kind="stable")
    near, better = near[order], better[order]
    least = better[-1] if len(better) else np.float32(1)
    behind = np.minimum(scores[~looked], least)
    boxes = {photo: found[photo][1] for photo in near.tolist()}
    return RegionMatches(
        np.concatenate([near, rest]),
        np.concatenate([better, behind]).astype(np.float32, copy=False),
        MappingProxyType(boxes),
        looked=True,
    )
