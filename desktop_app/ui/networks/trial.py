"""What a network would find: a few photos of the library, with their look-alikes now and with the new way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.ui.panels.parts import PixmapSource, text
from desktop_app.ui.panels.strip import Strip
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One query and what each way finds: photo ids and their likeness, best first."""

    query: int
    now: tuple[tuple[int, float], ...]
    new: tuple[tuple[int, float], ...]


class TrialView(QWidget):
    """A row per query: the photo, its look-alikes now, its look-alikes with the new way."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(3, 1)
        for column, words in enumerate(("Photo", "Looks alike now", "With this network")):
            self._grid.addWidget(text(words, "quiet"), 0, column)
        self.rows: tuple[TrialRow, ...] = ()
        self._strips: list[tuple[Strip, Strip, Strip]] = []
        self.hide()

    def show_rows(self, rows: Sequence[TrialRow]) -> None:
        """Show these; none hides all."""
        self.rows = tuple(rows)
        while len(self._strips) < len(rows):
            strips = (
                Strip(self._theme, self._thumbnails, "Photo"),
                Strip(self._theme, self._thumbnails, "Looks alike now"),
                Strip(self._theme, self._thumbnails, "Looks alike with this network"),
            )
            for column, strip in enumerate(strips):
                self._grid.addWidget(strip, len(self._strips) + 1, column, Qt.AlignmentFlag.AlignLeft)
            self._strips.append(strips)
        for at, (query, now, new) in enumerate(self._strips):
            for strip in (query, now, new):
                strip.setVisible(at < len(rows))
            if at < len(rows):
                query.show_hits(((rows[at].query, 1.0),))
                now.show_hits(rows[at].now)
                new.show_hits(rows[at].new)
        self.setVisible(bool(rows))
