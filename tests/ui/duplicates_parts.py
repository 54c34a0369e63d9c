"""What the tests of the Duplicates page are made of: sets that are made up, and the page with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.duplicates.sets import (
    Change,
    Copy,
    CopySet,
    Count,
    How,
    Kind,
    Row,
    SetFacts,
    Suggestion,
    Summary,
)
from desktop_app.core.types import FolderId, Photo, PhotoId, PhotoState
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.values import Standing
from tests.ui.panel_parts import make_image, show

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
_HOW = {
    Kind.EXACT: How((Change.SAME,), 1.0),
    Kind.NEAR: How((Change.SMALLER, Change.COMPRESSED), 0.97),
    Kind.BURST: How((Change.LATER,), 0.6),
}


def make_set(
    key: str,
    kind: Kind,
    first: int,
    count: int = 2,
    *,
    stays: dict[int, str] | None = None,
    same: dict[int, tuple[int, ...]] | None = None,
    how: How | None = None,
    go: tuple[int, ...] | None = None,
) -> CopySet:
    """A set of photos with ids from `first` on; the first is suggested, each other one takes 1,000,000 bytes."""
    stays, same = stays or {}, same or {}
    ids = [PhotoId(first + at) for at in range(count)]
    copies = tuple(
        Copy(
            one,
            None if at == 0 else how or _HOW[kind],
            tuple(PhotoId(other) for other in same.get(one, ())),
            stays.get(one, ""),
            1_000_000,
        )
        for at, one in enumerate(ids)
    )
    going = [photo for one in copies[1:] if not one.kept_because for photo in (one.photo, *one.same)]
    if go is not None:
        going = [PhotoId(one) for one in go]
    return CopySet(key, kind, copies, Suggestion(ids[0], "largest, has a date", tuple(going), len(going) * 1_000_000))


def make_photo(photo: int, name: str = "", folder: str = "/pictures/Family") -> Photo:
    return Photo(
        PhotoId(photo), FolderId(1), Path(folder) / (name or f"IMG_{photo}.jpg"), name or f"IMG_{photo}.jpg", 1_000_000,
        datetime(2019, 5, 12, 10, 33), b"", "JPEG", 400, 300, None, "", PhotoState.PRESENT,
    )  # fmt: skip


def make_facts(copies: CopySet) -> SetFacts:
    found = tuple(
        replace(make_photo(int(copy.photo)), width=300, height=400)
        if copy.how is not None and copy.how.turn in (90, 270)
        else make_photo(int(copy.photo))
        for copy in copies.copies
    )
    count = len(found)
    rows = (
        Row("Name", tuple(photo.name for photo in found)),
        Row("Format", ("JPEG",) * count),
        Row("Size in pixels", ("400", *("200",) * (count - 1)), (0,)),
    )
    return SetFacts(copies, found, rows)


TWINS = make_set("a", Kind.EXACT, 10)
NEAR = make_set("b", Kind.NEAR, 20, 3)
TURNED = make_set("c", Kind.NEAR, 30, 2, how=How((Change.TURNED_LEFT,), 0.99, turn=270))
SHOTS = make_set("d", Kind.BURST, 40, 5, go=())
SETS = (TWINS, NEAR, TURNED, SHOTS)
FOUND = Standing(
    datetime(2026, 11, 22, 14, 3),
    Summary(Count(1, 1, 1_000_000), Count(2, 3, 3_000_000), Count(1, 0, 0), 400),
    photos=400,
)


@pytest.fixture
def page(qtbot, parts) -> DuplicatesPage:
    """The page with four sets, the keyboard in their list, facts and pixels given as it asks for them."""
    page = DuplicatesPage(parts.theme, parts.thumbnails)

    def answer(copies: CopySet | None) -> None:
        if copies is not None:
            page.show_facts(make_facts(copies))
            for photo in copies.photos:
                page.pictures.put(int(photo), make_image(int(photo), 400, 300))

    page.setShown.connect(answer)
    page.show_standing(FOUND)
    page.show_sets(SETS)
    show(qtbot, page, 960, 600)
    page.focus_body()
    qtbot.waitUntil(page.list.hasFocus)
    return page


def heard(signal) -> list:
    asked: list = []
    signal.connect(lambda *values: asked.append(values[0] if len(values) == 1 else values))
    return asked
