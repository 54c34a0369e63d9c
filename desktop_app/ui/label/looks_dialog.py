"""What it looks at: the maps of many photos of one answer, drawn over them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Progress
from desktop_app.ui.grid import PhotoGrid, Thumbnails
from desktop_app.ui.panels.parts import Choice, ProgressBar, button, text
from desktop_app.ui.theme import Theme

LABELLED, GUESSED = "labelled", "guessed"
_MEAN = 112  # of the picture of the mean, device-independent pixels


class LooksDialog(QDialog):
    """Many photos with what speaks for an answer drawn over them. A window of its own, beside the other.

    Signals:
        wanted(object, str): the place of an answer among the answers, and "labelled" or "guessed" photos.
        stopAsked(): stop drawing; what is drawn stays.
        opened(int): a photo was opened.
    """

    wanted = Signal(object, str)
    stopAsked = Signal()
    opened = Signal(int)

    def __init__(
        self, theme: Theme, thumbnails: Thumbnails, answers: Sequence[str], at: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What it looks at")
        self.answer, self.which = Choice(theme), Choice(theme)
        for name in answers:
            self.answer.addItem(name)
        self.answer.setCurrentIndex(at)
        self.answer.setAccessibleName("Answer")
        self.which.addItem("Photos you labelled", LABELLED)
        self.which.addItem("Photos it takes for it", GUESSED)
        self.which.setAccessibleName("Which photos")
        self.words = text("", wrap=True)
        self.note = text("", "quiet", wrap=True)
        self.mean = QLabel()
        self.mean.setFixedSize(_MEAN, _MEAN)
        self.mean.setToolTip("The mean of all maps: what is bright here counts in most photos at the same place")
        self.mean.setAccessibleName("The mean of all maps")
        self.bar = ProgressBar()
        self.stop = button("Stop", quiet=True)
        self.close_it = button("Close")
        self.grid = PhotoGrid(theme, thumbnails)
        self.grid.set_hover_actions(())
        self.grid.set_wanted_size(176)
        self.grid.setAccessibleName("Photos with what it looks at")
        self._lay_out()
        self.resize(960, 680)
        self.answer.activated.connect(self._want)
        self.which.activated.connect(self._want)
        self.stop.clicked.connect(self.stopAsked)
        self.close_it.clicked.connect(self.reject)
        self.grid.photoActivated.connect(self._open)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(text("What speaks for", "quiet"))
        choices.addWidget(self.answer)
        choices.addWidget(text("in", "quiet"))
        choices.addWidget(self.which)
        choices.addStretch(1)
        said = QVBoxLayout()
        said.setSpacing(8)
        said.addLayout(choices)
        said.addWidget(self.words)
        said.addWidget(self.note)
        said.addStretch(1)
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 16, 8)
        head.setSpacing(16)
        head.addLayout(said, 1)
        head.addWidget(self.mean, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.bar, 1)
        foot.addWidget(self.stop)
        foot.addStretch(0)
        foot.addWidget(self.close_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)

    @Slot()
    def _want(self) -> None:
        self.wanted.emit(self.answer.currentIndex(), self.which.currentData())

    @Slot(object)
    def _open(self, photo: int) -> None:
        self.opened.emit(int(photo))

    def show_drawing(self, photos: Sequence[int]) -> None:
        """These are being drawn."""
        self.grid.show_photos(photos)
        self.words.setText("")
        self.note.setText("")
        self.mean.clear()
        self.bar.show_done(0, len(photos))
        self._set_running(on=True)

    def show_progress(self, progress: Progress) -> None:
        """How many are drawn."""
        self.bar.show_done(progress.done, max(1, progress.total))
        self.note.setText(wording.progress(progress.text, progress.done, progress.total))

    def show_end(self, words: str, note: str = "", mean: QPixmap | None = None) -> None:
        """All are drawn, or it was stopped, or cannot be drawn."""
        self.words.setText(words)
        self.note.setText(note)
        if mean is not None:
            self.mean.setPixmap(mean)
        self._set_running(on=False)

    def _set_running(self, *, on: bool) -> None:
        self.bar.setVisible(on)
        self.stop.setVisible(on)
        self.words.setVisible(not on)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody waits for the rest."""
        self.stopAsked.emit()
        super().closeEvent(event)
