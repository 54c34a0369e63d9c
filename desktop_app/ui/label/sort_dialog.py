"""Sort a folder: which photos, where the table and the copies go, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.core.types import Progress
from desktop_app.ui.panels.parts import ElidedLabel, ProgressBar, button, text

_MOST_NAMES = 6
_PATH_LETTERS = 60


class SortDialog(QDialog):
    """Asks what is to be sorted and shows the work; it does none itself.

    Args:
        name: of the classifier.
        classes: the answers it gives.
        sure: from this probability on an answer counts as sure.

    Signals:
        startAsked(Path, Path, object): folder of photos, table, folder of copies or None.
        stopAsked(): stop; what is done is kept.
        showAsked(Path): show a file in the file manager.
    """

    startAsked = Signal(object, object, object)
    stopAsked = Signal()
    showAsked = Signal(object)

    def __init__(self, name: str, classes: Sequence[str], sure: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sort a folder")
        self.folder: Path | None = None
        self.table: Path | None = None
        self.copies: Path | None = None
        self._shown: Path | None = None
        self.is_running = False
        self.title = text(f"Sort a folder with “{name}”", "title", wrap=True)
        self.answers = text(f"It tells apart: {_listed(classes)}.", "quiet", wrap=True)
        self.with_copies = QCheckBox("Copy the photos into a folder per answer")
        self.with_copies.setChecked(True)
        self.note = text(
            f"Photos are copied, never moved. Those it is less than {round(100 * sure)} % sure of go to “not sure”.",
            "quiet",
            wrap=True,
        )
        self.choose_folder, self.choose_table, self.choose_copies = (button("Choose…") for _ in range(3))
        self.choose_folder.setAccessibleName("Choose the folder of photos")
        self.choose_table.setAccessibleName("Choose where the table goes")
        self.choose_copies.setAccessibleName("Choose where the copies go")
        self._folder, self._table, self._copies = (ElidedLabel("") for _ in range(3))
        self.state = text("", wrap=True)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = ProgressBar()
        self.bar.hide()
        self.close_it = button("Cancel", quiet=True)
        self.show_it = button("Show folder")
        self.show_it.hide()
        self.start = button("Sort", default=True)
        self._lay_out()
        self._join()
        self._show_paths()
        self.setMinimumWidth(max(520, self.fontMetrics().averageCharWidth() * 76))

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        rows = (
            ("Photos in", self._folder, self.choose_folder),
            ("Table", self._table, self.choose_table),
            ("Copies in", self._copies, self.choose_copies),
        )
        for row, (name, path, choose) in enumerate(rows):
            at = row + (row == 2)
            form.addWidget(text(name, "quiet"), at, 0)
            form.addWidget(path, at, 1)
            form.addWidget(choose, at, 2)
        form.addWidget(self.with_copies, 2, 0, 1, 3)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.close_it)
        foot.addStretch(1)
        foot.addWidget(self.show_it)
        foot.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.answers)
        column.addSpacing(8)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addSpacing(4)
        column.addWidget(self.bar)
        column.addWidget(self.state)
        column.addSpacing(4)
        column.addStretch(1)
        column.addLayout(foot)

    def _join(self) -> None:
        self.choose_folder.clicked.connect(self._ask_folder)
        self.choose_table.clicked.connect(self._ask_table)
        self.choose_copies.clicked.connect(self._ask_copies)
        self.with_copies.toggled.connect(self._show_paths)
        self.start.clicked.connect(self._start)
        self.show_it.clicked.connect(self._show)
        self.close_it.clicked.connect(self._leave)

    # --- what is chosen

    def set_folder(self, folder: Path) -> None:
        """The photos; table and copies are proposed beside them."""
        self.folder = folder
        beside = folder.parent if folder.name else folder
        name = folder.name or "photos"
        self.table = beside / f"{name} sorted.csv"
        self.copies = beside / f"{name} sorted"
        self._forget_result()
        self._show_paths()

    @Slot()
    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Which folder is to be sorted?")
        if chosen:
            self.set_folder(Path(chosen))

    @Slot()
    def _ask_table(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Where to save the table", str(self.table or "sorted.csv"), "Tables (*.csv)"
        )
        if chosen:
            path = Path(chosen)
            self.table = path if path.suffix else path.with_name(path.name + ".csv")
            self._show_paths()

    @Slot()
    def _ask_copies(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Where do the copies go?", str(self.copies or ""))
        if chosen:
            self.copies = Path(chosen)
            self._show_paths()

    @Slot()
    def _show_paths(self) -> None:
        ready = self.folder is not None and not self.is_running
        copying = self.with_copies.isChecked()
        for label, path in ((self._folder, self.folder), (self._table, self.table), (self._copies, self.copies)):
            words = wording.shorten_path(str(path), _PATH_LETTERS) if path is not None else "not chosen yet"
            label.set_words(words, str(path) if path is not None else "")
        self.choose_folder.setEnabled(not self.is_running)
        self.choose_table.setEnabled(ready)
        self.with_copies.setEnabled(not self.is_running)
        self.choose_copies.setEnabled(ready and copying)
        self._copies.setEnabled(copying)
        self.start.setEnabled(ready)

    # --- the work

    @Slot()
    def _start(self) -> None:
        if self.folder is not None and self.table is not None and not self.is_running:
            self.startAsked.emit(self.folder, self.table, self.copies if self.with_copies.isChecked() else None)

    def show_running(self) -> None:
        """It has begun."""
        self.is_running = True
        self._forget_result()
        self.bar.show_done(0, 0)
        self.bar.show()
        self.state.setText("Opening the classifier")
        self.close_it.setText("Stop")
        self._show_paths()

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        if self.is_running:
            self.bar.show_done(progress.done, max(progress.total, 0))
            self.state.setText(wording.progress(progress.text, progress.done, progress.total))

    def show_end(self, words: str, shown: Path | None = None) -> None:
        """What came of it, in a sentence or two; `shown` is what "Show folder" leads to."""
        self.is_running = False
        self.bar.hide()
        self.state.setText(words)
        self.setAccessibleDescription(words)
        self._shown = shown
        self.show_it.setVisible(shown is not None)
        self.close_it.setText("Close")
        self.close_it.setEnabled(True)
        self._show_paths()
        if shown is not None:
            self._take_default(self.show_it)

    def _forget_result(self) -> None:
        self._shown = None
        self.state.setText("")
        self.show_it.hide()
        self._take_default(self.start)

    def _take_default(self, chosen: QPushButton) -> None:
        for one in (self.start, self.show_it):
            one.setDefault(one is chosen)

    @Slot()
    def _show(self) -> None:
        if self._shown is not None:
            self.showAsked.emit(self._shown)

    @Slot()
    def _leave(self) -> None:
        if self.is_running:
            self.close_it.setEnabled(False)
            self.state.setText("Stopping…")
            self.stopAsked.emit()
        else:
            self.reject()

    def reject(self) -> None:
        """Esc stops what runs; the window goes with what it says once that has ended."""
        if self.is_running:
            self._leave()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed while it runs: stop it too."""
        if self.is_running:
            self.is_running = False
            self.stopAsked.emit()
        super().closeEvent(event)


def _listed(classes: Sequence[str]) -> str:
    shown = ", ".join(classes[:_MOST_NAMES])
    left = len(classes) - _MOST_NAMES
    return f"{shown} and {wording.number(left)} more" if left > 0 else shown
