"""Photos read at the size of the screen before they are looked at, so that a key is answered at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

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


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo with its pixels, or with the sentence why there are none.

    Attributes:
        photo: its id.
        facts: what the library knows of it; None where it is gone.
        image: null where it cannot be read.
        failure: why; "" where it can.
        side: the longer side that was asked for, device pixels.
    """

    photo: int
    facts: Photo | None
    image: QImage
    failure: str = ""
    side: int = 0


class ReadingAhead(QObject):
    """Reads what is wanted; what is wanted no longer is given up.

    Signals:
        came(Picture): one that was asked for.
    """

    came = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs: dict[int, Job] = {}

    def want(self, wanted: Sequence[int], missing: Sequence[int], side: int) -> None:
        """Read photos.

        Args:
            wanted: whatever is being read of others is given up.
            missing: those of them that are not there, the most important first.
            side: of their longer side, device pixels.
        """
        library = self._session.library
        if library is None:
            return
        for photo in [one for one in self._jobs if one not in wanted]:
            self._drop(photo)
        for photo in reversed(missing):  # the lane takes the newest request first
            if photo not in self._jobs:
                job = self._session.thumbs.submit(partial(read_picture, library, photo, side), name="pixels")
                job.succeeded.connect(self._take)
                self._jobs[photo] = job

    def stop(self) -> None:
        """Read nothing any more."""
        for photo in list(self._jobs):
            self._drop(photo)

    def _drop(self, photo: int) -> None:
        job = self._jobs.pop(photo)
        job.succeeded.disconnect(self._take)
        job.cancel()

    @Slot(object)
    def _take(self, picture: Picture) -> None:
        self._jobs.pop(picture.photo, None)
        self.came.emit(picture)


def read_picture(library: Library, photo: int, side: int) -> Picture:
    """A photo reduced so that its longer side is at most `side` pixels; runs on a lane."""
    found = photos.fetch(library.connection, [PhotoId(photo)]).get(PhotoId(photo))
    if found is None:
        return Picture(photo, None, QImage(), "This photo is no longer in the library.", side)
    try:
        return Picture(photo, found, to_image(read_full(found.path, max_side=side).pixels), "", side)
    except UserError as error:
        is_away = not paths.exists(found.path.parent)
        why = "The folder of this photo is not connected." if is_away else str(error)
        return Picture(photo, found, QImage(), why, side)
