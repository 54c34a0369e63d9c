"""What the chips of a search say and show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPixmap

from desktop_app.core import wording
from desktop_app.core.searching import Colours, Example, Filter, FilterKind, Query, Words
from desktop_app.ui.pixels import to_image
from desktop_app.ui.search.chip import ChipView
from desktop_app.ui.search.editing import Chip, chips

Pixmaps = Callable[[int, int], QPixmap | None]
"""The thumbnail of a photo at a size in pixels, None while it is not there."""

_PICTURE = 20
_MOST = 6  # chips of one kind; more than that many photos are one chip
_ICONS = {
    FilterKind.FOLDER: "folder",
    FilterKind.TAKEN: "calendar",
    FilterKind.ON_THIS_DAY: "calendar",
    FilterKind.LABEL: "label",
    FilterKind.CAMERA: "camera",
    FilterKind.THEME: "themes",
}


def grouped(query: Query) -> list[tuple[Chip, ...]]:
    """The chips, those of many photos as one."""
    made: list[tuple[Chip, ...]] = []
    for wanted in (True, False):
        photos = [one for one in query.examples if one.wanted is wanted]
        if len(photos) > _MOST and len({one.on for one in photos}) == 1:
            made.append(tuple(photos))
        else:
            made += [(one,) for one in photos]
    return made + [(one,) for one in chips(query) if not isinstance(one, Example)]


def chip_views(query: Query, pixmaps: Pixmaps) -> list[ChipView]:
    """What each of them says."""
    return [_view(group, pixmaps) for group in grouped(query)]


def _view(group: tuple[Chip, ...], pixmaps: Pixmaps) -> ChipView:
    chip = group[0]
    if isinstance(chip, Example):
        return _example(chip, len(group), pixmaps)
    if isinstance(chip, Words):
        words = chip.text.strip()
        name = f"not {words}" if chip.minus else words
        spoken = f"Without the word {words}" if chip.minus else f"Looking for the word {words}"
        return ChipView(name, spoken, icon="find-alike", minus=chip.minus, on=chip.on)
    if isinstance(chip, Colours):
        many = wording.count(len(chip.colours), "colour")
        return ChipView(many, f"Looking for {many}", colours=chip.colours, on=chip.on)
    assert isinstance(chip, Filter)
    return ChipView(chip.words, f"Only {chip.words}", icon=_ICONS.get(chip.kind, "tick"), on=chip.on)


def _example(example: Example, count: int, pixmaps: Pixmaps) -> ChipView:
    name = wording.count(count, "photo") if count > 1 else example.name
    name = f"part of {name}" if example.box is not None else name
    spoken = f"Looking for {name}" if example.wanted else f"Less like {name}"
    return ChipView(name, spoken, _picture(example, pixmaps), minus=not example.wanted, on=example.on)


def _picture(example: Example, pixmaps: Pixmaps) -> QPixmap | None:
    if example.photo is not None:
        return pixmaps(int(example.photo), _PICTURE)
    return QPixmap.fromImage(to_image(example.pixels)) if example.pixels is not None else None
