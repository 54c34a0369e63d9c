"""What can be done with a library's folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu

from desktop_app.core import wording
from desktop_app.core.library import Library
from desktop_app.core.operations.folders import point_elsewhere, remove_folder, restore_folder
from desktop_app.core.types import Changes, Folder, FolderId, FolderState
from desktop_app.ui.desk import Desk, Undoable


class FolderActions(QObject):
    """Add, look again, move, remove with undo.

    Signals:
        labelAsked(Folder): all photos of a folder are to be labelled.
    """

    labelAsked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk

    def add(self, roots: Sequence[Path]) -> None:
        """Add folders and begin at once."""
        if self._is_for_looking_only():
            return
        self._desk.adding.add([Path(root) for root in roots])

    @Slot()
    def choose_and_add(self) -> None:
        """Let the user choose a folder."""
        chosen = QFileDialog.getExistingDirectory(self._desk.window, "Add folder")
        if chosen:
            self.add([Path(chosen)])

    @Slot()
    def rescan(self) -> None:
        """Look for new, changed and moved photos in all folders."""
        if not self._is_for_looking_only():
            self._desk.adding.rescan()

    @Slot()
    def try_again(self) -> None:
        """Read again what is not shown."""
        if not self._is_for_looking_only():
            self._desk.adding.rescan(retry=True)

    @Slot(int, QPoint)
    def show_menu(self, folder_id: int, at: QPoint) -> None:
        """The context menu of a folder."""
        folder = self._folder(FolderId(folder_id))
        if folder is None:
            return
        menu = QMenu(self._desk.window)
        menu.addAction("Look for new photos", partial(self._desk.adding.rescan, [folder.id]))
        menu.addAction("Label its photos…", partial(self.labelAsked.emit, folder))
        menu.addAction("Folder moved to…", partial(self._choose_new_place, folder))
        menu.addAction("Show in file manager", partial(self._open, folder))
        menu.addSeparator()
        menu.addAction("Remove from library", partial(self.remove, folder))
        writable = self._desk.session.library is not None and self._desk.session.library.writable
        for action in menu.actions():
            action.setEnabled(writable or action.text() == "Show in file manager")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def remove(self, folder: Folder) -> None:
        """Take a folder out of the library; its photos on disk are not touched."""
        desk = self._desk
        if folder.state is FolderState.ADDING:
            desk.adding.stop()
        words = f"“{folder.name}” removed from the library\nremoving “{folder.name}”"
        desk.undo.push(
            Undoable(
                words,
                self._change(partial(remove_folder, folder=folder.id)),
                self._change(partial(restore_folder, folder=folder.id)),
            )
        )
        done = desk.undo.index()

        def undo() -> None:
            if desk.undo.index() == done:  # not taken back by Ctrl+Z meanwhile
                desk.undo.undo()

        count = wording.count(folder.photos, "photo")
        desk.status.show_message(
            f"“{folder.name}” was removed from the library. Its {count} stay on the disk.", [("Undo", undo)]
        )

    def move(self, folder: Folder, root: Path) -> None:
        """The folder lies at `root` now."""
        change = partial(point_elsewhere, folder=folder.id, root=root)
        self._desk.session.write(change, lambda: self._desk.adding.rescan([folder.id]))

    def _change(self, change: Callable[[Library], Changes]) -> Callable[[], object]:
        return lambda: self._desk.session.write(change)

    def _choose_new_place(self, folder: Folder) -> None:
        chosen = QFileDialog.getExistingDirectory(self._desk.window, f"Where is “{folder.name}” now?")
        if chosen:
            self.move(folder, Path(chosen))

    def _open(self, folder: Folder) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.root)))

    def _folder(self, folder_id: FolderId) -> Folder | None:
        return next((f for f in self._desk.session.overview.folders if f.id == folder_id), None)

    def _is_for_looking_only(self) -> bool:
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._desk.status.show_message(f"“{library.name}” is open for looking only, so nothing can be added to it.")
            return True
        return library is None
