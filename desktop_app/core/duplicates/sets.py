"""The words of copies: what a set of them is, how one differs from another, and what is suggested. Frozen values."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from desktop_app.core.searching import Box
from desktop_app.core.types import FolderId, Photo, PhotoId


class Kind(enum.Enum):
    """What photos of a set have in common. The value is what the command line and saved places hold."""

    EXACT = "exact"  # the very same bytes
    NEAR = "near"  # the same shot: resized, recompressed, cropped, turned, marked, brightened
    BURST = "burst"  # other shots of the same scene, within seconds or nearly from the same spot: not copies

    @property
    def words(self) -> str:
        """For a person: "exact copies"."""
        return "same scene" if self is Kind.BURST else f"{self.value} copies"


class Change(enum.Enum):
    """One way in which a copy differs from the first of its set; the value is its word on the screen."""

    SAME = "same file"
    TURNED_RIGHT = "turned 90° right"
    TURNED_LEFT = "turned 90° left"
    UPSIDE_DOWN = "turned upside down"
    MIRRORED = "mirrored"
    SMALLER = "smaller"
    LARGER = "larger"
    CROPPED = "cropped"
    WIDER = "shows more"
    BRIGHTER = "brighter"
    DARKER = "darker"
    GREY = "without colour"
    COLOURS = "other colours"
    EDITED = "edited or marked"
    COMPRESSED = "saved again"
    LATER = "another shot"


@dataclass(frozen=True, slots=True)
class How:
    """How a photo differs from the first of its set.

    Attributes:
        changes: the kinds of difference, the most telling first; never empty.
        turn: degrees (0, 90, 180, 270) by which the first has to be turned clockwise to lie as this one does.
        mirrored: whether the first has to be mirrored left to right before it is turned.
        likeness: 0 to 1: how much of the structure that both show is the same, measured pixel by pixel.
        part: which part of the *first*, upright, this one shows; None for all of it.
        differs: where the two differ most, a box in this one; None where there is no such place.
    """

    changes: tuple[Change, ...]
    likeness: float
    turn: int = 0
    mirrored: bool = False
    part: Box | None = None
    differs: Box | None = None

    @property
    def words(self) -> str:
        """For the screen: "turned 90° left, smaller"."""
        return ", ".join(change.value for change in self.changes)


@dataclass(frozen=True, slots=True)
class Copy:
    """One photo of a set.

    Attributes:
        photo: its id.
        how: how it differs from the first; None for the first.
        same: other photos with the very same bytes; they are not listed by themselves in a set of another kind
            than EXACT, and go when this one goes.
        kept_because: why it is never offered for removal: "in a zip file", "in a protected folder", "in a folder that
            cannot be written", "the only one with its camera raw"; "" where it may go.
        bytes: of its file, and of each of `same`.
    """

    photo: PhotoId
    how: How | None = None
    same: tuple[PhotoId, ...] = ()
    kept_because: str = ""
    bytes: int = 0

    @property
    def photos(self) -> tuple[PhotoId, ...]:
        """It and those with the very same bytes."""
        return (self.photo, *self.same)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Which photo of a set to keep.

    Attributes:
        keep: always one of the set.
        reason: in words, what speaks for it: "largest, has a date". "" where nothing tells them apart.
        go: what may be removed then, `Copy.same` of those included; never the whole set, possibly empty.
        bytes: what their files take; of a few thousand equal files, several names of one file count once.
    """

    keep: PhotoId
    reason: str
    go: tuple[PhotoId, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class CopySet:
    """Photos that are copies of one another, or shots of one scene.

    Attributes:
        key: names the set, the same in every run as long as its photos' contents are; for remembering places.
        kind: see `Kind`.
        copies: at least two; the suggested one first, then by how much of it they hold.
        suggestion: which to keep.
        score: 0 to 1: the smallest likeness of a copy to its nearest in the set; 1 for exact copies.
    """

    key: str
    kind: Kind
    copies: tuple[Copy, ...]
    suggestion: Suggestion
    score: float = 1.0

    @property
    def photos(self) -> tuple[PhotoId, ...]:
        """The listed photos, in order."""
        return tuple(copy.photo for copy in self.copies)

    @property
    def count(self) -> int:
        """How many photos it has, those with the very same bytes counted each."""
        return sum(len(copy.photos) for copy in self.copies)

    def bytes_of(self, photos: Collection[int]) -> int:
        """What the files of some of its photos take; of equal files of several names, what that is on average."""
        if self.kind is Kind.EXACT and self.suggestion.go:
            return self.suggestion.bytes * len(photos) // len(self.suggestion.go)
        wanted = set(photos)
        return sum(copy.bytes for copy in self.copies for photo in copy.photos if photo in wanted)

    @property
    def bytes_to_gain(self) -> int:
        """What doing as suggested frees."""
        return self.suggestion.bytes


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of one kind: sets, photos that could go, and their bytes."""

    sets: int = 0
    extra: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is to tidy.

    Attributes:
        exact, near, burst: per kind; a photo may count under two of them.
        photos: how many photos were looked at.
        away: photos whose file is not there now; they are left out.
        not_read: photos that could only be compared by their bytes, as they have no thumbnail.
        not_copies: pairs that a person said are no copies.
    """

    exact: Count = Count()
    near: Count = Count()
    burst: Count = Count()
    photos: int = 0
    away: int = 0
    not_read: int = 0
    not_copies: int = 0

    def of(self, kind: Kind) -> Count:
        """The count of one kind."""
        return {Kind.EXACT: self.exact, Kind.NEAR: self.near, Kind.BURST: self.burst}[kind]


class Prefer(enum.Enum):
    """What can speak for keeping a photo. The value is what a library's rules hold."""

    FOLDER = "folder"  # earlier in `KeepRules.folders`
    LABELS = "labels"  # labelled by a person, or with a note
    RESOLUTION = "resolution"  # more pixels
    WHOLE = "whole"  # not cropped, not marked, not mirrored, not without its colours
    FORMAT = "format"  # camera raw before HEIC, PNG, JPEG, GIF
    UPRIGHT = "upright"  # lies as most of the set do; then is as bright and colourful as they are
    METADATA = "metadata"  # date, camera, place, stars, keywords
    FILE_SIZE = "file size"  # more bytes
    OLDEST = "oldest"  # the file's time; one that was made of another is younger
    NEWEST = "newest"
    SHORT_NAME = "short name"  # "IMG_1.jpg" before "IMG_1 (copy).jpg"


USUAL = (
    Prefer.FOLDER,
    Prefer.LABELS,
    Prefer.WHOLE,
    Prefer.RESOLUTION,
    Prefer.FORMAT,
    Prefer.UPRIGHT,
    Prefer.METADATA,
    Prefer.OLDEST,
    Prefer.FILE_SIZE,
    Prefer.SHORT_NAME,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of the library, or one below it: `below` "2019/beach", "" for the whole folder."""

    folder: FolderId
    below: str = ""


@dataclass(frozen=True, slots=True)
class KeepRules:
    """How the photo to keep is chosen.

    Attributes:
        folders: photos in earlier ones are kept rather than those in later ones or in none of them.
        protected: photos in these are never offered for removal.
        prefer: what decides, the first that tells them apart; what is not in it does not count.
    """

    folders: tuple[Place, ...] = ()
    protected: tuple[Place, ...] = ()
    prefer: tuple[Prefer, ...] = USUAL


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a side-by-side comparison.

    Attributes:
        title: "Size in pixels".
        values: one per photo, in the set's order; "" where unknown.
        best: which of them speak for being kept; empty where all are equal or none is better.
    """

    title: str
    values: tuple[str, ...]
    best: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the photos differ in this."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What is shown of one set: its photos as the catalogue knows them, and the lines to compare them by."""

    set: CopySet
    photos: tuple[Photo, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an action over many sets would do, to be shown before it is done.

    Attributes:
        go: photos to move to the trash; of every set at least one photo stays.
        stay: the photo that is kept for each set, in the order of the sets.
        sets: how many sets are dealt with.
        bytes: what `go` frees.
        left: photos that would be left alone, by why: (("in a zip file", 12), ...).
    """

    go: tuple[PhotoId, ...]
    stay: tuple[PhotoId, ...]
    sets: int
    bytes: int
    left: tuple[tuple[str, int], ...] = ()
