"""Results of a search by a part: whole photos, the place that was found outlined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPixmap

from desktop_app.core.searching import Box
from desktop_app.ui.grid.places import place_rect, whole_rect
from desktop_app.ui.grid.requests import decode_whole
from desktop_app.ui.theme import DARK
from tests.ui.grid_parts import colour_of, jpeg_of


def pixel(grid, x, y):
    return grid.viewport().grab().toImage().pixelColor(round(x), round(y)).getRgb()[:3]


def close(one, other):
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


def test_whole_photos_with_the_place_outlined_and_squares_again(parts, qtbot):
    grid = parts.make(12)
    qtbot.waitUntil(lambda: parts.lane.is_idle and parts.thumbnails.cached(1, 150) is not None)
    square = grid.visualRect(grid.photos.index(0))
    assert close(pixel(grid, square.center().x(), square.top() + 4), colour_of(1))
    grid.show_places({1: Box(0.25, 0.25, 0.5, 0.5)})
    side = parts.thumbnails.side(square.width())
    qtbot.waitUntil(lambda: parts.thumbnails.cached(1, -side) is not None and parts.lane.is_idle)
    # 320 x 256: the photo is 4/5 as high as its square, so that there is ground above and below it
    area = QRectF(square.left(), square.top() + 0.1 * square.height(), square.width(), 0.8 * square.height())
    canvas, accent = (colour.getRgb()[:3] for colour in (parts.theme.tokens.canvas, DARK.accent))
    assert close(pixel(grid, square.center().x(), square.top() + 4), canvas)
    assert close(pixel(grid, area.left() + area.width() / 4, area.center().y()), accent)
    assert close(pixel(grid, area.center().x(), area.center().y()), colour_of(1))
    second = grid.visualRect(grid.photos.index(1))  # whole too, nothing outlined
    assert close(pixel(grid, second.left() + second.width() / 4, second.center().y()), colour_of(2))
    grid.show_places({})
    assert close(pixel(grid, square.center().x(), square.top() + 4), colour_of(1))


def test_a_square_never_stands_in_for_a_whole_photo(parts, qtbot):
    grid = parts.make(3)
    qtbot.waitUntil(lambda: parts.lane.is_idle and parts.thumbnails.cached(1, 150) is not None)
    assert grid.isVisible()
    assert parts.thumbnails.cached(1, -150) is None


@pytest.mark.parametrize(("width", "height"), [(320, 256), (256, 640), (256, 256)])
def test_a_whole_thumbnail_keeps_its_shape(width, height):
    image = decode_whole(jpeg_of(5, width, height), 128)
    assert max(image.width(), image.height()) == 128
    assert image.width() / image.height() == pytest.approx(width / height, rel=0.02)
    assert close(image.pixelColor(10, 10).getRgb()[:3], colour_of(5))
    assert decode_whole(b"no jpeg", 128).isNull()
    assert decode_whole(b"", 128).isNull()
    assert decode_whole(jpeg_of(5, width, height), 4000).width() == width


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_place_lies_in_its_photo_and_can_be_seen(x, y, wide, high):
    area = QRectF(10, 20, 120, 80)
    found = place_rect(area, Box(x, y, min(wide, 1 - x), min(high, 1 - y)))
    assert area.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(found)
    assert found.width() >= 6
    assert found.height() >= 6


def test_a_whole_photo_lies_in_the_middle_of_its_square(qapp):
    tall = QPixmap.fromImage(QImage(50, 100, QImage.Format.Format_RGB32))
    assert whole_rect(tall, QRect(0, 0, 100, 100)) == QRectF(25, 0, 50, 100)


def test_the_outline_is_seen_on_dark_and_on_light(qapp, parts):
    from PySide6.QtGui import QPainter

    from desktop_app.ui.grid.places import outline_place

    for ground in (Qt.GlobalColor.black, Qt.GlobalColor.white, parts.theme.tokens.accent):
        image = QImage(40, 40, QImage.Format.Format_RGB32)
        image.fill(ground)
        painter = QPainter(image)
        outline_place(painter, QRectF(10, 10, 20, 20))
        painter.end()
        levels = [np.mean(image.pixelColor(x, 20).getRgb()[:3]) for x in range(6, 14)]
        assert max(levels) - min(levels) > 60
