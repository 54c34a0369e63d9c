"""One of two photos that are compared: its mark, its name and its facts above it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.duplicates.sets import How
from desktop_app.ui import icons
from desktop_app.ui.duplicates.cards import Card
from desktop_app.ui.duplicates.linked import LinkedCanvas
from desktop_app.ui.panels.parts import ElidedLabel, button
from desktop_app.ui.theme import Theme


class Side(QFrame):
    """One photo with its name, its mark and its facts above it.

    Signals:
        markClicked(): turn its mark round.
        clicked(): it was clicked.
    """

    markClicked = Signal()
    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: Card | None = None
        self.how: How | None = None
        self._theme = theme
        self._is_current = False
        self.mark = button("Keep")
        self.mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name = ElidedLabel("")
        self.name.setFont(theme.font(semi_bold=True))
        self.facts = ElidedLabel("", Qt.TextElideMode.ElideRight, "quiet")
        self.canvas = LinkedCanvas(theme)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 12, 8)
        head.setSpacing(12)
        head.addWidget(self.mark)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)
        self.mark.clicked.connect(self.markClicked)
        self.canvas.clicked.connect(self.clicked)
        theme.changed.connect(self._tint)

    @property
    def is_current(self) -> bool:
        """Whether keys mean this photo."""
        return self._is_current

    @Slot()
    def _tint(self) -> None:
        if self.card is not None:
            name = "lock" if self.card.because else "tick" if self.card.stays else "trash"
            self.mark.setIcon(icons.icon(name, size=16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar in the accent's colour under the words of the photo that keys mean."""
        super().paintEvent(event)
        if self._is_current:
            line = QRect(0, self.canvas.y() - 3, self.width(), 3)
            QPainter(self).fillRect(line, self._theme.tokens.accent)

    def show_card(self, card: Card, *, current: bool) -> None:
        """Say what is known of the photo."""
        self.card = card
        self._is_current = current
        self.mark.setText(card.mark)
        self.mark.setEnabled(not card.because)
        self._tint()
        self.update()
        self.mark.setAccessibleName(f"{card.name}: {card.mark}")
        self.name.set_words(card.name, card.name)
        self.name.setAccessibleName(f"{card.name}, chosen" if current else card.name)
        # how a copy differs says itself
        lines = [line for line in card.lines if line.differs and line.title != "Differs"]
        differing = [f"{line.title.lower()} {line.value}" for line in lines]
        words = [card.because, card.reason, card.how, *differing]
        self.facts.set_words("  ·  ".join(word for word in words if word) or card.folder)
