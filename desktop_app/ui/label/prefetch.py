"""The pixels of the photos whose turn is next, read ahead, so that a key's answer is on screen at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.ui.reading_ahead import Picture, ReadingAhead
from desktop_app.ui.session import Session

KEPT = 10
"""Photos at screen size kept: the next few, the last few."""


class Prefetch(QObject):
    """Reads photos before they are looked at.

    Signals:
        arrived(Picture): one that was asked for.
    """

    arrived = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[int, Picture] = OrderedDict()
        self._reading = ReadingAhead(session, self)
        self._reading.came.connect(self._take)
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
        if side > self._side * 1.1:  # the window grew: what is kept is too coarse
            self._kept.clear()
            self._side = side
        self._reading.want(wanted, [photo for photo in wanted if photo not in self._kept], self._side)

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
        self._reading.stop()

    @Slot(object)
    def _take(self, picture: Picture) -> None:
        self._kept[picture.photo] = picture
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(picture)
