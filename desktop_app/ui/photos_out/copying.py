"""Copying chosen photos to a folder: asks where, shows how far it is, says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.operations.copy_out import CopiedOut, copy_out
from desktop_app.core.operations.trash import belongings
from desktop_app.core.types import PhotoId
from desktop_app.ui.desk import Desk
from desktop_app.ui.panels.parts import ElidedLabel, button, text


class CopyDialog(QDialog):
    """Asks where copies go, and whether what belongs to the photos goes along.

    Args:
        photos: how many.
        companions: files that belong to them.
        size: bytes of all.
        folder: where copies went last, "" for nowhere yet.
        with_companions: whether those went along.

    Signals:
        copyAsked(Path, bool): to this folder, with what belongs to the photos or without.
    """

    copyAsked = Signal(object, bool)

    def __init__(
        self,
        photos: int,
        companions: int,
        size: int,
        folder: str,
        *,
        with_companions: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Copy to a folder")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = wording.count(photos, "photo")
        self._folder = folder
        self.headline = text(f"Copy {count} to a folder", "title")
        self.explanation = text(
            f"{wording.byte_size(size)}. The photos stay where they are; nothing in the folder is written over.",
            wrap=True,
        )
        self.place = ElidedLabel()
        self.choose = button("Choose…")
        self.choose.setAccessibleName("Choose the folder")
        verb = "belongs" if companions == 1 else "belong"
        owner = "it" if photos == 1 else "them"
        self.with_companions = QCheckBox(f"Also the {wording.count(companions, 'file')} that {verb} to {owner}")
        self.with_companions.setToolTip("Side-cars, videos of live photos, camera raws beside their JPEGs")
        self.with_companions.setChecked(with_companions)
        self.with_companions.setVisible(companions > 0)
        self.cancel = button("Cancel", quiet=True)
        self.copy_button = button(f"Copy {count}", default=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(text("Folder", "quiet"))
        row.addWidget(self.place, 1)
        row.addWidget(self.choose)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.headline)
        column.addWidget(self.explanation)
        column.addLayout(row)
        column.addWidget(self.with_companions)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setMinimumWidth(max(480, self.fontMetrics().averageCharWidth() * 66))
        self.choose.clicked.connect(self._choose)
        self.cancel.clicked.connect(self.reject)
        self.copy_button.clicked.connect(self._copy)
        self.set_folder(folder)

    def set_folder(self, folder: str) -> None:
        """Copies go there."""
        self._folder = folder
        self.place.set_words(folder or "none chosen yet", folder)
        self.copy_button.setEnabled(bool(folder))
        (self.copy_button if folder else self.choose).setFocus()

    @Slot()
    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Copy to which folder?", self._folder or str(Path.home()))
        if chosen:
            self.set_folder(chosen)

    @Slot()
    def _copy(self) -> None:
        self.copyAsked.emit(Path(self._folder), self.with_companions.isChecked())
        self.accept()


class CopyingOut(QObject):
    """Copies chosen photos to a folder.

    Args:
        desk: the window's parts.

    Signals:
        copied(CopiedOut): the copies are there.
    """

    copied = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.dialog: CopyDialog | None = None
        self._is_counting = False

    def ask(self, ids: Sequence[PhotoId]) -> None:
        """Ask where copies of these photos go."""
        library = self._desk.session.library
        if library is None or self.dialog is not None or self._is_counting:
            return
        ids = [photo for photo in ids if photo > 0]  # below 0: a picture that is no photo of the library
        if not ids:
            self._desk.status.show_message("Select photos to copy first.")
            return
        self._is_counting = True
        job = self._desk.session.query.submit(partial(belongings, library, tuple(ids)), name="counting files")
        job.succeeded.connect(partial(self._show, tuple(ids)))
        job.finished.connect(self._counted)

    @Slot()
    def _counted(self) -> None:
        self._is_counting = False

    def _show(self, ids: tuple[PhotoId, ...], counts: tuple[int, int, int]) -> None:
        now = self._desk.remembered.now
        dialog = self.dialog = CopyDialog(
            *counts, now.copies_folder, with_companions=now.copy_companions, parent=self._desk.window
        )
        dialog.copyAsked.connect(partial(self.copy, ids))
        dialog.finished.connect(self._closed)
        dialog.open()

    @Slot()
    def _closed(self) -> None:
        self.dialog = None

    def copy(self, ids: Sequence[PhotoId], folder: Path, with_companions: bool) -> None:
        """Copy photos to a folder, and remember it for the next time."""
        library = self._desk.session.library
        if library is None:
            return
        self._desk.remembered.set(copies_folder=str(folder), copy_companions=with_companions)
        job = self._desk.background.start(
            copy_out(library, ids, folder, with_companions=with_companions), "copying photos", "Copying photos",
            lane=self._desk.session.errands,
        )  # fmt: skip
        job.succeeded.connect(self._done)
        job.cancelled.connect(partial(self._stopped, folder))

    @Slot(object)
    def _done(self, result: CopiedOut) -> None:
        actions = [("Show folder", partial(open_folder, result.folder))]
        if result.failed:
            actions.append(("Copy the list", partial(_copy_list, result.failed)))
        self._desk.status.show_message(result.words, actions)
        self.copied.emit(result)

    def _stopped(self, folder: Path) -> None:
        self._desk.status.show_message(
            f"Stopped. What was copied stays in “{wording.printable(folder.name)}”.",
            [("Show folder", partial(open_folder, folder))],
        )


def open_folder(folder: Path) -> None:
    """Open a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _copy_list(paths: Sequence[Path]) -> None:
    QGuiApplication.clipboard().setText("\n".join(wording.printable(str(path)) for path in paths))
