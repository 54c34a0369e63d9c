"""The groups of choices to narrow a search by, each with the photos that are left with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import theme_reading
from desktop_app.core.catalog.filters import EPOCH, SHAPES, shape_codes
from desktop_app.core.catalog.photo_table import Mask, PhotoTable
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSet
from desktop_app.core.operations.filter_choices import holds
from desktop_app.core.operations.filter_words import ODD, UNKNOWN_CAMERA, Names, week_of, worded
from desktop_app.core.searching import Filter, FilterKind

MOST = 50
"""Cameras and keywords that are listed; the others are found by their letters."""

_MEGAPIXELS = ((None, 1.0), (1.0, None), (4.0, None), (8.0, None), (12.0, None), (24.0, None))
_MEGABYTES = ((None, 0.1), (None, 1.0), (1.0, None), (5.0, None), (20.0, None))
_STARS = ((5.0, 5.0), (4.0, 5.0), (3.0, 5.0), (2.0, 5.0), (1.0, 5.0), (0.0, 0.0), (-1.0, -1.0))


@dataclass(frozen=True, slots=True)
class Option:
    """One choice.

    Attributes:
        wish: the filter that choosing it adds, with its words.
        name: how it reads under its group's title.
        count: photos that are left with it, under everything else that is chosen.
    """

    wish: Filter
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Choices that answer the same question.

    Attributes:
        key: names it, the same from one answer to the next: "camera", "label 3".
        title: what stands above it.
        options: in their order; those without photos only while they are chosen.
        more: how many others there are that are not listed.
    """

    key: str
    title: str
    options: tuple[Option, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts choices under masks: bool (n,), for each row of the table whether everything else lets it through.

    Attributes:
        connection: of the calling thread.
        table: the photos.
        names: what is called how.
        chosen: the filters that are on.
        also: names of cameras and keywords that are listed if they have photos, beyond the first of many.
    """

    connection: sqlite3.Connection
    table: PhotoTable
    names: Names
    chosen: Sequence[Filter]
    also: frozenset[str] = frozenset()

    def _group(self, key: str, title: str, found: Iterable[tuple[Filter, str, int]], most: int = 0) -> Group:
        """A group of the choices that have photos or are chosen; of the first `most`, where it is not 0."""
        options: list[Option] = []
        more = 0
        for wish, name, count in found:
            is_chosen = any(holds(one, wish) for one in self.chosen if one.kind is wish.kind)
            if not count and not is_chosen:
                continue
            if most and len(options) >= most and not is_chosen and not self.also.intersection(wish.choices):
                more += 1
            else:
                options.append(Option(worded(wish, self.names), name, int(count)))
        return Group(key, title, tuple(options), more)

    def quick(
        self, days: npt.NDArray[np.int32], per_day: npt.NDArray[np.int64], this_day: Mask, today: date
    ) -> tuple[Option, ...]:
        """Today and its like; `per_day` photos on each of `days`, and those that any day but this leaves."""
        last_year = today.year - 1
        ranges = (
            ("Today", today, today),
            ("This week", *week_of(today)),
            ("This year", date(today.year, 1, 1), date(today.year, 12, 31)),
            ("Last year", date(last_year, 1, 1), date(last_year, 12, 31)),
        )
        found = []
        for name, first, last in ranges:
            begin, end = np.searchsorted(days, [first.toordinal() - EPOCH, last.toordinal() - EPOCH + 1])
            wish = Filter(FilterKind.TAKEN, "", first=first, last=last)
            found.append(Option(worded(wish, self.names), name, int(per_day[begin:end].sum())))
        wish = Filter(FilterKind.ON_THIS_DAY, "", month=today.month, day=today.day)
        count = np.count_nonzero(self.table.on_day(today.month, today.day) & this_day)
        return (*found, Option(worded(wish, self.names), "On this day", int(count)))

    def labels(self, mask: Mask, label_set: LabelSet) -> Group:
        """The answers of a label set."""
        given = self.table.given(label_set.id)
        shown = mask[given.rows]
        answers, counts = np.unique(given.answers[shown], return_counts=True)
        per_answer = dict(zip(answers.tolist(), counts.tolist(), strict=True))
        wanted: list[tuple[AnswerId | None, str]] = [(one.id, one.name) for one in label_set.answers]
        found = [
            (_label(LabelFilter(label_set.id, (answer,))), name, per_answer.get(answer or 0, 0))
            for answer, name in [*wanted, (None, "None of these")]
        ]
        labelled = np.zeros(len(mask), np.bool_)
        labelled[given.rows] = True
        free = int(np.count_nonzero(mask & ~labelled))
        found.append((_label(LabelFilter(label_set.id, labelled=False)), "Not labelled", free))
        return self._group(f"label {label_set.id}", label_set.name, found)

    def themes(self, mask: Mask, grouping: theme_reading.Grouping) -> Group:
        """Themes of the grouping that was made last, in their order; one of another that is chosen has no row."""
        themes, counts = np.unique(self.table.themes(grouping.id)[mask], return_counts=True)
        per_theme = dict(zip(themes.tolist(), counts.tolist(), strict=True))
        found = [
            (
                Filter(FilterKind.THEME, "", theme=int(row.id)),
                self._theme_name(int(row.id)),
                per_theme.get(row.id, 0),
            )
            for row in theme_reading.rows(self.connection, grouping.id)
        ]
        return self._group("theme", "Theme", found, MOST)

    def _theme_name(self, theme: int) -> str:
        """As a person or the program called it; what has no name is told by its place."""
        name = self.names.themes.get(theme, "")
        return _sentence(name) if name.startswith("theme ") or name == ODD else name

    def named(self, key: str, mask: Mask, letters: str = "") -> Group:
        """Cameras or formats, most photos first."""
        table = self.table
        kind, title, names, codes = (
            (FilterKind.CAMERA, "Camera", table.camera_names, table.cameras)
            if key == "camera"
            else (FilterKind.FORMAT, "Format", table.format_names, table.formats)
        )
        counts = np.bincount(codes[mask], minlength=len(names)).tolist()
        found = [
            (Filter(kind, "", choices=(name,)), name or _sentence(UNKNOWN_CAMERA), count)
            for name, count in zip(names, counts, strict=True)
            if letters.casefold() in (name or UNKNOWN_CAMERA).casefold() or self._is_chosen(kind, name)
        ]
        found += self._missing(kind, names)
        return self._group(key, title, sorted(found, key=_most_first), MOST)

    def keywords(self, mask: Mask, letters: str) -> Group:
        """The keywords that most photos bear, and those that hold the letters."""
        words = self.table.words()
        counts = np.bincount(words.codes[mask[words.rows]], minlength=len(words.names))
        found = [
            (name, count)
            for name, count in zip(words.names, counts.tolist(), strict=True)
            if count and (not letters or letters.casefold() in name.casefold())
        ]
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        chosen = {choice for one in self.chosen if one.kind is FilterKind.KEYWORD for choice in one.choices}
        listed = found[:MOST]
        rest = (chosen | (self.also & {name for name, _count in found})) - {name for name, _count in listed}
        known = dict(zip(words.names, counts.tolist(), strict=True)) if rest else {}
        listed += [(name, known.get(name, 0)) for name in sorted(rest)]
        options = ((Filter(FilterKind.KEYWORD, "", choices=(name,)), name, count) for name, count in listed)
        left = {name for name, _count in found} - {name for name, _count in listed}
        return replace(self._group("keyword", "Keyword", options), more=len(left))

    def shapes(self, mask: Mask) -> Group:
        """Landscape, portrait, square, panorama."""
        counts = np.bincount(self.table.kept("shapes", lambda: shape_codes(self.table))[mask], minlength=len(SHAPES))
        found = [
            (Filter(FilterKind.SHAPE, "", shapes=(shape,)), _sentence(shape.value), int(count))
            for shape, count in zip(SHAPES, counts, strict=True)
        ]
        return self._group("shape", "Shape", found)

    def ranges(self, key: str, mask: Mask) -> Group:
        """Megapixels or megabytes; "at least 12" holds what "at least 24" holds."""
        table = self.table
        is_area = key == "size"
        values = np.sort((table.widths * table.heights if is_area else table.sizes)[mask])
        kind = FilterKind.SIZE if is_area else FilterKind.FILE_SIZE
        bands = dict.fromkeys(_MEGAPIXELS if is_area else _MEGABYTES)
        bands |= dict.fromkeys((one.least, one.most) for one in self.chosen if one.kind is kind)
        found = []
        for least, most in bands:
            begin = 0 if least is None else int(np.searchsorted(values, least * 1e6))
            end = len(values) if most is None else int(np.searchsorted(values, most * 1e6))
            wish = worded(Filter(kind, "", least=least, most=most), self.names)
            found.append((wish, _sentence(wish.words), max(0, end - begin)))
        return self._group(key, "Size" if is_area else "File size", found)

    def ratings(self, mask: Mask) -> Group:
        """Stars."""
        counts = np.bincount(self.table.ratings()[mask] + 1, minlength=7)
        found = []
        for least, most in _STARS:
            wish = worded(Filter(FilterKind.RATING, "", least=least, most=most), self.names)
            found.append((wish, _sentence(wish.words), int(counts[int(least) + 1 : int(most) + 2].sum())))
        if not counts[0] and not counts[2:].any() and not any(one.kind is FilterKind.RATING for one in self.chosen):
            found = []  # nobody gave stars here
        return self._group("rating", "Stars", found)

    def located(self, mask: Mask) -> Group:
        """Whether the place is known."""
        has_place = self.table.located()
        yes = int(np.count_nonzero(mask & has_place))
        no = int(np.count_nonzero(mask)) - yes
        found = [
            (Filter(FilterKind.LOCATED, "", choices=("yes",)), "Place known", yes),
            (Filter(FilterKind.LOCATED, "", choices=("no",)), "No place known", no),
        ]
        if not yes and not any(one.kind is FilterKind.LOCATED for one in self.chosen):
            found = []
        return self._group("located", "Place", found)

    def _is_chosen(self, kind: FilterKind, name: str) -> bool:
        return any(name in one.choices for one in self.chosen if one.kind is kind)

    def _missing(self, kind: FilterKind, names: Sequence[str]) -> list[tuple[Filter, str, int]]:
        """What is chosen and no photo has."""
        wanted = {choice for one in self.chosen if one.kind is kind for choice in one.choices} - set(names)
        return [(Filter(kind, "", choices=(name,)), name or _sentence(UNKNOWN_CAMERA), 0) for name in wanted]


def _label(wish: LabelFilter) -> Filter:
    return Filter(FilterKind.LABEL, "", label=wish)


def _most_first(found: tuple[Filter, str, int]) -> tuple[int, str]:
    return -found[2], found[1]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
