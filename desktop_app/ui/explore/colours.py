"""Find pictures in these colours: up to five, chosen by hand or taken from a photo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

MOST = 5

_NAMED = (
    ("Red", "#C62828"), ("Orange", "#EF6C00"), ("Yellow", "#F9C928"), ("Green", "#388E3C"),
    ("Teal", "#00897B"), ("Sky blue", "#5EB1E4"), ("Blue", "#1F4FB2"), ("Violet", "#6A3FA0"),
    ("Pink", "#E58AAE"), ("Brown", "#6D4C33"), ("Beige", "#D9C3A0"), ("Black", "#141414"),
    ("Grey", "#8A8A8A"), ("White", "#F7F7F7"),
)  # fmt: skip


class Swatch(QAbstractButton):
    """A colour to click. Its name is in the tooltip and for screen readers: a colour alone says nothing to many."""

    def __init__(self, theme: Theme, name: str, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.colour = colour
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """A square that a finger can hit."""
        return QSize(36, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        focused = self.hasFocus()
        painter.setPen(QPen(tokens.accent if focused else tokens.control, 2 if focused else 1))
        painter.setBrush(self.colour)
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)


class ColoursDialog(QDialog):
    """Choose colours; the photos behind change as they are chosen.

    Args:
        theme: the program's look.
        photo: whether a photo is selected whose colours can be taken.

    Signals:
        changed(object): the colours as a tuple of (r, g, b), 0 to 255; empty when none is left.
        photoAsked(): take the colours of the selected photo.
    """

    changed = Signal(object)
    photoAsked = Signal()

    def __init__(self, theme: Theme, *, photo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("Find by colour")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.chosen: list[QColor] = []
        grid = QGridLayout()
        grid.setSpacing(4)
        self.swatches: dict[str, Swatch] = {}
        for at, (name, code) in enumerate(_NAMED):
            swatch = Swatch(theme, name, QColor(code))
            swatch.clicked.connect(self._swatch_clicked)
            self.swatches[name] = swatch
            grid.addWidget(swatch, at // 7, at % 7)
        grid.setColumnStretch(7, 1)
        self.other = button("Another colour…")
        self.other.clicked.connect(self._choose_other)
        self.from_photo = button("Colours of the selected photo")
        self.from_photo.clicked.connect(self.photoAsked)
        self.from_photo.setEnabled(photo)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addStretch(1)
        self.note = text("", "quiet", wrap=True)
        close = button("Close")
        close.clicked.connect(self.accept)
        more = QHBoxLayout()
        more.addWidget(self.other)
        more.addWidget(self.from_photo)
        more.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(text("Pictures in these colours", "title"))
        column.addLayout(grid)
        column.addLayout(more)
        column.addWidget(text("Chosen; click one to take it away", "section"))
        column.addLayout(self._row)
        column.addStretch(1)
        column.addLayout(foot)
        self.resize(440, 340)
        self._show()

    def set_colours(self, colours: Sequence[tuple[int, int, int]]) -> None:
        """Choose these; emits `changed`."""
        self.chosen = [QColor(*colour) for colour in list(colours)[:MOST]]
        self._tell()

    def add(self, colour: QColor) -> None:
        """Choose one more, up to five."""
        if len(self.chosen) < MOST and colour not in self.chosen:
            self.chosen.append(colour)
            self._tell()

    def set_photo(self, there: bool) -> None:
        """Whether a photo is selected."""
        self.from_photo.setEnabled(there)

    def _tell(self) -> None:
        self._show()
        self.changed.emit(tuple((colour.red(), colour.green(), colour.blue()) for colour in self.chosen))

    def _show(self) -> None:
        clear(self._row, leave=1)
        for at, colour in enumerate(self.chosen):
            swatch = Swatch(self._theme, f"Take away {colour.name()}", colour)
            swatch.setProperty("place", at)
            swatch.clicked.connect(self._remove)
            self._row.insertWidget(at, swatch)
        full = len(self.chosen) >= MOST
        for swatch in self.swatches.values():
            swatch.setEnabled(not full)
        self.other.setEnabled(not full)
        self.note.setText(f"{MOST} are the most." if full else "" if self.chosen else "None yet.")

    @Slot()
    def _swatch_clicked(self) -> None:
        swatch = self.sender()
        if isinstance(swatch, Swatch):
            self.add(swatch.colour)

    @Slot()
    def _remove(self) -> None:
        swatch = self.sender()
        if isinstance(swatch, Swatch):
            del self.chosen[int(swatch.property("place"))]
            self._tell()

    @Slot()
    def _choose_other(self) -> None:
        colour = QColorDialog.getColor(Qt.GlobalColor.white, self, "Another colour")
        if colour.isValid():
            self.add(colour)
