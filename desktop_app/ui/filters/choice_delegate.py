"""How a choice is painted: headings with an arrow; options with a box to tick, a name and a count."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core import wording
from desktop_app.ui import icons
from desktop_app.ui.filters.rows import Row, RowKind
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex
from desktop_app.ui.theme import Theme

STEP, PADDING = 16, 8
"""How far in a folder stands that is inside another, and what is free at the sides."""

_BOX = 16


class ChoiceDelegate(QStyledItemDelegate):
    """Paints rows: headings with an arrow; options with a box to tick, a name and a count."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        row: Row = index.data(ROW_ROLE)
        height = max(28, option.fontMetrics.height() + 12)
        if row.kind is RowKind.HEADING:
            height += 12 if index.row() else 4
        return QSize(120, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)
        if row.kind is RowKind.HEADING and index.row():
            area.setTop(area.top() + 12)
        self._ground(painter, area.adjusted(1, 1, -1, -1), option.state, row)
        words = area.adjusted(PADDING, 0, -PADDING, 0)
        if row.kind is RowKind.HEADING:
            self._heading(painter, words, row, option)
        elif row.kind is RowKind.OPTION:
            self._option(painter, words, row, option)
        else:
            painter.setPen(self._theme.tokens.text2)
            painter.drawText(words.adjusted(STEP, 0, 0, 0), _LEFT, self._fit(option.fontMetrics, row.name, words))
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, row: Row) -> None:
        tokens = self._theme.tokens
        if state & QStyle.StateFlag.State_MouseOver and row.can_be_taken:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)

    def _heading(self, painter: QPainter, area: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        font = self._theme.font(semi_bold=True)
        painter.setFont(font)
        painter.setPen(self._theme.tokens.text2)
        painter.drawText(area, _LEFT, self._fit(QFontMetrics(font), row.name, area.adjusted(0, 0, -STEP, 0)))
        self._arrow(painter, area.right() - 15, area, is_open=bool(row.is_open))

    def _arrow(self, painter: QPainter, left: int, area: QRect, *, is_open: bool) -> None:
        name = "chevron-down" if is_open else "chevron-right"
        ratio = painter.device().devicePixelRatio()
        picture = icons.pixmap(name, self._theme.tokens.text2, 16, ratio)
        painter.drawPixmap(left, area.center().y() - 7, picture)

    def _option(self, painter: QPainter, area: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        tokens, metrics = self._theme.tokens, option.fontMetrics
        is_folder = row.key.startswith("folder ")
        left = area.left() + (row.depth * STEP if is_folder else 0)
        if row.is_open is not None:
            self._arrow(painter, left, area, is_open=row.is_open)
        left += STEP if is_folder else 0
        box = QRectF(left + 4.5, area.center().y() - _BOX / 2 + 1, _BOX, _BOX)
        self._box(painter, box, row)
        left += _BOX + 12
        count = "" if row.count is None else wording.number(row.count)
        wide = metrics.horizontalAdvance(count)
        painter.setFont(option.font)
        painter.setPen(tokens.text2 if row.can_be_taken else tokens.text3)
        painter.drawText(area, _RIGHT, count)
        painter.setPen(tokens.text if row.can_be_taken else tokens.text3)
        room = QRect(left, area.top(), max(16, area.right() - left - wide - 12), area.height())
        painter.drawText(room, _LEFT, self._fit(metrics, row.name, room))

    def _box(self, painter: QPainter, box: QRectF, row: Row) -> None:
        tokens, ticked = self._theme.tokens, row.is_chosen
        edge = tokens.control if row.can_be_taken else tokens.line
        painter.setPen(QPen(tokens.accent if ticked else edge, 1))
        painter.setBrush(tokens.accent if ticked else tokens.raised)
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            painter.setPen(QPen(tokens.onaccent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            corners = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.3))
            painter.drawPolyline([QPointF(box.left() + x * _BOX, box.top() + y * _BOX) for x, y in corners])

    def _fit(self, metrics: QFontMetrics, name: str, room: QRect) -> str:
        return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
