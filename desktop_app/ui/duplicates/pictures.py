"""Pixels of the photos of the set at hand and of the next ones, read ahead so that a key is answered at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.ui.reading_ahead import Picture, ReadingAhead
from desktop_app.ui.session import Session

_LIMIT = 160 << 20  # bytes of pixels kept
_ALL = 1 << 30  # a side that stands for every pixel there is
_AT_ONCE = 24  # photos asked for at most: a set of hundreds must not hold up the lane


class Pictures(QObject):
    """Reads photos at the size that is shown; a file that cannot be read has a sentence instead.

    Signals:
        arrived(int): a photo's pixels, or the sentence why there are none, are there.
    """

    arrived = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading: ReadingAhead | None = None
        self._kept: OrderedDict[int, tuple[int, QImage, str]] = OrderedDict()  # with the side that was asked for
        self._bytes = 0

    def read_from(self, session: Session) -> None:
        """Read the photos of this window's library."""
        self._reading = ReadingAhead(session, self)
        self._reading.came.connect(self._take)
        session.reachChanged.connect(self._try_again)

    def get(self, photo: int) -> QImage | None:
        """What is there of a photo; a null image where it cannot be read."""
        found = self._kept.get(photo)
        return found[1] if found is not None else None

    def is_full(self, photo: int) -> bool:
        """Whether what is there of a photo is all it has."""
        found = self._kept.get(photo)
        return found is not None and found[0] >= _ALL

    def failure(self, photo: int) -> str:
        """Why there are no pixels of a photo; "" where there are, or where nobody knows yet."""
        found = self._kept.get(photo)
        return found[2] if found is not None else ""

    def put(self, photo: int, image: QImage, failure: str = "", side: int = _ALL) -> None:
        """Keep a photo's pixels."""
        self._forget(photo)
        self._kept[photo] = (side, image, failure)
        self._bytes += image.sizeInBytes()
        while self._bytes > _LIMIT and len(self._kept) > 2:
            self._forget(next(iter(self._kept)))
        self.arrived.emit(photo)

    def want(self, wanted: Sequence[int], side: int) -> None:
        """Read these, the most important first, so that the longer side is `side` device pixels."""
        if self._reading is None:
            return
        wanted = list(dict.fromkeys(wanted))[:_AT_ONCE]
        for photo in reversed(wanted):
            if photo in self._kept:
                self._kept.move_to_end(photo)
        # a little larger than what is there is not worth another reading
        missing = [photo for photo in wanted if photo not in self._kept or self._kept[photo][0] * 1.15 < side]
        self._reading.want(wanted, missing, side)

    def forget(self, changed: Sequence[int] = ()) -> None:
        """These photos' files are others now; without any: all of them."""
        for photo in list(changed) or list(self._kept):
            self._forget(photo)

    @Slot()
    def _try_again(self) -> None:
        """Folders went away or came back: what could not be read may be there now."""
        for photo in [photo for photo, found in self._kept.items() if found[2]]:
            self._forget(photo)

    def stop(self) -> None:
        """Ask for nothing any more."""
        if self._reading is not None:
            self._reading.stop()

    def _forget(self, photo: int) -> None:
        found = self._kept.pop(photo, None)
        if found is not None:
            self._bytes -= found[1].sizeInBytes()

    @Slot(object)
    def _take(self, found: Picture) -> None:
        is_all = max(found.image.width(), found.image.height()) < 0.99 * found.side  # the photo has no more
        self.put(found.photo, found.image, found.failure, _ALL if is_all else found.side)
