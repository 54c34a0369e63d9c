"""Pick the picture of a post by hand: the nearest in time first, all others on demand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.grid import PhotoGrid, Thumbnails
from desktop_app.ui.insights.values import PostLine
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


class PhotoPicker(QDialog):
    """A post above, photos below.

    Signals:
        picked(int, list): the line and the photos that belong to it, in their order.
        allAsked(): show every photo of the library.
    """

    picked = Signal(int, list)
    allAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, line: PostLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Pick the picture of a post")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._line = line
        self.title = text(line.title, "section", wrap=True)
        self.caption = text(line.caption, "quiet", wrap=True)
        self.caption.setMaximumHeight(4 * self.fontMetrics().lineSpacing())
        self.where = text("Photos from the days around it, nearest first.", "quiet", wrap=True)
        self.grid = PhotoGrid(theme, thumbnails)
        self.grid.set_hover_actions(())
        self.grid.set_wanted_size(120)
        self.show_all = button("Show all photos", quiet=True)
        self.take = button("Use this picture", default=True)
        self.cancel = button("Cancel")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.show_all)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        for label in (self.title, self.caption, self.where):
            column.addWidget(label)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)
        self.caption.setVisible(bool(line.caption))
        self.resize(820, 600)
        self.take.setEnabled(False)
        self.grid.selectionChangedTo.connect(self._selected)
        self.grid.photoActivated.connect(self._activated)
        self.take.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.show_all.clicked.connect(self._all)

    def show_photos(self, photos: Sequence[int], *, all_of_them: bool = False) -> None:
        """Show what can be picked."""
        self.grid.show_photos(photos)
        self.show_all.setVisible(not all_of_them)
        if all_of_them:
            self.where.setText("All photos of the library.")
        elif not photos:
            self.where.setText("No photo is from the days around it.")

    @Slot()
    def _all(self) -> None:
        self.allAsked.emit()

    @Slot()
    def _selected(self, *_: object) -> None:
        count = len(self.grid.selected_ids())
        self.take.setEnabled(count > 0)
        self.take.setText("Use this picture" if count < 2 else f"Use these {count} pictures")

    @Slot(object)
    def _activated(self, photo: int) -> None:
        self.picked.emit(self._line.key, [photo])
        self.accept()

    @Slot()
    def _take(self) -> None:
        self.picked.emit(self._line.key, list(self.grid.selected_ids()))
        self.accept()
