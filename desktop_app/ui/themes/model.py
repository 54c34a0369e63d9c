"""The themes as a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal

from desktop_app.ui.panels.list_model import AnyIndex, ListModel
from desktop_app.ui.themes.values import ThemeCard


class ThemesModel(ListModel[ThemeCard]):
    """Holds the cards.

    Signals:
        renamed(int, str): the name of a theme was written over.
    """

    renamed = Signal(int, str)

    def identity(self, row: ThemeCard) -> object:
        """The theme's id."""
        return row.id

    def said(self, row: ThemeCard, role: int) -> object:
        """Its title, the name that can be written over, what a screen reader says, and its tooltip."""
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.EditRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return _tip(row) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        card = self.row(index.row())
        if card is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if card.is_odd else flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        card = self.row(index.row())
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
