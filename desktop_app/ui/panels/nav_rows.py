"""The rows of the left list: what they are and how they are painted."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Folder, FolderState
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex, ListModel
from desktop_app.ui.theme import Theme

CHOSEN_ROLE = ROW_ROLE + 1
_ROW_HEIGHT = 32
_PADDING = 9
_NAME_ROOM = 72


class RowKind(enum.Enum):
    """What a row is."""

    HEADING = "heading"
    PAGE = "page"
    FOLDER = "folder"
    ADD = "add"
    SAVED = "saved"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        kind: What it is.
        name: What stands at the left, shortened in its middle where it is long.
        key: The page's key, the folder's or the saved search's id.
        count: What stands at the right, or "".
        tip: The tooltip.
        spoken: What a screen reader says; the name where it is empty.
        quiet: Whether it is greyed, as a folder that is away.
    """

    kind: RowKind
    name: str
    key: object = None
    count: str = ""
    tip: str = ""
    spoken: str = ""
    quiet: bool = False


def folder_row(folder: Folder) -> Row:
    """A folder with its count in words that fit behind its name; the tooltip says all of it."""
    photos = wording.count(folder.photos, "photo")
    lines = [str(folder.root), photos]
    if folder.state is FolderState.AWAY:
        count = "away"
        lines[1] = f"Not connected. Its {photos} stay in the library and come back with it."
    elif folder.waiting and folder.state is FolderState.STOPPED:
        count = f"{wording.number(folder.waiting)} wait"
        lines[1] = f"{photos} ready, {wording.number(folder.waiting)} waiting to be added"
    elif folder.waiting:
        count = f"{wording.number(folder.photos)} of {wording.number(folder.photos + folder.waiting)}"
        lines[1] = f"{photos} added so far, {wording.number(folder.waiting)} waiting"
    else:
        count = wording.number(folder.photos)
    away = folder.state is FolderState.AWAY
    return Row(
        RowKind.FOLDER,
        folder.name,
        key=int(folder.id),
        count=count,
        tip="\n".join(lines),
        spoken=f"{folder.name}, {'away, ' if away else ''}{lines[1] if not away else photos}",
        quiet=away,
    )


class NavModel(ListModel[Row]):
    """A short list of rows; one of them is chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen: object = None

    def identity(self, row: Row) -> object:
        """What a row leads to."""
        return row.kind, row.key

    def choose(self, kind: RowKind, key: object) -> None:
        """Mark the chosen row."""
        self._chosen = (kind, key)

    def chosen_row(self) -> int:
        """The place of the chosen row; the first that can be taken where none of them is chosen."""
        chosen = self.place_of(self._chosen)
        if chosen >= 0:
            return chosen
        return next((at for at, row in enumerate(self.rows) if row.kind is not RowKind.HEADING), 0)

    def said(self, row: Row, role: int) -> object:
        """Its name, its tooltip, what a screen reader says, and whether it is chosen."""
        is_chosen = self.identity(row) == self._chosen
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (row.spoken or row.name) + (", chosen" if is_chosen else "")
        return is_chosen if role == CHOSEN_ROLE else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.row(index.row())
        if row is None or row.kind is RowKind.HEADING:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class NavDelegate(QStyledItemDelegate):
    """Paints rows of 32 px (more where the text is larger): chosen, hovered, with the keyboard's ring."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        row: Row = index.data(ROW_ROLE)
        height = max(_ROW_HEIGHT, option.fontMetrics.height() + 14)
        if row.kind is RowKind.HEADING and index.row() > 0:
            height += 20  # the gap between groups belongs to the heading below it
        return QSize(120, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        view = option.widget
        assert isinstance(view, QWidget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect
        if row.kind is RowKind.HEADING:
            self._heading(painter, area, row, option)
        else:
            self._row(painter, area.adjusted(1, 2, -1, -2), row, option, chosen=bool(index.data(CHOSEN_ROLE)))
        painter.restore()

    def _heading(self, painter: QPainter, area: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.tokens.text2)
        words = area.adjusted(_PADDING + 1, 0, -_PADDING, -6)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), row.name)

    def _row(self, painter: QPainter, area: QRect, row: Row, option: QStyleOptionViewItem, *, chosen: bool) -> None:
        state = option.state
        tokens = self._theme.tokens
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tokens.accentfill if chosen else self._theme.tokens.hover)
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)

        font = QFont(option.font)
        if chosen:
            font.setWeight(QFont.Weight.DemiBold)
        words = area.adjusted(_PADDING, 0, -_PADDING, 0)
        count_width = option.fontMetrics.horizontalAdvance(row.count) if row.count else 0
        # a long count leaves the name room for a few letters; the tooltip has all of it
        count_width = max(0, min(count_width, words.width() - _NAME_ROOM))
        if row.count:
            box = QRect(words)
            box.setLeft(words.right() - count_width)
            painter.setFont(option.font)
            painter.setPen(tokens.text if chosen else tokens.text3 if row.quiet else tokens.text2)
            shown = option.fontMetrics.elidedText(row.count, Qt.TextElideMode.ElideRight, count_width + 1)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(font)
        quiet = row.kind is RowKind.ADD or row.kind is RowKind.NOT_SHOWN
        painter.setPen(tokens.text3 if row.quiet else tokens.text2 if quiet and not chosen else tokens.text)
        room = words.width() - (count_width + 12 if count_width else 0)
        shown = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
