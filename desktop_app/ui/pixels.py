"""Pixels for the preview and the viewer: decoded on a lane, handed over as images."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.core import paths
from desktop_app.core.catalog import photos
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.decode import read_full
from desktop_app.core.library import Library
from desktop_app.core.types import Photo, PhotoId, Pixels
from desktop_app.jobs import Job
from desktop_app.ui.session import Session


def to_image(pixels: Pixels) -> QImage:
    """A QImage with memory of its own: QImage shares numpy's, and rows must be named by their stride."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888).copy()


def from_image(image: QImage) -> Pixels:
    """The pixels of a QImage on white, RGB."""
    from PySide6.QtGui import QPainter

    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(0xFFFFFFFF)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3).copy()


class PixelSource(QObject):
    """Reads one photo at a time for a view; what is asked for anew replaces what was not there yet.

    Signals:
        arrived(PhotoId, QImage, bool): the pixels, and whether they are all of them.
        failed(PhotoId, str): a sentence why there are none.
    """

    arrived = Signal(object, QImage, bool)
    failed = Signal(object, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._photo: PhotoId | None = None
        self._full = False

    def ask(self, photo: PhotoId, max_side: int | None) -> None:
        """Read a photo reduced so that its long side is `max_side`; None reads every pixel."""
        self.drop()
        library = self._session.library
        if library is None:
            return
        self._photo, self._full = photo, max_side is None
        self._job = self._session.thumbs.submit(lambda: _read(library, photo, max_side), name="pixels")
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(self._miss)

    def drop(self) -> None:
        """Forget what was asked for."""
        if self._job is not None:
            self._job.succeeded.disconnect(self._take)
            self._job.failed.disconnect(self._miss)
            self._job.cancel()
            self._job = None

    @Slot(object)
    def _take(self, image: QImage) -> None:
        self._job = None
        self.arrived.emit(self._photo, image, self._full)

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self._job = None
        if isinstance(error, UserError):
            self.failed.emit(self._photo, str(error))


def _read(library: Library, photo: PhotoId, max_side: int | None) -> QImage:
    found: Photo | None = photos.fetch(library.connection, [photo]).get(photo)
    if found is None:
        raise UserError("This photo is no longer in the library.")
    try:
        return to_image(read_full(found.path, max_side=max_side).pixels)
    except Unreadable as error:
        if not paths.exists(found.path.parent):
            raise UserError("The folder of this photo is not connected.", error.details) from error
        raise
