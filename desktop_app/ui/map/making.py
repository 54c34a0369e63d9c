"""The library's map as it is kept: loaded, made, and brought level when photos come and go."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.library import Library
from desktop_app.core.operations.map import MapProgress, PhotoMap, keep_map, load_map, make_map, update_map
from desktop_app.core.types import Changes
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk

_UPDATE_MS = 1_500


class MapMaking(QObject):
    """Has the map loaded or made once somebody looks at it, and keeps it level with the library.

    Attributes:
        now: the map there is; None while there is none.
        is_wanted: whether somebody has looked at it: until then nothing is made.

    Signals:
        came(PhotoMap, bool): `now` is another one; whether it has the places of the one before.
        lacking(str, str, object): there is none to show: a fact, advice, and (name, action) of buttons.
        told(): whether it is being made has changed.
    """

    came = Signal(object, bool)
    lacking = Signal(str, str, object)
    told = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.now: PhotoMap | None = None
        self.is_wanted = False
        self._job: Job | None = None
        self._descriptor = ""
        session = desk.session
        self._loading = Latest(session.query, self)
        self._loading.answered.connect(self._loaded)
        self._loading.failed.connect(desk.report)
        self._updating = Latest(session.compute, self)
        self._updating.answered.connect(self._updated)
        self._updating.failed.connect(desk.report)
        self._soon = QTimer(self, singleShot=True, interval=_UPDATE_MS)
        self._soon.timeout.connect(self._level)
        session.opened.connect(self._opened)
        session.changed.connect(self._library_changed)
        session.comparedBy.connect(self._load)

    @property
    def is_making(self) -> bool:
        """Whether it is being made anew."""
        return self._job is not None

    def want(self) -> None:
        """Somebody looks at it."""
        if not self.is_wanted:
            self.is_wanted = True
            self._load()
        elif self.now is not None:
            self._soon.start(0)
        elif self._job is None and not self._loading.is_waiting:
            self._load()

    @Slot(object)
    def _opened(self, _library: Library) -> None:
        self.now, self._descriptor = None, ""
        if self.is_wanted:
            self._load()

    @Slot()
    def _load(self) -> None:
        library, descriptor = self._desk.session.library, self._desk.session.compare_by
        if library is None or not self.is_wanted:
            return
        self._stop()
        self._updating.drop()
        self._descriptor = descriptor
        if self.now is None:
            self.lacking.emit("", "", ())
        self._loading.ask(lambda: load_map(library, descriptor), name="map")

    @Slot(object)
    def _loaded(self, found: PhotoMap | None) -> None:
        if found is None or not len(found.photos):
            self.now = None
            self.make()
        else:
            self._take(found)
            self._level()

    def _take(self, made: PhotoMap, *, keep: bool = False) -> None:
        self.now = made
        self.came.emit(made, keep)

    @Slot()
    def _level(self) -> None:
        """Add what came since the map was made, take off what went."""
        library, now = self._desk.session.library, self.now
        if library is None or self._job is not None:
            return
        if now is None:
            if self.is_wanted and not self._loading.is_waiting:
                self.make()
        elif not now.is_preview:
            self._updating.ask(lambda: update_map(library, now), name="map")

    @Slot(object)
    def _updated(self, made: PhotoMap) -> None:
        if made is self.now or self._job is not None:
            return
        if made.is_preview or not len(made.photos):  # nothing of it is left
            self.make()
            return
        self._take(made, keep=True)
        self._keep(made)

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        if self.is_wanted and (changes.index or changes.added or changes.removed or changes.updated):
            self._soon.start()

    @Slot()
    def make(self) -> None:
        """Make the map anew; the one that is shown stays until the new one is there."""
        library, session = self._desk.session.library, self._desk.session
        if library is None or self._job is not None:
            return
        if not session.overview.photos:
            self._lack("There is no photo to put on the map yet.", "Add a folder of photos first.")
            return
        if self._desk.adding.is_running and self.now is None:
            self._lack("The map is made when the photos are in.", "They are still being added.")
            return
        if self.now is None:
            self._lack("The map is being made.", "A first look comes within seconds.")
        operation = make_map(library, self._descriptor)
        job = self._desk.background.start(operation, "map", "Making the map", lane=session.compute)
        self._job = job
        job.progressed.connect(self._progressed)
        job.succeeded.connect(self._made)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._cancelled)
        self.told.emit()

    def _lack(self, fact: str, advice: str, *, again: bool = False) -> None:
        self.lacking.emit(fact, advice, [("Make the map", self.make)] if again else ())

    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            for signal, slot in (
                (job.progressed, self._progressed),
                (job.succeeded, self._made),
                (job.failed, self._failed),
                (job.cancelled, self._cancelled),
            ):
                signal.disconnect(slot)
            job.cancel()

    @Slot(object)
    def _progressed(self, progress: MapProgress) -> None:
        if progress.preview is not None and self.now is None:
            self._take(progress.preview)

    @Slot(object)
    def _made(self, made: PhotoMap) -> None:
        self._job = None
        self._take(made, keep=self.now is not None and self.now.is_preview)
        self._keep(made)
        self._soon.start()  # what came while it was made

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        self._job = None
        if self.now is None:
            self._lack("There is no map yet.", str(error), again=True)
        self.told.emit()

    @Slot()
    def _cancelled(self) -> None:
        self._job = None
        if self.now is None:
            self._lack("The map was not made.", "", again=True)
        self.told.emit()

    def _keep(self, made: PhotoMap) -> None:
        library = self._desk.session.library
        if library is not None and library.writable:
            job = self._desk.session.work.submit(partial(keep_map, library, made), name="keeping the map", urgent=True)
            job.failed.connect(self._desk.report)
