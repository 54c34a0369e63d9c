"""The top of the page: how many copies there are of each kind and what they take; each number chooses its kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import CopySet, Kind
from desktop_app.ui.duplicates import values
from desktop_app.ui.theme import Theme

_PADDING = 14
_BIG = 1.7


class Tile(QAbstractButton):
    """A big number, what it counts, and what that takes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number, self._words, self._below = "", "", ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)

    def set_words(self, number: str, words: str, below: str) -> None:
        """What it says."""
        self._number, self._words, self._below = number, words, below
        self.setAccessibleName(f"{number} {words}, {below}")
        self.update()

    def words(self) -> str:
        """All it says."""
        return f"{self._number} {self._words}, {self._below}"

    def sizeHint(self) -> QSize:
        """Two lines high."""
        big, small = QFontMetrics(self._theme.font(_BIG, semi_bold=True)), QFontMetrics(self._theme.font(0.92))
        return QSize(120, big.height() + small.height() + 18)

    def minimumSizeHint(self) -> QSize:
        """As high, and narrow."""
        return QSize(96, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = tokens.hover if self.underMouse() and self.isEnabled() else tokens.raised
        painter.setBrush(tokens.accentfill if self.isChecked() else ground)
        edge = tokens.accent if self.isChecked() or self.hasFocus() else tokens.line
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(body if not self.hasFocus() else body.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        room = self.width() - 2 * _PADDING
        big, usual, small = self._theme.font(_BIG, semi_bold=True), self._theme.font(), self._theme.font(0.92)
        metrics = QFontMetrics(big)
        top = (self.height() - metrics.height() - QFontMetrics(small).height() - 1) // 2
        baseline = top + metrics.ascent()
        painter.setFont(big)
        painter.setPen(tokens.text if self._number not in ("", "0") else tokens.text3)
        painter.drawText(_PADDING, baseline, self._number)
        left = _PADDING + metrics.horizontalAdvance(self._number) + 7
        beside = left + QFontMetrics(usual).horizontalAdvance(self._words) <= _PADDING + room
        if beside:
            painter.setFont(usual)
            painter.setPen(tokens.text2)
            painter.drawText(left, baseline, self._words)
        below = self._below if beside else f"{self._words}: {self._below}"
        painter.setFont(small)
        painter.setPen(tokens.text2)
        shown = QFontMetrics(small).elidedText(below, Qt.TextElideMode.ElideRight, room)
        painter.drawText(_PADDING, top + metrics.height() + 1 + QFontMetrics(small).ascent(), shown)


class SummaryTiles(QWidget):
    """All sets, exact copies, near copies, same scene; one of them is chosen.

    Signals:
        kindChosen(object): a `Kind`, or None for all.
    """

    kindChosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: dict[Kind | None, Tile] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for kind in (Kind.EXACT, Kind.NEAR, Kind.BURST, None):
            tile = self.tiles[kind] = Tile(theme)
            tile.setToolTip(values.KIND_TIPS[kind] if kind is not None else "Go through all sets")
            tile.clicked.connect(partial(self._choose, kind))
            self._group.addButton(tile)
            row.addWidget(tile, 1)
        self.tiles[None].setChecked(True)

    def show_sets(self, sets: Sequence[CopySet]) -> None:
        """What is left to decide."""
        for kind, count in values.counted(sets).items():
            self.tiles[kind].set_words(*values.tile_words(kind, count))
        words = "set" if len(sets) == 1 else "sets"
        self.tiles[None].set_words(wording.number(len(sets)), words, "one after the other")

    def choose(self, kind: Kind | None) -> None:
        """Mark one as chosen; emits nothing."""
        self.tiles[kind].setChecked(True)

    @Slot()
    def _choose(self, kind: Kind | None, _on: bool = True) -> None:
        self.kindChosen.emit(kind)
