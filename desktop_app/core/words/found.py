"""What a search by words gives: photos with why, completions of what is being typed, and words that find nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from desktop_app.core.types import FolderId
from desktop_app.core.words.lookup import Sense

Kind = Literal["thing", "answer", "folder", "camera", "date", "keyword"]
"""What a completion is: something that photos show, an answer given by hand, a name of folders, ..."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a word that is being typed may become.

    Attributes:
        text: as it would stand in the search.
        sense: what `searching.Words.sense` takes so that exactly this is meant: the WordNet id of a thing, or the kind
            ("folder") of anything else.
        hint: tells it from others of the same text: "bird", "machine"; "" where nothing needs to.
        count: photos of this library that fit.
        kind: what it is.
        instead_of: the end of what was typed that it takes the place of: "musical ins".
    """

    text: str
    sense: str
    hint: str
    count: int
    kind: Kind
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class FolderFound:
    """A folder whose name has something of a word.

    Attributes:
        folder: the library's folder that it is, or is in.
        below: where in it, "/" between the parts; "" for the library's folder itself.
        name: its own name.
        count: photos in it, at any depth.
    """

    folder: FolderId
    below: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that finds no photo here.

    Attributes:
        word: as typed.
        nearest: words that do, the nearest first.
        folders: folders with such a name.
        known: the word is one that photos can be found by, only that none of this library fits.
        is_far: nothing is near: `nearest` are merely the words that find most here.
    """

    word: str
    nearest: tuple[Completion, ...] = ()
    folders: tuple[FolderFound, ...] = ()
    known: bool = False
    is_far: bool = False

    @property
    def words_here(self) -> str:
        """What `nearest` are, before they are listed: "Nearest words here"."""
        return "Words that find much here" if self.is_far else "Nearest words here"


@dataclass(frozen=True, slots=True)
class Reading:
    """A word that a misspelt one may stand for, and how many photos it finds."""

    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Reread:
    """How a misspelt word was read.

    Attributes:
        typed: as typed.
        word: as it was read.
        others: others that it may stand for and that find photos, the nearest first.
    """

    typed: str
    word: str
    others: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class WordMatches:
    """Photos that fit words. May cross threads, `why` too.

    Attributes:
        ids: int64 (n,), best first.
        scores: float32 (n,), 0 to 1, falling.
        why: for one of the ids, what fitted and where: "streetcar", "folder Family", "answer scratch, 2019".
        unknown: words that find no photo at all; where there is one, no photo fits all words.
        senses: meanings that were looked for, those of all words together.
        remarks: sentences for a person: how a misspelt word was read, what could not be looked through.
        reread: the misspelt words, each with what else it may stand for.
    """

    ids: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    why: Callable[[int], str]
    unknown: tuple[UnknownWord, ...] = ()
    senses: tuple[Sense, ...] = ()
    remarks: tuple[str, ...] = ()
    reread: tuple[Reread, ...] = ()
