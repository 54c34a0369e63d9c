"""What lies over the viewer's photo: the bar at the top, the buttons at the sides, the details."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.core.types import Photo
from desktop_app.ui import icons
from desktop_app.ui.panels.details import Detail, DetailRows, details_of, exact_details_of
from desktop_app.ui.panels.parts import ElidedLabel, ScrollColumn, button, icon_button, text
from desktop_app.ui.theme import Theme


def place_words(row: int, count: int) -> str:
    """The place of a photo in its list: `12 of 3,120`."""
    return f"{wording.number(row + 1)} of {wording.number(count)}"


class TopBar(QWidget):
    """Back, the photo's name and place, zoom, "Find alike", a box to search by, the place that was found, details."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.back = icon_button("back", "Back", "Esc")
        self._name = ElidedLabel()
        self._place = text("", "quiet")
        self.zoom = QPushButton("Fit")
        self.zoom.setAutoDefault(False)
        self.zoom.setProperty("quiet", True)
        self.zoom.setToolTip("Fit or 100 % (Z)")
        self.find_button = button("Find alike", tip="Find alike (S)", quiet=True)
        icons.set_icon(self.find_button, "find-alike", size=16)
        self.box_button = icon_button("part", "Search by a part of the photo", "B")
        self.box_button.setCheckable(True)
        self.place_button = icon_button("place", "Show the matching place", "O")
        self.place_button.setCheckable(True)
        self.place_button.hide()
        self.details = icon_button("info", "Details", "I")
        self.details.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self._place)
        row.addWidget(self._name, 1)
        row.addWidget(self.zoom)
        row.addWidget(self.find_button)
        row.addWidget(self.box_button)
        row.addWidget(self.place_button)
        row.addWidget(self.details)

    def set_name(self, name: str) -> None:
        """The photo's name."""
        self._name.set_words(name)

    def set_place(self, row: int, count: int) -> None:
        """Its place in the list."""
        self._place.setText(place_words(row, count))

    def place(self) -> str:
        """What is said about the place."""
        return self._place.text()

    def set_zoom(self, scale: float, *, fits: bool) -> None:
        """Screen pixels per photo pixel, in per cent."""
        percent = f"{round(scale * 100)} %"
        self.zoom.setText(f"Fit, {percent}" if fits else percent)
        self.zoom.setAccessibleName(f"Zoom: {self.zoom.text()}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = QColor(self._theme.tokens.window)
        ground.setAlpha(235)
        QPainter(self).fillRect(self.rect(), ground)


class SideButton(QToolButton):
    """A round button at the side of the photo, readable on any photo."""

    _SIDE = 44

    def __init__(self, theme: Theme, icon: str, name: str, keys: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({keys})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """A comfortable target."""
        return QSize(self._SIDE, self._SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.hover if self.underMouse() else tokens.raised)
        ground.setAlpha(240)
        painter.setBrush(tokens.pressed if self.isDown() else ground)
        painter.setPen(QPen(tokens.accent, 2) if self.hasFocus() else QPen(tokens.control, 1))
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        icon = icons.pixmap(self._icon, tokens.text, 20, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - 20) // 2, (self.height() - 20) // 2, icon)


class DetailsPane(QWidget):
    """What is known of the photo, at the right of it."""

    PREFERRED_WIDTH = 320

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Details")
        self._name = text("", wrap=True)
        self._name.setFont(theme.font(semi_bold=True))
        self._rows = DetailRows()
        self.find_button = button("Find alike", tip="Find alike (S)")
        icons.set_icon(self.find_button, "find-alike", size=16)
        self.show_file = button("Show in file manager", tip="Show in file manager (Ctrl+Shift+R)")
        icons.set_icon(self.show_file, "show-in-folder", size=16)
        self.copy_path = button("Copy path", tip="Copy path (Ctrl+Shift+C)")
        icons.set_icon(self.copy_path, "copy", size=16)

        scroll = ScrollColumn(self)
        column = QVBoxLayout(scroll.content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._name)
        column.addWidget(self._rows)
        column.addSpacing(16)
        for made in (self.find_button, self.show_file, self.copy_path):
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column.addWidget(made)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def set_photo(self, photo: Photo, row: int, count: int) -> None:
        """Show a photo's details and its place in the list."""
        self._name.setText(wording.printable(photo.name))
        place = Detail("Place", place_words(row, count))
        self._rows.set_details((*details_of(photo), place, *exact_details_of(photo)))

    def rows(self) -> DetailRows:
        """The rows, name and value."""
        return self._rows
