"""How photos are fed to a network, in a way of one's own: for who knows how it was trained."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Slot
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.nets.preparation import Preparation
from desktop_app.ui.panels.parts import Choice, button, text
from desktop_app.ui.theme import Theme

_FITS = (("crop", "Cut from the middle"), ("squash", "Pressed together, nothing cut off"))
_COLOURS = (("rgb", "Red, green, blue"), ("bgr", "Blue, green, red"))


class CustomDialog(QDialog):
    """Asks for a preparation; `preparation` is what was chosen.

    Args:
        theme: the program's look.
        begin: what to begin with; its size and layout stay.
    """

    def __init__(self, theme: Theme, begin: Preparation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("How photos are fed")
        self._begin = begin
        self.preparation = begin
        self.fit = _choice(theme, _FITS, begin.fit)
        self.colours = _choice(theme, (("grey", "Grey"),) if begin.channels == 1 else _COLOURS, begin.colours)
        self.invert = QCheckBox("Dark and light changed over")
        self.invert.setChecked(begin.invert)
        self.mean = [_number(value) for value in begin.mean]
        self.scale = [_number(value) for value in begin.scale]
        self.problem = text("", "bad", wrap=True)
        self.problem.hide()
        rows = QFormLayout()
        rows.setHorizontalSpacing(24)
        rows.setVerticalSpacing(8)
        rows.addRow("Photo", self.fit)
        rows.addRow("Colours", self.colours)
        rows.addRow("", self.invert)
        rows.addRow("Less (0 to 255)", _row(self.mean))
        rows.addRow("Divided by", _row(self.scale))
        self.use = button("Use", default=True)
        self.use.clicked.connect(self._use)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(text("Each value is (pixel - less) / divided by, channel by channel.", "quiet", wrap=True))
        column.addLayout(rows)
        column.addWidget(self.problem)
        column.addLayout(foot)

    @Slot()
    def _use(self) -> None:
        locale = QLocale()
        mean = [locale.toDouble(field.text()) for field in self.mean]
        scale = [locale.toDouble(field.text()) for field in self.scale]
        if not all(good for _, good in (*mean, *scale)):
            self._say("Write a number into each field.")
            return
        begin = self._begin
        try:
            self.preparation = Preparation(
                begin.height,
                begin.width,
                self.fit.currentData(),
                colours=self.colours.currentData(),
                invert=self.invert.isChecked(),
                layout=begin.layout,
                mean=tuple(value for value, _ in mean),
                scale=tuple(value for value, _ in scale),
            )
        except ValueError:
            self._say("Nothing can be divided by 0.")
            return
        self.accept()

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.show()


def _choice(theme: Theme, rows: tuple[tuple[str, str], ...], now: str) -> Choice:
    made = Choice(theme)
    for key, words in rows:
        made.addItem(words, key)
    made.setCurrentIndex(max(0, made.findData(now)))
    return made


def _number(value: float) -> QLineEdit:
    field = QLineEdit(QLocale().toString(value, "g", 6))
    field.setValidator(QDoubleValidator(field))
    field.setFixedWidth(96)
    return field


def _row(fields: list[QLineEdit]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    for field in fields:
        row.addWidget(field)
    row.addStretch(1)
    return made
