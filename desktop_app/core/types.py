"""The words the whole program shares: frozen values that may cross any thread.

Every array that crosses a thread is one that its sender no longer touches.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NewType

import numpy as np
import numpy.typing as npt

PhotoId = NewType("PhotoId", int)
FolderId = NewType("FolderId", int)

Pixels = npt.NDArray[np.uint8]
"""A picture: uint8, (height, width, 3), RGB, upright, C-contiguous."""

Vectors = npt.NDArray[np.float32]
"""Feature vectors: float32, (n, dimension), C-contiguous."""

Positions = npt.NDArray[np.int64]
"""Rows of a vector file: int64, (n,)."""


class Reason(enum.Enum):
    """Why a file is not shown. The value is what the catalogue and the command line's JSON hold."""

    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_LARGE = "too large"
    UNSUPPORTED = "unsupported"
    NEEDS_HEIC = "needs heic"
    NEEDS_RAW = "needs raw"
    IN_THE_CLOUD = "in the cloud"
    NO_PERMISSION = "no permission"
    UNREADABLE_FOLDER = "unreadable folder"
    HIDDEN = "hidden"
    GONE = "gone"
    READ_ERROR = "read error"
    TOO_SLOW = "too slow"
    PATH_TOO_LONG = "path too long"

    @property
    def sentence(self) -> str:
        """The reason as one sentence for a person."""
        return _SENTENCES[self][0]

    @property
    def short(self) -> str:
        """The reason as it stands behind a count: "2 damaged"."""
        return _SENTENCES[self][1]


_SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.DAMAGED: ("The file is damaged and cannot be read.", "damaged"),
    Reason.EMPTY: ("The file is empty.", "empty"),
    Reason.TOO_LARGE: ("The picture is larger than the limit set for this library.", "too large"),
    Reason.UNSUPPORTED: ("Likeness does not read this kind of picture.", "of a kind that is not read"),
    Reason.NEEDS_HEIC: ("HEIC pictures need one extra part.", "need the HEIC part"),
    Reason.NEEDS_RAW: ("Camera raw pictures need one extra part.", "need the camera raw part"),
    Reason.IN_THE_CLOUD: (
        "The file is in the cloud, not on this computer.",
        "in the cloud, not on this computer",
    ),
    Reason.NO_PERMISSION: ("This account may not read the file.", "without permission to read"),
    Reason.UNREADABLE_FOLDER: ("The folder cannot be read.", "folders that cannot be read"),
    Reason.HIDDEN: ("The file is hidden or in a hidden folder.", "hidden"),
    Reason.GONE: ("The file went away while it was being read.", "gone"),
    Reason.READ_ERROR: ("The disk reported an error while the file was read.", "with a disk error"),
    Reason.TOO_SLOW: ("Reading the file took too long.", "too slow to read"),
    Reason.PATH_TOO_LONG: (
        "The file's path is longer than this computer can open.",
        "with a path that is too long",
    ),
}


class PhotoState(enum.Enum):
    """Whether a photo's file is where the catalogue says."""

    PRESENT = "present"
    MISSING = "missing"  # looked for and not found
    AWAY = "away"  # its whole folder is not connected


class FolderState(enum.Enum):
    """How far a folder's photos are in."""

    READY = "ready"
    ADDING = "adding"  # an ingest has begun and not ended: carried on at the next start
    STOPPED = "stopped"  # the user stopped it: waits for Continue
    AWAY = "away"


class Order(enum.Enum):
    """How the grid is sorted."""

    DATE = "date"  # newest first
    NAME = "name"
    LIKENESS = "likeness"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of a library, as the catalogue knows it."""

    id: PhotoId
    folder: FolderId
    path: Path  # absolute
    name: str  # display text of the file's name
    size: int  # bytes
    modified: datetime  # of the file, local time, naive
    content: bytes  # blake2b-128 of the whole file
    format: str  # "JPEG", "HEIC", ...
    width: int  # upright pixels
    height: int
    taken: datetime | None  # from the picture's metadata, naive (cameras write no zone)
    camera: str  # "" where unknown
    state: PhotoState


@dataclass(frozen=True, slots=True)
class Details:
    """What a file and its side-car say beside date and camera.

    Attributes:
        latitude: degrees, north positive; known together with the longitude or not at all.
        longitude: degrees, east positive.
        altitude: metres above the sea.
        rating: 0 to 5 stars, -1 rejected; None unknown.
        keywords: each once, as they were written.
        sidecar: stamp of the side-car that was read: size, time, name; "" for none.
    """

    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    sidecar: str = ""

    @property
    def sidecar_name(self) -> str:
        """The name of the side-car's file; "" for none."""
        return self.sidecar.split(" ", 2)[2] if self.sidecar.count(" ") >= 2 else ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a library with its counts."""

    id: FolderId
    root: Path
    name: str
    photos: int
    waiting: int  # known but not yet added
    state: FolderState


@dataclass(frozen=True, slots=True)
class Skipped:
    """An image file that is not in the library, and why."""

    path: Path
    reason: Reason
    details: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. `score` is a cosine in [-1, 1], or a Euclidean distance (smaller is closer)."""

    photo: PhotoId
    score: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operation altered; views decide from it what to refresh."""

    added: tuple[PhotoId, ...] = ()
    updated: tuple[PhotoId, ...] = ()
    removed: tuple[PhotoId, ...] = ()
    folders: bool = False  # counts, names or states of folders
    skipped: bool = False  # "Not shown" differs
    index: bool = False  # likeness may be ordered anew
    labels: tuple[int, ...] = ()  # ids of the label sets whose labels, answers or names differ
    themes: tuple[int, ...] = ()  # ids of the groupings that are new, gone, or whose themes differ

    def __bool__(self) -> bool:
        lists = self.added or self.updated or self.removed or self.labels or self.themes
        return bool(lists or self.folders or self.skipped or self.index)


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of an operation. `total` 0 means not known yet."""

    text: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    changes: Changes = field(default_factory=Changes)
