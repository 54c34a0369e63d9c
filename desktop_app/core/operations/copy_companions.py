"""What lies beside copies: a camera raw or a live video must not go with the one copy that has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop_app.core.duplicates.keep import Merits
from desktop_app.core.images.companions import Companion, CompanionKind, Folders
from desktop_app.core.types import Photo, PhotoId

RAW, LIVE, SIDE_CAR = "a camera raw", "a live video", "a side-car"
_KINDS = {
    CompanionKind.RAW: RAW,
    CompanionKind.LIVE_VIDEO: LIVE,
    CompanionKind.SIDE_CAR: SIDE_CAR,
    CompanionKind.ADJUSTMENTS: SIDE_CAR,
}
_ONLY = {
    CompanionKind.RAW: "the only one with its camera raw",
    CompanionKind.LIVE_VIDEO: "the only one with its live video",
}
_PIECE = 1 << 16  # bytes


class Beside:
    """The companions of photos, for as long as one question takes: each folder is listed once."""

    def __init__(self) -> None:
        self._folders = Folders()
        self._known: dict[Path, tuple[Companion, ...]] = {}

    def words(self, path: Path) -> tuple[str, ...]:
        """What a photo has beside it that speaks for keeping it."""
        kinds = {_KINDS.get(one.kind, "") for one in self._of(path)}
        return tuple(word for word in (RAW, LIVE, SIDE_CAR) if word in kinds)

    def only(self, staying: Sequence[Path], going: Sequence[Path]) -> dict[Path, str]:
        """Which of the photos that would go must stay, and why.

        Their camera raw, or the video of their live photo, has no equal beside a photo that stays.

        Args:
            staying: the files of the photos of a set that stay.
            going: those of the photos that would go; of several with the same raw the first stays.
        """
        safe = [one for path in staying for one in self._precious(path)]
        found: dict[Path, str] = {}
        for path in going:
            own = self._precious(path)
            alone = [one for one in own if not any(_is_equal(one, other) for other in safe)]
            if alone:
                found[path] = _ONLY[alone[0].kind]
                safe += own
        return found

    def _precious(self, path: Path) -> list[Companion]:
        return [one for one in self._of(path) if one.kind in _ONLY]

    def _of(self, path: Path) -> tuple[Companion, ...]:
        if path not in self._known:
            self._known[path] = self._folders.of(path)
        return self._known[path]


def as_picture(merits: Merits, is_whole: bool, is_upright: bool = True, is_plain: bool = True) -> Merits:
    """What speaks for a photo against others that differ from it: a side-car says nothing of the picture."""
    beside = tuple(one for one in merits.companions if one != SIDE_CAR)
    return replace(merits, is_whole=is_whole, is_upright=is_upright, is_plain=is_plain, companions=beside)


def with_only(
    keep: PhotoId,
    several: Sequence[PhotoId],
    merits: Mapping[PhotoId, Merits],
    photos: Mapping[PhotoId, Photo],
    beside: Beside,
) -> Mapping[PhotoId, Merits]:
    """The merits of the photos of a set; those that alone have their camera raw or live video may not go."""
    stay = [photos[one].path for one in several if one == keep or merits[one].kept_because]
    go = {photos[one].path: one for one in several if one != keep and not merits[one].kept_because}
    found = {one: merits[one] for one in several}
    for path, why in beside.only(stay, list(go)).items():
        found[go[path]] = replace(merits[go[path]], kept_because=why)
    return found


def _is_equal(one: Companion, other: Companion) -> bool:
    """Whether two raws or videos are the same: by their size and three pieces of them, as they are large and many."""
    try:
        size = one.path.stat().st_size
        if one.kind is not other.kind or other.path.stat().st_size != size:
            return False
        with one.path.open("rb") as first, other.path.open("rb") as second:
            for at in (0, size // 2, max(0, size - _PIECE)):
                first.seek(at)
                second.seek(at)
                if first.read(_PIECE) != second.read(_PIECE):
                    return False
    except OSError:
        return False
    return True
