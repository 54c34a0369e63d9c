"""One photo over the whole window, with the list it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QCloseEvent, QImage, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.core.searching import Box
from desktop_app.core.types import Photo
from desktop_app.ui.panels.banner import Kind
from desktop_app.ui.panels.details import state_sentence
from desktop_app.ui.panels.parts import PixmapSource, listen
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_asking import Asking
from desktop_app.ui.viewer_canvas import STEP
from desktop_app.ui.viewer_frame import ViewerFrame

_THUMBNAIL = 256


class Viewer(ViewerFrame):
    """Covers its parent while open. It asks for pictures by `wanted` and shows what comes, whenever it comes.

    Args:
        theme: The program's theme.
        thumbnails: Where thumbnails come from.
        parent: The widget it fills.

    Signals:
        wanted(int, object): A picture of a photo is needed: its longer side in pixels (int), or None for all pixels.
            Answer with `set_image` or `set_failure`; an answer for a photo that is no longer shown does no harm.
        currentChanged(int, int): Row and photo id of the photo that is shown: answer with `set_photo`.
        findAlike(int): Find photos like this one. labelAsked(int): Label this one.
        whyAsked(int): Say why this one is alike. moreAsked(int), lessAsked(int): Look for more or less like this.
        trashAsked(int): Move this one to the trash; answer with `drop`.
        regionAsked(int, Box): Find photos that contain something like this part of it.
        showInFileManager(int): Show the file of this photo.
        copyPath(int): Copy the path of this photo.
        closed(int): The viewer was left at this row.
    """

    wanted = Signal(int, object)
    currentChanged = Signal(int, int)
    findAlike = Signal(int)
    labelAsked = Signal(int)
    whyAsked = Signal(int)
    moreAsked = Signal(int)
    lessAsked = Signal(int)
    trashAsked = Signal(int)
    regionAsked = Signal(int, object)
    showInFileManager = Signal(int)
    copyPath = Signal(int)
    closed = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget) -> None:
        super().__init__(theme, thumbnails, parent)
        self._ids: Sequence[int] = ()
        self._row = -1
        self._photo: Photo | None = None

        self.top.back.clicked.connect(self.leave)
        find, show_file, copy_path = (
            partial(self._tell, signal) for signal in (self.findAlike, self.showInFileManager, self.copyPath)
        )
        self.top.find_button.clicked.connect(find)
        self.before.clicked.connect(self.previous)
        self.after.clicked.connect(self.next)
        self.filmstrip.rowChosen.connect(self.go_to)
        self.details.find_button.clicked.connect(find)
        self.details.show_file.clicked.connect(show_file)
        self.details.copy_path.clicked.connect(copy_path)
        self.parts.asked.connect(self._ask_region)
        self.parts.boxing.connect(self._boxing)
        self._asking = Asking(self)
        self._asking.wanted.connect(self.wanted)
        self._fading.returning.connect(self._show_controls)
        self.canvas.fullWanted.connect(self._asking.want_all)
        self.canvas.scaleChanged.connect(self._scaled)
        self.canvas.stirred.connect(self._fading.pointer_moved)
        self._actions = {
            "previous": self.previous,
            "next": self.next,
            "first": partial(self.go_to, 0),
            "last": self._go_to_last,
            "zoom": self.toggle_zoom,
            "larger": partial(self.canvas.zoom_by, STEP),
            "smaller": partial(self.canvas.zoom_by, 1 / STEP),
            "fit": self.canvas.fit,
            "details": self.toggle_details,
            "find": find,
            "label": partial(self._tell, self.labelAsked),
            "why": partial(self._tell, self.whyAsked),
            "more": partial(self._tell, self.moreAsked),
            "less": partial(self._tell, self.lessAsked),
            "trash": partial(self._tell, self.trashAsked),
            "box": self.parts.toggle_box,
            "place": self.parts.toggle_outline,
            "show file": show_file,
            "copy path": copy_path,
            "leave": self.leave,
        }
        self.listen_to_parts()
        listen(thumbnails, self._thumbnails_changed)

    # --- what is shown

    def open(self, ids: Sequence[int], row: int) -> None:
        """Show a photo of a list.

        Args:
            ids: Photo ids in their order, a list or an int array.
            row: Which of them.
        """
        if not len(ids):
            return
        parent = self.parentWidget()
        assert parent is not None
        self._ids = ids
        self._row = -1
        self._asking.begin(ids)
        self.filmstrip.set_ids(ids, row)
        self.note_keyboard()
        self._is_open = True
        self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.go_to(row)
        self.stir()

    def drop(self, photos: Collection[int]) -> None:
        """Photos are gone: on with the next that stays, else the one before; without any the viewer is left."""
        if self.isHidden():
            return
        stay = [int(one) for one in self._ids if one not in photos]
        if not stay:
            self.leave()
        elif len(stay) < len(self._ids):
            row = sum(one not in photos for one in self._ids[: self._row])
            self.open(stay, min(row, len(stay) - 1))

    @Slot(int)
    def go_to(self, row: int) -> None:
        """Show another photo of the list; rows beyond its ends are ignored."""
        if not 0 <= row < len(self._ids) or row == self._row:
            return
        self._row = row
        self._photo = None
        photo_id = self.current()
        self.failure.hide()
        self.filmstrip.set_row(row)
        self.top.set_place(row, len(self._ids))
        self.top.set_name("")
        self.before.setVisible(row > 0 and self.controls_shown())
        self.after.setVisible(row < len(self._ids) - 1 and self.controls_shown())
        self.canvas.show_photo(QSize(), self._thumbnails.pixmap(photo_id, _THUMBNAIL))
        self.parts.go_to(photo_id)
        kept = self._asking.go_to(row, self.canvas.screen_side())
        if kept is not None:
            self.canvas.set_image(kept, full=False)
        self.currentChanged.emit(row, photo_id)

    def set_photo(self, photo: Photo) -> None:
        """What is known of a photo; used where it is the one that is shown."""
        if not self._is_current(int(photo.id)):
            return
        self._photo = photo
        self._asking.set_photo_side(max(photo.width, photo.height))
        self.canvas.set_size(QSize(photo.width, photo.height))
        self.canvas.setAccessibleName(photo.name)
        self.top.set_name(photo.name)
        self.details.set_photo(photo, self._row, len(self._ids))
        sentence = state_sentence(photo)
        if sentence:
            self.set_failure(int(photo.id), sentence)

    def set_image(self, photo_id: int, image: QImage, full: bool) -> None:
        """A picture of a photo, whole and upright.

        Args:
            photo_id: Whose.
            image: Its pixels.
            full: Whether these are all pixels there are.
        """
        if image.isNull():
            return
        if not full:
            self._asking.keep(photo_id, image)
        if self.isHidden():
            return
        if photo_id == self.current():
            self.canvas.set_image(image, full=full)
        self._asking.want_beside()

    def set_failure(self, photo_id: int, sentence: str) -> None:
        """Why a photo's file cannot be read; its thumbnail stays."""
        if self._is_current(photo_id):
            self.failure.set_contents(Kind.WARN, sentence)
            self.failure.show()
            self.lay_out()

    def set_places(self, places: Mapping[int, Box]) -> None:
        """The place to outline in each photo, by id: what a search by a part found; nothing for none."""
        self.parts.set_places(places)

    def current(self) -> int:
        """The id of the photo that is shown, -1 while there is none."""
        return int(self._ids[self._row]) if 0 <= self._row < len(self._ids) else -1

    def row(self) -> int:
        """Its place in the list."""
        return self._row

    # --- what can be done

    @Slot()
    def next(self) -> None:
        """The next photo of the list."""
        self.go_to(self._row + 1)

    @Slot()
    def previous(self) -> None:
        """The one before."""
        self.go_to(self._row - 1)

    @Slot()
    def leave(self) -> None:
        """Back to where the viewer was opened."""
        if self.isHidden():
            return
        self._asking.stop()
        self.parts.go_to(-1)
        self._fading.stop()
        self.canvas.hide_cursor(False)
        # before it hides: Qt would look for the next place of the keyboard, among controls that are going
        self._is_open = False
        self.give_keyboard_back()
        self.hide()
        self.closed.emit(self._row)

    # --- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.isHidden() and self._row >= 0:
            self._asking.set_window_side(self.canvas.screen_side())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.leave()

    def _is_current(self, photo_id: int) -> bool:
        return not self.isHidden() and photo_id == self.current()

    # --- controls

    @Slot()
    def _show_controls(self) -> None:
        self.canvas.hide_cursor(False)
        is_boxing = self.parts.is_boxing  # then nothing lies over the photo: its edges can be boxed, too
        self.top.show()
        self.filmstrip.setHidden(is_boxing)
        self.before.setVisible(self._row > 0 and not is_boxing)
        self.after.setVisible(self._row < len(self._ids) - 1 and not is_boxing)

    @Slot()
    def _boxing(self) -> None:
        self.stir()
        self._show_controls()

    @Slot(float)
    def _scaled(self, scale: float) -> None:
        self.top.set_zoom(scale, fits=self.canvas.is_fit)
        self._asking.set_magnified(not self.canvas.is_fit)

    def _thumbnails_changed(self, *_: object) -> None:
        if self.isHidden() or self.canvas.has_image:
            return
        thumbnail = self._thumbnails.pixmap(self.current(), _THUMBNAIL)
        if thumbnail is not None:
            self.canvas.set_thumbnail(thumbnail)

    # --- what is asked of others

    def _go_to_last(self) -> None:
        self.go_to(len(self._ids) - 1)

    def _tell(self, signal: SignalInstance, *_: object) -> None:
        signal.emit(self.current())

    @Slot(object)
    def _ask_region(self, box: Box) -> None:
        self.regionAsked.emit(self.current(), box)
