"""The page of files that are not shown: its lists, saving them, trying again, installing a missing part."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.catalog import skipped
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.label_csv import guarded
from desktop_app.core.settings import write_atomically
from desktop_app.core.types import Progress, Reason, Skipped
from desktop_app.ui.desk import Desk
from desktop_app.ui.folder_actions import FolderActions
from desktop_app.ui.panels.not_shown import NotShownPage
from desktop_app.ui.session import Overview

_PACKAGES = {Reason.NEEDS_HEIC: "pillow-heif>=0.18", Reason.NEEDS_RAW: "rawpy>=0.21"}


class NotShownActions(QObject):
    """Answers the page."""

    def __init__(self, desk: Desk, page: NotShownPage, folders: FolderActions) -> None:
        super().__init__(desk.window)
        self._desk, self._page = desk, page
        page.wanted.connect(self._bring)
        page.saveAsked.connect(self.choose_and_save)
        page.tryAgainAsked.connect(folders.try_again)
        page.installAsked.connect(self.install)
        desk.session.overviewChanged.connect(self.show_counts)
        page.fileOpened.connect(lambda entry: desk.show_file(entry.path))

    @Slot(object)
    def show_counts(self, overview: Overview) -> None:
        """Show how many files are not in, and why."""
        self._page.set_counts(overview.reasons, videos=overview.videos, others=overview.others)

    @Slot(object)
    def _bring(self, reason: Reason) -> None:
        library = self._desk.session.library
        if library is None:
            return

        def fetch() -> list[Skipped]:
            return list(skipped.listed(library.connection, reason))

        job = self._desk.session.query.submit(fetch, name="not shown")
        job.succeeded.connect(partial(self._page.set_files, reason))

    @Slot()
    def choose_and_save(self) -> None:
        """Ask where, and save the list."""
        chosen, _ = QFileDialog.getSaveFileName(self._desk.window, "Save list", "Not shown.csv", "CSV (*.csv)")
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Save path and reason of every file that is not shown as CSV."""
        library = self._desk.session.open_library()
        job = self._desk.session.query.submit(lambda: _save(library, path), name="save list")
        job.succeeded.connect(lambda count: self._desk.status.show_message(f"Saved {count:,} paths to {path.name}."))

    @Slot(object)
    def install(self, reason: Reason) -> None:
        """Install the part that a kind of picture needs, then read those pictures."""
        self._desk.status.show_message("Installing the extra part…", stay_ms=0)
        job = self._desk.session.thumbs.submit(_install(_PACKAGES[reason]), name="install")
        job.succeeded.connect(self._installed)

    @Slot(object)
    def _installed(self, _result: object) -> None:
        self._desk.status.show_message("The extra part is installed. Its photos are being added.")
        self._desk.adding.rescan()


def _save(library: Library, path: Path) -> int:
    import csv
    import io
    import os

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["path", "reason", "details"])
    count = 0
    for entry in skipped.listed(library.connection):
        # undecodable names are shown with a replacement; a spreadsheet must not run a name that looks like a formula
        shown = os.fsencode(entry.path).decode("utf-8", "replace")
        writer.writerow([guarded(shown), entry.reason.value, guarded(entry.details)])
        count += 1
    try:
        write_atomically(path, text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"The list could not be saved to {path.name}.", str(error)) from error
    return count


def _install(package: str) -> Generator[Progress, None, None]:
    words = [sys.executable, "-m", "pip", "install", "--only-binary", ":all:", "--disable-pip-version-check", package]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            while process.poll() is None:
                yield Progress("Installing the extra part")
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            said = process.stdout.read() if process.stdout else ""
        finally:
            process.kill()
    if process.returncode:
        raise UserError("The extra part could not be installed. It needs the internet once; try again later.", said)
