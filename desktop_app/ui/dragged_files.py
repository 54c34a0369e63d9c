"""The files of photos that are dragged, for other programs: read from the catalogue while the mouse moves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMetaType, QMimeData, QUrl

from desktop_app.core import archives, wording
from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, PhotoState
from desktop_app.ui.session import Session

FILES = "text/uri-list"
_PATIENCE = 5.0  # seconds that whoever takes the files waits for them, where a search runs that cannot be left


class FilesOf:
    """The addresses of the files of photos, once they are known.

    Photos in an archive have no file that another program could open, nor have those whose folder is away.

    Args:
        photos: ids, in the order of the files.
    """

    def __init__(self, photos: Sequence[int]) -> None:
        self._photos = [PhotoId(photo) for photo in photos]
        self._urls: list[QUrl] = []
        self._known = threading.Event()

    def ask(self, session: Session) -> None:
        """Read them on the query lane; at once where no library is open."""
        library = session.library
        if library is None:
            self._known.set()
        else:
            session.query.submit(lambda: self._read(library), name="files of photos", urgent=True)

    def _read(self, library: Library) -> None:
        try:
            found = catalogue.fetch(library.connection, self._photos)
            there = [found[photo] for photo in self._photos if photo in found]
            self._urls = [
                QUrl.fromLocalFile(str(photo.path))
                for photo in there
                if photo.state is PhotoState.PRESENT and not archives.is_inside(photo.path)
            ]
        finally:
            self._known.set()

    @property
    def is_none(self) -> bool:
        """Whether it is known by now that there is no file at all."""
        return self._known.is_set() and not self._urls

    def urls(self) -> list[QUrl]:
        """The addresses, waited for where they are not known yet."""
        self._known.wait(_PATIENCE)
        return list(self._urls)

    @property
    def left_out(self) -> int:
        """How many photos have no file to hand over; 0 while that is not known."""
        return len(self._photos) - len(self._urls) if self._known.is_set() else 0

    @property
    def words(self) -> str:
        """What is said of those: `3 photos have no file to hand over: they are in an archive, or …`."""
        one = self.left_out == 1
        many = wording.count(self.left_out, "photo")
        inside = "it is in an archive, or its folder is" if one else "they are in an archive, or their folder is"
        return f"{many} {'has' if one else 'have'} no file to hand over: {inside} not connected."


class DraggedPhotos(QMimeData):
    """What a drag of photos carries: beside what is set, their files. A drag within the window never asks for those."""

    def __init__(self, files: FilesOf) -> None:
        super().__init__()
        self._files = files

    def formats(self) -> list[str]:
        """What is set, and files, unless there are none."""
        return [*super().formats(), *([] if self._files.is_none else [FILES])]

    def retrieveData(self, kind: str, wanted: QMetaType | QMetaType.Type) -> Any:
        """The files; anything else as it was set."""
        return self._files.urls() if kind == FILES else super().retrieveData(kind, wanted)
