"""The printing press of the report: blocks below one another on A4 pages, in points (1/72 inch)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from desktop_app.ui.insights.board_values import FOOT
from desktop_app.ui.insights.ratio_paint import Ink
from desktop_app.ui.theme import ANSWERS_LIGHT, LIGHT

PAGE = QSizeF(595, 842)
MARGIN = 46.0
_FOOT = 34.0
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


def font_of(family: str, size: float, *, bold: bool = False) -> QFont:
    """A font of this size in points of the page."""
    font = QFont(family)
    font.setPixelSize(round(size))
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


class Press:
    """Puts blocks below one another and turns the page where one does not fit.

    Args:
        painter: scaled to points.
        new_page: begins another page; False where no more are wanted.
        family: of the fonts.
    """

    def __init__(self, painter: QPainter, new_page: Callable[[], bool], family: str, made: str) -> None:
        self.painter, self._new_page, self._made = painter, new_page, made
        self.y = MARGIN
        self.number = 1
        self.over = False
        self.width = PAGE.width() - 2 * MARGIN
        self.bottom = PAGE.height() - MARGIN - _FOOT
        self.title, self.heading = font_of(family, 22, bold=True), font_of(family, 14, bold=True)
        self.section, self.body = font_of(family, 11, bold=True), font_of(family, 10)
        self.small = font_of(family, 8)
        self.ink = Ink(LIGHT, ANSWERS_LIGHT[0], ANSWERS_LIGHT[1], self.body, font_of(family, 10, bold=True), self.small)

    def height_of(self, words: str, font: QFont, width: float | None = None) -> float:
        """How high words are in a column, by default of the whole page."""
        box = QRectF(0, 0, width or self.width, 10_000)
        return QFontMetricsF(font).boundingRect(box, WRAP, words).height()

    def room(self, height: float) -> None:
        """Turn the page where less than this is left."""
        if self.y + height > self.bottom and self.y > MARGIN:
            self.turn()

    def turn(self) -> None:
        """Begin the next page."""
        self.foot()
        if not self._new_page():
            self.over = True
        self.number += 1
        self.y = MARGIN

    def foot(self) -> None:
        """What stands at the end of every page."""
        top = PAGE.height() - MARGIN - 12
        self.painter.setPen(QPen(LIGHT.line, 0.7))
        self.painter.drawLine(int(MARGIN), int(top - 4), int(PAGE.width() - MARGIN), int(top - 4))
        self.painter.setFont(self.small)
        self.painter.setPen(LIGHT.text2)
        box = QRectF(MARGIN, top, self.width, 14)
        self.painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft), f"{FOOT} {self._made}")
        self.painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), str(self.number))

    def words(
        self,
        words: str,
        font: QFont,
        colour: QColor = LIGHT.text,
        *,
        after: float = 4.0,
        left: float = 0.0,
        width: float = 0,
    ) -> None:
        """A paragraph, and `after` it a gap; `left` from the margin."""
        if not words:
            return
        width = width or min(self.width - left, 460.0)
        height = self.height_of(words, font, width)
        self.room(height)
        self.painter.setFont(font)
        self.painter.setPen(colour)
        self.painter.drawText(QRectF(MARGIN + left, self.y, width, height + 2), WRAP, words)
        self.y += height + after

    def image(self, image: QImage, box: QRectF) -> None:
        """The middle square of a picture, or a flat ground."""
        if image.isNull():
            self.painter.fillRect(box, LIGHT.hover)
            return
        side = min(image.width(), image.height())
        source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
        self.painter.drawImage(box, image, source)
