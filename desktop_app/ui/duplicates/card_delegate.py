"""Paints one photo of a set: its mark, the whole photo, and its facts with what differs told apart."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core import wording
from desktop_app.ui import icons
from desktop_app.ui.duplicates.cards import Card, Line
from desktop_app.ui.duplicates.pictures import Pictures
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.grid.tick import DISC, paint_tick
from desktop_app.ui.panels.list_model import ROW_ROLE, AnyIndex
from desktop_app.ui.panels.parts import place_of
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

GAP = 6
"""Room round a card; two cards are twice as far apart."""
_PADDING = 10
_MARK = 32
_BADGE = 18
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_GOING = 0.5  # how much of a photo that goes is seen


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a card are."""

    card: QRect
    mark: QRect
    photo: QRect
    name: QRect
    folder: QRect
    lines: tuple[QRect, ...]


class CardDelegate(QStyledItemDelegate):
    """Paints cards; the view sets `cell` (their size) and `lines` (how many facts have room).

    Args:
        theme: colours and fonts.
        thumbnails: pictures until the pixels are there; asking for them is the view's part.
        pictures: pixels at the size that is shown.
    """

    def __init__(self, theme: Theme, thumbnails: Thumbnails, pictures: Pictures, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails, self._pictures = theme, thumbnails, pictures
        self.cell = QSize(280, 400)
        self.facts = 0
        self.title_width = 0
        self._scaled: dict[int, tuple[int, QSize, QPixmap]] = {}
        self.update_fonts()

    def update_fonts(self) -> None:
        """Take the fonts from the theme anew."""
        self._name, self._small = self._theme.font(semi_bold=True), self._theme.font(0.92)
        self._strong = self._theme.font(0.92, semi_bold=True)
        self._badge = self._theme.font(0.85, semi_bold=True)

    def fit(self, room: QSize, facts: int, titles: set[str], tallest: float) -> None:
        """Another size of cards.

        Args:
            room: how large a card may be; it is lower where the photos need less.
            facts: how many lines they have; as many are shown as leave the photo its room.
            titles: of the lines.
            tallest: height by width of the narrowest photo; 0 while that is not known.
        """
        metrics = QFontMetrics(self._small)
        self.title_width = max((metrics.horizontalAdvance(title) for title in titles), default=0) + 12
        head = max(_MARK, QFontMetrics(self._name).height())
        words = QFontMetrics(self._name).height() + 2 + metrics.height() + _PADDING + 4 + head + 7 + 8 + 2 * GAP
        left = room.height() - words - 6
        self.facts = max(0, min(facts, (left - max(96, int(room.height() * 0.42))) // self._line_height()))
        needed = words + (self.facts * self._line_height() + 6 if self.facts else 0)
        photo = tallest * (room.width() - 2 * GAP - 2 * _PADDING) if tallest else room.height()
        self.cell = QSize(room.width(), min(room.height(), max(280, round(needed + photo))))

    def _line_height(self) -> int:
        return QFontMetrics(self._small).height() + 4

    def places(self, cell: QRect) -> Places:
        """Where everything is in a cell."""
        # a list with one line stretches its cells to its own height
        card = QRect(cell.topLeft(), self.cell).adjusted(GAP, GAP, -GAP, -GAP)
        left, width = card.left() + _PADDING, card.width() - 2 * _PADDING
        mark = QRect(card.left() + 4, card.top() + 4, card.width() - 8, max(_MARK, QFontMetrics(self._name).height()))
        line = self._line_height()
        bottom = card.bottom() - _PADDING + 1
        lines = tuple(
            QRect(left, bottom - (self.facts - at) * line, width, line) for at in range(self.facts)
        )  # fmt: skip
        below = lines[0].top() - 6 if lines else bottom
        small, name = QFontMetrics(self._small).height(), QFontMetrics(self._name).height()
        folder = QRect(left, below - small, width, small)
        title = QRect(left, folder.top() - 2 - name, width, name)
        photo = QRect(left, mark.bottom() + 7, width, max(16, title.top() - 8 - mark.bottom() - 7))
        return Places(card, mark, photo, title, folder, lines)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """The cell."""
        return self.cell

    # --- painting --------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint the card."""
        card: Card | None = index.data(ROW_ROLE)
        if card is None:
            return
        places, tokens = self.places(option.rect), self._theme.tokens
        active = option.widget is None or option.widget.isActiveWindow()
        view = option.widget
        current = isinstance(view, QAbstractItemView) and view.currentIndex().row() == index.row()
        focused = current and view is not None and view.hasFocus()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(tokens.line, 1))
        painter.setBrush(tokens.raised)
        painter.drawRoundedRect(QRectF(places.card).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._paint_mark(painter, places.mark, card, hovered=bool(option.state & QStyle.StateFlag.State_MouseOver))
        photo = self._paint_photo(painter, places.photo, card)
        self._paint_badges(painter, photo.intersected(QRectF(places.photo)), card)
        self._paint_words(painter, places, card)
        if card.stays:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent if active else tokens.control, 3))
            painter.drawRoundedRect(QRectF(places.card).adjusted(1, 1, -1, -1), 8, 8)
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.text if focused else tokens.control, 1.5))
            painter.drawRoundedRect(QRectF(places.card).adjusted(-3, -3, 3, 3), 10, 10)
        painter.restore()

    def _paint_mark(self, painter: QPainter, place: QRect, card: Card, *, hovered: bool) -> None:
        tokens = self._theme.tokens
        if hovered and not card.because:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(place, 6, 6)
        left, middle = place.left() + 6, place.center().y() + 1
        ratio = painter.device().devicePixelRatio()
        if card.because:
            painter.drawPixmap(left, middle - 10, icons.pixmap("lock", tokens.text2, 20, ratio))
        elif card.stays:
            paint_tick(painter, QPointF(left, middle - DISC / 2), tokens.accent, tokens)
        else:
            painter.drawPixmap(left, middle - 10, icons.pixmap("trash", tokens.text2, 20, ratio))
        left += 28
        painter.setFont(self._name)
        painter.setPen(tokens.text if card.stays else tokens.text2)
        metrics = QFontMetrics(self._name)
        painter.drawText(QRect(left, place.top(), place.right() - left, place.height()), _LEFT, card.mark)
        left += metrics.horizontalAdvance(card.mark) + 8
        words = card.because or (card.reason or "suggested" if card.is_suggested else "")
        painter.setFont(self._small)
        painter.setPen(tokens.text2)
        room = place.right() - 6 - left
        words = QFontMetrics(self._small).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, place.top(), room, place.height()), _LEFT, words)

    def _paint_photo(self, painter: QPainter, room: QRect, card: Card) -> QRectF:
        """The whole photo; returns where it is."""
        tokens = self._theme.tokens
        image = self._pictures.get(card.photo)
        ratio = painter.device().devicePixelRatio()
        if image is not None and not image.isNull():
            place = _fitted(QSize(image.width(), image.height()), room, ratio)
            painter.setOpacity(1.0 if card.stays else _GOING)
            painter.drawPixmap(place.topLeft(), self._scale(card.photo, image, place, ratio))
            painter.setOpacity(1.0)
            return place
        place = _fitted(QSize(card.width, card.height), room, ratio) if card.width else QRectF(room)
        painter.fillRect(place, tokens.hover)
        side = self._thumbnails.side(256, ratio)
        found = self._thumbnails.cached(card.photo, side)
        if found is not None:
            painter.setOpacity((1.0 if card.stays else _GOING) * (0.4 if image is not None else 1.0))
            square = place if card.width else _fitted(found.size(), room, ratio)
            painter.drawPixmap(place_of(found, square), found, QRectF(found.rect()))
            painter.setOpacity(1.0)
        if image is not None:  # it was tried
            painter.setFont(self._small)
            painter.setPen(tokens.text2)
            words = self._pictures.failure(card.photo)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), words)
        return place

    def _scale(self, photo: int, image: QImage, place: QRectF, ratio: float) -> QPixmap:
        size = QSize(max(1, round(place.width() * ratio)), max(1, round(place.height() * ratio)))
        found = self._scaled.get(photo)
        if found is not None and found[0] == image.cacheKey() and found[1] == size:
            return found[2]
        made = QPixmap.fromImage(
            image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        made.setDevicePixelRatio(ratio)
        if len(self._scaled) > 32:
            self._scaled.pop(next(iter(self._scaled)))
        self._scaled[photo] = (image.cacheKey(), size, made)
        return made

    def _paint_badges(self, painter: QPainter, photo: QRectF, card: Card) -> None:
        """What goes with it at the lower left, how it differs at the lower right: badges never touch."""
        painter.setFont(self._badge)
        room = photo.width() - 12
        words = f"+ {card.companions.words}" if card.companions is not None else ""
        if card.same:
            words = f"{words}, {wording.number(card.same)} the same" if words else f"+ {card.same} the same"
        metrics = QFontMetrics(self._badge)
        taken = 0.0
        if words:
            taken = self._paint_badge(painter, metrics, photo, words, room, right=False)
        if card.how and room - taken > 60:
            self._paint_badge(painter, metrics, photo, card.how, room - taken, right=True)

    def _paint_badge(
        self, painter: QPainter, metrics: QFontMetrics, photo: QRectF, words: str, room: float, *, right: bool
    ) -> float:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room) - 12)
        width, height = metrics.horizontalAdvance(words) + 12, max(_BADGE, metrics.height() + 2)
        left = photo.right() - 6 - width if right else photo.left() + 6
        badge = QRectF(left, photo.bottom() - 6 - height, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(BADGE_TEXT)
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), words)
        return width + 8

    def _paint_words(self, painter: QPainter, places: Places, card: Card) -> None:
        tokens = self._theme.tokens
        painter.setFont(self._name)
        painter.setPen(tokens.text)
        metrics = QFontMetrics(self._name)
        painter.drawText(
            places.name, _LEFT, metrics.elidedText(card.name, Qt.TextElideMode.ElideMiddle, places.name.width())
        )
        painter.setFont(self._small)
        painter.setPen(tokens.text2)
        metrics = QFontMetrics(self._small)
        painter.drawText(places.folder, _LEFT, _path_in(card.folder, metrics, places.folder.width()))
        for place, line in zip(places.lines, card.lines, strict=False):
            self._paint_line(painter, place, line)

    def _paint_line(self, painter: QPainter, place: QRect, line: Line) -> None:
        tokens = self._theme.tokens
        title_width = min(self.title_width, place.width() // 2)
        painter.setFont(self._small)
        painter.setPen(tokens.text3)
        metrics = QFontMetrics(self._small)
        painter.drawText(place, _LEFT, metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, title_width - 6))
        room = place.adjusted(title_width, 0, 0, 0)
        font = self._strong if line.is_best else self._small
        metrics = QFontMetrics(font)
        words = metrics.elidedText(line.value, Qt.TextElideMode.ElideRight, room.width() - (16 if line.differs else 0))
        if line.is_best:
            pill = QRectF(room.left() - 6, room.top() + 1, metrics.horizontalAdvance(words) + 12, room.height() - 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accentfill)
            painter.drawRoundedRect(pill, 4, 4)
        painter.setFont(font)
        painter.setPen(self._value_colour(line))
        painter.drawText(room, _LEFT, words)

    def _value_colour(self, line: Line) -> QColor:
        return self._theme.tokens.text if line.differs else self._theme.tokens.text3


def _fitted(size: QSize, room: QRect, ratio: float) -> QRectF:
    """The largest rectangle of this shape in a room, on whole pixels; small pictures at most twice as large."""
    if size.isEmpty() or room.isEmpty():
        return QRectF(room)
    scale = min(room.width() / size.width(), room.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    left = room.left() + (room.width() - width) / 2
    top = room.top() + (room.height() - height) / 2
    return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, width, height)


def _path_in(path: str, metrics: QFontMetrics, width: int) -> str:
    """A path that fits into a width, its middle folders left out."""
    if metrics.horizontalAdvance(path) <= width:
        return path
    shown = wording.shorten_path(path, max(8, width // max(1, metrics.averageCharWidth())))
    return metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, width)
