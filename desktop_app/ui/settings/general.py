"""Settings > General: the look, motion, watching, what does the work, and the largest photo."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.settings import Settings
from desktop_app.ui.panels.parts import Choice, ScrollColumn, text
from desktop_app.ui.theme import Theme

_SCHEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
_LIMITS = (50.0, 100.0, 200.0, 500.0, 1000.0)
_DEVICES = (("auto", "Graphics card where it works, else the processor"), ("cpu", "Processor only"))


class GeneralPage(ScrollColumn):
    """Choices that fit nowhere else.

    Args:
        theme: the program's look.
        settings: what is chosen now.

    Signals:
        chosen(dict): the names and values of `Settings` that the person changed.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scheme = Choice(theme)
        for key, words in _SCHEMES:
            self.scheme.addItem(words, key)
        self.scheme.setMinimumWidth(160)
        self.motion = QCheckBox("Less motion: nothing fades or slides")
        self.watch = QCheckBox("Watch folders: new and changed photos appear, deleted ones go")
        self.device = Choice(theme)
        for key, words in _DEVICES:
            self.device.addItem(words, key)
        self.device.setMinimumWidth(380)
        self.limit = Choice(theme)
        for megapixels in sorted({*_LIMITS, settings.limit_megapixels}):
            self.limit.addItem(f"{wording.number(round(megapixels))} megapixels", megapixels)
        self.limit.setMinimumWidth(160)
        rows = QFormLayout()
        rows.setHorizontalSpacing(24)
        rows.setVerticalSpacing(8)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        rows.addRow(_name("Look", self.scheme), self.scheme)
        rows.addRow("", self.motion)
        rows.addRow("", self.watch)
        rows.addRow(_name("Work is done by", self.device), self.device)
        rows.addRow("", text("Takes effect when a library is opened.", "quiet"))
        rows.addRow(_name("Largest photo", self.limit), self.limit)
        rows.addRow("", text("Larger pictures are left out and listed under “Not shown”.", "quiet"))
        column = QVBoxLayout(self.content)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(rows)
        column.addStretch(1)
        self.show_settings(settings)
        self.scheme.activated.connect(self._scheme_chosen)
        self.motion.toggled.connect(self._motion_chosen)
        self.watch.toggled.connect(self._watch_chosen)
        self.device.activated.connect(self._device_chosen)
        self.limit.activated.connect(self._limit_chosen)

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen; emits nothing."""
        for widget in (self.scheme, self.motion, self.watch, self.device, self.limit):
            widget.blockSignals(True)
        self.scheme.setCurrentIndex(max(0, self.scheme.findData(settings.scheme)))
        self.motion.setChecked(settings.less_motion)
        self.watch.setChecked(settings.watch_folders)
        self.device.setCurrentIndex(max(0, self.device.findData(settings.device)))
        self.limit.setCurrentIndex(max(0, self.limit.findData(settings.limit_megapixels)))
        for widget in (self.scheme, self.motion, self.watch, self.device, self.limit):
            widget.blockSignals(False)

    @Slot(int)
    def _scheme_chosen(self, _at: int) -> None:
        self.chosen.emit({"scheme": self.scheme.currentData()})

    @Slot(bool)
    def _motion_chosen(self, less: bool) -> None:
        self.chosen.emit({"less_motion": less})

    @Slot(bool)
    def _watch_chosen(self, watch: bool) -> None:
        self.chosen.emit({"watch_folders": watch})

    @Slot(int)
    def _device_chosen(self, _at: int) -> None:
        self.chosen.emit({"device": self.device.currentData()})

    @Slot(int)
    def _limit_chosen(self, _at: int) -> None:
        self.chosen.emit({"limit_megapixels": float(self.limit.currentData())})


def _name(words: str, of: QWidget) -> QLabel:
    """A row's name, joined to what it names for screen readers and keys."""
    label = text(words)
    label.setBuddy(of)
    of.setAccessibleName(words)
    return label
