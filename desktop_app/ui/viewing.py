"""The viewer and the grid's facts: what a photo is called, and its pixels at whatever size is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from shiboken6 import isValid

from desktop_app.core.searching import Box
from desktop_app.core.types import Photo, PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import GridModel, PhotoFacts, Thumbnails
from desktop_app.ui.panels.details import state_sentence
from desktop_app.ui.photo_actions import PhotoActions
from desktop_app.ui.pixels import PixelSource
from desktop_app.ui.viewer import Viewer


class Viewing(QObject):
    """Opens the viewer over the window and answers what it asks for.

    Signals:
        left(): the viewer went, and the page below it is not the photos.
        labelAsked(int): L in the viewer: its photo is to be labelled.
        whyAsked(): W in the viewer: why its photo is alike.
        likeAsked(int, bool): more (True) or less like its photo is to be looked for; the viewer is still open.
        trashAsked(int): its photo is to go to the trash; `drop` tells when it is gone.
        regionAsked(int, Box): photos are to be found that contain something like this part of this photo. The viewer
            is still open; `leave` goes back to the grid.
    """

    left = Signal()
    labelAsked = Signal(int)
    whyAsked = Signal()
    regionAsked = Signal(int, object)
    likeAsked = Signal(int, bool)
    trashAsked = Signal(int)

    def __init__(self, desk: Desk, thumbnails: Thumbnails, photos: PhotoActions) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._thumbnails = thumbnails
        self._photos = photos
        self._viewer: Viewer | None = None
        self._ids: Sequence[int] = ()
        self._chosen_from: list[int] = []
        self._places: Mapping[int, Box] = {}
        self._follow = False  # the grid's selection follows the viewer
        self._pixels = PixelSource(desk.session, self)
        self._pixels.arrived.connect(self._show)
        self._pixels.failed.connect(self._fail)
        self._models: WeakSet[GridModel] = WeakSet()  # those that were told facts
        desk.session.reachChanged.connect(self._look_anew)

    @property
    def is_open(self) -> bool:
        """Whether a photo is shown over the window."""
        return self._viewer is not None and self._viewer.isVisible()

    @property
    def viewer(self) -> Viewer:
        """The viewer, made at first use."""
        if self._viewer is None:
            viewer = Viewer(self._desk.theme, self._thumbnails, self._desk.window)
            viewer.wanted.connect(self._ask)
            viewer.currentChanged.connect(self._current_changed)
            viewer.findAlike.connect(self._find_alike)
            viewer.labelAsked.connect(self.labelAsked)
            viewer.whyAsked.connect(self.whyAsked)
            viewer.regionAsked.connect(self.regionAsked)
            viewer.moreAsked.connect(self._more)
            viewer.lessAsked.connect(self._less)
            viewer.trashAsked.connect(self.trashAsked)
            viewer.showInFileManager.connect(self._photos.show_file)
            viewer.copyPath.connect(lambda photo: self._photos.copy_paths([PhotoId(photo)]))
            viewer.closed.connect(self._closed)
            viewer.set_places(self._places)
            self._viewer = viewer
        return self._viewer

    @Slot(int)
    def _more(self, photo: int) -> None:
        self.likeAsked.emit(photo, True)

    @Slot(int)
    def _less(self, photo: int) -> None:
        self.likeAsked.emit(photo, False)

    def drop(self, photos: Sequence[int]) -> None:
        """Photos went to the trash: the viewer goes on with the next."""
        if self.is_open:
            self.viewer.drop(frozenset(photos))

    def current_photo(self) -> PhotoId | None:
        """The photo that is shown over the window."""
        return PhotoId(self.viewer.current()) if self.is_open else None

    @Slot(object)
    def open(self, photo: PhotoId | None) -> None:
        """Show a photo of the grid; previous and next go through the grid's photos."""
        model = self._desk.page.grid.photos
        row = -1 if photo is None else model.row_of(photo)
        if row >= 0:
            self._ids, self._follow = model.ids(), True
            self.viewer.open(self._ids, row)

    @Slot(int)
    def open_alone(self, photo: int) -> None:
        """Show a look-alike of the panel; previous and next go through the panel's."""
        ids = self._look_alikes()
        if photo not in ids:  # the first click of two has selected it, and the panel shows its look-alikes by now
            ids = self._chosen_from if photo in self._chosen_from else [photo]
        self._ids, self._follow = ids, False
        self.viewer.open(ids, ids.index(photo))

    def open_among(self, ids: Sequence[int], photo: int) -> None:
        """Show a photo of some other list; previous and next go through that list."""
        if photo in ids:
            self._ids, self._follow = list(ids), False
            self.viewer.open(self._ids, self._ids.index(photo))

    def show_places(self, places: Mapping[int, Box]) -> None:
        """Outline a place in each of these photos from now on: what a search by a part found; nothing for none."""
        self._places = places
        if self._viewer is not None:
            self._viewer.set_places(places)

    def bring_facts_to(self, model: GridModel, ids: Sequence[PhotoId]) -> None:
        """What another grid says about photos beside their pictures."""
        self._models.add(model)
        self._desk.with_photos(ids, partial(_tell_facts, model))

    def note_choice(self) -> None:
        """A look-alike was clicked once; remember among which, lest it is opened by a second click."""
        self._chosen_from = self._look_alikes()

    def _look_alikes(self) -> list[int]:
        return [item[0] for item in self._desk.window.panel.alike.items()]  # type: ignore[attr-defined]

    def close(self) -> None:
        """Put the viewer away with its window."""
        if self._viewer is not None:
            self._viewer.leave()

    def leave(self) -> None:
        """Back to the grid, which shows something else now."""
        if self.is_open:
            self._follow = False
            self.viewer.leave()

    def toggle_details(self) -> None:
        """Show or hide the details beside the photo."""
        self.viewer.toggle_details()

    def step(self, direction: int) -> None:
        """Larger (1), smaller (-1) or the usual size (0), of the photo that is open or of the thumbnails."""
        if self.is_open:
            canvas = self.viewer.canvas
            if direction:
                canvas.zoom_by(1.25**direction)
            else:
                canvas.fit()
        elif direction:
            self._desk.page.grid.step_size(direction)
        else:
            self._desk.page.grid.reset_size()

    # --- answering -------------------------------------------------------------------------------------------

    @Slot(int, object)
    def _ask(self, photo: int, max_side: int | None) -> None:
        self._pixels.ask(PhotoId(photo), max_side)

    @Slot(object, QImage, bool)
    def _show(self, photo: PhotoId, image: QImage, full: bool) -> None:
        self.viewer.set_image(photo, image, full)

    @Slot(object, str)
    def _fail(self, photo: PhotoId, sentence: str) -> None:
        self.viewer.set_failure(photo, sentence)

    @Slot(int, int)
    def _current_changed(self, _row: int, photo: int) -> None:
        self._desk.with_photos([PhotoId(photo)], self._tell)

    def _tell(self, found: list[Photo]) -> None:
        if found and self._viewer is not None:
            self._viewer.set_photo(found[0])

    @Slot(int)
    def _find_alike(self, photo: int) -> None:
        self.viewer.leave()
        self._photos.find_alike(PhotoId(photo))

    @Slot(int)
    def _closed(self, row: int) -> None:
        grid = self._desk.page.grid
        if self._follow and 0 <= row < len(self._ids):
            grid.select_photo(self._ids[row])
        if grid.isVisible():
            grid.setFocus()
        else:
            self.left.emit()

    @Slot(list)
    def bring_facts(self, ids: Sequence[PhotoId]) -> None:
        """What the grid says about photos beside their pictures."""
        self.bring_facts_to(self._desk.page.grid.photos, ids)

    @Slot()
    def _look_anew(self) -> None:
        """Folders went away or came back: say of their photos what is so now."""
        for model in list(self._models):
            if isValid(model):
                model.mark_all_stale()


def _tell_facts(model: GridModel, found: list[Photo]) -> None:
    if not isValid(model):  # the grid of a dialog may be gone before its facts come
        return
    model.set_facts(
        PhotoFacts(photo.id, photo.name, photo.taken, photo.state, state_sentence(photo)) for photo in found
    )
