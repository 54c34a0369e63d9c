"""Narrowing what is shown by folder, date, camera and shape; headings by date, and going to a month."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app.core.operations.filter_words import days_words
from desktop_app.core.searching import Filter, FilterKind
from desktop_app.core.types import Order
from desktop_app.ui.filters.calendar_bins import to_day
from desktop_app.ui.filters.histogram_paint import EDGE
from desktop_app.ui.filters.panel import FilterPanel
from tests.photos import scene
from tests.stories.person import ALT, CTRL, LEFT, SHIFT, Key, Person


def save(path: Path, seed: int, taken: datetime, camera: str, width: int = 320, height: int = 240) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0110] = camera
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    Image.fromarray(scene(seed, width, height)).save(path, exif=exif)


@pytest.fixture
def album(person: Person, tmp_path: Path) -> Person:
    """Someone with 24 photos: two days of May 2019, some of 2018, two cameras, two folders and one inside."""
    for n in range(12):
        camera = "Canon EOS 80D" if n % 3 else "NIKON D850"
        save(tmp_path / "Family" / f"may {n}.jpg", n, datetime(2019, 5, 12 if n < 6 else 3, 12, n), camera)
    for n in range(6):
        taken = datetime(2018, 12, 24, 18, n)
        save(tmp_path / "Family" / "winter" / f"winter {n}.jpg", 20 + n, taken, "Canon EOS 80D", 240, 320)
        save(tmp_path / "Work" / f"work {n}.jpg", 40 + n, datetime(2018, 3, 1, 9, n), "")
    person.window.resize(1400, 800)
    person.add(tmp_path / "Family", tmp_path / "Work")
    return person


def panel(person: Person) -> FilterPanel:
    return person.window.findChild(FilterPanel)


def open_panel(person: Person) -> FilterPanel:
    person.push("Filters")
    found = panel(person)
    person.until(lambda: found.isVisible() and found._facets.total > 0)
    return found


def counts(person: Person) -> dict[str, int | None]:
    """What is listed with its counts."""
    return {row.name: row.count for row in panel(person).choices.rows.rows if row.wish is not None}


def choose(person: Person, name: str) -> None:
    """Click a choice of the panel."""
    choices = panel(person).choices
    names = [row.name for row in choices.rows.rows]
    index = choices.rows.index(names.index(name), 0)
    choices.scrollTo(index)
    QTest.mouseClick(choices.viewport(), LEFT, pos=choices.visualRect(index).center())
    person.settle()


def chips(person: Person) -> list[str]:
    """What the chips of filters say."""
    names = [chip.accessibleName() for chip in person.page.bar.chips.chips()]
    assert all(name.startswith("Only ") for name in names)
    return [name.removeprefix("Only ") for name in names]


def test_choices_narrow_the_photos_and_one_anothers_counts(album: Person) -> None:
    open_panel(album)
    assert counts(album)["Canon EOS 80D"] == 14
    choose(album, "Canon EOS 80D")
    assert len(album.names()) == 14
    assert chips(album) == ["Canon EOS 80D"]
    found = counts(album)
    assert (found["NIKON D850"], found["Portrait"], found["Family"]) == (4, 6, 14)
    assert found["Work"] == 0  # grey where it was, until one goes elsewhere
    album.grid.setFocus()
    assert "Work" not in counts(album)
    choose(album, "Portrait")
    assert sorted(album.names()) == [f"winter {n}.jpg" for n in range(6)]
    assert counts(album)["Landscape"] == 8
    choose(album, "Portrait")  # no longer
    choose(album, "NIKON D850")
    assert chips(album) == ["Canon EOS 80D or NIKON D850"]
    assert len(album.names()) == 18
    album.press(Key.Key_Left, ALT)
    album.settle()
    assert chips(album) == ["Canon EOS 80D"]
    assert len(album.names()) == 14
    album.push("Clear all", [panel(album).clear_button])
    album.settle()
    assert len(album.names()) == 24


def test_a_month_is_clicked_in_the_calendar(album: Person) -> None:
    calendar = open_panel(album).calendar
    x = round(EDGE + calendar._window.x(to_day(date(2019, 5, 15))))
    QTest.mouseClick(calendar, LEFT, pos=QPoint(x, 20))
    album.settle()
    assert chips(album) == ["May 2019"]
    assert len(album.names()) == 12
    assert panel(album)._words.words() == "12 photos, May 2019"
    assert [title for _row, title in album.grid.photos.sections] == ["12 May 2019", "3 May 2019"]


def test_typing_finds_a_folder_and_keys_choose_it(album: Person) -> None:
    album.press(Key.Key_F, CTRL | SHIFT)
    album.until(lambda: QApplication.focusWidget() is panel(album).search)
    album.until(lambda: "Family" in counts(album))
    album.type("winter")
    album.settle()
    assert counts(album) == {"winter": 6}
    album.press(Key.Key_Down)
    assert QApplication.focusWidget() is panel(album).choices
    assert panel(album).choices.current_row().name == "winter"
    album.press(Key.Key_Space)
    album.settle()
    assert chips(album) == ["in Family / winter"]
    assert len(album.names()) == 6
    album.press(Key.Key_Escape)
    assert panel(album).search.text() == ""
    album.press(Key.Key_Escape)
    assert not panel(album).isVisible()
    assert chips(album) == ["in Family / winter"]  # what is chosen stays


def test_headings_stand_above_the_days_only_while_photos_are_sorted_by_date(album: Person) -> None:
    titles = ["12 May 2019", "3 May 2019", "24 December 2018", "1 March 2018"]
    assert [title for _row, title in album.grid.photos.sections] == titles
    album.grid.setFocus()
    album.press(Key.Key_Home)
    for _ in range(6):
        album.press(Key.Key_Right)
    assert album.current() == album.names()[6]
    album.page.bar.sortChosen.emit(Order.NAME)
    album.settle()
    assert album.grid.photos.sections == ()


def test_one_goes_to_a_month_by_keyboard(album: Person) -> None:
    album.window.resize(960, 600)
    album.grid.setFocus()
    album.press(Key.Key_M, CTRL | SHIFT)
    album.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert [one.text().split("\t")[0] for one in menu.actions()] == ["2019", "2018"]
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Right):
        QTest.keyClick(menu, key)
    album.until(lambda: QApplication.activePopupWidget() is not menu)
    inner = QApplication.activePopupWidget()
    assert [one.text().split("\t")[0] for one in inner.actions()] == ["December", "March"]
    QTest.keyClick(inner, Key.Key_Return)
    album.until(lambda: QApplication.activePopupWidget() is None)
    album.come_back()
    row = album.names().index("winter 5.jpg")
    place = album.grid.visualRect(album.grid.photos.index(row))
    assert 0 <= place.top() < 80


def test_on_this_day_looks_back_from_the_latest_earlier_year_to_this_one(album: Person, tmp_path: Path) -> None:
    today = date.today()
    day = days_words(today, today).rpartition(" ")[0]
    album.window.commands["on_this_day"].trigger()
    album.settle()
    if not album.names():  # but on those few days that the album has photos of
        assert album.empty() == f"No photo fits. No photo here is of {day} in any year."
    album.window.finding.narrowing.clear()
    album.settle()
    save(tmp_path / "Now" / "now.jpg", 1, datetime(today.year, today.month, today.day, 0, 1), "")
    album.add(tmp_path / "Now")
    album.window.commands["on_this_day"].trigger()
    album.settle()
    if {(today.month, today.day)} - {(5, 12), (5, 3), (12, 24), (3, 1)}:  # days that the album has photos of
        assert album.names() == ["now.jpg"]
        assert album.page.bar.note_words() == f"No photo of {day} is from an earlier year."
    for year in (2012, 2016):  # both have a 29 February
        save(tmp_path / "Then" / f"then {year}.jpg", year, datetime(year, today.month, today.day, 8), "")
    album.add(tmp_path / "Then")
    album.settle()
    names = [name for name in album.names() if name.startswith(("then", "now"))]
    assert names == ["then 2016.jpg", "then 2012.jpg", "now.jpg"]
    titles = [title for _row, title in album.grid.photos.sections]
    assert titles[-1] == f"{day} {today.year} · today"
    assert f"{day} 2012 · {today.year - 2012} years ago" in titles
    assert chips(album) == [f"{day} in any year"]
    album.window.commands["on_this_day"].trigger()
    album.settle()
    assert len(chips(album)) == 1
    album.page.bar.sortChosen.emit(Order.NAME)
    album.settle()
    assert album.names() == sorted(album.names())


def test_a_filter_that_names_what_is_gone_says_so_where_the_photos_were(album: Person) -> None:
    open_panel(album)
    choose(album, "Work")
    assert len(album.names()) == 6
    album.folder_menu("Work", "Remove from library")
    album.until(lambda: len(album.names()) == 18)
    album.settle()
    assert album.page.bar.note_words() == "“in Work” is left out: its folder is no longer in the library."
    album.push("Clear all", [panel(album).clear_button])
    album.settle()
    sold = Filter(FilterKind.CAMERA, "Sold X1", choices=("Sold X1",))
    album.window.finding.narrowing.add(sold)
    album.settle()
    assert album.empty() == "No photo fits. No photo here was taken with “Sold X1”."
    album.push("Clear the search")
    album.settle()
    assert len(album.names()) == 18
