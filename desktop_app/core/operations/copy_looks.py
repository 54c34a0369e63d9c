"""Comparing photos of a library pixel by pixel, from their thumbnails; what was measured once is kept by content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import cv2
import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog.copies_cache import Comparison, CopiesCache
from desktop_app.core.duplicates import signature, windows
from desktop_app.core.duplicates.closer import Closer
from desktop_app.core.duplicates.compare import Measured, Verdict, measure, prepared
from desktop_app.core.duplicates.gather import Answer, Look
from desktop_app.core.duplicates.judge import judged, laid, other_shots
from desktop_app.core.library import Library
from desktop_app.core.operations.copy_glance import FIT, LIKE, OVER, second_glance
from desktop_app.core.searching import Box
from desktop_app.core.types import Pixels, Positions

_PICTURES = 2000  # thumbnails kept ready: some 70 KB each
_KEEP = 2000  # comparisons after which they are written
_NUMBERS = 15
_TURNS = (-1, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
_GLANCES = 48  # pairs looked at together for a second time
_MEASURES = 4  # thumbnails read and pairs compared by a thread before it asks for more


class Looks:
    """Answers comparisons of photos by their numbers.

    Args:
        library: where the thumbnails are.
        cache: where comparisons are kept.
        contents: of the photos, by number.
        signatures: uint8 (n, 32, 32).
        shots: when and with which camera each was taken.
        fits: what is known of how pairs fit: (one, other, way) to (fit, window); 0: not at all.
        pool: the threads to compare on.
    """

    def __init__(
        self,
        library: Library,
        cache: CopiesCache,
        contents: Sequence[bytes],
        signatures: npt.NDArray[np.uint8],
        shots: Sequence[tuple[datetime | None, str]],
        fits: Mapping[tuple[int, int, int], tuple[float, int]],
        pool: ThreadPoolExecutor,
    ) -> None:
        self._library, self._cache, self._contents = library, cache, contents
        self._signatures, self.shots, self._fits, self._pool = signatures, shots, dict(fits), pool
        self._full = windows.whole(signatures)
        self._known: dict[Look, bytes] = {}
        self._new: list[Comparison] = []
        self._pictures: OrderedDict[int, Pixels | None] = OrderedDict()
        self.made = 0

    def read(self) -> Generator[None]:
        """Read what was measured before; yields every moment."""
        number = {content: place for place, content in enumerate(self._contents)}
        for part in self._cache.comparisons():
            self._known.update(
                (Look(number[one], number[other], way), measured)
                for one, other, way, measured in part
                if one in number and other in number
            )
            yield

    def __call__(self, looks: Sequence[Look]) -> dict[Look, Answer]:
        """What comparing says, for every one of the looks."""
        self._fit([look for look in looks if (look.one, look.other, look.way) not in self._fits])
        wanted = self._worth([look for look in looks if look not in self._known and self._fits[_key(look)][0] > 0])
        if wanted:
            self._load({number for look in wanted for number in (look.one, look.other)})
            begin = list(wanted.items())
            parts = [begin[start : start + _MEASURES] for start in range(0, len(begin), _MEASURES)]
            for part, measured in zip(parts, self._pool.map(self._measured, parts), strict=True):
                for (look, _), one in zip(part, measured, strict=True):
                    self._note(look, one)
            self.made += len(wanted)
            while len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
        if len(self._new) >= _KEEP:
            self.keep()
        return {look: self._answer(look) for look in looks}

    def at_a_glance(self, one: Positions, other: Positions) -> npt.NDArray[np.float32]:
        """Correlation of tiny pictures as they lie: float32 (m,) for int64 (m,) numbers of photos."""
        return np.asarray((self._full[one] * self._full[other]).sum(axis=(1, 2)), np.float32)

    def keep(self) -> None:
        """Write down what was measured."""
        self._cache.put_comparisons(self._new)
        self._new = []

    def _answer(self, look: Look) -> Answer:
        measured = unpacked(self._known.get(look, b""))
        if measured is None:
            return Answer(Verdict.OTHER)
        verdict = judged(measured, other_shot=other_shots(self.shots[look.one], self.shots[look.other]))
        return Answer(verdict, laid(look.way, measured) if verdict is Verdict.COPY else None, measured.alike)

    def _note(self, look: Look, measured: Measured | None) -> None:
        self._known[look] = packed(measured)
        self._new.append((self._contents[look.one], self._contents[look.other], look.way, self._known[look]))

    def _worth(self, looks: Sequence[Look]) -> dict[Look, npt.NDArray[np.float64]]:
        """The looks that are worth comparing pixels for, after a second glance, with where that is to begin."""

        def glance(part: Sequence[Look]) -> Closer:
            one, other, ways, places = np.array([(*_key(look), self._fits[_key(look)][1]) for look in part], np.int64).T
            return second_glance(self._signatures, one, other, ways, places)

        parts = [looks[begin : begin + _GLANCES] for begin in range(0, len(looks), _GLANCES)]
        found: dict[Look, npt.NDArray[np.float64]] = {}
        for part, seen in zip(parts, self._pool.map(glance, parts), strict=True):
            worth = ((seen.likeness >= LIKE) & (seen.over >= OVER)).tolist()
            for look, good, matrix in zip(part, worth, seen.matrices, strict=True):
                if good:
                    found[look] = matrix
                else:
                    self._note(look, None)
        return found

    def _fit(self, looks: Sequence[Look]) -> None:
        if not looks:
            return
        one, other = (np.array([getattr(look, side) for look in looks], np.int64) for side in ("one", "other"))
        ways = np.array([look.way for look in looks], np.int8)
        seen, at = np.unique(np.concatenate([one, other]), return_inverse=True)
        half = len(looks)
        steps = windows.fits(self._signatures[seen], at[:half], at[half:], ways)
        while True:
            try:
                next(steps)
            except StopIteration as ended:
                fit, place = ended.value
                break
        for look, value, window in zip(looks, fit.tolist(), place.tolist(), strict=True):
            self._fits[_key(look)] = value if value >= FIT else 0.0, window

    def _load(self, numbers: Iterable[int]) -> None:
        """Have the thumbnails of these photos ready; those that were not needed for longest are let go of."""
        missing = []
        for number in sorted(numbers):
            if number in self._pictures:
                self._pictures.move_to_end(number)
            else:
                missing.append(number)
        found = self._library.thumbnails.get([self._contents[number] for number in missing])
        jpegs = [found.get(self._contents[number], b"") for number in missing]
        parts = [jpegs[begin : begin + _MEASURES] for begin in range(0, len(jpegs), _MEASURES)]
        made = (picture for part in self._pool.map(_prepared, parts) for picture in part)
        for number, picture in zip(missing, made, strict=True):
            self._pictures[number] = picture

    def _measured(self, wanted: Sequence[tuple[Look, npt.NDArray[np.float64]]]) -> list[Measured | None]:
        return [self._measure(look, begin) for look, begin in wanted]

    def _measure(self, look: Look, begin: npt.NDArray[np.float64]) -> Measured | None:
        one, other = self._pictures[look.one], self._pictures[look.other]
        if one is None or other is None:
            return None
        return measure(one, lying(other, look.way), begin)


def _prepared(jpegs: Sequence[bytes]) -> list[Pixels | None]:
    return [prepared(jpeg) for jpeg in jpegs]


def lying(picture: Pixels, way: int) -> Pixels:
    """A picture laid a way, its rows one after another in memory; as way 0 the picture itself."""
    mirrored = cv2.flip(picture, 1) if way >= signature.WAYS // 2 else picture
    turned = cv2.rotate(mirrored, _TURNS[way % 4]) if way % 4 else mirrored
    return np.asarray(turned, np.uint8)


def _key(look: Look) -> tuple[int, int, int]:
    return look.one, look.other, look.way


def packed(measured: Measured | None) -> bytes:
    """A measurement as bytes; b"" where there is none."""
    if measured is None:
        return b""
    box = measured.differs
    numbers = [
        *measured.matrix.ravel().tolist(),
        measured.over,
        measured.points,
        measured.same,
        measured.alike,
        measured.flat,
        measured.calm,
        measured.gain,
        measured.lift,
        measured.colour,
        *((box.x, box.y, box.width, box.height) if box is not None else ()),
    ]
    return np.array(numbers, "<f4").tobytes()


def unpacked(data: bytes) -> Measured | None:
    """What `packed` wrote; None for b"" and for what is no measurement."""
    if len(data) not in (4 * _NUMBERS, 4 * (_NUMBERS + 4)):
        return None
    numbers = np.frombuffer(data, "<f4").astype(np.float64)
    if not np.isfinite(numbers).all():
        return None
    over, points, same, alike, flat, calm, gain, lift, colour, *box = numbers[6:].tolist()
    return Measured(
        over=over,
        matrix=numbers[:6].reshape(2, 3),
        points=points,
        same=same,
        alike=alike,
        flat=flat,
        calm=calm,
        gain=gain,
        lift=lift,
        colour=colour,
        differs=Box(*box) if box else None,
    )
