from __future__ import annotations

import gc
import re
import weakref
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.paths import resources_dir
from desktop_app.ui import icons, theme
from desktop_app.ui.stylesheet import STYLESHEET
from desktop_app.ui.theme import DARK, LIGHT, Tokens


@pytest.fixture
def look(qapp):
    look = theme.apply(qapp, "light")
    yield look
    theme.apply(qapp, "light")


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, two: QColor) -> float:
    lighter, darker = sorted((luminance(one), luminance(two)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["canvas", "window", "raised", "hover"])
def test_text_can_be_read_on_every_ground(tokens: Tokens, ground):
    below = getattr(tokens, ground)
    for name, least in (("text", 7), ("text2", 4.5), ("text3", 4.5), ("accent", 4.5)):
        assert contrast(getattr(tokens, name), below) >= least - 0.1, name


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_signs_can_be_told_from_their_ground(tokens: Tokens):
    assert contrast(tokens.control, tokens.window) >= 3
    assert contrast(tokens.onaccent, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.accentfill) >= 7
    for name in ("good", "warn", "bad"):
        assert contrast(getattr(tokens, name), tokens.window) >= 4.5, name


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_stylesheet_names_only_tokens_that_exist(tokens):
    assert "@" not in theme.make_stylesheet(tokens, 10)


def test_longer_names_are_not_taken_for_shorter_ones():
    sheet = theme.make_stylesheet(LIGHT, 10)
    assert f"placeholder-text-color: {LIGHT.text3.name()};" in sheet
    used = set(re.findall(r"@(\w+)", STYLESHEET)) - {"small", "title", "big", "tick"}
    assert used <= {field.name for field in fields(Tokens)}


def test_small_text_stays_legible():
    assert "font-size: 8.5pt" in theme.make_stylesheet(LIGHT, 8)


def test_a_scheme_takes_effect_at_once(qapp, look, qtbot):
    with qtbot.waitSignal(look.changed):
        look.set_scheme("dark")
    assert look.is_dark
    assert look.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Base) == DARK.canvas
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == DARK.text3
    assert theme.token("accent") == DARK.accent
    assert theme.apply(qapp, "light") is look
    assert theme.token("accent") == LIGHT.accent


def test_the_systems_change_is_followed_only_when_asked_to(qapp, look, monkeypatch):
    def system(scheme):
        monkeypatch.setattr(type(qapp.styleHints()), "colorScheme", lambda _self: scheme)
        look.refresh()

    look.set_scheme("system")
    system(Qt.ColorScheme.Dark)
    assert look.is_dark
    system(Qt.ColorScheme.Light)
    assert not look.is_dark
    look.set_scheme("dark")
    system(Qt.ColorScheme.Light)
    assert look.is_dark


def test_high_contrast_takes_the_systems_colours(qapp, look, monkeypatch):
    monkeypatch.setattr(theme, "_high_contrast", lambda _app: True)
    look.refresh()
    own = qapp.style().standardPalette()
    assert look.high_contrast
    assert qapp.palette().color(QPalette.ColorRole.Base) == own.color(QPalette.ColorRole.Base)
    assert look.tokens.accent == own.color(QPalette.ColorRole.Highlight)
    assert LIGHT.accent.name() not in qapp.styleSheet()


def test_focus_moves_nothing(qtbot, look):
    """The border grows by one pixel and the padding shrinks by one."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    parts = [QPushButton("Find alike"), QLineEdit("beach")]
    for part in parts:
        column.addWidget(part)
    window.show()
    window.activateWindow()
    before = {}
    parts[1].setFocus()
    before[0] = parts[0].sizeHint()
    parts[0].setFocus()
    before[1] = parts[1].sizeHint()
    assert parts[0].sizeHint().width() == before[0].width()
    parts[1].setFocus()
    assert parts[1].sizeHint().width() == before[1].width()


def test_labels_take_their_size_from_their_role(qtbot, look):
    plain, title = QLabel("Photos"), QLabel("Photos")
    title.setProperty("role", "title")
    for label in (plain, title):
        qtbot.addWidget(label)
        label.ensurePolished()
    assert title.sizeHint().height() > plain.sizeHint().height() * 1.3


def test_every_icon_draws_something_in_the_colour_asked_for(qapp, look):
    names = [path.stem for path in (resources_dir() / "icons").glob("*.svg")]
    assert len(names) > 40
    for name in names:
        drawn = icons.pixmap(name, QColor("#ff0000"), 20, 2.0).toImage()
        assert drawn.size().width() == 40
        seen = {
            drawn.pixelColor(x, y).name() for x in range(40) for y in range(40) if drawn.pixelColor(x, y).alpha() > 128
        }
        assert seen == {"#ff0000"}, name


def test_a_buttons_icon_follows_the_theme(qtbot, look):
    button = QPushButton()
    qtbot.addWidget(button)

    def colour(mode=QIcon.Mode.Normal):
        image = button.icon().pixmap(20, mode=mode).toImage()
        return image.pixelColor(10, 10).name()

    icons.set_icon(button, "tick")
    icons.set_icon(button, "plus")
    assert colour() == LIGHT.text2.name()
    assert colour(QIcon.Mode.Disabled) == LIGHT.text3.name()
    look.set_scheme("dark")
    assert colour() == DARK.text2.name()


def test_a_button_goes_with_its_icon_without_the_garbage_collector(look):
    gc.collect()
    gc.disable()
    try:
        button = QPushButton()
        icons.set_icon(button, "plus")
        dead = weakref.ref(button)
        del button
        assert dead() is None
    finally:
        gc.enable()
    look.set_scheme("dark")


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_tick_of_a_box_can_be_told_from_its_ground(tokens):
    sheet = theme.make_stylesheet(tokens, 10)
    tick = re.search(r'image: url\("([^"]+)"\)', sheet)
    assert tick is not None
    source = Path(tick[1]).read_text("utf-8")
    stroke = QColor(re.search(r'stroke="(#\w+)"', source)[1])
    assert abs(stroke.lightness() - tokens.accent.lightness()) > 90
