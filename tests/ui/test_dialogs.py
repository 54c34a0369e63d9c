"""Windows of their own: they say what they should, copy what they say, and close by key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.ui.dialogs.about import AboutDialog, AboutInfo
from desktop_app.ui.dialogs.keys import KeyCaps, KeyLine, KeysDialog, native
from desktop_app.ui.dialogs.problem import ProblemDialog, show_problem
from tests.ui.panel_parts import show


def test_about_promises_and_copies_the_versions(qtbot, look):
    about = AboutDialog(look, AboutInfo("0.1.0", [("Qt", "6.11"), ("onnxruntime", "1.31")], licences="Apache-2.0"))
    show(qtbot, about, 480, 480)
    shown = {detail.name: detail.value for detail in about.rows.shown()}
    assert shown == {"Version": "0.1.0", "Qt": "6.11", "onnxruntime": "1.31", "Licence": "Apache License 2.0"}
    qtbot.mouseClick(about.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Likeness 0.1.0\nQt 6.11\nonnxruntime 1.31"
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert about.isHidden()


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("Ctrl+F", "Ctrl+F"), ("Ctrl++", "Ctrl++"), ("arrows", "arrows"), ("1-9", "1-9"), ("Delete", "Del"), ("S", "S")],
)
def test_keys_are_written_as_the_system_writes_them(keys, shown, qapp):
    assert native(keys) == shown


def test_keys_of_a_page(qtbot, look):
    lines = [
        KeyLine("Everywhere", "Ctrl+F", "Search"),
        KeyLine("Everywhere", "Alt+Left · Alt+Right", "Back, forward"),
        KeyLine("Viewer", "Z", "Fit or 100 %"),
    ]
    dialog = show(qtbot, KeysDialog(look, "Photos", lines), 560, 520)
    caps = dialog.findChildren(KeyCaps)
    assert [made.accessibleName() for made in caps] == ["Ctrl+F", "Alt+Left or Alt+Right", "Z"]
    assert caps[1].width() > caps[0].width()
    qtbot.keyClick(dialog, Qt.Key.Key_F1)
    assert dialog.isHidden()


@pytest.fixture
def error() -> BaseException:
    try:
        raise ValueError("<b>no</b>")
    except ValueError as raised:
        return raised


def test_a_problem_is_one_sentence_with_the_way_to_its_details(qtbot, look, error):
    tried = []
    window = show(qtbot, QWidget(), 600, 400)
    dialog = show_problem(look, window, error, "adding photos", log=Path("/logs/x.log"), again=lambda: tried.append(1))
    qtbot.waitExposed(dialog)
    assert not dialog.isModal()
    assert not dialog.details.isVisible()
    qtbot.mouseClick(dialog.show_details, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert "ValueError: <b>no</b>" in dialog.details.toPlainText()
    with qtbot.waitSignal(dialog.copied):
        qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Something went wrong while adding photos.")
    assert "Traceback" in copied
    assert copied.endswith("Log: " + str(Path("/logs/x.log")))
    qtbot.mouseClick(dialog.again, Qt.MouseButton.LeftButton)
    assert tried == [1]
    qtbot.waitUntil(lambda: not isValid(dialog))


def test_a_problem_without_a_second_try(qtbot, look):
    dialog = show(qtbot, ProblemDialog(look, "", "Traceback"), 480, 200)
    assert dialog.report().startswith("Something went wrong.")
    assert dialog.again.isHidden()
    assert dialog.close_button.isDefault()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isHidden()
