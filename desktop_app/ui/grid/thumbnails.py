"""Thumbnails for grids, strips and panels: fetched and decoded on a lane, kept as pixmaps up to a limit."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from functools import partial
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from desktop_app.jobs import Job, Lane
from desktop_app.ui.grid.requests import Fetch, Key, Requests, fetch_and_decode

_BUDGET_S = 0.004  # of one turn of the event loop, for making pixmaps
_LOOSE = 64  # how many pictures asked for one by one are remembered


class Thumbnails(QObject):
    """A cache of square pixmaps, the least recently shown dropped first.

    A job takes what matters most at the moment it runs, so that what scrolled away is never fetched and what was
    asked for last comes first. Pictures arrive as images and become pixmaps in slices of 4 ms, so that scrolling
    stays smooth.

    Args:
        lane: where to fetch and decode; two threads do.
        fetch: gives the stored JPEGs.
        limit: of the pixmaps' memory, bytes.
        native: short side of the stored thumbnails, pixels; larger ones are not to be had.

    Signals:
        changed(list[int]): pictures of these photos are there, or are no longer valid.
    """

    changed = Signal(object)

    def __init__(
        self, lane: Lane, fetch: Fetch, *, limit: int = 96 << 20, native: int = 256, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._fetch = fetch
        self._limit = limit
        self._native = native
        self._bytes = 0
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._sides: dict[int, list[int]] = {}  # sides kept of each photo, the newest last
        self._given: dict[int, QPixmap] = {}
        self._wants: WeakKeyDictionary[QObject, tuple[Key, ...]] = WeakKeyDictionary()
        self._loose: OrderedDict[Key, None] = OrderedDict()
        self._requests = Requests()
        self._jobs: dict[Job, object] = {}  # with what stands for it among the requests
        self._absent: set[int] = set()
        self._arrived: deque[tuple[Key, QImage]] = deque()
        self._planning = QTimer(self, singleShot=True, interval=0)
        self._planning.timeout.connect(self._plan)
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._settle)

    @property
    def bytes_kept(self) -> int:
        """Memory of the pixmaps kept."""
        return self._bytes

    def pixmap(self, photo: int, size: int, ratio: float | None = None) -> QPixmap | None:
        """A square picture of the photo for `size` device-independent pixels, asked for where it is missing.

        For widgets that show a few photos; they listen to `changed`. A grid says what it shows with `want`.

        Returns:
            The picture of that size, or of another until it is there, or None.
        """
        side = self.side(size, ratio)
        found = self.cached(photo, side)
        if (photo, side) not in self._kept and photo not in self._given:
            self._loose[photo, side] = None
            self._loose.move_to_end((photo, side))
            while len(self._loose) > _LOOSE:
                self._loose.popitem(last=False)
            self._plan_soon()
        return found

    def side(self, size: int, ratio: float | None = None) -> int:
        """Device pixels to ask for a photo of `size` device-independent pixels."""
        if ratio is None:
            app = QGuiApplication.instance()
            ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
        return max(1, min(round(size * ratio), self._native))

    def cached(self, photo: int, side: int) -> QPixmap | None:
        """What is there of a photo: the picture of `side` device pixels, else the newest other, else None.

        A whole photo (`side` below 0, see `requests.Key`) stands in for no square, nor the other way round.
        """
        found = self._kept.get((photo, side))
        if found is None:
            sides = [other for other in self._sides.get(photo, ()) if (other > 0) == (side > 0)]
            if not sides:
                return self._given.get(photo)
            side = sides[-1]
            found = self._kept[photo, side]
        self._kept.move_to_end((photo, side))
        return found

    def want(self, asker: QObject, photos: Iterable[int], side: int) -> None:
        """Say what `asker` shows now, the most important first; what it wanted before is given up.

        Args:
            asker: the view; nothing more is fetched for it once it is gone.
            photos: their ids.
            side: as `side()` has it, device pixels; below 0 for whole photos.
        """
        keys = tuple((photo, side) for photo in photos)
        if keys:
            self._wants[asker] = keys
        else:
            self._wants.pop(asker, None)
        self._plan_soon()

    def give(self, photo: int, image: QImage) -> None:
        """Keep a picture that is not in the library, under an id of its own below 0."""
        side = min(image.width(), image.height())
        square = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        self._given[photo] = QPixmap.fromImage(square)
        self.changed.emit([photo])

    def forget(self, photos: Iterable[int]) -> None:
        """The stored thumbnails of these photos are others now, or gone."""
        photos = list(photos)
        for photo in photos:
            self._absent.discard(photo)
            self._given.pop(photo, None)
            for side in self._sides.pop(photo, []):
                self._bytes -= _size(self._kept.pop((photo, side)))
        stale = set(photos)
        self._requests.forget(stale)
        self._arrived = deque(item for item in self._arrived if item[0][0] not in stale)
        self._plan_soon()
        self.changed.emit(photos)

    def clear(self) -> None:
        """Forget everything: another library is open."""
        self._requests.replace(())
        self._requests.forget()
        self._kept.clear()
        self._sides.clear()
        self._given.clear()
        self._wants.clear()
        self._loose.clear()
        self._absent.clear()
        self._arrived.clear()
        self._bytes = 0

    def _plan_soon(self) -> None:
        if not self._planning.isActive():
            self._planning.start()

    @Slot()
    def _plan(self) -> None:
        """Ask for what is wanted and not there, the most important first; nothing else is asked for any more."""
        wanted = dict.fromkeys((*reversed(self._loose), *(key for keys in self._wants.values() for key in keys)))
        arrived = {key for key, _ in self._arrived}
        missing = (key for key in wanted if not (key in self._kept or key in arrived or self._is_hopeless(key[0])))
        if self._requests.replace(missing):
            self._start_jobs()

    def _is_hopeless(self, photo: int) -> bool:
        """Whether no picture of this photo is to be had beyond what is there."""
        return photo in self._absent or photo in self._given

    def _start_jobs(self) -> None:
        # two for each thread, so that none waits for the GUI thread's answer
        while len(self._jobs) < 2 * self._lane.threads:
            taker = object()
            job = self._lane.submit(partial(fetch_and_decode, self._fetch, self._requests, taker), name="thumbnails")
            self._jobs[job] = taker
            job.succeeded.connect(self._arrive)
            job.failed.connect(self._fail)
            job.cancelled.connect(self._cancel)

    @Slot()
    def _cancel(self) -> None:
        """The lane is shut down: nothing more comes."""
        self._requests.replace(())
        self._end()

    def _end(self) -> list[Key]:
        """A job has ended: what it had taken and was still valid."""
        job = self.sender()
        assert isinstance(job, Job)
        taker = self._jobs.pop(job)
        keys = self._requests.end(taker)
        for key in keys:
            self._loose.pop(key, None)
        if self._requests.waiting():
            self._start_jobs()
        return keys

    @Slot(object)
    def _arrive(self, pictures: list[tuple[Key, QImage]]) -> None:
        valid = self._end()
        self._arrived.extend(item for item in pictures if item[0] in valid)
        if self._arrived and not self._settling.isActive():
            self._settling.start()

    @Slot(object)
    def _fail(self, _error: object) -> None:
        """Not asked for again by itself; the lane's `failed` reports the error."""
        keys = self._end()
        self._absent.update(photo for photo, _ in keys)

    @Slot()
    def _settle(self) -> None:
        end = time.perf_counter() + _BUDGET_S
        shown = []
        while self._arrived:
            key, image = self._arrived.popleft()
            if image.isNull():
                self._absent.add(key[0])
                continue
            self._keep(key, QPixmap.fromImage(image))
            shown.append(key[0])
            if time.perf_counter() > end:
                break
        if self._arrived:
            self._settling.start()
        if shown:
            self.changed.emit(shown)

    def _keep(self, key: Key, pixmap: QPixmap) -> None:
        photo, side = key
        if key in self._kept:
            return
        self._kept[key] = pixmap
        self._sides.setdefault(photo, []).append(side)
        self._bytes += _size(pixmap)
        while self._bytes > self._limit and len(self._kept) > 1:
            (other, old), dropped = self._kept.popitem(last=False)
            self._bytes -= _size(dropped)
            sides = self._sides[other]
            sides.remove(old)
            if not sides:
                del self._sides[other]


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
