"""What can be done with photos: find alike, open, copy, show; and what is dropped or pasted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, QUrl, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from desktop_app.core import paths, wording
from desktop_app.core.types import Photo, PhotoId
from desktop_app.ui.browsing import like_files, like_photos, like_pixels
from desktop_app.ui.commands import Commands
from desktop_app.ui.desk import Desk
from desktop_app.ui.drop import image_of, outcome_of
from desktop_app.ui.drop_outcome import Action
from desktop_app.ui.file_manager import show_in_file_manager
from desktop_app.ui.folder_actions import FolderActions
from desktop_app.ui.pixels import from_image

_MENU = (
    "open_photo", "find_alike", "more_like", "less_like", "part", "", "why_alike", "ways", "journey", "",
    "label_photos", "",
    "copy_files", "copy_paths", "copy_to_folder", "contact_sheet", "show_file", "", "trash",
)  # fmt: skip
_MIDDLE_OF = 50  # photos at most whose middle is looked for


class PhotoActions(QObject):
    """Acts on the selected photos, or on those named."""

    def __init__(self, desk: Desk, folders: FolderActions) -> None:
        super().__init__(desk.window)
        self._desk, self._folders = desk, folders

    # --- finding ---------------------------------------------------------------------------------------------

    @Slot(object)
    def find_alike(self, photo: PhotoId) -> None:
        """Put everything into the grid, most like `photo` first, or like all that are selected with it."""
        selected = self._desk.page.grid.selected_ids()
        self._find_alike(selected[:_MIDDLE_OF] if photo in selected else [photo])

    @Slot()
    def find_alike_selected(self) -> None:
        """The same for what is selected: the middle of several."""
        self.find_alike_of(self._desk.areas.chosen())

    def find_alike_of(self, ids: Sequence[PhotoId]) -> None:
        """Put everything into the grid, most like these first: like the middle of several."""
        if ids:
            self._find_alike(ids[:_MIDDLE_OF])

    def _find_alike(self, ids: Sequence[PhotoId]) -> None:
        model = self._desk.page.grid.photos
        row = model.row_of(ids[0])
        known = model.facts(row) if len(ids) == 1 and row >= 0 else None
        if known is not None:  # no need to ask what it is called
            self._desk.page.look_for(like_photos([(ids[0], known.name)]))
        else:
            self._desk.with_photos(ids, self._look_for_photos)

    def _look_for_photos(self, found: list[Photo]) -> None:
        if found:
            self._desk.page.look_for(like_photos([(photo.id, photo.name) for photo in found]))

    @Slot(list)
    def find_like_files(self, paths: Sequence[Path]) -> None:
        """Look for what is like pictures from anywhere."""
        if self._desk.session.library is not None and paths:
            self._desk.page.look_for(like_files([Path(path) for path in paths]))

    @Slot(QImage)
    def find_like_image(self, image: QImage) -> None:
        """Look for what is like pixels without a file."""
        if not image.isNull():
            self._desk.page.look_for(like_pixels(from_image(image), "Picture without a file"))

    @Slot()
    def paste(self) -> None:
        """Find alike what is on the clipboard; a folder there is added."""
        mime: QMimeData = QGuiApplication.clipboard().mimeData()
        choice = outcome_of(mime).choices[-1]
        if choice.action is Action.FIND_LIKE:
            self.find_like_files(choice.paths)
        elif choice.action is Action.FIND_LIKE_IMAGE:
            self.find_like_image(image_of(mime))
        elif choice.action is Action.ADD_FOLDERS:
            self._folders.add(choice.paths)
        else:
            self._desk.status.show_message("There is no picture on the clipboard.")

    # --- files -----------------------------------------------------------------------------------------------

    @Slot()
    def copy_files(self) -> None:
        """Put the selected files on the clipboard."""
        self._desk.with_photos(self._desk.areas.chosen(), self._put_files)

    def _put_files(self, found: list[Photo]) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(photo.path)) for photo in found])
        QGuiApplication.clipboard().setMimeData(mime)
        self._desk.status.show_message(f"{wording.count(len(found), 'photo')} copied.")

    @Slot()
    def copy_paths(self, ids: Sequence[PhotoId] = ()) -> None:
        """Put the paths on the clipboard, one a line."""
        self._desk.with_photos(ids or self._desk.areas.chosen(), self._put_paths)

    def _put_paths(self, found: list[Photo]) -> None:
        QGuiApplication.clipboard().setText("\n".join(str(photo.path) for photo in found))
        self._desk.status.show_message(f"{wording.count(len(found), 'path')} copied.")

    @Slot()
    def show_file(self, photo: PhotoId | None = None) -> None:
        """Show a photo, by default the current one, in the file manager."""
        chosen = photo if photo is not None else self._desk.areas.current()
        if chosen is not None:
            self._desk.with_photos([chosen], self._show_first)

    def _show_first(self, found: list[Photo]) -> None:
        if not found:
            return
        path = found[0].path
        if not paths.exists(path):
            self._desk.status.show_message(f"There is no file at {wording.shorten_path(str(path), 80)} any more.")
        elif not show_in_file_manager(path):
            self._desk.status.show_message("No file manager could be opened here.")

    def show_menu(self, commands: Commands, ids: Sequence[PhotoId], at: QPoint) -> None:
        """The context menu of photos."""
        menu = QMenu(self._desk.window)
        for key in _MENU:
            if key:
                menu.addAction(commands.entry(key, menu))
            else:
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
