"""Below the photo: the hint, the answers, the last five, and how good it is; closer together where room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_app.ui.label.answer_bar import AnswerBar
from desktop_app.ui.label.meter import Meter
from desktop_app.ui.label.strip import RecentStrip
from desktop_app.ui.panels.parts import PixmapSource, button, text
from desktop_app.ui.theme import Theme


class Foot(QWidget):
    """What a person presses and reads while labelling. Its parts are the view's to fill and to join."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = AnswerBar(theme)
        self.strip = RecentStrip(theme, thumbnails)
        self.meter = Meter(theme)
        self.hint = text("", "quiet")
        self.take_board = button("", default=True)
        self.add = QToolButton()
        self.add.setProperty("quiet", True)
        self.add.setToolTip("Add another answer")
        self.add.setAccessibleName("Add another answer")
        for made in (self.take_board, self.add):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._is_compact = False
        self._column = QVBoxLayout(self)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addStretch(1)
        line.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.take_board, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        self._column.addLayout(line)
        self.bar.add_last(self.add)
        self._column.addWidget(self.bar)
        self._last = QHBoxLayout()
        self._last.addWidget(self.strip)
        self._last.addWidget(self.meter, 1)
        self._last.addStretch(0)  # keeps the strip at the left where there is no meter
        self._column.addLayout(self._last)
        self._space()

    def set_compact(self, compact: bool) -> None:
        """Leave the room to the photo."""
        if compact != self._is_compact:
            self._is_compact = compact
            self._space()

    def _space(self) -> None:
        compact = self._is_compact
        self._column.setContentsMargins(*((12, 4, 12, 6) if compact else (16, 8, 16, 10)))
        self._column.setSpacing(4 if compact else 8)
        self._last.setSpacing(16 if compact else 24)
        self.add.setText("+" if compact else "+ Answer")
        self.bar.set_compact(compact)
        self.strip.set_compact(compact)
        self.meter.set_compact(compact)
