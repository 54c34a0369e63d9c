"""One sentence across a page, with what can be done about it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.ui import icons
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import button, icon_button, text
from desktop_app.ui.theme import Theme


class Kind(enum.Enum):
    """How a banner looks; the words say it too, colour is never the only sign."""

    INFO = "info"
    WARN = "warn"


class Banner(QWidget):
    """An icon, a sentence and buttons on one quiet ground.

    Args:
        theme: The program's theme.
        kind: Its icon and colour.
        words: The sentence; plain text.
        buttons: Names with what they do; the first is the one that is meant.
        closable: Whether it has an x that hides it.

    Signals:
        closed(): The x was pressed.
    """

    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        kind: Kind = Kind.INFO,
        words: str = "",
        buttons: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self._icon = QLabel()
        self._words = text("", wrap=True)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 10, 12, 10)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addSpacing(4)
        self._row.addWidget(self._words, 1)
        self._close = icon_button("close", "Dismiss")
        self._close.setVisible(closable)
        self._close.clicked.connect(self._dismiss)
        self._row.addWidget(self._close)
        self.set_contents(kind, words, buttons)
        theme.changed.connect(self._tint)

    def set_contents(self, kind: Kind, words: str, buttons: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Say something else."""
        self._kind = kind
        self._words.setText(words)
        self.setAccessibleName(words)
        self._tint()
        take_out(self._row, *self._buttons)
        self._buttons = []
        for name, action in buttons:
            made = button(name)
            made.clicked.connect(lambda _=False, act=action: act())
            self._row.insertWidget(self._row.count() - 1, made)
            self._buttons.append(made)
        self.update()

    def words(self) -> str:
        """The sentence."""
        return self._words.text()

    def buttons(self) -> list[QPushButton]:
        """Its buttons from left to right."""
        return list(self._buttons)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        warn = self._kind is Kind.WARN
        tokens = self._theme.tokens
        painter.setPen(QPen(tokens.warn, 1) if warn else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(tokens.raised if warn else tokens.accentfill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    @Slot()
    def _tint(self) -> None:
        warn = self._kind is Kind.WARN
        colour = self._theme.tokens.warn if warn else self._theme.tokens.accent
        self._icon.setPixmap(icons.pixmap("warning" if warn else "info", colour, 20, self.devicePixelRatioF()))

    @Slot()
    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()
