"""Check: photos where the classifier is least sure, unlike all it knows, or otherwise minded than you."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.grid import PhotoGrid, Thumbnails
from desktop_app.ui.label.answer_bar import AnswerBar, is_tight
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of photos to look at.

    Attributes:
        name: on its button.
        photos: their ids, the most worth looking at first.
        words: one sentence above them.
        empty: fact and advice where there are none.
    """

    name: str
    photos: tuple[int, ...]
    words: str
    empty: tuple[str, str]


class AnswerGrid(PhotoGrid):
    """A grid whose bare letters and digits are answers for the selection.

    Signals:
        keyAnswered(str): the letter or digit pressed.
    """

    keyAnswered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = event.text()
        bare = not modifiers or modifiers == Qt.KeyboardModifier.ShiftModifier
        if bare and len(pressed) == 1 and pressed.isalnum():
            if not event.isAutoRepeat():
                self.keyAnswered.emit(pressed)
            return
        super().keyPressEvent(event)


class CheckTab(QWidget):
    """Sections of photos to look at; select some and press an answer's key, or click it below."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = AnswerGrid(theme, thumbnails)
        self.grid.set_hover_actions(())
        self.empty = EmptyPage(theme)
        self._sections: tuple[Section, ...] = ()
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(16, 8, 16, 4)
        self._row.setSpacing(4)
        self.words = text("", "quiet", wrap=True)
        self.bar = AnswerBar(theme)
        words = QHBoxLayout()
        words.setContentsMargins(16, 0, 16, 8)
        words.addWidget(self.words)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addLayout(words)
        column.addWidget(self._stack, 1)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(16, 8, 16, 10)
        self._foot.addWidget(self.bar)
        column.addLayout(self._foot)
        self.setFocusProxy(self.grid)
        self._group.idClicked.connect(self.show_section)
        self._at = 0

    def set_sections(self, sections: Sequence[Section], *, keep_place: bool = True) -> None:
        """Show these; the one that was chosen stays chosen."""
        names = [section.name for section in self._sections]
        self._sections = tuple(sections)
        if names != [section.name for section in sections]:
            self._make_buttons()
        for at, section in enumerate(sections):
            made = self._group.button(at)
            made.setText(f"{section.name} {wording.number(len(section.photos))}")
        self.show_section(min(self._at, max(0, len(sections) - 1)), keep_place=keep_place)

    def sections(self) -> tuple[Section, ...]:
        """What is shown."""
        return self._sections

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.set_compact(is_tight(self))

    def _make_buttons(self) -> None:
        for old in self._group.buttons():
            self._group.removeButton(old)  # it lives on for a while, and its number is given anew
        clear(self._row)
        for at, section in enumerate(self._sections):
            made = button(section.name, quiet=True)
            made.setCheckable(True)
            self._group.addButton(made, at)
            self._row.addWidget(made)
        self._row.addStretch(1)

    def show_section(self, at: int, *, keep_place: bool = False) -> None:
        """Show one section."""
        if not 0 <= at < len(self._sections):
            return
        self._at = at
        section = self._sections[at]
        self._group.button(at).setChecked(True)
        self.words.setText(section.words if section.photos else "")
        self.words.setVisible(bool(section.photos))
        self.bar.setVisible(bool(section.photos))
        if section.photos:
            if self.grid.photos.ids() != list(section.photos):
                self.grid.show_photos(section.photos, keep_place=keep_place)
            self._stack.setCurrentWidget(self.grid)
        else:
            self.empty.set_contents(*section.empty)
            self._stack.setCurrentWidget(self.empty)
