"""Photos taken up with the mouse from a grid or a board, to be dropped on something of the same window or elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QDrag, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.core import wording
from desktop_app.ui.desk import Desk
from desktop_app.ui.dragged_files import DraggedPhotos, FilesOf
from desktop_app.ui.grid import PhotoGrid
from desktop_app.ui.panels.parts import PixmapSource, place_of

PHOTOS = "application/x-likeness-photos"
_SIDE = 48  # of the picture under the pointer, device-independent pixels
_LEFT = Qt.MouseButton.LeftButton


def photos_mime(photos: Iterable[int], library: str, files: FilesOf | None = None) -> QMimeData:
    """What is dragged: photos of one library, which its ids mean nothing without, and their files for others."""
    mime = QMimeData() if files is None else DraggedPhotos(files)
    said = {"library": library, "photos": [int(photo) for photo in photos]}
    mime.setData(PHOTOS, QByteArray(json.dumps(said).encode()))
    return mime


def photos_of(mime: QMimeData, library: str) -> tuple[int, ...]:
    """The photos of this library that are dragged; () for anything else."""
    if not library or not mime.hasFormat(PHOTOS):
        return ()
    return _photos(bytes(mime.data(PHOTOS).data()), library)


@lru_cache(maxsize=1)  # asked at each move of the mouse, perhaps of 100,000 photos
def _photos(data: bytes, library: str) -> tuple[int, ...]:
    try:
        said = json.loads(data)
        return tuple(int(photo) for photo in said["photos"]) if said["library"] == library else ()
    except (ValueError, TypeError, KeyError):
        return ()


class Source(Protocol):
    """A widget with photos that can be taken up."""

    @property
    def widget(self) -> QWidget:
        """What the mouse is pressed on."""

    def pressed(self, point: QPoint) -> int | None:
        """The photo under the mouse as it is pressed, before the widget hears of it; None for none to drag."""

    def taken(self, photo: int) -> list[int]:
        """The mouse moved away with it: all photos that go along, the one under the mouse first."""


class GridSource:
    """A grid: with a selected photo go all that are selected."""

    def __init__(self, grid: PhotoGrid) -> None:
        self._grid = grid

    @property
    def widget(self) -> QWidget:
        """The part with the photos."""
        return self._grid.viewport()

    def pressed(self, point: QPoint) -> int | None:
        """A photo, unless one of its buttons is under the mouse."""
        index = self._grid.indexAt(point)
        if not index.isValid() or self._grid.button_at(point) is not None:
            return None
        return self._grid.photos.id_at(index.row())

    def taken(self, photo: int) -> list[int]:
        """The selection, where the photo is in it."""
        selected = [int(one) for one in self._grid.selected_ids()]
        return [photo, *(one for one in selected if one != photo)] if photo in selected else [photo]


class PhotoDrag(QObject):
    """Begins a drag when the mouse moves away from where it was pressed on a photo.

    Signals:
        began(object): a drag of these photos (list[int]) is under way.
        ended(): it was let go of, wherever.
    """

    began = Signal(object)
    ended = Signal()

    def __init__(
        self, desk: Desk, thumbnails: PixmapSource, library: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, desk.theme
        self._thumbnails, self._library = thumbnails, library
        self._sources: dict[QWidget, Source] = {}
        self._photo: int | None = None
        self._at = QPoint()

    def watch(self, source: Source) -> None:
        """Let photos be taken up from there."""
        self._sources[source.widget] = source
        source.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note where the mouse was pressed; far enough from there a drag begins."""
        if not isinstance(event, QMouseEvent) or not isinstance(watched, QWidget):
            return False
        source, kind = self._sources.get(watched), event.type()
        if source is None:
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._at = event.position().toPoint()
            self._photo = source.pressed(self._at) if event.button() == _LEFT else None
        elif kind == QEvent.Type.MouseButtonRelease:
            self._photo = None
        elif kind == QEvent.Type.MouseMove and self._photo is not None and event.buttons() & _LEFT:
            far = (event.position().toPoint() - self._at).manhattanLength() >= QApplication.startDragDistance()
            if far:
                photo, self._photo = self._photo, None
                self._begin(watched, source.taken(photo))
            return True
        return False

    def _begin(self, widget: QWidget, photos: list[int]) -> None:
        drag, files = QDrag(widget), FilesOf(photos)
        files.ask(self._desk.session)
        drag.setMimeData(photos_mime(photos, self._library(), files))
        drag.setPixmap(self.picture(photos))
        drag.setHotSpot(QPoint(-18, -22))  # below the pointer, lest it covers the answer held over
        self.began.emit(photos)
        try:
            self.carry(drag)
        finally:
            self.ended.emit()
        if drag.target() is None and files.left_out:  # let go of outside of this program
            self._desk.status.show_message(files.words)

    def carry(self, drag: QDrag) -> None:
        """Let the system move it until it is let go of."""
        drag.exec(Qt.DropAction.CopyAction)

    def picture(self, photos: list[int]) -> QPixmap:
        """What goes along with the pointer: the first photo, a second behind it, and how many there are."""
        ratio = self._theme_ratio()
        whole = QPixmap(round((_SIDE + 20) * ratio), round((_SIDE + 20) * ratio))
        whole.setDevicePixelRatio(ratio)
        whole.fill(Qt.GlobalColor.transparent)
        tokens = self._theme.tokens
        painter = QPainter(whole)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for shift, photo in reversed(list(zip((4, 10), photos[:2], strict=False))):
            box = QRectF(shift, 14 - shift, _SIDE, _SIDE)
            painter.fillRect(box.adjusted(-2, -2, 2, 2), tokens.canvas)
            found = self._thumbnails.pixmap(photo, _SIDE)
            if found is None:
                painter.fillRect(box, tokens.hover)
            else:
                painter.drawPixmap(place_of(found, box), found, QRectF(found.rect()))
        words = wording.number(len(photos))
        painter.setFont(self._theme.font(semi_bold=True))
        metrics = painter.fontMetrics()
        wide = max(22.0, metrics.horizontalAdvance(words) + 12.0)
        disc = QRectF(_SIDE + 18 - wide, _SIDE - 6, wide, max(22.0, metrics.height() + 2.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent)
        painter.drawRoundedRect(disc, disc.height() / 2, disc.height() / 2)
        painter.setPen(tokens.onaccent)
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()
        return whole

    def _theme_ratio(self) -> float:
        app = QApplication.instance()
        return app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
