"""What the Themes page shows: plain values, made where the library is known."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.core import wording

SHOWN = 6
"""Photos on a card."""

ODD_ONES_OUT = "Odd ones out"


class Evenness(enum.Enum):
    """How alike the photos of a theme are."""

    VERY_ALIKE = "very alike"
    ALIKE = "alike"
    MIXED = "mixed"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """One theme.

    Attributes:
        id: the theme's.
        name: what a person called it, or what is proposed; "" for neither.
        is_proposed: nobody has touched the name yet.
        count: its photos.
        evenness: how alike they are.
        photos: the most typical, at most six.
        is_locked: grouping again and the slider leave it as it is.
        is_odd: the photos that fit nowhere.
        by_hand: a person put it together.
        place: its order among the themes, from 0: its name where it has none.
    """

    id: int
    name: str
    count: int
    photos: tuple[int, ...] = ()
    evenness: Evenness = Evenness.UNKNOWN
    is_proposed: bool = True
    is_locked: bool = False
    is_odd: bool = False
    by_hand: bool = False
    place: int = 0

    @property
    def title(self) -> str:
        """The name as it is shown."""
        if self.is_odd:
            return ODD_ONES_OUT
        return self.name or f"Theme {self.place + 1}"

    @property
    def facts(self) -> str:
        """How many photos, and how alike."""
        parts = (wording.count(self.count, "photo"), "" if self.is_odd else self.evenness.value)
        return " · ".join(part for part in parts if part)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        parts = [self.title]
        if not self.is_odd and self.is_proposed and self.name:
            parts.append("proposed name")
        parts.append(wording.count(self.count, "photo"))
        if self.evenness.value and not self.is_odd:
            parts.append(self.evenness.value)
        if self.is_locked:
            parts.append("locked")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A grouping with its themes.

    Attributes:
        id: the grouping's.
        scope: what was grouped: "All photos", "Family", "62 chosen photos".
        themes: in the order they are shown; the odd ones out last.
        fewest, most: how many themes the slider can show.
        proposed: the number that was measured to be best; 0 where none was.
        waiting: photos that came later and are in no theme yet.
    """

    id: int
    scope: str
    themes: tuple[ThemeCard, ...]
    fewest: int = 2
    most: int = 2
    proposed: int = 0
    waiting: int = 0

    @property
    def count(self) -> int:
        """Themes without the odd ones out."""
        return sum(not theme.is_odd for theme in self.themes)

    @property
    def photos(self) -> int:
        """Photos in all of them."""
        return sum(theme.count for theme in self.themes)

    @property
    def summary(self) -> str:
        """How many themes and photos: `24 themes in 1,204 photos`."""
        return f"{wording.count(self.count, 'theme')} in {wording.count(self.photos, 'photo')}"


@dataclass(frozen=True, slots=True)
class Working:
    """How far grouping is.

    Attributes:
        text: what is being done.
        done, total: of it; `total` 0 while unknown.
        seconds_left: None while unknown.
    """

    text: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None

    @property
    def words(self) -> str:
        """One line."""
        left = wording.time_left(self.seconds_left)
        return f"{self.text}, {left}" if left else self.text


class Scope(enum.Enum):
    """What can be grouped."""

    ALL = "all"
    FOLDER = "folder"
    SHOWN = "shown"  # what Photos shows: a search, an answer, a folder
    SELECTED = "selected"  # in Photos
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be grouped: what, its id where it has one, and its words."""

    scope: Scope
    words: str
    key: int | None = None
    count: int = 0


def count_at(part: float, fewest: int, most: int) -> int:
    """How many themes the slider's place (0 to 1) stands for: even steps of likeness, so rising by shares."""
    if most <= fewest:
        return fewest
    return round(math.exp(math.log(fewest) + part * (math.log(most) - math.log(fewest))))


def part_of(count: int, fewest: int, most: int) -> float:
    """Where on the slider a number of themes is, 0 to 1."""
    if most <= fewest:
        return 0.0
    count = min(max(count, fewest), most)
    return (math.log(count) - math.log(fewest)) / (math.log(most) - math.log(fewest))


def chosen_words(themes: Sequence[ThemeCard]) -> str:
    """What is chosen: "Coffee cups, 38 photos" or "3 themes, 112 photos"."""
    photos = wording.count(sum(theme.count for theme in themes), "photo")
    if len(themes) == 1:
        return f"“{themes[0].title}”, {photos}"
    return f"{wording.count(len(themes), 'theme')}, {photos}"
