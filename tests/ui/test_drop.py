"""What a drop will do, what the overlay says of it, and that it does that."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop_app.ui.drop import DropOverlay, image_of, outcome_of, paths_of
from desktop_app.ui.drop_outcome import Action, classify
from tests.ui.panel_parts import Drag, make_image, mime_of, show, still_style

__all__ = ["still_style"]

FOLDERS = {"/p/Family", "/p/Scans", "/p/a.jpg.d", "/p/odd.jpg", "/"}


def outcome(*paths: str, **others: bool):
    return classify(
        [Path(path) for path in paths],
        is_folder=lambda path: str(path) in FOLDERS,
        exists=lambda path: "gone" not in path.name,
        **others,
    )


@pytest.mark.parametrize(
    ("paths", "titles"),
    [
        (["/p/Family"], ["Add Family"]),
        (["/"], ["Add /"]),
        (["/p/Family", "/p/Scans"], ["Add 2 folders"]),
        (["/p/odd.jpg"], ["Add odd.jpg"]),  # a folder that is called like a picture
        (["/p/x/1.jpg"], ["Find photos like this"]),
        (["/p/x/1.JPG"], ["Find photos like this"]),
        (["/p/x/1.heic"], ["Find photos like this"]),
        (["/p/x/1.jpg", "/p/x/2.png"], ["Add their folder x", "Find photos like these"]),
        (["/p/x/1.jpg", "/p/y/2.png"], ["Add their 2 folders", "Find photos like these"]),
        (["/p/Family", "/p/x/1.jpg"], ["Add Family", "Find photos like this"]),
        (["/p/x/1.jpg", "/p/x/1.jpg"], ["Find photos like this"]),
        (["/p/x/1.jpg", "/p/x/notes.txt"], ["Find photos like this"]),
        (["/p/notes.txt"], ["Likeness can't use this file"]),
        (["/p/archive.zip", "/p/model.onnx"], ["Read into Insights"]),
        (["/p/model.onnx"], ["Add a way to compare"]),
        ([], ["Likeness can't use this file"]),
    ],
)
def test_titles(paths, titles):
    assert [choice.title for choice in outcome(*paths).choices] == titles


@pytest.mark.parametrize(
    ("paths", "others", "reason"),
    [
        (["/p/notes.txt"], {}, "notes.txt is not a picture or a folder."),
        (["/p/a.txt", "/p/b.doc"], {}, "None of the 2 files is a picture or a folder."),
        (["/p/film.mp4"], {}, "Videos are not read, only pictures and folders of pictures."),
        (["/p/art.psd"], {}, "Likeness does not read this kind of picture."),
        (["/p/gone"], {}, "It is not there any more."),
        ([], {"has_link": True}, "It is a link, not a picture. Save the picture first, then drop the file."),
    ],
)
def test_reasons(paths, others, reason):
    found = outcome(*paths, **others)
    assert not found.accepted
    assert found.choices[0].action is Action.REFUSE
    assert found.choices[0].note == reason


def test_choices_carry_what_they_act_on():
    two = outcome("/p/x/1.jpg", "/p/x/2.jpg")
    assert [choice.paths for choice in two.choices] == [
        (Path("/p/x"),),
        (Path("/p/x/1.jpg"), Path("/p/x/2.jpg")),
    ]
    mixed = outcome("/p/Family", "/p/notes.txt")
    assert mixed.choices[0].paths == (Path("/p/Family"),)
    assert mixed.choices[0].note == "1 other file left out"


def test_pixels_without_a_file_and_files_before_pixels():
    assert outcome(has_image=True, has_link=True).choices[0].action is Action.FIND_LIKE_IMAGE
    assert outcome("/p/x/1.jpg", has_image=True).choices[0].action is Action.FIND_LIKE


@pytest.mark.parametrize(
    "name", ["two\nlines", "\u202egpj.exe", "bytes\udcff", "<b>bold</b>", "x" * 300, "  ", "%s{}", "写真"]
)
def test_hostile_names_stay_on_one_short_printable_line(name, qapp, look):
    path = Path("/p") / name
    found = classify([path], is_folder=lambda _: True)
    title = found.choices[0].title
    assert title.isprintable()
    assert len(title) <= 44
    title.encode("utf-8")
    assert found.choices[0].paths == (path,)


def test_a_path_that_the_system_refuses_is_no_folder():
    def refuse(path: Path) -> bool:
        raise OSError(36, "File name too long")

    assert classify([Path("/" + "x" * 5000)], is_folder=refuse, exists=refuse).choices[0].action is Action.REFUSE
    assert classify([Path("/a\0b")]).choices[0].action is Action.REFUSE


@given(st.lists(st.text(st.characters(blacklist_characters="/\0"), min_size=1, max_size=40), max_size=8))
def test_any_names_give_one_or_two_choices(names):
    found = classify([Path("/p") / name for name in names], is_folder=lambda path: len(path.name) % 3 == 0)
    assert len(found.choices) in (1, 2)
    for choice in found.choices:
        assert choice.title.isprintable()
        assert bool(choice.paths) != (choice.action is Action.REFUSE)


# --- the overlay


@pytest.fixture
def window(qtbot, look):
    window = show(qtbot, QWidget(), 800, 500)
    window.overlay = DropOverlay(look, window)
    return window


def test_a_folder_is_announced_before_and_added_after_the_drop(qtbot, window, tmp_path):
    overlay = window.overlay
    folder = tmp_path / "Family"
    folder.mkdir()
    drag = Drag(window, mime_of(str(folder)))
    with qtbot.waitSignal(overlay.shown) as said:
        event = drag.enter(400, 250)
    assert said.args == ["Add Family"]
    assert event.isAccepted()
    assert overlay.isVisible()
    assert overlay.geometry() == window.rect()
    with qtbot.waitSignal(overlay.addFolders) as added:
        drag.drop(400, 250)
    assert added.args == [[folder]]
    qtbot.waitUntil(overlay.isHidden)


def test_two_halves_do_what_they_say(qtbot, window):
    overlay = window.overlay
    mime = mime_of("/p/x/1.jpg", "/p/x/2.jpg")
    drag = Drag(window, mime)
    drag.enter(10, 10)
    assert [overlay.choice_at(QPointF(x, 100)) for x in (10, 399, 400, 790)] == [0, 0, 1, 1]
    with qtbot.waitSignal(overlay.findLike) as found:
        Drag(overlay, mime).drop(700, 250)
    assert found.args == [[Path("/p/x/1.jpg"), Path("/p/x/2.jpg")]]
    Drag(window, mime).enter(10, 10)
    with qtbot.waitSignal(overlay.addFolders) as added:
        Drag(overlay, mime).drop(100, 250)
    assert added.args == [[Path("/p/x")]]


def test_the_half_under_the_mouse_is_marked(qtbot, window, look):
    overlay = window.overlay
    mime = mime_of("/p/x/1.jpg", "/p/x/2.jpg")
    Drag(window, mime).enter(10, 10)
    qtbot.waitUntil(lambda: overlay.grab().toImage().pixelColor(60, 60) == look.tokens.accentfill)
    Drag(overlay, mime).move(700, 60)
    assert overlay.grab().toImage().pixelColor(60, 60) == look.tokens.raised
    assert overlay.grab().toImage().pixelColor(740, 60) == look.tokens.accentfill


def test_pixels_from_a_page_are_looked_for(qtbot, window):
    picture = make_image(3, 40, 30)
    drag = Drag(window, mime_of(image=picture, urls=("https://example.org/cat.jpg",)))
    drag.enter(100, 100)
    assert window.overlay.outcome.choices[0].title == "Find photos like this"
    with qtbot.waitSignal(window.overlay.findLikeImage) as found:
        drag.drop(100, 100)
    assert found.args[0].size() == picture.size()
    assert found.args[0].pixel(0, 0) == picture.pixel(0, 0)


def test_what_cannot_be_used_is_said_and_does_nothing(qtbot, window, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("x")
    drag = Drag(window, mime_of(str(notes)))
    with qtbot.assertNotEmitted(window.overlay.addFolders), qtbot.assertNotEmitted(window.overlay.findLike):
        entered = drag.enter(100, 100)
        assert entered.dropAction() == Qt.DropAction.IgnoreAction
        assert window.overlay.outcome.choices[0].note == "notes.txt is not a picture or a folder."
        drag.drop(100, 100)
    qtbot.waitUntil(window.overlay.isHidden)


def test_leaving_hides_it_and_going_from_part_to_part_does_not(qtbot, window):
    overlay = window.overlay
    mime = mime_of("/p/x/1.jpg")
    Drag(window, mime).enter(100, 100)
    with qtbot.assertNotEmitted(overlay.shown):  # it is the overlay's own turn now: no second appearance
        Drag(window, mime).leave()
        Drag(overlay, mime).enter(101, 100)
    assert overlay.isVisible()
    Drag(overlay, mime).leave()
    qtbot.waitUntil(overlay.isHidden)
    assert overlay.outcome is None


def test_it_follows_the_window_and_covers_a_page_that_came_later(qtbot, window):
    page = QWidget(window)
    page.setGeometry(window.rect())
    page.show()
    Drag(window, mime_of("/p/x/1.jpg")).enter(100, 100)
    assert window.childAt(QPoint(100, 100)) is window.overlay
    window.resize(640, 420)
    qtbot.waitUntil(lambda: window.overlay.geometry() == window.rect())


def test_without_motion_it_is_there_at_once(qtbot, qapp, window, still_style):
    Drag(window, mime_of("/p/x/1.jpg")).enter(100, 100)
    assert window.overlay._fade.value == 1.0
    Drag(window, mime_of("/p/x/1.jpg")).drop(100, 100)
    assert window.overlay.isHidden()


def test_mime_data():
    mime = mime_of("/p/x/1.jpg", urls=("https://example.org/a.jpg",))
    assert paths_of(mime) == [Path("/p/x/1.jpg")]
    assert image_of(mime).isNull()
    assert outcome_of(mime).choices[0].action is Action.FIND_LIKE
    assert image_of(mime_of(image=make_image(1, 8, 8))).size() == QImage(8, 8, QImage.Format.Format_RGB32).size()
