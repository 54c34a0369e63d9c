"""The themes as a list."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop_app.ui.themes.values import ThemeCard

AnyIndex = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


class Role(enum.IntEnum):
    """What the model answers beside Qt's own roles."""

    CARD = Qt.ItemDataRole.UserRole + 1


class ThemesModel(QAbstractListModel):
    """Holds the cards.

    Signals:
        renamed(int, str): the name of a theme was written over.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[ThemeCard] = []

    @property
    def cards(self) -> list[ThemeCard]:
        """In order."""
        return list(self._cards)

    def card(self, row: int) -> ThemeCard | None:
        """The card of a row."""
        return self._cards[row] if 0 <= row < len(self._cards) else None

    def row_of(self, theme: int) -> int:
        """Where a theme is; -1 where it is not."""
        return next((row for row, card in enumerate(self._cards) if card.id == theme), -1)

    def show(self, cards: Sequence[ThemeCard]) -> None:
        """Show these; where only what is said of them differs, selection and keyboard stay."""
        now = [card.id for card in self._cards]
        if now == [card.id for card in cards]:
            old, self._cards = self._cards, list(cards)
            for row, (was, card) in enumerate(zip(old, cards, strict=True)):
                if was != card:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        card = self.card(index.row())
        if card is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if card.is_odd else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self.card(index.row()) if index.isValid() else None
        if card is None:
            return None
        if role == Role.CARD:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return card.title
        if role == Qt.ItemDataRole.EditRole:
            return card.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return card.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(card)
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        card = self.card(index.row())
        if card is None or role != Qt.ItemDataRole.EditRole or card.is_odd:
            return False
        name = " ".join(str(value).split())
        # a proposed name that is confirmed as it stands is a name of one's own from then on
        if name and (name != card.name or card.is_proposed):
            self.renamed.emit(card.id, name)
            return True
        return False


def _tip(card: ThemeCard) -> str:
    if card.is_odd:
        return "Photos that look like no theme. Drag them onto a card to put them there."
    words = f"{card.title}: {card.facts}"
    if card.is_locked:
        words += ". Locked: the slider and grouping again leave it as it is."
    elif card.is_proposed and card.name:
        words += ". The name is proposed; F2 writes your own."
    return words
