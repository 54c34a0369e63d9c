"""All photos of the chosen theme below the cards: looked through, and dragged onto another card."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.grid import PhotoGrid
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.parts import ElidedLabel, icon_button, text
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.values import ThemeCard

_SIZE = 120


class PhotosDrawer(QFrame):
    """The photos of one theme.

    Signals:
        closed(): its x, Esc or Space.
    """

    closed = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")  # with a line above
        self.theme_id: int | None = None
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight, "section")
        self.hint = text("Drag photos onto a card to move them.", "quiet")
        self.close_button = icon_button("close", "Close", "Space")
        self.grid = PhotoGrid(theme, thumbnails)
        self.grid.set_hover_actions(())
        self.grid.set_wanted_size(_SIZE)
        self.grid.setMinimumHeight(104)
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 6)
        head.setSpacing(12)
        head.addWidget(self.words, 1)
        head.addWidget(self.hint)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.close_button.clicked.connect(self.closed)
        self.grid.installEventFilter(self)

    def show_theme(self, card: ThemeCard) -> bool:
        """Say whose photos these are; whether they are those of another theme than before."""
        another = card.id != self.theme_id
        self.theme_id = card.id
        self.words.set_words(f"All {wording.count(card.count, 'photo')} of “{card.title}”")
        self.grid.setAccessibleName(self.words.words())
        if another:
            self.grid.show_photos(())
        return another

    def show_photos(self, theme: int, photos: Iterable[int]) -> None:
        """Show the photos, unless it is about another theme by now."""
        if theme == self.theme_id:
            self.grid.show_photos(photos, keep_place=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """All and none mean these photos, not those of the window's grid."""
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.SelectAll):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() == QEvent.Type.KeyPress:
                self.grid.selectAll()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives the keyboard back to the cards."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
