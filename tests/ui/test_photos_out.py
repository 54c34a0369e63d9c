"""Contact sheets and copies: what is laid out, what is written, what stays where it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.labelling import Origin
from desktop_app.core.operations import labels
from desktop_app.core.types import PhotoId
from desktop_app.ui.photos_out import printing
from desktop_app.ui.photos_out.contact_sheet import ContactSheet
from desktop_app.ui.photos_out.copying import CopyDialog, CopyingOut
from desktop_app.ui.photos_out.printing import Sheet, first_page, safe_file_name, write_sheet
from desktop_app.ui.photos_out.sheet import Caption, Kind, Page, SheetWish, captions, plan, usual_ratio
from desktop_app.ui.photos_out.sheet_dialog import SheetDialog
from desktop_app.ui.pixels import from_image
from tests.core.trash_made import disk, end, known
from tests.photos import save, scene
from tests.ui.desks import Table, laid
from tests.ui.panel_parts import show


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(12):
        save(tmp_path / "Family" / f"IMG_{number}.jpg", number)
    (tmp_path / "Family" / "IMG_1.xmp").write_bytes(b"stars")
    return tmp_path / "Family"


@pytest.fixture
def table(qtbot, look, tmp_path: Path) -> Iterator[Table]:
    with laid(qtbot, look, tmp_path / "library") as table:
        yield table


@pytest.fixture
def ids(table: Table, root: Path) -> list[PhotoId]:
    found = list(known(table.library, root, [f"IMG_{number}.jpg" for number in range(12)]).values())
    held = photos.contents(table.library.connection, found)
    table.library.thumbnails.put((held[photo], encode_thumbnail(scene(at))) for at, photo in enumerate(found))
    return found


def sheet(ids: list[PhotoId], **wish: object) -> Sheet:
    return Sheet(tuple(ids), SheetWish(**wish), "DejaVu Sans")  # type: ignore[arg-type]


# --- laying out


wishes = st.builds(
    SheetWish,
    page=st.sampled_from(Page),
    across=st.booleans(),
    columns=st.integers(1, 12),
    captions=st.sets(st.sampled_from(Caption)).map(tuple),
    title=st.sampled_from(["", "Summer"]),
)


@given(wish=wishes, ratio=st.floats(2 / 3, 3 / 2), count=st.integers(0, 3000))
def test_everything_stands_on_the_page_and_nothing_on_anything_else(wish: SheetWish, ratio: float, count: int) -> None:
    made = plan(wish, ratio)
    page = QRectF(0, 0, made.page.width(), made.page.height())
    assert made.height > 20
    seen = 0
    for number in range(made.pages(count)):
        part = made.on_page(number)
        assert part.start == seen
        seen = part.stop
        rows = made.first_rows if number == 0 else made.rows
        assert part.stop - part.start == rows * wish.columns
        if number > 1:
            continue
        boxes = [made.box(place, number) for place in range(part.stop - part.start)]
        whole = [box.adjusted(0, 0, 0, made.caption_height) for box in boxes]
        assert all(page.contains(box) for box in whole)
        assert all(not box.intersects(made.foot_box()) for box in whole)
        assert not wish.title or number or all(not box.intersects(made.title_box()) for box in whole)
        for at, box in enumerate(whole[: 2 * wish.columns]):
            assert not any(box.intersects(other) for other in whole[at + 1 : at + 2 * wish.columns])
    assert seen >= count
    assert SheetWish.from_text(wish.as_text()) == SheetWish(
        wish.kind, wish.page, wish.across, wish.columns, wish.captions
    )


@pytest.mark.parametrize("text", ["", "nothing", "[]", "{}", '{"kind": "pdf", "page": "A9"}', '{"columns": 1e999}'])
def test_settings_of_another_version_are_passed_over(text: str) -> None:
    assert SheetWish.from_text(text) == SheetWish()


def test_boxes_suit_most_photos() -> None:
    assert usual_ratio([]) == 0.75
    assert usual_ratio([(400, 300)] * 5 + [(300, 400)]) == 0.75
    assert usual_ratio([(300, 400)] * 5) == 4 / 3
    assert usual_ratio([(3000, 300), (0, 5)]) == 2 / 3


def test_lines_below_photos(table: Table, ids: list[PhotoId]) -> None:
    made = labels.create_set(table.library, "era", ["classic", "modern"]).label_set
    more = labels.create_set(table.library, "mood", ["sunny"]).label_set
    labels.put_labels(table.library, made.id, [(ids[0], made.answers[1].id), (ids[1], None)], Origin.HAND)
    labels.put_labels(table.library, more.id, [(ids[0], more.answers[0].id)], Origin.HAND)
    found = list(photos.fetch(table.library.connection, ids[:3]).values())
    lines = captions(table.library, found, tuple(Caption), {ids[0]: 0.931})
    assert lines[ids[0]][0] == "IMG_0.jpg"
    assert str(found[0].modified.year) in lines[ids[0]][1]
    assert ":" not in lines[ids[0]][1]
    assert lines[ids[0]][2:] == ("0.93", "modern, sunny")
    assert lines[ids[1]][2:] == ("", "none of these")
    assert lines[ids[2]][2:] == ("", "")


# --- writing


def test_a_pdf_holds_every_page_and_every_photo(table: Table, ids: list[PhotoId], tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    wanted = sheet(ids * 10, columns=5, captions=(Caption.NAME, Caption.DATE), title="Summer")
    result, _ = end(write_sheet(table.library, wanted, path))
    assert result == (path,)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    made = printing.lay_out(table.library, wanted)
    assert made.pages(120) > 1
    assert data.count(b"/Type /Page\n") == made.pages(120)
    assert os.listdir(tmp_path / "Family") != []
    assert [one for one in os.listdir(tmp_path) if "sheet" in one] == ["sheet.pdf"]


def test_png_pages_show_the_photos_where_the_plan_says(table: Table, ids: list[PhotoId], tmp_path: Path) -> None:
    wanted = sheet(ids, kind=Kind.PNG, columns=2, captions=(), title="")
    made = printing.lay_out(table.library, wanted)
    pages = made.pages(12)
    result, _ = end(write_sheet(table.library, wanted, tmp_path / "sheet.png"))
    assert result == tuple(tmp_path / f"sheet {number}.png" for number in range(1, pages + 1))
    assert pages > 1
    image = QImage(str(result[0]))
    scale = image.width() / made.page.width()
    for place in range(4):
        box = made.box(place, 0)
        fits = min(box.width() / 320, box.height() / 240)  # in the middle of its box, whole
        photo = QRectF(0, 0, 320 * fits * scale, 240 * fits * scale)
        photo.moveCenter(box.center() * scale)
        inside = photo.toRect().adjusted(1, 1, -1, -1)
        seen = from_image(image.copy(inside).scaled(32, 24, mode=Qt.TransformationMode.SmoothTransformation))
        expected = cv2.resize(scene(place), (32, 24), interpolation=cv2.INTER_AREA)
        assert abs(seen.astype(int) - expected).mean() < 8
        assert QColor(image.pixel(round(scale * (box.right() + 4)), round(scale * box.center().y()))) == QColor("white")
    with pytest.raises(UserError, match="is there already"):
        end(write_sheet(table.library, wanted, tmp_path / "sheet.png"))


def test_one_picture_keeps_its_name(table: Table, ids: list[PhotoId], tmp_path: Path) -> None:
    (tmp_path / "sheet.png").write_bytes(b"an older one")
    result, _ = end(write_sheet(table.library, sheet(ids, kind=Kind.PNG, columns=6), tmp_path / "sheet.png"))
    assert result == (tmp_path / "sheet.png",)
    assert not QImage(str(tmp_path / "sheet.png")).isNull()


def test_pages_do_not_become_photos(table: Table, ids: list[PhotoId], root: Path) -> None:
    with pytest.raises(UserError, match="added as photos"):
        end(write_sheet(table.library, sheet(ids, kind=Kind.PNG), root / "sheet.png"))
    assert end(write_sheet(table.library, sheet(ids), root / "sheet.pdf"))[0] == (root / "sheet.pdf",)


def test_large_photos_come_from_their_files_and_lost_ones_from_what_is_kept(
    table: Table, ids: list[PhotoId], root: Path, tmp_path: Path
) -> None:
    save(root / "large.jpg", 1, width=1600, height=1200)
    large = known(table.library, root, ["large.jpg"])["large.jpg"]
    photo = photos.fetch(table.library.connection, [large])[large]
    table.library.thumbnails.put([(photo.content, encode_thumbnail(scene(1)))])
    made = printing.lay_out(table.library, sheet([large], columns=1))
    assert printing._pictures(table.library, made, sharp=True)(photo).width() == 1600
    assert printing._pictures(table.library, made, sharp=False)(photo).width() < 400
    photo.path.unlink()
    assert 0 < printing._pictures(table.library, made, sharp=True)(photo).width() < 400
    result, _ = end(write_sheet(table.library, sheet([large, PhotoId(999)], columns=1), tmp_path / "a.pdf"))
    assert result[0].stat().st_size > 1000


@pytest.mark.parametrize("kind", Kind)
def test_stopped_or_refused_nothing_half_stays(table: Table, ids: list[PhotoId], tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "out" / f"sheet.{kind.value}"
    path.parent.mkdir()
    path.write_bytes(b"an older one")
    operation = write_sheet(table.library, sheet(ids, kind=kind, columns=6), path)
    for _ in range(3):
        next(operation)
    operation.close()
    assert os.listdir(path.parent) == [path.name]
    assert path.read_bytes() == b"an older one"
    with pytest.raises(UserError, match="cannot be written"):
        end(write_sheet(table.library, sheet(ids, kind=kind), tmp_path / "nowhere" / path.name))


def test_the_first_page_is_quick_to_see(table: Table, ids: list[PhotoId]) -> None:
    image, pages = first_page(table.library, sheet(ids * 50, columns=8, title="Summer"), 0.5)
    assert image.width() == 298
    assert pages > 1
    assert any(image.pixelColor(x, 100) != QColor("white") for x in range(image.width()))


def test_titles_as_names_of_files() -> None:
    assert safe_file_name('Anna: "best" of 1/2.') == "Anna   best  of 1 2"
    assert safe_file_name("...") == ""


# --- asking


def test_the_dialog_asks_and_remembers(
    table: Table, ids: list[PhotoId], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = ContactSheet(table.desk)
    sheets.ask([])
    assert table.message == "Select photos for the contact sheet first."
    sheets.ask(ids, {ids[0]: 0.9}, "Summer")
    table.settle()
    dialog = sheets.dialog
    assert dialog is not None
    assert dialog.title.text() == "Summer"
    assert dialog.summary.text() == "12 photos on 1 page."
    assert not dialog.preview.pixmap().isNull()
    dialog.columns.setCurrentText("1")
    dialog.captions[Caption.LIKENESS].setChecked(True)
    table.qtbot.waitUntil(lambda: "12 photos on 1 page" not in dialog.summary.text(), timeout=30_000)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "my sheet"), ""))
    with table.qtbot.waitSignal(sheets.saved, timeout=30_000):
        dialog.save.click()
        assert dialog.close_button.text() == "Stop"
    table.settle()
    assert (tmp_path / "my sheet.pdf").read_bytes().startswith(b"%PDF")
    assert table.message == "Saved “my sheet.pdf”."
    assert [one.text() for one in table.desk.status.message_buttons()] == ["Open", "Show folder"]
    assert sheets.dialog is None
    sheets.ask(ids)
    assert sheets.dialog is not None
    assert sheets.dialog.wish.columns == 1
    assert sheets.dialog.title.text() == ""
    assert not sheets.dialog.captions[Caption.LIKENESS].isEnabled()
    assert Caption.LIKENESS not in sheets.dialog.wish.captions
    table.settle()
    sheets.dialog.reject()


def test_a_sheet_can_be_stopped(table: Table, ids: list[PhotoId], tmp_path: Path) -> None:
    sheets = ContactSheet(table.desk)
    sheets.ask(ids * 200)
    table.settle()
    dialog = sheets.dialog
    assert dialog is not None
    sheets.write(dialog.wish, tmp_path / "never.pdf")
    table.qtbot.waitUntil(lambda: dialog.bar.value() > 0, timeout=30_000)
    dialog.close_button.click()
    table.settle()
    assert not (tmp_path / "never.pdf").exists()
    assert dialog.save.isEnabled()
    dialog.close_button.click()
    assert sheets.dialog is None


def test_copies_to_a_folder(
    table: Table, ids: list[PhotoId], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = disk(root)
    copying = CopyingOut(table.desk)
    copying.ask([])
    assert table.message == "Select photos to copy first."
    copying.ask(ids[:3])
    table.settle()
    dialog = copying.dialog
    assert dialog is not None
    assert not dialog.copy_button.isEnabled()
    assert dialog.with_companions.text() == "Also the 1 file that belongs to them"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    dialog.choose.click()
    assert dialog.copy_button.text() == "Copy 3 photos"
    with table.qtbot.waitSignal(copying.copied, timeout=30_000):
        dialog.copy_button.click()
    table.settle()
    assert table.message == "3 photos and 1 file that belongs to them copied to “out”."
    assert sorted(os.listdir(tmp_path / "out")) == ["IMG_0.jpg", "IMG_1.jpg", "IMG_1.xmp", "IMG_2.jpg"]
    assert disk(root) == before
    copying.ask(ids[:1])
    table.settle()
    assert copying.dialog is not None
    assert copying.dialog.place.words() == str(tmp_path / "out")
    assert copying.dialog.with_companions.isHidden()
    copying.dialog.cancel.click()
    assert copying.dialog is None


def test_dialogs_fit_the_smallest_window(qtbot, look) -> None:
    sheet_dialog = show(qtbot, SheetDialog(look, 214, SheetWish(), has_scores=False), 10, 10)
    copy_dialog = show(qtbot, CopyDialog(214, 3, 10**9, "", with_companions=True), 10, 10)
    for dialog in (sheet_dialog, copy_dialog):
        assert dialog.width() <= 960
        assert dialog.height() <= 600
        dialog.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_that_has_the_keyboard(qtbot, look, monkeypatch, tmp_path: Path, key: Qt.Key) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    dialog = show(qtbot, CopyDialog(1, 0, 10, "", with_companions=True), 10, 10)
    assert dialog.choose.hasFocus()
    qtbot.keyClick(dialog.choose, key)
    assert dialog.copy_button.isEnabled()
    assert dialog.copy_button.hasFocus()
    dialog.cancel.setFocus()
    with qtbot.assertNotEmitted(dialog.copyAsked), qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog.cancel, key)
