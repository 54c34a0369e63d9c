"""How the program looks: colours per scheme, text sizes, the palette and the one stylesheet.

Lists and grids are painted by delegates with the colours of `Theme.tokens`; the stylesheet is for inputs,
buttons, bars and tooltips only. Text roles are a dynamic property: `label.setProperty("role", "title")`.
"""

from __future__ import annotations

import ctypes
import re
import sys
from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop_app.core.paths import resources_dir
from desktop_app.ui.stylesheet import STYLESHEET

Scheme = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Tokens:
    """The colours by name; the guide gives each one's contrast."""

    canvas: QColor  # under photos
    window: QColor  # lists and bars
    raised: QColor  # inputs, buttons, cards
    hover: QColor
    pressed: QColor
    line: QColor  # dividers, decorative
    control: QColor  # borders of inputs and buttons
    text: QColor
    text2: QColor  # secondary
    text3: QColor  # placeholder, disabled
    accent: QColor
    onaccent: QColor
    accentfill: QColor  # chosen row, chips
    good: QColor
    warn: QColor
    bad: QColor


def _colours(names: str) -> tuple[QColor, ...]:
    return tuple(map(QColor, names.split()))


def _tokens(names: str) -> Tokens:
    return Tokens(*_colours(names))


LIGHT = _tokens(
    "#FFFFFF #F5F5F5 #FFFFFF #EBEBEB #DEDEDE #D9D9D9 #868686 #1B1B1B #585858 #6B6B6B"
    " #0A5FB8 #FFFFFF #DCEAF8 #1B6E3C #8A5300 #B3261E"
)
DARK = _tokens(
    "#161616 #1E1E1E #282828 #303030 #3A3A3A #3A3A3A #7C7C7C #ECECEC #B4B4B4 #9A9A9A"
    " #6CB2FF #0B1A2B #1F3A57 #6FCF97 #F0B45A #FF8A80"
)

BADGE_GROUND = QColor(0, 0, 0, 173)
"""Black at 68 %: white text on it keeps a contrast of 7.8 on any photo."""
BADGE_TEXT = QColor(Qt.GlobalColor.white)

ANSWERS_LIGHT = _colours("#0072B2 #B45309 #00775A #A8337E #5B4BB7 #B3261E #5F6B00 #006E8C #5C5C5C")
"""Colours of answers and themes 1 to 9, never without a key or a name. On photo badges use the dark row."""
ANSWERS_DARK = _colours("#5DB3F0 #F2A65A #4CC9A0 #EE8BC5 #A99BFF #FF8A80 #C9CF4E #5AD0E6 #BDBDBD")


class Theme(QObject):
    """The look of the running program; one per application, made by `apply`.

    Attributes:
        tokens: the colours in force.
        less_motion: whether the settings ask for no motion.
        is_dark: whether the scheme in force is the dark one.
        high_contrast: whether the system's own contrast palette is in force.

    Signals:
        changed(): colours differ; delegates repaint, icons are tinted anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme = "system"
        self.less_motion = False
        self.tokens = LIGHT
        self.is_dark = False
        self.high_contrast = False
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self.refresh)

    @property
    def scheme(self) -> Scheme:
        """What was asked for, "system" by default."""
        return self._scheme

    @property
    def animation_ms(self) -> int:
        """How long panels and overlays fade; 0 where the system or the settings ask for no motion."""
        style = self._app.style()
        if self.less_motion:
            return 0
        return 120 if style.styleHint(style.StyleHint.SH_Widget_Animation_Duration) > 0 else 0

    @property
    def answers(self) -> tuple[QColor, ...]:
        """The nine colours of answers and themes in this scheme."""
        return ANSWERS_DARK if self.is_dark else ANSWERS_LIGHT

    def font(self, scale: float = 1.0, *, semi_bold: bool = False) -> QFont:
        """The system's font at `scale` times its size, never under 8.5 points."""
        font = QFont(self._app.font())
        font.setPointSizeF(max(8.5, QFontInfo(font).pointSizeF() * scale))
        if semi_bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def set_scheme(self, scheme: Scheme) -> None:
        """Follow the system or stay light or dark; takes effect at once, on native window frames too."""
        self._scheme = scheme
        hints = self._app.styleHints()
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(scheme)
        if wanted is None:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(wanted)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Put palette, stylesheet and colours in force again."""
        system = self._app.styleHints().colorScheme()
        self.high_contrast = _high_contrast(self._app)
        self.is_dark = self._scheme == "dark" or (self._scheme == "system" and system == Qt.ColorScheme.Dark)
        if self.high_contrast:
            palette = self._app.style().standardPalette()
            self.tokens = _system_tokens(palette)
            self.is_dark = self.tokens.canvas.lightness() < 128
        else:
            self.tokens = DARK if self.is_dark else LIGHT
            palette = make_palette(self.tokens)
        self._app.setPalette(palette)
        self._app.setStyleSheet(make_stylesheet(self.tokens, self.font().pointSizeF()))
        self.changed.emit()


def apply(app: QApplication, scheme: Scheme = "system") -> Theme:
    """Give `app` its look. Called again, it only changes the scheme.

    Args:
        app: the application.
        scheme: "system" follows the system's light or dark setting as it changes.
    """
    theme = app.findChild(Theme) or Theme(app)
    theme.set_scheme(scheme)
    return theme


def current() -> Theme | None:
    """The theme of the running program, once `apply` has made it."""
    app = QApplication.instance()
    return None if app is None else app.findChild(Theme)


def token(name: str) -> QColor:
    """A colour of the running program's theme by name, for what paints itself; light before `apply`.

    Raises:
        AttributeError: there is no such token.
    """
    theme = current()
    colour: QColor = getattr(LIGHT if theme is None else theme.tokens, name)
    return colour


def make_palette(tokens: Tokens) -> QPalette:
    """The palette with every role the guide names, and its disabled group."""
    palette = QPalette(tokens.window)
    role = QPalette.ColorRole
    for colour, roles in (
        (tokens.canvas, (role.Base,)),
        (tokens.window, (role.Window, role.AlternateBase)),
        (tokens.raised, (role.Button, role.ToolTipBase)),
        (tokens.text, (role.Text, role.WindowText, role.ButtonText, role.ToolTipText, role.BrightText)),
        (tokens.text3, (role.PlaceholderText,)),
        (tokens.accent, (role.Highlight, role.Link, role.LinkVisited, role.Accent)),
        (tokens.onaccent, (role.HighlightedText,)),
        (tokens.line, (role.Mid, role.Midlight, role.Light)),
        (tokens.control, (role.Dark,)),
    ):
        for name in roles:
            palette.setColor(name, colour)
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, tokens.text3)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, tokens.control)
    return palette


def make_stylesheet(tokens: Tokens, base_points: float) -> str:
    """The stylesheet with colours and text sizes filled in.

    Raises:
        KeyError: the stylesheet names a token that does not exist.
    """
    tick = "white" if tokens.onaccent.lightness() > 127 else "black"  # a stylesheet's picture cannot be tinted
    values = {field.name: getattr(tokens, field.name).name() for field in fields(tokens)}
    values |= {
        "small": f"{max(8.5, 0.85 * base_points):.1f}pt",
        "title": f"{1.5 * base_points:.1f}pt",
        "big": f"{2.2 * base_points:.1f}pt",
        "tick": (resources_dir() / "icons" / "fixed" / f"tick-{tick}.svg").as_posix(),
    }
    # whole words, so that `@text3` is never taken for `@text`
    return re.sub(r"@(\w+)", lambda match: values[match[1]], STYLESHEET)


def _system_tokens(palette: QPalette) -> Tokens:
    """The system's own colours under our names: in high contrast its choice stands."""
    role = QPalette.ColorRole
    base, window, button, text, window_text, accent, on_accent = (
        palette.color(name)
        for name in (
            role.Base, role.Window, role.Button, role.Text, role.WindowText, role.Highlight, role.HighlightedText,
        )
    )  # fmt: skip
    return Tokens(
        base, window, button, button, button, window_text, window_text, text, text, text,
        accent, on_accent, window, text, text, text,
    )  # fmt: skip


def _high_contrast(app: QApplication) -> bool:
    hints = app.styleHints()
    if hasattr(hints, "accessibility"):  # Qt 6.10
        return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    if sys.platform != "win32":
        return False

    class HighContrast(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("flags", ctypes.c_uint), ("scheme", ctypes.c_wchar_p))

    found = HighContrast(ctypes.sizeof(HighContrast))
    get, on = 0x42, 1  # SPI_GETHIGHCONTRAST, HCF_HIGHCONTRASTON
    asked = ctypes.windll.user32.SystemParametersInfoW(get, found.size, ctypes.byref(found), 0)
    return bool(asked and found.flags & on)
