"""Photos that contain something like a part of a picture, and where in them it is.

What the network says of the part finds candidates, since all photos have features. Then the network looks at the
candidates once more, at their small pictures, and keeps the places apart this time: the rectangle of places that is
most like the part says how alike the photo is, and where. The part is looked at several times, alone and with more and
more of what is around it, since in other photos it may be as large or as small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.explain.windows import Floats
from desktop_app.core.library import Library
from desktop_app.core.operations.layer_maps import LayerMaps
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.region_cells import CellReader
from desktop_app.core.operations.region_look import Asked, SecondLook
from desktop_app.core.operations.region_picture import Part, read_part
from desktop_app.core.operations.steps import Steps, through
from desktop_app.core.searching import Box, Example
from desktop_app.core.types import Pixels

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

NO_PLACES = "This way to compare does not keep places apart, so no place is outlined."

_AROUND = (1.5, 2.0, 3.0)  # with what is around it; measured in docs/adr/0024-region-and-journey.md
_KEPT = 4  # parts that were asked for last


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


class RegionSearch:
    """Finds photos by a part of a picture. Belongs to one thread, as the `Likeness` it is given does.

    Args:
        library: the open library.
        likeness: what photos are compared by.
    """

    def __init__(self, library: Library, likeness: Likeness) -> None:
        self._library = library
        self._likeness = likeness
        self._reader: CellReader | None = None
        self._look: SecondLook | None = None
        self._opened = False
        self._asked: list[tuple[Example, bytes, Asked]] = []

    def find(self, example: Example, candidates: Ids | None = None, *, look: bool = True) -> RegionMatches:
        """`steps`, all at once."""
        return through(self.steps(example, candidates, look=look))

    def steps(self, example: Example, candidates: Ids | None = None, *, look: bool = True) -> Steps[RegionMatches]:
        """The photos that contain something like `example.box` of its picture; others may search between two steps.

        Args:
            example: with a box. A photo of the library, a file from anywhere, or pixels.
            candidates: only these photos, int64; None for all.
            look: False answers from the features alone: something to show at once, until the better answer is there.

        Raises:
            Unreadable: the picture cannot be read, nor is there a thumbnail of it.
            UserError: no box, or one that is too small or beside the picture; the photo is not in the library.
        """
        self._open()
        asked = self._ask(example)
        ranking = self._likeness.ranking(asked.features, () if example.photo is None else (int(example.photo),))
        ids, scores = ranking.ids, ranking.scores
        if candidates is not None:
            keep = np.isin(ids, candidates)
            ids, scores = ids[keep], scores[keep]
        if self._look is None:
            return RegionMatches(ids, scores, remark=NO_PLACES, looked=True)
        if not look:
            return RegionMatches(ids, scores)
        found = yield from self._look.at(ids, asked, self._mean(asked))
        return _ordered(ids, scores, found)

    # --- the part that is looked for ---------------------------------------------------------------------------

    def _open(self) -> None:
        """Open what reads places by the layer that photos are compared by, where it keeps any apart."""
        if self._opened:
            return
        self._opened = True
        descriptor = self._likeness.descriptor
        if descriptor.is_colour:
            return
        try:
            maps = LayerMaps(self._library, self._library.find_network(descriptor.network), descriptor.layer)
        except UserError:
            return
        self._reader = CellReader(maps)
        self._look = SecondLook(self._library, self._reader)

    def _ask(self, example: Example) -> Asked:
        """Look at the part; the better answer after the first one does not have to, nor do several parts at once."""
        content = b""
        if example.photo is not None and example.pixels is None:  # its file may have been edited
            content = photos.contents(self._library.connection, [example.photo]).get(example.photo, b"")
        for known, was, asked in self._asked:
            if known is example and was == content:
                return asked
        asked = self._asked_by(read_part(self._library, example))
        self._asked = [(example, content, asked), *self._asked[: _KEPT - 1]]
        return asked

    def _asked_by(self, part: Part) -> Asked:
        if self._reader is None:
            return Asked(self._likeness.embed(part.pixels))
        seen: list[tuple[Pixels, Box]] = [(part.pixels, Box(0.0, 0.0, 1.0, 1.0))]
        seen += [part.around(times) for times in _AROUND]
        seen.append((part.picture, part.box))
        views = tuple((self._reader.prepared(pixels), box) for pixels, box in seen)
        places = np.stack([self._reader.pooled(picture, box) for picture, box in views])
        # the mean of places is what the layer holds of a photo, except where the map is only its last one
        is_mean = self._reader.maps.pooled == "mean"
        return Asked(places if is_mean else self._likeness.embed(part.pixels), places, views)

    def _mean(self, asked: Asked) -> Floats | None:
        """What the library's photos have in common, float32 (channels,), where that can be compared with places."""
        assert self._reader is not None
        assert asked.places is not None
        view = self._library.files(self._likeness.descriptor).view
        is_mean = self._reader.maps.pooled == "mean" and view is not None
        if not is_mean or view is None or view.projection.input_dimension != asked.places.shape[1]:
            return None
        return view.projection.mean


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
