"""Paints one theme: its six most typical photos, its name, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.ui import icons
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.grid.tick import paint_tick
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.values import SHOWN, ThemeCard

GAP = 8
"""Room round a card; two cards are twice as far apart, which leaves room for their rings."""
_PADDING = 10
_BETWEEN = 3  # photos of one card
_COLUMNS = 3
_RADIUS = 8
_PHOTO_RADIUS = 4
_ICON = 16


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a card are."""

    card: QRect
    photos: tuple[QRect, ...]
    name: QRect
    facts: QRect
    lock: QRect


class ThemeDelegate(QStyledItemDelegate):
    """Paints cards; the view sets `cell` (their size), `target` (the row a drag is over) and `hovered`.

    Args:
        theme: colours and fonts.
        thumbnails: where pictures are looked up; asking for them is the view's part.
    """

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self.cell = QSize(264, 260)
        self.target = -1
        self.hovered_name = -1
        self._name, self._proposed, self._small = QFont(), QFont(), QFont()
        theme.changed.connect(self.update_fonts)
        self.update_fonts()

    def update_fonts(self) -> None:
        """Take the fonts from the theme anew."""
        self._name = self._theme.font(semi_bold=True)
        self._proposed = self._theme.font(semi_bold=True)
        self._proposed.setItalic(True)
        self._small = self._theme.font(0.92)

    # --- measures --------------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """How high a cell of this width is."""
        side = self._side(width)
        lines = QFontMetrics(self._name).height() + 6 + QFontMetrics(self._small).height()
        return 2 * GAP + 2 * _PADDING + 2 * side + _BETWEEN + 8 + lines

    def _side(self, width: int) -> int:
        return (width - 2 * GAP - 2 * _PADDING - (_COLUMNS - 1) * _BETWEEN) // _COLUMNS

    def side(self) -> int:
        """How wide one photo is now."""
        return self._side(self.cell.width())

    def places(self, cell: QRect) -> Places:
        """Where everything is in a cell."""
        card = cell.adjusted(GAP, GAP, -GAP, -GAP)
        side = self._side(cell.width())
        spare = card.width() - 2 * _PADDING - _COLUMNS * side - (_COLUMNS - 1) * _BETWEEN
        left, top = card.left() + _PADDING + spare // 2, card.top() + _PADDING
        photos = tuple(
            QRect(left + column * (side + _BETWEEN), top + row * (side + _BETWEEN), side, side)
            for row in range(SHOWN // _COLUMNS)
            for column in range(_COLUMNS)
        )
        width = card.width() - 2 * _PADDING
        below = photos[-1].bottom() + 1 + 8
        name = QRect(card.left() + _PADDING, below, width, QFontMetrics(self._name).height() + 4)
        facts = QRect(card.left() + _PADDING, name.bottom() + 3, width, QFontMetrics(self._small).height())
        lock = QRect(card.right() - _PADDING - _ICON + 1, name.center().y() - _ICON // 2, _ICON, _ICON)
        return Places(card, photos, name, facts, lock)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """The cell."""
        return self.cell

    # --- painting --------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint the card and its rings."""
        card: ThemeCard | None = index.data(ROW_ROLE)
        if card is None:
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        # Qt's own flag wants the keyboard here too, which a name that is written takes away
        active = option.widget is None or option.widget.isActiveWindow()
        places, tokens = self.places(rect), self._theme.tokens
        is_target = index.row() == self.target
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outline = QRectF(places.card).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = tokens.accentfill if is_target else tokens.canvas if card.is_odd else tokens.raised
        pen = QPen(tokens.line, 1)
        if card.is_odd:
            pen = QPen(tokens.control, 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(ground)
        painter.drawRoundedRect(outline, _RADIUS, _RADIUS)
        for place, photo in zip(places.photos, card.photos, strict=False):
            self._paint_photo(painter, place, photo, ground)
        self._paint_words(painter, places, card, hovered=index.row() == self.hovered_name)
        ring = tokens.accent if active else tokens.control
        if selected or is_target:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ring, 3))
            painter.drawRoundedRect(QRectF(places.card).adjusted(-1.5, -1.5, 1.5, 1.5), _RADIUS + 1.5, _RADIUS + 1.5)
        if selected:
            self._paint_tick(painter, places.card, ring)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.text, 1.5))
            edge = 4.25 if selected else 1.5
            painter.drawRoundedRect(
                QRectF(places.card).adjusted(-edge, -edge, edge, edge), _RADIUS + edge, _RADIUS + edge
            )
        painter.restore()

    def _paint_photo(self, painter: QPainter, place: QRect, photo: int, ground: QColor) -> None:
        ratio = painter.device().devicePixelRatio()
        found = self._thumbnails.cached(photo, self._thumbnails.side(place.width(), ratio))
        if found is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tokens.hover)
            painter.drawRoundedRect(place, _PHOTO_RADIUS, _PHOTO_RADIUS)
            return
        painter.drawPixmap(QRectF(place), found, QRectF(found.rect()))
        # round corners by painting the ground over them, as the grid does
        outside = QPainterPath()
        outside.addRect(QRectF(place))
        rounded = QPainterPath()
        rounded.addRoundedRect(QRectF(place), _PHOTO_RADIUS, _PHOTO_RADIUS)
        painter.fillPath(outside - rounded, ground)

    def _paint_words(self, painter: QPainter, places: Places, card: ThemeCard, *, hovered: bool) -> None:
        tokens = self._theme.tokens
        if hovered and not card.is_odd:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(places.name.adjusted(-4, 0, 4, 0), _PHOTO_RADIUS, _PHOTO_RADIUS)
        name = places.name
        if card.is_locked:
            name = name.adjusted(0, 0, -_ICON - 6, 0)
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(places.lock.topLeft(), icons.pixmap("lock", tokens.text2, _ICON, ratio))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        guessed = card.is_proposed and not card.is_odd
        painter.setFont(self._proposed if guessed else self._name)
        painter.setPen(tokens.text2 if card.is_odd or not card.name else tokens.text)
        metrics = QFontMetrics(painter.font())
        painter.drawText(name, left, metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, name.width()))
        painter.setFont(self._small)
        painter.setPen(tokens.text2)
        metrics = QFontMetrics(self._small)
        painter.drawText(
            places.facts, left, metrics.elidedText(card.facts, Qt.TextElideMode.ElideRight, places.facts.width())
        )

    def _paint_tick(self, painter: QPainter, card: QRect, ring: QColor) -> None:
        paint_tick(painter, QPointF(card.left() + _PADDING + 6, card.top() + _PADDING + 6), ring, self._theme.tokens)

    # --- writing a name --------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: AnyIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the theme")
        editor.setMaxLength(200)
        editor.setStyleSheet("QLineEdit { min-height: 0; padding: 0 5px; border-radius: 4px; }")
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(Qt.ItemDataRole.EditRole) or "")
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: AnyIndex) -> None:
        name = self.places(option.rect).name
        editor.setGeometry(name.adjusted(-6, -3, 6, 3))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Up and Down go on to no other theme while a name is written; only Enter and Tab take it, Esc leaves it."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return True
        return super().eventFilter(editor, event)
