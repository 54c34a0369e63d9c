"""Fixtures of the tests with widgets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.jobs import Lane
from desktop_app.ui import theme
from desktop_app.ui.grid import PhotoGrid, Thumbnails
from tests.ui.grid_parts import Parts, Store


@pytest.fixture
def look(qapp) -> Iterator[theme.Theme]:
    """The program's theme, light whatever a test did."""
    look = theme.apply(qapp, "light")
    yield look
    theme.apply(qapp, "light")


@pytest.fixture
def show(qtbot):
    """Put a widget on screen with the keyboard in it."""

    def put(widget: QWidget, width: int = 800, height: int = 560) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return widget

    return put


@pytest.fixture
def parts(qtbot, look) -> Iterator[Parts]:
    """A theme, a source of thumbnails and a maker of grids that are on screen."""
    lane, store = Lane("thumbs", 1, newest_first=True), Store()
    thumbnails = Thumbnails(lane, store.fetch)

    def make(count: int = 0, width: int = 868, height: int = 600) -> PhotoGrid:
        grid = PhotoGrid(look, thumbnails)
        qtbot.addWidget(grid)
        grid.resize(width, height)
        if count:
            grid.show_photos(range(1, count + 1))
        with qtbot.waitExposed(grid):
            grid.show()
        grid.activateWindow()
        grid.setFocus(Qt.FocusReason.OtherFocusReason)
        qtbot.waitUntil(grid.hasFocus)
        return grid

    yield Parts(look, lane, store, thumbnails, make)
    store.open.set()
    assert lane.shutdown(10.0) == ()
