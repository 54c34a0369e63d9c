"""A viewer in a window, for the tests of its keys, its zoom and its controls."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop_app.ui.viewer import Viewer
from tests.ui.panel_parts import make_photo, show


@pytest.fixture
def window(qtbot, look):
    window = show(qtbot, QMainWindow(), 800, 600)
    inside = QWidget()
    window.setCentralWidget(inside)
    return window


@pytest.fixture
def viewer(window, parts):
    made = Viewer(parts.theme, parts.thumbnails, window)
    made.asked = []
    made.wanted.connect(lambda photo, side: made.asked.append((photo, side)))
    return made


def settle(qtbot, viewer):
    """Wait until the viewer no longer takes the next step for hurry."""
    qtbot.waitUntil(lambda: not viewer._asking.in_hurry)


def opened(qtbot, viewer, count=100, row=11):
    viewer.currentChanged.connect(lambda _row, photo: viewer.set_photo(make_photo(photo)))
    viewer.open(list(range(1, count + 1)), row)
    settle(qtbot, viewer)
    return viewer


def near(colour: QColor, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(colour.getRgb()[:3], wanted, strict=True))
