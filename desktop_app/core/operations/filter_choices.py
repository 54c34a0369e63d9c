"""Several choices in one filter: "JPEG or PNG", "scratch or dent"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop_app.core.operations.filter_words import Names, worded
from desktop_app.core.searching import Filter, FilterKind


def group_of(wish: Filter) -> tuple[FilterKind, int]:
    """What is the same for filters that ask the same question: the answers of one label set, all cameras."""
    return wish.kind, int(wish.label.label_set) if wish.kind is FilterKind.LABEL and wish.label is not None else 0


def joined(one: Filter, other: Filter, names: Names) -> Filter:
    """A filter that lets through what either of two of the same group does; where no one filter can say it, `other`."""
    if group_of(one) != group_of(other):
        return other
    if one.kind in (FilterKind.CAMERA, FilterKind.FORMAT, FilterKind.KEYWORD):
        return worded(replace(one, choices=_both(one.choices, other.choices)), names)
    if one.kind is FilterKind.SHAPE:
        return worded(replace(one, shapes=_both(one.shapes, other.shapes)), names)
    if _names_answers(one) and _names_answers(other) and one.label is not None and other.label is not None:
        label = replace(one.label, answers=_both(one.label.answers, other.label.answers))
        return worded(replace(one, label=label), names)
    return other


def parted(one: Filter, other: Filter, names: Names) -> Filter | None:
    """The filter without the choices of `other`; None where nothing is left of it."""
    if one.choices and one.kind is not FilterKind.LOCATED:
        left = replace(one, choices=_less(one.choices, other.choices))
        return worded(left, names) if left.choices else None
    if one.shapes:
        left = replace(one, shapes=_less(one.shapes, other.shapes))
        return worded(left, names) if left.shapes else None
    if _names_answers(one) and one.label is not None and other.label is not None:
        label = replace(one.label, answers=_less(one.label.answers, other.label.answers))
        return worded(replace(one, label=label), names) if label.answers else None
    return None


def holds(one: Filter, option: Filter) -> bool:
    """Whether a filter says what an option says, alone or among other choices."""
    if group_of(one) != group_of(option):
        return False
    if option.choices:
        return set(option.choices) <= set(one.choices)
    if option.shapes:
        return set(option.shapes) <= set(one.shapes)
    if _names_answers(option) and _names_answers(one) and option.label is not None and one.label is not None:
        return set(option.label.answers) <= set(one.label.answers)
    return replace(one, words="", on=True) == replace(option, words="", on=True)


def _names_answers(wish: Filter) -> bool:
    """Whether it names answers that others can be added to."""
    label = wish.label
    return label is not None and label.labelled and bool(label.answers) and not label.origins


def _both(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _less(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(choice for choice in one if choice not in other)
