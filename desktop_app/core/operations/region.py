"""Photos that contain something like a part of a picture, and where in them it is.

The embedding of the cut-out part finds candidates, since all photos have embeddings. Then the network looks at the
candidates once more, at their small pictures, and keeps its last map this time: the rectangle of places that is most
like the part says how alike the photo is, and where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.region_picture import read_part
from desktop_app.core.searching import Box, Example

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

CANDIDATES = 200
"""Photos that are looked at once more."""


@dataclass(frozen=True, slots=True, eq=False)
class RegionMatches:
    """Photos that contain something like the part of a picture that was asked for.

    Attributes:
        ids: int64 (n,), best first: first those that were looked at once more, then the rest by embedding alone.
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

    def find(self, example: Example, candidates: Ids | None = None, *, look: bool = True) -> RegionMatches:
        """The photos that contain something like `example.box` of its picture.

        Args:
            example: with a box. A photo of the library, a file from anywhere, or pixels.
            candidates: only these photos, int64; None for all.
            look: False answers from the embeddings alone, within some 50 ms: something to show until the better
                answer is there.

        Raises:
            Unreadable: the picture cannot be read, nor is there a thumbnail of it.
            UserError: no box, or one that is too small or beside the picture; the photo is not in the library.
        """
        if example.box is None:
            raise UserError("There is no box to search by. Draw one in the photo.")
        part = read_part(self._library, example, example.box)
        without = () if example.photo is None else (int(example.photo),)
        ranking = self._likeness.ranking(self._likeness.embed(part), without)
        ids, scores = ranking.ids, ranking.scores
        if candidates is not None:
            keep = np.isin(ids, candidates)
            ids, scores = ids[keep], scores[keep]
        return RegionMatches(ids, scores)
