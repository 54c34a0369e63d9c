"""F1: the keys that work on this page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the table: where ("Everywhere"), keys ("Ctrl+F", several with " · "), and what they do."""

    where: str
    keys: str
    does: str


class KeyCaps(QWidget):
    """Keys drawn as caps, so that "+" the key and "+" between two keys cannot be mixed up."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = [native(part) for part in keys.split(" · ")]
        self.setAccessibleName(" or ".join(self._parts))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its caps."""
        widths = [self._width(part) for part in self._parts]
        return QSize(sum(widths) + 6 * (len(widths) - 1), self.fontMetrics().height() + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        left = 0.0
        for part in self._parts:
            box = QRectF(left + 0.5, 0.5, self._width(part) - 1, self.height() - 1)
            painter.setPen(QPen(tokens.control, 1))
            painter.setBrush(tokens.raised)
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(tokens.text)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), part)
            left += self._width(part) + 6

    def _width(self, part: str) -> int:
        metrics = self.fontMetrics()
        return max(metrics.height() + 8, metrics.horizontalAdvance(part) + 14)


def native(keys: str) -> str:
    """Keys as this system writes them; words that are no key sequence ("arrows", "1-9") stay as they are."""
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText).strip() or keys


class KeysDialog(QDialog):
    """The keys of one page, grouped by where they work; Esc or F1 closes it."""

    def __init__(self, theme: Theme, page: str, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setMinimumSize(420, 320)
        content = QWidget()
        content.setObjectName("chrome")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.lines: list[tuple[str, str]] = []
        row, where = 0, ""
        for line in lines:
            if line.where != where:
                where = line.where
                heading = text(where, "section")
                heading.setContentsMargins(0, 16 if row else 0, 0, 4)
                grid.addWidget(heading, row, 0, 1, 2)
                row += 1
            does = text(line.does, wrap=True)
            grid.addWidget(KeyCaps(theme, line.keys), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(does, row, 1)
            self.lines.append((line.keys, line.does))
            row += 1
        grid.setRowStretch(row, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setMinimumWidth(content.sizeHint().width() + 24)
        close = button("Close", default=True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(text(f"Keys on {page}", "title"))
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        self.resize(560, 520)
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.accept()
        else:
            super().keyPressEvent(event)
