"""The one box that begins a label set: what do you want to tell apart?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QKeyCombination, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.answer_marks import answer_colour, draw_square, has_ring
from desktop_app.ui.label.values import free_keys, parse_answers
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

_WIDTH = 520
_REDO_TOO = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Z
)  # the window's own, whatever the system's is


class SetUpBox(QWidget):
    """Answers written one per line; each shows the key and colour it will have.

    Signals:
        started(list[str], bool): begin with these answers; True where a photo may have several.
        folderNamesAsked(): take the names of the folders that the photos lie in.
        openAsked(): open a classifier from a file.
        cancelled(): back to the label set that is there.
    """

    started = Signal(object, bool)
    folderNamesAsked = Signal()
    openAsked = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = text("What do you want to tell apart?", "title", wrap=True)
        self.advice = text("Write one answer per line; each gets a key.", "quiet", wrap=True)
        self.words = _Lines(theme)
        self.words.setAccessibleName("Answers, one per line")
        self.words.setPlaceholderText("good\nscratch\ndent")
        self.note = text("", "quiet", wrap=True)
        self.several = QCheckBox("A photo can have several answers (tags)")
        self.several.setToolTip("Tags can be searched and saved; only answers that exclude one another are guessed")
        self.start = button("Start", default=True)
        self.folders = button("Use folder names")
        self.folders.setToolTip("Each folder that holds photos becomes an answer, and its photos get it")
        self.open = button("Open a classifier…", quiet=True)
        self.cancel = button("Cancel", quiet=True)
        self.cancel.hide()
        box = QWidget()
        box.setMaximumWidth(_WIDTH)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.advice):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.note)
        column.addWidget(self.several)
        row = QHBoxLayout()
        row.setSpacing(8)
        for made in (self.start, self.folders, self.open, self.cancel):
            row.addWidget(made)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(box, 8)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(32, 32, 32, 32)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)
        self.words.textChanged.connect(self._show_state)
        self.words.submitted.connect(self._start)
        self.start.clicked.connect(self._start)
        self.folders.clicked.connect(self.folderNamesAsked)
        self.open.clicked.connect(self.openAsked)
        self.cancel.clicked.connect(self.cancelled)
        self.setFocusProxy(self.words)
        self._show_state()

    def answers(self) -> list[str]:
        """What is written, without repetitions."""
        return parse_answers(self.words.toPlainText())

    def begin(self, *, can_cancel: bool, folder_names: Sequence[str] = ()) -> None:
        """Empty the box for another label set."""
        self.words.clear()
        self.several.setChecked(False)
        self.cancel.setVisible(can_cancel)
        self.folders.setEnabled(len(folder_names) > 1 or not folder_names)

    def _start(self) -> None:
        if self.start.isEnabled():
            self.started.emit(self.answers(), self.several.isChecked())

    def _show_state(self) -> None:
        answers = self.answers()
        self.start.setEnabled(bool(answers))
        keys = free_keys(())
        if len(answers) == 1:
            words = "Write a second answer too: what a photo can be instead, such as “other”."
        elif len(answers) > len(keys):
            words = f"The first {len(keys)} answers get a key; the others are given with the mouse."
        elif answers:
            words = f"{wording.count(len(answers), 'answer')}. Keys can be changed later."
        else:
            words = ""
        self.note.setText(words)


class _Lines(QPlainTextEdit):
    """Lines of text with the answer's key and colour in front of each; Ctrl+Enter is Start."""

    submitted = Signal()
    _MARGIN = 52

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("lines")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setFont(theme.font(1.1))
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * 8)
        self.setViewportMargins(self._MARGIN, 8, 8, 8)
        self._edge = _Edge(self)
        self.updateRequest.connect(lambda *_: (self._edge.update(), self.update()))
        theme.changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"QPlainTextEdit#lines {{ background: {tokens.raised.name()}; color: {tokens.text.name()};"
            f" border: 1px solid {tokens.control.name()}; border-radius: 6px; }}"
            f"QPlainTextEdit#lines:focus {{ border: 2px solid {tokens.accent.name()}; }}"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._edge.setGeometry(3, 3, self._MARGIN - 2, self.height() - 6)

    def event(self, event: QEvent) -> bool:
        """Undo and redo are the window's where nothing is written that they could take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys, document = QKeySequence.StandardKey, self.document()
            redo = event.matches(keys.Redo) or event.keyCombination() == _REDO_TOO
            if (event.matches(keys.Undo) and not document.isUndoAvailable()) or (
                redo and not document.isRedoAvailable()
            ):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.submitted.emit()
            return
        super().keyPressEvent(event)

    def paint_edge(self, painter: QPainter, edge: QWidget) -> None:
        """Key and colour of each line that is an answer."""
        lines = self.toPlainText().splitlines()
        answers = [name.casefold() for name in parse_answers(self.toPlainText())]
        keys = free_keys(())
        seen: set[str] = set()
        block = self.firstVisibleBlock()
        painter.setFont(self._theme.font(0.9, semi_bold=True))
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            top = area.top() + self.viewport().y() - edge.y()
            if top > edge.height():
                break
            number = block.blockNumber()
            name = " ".join(lines[number].split()).casefold() if number < len(lines) else ""
            if name and name not in seen and name in answers:
                seen.add(name)
                place = answers.index(name)
                key = keys[place].upper() if place < len(keys) else ""
                box = QRectF(0, top, edge.width(), area.height())
                painter.setPen(self._theme.tokens.text2)
                painter.drawText(box.adjusted(8, 0, -24, 0), int(Qt.AlignmentFlag.AlignCenter), key)
                square = QRectF(edge.width() - 22, top + (area.height() - 10) / 2, 10, 10)
                draw_square(painter, square, answer_colour(self._theme, place), ring=has_ring(place))
            block = block.next()


class _Edge(QWidget):
    def __init__(self, lines: _Lines) -> None:
        super().__init__(lines)
        self._lines = lines
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._lines.paint_edge(QPainter(self), self)
