"""All exact copies at once: what goes and what stays, folder by folder, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.ui.panels.parts import button, text

AnyIndex = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class FolderPart:
    """What happens in one folder.

    Attributes:
        path: of the folder.
        go: photos of it that go.
        bytes: what those take, with what goes with them.
        stay: photos of it that stay for those that go.
    """

    path: str
    go: int
    bytes: int
    stay: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action over many sets would do.

    Attributes:
        sets: how many sets; of each at least one photo stays.
        go: photos that go.
        companions: files that go with them.
        bytes: what all of that takes.
        folders: folder by folder, those with most to go first.
        left: photos that are left alone, by why.
    """

    sets: int
    go: int
    companions: int
    bytes: int
    folders: tuple[FolderPart, ...]
    left: tuple[tuple[str, int], ...] = ()

    @property
    def headline(self) -> str:
        """How many photos, and what they take."""
        return f"{wording.count(self.go, 'exact copy', 'exact copies')}, {wording.byte_size(self.bytes)}"

    @property
    def words(self) -> str:
        """What is done, in sentences."""
        sentences = [f"Of each of {wording.count(self.sets, 'set')} one photo stays where it is."]
        if self.sets == 1:
            sentences = ["One photo stays where it is."]
        if self.companions:
            many = wording.count(self.companions, "file")
            sentences.append(f"{many} that belong to them (videos, side-cars) go with them.")
        for why, count in self.left:
            are = "is" if count == 1 else "are"
            sentences.append(f"{wording.count(count, 'more copy', 'more copies')} {are} left alone: {why}.")
        sentences.append("They go to the trash of this computer; Undo brings them back.")
        return " ".join(sentences)


class _Model(QAbstractTableModel):
    _HEADS = ("Folder", "Go", "Space", "Stay")

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.parts: tuple[FolderPart, ...] = ()

    def show(self, parts: Sequence[FolderPart]) -> None:
        self.beginResetModel()
        self.parts = tuple(parts)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.parts)

    def columnCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._HEADS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        part = self.parts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            zero = wording.UNKNOWN
            return (
                wording.printable(part.path),
                wording.number(part.go) if part.go else zero,
                wording.byte_size(part.bytes) if part.bytes else zero,
                wording.number(part.stay) if part.stay else zero,
            )[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return wording.printable(part.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            size = wording.byte_size(part.bytes)
            return f"{part.path}: {part.go} go, {size}; {part.stay} stay"
        return None


class PreviewDialog(QDialog):
    """Shows what an action over all exact copies would do, and does it when asked.

    Signals:
        rulesAsked(): choose what is kept; the preview changes with it.
        keepIn(str): keep the photos in this folder rather than those elsewhere.
    """

    rulesAsked = Signal()
    keepIn = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All exact copies")
        self.setModal(True)
        self.preview: Preview | None = None
        self._is_known = False
        self.headline = text("Looking at what would go.", "title", wrap=True)
        self.words = text("", wrap=True)
        self.table = QTableView()
        self._model = _Model(self)
        self.table.setModel(self._model)
        self._make_table()
        self.rules = button("What to keep…", quiet=True, tip="Which photo of a set is kept, by folder and more")
        self.keep_here = button("Keep those in this folder", quiet=True, tip="Of copies that are elsewhere too")
        self.cancel = button("Cancel")
        self.move_all = button("Move to trash")
        self._middle = QStackedWidget()
        self._middle.addWidget(text("", "quiet"))
        self._middle.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.rules)
        foot.addWidget(self.keep_here)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.move_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.headline)
        column.addWidget(self.words)
        column.addWidget(self._middle, 1)
        column.addLayout(foot)
        self.rules.clicked.connect(self.rulesAsked)
        self.keep_here.clicked.connect(self._keep_here)
        self.keep_here.setEnabled(False)
        self.table.selectionModel().selectionChanged.connect(self._show_choice)
        self.cancel.clicked.connect(self.reject)
        self.move_all.clicked.connect(self.accept)
        self.move_all.setEnabled(False)
        letter = self.fontMetrics().averageCharWidth()
        self.setMinimumSize(min(640, letter * 80), 380)
        self.resize(max(640, letter * 110), 520)

    def _make_table(self) -> None:
        table = self.table
        table.setAccessibleName("What goes and what stays, folder by folder")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 12)

    def show_preview(self, preview: Preview) -> None:
        """What would be done."""
        self.preview = preview
        nothing = not preview.go
        self.headline.setText("There is nothing to move." if nothing else f"{preview.headline}.")
        self.words.setText(preview.words if not nothing else _left_words(preview))
        chosen = self._chosen()
        self._model.show(preview.folders)
        for row, part in enumerate(preview.folders):
            if chosen is not None and part.path == chosen.path:
                self.table.selectRow(row)
        self._show_choice()
        self._middle.setCurrentIndex(0 if nothing else 1)
        self.move_all.setText(f"Move {wording.count(preview.go, 'photo')} to trash")
        was_known, self._is_known = self._is_known, True
        self.move_all.setEnabled(not nothing)
        if not nothing and not was_known:
            self.move_all.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleDescription(f"{self.headline.text()} {self.words.text()}")

    def _chosen(self) -> FolderPart | None:
        rows = self.table.selectionModel().selectedRows()
        return self._model.parts[rows[0].row()] if rows else None

    @Slot()
    def _show_choice(self) -> None:
        part = self._chosen()
        self.keep_here.setEnabled(part is not None and part.go > 0)

    @Slot()
    def _keep_here(self) -> None:
        part = self._chosen()
        if part is not None:
            self.keepIn.emit(part.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard; no button is filled here, so none is Qt's default."""
        at = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(at, QPushButton):
            if not event.isAutoRepeat():
                at.click()
            return
        super().keyPressEvent(event)


def _left_words(preview: Preview) -> str:
    words = [f"{wording.count(count, 'copy', 'copies')} stay: {why}." for why, count in preview.left]
    return " ".join(words)
