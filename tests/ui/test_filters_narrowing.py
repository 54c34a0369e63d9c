"""The panel beside a library: counts follow the search, what changes, and what is chosen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from desktop_app.core.library import Library
from desktop_app.core.searching import Filter, FilterKind, Query, Words
from desktop_app.core.types import Changes, PhotoId
from desktop_app.ui.filters.narrowing import Narrowing
from desktop_app.ui.filters.panel import WIDTH, FilterPanel
from desktop_app.ui.session import Session
from tests.core.filters_made import add
from tests.core.test_filters import made
from tests.ui.panel_parts import show

WAIT = 30_000
JPEG = Filter(FilterKind.FORMAT, "JPEG", choices=("JPEG",))


@pytest.fixture
def session(qtbot, tmp_path: Path) -> Iterator[Session]:
    library = Library(tmp_path / "library", network="efficientnet-lite0-int8", device="cpu")
    with closing(library), library.database.transaction() as connection:
        connection.execute(
            "INSERT INTO folders (id, root, name, state) VALUES (1, ?, 'Family', 'ready')", (os.fsencode(tmp_path),)
        )
        for number in range(1, 7):
            add(connection, made(number, format="JPEG" if number < 5 else "PNG", camera=f"Camera {number % 2}"))
    one = Session()
    with qtbot.waitSignals([one.opened, one.overviewChanged, one.recognitionKnown], timeout=WAIT):
        one.open(tmp_path / "library", device="cpu")
    yield one
    assert one.shutdown() == ()


class Window:
    """A window with the panel and as much of the rest as narrowing needs."""

    def __init__(self, qtbot, look, session: Session, **others: object) -> None:
        self.window = show(qtbot, QWidget(), WIDTH, 500)
        self.panel = FilterPanel(look, self.window)
        self.panel.resize(WIDTH, 500)
        self.panel.hide()
        self.failures: list[BaseException] = []
        desk = SimpleNamespace(window=self.window, session=session, report=self._report)
        self.narrowing = Narrowing(desk, self.panel, **others)  # type: ignore[arg-type]
        self.told: list[tuple[Filter, ...]] = []
        self.narrowing.filtersChanged.connect(self.told.append)

    def _report(self, error: BaseException, *_others: object, **_more: object) -> None:
        self.failures.append(error)

    def total(self) -> int:
        return self.panel._facets.total

    def count(self, name: str) -> int | None:
        return next((row.count for row in self.panel.choices.rows.rows if row.name == name), None)


@pytest.fixture
def window(qtbot, look, session: Session) -> Window:
    return Window(qtbot, look, session)


def test_nothing_is_counted_before_the_panel_is_seen(qtbot, window: Window) -> None:
    window.narrowing.set_query(Query())
    assert not window.narrowing._latest.is_waiting
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 6, timeout=WAIT)
    assert window.count("JPEG") == 4
    window.panel.hide()
    window.panel.show()  # nothing changed: the counts are those of before
    assert not window.narrowing._latest.is_waiting


def test_what_is_chosen_is_told_and_counted(qtbot, window: Window) -> None:
    window.panel.show()
    window.panel.filterAdded.emit(JPEG)
    assert window.told == [(JPEG,)]
    qtbot.waitUntil(lambda: window.total() == 4, timeout=WAIT)
    assert window.count("PNG") == 2  # under everything but formats
    assert window.count("Camera 1") == 2
    both = Filter(FilterKind.FORMAT, "JPEG or PNG", choices=("JPEG", "PNG"))
    window.panel.filterReplaced.emit(JPEG, both)
    window.panel.filterRemoved.emit(both)
    assert window.told[1:] == [(both,), ()]
    window.panel.filterRemoved.emit(both)  # it is not there any more
    assert len(window.told) == 3


def test_rows_stay_for_who_chooses_and_are_listed_anew_for_another_search(qtbot, window: Window) -> None:
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 6, timeout=WAIT)
    window.panel._is_pointed_at = True
    window.panel.filterAdded.emit(Filter(FilterKind.CAMERA, "Camera 3", choices=("Camera 3",)))
    qtbot.waitUntil(lambda: window.count("JPEG") == 0, timeout=WAIT)
    assert window.count("PNG") == 0
    window.narrowing.set_query(Query(filters=(Filter(FilterKind.FORMAT, "PNG", choices=("PNG",)),)))
    qtbot.waitUntil(lambda: window.total() == 2, timeout=WAIT)
    assert (window.count("Camera 3"), window.count("Camera 0")) == (None, 1)


def test_a_search_by_words_narrows_the_counts(qtbot, look, session: Session) -> None:
    asked: list[Query] = []

    def candidates(query: Query) -> np.ndarray:
        asked.append(query)
        return np.array([1, 2, 6], np.int64)

    window = Window(qtbot, look, session, candidates=candidates)
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 6, timeout=WAIT)
    assert asked == []  # nothing is looked for
    window.narrowing.set_query(Query(words=(Words("dog"),), filters=(JPEG,)))
    qtbot.waitUntil(lambda: window.total() == 2, timeout=WAIT)
    assert window.count("PNG") == 1
    assert asked[-1].words == (Words("dog"),)
    assert asked[-1].filters == ()
    assert window.told == []  # the search said so, not the panel
    window.narrowing.set_query(Query(words=(Words("dog"),), filters=(JPEG,)))  # the same: nothing to count
    assert not window.narrowing._latest.is_waiting
    window.panel.filterRemoved.emit(JPEG)
    qtbot.waitUntil(lambda: window.total() == 3, timeout=WAIT)
    assert len(asked) == 1  # what the words find is known
    session.note(Changes(updated=(PhotoId(1),)))
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=WAIT)  # and is not any more


def test_where_one_is_counts_without_being_a_chip(qtbot, window: Window) -> None:
    window.panel.show()
    window.narrowing.set_query(Query(), [JPEG])
    qtbot.waitUntil(lambda: window.total() == 4, timeout=WAIT)
    assert window.narrowing.filters == ()
    assert window.count("PNG") is None
    window.narrowing.on_this_day()
    assert [one.kind for one in window.told[-1]] == [FilterKind.ON_THIS_DAY]
    qtbot.waitUntil(lambda: not window.narrowing._latest.is_waiting, timeout=WAIT)
    window.narrowing.on_this_day()  # again: the same filter, nothing to tell
    assert len(window.told) == 1
    window.narrowing.clear()
    qtbot.waitUntil(lambda: window.total() == 4, timeout=WAIT)


def test_photos_that_come_are_counted_soon(qtbot, window: Window, session: Session) -> None:
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 6, timeout=WAIT)

    def write(library: Library) -> Changes:
        with library.database.transaction() as connection:
            add(connection, made(50))
        return Changes(added=(PhotoId(50),))

    session.write(write)
    qtbot.waitUntil(lambda: window.total() == 7, timeout=WAIT)


def test_letters_ask_for_keywords_and_cameras(qtbot, window: Window) -> None:
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 6, timeout=WAIT)
    window.panel.search.setText("camera 1")
    qtbot.waitUntil(lambda: not window.narrowing._latest.is_waiting, timeout=WAIT)
    assert window.count("Camera 1") == 3
    assert window.count("Camera 0") is None


def test_an_error_is_reported_and_the_next_look_tries_again(qtbot, look, session: Session) -> None:
    fails = [True]

    def candidates(_query: Query) -> np.ndarray:
        if fails[0]:
            raise ValueError("no")
        return np.array([1], np.int64)

    window = Window(qtbot, look, session, candidates=candidates)
    window.panel.show()
    window.narrowing.set_query(Query(words=(Words("dog"),)))
    qtbot.waitUntil(lambda: bool(window.failures), timeout=WAIT)
    fails[0] = False
    window.panel.hide()
    window.panel.show()
    qtbot.waitUntil(lambda: window.total() == 1, timeout=WAIT)
