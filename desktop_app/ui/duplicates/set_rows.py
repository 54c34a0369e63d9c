"""The sets as a list's model, and how one of them is painted."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import CopySet
from desktop_app.ui.duplicates import values
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex, ListModel
from desktop_app.ui.theme import Theme, Tokens

THUMB = 44
"""How wide a photo is in the list."""
_BEHIND = 14  # how far the second photo looks out from behind the first
_PADDING = 8


class SetsModel(ListModel[CopySet]):
    """Holds the sets."""

    def identity(self, row: CopySet) -> object:
        """The set's key."""
        return row.key

    def said(self, row: CopySet, role: int) -> object:
        """What it is called, what a screen reader says, and all of it in the tooltip."""
        if role == Qt.ItemDataRole.DisplayRole:
            return values.title_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return values.spoken(row)
        return f"{values.title_of(row)}: {values.facts_of(row)}" if role == Qt.ItemDataRole.ToolTipRole else None


class SetDelegate(QStyledItemDelegate):
    """Paints a set: two of its photos, how many there are, how they differ, what there is to gain."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.update_fonts()

    def update_fonts(self) -> None:
        """Take the fonts from the theme anew."""
        self._title, self._small = self._theme.font(semi_bold=True), self._theme.font(0.92)

    def height(self) -> int:
        """Of one row."""
        lines = QFontMetrics(self._title).height() + 3 + QFontMetrics(self._small).height()
        return max(THUMB, lines) + 2 * _PADDING

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """As wide as the list, one row high."""
        return QSize(100, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a set."""
        copies: CopySet | None = index.data(ROW_ROLE)
        if copies is None:
            return
        tokens, rect, state = self._theme.tokens, option.rect, option.state
        row = QRectF(rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = tokens.window
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.accentfill if chosen else tokens.hover
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(row, 6, 6)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 6, 6)
        top = rect.center().y() - THUMB // 2
        front = QRect(rect.left() + _PADDING + 4, top, THUMB, THUMB)
        if len(copies.copies) > 1:
            behind = front.adjusted(_BEHIND + 4, 4, _BEHIND - 4, -4)
            self._paint_photo(painter, behind, int(copies.copies[1].photo), tokens, faded=True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(front.adjusted(-2, -2, 2, 2), 5, 5)
        self._paint_photo(painter, front, int(copies.suggestion.keep), tokens)
        left = front.right() + _BEHIND + 10
        self._paint_words(painter, QRect(left, rect.top(), rect.right() - left - 10, rect.height()), copies)
        painter.restore()

    def _paint_photo(self, painter: QPainter, place: QRect, photo: int, tokens: Tokens, *, faded: bool = False) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), 4, 4)
        found = self._thumbnails.cached(photo, self._thumbnails.side(THUMB, painter.device().devicePixelRatio()))
        painter.fillPath(path, tokens.hover)
        if found is None:
            return
        painter.save()
        painter.setClipPath(path)
        painter.setOpacity(0.55 if faded else 1.0)
        painter.drawPixmap(QRectF(place), found, QRectF(found.rect()))
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, copies: CopySet) -> None:
        tokens = self._theme.tokens
        title, small = QFontMetrics(self._title), QFontMetrics(self._small)
        top = room.top() + (room.height() - title.height() - 3 - small.height()) // 2
        first = QRect(room.left(), top, room.width(), title.height())
        second = QRect(room.left(), top + title.height() + 3, room.width(), small.height())
        gain = wording.byte_size(copies.bytes_to_gain) if copies.bytes_to_gain else ""
        width = small.horizontalAdvance(gain)
        painter.setFont(self._title)
        painter.setPen(tokens.text)
        words = title.elidedText(values.title_of(copies), Qt.TextElideMode.ElideRight, room.width() - width - 8)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.setFont(self._small)
        painter.setPen(tokens.text2)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), gain)
        words = small.elidedText(values.facts_of(copies), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(second, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
