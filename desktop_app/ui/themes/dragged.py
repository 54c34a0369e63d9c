"""Photos under way from one theme to another: what the drag carries, and the picture of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from desktop_app.core import wording
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import BADGE_GROUND, BADGE_TEXT, Theme

OWN_DRAG = "application/x-likeness-theme-photos"
_SIDE = 88


@dataclass(frozen=True, slots=True)
class Dragged:
    """What is dragged: photos of a theme, or with none the whole theme."""

    theme: int
    photos: tuple[int, ...] = ()


def mime_of(dragged: Dragged) -> QMimeData:
    """What a drag carries."""
    mime = QMimeData()
    mime.setData(OWN_DRAG, QByteArray(json.dumps([dragged.theme, list(dragged.photos)]).encode()))
    return mime


def dragged_in(mime: QMimeData) -> Dragged | None:
    """What a drag carries; None where it is not one of photos between themes."""
    if not mime.hasFormat(OWN_DRAG):
        return None
    theme, photos = json.loads(bytes(mime.data(OWN_DRAG).data()))
    return Dragged(int(theme), tuple(int(photo) for photo in photos))


def drag_picture(theme: Theme, thumbnails: Thumbnails, photo: int, count: int) -> QPixmap:
    """One photo, and how many go with it."""
    picture = QPixmap(_SIDE, _SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(0.9)
    found = thumbnails.cached(photo, thumbnails.side(_SIDE))
    if found is None:
        painter.fillRect(picture.rect(), theme.tokens.hover)
    else:
        painter.drawPixmap(QRectF(picture.rect()), found, QRectF(found.rect()))
    if count > 1:
        painter.setOpacity(1.0)
        painter.setFont(theme.font(0.85, semi_bold=True))
        words, metrics = wording.number(count), QFontMetrics(painter.font())
        width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 2
        badge = QRect(_SIDE - width - 4, _SIDE - height - 4, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE_GROUND)
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(BADGE_TEXT)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return picture
