"""The words of searching: what a search is made of, frozen. A search is a row of chips; each can be switched off.

Examples, words and colours say what is looked for and order the photos; filters only let photos through.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop_app.core.labelling import LabelFilter
from desktop_app.core.types import FolderId, PhotoId, Pixels


@dataclass(frozen=True, slots=True)
class Box:
    """A part of an upright picture; all in shares of its width and height, from 0 to 1, from the top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """More like this, or less like this: a photo of the library, a file from anywhere, or pixels without a file.

    Exactly one of `photo`, `path` and `pixels` is given; a path may be that of a library's photo.

    Attributes:
        name: what the chip says: "IMG_1.jpg".
        wanted: False for "less like this".
        box: only this part of it is meant.
        on: False while it is switched off.
    """

    name: str
    photo: PhotoId | None = None
    path: Path | None = None
    pixels: Pixels | None = None
    wanted: bool = True
    box: Box | None = None
    on: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """Words to look for: what photos show, names of files, folders and answers, cameras, dates, keywords.

    Attributes:
        text: as typed: "dog -cat", "2019 beach".
        sense: the meaning that was chosen for it, a WordNet id; "" for every meaning.
        minus: photos that it fits are left out.
        on: False while it is switched off.
    """

    text: str
    sense: str = ""
    minus: bool = False
    on: bool = True


@dataclass(frozen=True, slots=True)
class Colours:
    """Pictures in these colours: red, green, blue from 0 to 255."""

    colours: tuple[tuple[int, int, int], ...]
    on: bool = True


class Shape(enum.Enum):
    """Which way a picture lies. Square: the sides differ by at most 2 %. Panorama: one side is twice the other."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"
    PANORAMA = "panorama"


class FilterKind(enum.Enum):
    """What a filter looks at. The value is what saved searches hold."""

    FOLDER = "folder"  # folder, and below it `text`: "2019/beach"
    TAKEN = "taken"  # first to last day, both in it; None for an open end
    ON_THIS_DAY = "on this day"  # `month` and `day` in whatever year
    LABEL = "label"
    WORDS = "words"  # `text` as in `Words`, let through by any strength
    CAMERA = "camera"  # any of `choices`; "" among them: unknown
    SHAPE = "shape"
    SIZE = "size"  # megapixels, `least` to `most`
    FILE_SIZE = "file size"  # megabytes (of 1,000,000 bytes), `least` to `most`
    FORMAT = "format"  # any of `choices`: "JPEG"
    RATING = "rating"  # stars, `least` to `most`; -1 is rejected
    KEYWORD = "keyword"  # any of `choices`
    LOCATED = "located"  # `choices` ("yes",) or ("no",): whether a place is known
    THEME = "theme"  # one theme
    SCORE = "score"  # `least` likeness or strength


@dataclass(frozen=True, slots=True)
class Filter:
    """Lets photos through that fit. Those of one search all have to.

    Attributes:
        kind: what it looks at; which of the other values count is said there.
        words: what the chip says: "in Family", "May 2019", "not labelled: era".
        on: False while it is switched off.
    """

    kind: FilterKind
    words: str
    folder: FolderId | None = None
    text: str = ""
    first: date | None = None
    last: date | None = None
    month: int = 0
    day: int = 0
    label: LabelFilter | None = None
    choices: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()
    least: float | None = None
    most: float | None = None
    theme: int | None = None
    on: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A whole search. What is switched off takes no part."""

    examples: tuple[Example, ...] = ()
    words: tuple[Words, ...] = ()
    colours: tuple[Colours, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[Example, ...]:
        """The examples that photos are to be like, without those switched off."""
        return tuple(one for one in self.examples if one.on and one.wanted)

    @property
    def unwanted(self) -> tuple[Example, ...]:
        """Those that photos are not to be like."""
        return tuple(one for one in self.examples if one.on and not one.wanted)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked: every photo is shown."""
        return not self.orders and not any(one.on for one in self.filters)

    @property
    def orders(self) -> bool:
        """Whether something in it orders the photos, best first."""
        rows: tuple[Sequence[Example | Words | Colours], ...] = (self.examples, self.words, self.colours)
        return any(one.on for row in rows for one in row)
