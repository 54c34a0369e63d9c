"""Adding a network from a file: what was found in it, what only a person can know, how it would compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.ui.dialogs.room import grow
from desktop_app.ui.networks.refusal import RefusalDetails
from desktop_app.ui.networks.trial import TrialRow, TrialView
from desktop_app.ui.panels.details import Detail, DetailRows
from desktop_app.ui.panels.parts import Choice, PixmapSource, ProgressBar, ScrollColumn, button, text
from desktop_app.ui.theme import Theme

CUSTOM = "custom"
_FED = 112


@dataclass(frozen=True, slots=True)
class FoundNetwork:
    """What an examination found, in words.

    Attributes:
        title: a name to begin with.
        sentence: what it is, in one line.
        remarks: what else is worth knowing.
        details: rows for the fold.
        presets: (key, words, who uses it) of the preparations that fit its input; the first is the likeliest.
        preset: the chosen one.
        classes: how many answers it gives; 0 where it has no class layer.
        places: whether it gives an answer for every place of a photo.
    """

    title: str
    sentence: str
    remarks: tuple[str, ...]
    details: tuple[Detail, ...]
    presets: tuple[tuple[str, str, str], ...]
    preset: str
    classes: int
    places: bool = False


class AddNetworkDialog(QDialog):
    """Examines, asks, tries, adds. The window behind stays in use.

    Args:
        theme: the program's look.
        thumbnails: where thumbnails come from.
        file: name of the file.

    Signals:
        presetChosen(str): another preparation; `CUSTOM` for one of one's own.
        classesAsked(): choose a file with the names of its answers.
        addAsked(str): add it under this title.
        stopped(): closed before it was added.
    """

    presetChosen = Signal(str)
    classesAsked = Signal()
    addAsked = Signal(str)
    stopped = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, file: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add a way to compare")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(560, 320)
        self._file = file
        self._added = False
        self._can_add = False
        self._places = False
        self._presets: tuple[tuple[str, str, str], ...] = ()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._waiting_page(file))
        self._pages.addWidget(self._found_page(theme, thumbnails))
        self.close_button = button("Stop")
        self.close_button.clicked.connect(self.reject)
        self.add = button("Add", default=True)
        self.add.setEnabled(False)
        self.add.clicked.connect(self._add)
        self.doing = text("", "quiet")
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.addWidget(self.doing, 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)
        self.resize(self.minimumSize())  # what was found takes more room, a refusal does not

    def _waiting_page(self, file: str) -> QWidget:
        page = QWidget()
        page.setObjectName("chrome")
        self._headline = text(f"Looking at {file}", "title", wrap=True)
        self.sentence = text("", wrap=True)
        self.bar = ProgressBar()
        self.bar.show_done(0, 0)
        self.refusal = RefusalDetails()
        self.refusal.hide()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (self._headline, self.sentence, self.bar, self.refusal):
            column.addWidget(widget)
        column.addStretch(1)
        return page

    def _found_page(self, theme: Theme, thumbnails: PixmapSource) -> QWidget:
        page = ScrollColumn()
        self.title = QLineEdit()
        self.title.setAccessibleName("Name")
        self.title.setMaxLength(80)
        self.title.textChanged.connect(self._titled)
        self.found = text("", wrap=True)
        self.remarks = text("", "quiet", wrap=True)
        self.preset = Choice(theme)
        self.preset.setAccessibleName("Photos are fed")
        self.preset.activated.connect(self._preset_chosen)
        self.used_by = text("", "quiet", wrap=True)
        self._fed = [QLabel() for _ in range(4)]
        fed = QHBoxLayout()
        fed.setSpacing(8)
        for label in self._fed:
            fed.addWidget(label)
        fed.addStretch(1)
        self.fed_note = text("What it is shown of your photos: cut, pressed together or grey, as chosen.", "quiet")
        self.fed_note.hide()
        self.classes = text("", wrap=True)
        self.choose_classes = button("Choose a file with names…")
        self.choose_classes.clicked.connect(self.classesAsked)
        names = QHBoxLayout()
        names.addWidget(self.classes, 1)
        names.addWidget(self.choose_classes)
        self.trial_note = text("", "quiet", wrap=True)
        self.trial = TrialView(theme, thumbnails)
        self.fold = button("Details", quiet=True)
        self.fold.setCheckable(True)
        self.rows = DetailRows()
        self.rows.hide()
        self.fold.toggled.connect(self.rows.setVisible)
        column = QVBoxLayout(page.content)
        column.setContentsMargins(24, 24, 24, 8)
        column.setSpacing(8)
        column.addWidget(text("Name", "section"))
        column.addWidget(self.title)
        column.addWidget(self.found)
        column.addWidget(self.remarks)
        column.addSpacing(8)
        column.addWidget(text("How photos are fed to it", "section"))
        column.addWidget(self.preset, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.used_by)
        column.addLayout(fed)
        column.addWidget(self.fed_note)
        column.addSpacing(8)
        column.addLayout(names)
        column.addSpacing(8)
        column.addWidget(text("On a few of your photos", "section"))
        column.addWidget(self.trial_note)
        column.addWidget(self.trial)
        column.addSpacing(8)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.rows)
        column.addStretch(1)
        return page

    # --- what it shows ---------------------------------------------------------------------------------------

    def refuse(self, sentence: str, details: str = "") -> None:
        """The file cannot be used, and why; `details` for who wants to know exactly."""
        self._headline.setText(f"{self._file} can't be used")
        self.sentence.setText(sentence)
        self.refusal.show_details(f"{self._file}: {sentence}", details)
        self.bar.hide()
        self.close_button.setText("Close")
        self.add.hide()
        self._pages.setCurrentIndex(0)

    def show_found(self, found: FoundNetwork) -> None:
        """What the examination found."""
        self.title.setText(found.title)
        self.title.selectAll()
        self.found.setText(found.sentence)
        self.remarks.setText(" ".join(found.remarks))
        self.remarks.setVisible(bool(found.remarks))
        self._presets = found.presets
        self.preset.clear()
        for key, words, _used_by in found.presets:
            self.preset.addItem(words, key)
        self.preset.insertSeparator(self.preset.count())
        self.preset.addItem("In a way of your own…", CUSTOM)
        self.show_preset(found.preset)
        self.rows.set_details(found.details)
        self._places = found.places
        self.set_classes(found.classes, "")
        self._pages.setCurrentIndex(1)
        grow(self, QSize(760, 640))
        self.close_button.setText("Cancel")
        self.title.setFocus()

    def show_preset(self, key: str) -> None:
        """Show a preparation as the chosen one; emits nothing."""
        self.preset.setCurrentIndex(max(0, self.preset.findData(key)))
        used = next((used_by for name, _, used_by in self._presets if name == key), "")
        self.used_by.setText(f"Used by: {used}." if used else "")
        self.used_by.setVisible(bool(used))

    def show_fed(self, pictures: Sequence[QImage]) -> None:
        """What the network is shown of some photos."""
        ratio = self.devicePixelRatioF()
        side = round(_FED * ratio)
        for label, picture in zip(self._fed, pictures, strict=False):
            pixmap = QPixmap.fromImage(picture).scaled(
                side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            pixmap.setDevicePixelRatio(ratio)
            label.setPixmap(pixmap)
            label.setAccessibleName("What the network is shown of a photo")
        for label in self._fed[len(pictures) :]:
            label.clear()
        self.fed_note.setVisible(bool(pictures))

    def set_classes(self, count: int, file: str) -> None:
        """How many answers it gives, and where their names come from."""
        self.choose_classes.setVisible(count > 0)
        if not count:
            words = "It names nothing, it only compares."
        elif file:
            words = f"Names of its {wording.count(count, 'answer')}: {file}."
        else:
            there = wording.count(count, "answer")
            still = "the colours have no names" if self._places else "it still compares"
            words = f"It gives {there}; what they are called is not in the file. Without names {still}."
        self.classes.setText(words)

    def show_trial(self, rows: Sequence[TrialRow], note: str = "") -> None:
        """How it compares; `note` where there is nothing to see, or what is being done."""
        self.trial.show_rows(rows)
        self.trial_note.setText(note)
        self.trial_note.setVisible(bool(note))
        self._ready(not note or bool(rows))

    def work(self, words: str) -> None:
        """What is being done now; "" when nothing is."""
        self.doing.setText(words)

    def _ready(self, ready: bool) -> None:
        self._can_add = ready
        self._titled()

    def allow_adding(self) -> None:
        """It runs: it can be added, tried or not."""
        self._ready(True)

    # --- what is chosen --------------------------------------------------------------------------------------

    @Slot()
    def _titled(self) -> None:
        self.add.setEnabled(self._can_add and bool(self.title.text().strip()))

    @Slot(int)
    def _preset_chosen(self, _at: int) -> None:
        key = self.preset.currentData()
        if key is not None:
            self.show_preset(key)
            self.presetChosen.emit(key)

    @Slot()
    def _add(self) -> None:
        self.add.setEnabled(False)
        self.addAsked.emit(self.title.text().strip())

    def added(self) -> None:
        """It is in: close."""
        self._added = True
        self.accept()

    def done(self, result: int) -> None:
        """Closed, whichever way."""
        if not self._added:
            self.stopped.emit()
        super().done(result)
