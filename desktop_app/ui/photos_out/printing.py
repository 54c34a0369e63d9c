"""Drawing contact sheets page by page, as PDF or PNG; never more than a page's pictures is in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPdfWriter

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.library import Library
from desktop_app.core.operations import copies
from desktop_app.core.types import Photo, PhotoId, Progress
from desktop_app.ui.insights.press import font_of
from desktop_app.ui.photos_out.sheet import Kind, Plan, SheetWish, captions, plan, usual_ratio
from desktop_app.ui.pixels import to_image
from desktop_app.ui.theme import LIGHT

_TEXT = "Making a contact sheet"
_PDF_DPI, _PNG_DPI = 300, 200
_PNG_QUALITY = 80  # Qt's word for little packing: photos hardly pack, and a page took seconds
_SHARP_DPI = 200  # what a photo should have on paper
_STORED = 352  # pixels of the long side up to which the stored thumbnails do
_MANY = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn.

    Attributes:
        ids: the photos in their order.
        wish: how it looks.
        scores: likeness by photo, for the captions.
        family: of the type.
    """

    ids: tuple[PhotoId, ...]
    wish: SheetWish
    family: str
    scores: Mapping[int, float] = field(default_factory=dict)


def lay_out(library: Library, sheet: Sheet) -> Plan:
    """Where everything stands; the boxes suit most of the photos."""
    few = sheet.ids[:_MANY]
    found = photos.fetch(library.connection, few)
    return plan(sheet.wish, usual_ratio((photo.width, photo.height) for photo in found.values()))


def first_page(library: Library, sheet: Sheet, scale: float = 1.0) -> tuple[QImage, int]:
    """The first page as a picture, `scale` pixels a point, from stored thumbnails; and how many pages there are."""
    made = lay_out(library, sheet)
    image = _blank(made, scale)
    painter = QPainter(image)
    painter.scale(scale, scale)
    pages = made.pages(len(sheet.ids))
    for _ in _draw_page(painter, library, sheet, made, 0, pages, sharp=False):
        pass
    painter.end()
    return image, pages


def write_sheet(library: Library, sheet: Sheet, path: Path) -> Generator[Progress, None, tuple[Path, ...]]:
    """Write a contact sheet; stopped or failed, files that were there stay and no half ones do.

    Args:
        library: for pictures and captions.
        sheet: what is drawn.
        path: the file; PNGs of several pages have their numbers behind the name.

    Returns:
        The files.

    Raises:
        UserError: they cannot be written.
    """
    made = lay_out(library, sheet)
    pages = made.pages(len(sheet.ids))
    if sheet.wish.kind is Kind.PDF:
        yield from _write_pdf(library, sheet, made, pages, path)
        return (path,)
    return (yield from _write_png(library, sheet, made, pages, path))


def _write_pdf(library: Library, sheet: Sheet, made: Plan, pages: int, path: Path) -> Generator[Progress, None, None]:
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise _unwritable(path, file.errorString())
    writer = QPdfWriter(file)
    writer.setPageLayout(sheet.wish.layout())
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    writer.setResolution(_PDF_DPI)
    writer.setTitle(sheet.wish.title or "Contact sheet")
    writer.setCreator("Likeness")
    painter = QPainter(writer)
    try:
        painter.scale(_PDF_DPI / 72, _PDF_DPI / 72)
        for number in range(pages):
            if number:
                writer.newPage()
            for done in _draw_page(painter, library, sheet, made, number, pages):
                yield Progress(_TEXT, done, len(sheet.ids))
    except BaseException:
        painter.end()
        file.cancelWriting()
        raise
    painter.end()
    if not file.commit():
        raise _unwritable(path, file.errorString())


def _write_png(
    library: Library, sheet: Sheet, made: Plan, pages: int, path: Path
) -> Generator[Progress, None, tuple[Path, ...]]:
    copies.refuse_inside(library, [path.parent])  # a page would be added as a photo
    paths = [path] if pages == 1 else [path.with_stem(f"{path.stem} {number}") for number in range(1, pages + 1)]
    there = [one for one in paths if pages > 1 and one.exists()]
    if there:
        raise UserError(f"“{wording.printable(there[0].name)}” is there already. Choose another name.")
    parts = [one.with_name(f".{one.name}.part") for one in paths]
    scale = _PNG_DPI / 72
    try:
        for number, part in enumerate(parts):
            image = _blank(made, scale)
            image.setDotsPerMeterX(round(_PNG_DPI / 0.0254))
            image.setDotsPerMeterY(round(_PNG_DPI / 0.0254))
            painter = QPainter(image)
            try:
                painter.scale(scale, scale)
                for done in _draw_page(painter, library, sheet, made, number, pages):
                    yield Progress(_TEXT, done, len(sheet.ids))
            finally:
                painter.end()
            if not image.save(str(part), "PNG", _PNG_QUALITY):  # type: ignore[call-overload]
                raise _unwritable(part, "the picture could not be written")
        for part, one in zip(parts, paths, strict=True):
            part.replace(one)
    except OSError as error:
        raise _unwritable(path, str(error)) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return tuple(paths)


def _blank(made: Plan, scale: float) -> QImage:
    image = QImage((made.page * scale).toSize(), QImage.Format.Format_RGB32)
    image.fill(LIGHT.canvas)
    return image


def _unwritable(path: Path, details: str) -> UserError:
    return UserError(f"The contact sheet cannot be written to “{wording.printable(path.parent.name)}”.", details)


# --- a page ----------------------------------------------------------------------------------------------------


def _draw_page(
    painter: QPainter, library: Library, sheet: Sheet, made: Plan, number: int, pages: int, *, sharp: bool = True
) -> Generator[int, None, None]:
    """Draw one page on a painter in points; yields how many photos of the sheet are drawn."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    wish, part = sheet.wish, made.on_page(number)
    if number == 0 and wish.title:
        font = font_of(sheet.family, 16, bold=True)
        painter.setFont(font)
        painter.setPen(LIGHT.text)
        box = made.title_box()
        shown = painter.fontMetrics().elidedText(wish.title, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
    painter.setFont(font_of(sheet.family, 8))
    painter.setPen(LIGHT.text2)
    if pages > 1:
        words = f"{wording.number(number + 1)} of {wording.number(pages)}"
        painter.drawText(made.foot_box(), int(Qt.AlignmentFlag.AlignRight), words)
    ids = list(sheet.ids[part])
    found = photos.fetch(library.connection, ids)
    lines = captions(library, list(found.values()), wish.captions, sheet.scores)
    pictures = _pictures(library, made, sharp=sharp)
    for place, photo in enumerate(ids):
        box = made.box(place, number)
        known = found.get(photo)
        _draw_photo(painter, box, pictures(known) if known is not None else QImage())
        if known is not None:
            _draw_lines(painter, sheet.family, made, box, lines[photo])
        yield part.start + place + 1


def _draw_photo(painter: QPainter, box: QRectF, image: QImage) -> None:
    if image.isNull():
        painter.fillRect(box, LIGHT.hover)
        return
    scale = min(box.width() / image.width(), box.height() / image.height())
    place = QRectF(0, 0, image.width() * scale, image.height() * scale)
    place.moveCenter(box.center())
    painter.drawImage(place, image)


def _draw_lines(painter: QPainter, family: str, made: Plan, box: QRectF, lines: Sequence[str]) -> None:
    size = max(1, round(made.small))
    painter.setFont(font_of(family, size))
    metrics = painter.fontMetrics()
    high = made.caption_height / max(1, made.lines)
    for at, words in enumerate(lines):
        painter.setPen(LIGHT.text if at == 0 else LIGHT.text2)
        place = QRectF(box.left(), box.bottom() + 2 + at * high, box.width(), high)
        # the end of a name tells photos apart
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, int(box.width()))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), shown)


def _pictures(library: Library, made: Plan, *, sharp: bool) -> Callable[[Photo], QImage]:
    """How the pictures of a page are had: stored thumbnails where they do, else the files themselves."""
    side = max(made.width, made.height) / 72 * _SHARP_DPI

    def stored(photo: Photo) -> QImage:
        jpeg = library.thumbnails.get([photo.content]).get(photo.content)
        image = QImage()
        if jpeg:
            image.loadFromData(jpeg)
        return image

    def read(photo: Photo) -> QImage:
        try:
            return to_image(read_picture(photo.path, short_side=round(side)).pixels)
        except UserError:  # gone, away or damaged: the thumbnail is better than nothing
            return stored(photo)

    return read if sharp and side > _STORED else stored


def safe_file_name(title: str) -> str:
    """A title as a file's name, "" where nothing of it can be one."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", title).strip(" .")[:100]
