"""Hand over: the classifier as one file, the labels as files, a folder sorted with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.panels.layouts import clear
from desktop_app.ui.panels.parts import ScrollColumn, button, text
from desktop_app.ui.theme import Theme


class HandOverTab(QWidget):
    """What can be kept or sent.

    Signals:
        handOverAsked(): one file that runs anywhere.
        sortAsked(): sort a folder with the classifier.
        openAsked(): open a classifier from a file.
        stopAsked(): stop what is being written.
        exportAsked(str): the labels as "csv", "folders", "coco", "yolo", or "features" for a notebook.
    """

    handOverAsked = Signal()
    sortAsked = Signal()
    openAsked = Signal()
    stopAsked = Signal()
    exportAsked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.hand_over = button("Hand over…", default=True)
        self.sort = button("Sort a folder with it…")
        self.open = button("Open a classifier…", quiet=True)
        self.stop = button("Stop", quiet=True)
        self.stop.hide()
        self.state = text("", "quiet", wrap=True)
        self.result = _Card(theme)
        self.result.hide()
        scroll = ScrollColumn()
        column = QVBoxLayout(scroll.content)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(8)
        column.addWidget(text("One file that runs anywhere", "title"))
        column.addWidget(
            text(
                "It holds the preparation of the photo, the network, what was learnt and the names of the answers. "
                "A one-page sheet and a 15-line Python example are saved beside it.",
                "quiet",
                wrap=True,
            )
        )
        column.addWidget(self.state)
        self._add_row(column, (self.hand_over, self.sort, self.open, self.stop))
        column.addWidget(self.result)
        column.addSpacing(20)
        column.addWidget(text("Your labels", "title"))
        column.addWidget(
            text("For another program, or a notebook. Photos are copied, never moved.", "quiet", wrap=True)
        )
        self.exports = {
            "csv": button("Table (CSV)…"),
            "folders": button("Folders of copies…"),
            "coco": button("COCO…"),
            "yolo": button("YOLO…"),
            "features": button("Features and labels…"),
        }
        self._add_row(column, tuple(self.exports.values()))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.hand_over.clicked.connect(self.handOverAsked)
        self.sort.clicked.connect(self.sortAsked)
        self.open.clicked.connect(self.openAsked)
        self.stop.clicked.connect(self.stopAsked)
        self._group = QButtonGroup(self)
        for at, made in enumerate(self.exports.values()):
            self._group.addButton(made, at)
        self._group.setExclusive(False)
        self._group.idClicked.connect(self._export)
        self.setFocusProxy(self.hand_over)

    @Slot(int)
    def _export(self, at: int) -> None:
        self.exportAsked.emit(list(self.exports)[at])

    def _add_row(self, column: QVBoxLayout, buttons: Sequence[QWidget]) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for one in buttons:
            row.addWidget(one)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)

    def set_ready(self, words: str, *, ready: bool, labelled: bool) -> None:
        """Whether there is something to hand over, in a sentence."""
        self.state.setText(words)
        self.hand_over.setEnabled(ready)
        self.sort.setEnabled(ready)
        for made in self.exports.values():
            made.setEnabled(labelled)
        self.stop.hide()

    def show_working(self, words: str) -> None:
        """Something is being written; one thing at a time."""
        self.state.setText(words)
        for made in (self.hand_over, self.sort, *self.exports.values()):
            made.setEnabled(False)
        self.result.hide()
        self.stop.show()

    def show_result(self, headline: str, words: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Say what was saved, with what can be done now."""
        self.result.set_contents(headline, words, actions)
        self.result.show()


class _Card(QFrame):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._headline = text("", wrap=True)
        self._headline.setFont(theme.font(semi_bold=True))
        self._words = text("", wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for label in (self._headline, self._words):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.addLayout(self._row)

    def set_contents(self, headline: str, words: str, actions: Sequence[tuple[str, Callable[[], object]]]) -> None:
        self._headline.setText(headline)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.setAccessibleName(f"{headline} {words}")
        clear(self._row)
        for name, action in actions:
            made = button(name)
            made.clicked.connect(partial(_call, action))
            self._row.addWidget(made)
        self._row.addStretch(1)


def _call(action: Callable[[], object], _checked: bool = False) -> None:
    action()
