"""The pixels of the photos whose turn is next, read ahead, so that a key's answer is on screen at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.core import paths
from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_full
from desktop_app.core.library import Library
from desktop_app.core.types import Photo, PhotoId
from desktop_app.jobs import Job
from desktop_app.ui.pixels import to_image
from desktop_app.ui.session import Session

KEPT = 10
"""Photos at screen size kept: the next few, the last few."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with its pixels at screen size, or with the sentence why there are none."""

    photo: int
    facts: Photo | None
    image: QImage
    failure: str = ""


class Prefetch(QObject):
    """Reads photos before they are looked at.

    Signals:
        arrived(Picture): one that was asked for.
    """

    arrived = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: OrderedDict[int, Picture] = OrderedDict()
        self._jobs: dict[int, Job] = {}
        self._side = 0
        session.reachChanged.connect(self._try_again)

    def get(self, photo: int) -> Picture | None:
        """What is there of a photo."""
        found = self._kept.get(photo)
        if found is not None:
            self._kept.move_to_end(photo)
        return found

    def want(self, wanted: Sequence[int], side: int) -> None:
        """Read these, the most important first, so that the longer side is `side` device pixels."""
        library = self._session.library
        if library is None:
            return
        if side > self._side * 1.1:  # the window grew: what is kept is too coarse
            self._kept.clear()
            self._side = side
        for photo in [one for one in self._jobs if one not in wanted]:
            self._drop(photo)
        # the lane takes the newest request first
        for photo in reversed(wanted):
            if photo not in self._kept and photo not in self._jobs:
                self._read(library, photo)

    def forget(self, changed: Sequence[int] = ()) -> None:
        """These photos' files are others now; without any: all of them."""
        for photo in list(changed) or list(self._kept):
            self._kept.pop(photo, None)

    @Slot()
    def _try_again(self) -> None:
        """Folders went away or came back: what could not be read may be there now."""
        failed = [photo for photo, picture in self._kept.items() if picture.failure]
        if failed:
            self.forget(failed)

    def stop(self) -> None:
        """Ask for nothing any more."""
        for photo in list(self._jobs):
            self._drop(photo)

    def _read(self, library: Library, photo: int) -> None:
        side = self._side
        job = self._session.thumbs.submit(lambda: _read(library, photo, side), name="pixels")
        job.succeeded.connect(self._take)
        self._jobs[photo] = job

    def _drop(self, photo: int) -> None:
        job = self._jobs.pop(photo)
        job.succeeded.disconnect(self._take)
        job.cancel()

    @Slot(object)
    def _take(self, picture: Picture) -> None:
        self._jobs.pop(picture.photo, None)
        self._kept[picture.photo] = picture
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(picture)


def _read(library: Library, photo: int, side: int) -> Picture:
    found = photos.fetch(library.connection, [photo]).get(PhotoId(photo))
    if found is None:
        return Picture(photo, None, QImage(), "This photo is no longer in the library.")
    try:
        return Picture(photo, found, to_image(read_full(found.path, max_side=side).pixels))
    except UserError as error:
        if not paths.exists(found.path.parent):
            return Picture(photo, found, QImage(), "The folder of this photo is not connected.")
        return Picture(photo, found, QImage(), str(error))
