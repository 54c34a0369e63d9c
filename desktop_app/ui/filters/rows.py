"""The rows of the list of choices: headings, choices with their counts, folders inside one another."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from desktop_app.core import wording
from desktop_app.core.operations.facet_groups import Group, Option
from desktop_app.core.operations.facets import Facets
from desktop_app.core.operations.filter_choices import holds
from desktop_app.core.operations.filter_words import worded
from desktop_app.core.operations.folder_counts import FolderCount
from desktop_app.core.searching import Filter, FilterKind

FEW = 6
"""Choices of a group that are listed until all are asked for."""

SCORES = (0.9, 0.8, 0.7, 0.6, 0.5)
DATE, FOLDER, SCORE = "date", "folder", "likeness"
_FOLDER_ROWS = 400


class RowKind(enum.Enum):
    """What a row is."""

    HEADING = "heading"
    OPTION = "option"
    MORE = "more"  # lists the rest of its group
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        kind: what it is.
        key: of its group; of a folder "folder 3/2019/beach".
        name: what it says.
        count: photos; None for none to say.
        wish: what choosing it adds.
        is_chosen: whether a filter of the search says it.
        depth: how far in it stands.
        is_open: of a heading or folder that can be opened: whether what is in it is listed; None where it has nothing.
    """

    kind: RowKind
    key: str
    name: str
    count: int | None = None
    wish: Filter | None = None
    is_chosen: bool = False
    depth: int = 0
    is_open: bool | None = None

    @property
    def can_be_taken(self) -> bool:
        """Whether choosing it does anything: not a choice that would leave no photo."""
        if self.kind is RowKind.OPTION:
            return self.is_chosen or self.count != 0
        return self.kind in (RowKind.HEADING, RowKind.MORE)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        words = [self.name]
        if self.count is not None:
            words.append(wording.count(self.count, "photo"))
        if self.kind is RowKind.OPTION and self.is_chosen:
            words.append("chosen")
        if self.is_open is not None:
            words.append("open" if self.is_open else "closed")
        return ", ".join(words)


def rows_of(
    facets: Facets,
    filters: Sequence[Filter],
    toggled: Collection[str],
    letters: str = "",
    falling: npt.NDArray[np.float32] | None = None,
) -> tuple[Row, ...]:
    """Every row that is listed.

    Args:
        facets: the choices with their counts.
        filters: of the search.
        toggled: what was asked for: "closed camera", "open folder 3/2019", and "all camera" for a group that is to be
            listed in full.
        letters: only choices that hold these, in any case; every group is open then.
        falling: scores of what was found, best first.
    """
    rows: list[Row] = []
    wanted = letters.strip().casefold()

    def add(key: str, title: str, inside: Sequence[Row], more: int = 0) -> None:
        fits = [row for row in inside if wanted in row.name.casefold()] if wanted else list(inside)
        if not fits:
            return
        is_open = bool(wanted) or f"closed {key}" not in toggled
        rows.append(Row(RowKind.HEADING, key, title, is_open=is_open))
        if not is_open:
            rows.extend(row for row in fits if row.is_chosen)
            return
        if not wanted and f"all {key}" not in toggled and len(fits) > FEW + 1:
            shown = fits[:FEW] + [row for row in fits[FEW:] if row.is_chosen]
            rows.extend(shown)
            rows.append(Row(RowKind.MORE, key, more_words(len(fits) - len(shown) + more)))
            return
        rows.extend(fits)
        if more:
            rows.append(Row(RowKind.NOTE, key, more_note(more)))

    quick = [_option(DATE, one, filters) for one in facets.quick]
    add(DATE, "Date", [row for row in quick if row.count or row.is_chosen])
    folders = list(_folder_rows(facets, filters, toggled, wanted))
    if folders:
        is_open = bool(wanted) or f"closed {FOLDER}" not in toggled
        rows.append(Row(RowKind.HEADING, FOLDER, "Folder", is_open=is_open))
        rows.extend(row for row in folders if is_open or row.is_chosen)
    for group in facets.groups:
        # of letters that are not counted yet it is not known how many choices hold them
        more = group.more if facets.letters.casefold() == wanted else 0
        add(group.key, _title(group), [_option(group.key, one, filters) for one in group.options], more)
    if falling is not None and (len(falling) or any(one.kind is FilterKind.SCORE for one in filters)):
        add(SCORE, "Likeness", list(_score_rows(facets, filters, falling)))
    return tuple(rows)


def more_words(count: int) -> str:
    """What lists the rest of a group."""
    return f"{wording.number(count)} more"


def more_note(count: int) -> str:
    """What is said of choices that are too many to be listed."""
    return f"{wording.number(count)} more: find them by their letters"


def _title(group: Group) -> str:
    return wording.printable(group.title)


def _option(key: str, option: Option, filters: Sequence[Filter]) -> Row:
    is_chosen = any(holds(one, option.wish) for one in filters)
    return Row(RowKind.OPTION, key, wording.printable(option.name), option.count, option.wish, is_chosen, depth=1)


def _folder_rows(facets: Facets, filters: Sequence[Filter], toggled: Collection[str], wanted: str) -> Iterator[Row]:
    chosen = {(one.folder, one.text.strip("/")) for one in filters if one.kind is FilterKind.FOLDER}
    # those that hold what is chosen are open
    above = {
        (folder, "/".join(text.split("/")[:end]))
        for folder, text in chosen
        if text
        for end in range(text.count("/") + 1)
    }
    hidden: FolderCount | None = None  # what is inside it is not listed
    listed = 0
    for at, one in enumerate(facets.folders):
        if hidden is not None and one.folder == hidden.folder and one.depth > hidden.depth:
            continue
        hidden = None
        key = folder_key(one)
        has_inside = at + 1 < len(facets.folders) and facets.folders[at + 1].depth > one.depth
        holds_chosen = (one.folder, one.text) in above and f"closed {key}" not in toggled
        is_open = f"open {key}" in toggled or holds_chosen
        if wanted:
            if wanted not in one.name.casefold():
                continue
        elif has_inside and not is_open:
            hidden = one
        if listed == _FOLDER_ROWS:
            yield Row(RowKind.NOTE, FOLDER, "More folders: find them by their letters", depth=1)
            return
        listed += 1
        wish = Filter(FilterKind.FOLDER, "", folder=one.folder, text=one.text)
        yield Row(
            RowKind.OPTION,
            key,
            one.name,
            one.count,
            worded(wish, facets.names),
            (one.folder, one.text) in chosen,
            0 if wanted else one.depth,
            None if wanted or not has_inside else is_open,
        )


def folder_key(one: FolderCount) -> str:
    """Names a folder among the rows."""
    return f"{FOLDER} {one.folder}/{one.text}"


def _score_rows(facets: Facets, filters: Sequence[Filter], falling: npt.NDArray[np.float32]) -> Iterator[Row]:
    """Scores to choose; of a search that has such a filter only stricter ones can be counted."""
    held = max((one.least or 0.0 for one in filters if one.kind is FilterKind.SCORE), default=0.0)
    for least in dict.fromkeys((*SCORES, held) if held else SCORES):
        wish = worded(Filter(FilterKind.SCORE, "", least=least), facets.names)
        count = int(np.searchsorted(-falling, -np.float32(least), side="right"))
        is_chosen = any(replace(one, words="", on=True) == replace(wish, words="") for one in filters)
        if (count and least >= held) or is_chosen:
            yield Row(RowKind.OPTION, SCORE, f"At least {wording.likeness(least)}", count, wish, is_chosen, depth=1)
