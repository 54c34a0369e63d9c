"""The side panel: preview, details, the twelve best look-alikes and its states."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core.types import Details, PhotoState
from desktop_app.ui.panels.details import details_of, exact_details_of, long_date, state_sentence
from desktop_app.ui.panels.side_panel import SidePanel
from tests.ui.grid_parts import colour_of
from tests.ui.panel_parts import make_image, make_photo, show

ALIKE = [(number, 0.97 - number / 50) for number in range(10, 30)]


@pytest.fixture
def panel(qtbot, parts):
    return show(qtbot, SidePanel(parts.theme, parts.thumbnails), 320, 800)


@pytest.fixture
def filled(panel):
    panel.set_photo(make_photo(1))
    panel.set_alike(ALIKE)
    return panel


def test_states_without_a_photo(panel):
    assert panel.note() == "Click a photo to see its look-alikes."
    panel.set_photo(make_photo(1))
    assert panel.note() == ""
    panel.show_several(3, 1_300_000_000)
    assert panel.note() == "3 photos selected, 1.3 GB"
    panel.show_nothing()
    assert panel.note() == "Click a photo to see its look-alikes."


def test_twelve_look_alikes_with_their_likeness(filled):
    assert filled.alike.items() == tuple((number, pytest.approx(score)) for number, score in ALIKE[:12])
    first = filled.alike.thumbs()[0]
    assert first.accessibleName() == "Look-alike 1, likeness 0.77"
    assert all(thumb.isVisible() for thumb in filled.alike.thumbs())
    assert filled.find_button.isEnabled()


def test_the_only_photo(panel):
    panel.set_photo(make_photo(1))
    panel.set_alike([])
    assert panel._none.isVisible()
    assert panel._none.text() == "No other photo yet."
    assert not panel.find_button.isEnabled()


def test_following_the_arrow_keys_keeps_what_is_there_until_the_new_arrives(filled):
    before = filled.alike.items()
    filled.set_photo(make_photo(2))
    assert filled.alike.items() == before
    filled.set_alike([(40, 0.5)])
    assert filled.alike.items() == ((40, 0.5),)
    assert not filled.alike._thumbs[1].isVisible()


def test_after_nothing_the_old_look_alikes_do_not_return(filled):
    filled.show_nothing()
    filled.set_photo(make_photo(2))
    assert filled.alike.items() == ()


def test_a_click_chooses_and_a_double_click_opens_what_was_clicked_first(qtbot, filled):
    thumb = filled.alike.thumbs()[2]
    # the first click selects that photo, and its own look-alikes come in under the mouse
    filled.alikeChosen.connect(lambda _: filled.set_alike([(number + 100, 0.5) for number in range(12)]))
    with qtbot.waitSignal(filled.alikeChosen) as chosen:
        qtbot.mouseClick(thumb, Qt.MouseButton.LeftButton)
    assert chosen.args == [12]
    with qtbot.waitSignal(filled.alikeOpened) as opened:
        qtbot.mouseDClick(thumb, Qt.MouseButton.LeftButton)
    assert opened.args == [12]


def test_the_keyboard_moves_among_them(qtbot, filled):
    thumbs = filled.alike.thumbs()
    assert [thumb.focusPolicy() == Qt.FocusPolicy.StrongFocus for thumb in thumbs] == [True] + [False] * 11
    thumbs[0].setFocus()
    for key, at in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 11),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(next(thumb for thumb in thumbs if thumb.hasFocus()), key)
        assert [thumb.hasFocus() for thumb in thumbs].index(True) == at, key
    with qtbot.waitSignal(filled.alikeChosen):
        qtbot.keyClick(thumbs[0], Qt.Key.Key_Return)
    with qtbot.waitSignal(filled.alikeOpened) as opened:
        qtbot.keyClick(thumbs[0], Qt.Key.Key_Space)
    assert opened.args == [10]


def test_it_scrolls_only_where_it_has_to(qtbot, filled):
    bar = filled._stack.widget(1).verticalScrollBar()
    filled.resize(320, 1000)
    filled.fold.heading.setChecked(True)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    filled.resize(320, 400)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    last = filled._exact.mapTo(filled, filled._exact.rect().bottomLeft())
    assert last.y() < 400


class LayoutCount(QObject):
    """Counts how often what is below a widget is laid out anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.count = 0
        for one in (widget, *widget.findChildren(QWidget)):
            one.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_it_comes_to_rest_at_every_height(qtbot, filled):
    counted = LayoutCount(filled)
    for height in range(420, 900, 4):
        filled.resize(320, height)
        for _ in range(4):
            QApplication.processEvents()
        counted.count = 0
        for _ in range(6):
            QApplication.processEvents()
        assert counted.count == 0, f"still laying itself out at a height of {height}"


def test_find_alike(qtbot, filled):
    with qtbot.waitSignal(filled.findAlike):
        qtbot.mouseClick(filled.find_button, Qt.MouseButton.LeftButton)


def test_taller_panels_show_them_larger(filled):
    narrow = filled.alike.thumbs()[0].width()
    filled.resize(320, 1000)
    assert filled.alike.thumbs()[0].width() > narrow
    assert filled.alike.thumbs()[3].x() == filled.alike.thumbs()[0].x()


def test_the_preview_shows_the_thumbnail_then_the_photo(panel, parts):
    parts.thumbnails.give(1, make_image(5, 256, 256))
    panel.set_photo(make_photo(1))
    preview = panel._preview
    middle = preview.rect().center()
    assert close(preview, middle, 5)
    # the middle square only: the photo is wider
    rect = preview.photo_rect()
    assert rect.width() > rect.height() * 1.3
    panel.set_preview(make_image(6, 640, 480))
    assert close(preview, middle, 6)
    panel.set_photo(make_photo(1, camera="Other"))  # only its details differ
    assert close(preview, middle, 6)
    parts.thumbnails.give(1, make_image(7, 256, 256))  # late, and no better
    assert close(preview, middle, 6)


def close(preview, point: QPoint, number: int) -> bool:
    found = preview.grab().toImage().pixelColor(point).getRgb()[:3]
    return all(abs(a - b) <= 3 for a, b in zip(found, colour_of(number), strict=True))


def test_another_photo_without_a_thumbnail_never_shows_the_one_before(panel, parts):
    parts.store.open.clear()
    panel.set_photo(make_photo(1))
    panel.set_preview(make_image(6, 640, 480))
    panel.set_photo(make_photo(2))
    assert not close(panel._preview, panel._preview.rect().center(), 6)


def test_a_thumbnail_that_arrives_later_is_taken(qtbot, panel, parts):
    panel.set_photo(make_photo(3, 320, 256))
    with qtbot.waitSignal(parts.thumbnails.changed):
        pass
    assert close(panel._preview, panel._preview.rect().center(), 3)


def test_a_small_photo_is_not_blown_up(panel):
    panel.set_photo(make_photo(1, 40, 20))
    panel.set_preview(make_image(1, 40, 20))
    assert panel._preview.photo_rect().size().toSize() == QSize(80, 40)


def test_details_and_the_fold(qtbot, filled):
    assert filled._rows.shown() == details_of(make_photo(1))
    assert not filled._exact.isVisible()
    qtbot.mouseClick(filled.fold.heading, Qt.MouseButton.LeftButton)
    assert filled._exact.isVisible()
    filled.set_measures(0.934, 0.0004)
    shown = {detail.name: detail.value for detail in filled._exact.shown()}
    assert shown["Likeness"] == "0.9340"
    assert shown["MSE"] == "0.0004"
    assert shown["Format"] == "JPEG, 12.2 megapixels"


def test_a_photo_that_is_away_says_so(panel):
    panel.set_photo(make_photo(1, state=PhotoState.AWAY))
    assert panel._state.isVisible()
    assert panel._state.text() == state_sentence(make_photo(1, state=PhotoState.AWAY)) == "Its folder is not connected."
    panel.set_photo(make_photo(2))
    assert not panel._state.isVisible()


def test_names_are_shown_as_they_are(panel):
    panel.set_photo(make_photo(1, name="<b>bold</b>.jpg", camera="<i>x</i>"))
    assert panel._name.text() == "<b>bold</b>.jpg"
    assert panel._name.textFormat() == Qt.TextFormat.PlainText


def test_what_is_known_of_a_photo():
    rows = {detail.name: detail.value for detail in details_of(make_photo(1))}
    assert list(rows) == ["Taken", "Size", "Camera", "Folder"]
    unknown = {detail.name for detail in details_of(make_photo(1, taken=None, camera=""))}
    assert unknown == {"Changed", "Size", "Folder"}
    assert [detail.name for detail in exact_details_of(make_photo(1))] == ["Format", "File changed"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("C", "12 May 2019, 14:03"),
        ("en_GB", "12 May 2019, 14:03"),
        ("en_US", "May 12, 2019, 2:03"),
        ("de_DE", "12. Mai 2019, 14:03"),
        ("sv_SE", "12 maj 2019, 14:03"),
        ("fr_FR", "12 mai 2019, 14:03"),
        ("ja_JP", "2019年5月12日, 14:03"),
    ],
)
def test_dates_are_written_as_the_system_writes_them(locale, words):
    assert long_date(datetime(2019, 5, 12, 14, 3), QLocale(locale)).startswith(words)


def test_everything_can_be_reached_at_twice_the_text_size(qtbot, qapp, parts):
    panel = SidePanel(parts.theme, parts.thumbnails)
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    panel.setFont(font)
    wide = panel.sizeHint().width()
    show(qtbot, panel, wide, 700)
    panel.set_photo(make_photo(1))
    panel.set_alike(ALIKE)
    assert wide > 320
    right = panel.find_button.mapTo(panel, panel.find_button.rect().topRight()).x()
    assert right <= wide


def test_what_people_wrote_stands_between_camera_and_folder(panel):
    said = Details(
        52.52, 13.405, 34.0, 4, ("Berlin", "<b>tower</b>"), "The tower", "Seen from below. " * 40, "12 3 IMG_0001.xmp"
    )
    panel.set_photo(make_photo(1), said)
    rows = {row.name: row for row in panel._rows.shown()}
    assert list(rows) == [
        "Taken", "Size", "Camera", "Title", "Rating", "Keywords", "Description", "Place", "Map link", "Folder",
    ]  # fmt: skip
    assert rows["Place"].value == "52.52000° N, 13.40500° E"
    assert rows["Place"].tip == "34 m above sea level"
    assert rows["Map link"].value == "geo:52.52000,13.40500"
    assert rows["Keywords"].value == "Berlin, <b>tower</b>"
    assert rows["Keywords"].tip == "Read from IMG_0001.xmp"
    assert len(rows["Description"].value) <= 300
    panel.set_photo(make_photo(2), Details(rating=0))
    assert [row.name for row in panel._rows.shown()] == ["Taken", "Size", "Camera", "Folder"]
