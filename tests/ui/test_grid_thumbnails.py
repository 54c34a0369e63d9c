from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QImage

from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.grid.requests import decode_square
from tests.ui.grid_parts import colour_of, jpeg_of


def colours(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize(("width", "height"), [(320, 256), (256, 320), (256, 256), (900, 256)])
def test_the_middle_square_at_the_side_asked_for(qapp, width, height):
    image = decode_square(jpeg_of(3, width, height), 180)
    assert (image.width(), image.height()) == (180, 180)
    assert colours(image, 90, 90) == pytest.approx(colour_of(3), abs=4)


def test_a_picture_is_never_enlarged_and_a_damaged_one_is_null(qapp):
    assert decode_square(jpeg_of(3), 400).width() == 256
    assert decode_square(b"no picture", 180).isNull()
    assert decode_square(b"", 180).isNull()


def test_a_decoded_picture_owns_its_pixels(qapp):
    """A view of memory that is gone would show other pictures, sheared where a row is padded."""
    images = [decode_square(jpeg_of(photo), 133) for photo in range(20)]
    for photo, image in enumerate(images):
        for at in (0, 66, 132):
            assert colours(image, at, at) == pytest.approx(colour_of(photo), abs=4)


def test_a_picture_asked_for_comes(parts, qtbot):
    assert parts.thumbnails.pixmap(5, 100, 1.0) is None
    with qtbot.waitSignal(parts.thumbnails.changed) as said:
        pass
    assert said.args == [[5]]
    found = parts.thumbnails.pixmap(5, 100, 1.0)
    assert found.width() == 100
    assert colours(found.toImage(), 50, 50) == pytest.approx(colour_of(5), abs=4)
    assert parts.thumbnails.pixmap(5, 100, 2.0) is found  # until the finer one is there
    with qtbot.waitSignal(parts.thumbnails.changed):
        pass
    assert parts.thumbnails.pixmap(5, 100, 2.0).width() == 200


def test_what_is_off_screen_is_given_up(parts, qtbot):
    view = QObject()
    parts.store.open.clear()
    parts.thumbnails.want(view, range(100), 96)
    qtbot.waitUntil(lambda: bool(parts.lane.jobs))
    assert parts.store.reached.acquire(timeout=10)  # the first six are under way
    parts.thumbnails.want(view, range(500, 512), 96)
    QCoreApplication.processEvents()
    with qtbot.waitSignal(parts.lane.idle):
        parts.store.open.set()
    assert parts.store.asked == [*range(6), *range(500, 512)]


def test_a_photo_without_a_thumbnail_is_asked_for_once(parts, qtbot):
    view = QObject()
    parts.store.absent = {2}
    for _ in range(3):
        parts.thumbnails.want(view, (1, 2), 96)
        with qtbot.waitSignal(parts.lane.submit(int).finished):
            pass
        qtbot.waitUntil(lambda: parts.thumbnails.cached(1, 96) is not None)
    assert parts.store.asked == [1, 2]
    parts.store.absent = set()
    parts.thumbnails.forget([2])
    qtbot.waitUntil(lambda: parts.thumbnails.cached(2, 96) is not None)


def test_a_forgotten_picture_is_fetched_anew_even_while_it_is_on_its_way(parts, qtbot):
    view = QObject()
    parts.store.open.clear()
    parts.thumbnails.want(view, (1,), 96)
    qtbot.waitUntil(lambda: bool(parts.lane.jobs))
    assert parts.store.reached.acquire(timeout=10)
    parts.thumbnails.forget([1])
    parts.store.open.set()
    qtbot.waitUntil(lambda: parts.thumbnails.cached(1, 96) is not None)
    assert parts.store.asked == [1, 1]


def test_memory_stays_within_the_limit_and_the_least_recent_goes_first(parts, qtbot):
    one = 96 * 96 * 4
    small = Thumbnails(parts.lane, parts.store.fetch, limit=10 * one)
    view = QObject()
    small.want(view, range(8), 96)
    qtbot.waitUntil(lambda: small.bytes_kept == 8 * one)
    assert small.cached(0, 96) is not None  # the most recent now
    small.want(view, range(8, 14), 96)
    qtbot.waitUntil(lambda: small.cached(13, 96) is not None)
    assert small.bytes_kept == 10 * one
    assert [photo for photo in range(14) if small.cached(photo, 96) is None] == [1, 2, 3, 4]


def test_a_picture_from_outside_is_given(parts, qtbot):
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(0x336699)
    with qtbot.waitSignal(parts.thumbnails.changed):
        parts.thumbnails.give(-1, picture)
    assert parts.thumbnails.pixmap(-1, 96).width() == 200
    assert parts.store.asked == []


def test_an_error_is_told_and_the_rest_goes_on(parts, qtbot):
    def broken(_ids):
        raise OSError("The thumbnails cannot be read.")

    source, view = Thumbnails(parts.lane, broken), QObject()
    with qtbot.waitSignal(parts.lane.failed) as said:
        source.want(view, (1,), 96)
    assert isinstance(said.args[1], OSError)
    source.want(view, (1,), 96)
    with qtbot.waitSignal(parts.lane.submit(int).succeeded):
        pass
    assert parts.lane.is_idle


def test_clear_forgets_another_library(parts, qtbot):
    parts.thumbnails.pixmap(5, 96, 1.0)
    with qtbot.waitSignal(parts.thumbnails.changed):
        pass
    parts.thumbnails.clear()
    assert parts.thumbnails.bytes_kept == 0
    assert parts.thumbnails.cached(5, 96) is None


def test_after_the_lanes_end_nothing_more_is_tried(parts, qtbot):
    parts.lane.shutdown()
    tried = []
    parts.lane.submitted.connect(tried.append)
    parts.thumbnails.want(parts.lane, range(30), 96)
    qtbot.waitUntil(lambda: len(tried) > 0 and parts.lane.is_idle)
    QCoreApplication.processEvents()
    assert len(tried) <= 2
