"""The bar below a page: what is at hand, in words, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QWidget

from desktop_app.ui.panels.parts import ElidedLabel, button

_SIDES, _GAP = 16, 4


class FootBar(QFrame):
    """Words and buttons. Where there is no room, buttons are left away, the least used first.

    What they do has keys and stands in a menu, too, so that nothing goes with them.

    Args:
        name: what it is about, for screen readers.
        offers: of each button its key, its name and its tooltip, from left to right.
        most_used: the keys, the most used first.
        last: a button at the end that is never left away.
        letters: how many letters of the words keep their room.

    Signals:
        asked(str): the key of a button.
    """

    asked = Signal(str)

    def __init__(
        self,
        name: str,
        offers: Sequence[tuple[str, str, str]],
        most_used: Sequence[str],
        last: QAbstractButton,
        letters: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAccessibleName(name)
        self.words = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self.buttons: dict[str, QPushButton] = {}
        self._most_used, self._last, self._letters = most_used, last, letters
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDES, 8, _SIDES, 8)
        row.setSpacing(_GAP)
        row.addWidget(self.words, 1)
        for key, words, tip in offers:
            made = self.buttons[key] = button(words, quiet=True, tip=tip)
            made.clicked.connect(partial(self._ask, key))
            row.addWidget(made)
        row.addWidget(last)

    def _ask(self, key: str, _checked: bool = False) -> None:
        self.asked.emit(key)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it gets when all that can be left away is."""
        return QSize(self._last.sizeHint().width() + 120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many buttons as have room; to be called when their words are others."""
        room = self.width() - 2 * _SIDES - self._last.sizeHint().width() - _GAP
        room -= self.fontMetrics().averageCharWidth() * self._letters
        for key in self._most_used:
            room -= self.buttons[key].sizeHint().width() + _GAP
            self.buttons[key].setVisible(room >= 0)
