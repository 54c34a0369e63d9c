"""Settings > Keys: every command with its key, and how to give it another."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui import key_choice
from desktop_app.ui.commands import COMMANDS, LABEL_KEYS, PHOTO_KEYS, VIEWER_KEYS
from desktop_app.ui.dialogs.keys import KeyCaps
from desktop_app.ui.key_choice import Keys
from desktop_app.ui.panels.parts import ScrollColumn, button, text
from desktop_app.ui.theme import Theme

_LONE = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeyButton(QPushButton):
    """Shows a command's key. Pressed, it takes the next key that is typed; Esc leaves it, Delete takes the key away.

    Signals:
        typed(str, str): command and key, "" for none.
    """

    typed = Signal(str, str)

    def __init__(self, command: str, words: str) -> None:
        super().__init__()
        self.command = command
        self._words = words
        self._shown = ""
        self._listening = False
        self.setAutoDefault(False)
        self.clicked.connect(self._listen)

    @property
    def listening(self) -> bool:
        """Whether the next key is taken."""
        return self._listening

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Show the keys in force."""
        own = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
        self._shown = " · ".join(own) or "none"
        self._listening = False
        self.setText(self._shown)
        self.setAccessibleName(f"{self._words}: {self._shown}")

    @Slot()
    def _listen(self) -> None:
        self._listening = True
        self.setText("Type a key…")

    def event(self, event: QEvent) -> bool:
        # shortcuts of the window, Tab and Esc would never reach keyPressEvent
        if self._listening and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self._listening and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._take(event)
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._listening:
            self._stop()
        super().focusOutEvent(event)

    def _stop(self) -> None:
        self._listening = False
        self.setText(self._shown)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() in _LONE:
            return
        self._stop()
        if event.key() == Qt.Key.Key_Escape:
            return
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not event.modifiers():
            self.typed.emit(self.command, "")
            return
        wish = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        self.typed.emit(self.command, wish)


class KeysPage(QWidget):
    """All commands with their keys; what is said of a key that was pressed stays in sight while they scroll.

    Args:
        theme: the program's look.
        keys: those in force.

    Signals:
        changed(dict): the keys of all commands, one of them new.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, keys: Mapping[str, tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: Keys = dict(keys)
        self.buttons: dict[str, KeyButton] = {}
        self.note = text("Press a key's button, then the new key. Delete takes a key away.", "quiet", wrap=True)
        self.reset = button("All keys as they were at first")
        self.reset.clicked.connect(self._reset)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        row, menu = 0, ""
        for command in COMMANDS:
            if not command.key:
                continue
            if command.menu != menu:
                menu = command.menu
                row = _heading(grid, row, menu or "Moving about")
            made = KeyButton(command.key, command.words.rstrip("…"))
            made.setMinimumWidth(160)
            made.typed.connect(self._typed)
            self.buttons[command.key] = made
            grid.addWidget(text(command.words.rstrip("…")), row, 0)
            grid.addWidget(made, row, 1)
            row += 1
        for title, lines in (("Photos", PHOTO_KEYS), ("Label", LABEL_KEYS), ("Viewer", VIEWER_KEYS)):
            row = _heading(grid, row, f"{title}: these keys stay as they are")
            for own, words in lines:
                grid.addWidget(text(words, wrap=True), row, 0)
                grid.addWidget(KeyCaps(theme, own), row, 1, Qt.AlignmentFlag.AlignLeft)
                row += 1
        top = QHBoxLayout()
        top.setContentsMargins(24, 16, 24, 8)
        top.addWidget(self.note, 1)
        top.addWidget(self.reset)
        scroll = ScrollColumn()
        rows = QVBoxLayout(scroll.content)
        rows.setContentsMargins(24, 0, 24, 16)
        rows.addLayout(grid)
        self.setObjectName("chrome")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(scroll, 1)
        self._show()

    def _show(self) -> None:
        for name, made in self.buttons.items():
            made.show_keys(self._keys.get(name, ()))
        self.reset.setEnabled(self._keys != key_choice.usual())

    def _say(self, words: str, role: str) -> None:
        self.note.setText(words)
        self.note.setProperty("role", role)
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    @Slot(str, str)
    def _typed(self, command: str, wish: str) -> None:
        refusal = key_choice.refusal(self._keys, command, wish) if wish else ""
        if refusal:
            self._say(refusal, "warn")
            return
        self._say("Changed. Takes effect at once.", "quiet")
        self._keys = {**self._keys, command: (key_choice.portable(wish),) if wish else ()}
        self._show()
        self.changed.emit(self._keys)

    @Slot()
    def _reset(self) -> None:
        self._keys = key_choice.usual()
        self._say("All keys are as they were at first.", "quiet")
        self._show()
        self.changed.emit(self._keys)


def _heading(grid: QGridLayout, row: int, words: str) -> int:
    heading = text(words, "section")
    heading.setContentsMargins(0, 16 if row else 8, 0, 4)
    grid.addWidget(heading, row, 0, 1, 2)
    return row + 1
