"""Paints one photo of a grid: the square, the rings, the badges, the buttons under the pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.core import wording
from desktop_app.core.searching import Box
from desktop_app.core.types import PhotoState
from desktop_app.ui import icons
from desktop_app.ui.answer_marks import answer_colour, draw_none, draw_square, has_ring
from desktop_app.ui.grid.facts import AnswerBadge, Role
from desktop_app.ui.grid.hover import HoverAction, button_rects
from desktop_app.ui.grid.layout import USUAL
from desktop_app.ui.grid.places import outline_place, place_rect, whole_rect
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.grid.tick import paint_tick
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

RADIUS = 4
_BADGE_HEIGHT = 18
_INSET = 6
_BADGES_FROM_SIDE = 100  # photos of a wanted size of 120 and more are longer than this
_FAINT = 0.4
_SQUARE = 9
_STATE_ICONS = {PhotoState.AWAY: "away", PhotoState.MISSING: "warning"}


class PhotoDelegate(QStyledItemDelegate):
    """Paints photos as the guide says, for any view whose model answers `Role`.

    `option.rect` is the photo's square; the rings are painted around it, up to 6 pixels. The view sets
    `hovered` (the row under the pointer, or -1), `hovered_key` and `pressed_key` (a button's, or ""), and `places`:
    what to outline in which photo; while there is any, photos are shown as a whole.

    Args:
        theme: colours and fonts.
        thumbnails: where pictures are looked up; asking for them is the view's part.
    """

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self.actions: Sequence[HoverAction] = ()
        self.hovered = -1
        self.hovered_key = ""
        self.pressed_key = ""
        self.places: Mapping[int, Box] = {}
        self._small = QFont()
        self._metrics = QFontMetrics(self._small)
        theme.changed.connect(self.update_fonts)
        self.update_fonts()

    def update_fonts(self) -> None:
        """Take the fonts from the theme anew."""
        self._small = self._theme.font(0.85, semi_bold=True)
        self._metrics = QFontMetrics(self._small)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The usual size; a grid decides itself."""
        return QSize(USUAL, USUAL)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the photo of `index` into `option.rect` and its rings around it."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        active = bool(state & QStyle.StateFlag.State_Active)
        photo_state, score = index.data(Role.STATE), index.data(Role.SCORE)
        pinned, hovered = bool(index.data(Role.PINNED)), index.row() == self.hovered
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_photo(painter, rect, index.data(Role.PHOTO_ID), faint=photo_state in _STATE_ICONS)
        ring = self._theme.tokens.accent if active else self._theme.tokens.control
        if pinned:
            self._paint_outline(painter, rect, 5 if selected else 3, self._theme.tokens.accent)
        if selected:
            self._paint_selected(painter, rect, ring)
        if focused:
            self._paint_focus(painter, rect, beyond_ring=selected)
        roomy = rect.width() >= _BADGES_FROM_SIDE
        taken = 0
        likeness = wording.likeness(score) if score is not None else ""
        if roomy and not pinned and (words := self._shortened(index.data(Role.REASON) or "", likeness, rect)):
            taken = self._paint_badge(painter, rect, words, at_right=True)
        if roomy and pinned:
            self._paint_badge(painter, rect, "Looking for", at_right=False, ground=self._theme.tokens.accent)
        elif (answer := index.data(Role.ANSWER)) is not None:
            self._paint_answer(painter, rect, answer, taken, words=roomy)
        if hovered and self.actions:
            self._paint_buttons(painter, rect)
        elif photo_state in _STATE_ICONS:
            self._paint_state(painter, rect, _STATE_ICONS[photo_state])

    def _paint_photo(self, painter: QPainter, rect: QRect, photo: int, *, faint: bool) -> None:
        ratio = painter.device().devicePixelRatio()
        side = self._thumbnails.side(rect.width(), ratio)
        pixmap = self._thumbnails.cached(photo, -side if self.places else side)
        tokens = self._theme.tokens
        if pixmap is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
            return
        if faint:
            painter.fillRect(rect, tokens.canvas)
            painter.setOpacity(_FAINT)
        if self.places:
            area = whole_rect(pixmap, rect)
            painter.drawPixmap(area, pixmap, QRectF(pixmap.rect()))
            painter.setOpacity(1.0)
            if photo in self.places:
                outline_place(painter, place_rect(area, self.places[photo]))
            return
        painter.drawPixmap(QRectF(rect), pixmap, QRectF(pixmap.rect()))
        painter.setOpacity(1.0)
        # Round corners by painting the canvas over them: smoother than a clip, and the pixmap stays opaque.
        painter.translate(rect.topLeft())
        painter.fillPath(_corners(rect.width()), tokens.canvas)
        painter.translate(-rect.topLeft())

    def _paint_outline(self, painter: QPainter, rect: QRect, inset: float, colour: QColor) -> None:
        """A line of 3 px whose outer edge lies on the photo's, or 2 px further in below a selection's ring."""
        painter.setPen(QPen(colour, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        shift = inset - 1.5
        painter.drawRoundedRect(QRectF(rect).adjusted(shift, shift, -shift, -shift), 2.5, 2.5)

    def _paint_selected(self, painter: QPainter, rect: QRect, ring: QColor) -> None:
        outside = self._ring(rect)
        photo = QRectF(rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.tokens.canvas, 2))
        painter.drawRoundedRect(photo.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        painter.setPen(QPen(ring, outside))
        half = outside / 2
        painter.drawRoundedRect(photo.adjusted(-half, -half, half, half), RADIUS + half, RADIUS + half)
        paint_tick(painter, QPointF(rect.left() + _INSET + 2, rect.top() + _INSET + 2), ring, self._theme.tokens)

    def _paint_focus(self, painter: QPainter, rect: QRect, *, beyond_ring: bool) -> None:
        edge = (self._ring(rect) if beyond_ring else 0) + 0.75
        painter.setPen(QPen(self._theme.tokens.text, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(-edge, -edge, edge, edge), RADIUS + edge, RADIUS + edge)

    def _paint_badge(
        self, painter: QPainter, rect: QRect, text: str, *, at_right: bool, ground: QColor = BADGE_GROUND
    ) -> int:
        """Paint words on a badge; returns how wide it is with the gap beside it."""
        width = self._metrics.horizontalAdvance(text) + 12
        height = max(_BADGE_HEIGHT, self._metrics.height())
        left = rect.left() + rect.width() - _INSET - width if at_right else rect.left() + _INSET
        badge = QRect(left, rect.top() + rect.height() - _INSET - height, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(badge, RADIUS, RADIUS)
        painter.setFont(self._small)
        painter.setPen(BADGE_TEXT if ground is BADGE_GROUND else self._theme.tokens.onaccent)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        return width + _INSET

    def _paint_answer(self, painter: QPainter, rect: QRect, answer: AnswerBadge, taken: int, *, words: bool) -> None:
        """The answer at the bottom left: its square, hollow for a guess, and its key and name where there is room."""
        height = max(_BADGE_HEIGHT, self._metrics.height())
        room = rect.width() - 2 * _INSET - taken - _SQUARE - 16
        shown = self._metrics.elidedText(answer.words, Qt.TextElideMode.ElideRight, room) if words else ""
        width = _SQUARE + 10 + (self._metrics.horizontalAdvance(shown) + 6 if shown else 0)
        badge = QRect(rect.left() + _INSET, rect.top() + rect.height() - _INSET - height, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, RADIUS, RADIUS)
        square = QRectF(badge.left() + 5, badge.top() + (height - _SQUARE) / 2, _SQUARE, _SQUARE)
        if answer.place < 0:
            draw_none(painter, square, BADGE_TEXT)
        else:
            colour = answer_colour(self._theme, answer.place, on_photo=True)
            draw_square(painter, square, colour, hollow=answer.sure is not None, ring=has_ring(answer.place))
        painter.setFont(self._small)
        painter.setPen(BADGE_TEXT)
        words_at = badge.adjusted(_SQUARE + 10, 0, 0, 0)
        painter.drawText(words_at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _paint_buttons(self, painter: QPainter, rect: QRect) -> None:
        ratio = painter.device().devicePixelRatio()
        for action, button in button_rects(rect, self.actions):
            ground = QColor(BADGE_GROUND)
            if action.key == self.hovered_key:
                ground.setAlpha(255 if action.key == self.pressed_key else 220)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(button, 6, 6)
            picture = icons.pixmap(action.icon, BADGE_TEXT, 16, ratio)
            painter.drawPixmap(button.left() + 6, button.top() + 6, picture)

    def _paint_state(self, painter: QPainter, rect: QRect, name: str) -> None:
        left = rect.left() + rect.width() - _INSET - 24
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(QRect(left, rect.top() + _INSET, 24, 24), RADIUS, RADIUS)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(left + 4, rect.top() + _INSET + 4, icons.pixmap(name, BADGE_TEXT, 16, ratio))

    def _shortened(self, reason: str, likeness: str, rect: QRect) -> str:
        """The word that a photo was found by and its likeness, leaving room for an answer's square."""
        room = rect.width() - 4 * _INSET - _SQUARE
        if not reason or not likeness:
            return self._metrics.elidedText(reason, Qt.TextElideMode.ElideRight, room) or likeness
        room -= self._metrics.horizontalAdvance(f" {likeness}")
        return f"{self._metrics.elidedText(reason, Qt.TextElideMode.ElideRight, room)} {likeness}"

    def _ring(self, rect: QRect) -> int:
        """The selection ring's width: 3, or 2 where the gap between photos is only 4."""
        return 3 if rect.width() >= _BADGES_FROM_SIDE else 2


@lru_cache(maxsize=16)
def _corners(side: int) -> QPainterPath:
    """What lies outside the rounded square of `side` pixels but inside the square: four small corners."""
    whole, rounded = QPainterPath(), QPainterPath()
    whole.addRect(0, 0, side, side)
    rounded.addRoundedRect(0, 0, side, side, RADIUS, RADIUS)
    return whole - rounded
