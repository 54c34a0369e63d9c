"""Changes to the chips of a search: each gives another search, the one before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from desktop_app.core.searching import Box, Colours, Example, Filter, Query, Words
from desktop_app.core.types import PhotoId

_One = TypeVar("_One")

Chip = Example | Words | Colours | Filter
"""What one chip stands for."""


def chips(query: Query) -> tuple[Chip, ...]:
    """What the chips show, in their order: more like, less like, words, colours, filters."""
    wanted = [one for one in query.examples if one.wanted]
    unwanted = [one for one in query.examples if not one.wanted]
    return (*wanted, *unwanted, *query.words, *query.colours, *query.filters)


def with_photos(query: Query, named: Sequence[tuple[PhotoId, str]], *, wanted: bool) -> Query:
    """Also like these photos, or (not `wanted`) less like them; one that was the other way round changes sides."""
    ids = {photo for photo, _ in named}
    kept = tuple(one for one in query.examples if one.photo not in ids or one.box is not None)
    added = tuple(Example(name, photo=photo, wanted=wanted) for photo, name in named)
    return replace(query, examples=(*kept, *added))


def with_box(query: Query, photo: PhotoId, name: str, box: Box) -> Query:
    """Also what is in a part of a photo; another part of the same photo takes its place."""
    kept = tuple(one for one in query.examples if one.photo != photo or one.box is None)
    return replace(query, examples=(*kept, Example(name, photo=photo, box=box)))


def with_words(query: Query, words: Words) -> Query:
    """Also what fits these words."""
    same = [one for one in query.words if (one.text, one.sense, one.minus) == (words.text, words.sense, words.minus)]
    return query if same and same[0].on else replace(query, words=(*without_all(query.words, same), words))


def with_filters(query: Query, filters: Iterable[Filter]) -> Query:
    """The same search with other filters."""
    return replace(query, filters=tuple(filters))


def switched(query: Query, chip: Chip) -> Query:
    """One chip switched off, or on again."""
    return _with(query, chip, replace(chip, on=not chip.on))


def without(query: Query, chip: Chip) -> Query:
    """One chip less."""
    return _with(query, chip, None)


def without_all(kept: Sequence[Words], gone: Sequence[Words]) -> tuple[Words, ...]:
    """Words that are not among others."""
    return tuple(one for one in kept if not any(one is other for other in gone))


def _with(query: Query, chip: Chip, instead: Chip | None) -> Query:
    return Query(
        _in_row(query.examples, chip, instead),
        _in_row(query.words, chip, instead),
        _in_row(query.colours, chip, instead),
        _in_row(query.filters, chip, instead),
    )


def _in_row(row: tuple[_One, ...], chip: Chip, instead: Chip | None) -> tuple[_One, ...]:
    """By identity: two chips may say the same."""
    if not any(one is chip for one in row):
        return row
    changed = [instead if one is chip else one for one in row]
    return cast("tuple[_One, ...]", tuple(one for one in changed if one is not None))
