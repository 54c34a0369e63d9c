"""Saving the map as a picture: PNG, or a PDF page of A3 with its legend in type."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.map import PhotoMap
from desktop_app.core.operations.map_picture import HIGH, WIDE, draw_map
from desktop_app.core.types import Pixels, Progress
from desktop_app.ui.map.colouring import Entry
from desktop_app.ui.pixels import to_image

_DPI = 300
_MARGIN_MM = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What is to be saved.

    Attributes:
        path: .png or .pdf.
        sheet: the contact sheet instead of the plane.
        title: over the page of a PDF.
        colours: uint8 (n, 3), a frame round each photo.
        legend_title: what the colours are.
        legend: what they stand for.
    """

    path: Path
    sheet: bool
    title: str
    colours: npt.NDArray[np.uint8] | None = None
    legend_title: str = ""
    legend: tuple[Entry, ...] = ()


def save_picture(library: Library, made: PhotoMap, wish: Wish) -> Generator[Progress, None, Path]:
    """Draw the map at print size and save it; stopped or failed, a file that was there stays.

    Raises:
        UserError: the file cannot be written.
    """
    high = HIGH
    if wish.path.suffix.lower() == ".pdf":
        high -= round((12 + (8 if wish.legend else 0)) / 25.4 * _DPI)
    pixels = yield from draw_map(library, made, width=WIDE, height=high, sheet=wish.sheet, colours=wish.colours)
    yield Progress("Saving the map")
    try:
        if wish.path.suffix.lower() == ".pdf":
            _save_pdf(pixels, wish)
        else:
            _save_png(pixels, wish.path)
    except OSError as error:
        raise UserError(f"The picture could not be saved at {wish.path}.", str(error)) from error
    return wish.path


def _opened(path: Path) -> QSaveFile:
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    return file


def _save_png(pixels: Pixels, path: Path) -> None:
    image = to_image(pixels)
    image.setDotsPerMeterX(round(_DPI / 0.0254))
    image.setDotsPerMeterY(round(_DPI / 0.0254))
    file = _opened(path)
    if not image.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        raise OSError(file.errorString() or "the picture could not be written")


def _save_pdf(pixels: Pixels, wish: Wish) -> None:
    file = _opened(wish.path)
    writer = QPdfWriter(file)
    writer.setTitle(wish.title)
    writer.setCreator("Likeness")
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A3), QPageLayout.Orientation.Landscape, margins)
    layout.setUnits(QPageLayout.Unit.Millimeter)
    layout.setMargins(margins)
    writer.setPageLayout(layout)
    painter = QPainter(writer)
    millimetre = _DPI / 25.4
    width, height = float(writer.width()), float(writer.height())
    painter.setFont(QFont(painter.font().family(), 16, QFont.Weight.DemiBold))
    painter.setPen(QColor("#1B1B1B"))
    painter.drawText(QRectF(0, 0, width, 9 * millimetre), int(Qt.AlignmentFlag.AlignVCenter), wish.title)
    foot = 8 * millimetre if wish.legend else 0.0
    _draw_inside(painter, to_image(pixels), QRectF(0, 10 * millimetre, width, height - 10 * millimetre - foot))
    if wish.legend:
        _draw_legend(painter, wish.legend_title, wish.legend, QRectF(0, height - foot, width, foot), millimetre)
    painter.end()
    if not file.commit():
        raise OSError(file.errorString())


def _draw_inside(painter: QPainter, image: QImage, room: QRectF) -> None:
    scale = min(room.width() / image.width(), room.height() / image.height())
    place = QRectF(0, 0, image.width() * scale, image.height() * scale)
    place.moveCenter(room.center())
    painter.drawImage(place, image)


def _draw_legend(painter: QPainter, title: str, lines: Sequence[Entry], room: QRectF, millimetre: float) -> None:
    painter.setFont(QFont(painter.font().family(), 9))
    metrics = painter.fontMetrics()
    x = room.left()
    across = int(Qt.AlignmentFlag.AlignVCenter)
    for at, line in enumerate((None, *lines)):
        words = title if line is None else f"{line.words} ({line.count:,})"
        if line is not None:
            painter.fillRect(
                QRectF(x, room.center().y() - 1.5 * millimetre, 3 * millimetre, 3 * millimetre), line.colour
            )
            x += 4.5 * millimetre
        wide = metrics.horizontalAdvance(words)
        painter.drawText(QRectF(x, room.top(), wide + millimetre, room.height()), across, words)
        x += wide + (4 if at == 0 else 6) * millimetre
