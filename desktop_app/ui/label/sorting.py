"""Sorting a folder with a classifier: the one at hand, or one that was opened from a file."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.types import Progress
from desktop_app.jobs import Single
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.sort_dialog import SortDialog
from desktop_app.ui.label.values import PRESELECT_FROM

if TYPE_CHECKING:
    from desktop_app.core.handover.open import OpenedClassifier
    from desktop_app.core.operations.classifier import Classifier
    from desktop_app.core.operations.sort_folder import Sorted


class Sorting(QObject):
    """Shows the dialog and runs what it asks for on the errands lane."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._source: Classifier | OpenedClassifier | None = None
        self._done = 0
        self.running = Single(desk.session.errands, self)
        self.running.progressed.connect(self._progressed)
        self.running.succeeded.connect(self._sorted)
        self.running.failed.connect(self._failed)
        self.running.cancelled.connect(self._stopped)
        self.dialog: SortDialog | None = None

    def ask(self, source: Classifier | OpenedClassifier) -> SortDialog:
        """Ask what to sort with a classifier of the library, or with one from a file."""
        self._forget()
        about = getattr(source, "about", None)
        self._source = source
        made = SortDialog(
            source.name, source.classes, PRESELECT_FROM if about is None else about.sure, self._desk.window
        )
        made.startAsked.connect(self._start)
        made.stopAsked.connect(self.running.stop)
        made.showAsked.connect(self._desk.show_file)
        made.finished.connect(self._forget)
        self.dialog = made
        made.open()
        return made

    @Slot()
    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self.running.stop()
            dialog.hide()
            dialog.deleteLater()

    @Slot(object, object, object)
    def _start(self, folder: Path, table: Path, copies: Path | None) -> None:
        dialog, source = self.dialog, self._source
        if dialog is None or source is None or self.running.is_running:
            return
        dialog.show_running()
        self._done = 0
        operation = sort_with(self._desk.session.library, source, folder, table, copies)
        self.running.start(operation, name="sorting a folder")

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        self._done = progress.done
        if self.dialog is not None:
            self.dialog.show_progress(progress)

    @Slot(object)
    def _sorted(self, done: Sorted) -> None:
        words = sorted_words(done)
        if self.dialog is not None:
            shown = done.copies if done.copies is not None and any(done.counts.values()) else done.csv
            self.dialog.show_end(words, shown)
        else:
            self._desk.status.show_message(words)

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self.dialog is not None:
            self.dialog.show_end(str(error) if isinstance(error, UserError) else "The folder could not be sorted.")

    @Slot()
    def _stopped(self) -> None:
        if self.dialog is not None:
            kept = f" {wording.count(self._done, 'photo is', 'photos are')} sorted already." if self._done else ""
            self.dialog.show_end(f"Stopped.{kept}", self.dialog.table if self._done else None)


def sorted_words(done: Sorted) -> str:
    """What sorting brought, in a few sentences."""
    total = sum(done.counts.values())
    if not total and not done.skipped:
        return "There are no photos in this folder."
    counts = ", ".join(f"{name} {wording.number(count)}" for name, count in done.counts.items() if count)
    words = f"Sorted {wording.count(total, 'photo')}: {counts}." if total else "No photo could be sorted."
    if done.not_sure:
        where = " and lie in “not sure”" if done.copies is not None else ""
        words += f" {wording.count(done.not_sure, 'of them is', 'of them are')} not sure{where}."
    if done.skipped:
        words += f" {wording.count(len(done.skipped), 'file')} could not be read."
    return words


def sort_with(
    library: Library | None, source: Classifier | OpenedClassifier, folder: Path, table: Path, copies: Path | None
) -> Generator[Progress, None, Any]:
    """Sort on a lane; a classifier of the library is put together first, in memory, so that no file stays behind."""
    yield Progress("Opening the classifier")
    from desktop_app.core.handover.open import OpenedClassifier
    from desktop_app.core.operations.hand_over_set import opened_here
    from desktop_app.core.operations.sort_folder import sort_folder

    if isinstance(source, OpenedClassifier):
        opened = source
    elif library is not None:
        opened = opened_here(library, source)
    else:
        raise UserError("The library is still being opened.")
    return (yield from sort_folder(opened, folder, table, copies))
