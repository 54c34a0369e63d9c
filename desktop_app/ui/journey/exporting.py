"""A journey as a picture: whole photos in their order with arrows between them, as PNG or as a page of PDF."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen, QPolygonF

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.images.thumbnails import decode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Pixels, Progress
from desktop_app.ui.pixels import to_image

TEXT = "Drawing the way between two photos"

_SIDE = 512  # pixels of a photo's longer side
_PNG_SIDE, _PNG_BETWEEN = 400.0, 100.0
_MOST_IN_A_LINE = 6
_GREY, _DARK = QColor("#6B6B6B"), QColor("#1B1B1B")
_DPI = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the photos of a strip lie: `count` squares of `side` in lines, `between` them an arrow."""

    count: int
    side: float
    between: float

    @property
    def columns(self) -> int:
        """Photos in a line: as even as can be."""
        lines = -(-self.count // _MOST_IN_A_LINE)
        return max(1, -(-self.count // max(1, lines)))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of it all."""
        lines = -(-self.count // self.columns)
        wide = self.columns * (self.side + self.between) - (self.between if lines == 1 else 0)
        return wide, lines * (self.side + self.between / 2) - self.between / 2

    def square(self, place: int) -> QRectF:
        """Where a photo may be drawn."""
        line, column = divmod(place, self.columns)
        return QRectF(column * (self.side + self.between), line * (self.side + self.between / 2), self.side, self.side)


def save_strip(
    library: Library, ids: Sequence[int], likeness: Sequence[float], path: Path
) -> Generator[Progress, None, Path]:
    """Draw a journey and save it; stopped or failed, a file that was there stays.

    Args:
        library: where the photos are.
        ids: the photos in their order.
        likeness: of each to the next.
        path: .png or .pdf.

    Raises:
        UserError: the file cannot be written.
    """
    images = []
    for done, photo in enumerate(ids):
        yield Progress(TEXT, done, len(ids))
        images.append(_image(library, PhotoId(photo)))
    try:
        if path.suffix.lower() == ".pdf":
            _save_pdf(images, likeness, path, library.name)
        else:
            _save_png(images, likeness, path)
    except OSError as error:
        raise UserError(f"The picture could not be saved at {path}.", str(error)) from error
    return path


def _image(library: Library, photo: PhotoId) -> QImage:
    """A photo to draw, from its thumbnail where the file cannot be read; null where there is neither."""
    found = photos.fetch(library.connection, [photo]).get(photo)
    if found is None:
        return QImage()
    pixels: Pixels
    try:
        pixels = read_picture(found.path, short_side=_SIDE).pixels
    except Unreadable:
        try:
            pixels = decode_thumbnail(library.thumbnails.get([found.content]).get(found.content, b""))
        except ValueError:
            return QImage()
    image = to_image(pixels)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return (
        image if max(image.width(), image.height()) <= 2 * _SIDE else image.scaled(2 * _SIDE, 2 * _SIDE, keep, smooth)
    )


def _save_png(images: Sequence[QImage], likeness: Sequence[float], path: Path) -> None:
    plan = Plan(len(images), _PNG_SIDE, _PNG_BETWEEN)
    wide, high = plan.size
    edge = 40
    picture = QImage(round(wide) + 2 * edge, round(high) + 2 * edge, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.translate(edge, edge)
    _draw(painter, plan, images, likeness, 22)
    painter.end()
    file = _opened(path)
    if not picture.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        raise OSError(file.errorString() or "the picture could not be written")


def _save_pdf(images: Sequence[QImage], likeness: Sequence[float], path: Path, title: str) -> None:
    file = _opened(path)
    writer = QPdfWriter(file)
    writer.setTitle(title)
    writer.setCreator("Likeness")
    writer.setResolution(_DPI)
    margins = QMarginsF(10, 10, 10, 10)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins)
    layout.setUnits(QPageLayout.Unit.Millimeter)
    layout.setMargins(margins)
    writer.setPageLayout(layout)
    plan = Plan(len(images), _PNG_SIDE, _PNG_BETWEEN)
    wide, high = plan.size
    scale = min(writer.width() / wide, writer.height() / high)
    painter = QPainter(writer)
    painter.translate((writer.width() - wide * scale) / 2, (writer.height() - high * scale) / 2)
    painter.scale(scale, scale)
    _draw(painter, plan, images, likeness, 22)
    painter.end()
    if not file.commit():
        raise OSError(file.errorString())


def _opened(path: Path) -> QSaveFile:
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    return file


def _draw(painter: QPainter, plan: Plan, images: Sequence[QImage], likeness: Sequence[float], letters: int) -> None:
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    font = QFont(painter.font())
    font.setPixelSize(letters)
    painter.setFont(font)
    for place, image in enumerate(images):
        square = plan.square(place)
        if image.isNull():
            painter.fillRect(square, QColor("#EBEBEB"))
        else:
            size = image.size().toSizeF().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRectF(QPointF(), size)
            area.moveCenter(square.center())
            painter.drawImage(area, image)
        if place < len(images) - 1:
            _draw_arrow(painter, square, plan.between, likeness[place] if place < len(likeness) else None)


def _draw_arrow(painter: QPainter, square: QRectF, between: float, likeness: float | None) -> None:
    left, right, middle = square.right() + between / 4, square.right() + 3 * between / 4, square.center().y()
    tip = between / 8
    painter.setPen(QPen(_GREY, between / 40))
    painter.drawLine(QPointF(left, middle), QPointF(right - tip, middle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GREY)
    ends = (QPointF(right, middle), QPointF(right - tip, middle - tip / 2), QPointF(right - tip, middle + tip / 2))
    painter.drawPolygon(QPolygonF(ends))
    if likeness is not None:
        painter.setPen(_DARK)
        words = QRectF(square.right(), middle - between / 2, between, between / 2 - tip)
        across = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(words, int(across), wording.likeness(likeness))
