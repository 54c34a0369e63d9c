"""The model of a list whose rows are plain values, as most lists of the program are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Under which a delegate asks for the row itself."""
_NONE = QModelIndex()
RowT = TypeVar("RowT")


class ListModel(QAbstractListModel, Generic[RowT]):
    """Holds the rows. A subclass says what makes a row the same one as before, and what Qt is told of a row.

    Attributes:
        rows: in order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[RowT, ...] = ()

    def identity(self, row: RowT) -> object:
        """What a row keeps while only what is said of it changes."""
        return row

    def said(self, row: RowT, role: int) -> object:
        """What Qt is told of a row under one of its roles; None for nothing."""
        raise NotImplementedError

    def show(self, rows: Sequence[RowT], *, anew: bool = False) -> None:
        """Show these.

        While they are the same ones, selection, keyboard and what is on screen stay, and only what differs is painted.

        Args:
            rows: in order.
            anew: nothing stays even then: nothing is chosen.
        """
        before, now = self.rows, tuple(rows)
        if anew or list(map(self.identity, before)) != list(map(self.identity, now)):
            self.beginResetModel()
            self.rows = now
            self.endResetModel()
            return
        self.rows = now
        changed = [at for at, (old, new) in enumerate(zip(before, now, strict=True)) if old != new]
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def row(self, at: int) -> RowT | None:
        """The row at a place; None where there is none."""
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def place_of(self, identity: object) -> int:
        """Where the row with this identity is; -1 where it is not."""
        return next((at for at, row in enumerate(self.rows) if self.identity(row) == identity), -1)

    def rowCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        return row if role == ROW_ROLE else self.said(row, role)
