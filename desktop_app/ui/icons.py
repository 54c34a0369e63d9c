"""The program's line icons, tinted with the theme's colours at run time.

`set_icon` keeps a button's or an action's icon in the theme's colour as that changes; `pixmap` is for delegates.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from desktop_app.core.paths import resources_dir
from desktop_app.ui import theme

_RATIOS = (1, 2, 3)


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, side: int) -> QPixmap:
    source = (resources_dir() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(source.replace(b'"#000"', b'"' + colour.encode() + b'"')))
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn


def pixmap(name: str, colour: QColor, size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The icon at `size` device-independent pixels for a screen with `ratio` pixels to each.

    Raises:
        FileNotFoundError: there is no icon of this name.
    """
    drawn = QPixmap(_drawn(name, colour.name(), round(size * ratio)))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, token: str = "text2", size: int = 20) -> QIcon:
    """The icon in a colour of the theme in force, sharp at 100, 200 and 300 %, paler for the disabled state.

    It keeps its colour when the theme changes; `set_icon` does not.
    """
    colour, disabled = theme.token(token), theme.token("text3")
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(pixmap(name, colour, size, ratio))
        made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made


class _Tint(QObject):
    """Keeps one target's icon in the theme's colours; a child of the target, so that it goes with it."""

    def __init__(self, target: QAbstractButton | QAction, name: str, token: str, size: int) -> None:
        super().__init__(target)
        self._name, self._token, self._size = name, token, size
        self._theme = theme.current()
        if self._theme is not None:
            self._theme.changed.connect(self.tint)
        self.tint()

    @Slot()
    def tint(self) -> None:
        target = self.parent()  # not an attribute: a parent and its child must not hold one another
        assert isinstance(target, QAbstractButton | QAction)
        target.setIcon(icon(self._name, self._token, self._size))

    def let_go(self) -> None:
        """Another icon takes this one's place."""
        if self._theme is not None:
            self._theme.changed.disconnect(self.tint)
        self.deleteLater()


def set_icon(target: QAbstractButton | QAction, name: str, token: str = "text2", size: int = 20) -> None:
    """Give `target` an icon that follows the theme for as long as the target lives; again: another icon.

    Args:
        target: a button or an action.
        name: a file of `resources/icons` without its ending.
        token: the name of the colour in `Tokens`.
        size: device-independent pixels, 16 or 20.
    """
    for tint in target.findChildren(_Tint):
        tint.let_go()
    _Tint(target, name, token, size)
