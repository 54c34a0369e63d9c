"""Contact sheets of chosen photos: asks how, shows the first page, writes the file, says where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFontInfo, QImage
from PySide6.QtWidgets import QFileDialog

from desktop_app.core import wording
from desktop_app.core.types import PhotoId, Progress
from desktop_app.jobs import Job, Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.file_manager import show_in_file_manager
from desktop_app.ui.photos_out.printing import Sheet, first_page, safe_file_name, write_sheet
from desktop_app.ui.photos_out.sheet import Kind, SheetWish
from desktop_app.ui.photos_out.sheet_dialog import PREVIEW, SheetDialog

_FILTERS = {Kind.PDF: "PDF (*.pdf)", Kind.PNG: "Pictures (*.png)"}


class ContactSheet(QObject):
    """Makes contact sheets.

    Args:
        desk: the window's parts.

    Signals:
        saved(tuple[Path, ...]): a sheet was written.
    """

    saved = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.dialog: SheetDialog | None = None
        self._ids: tuple[PhotoId, ...] = ()
        self._scores: dict[int, float] = {}
        self._job: Job | None = None
        # where thumbnails are decoded: a search does not wait for it, nor it for work of low priority
        self._pages = Latest(desk.session.thumbs, self)
        self._pages.answered.connect(self._show_page)
        self._pages.failed.connect(self._miss)

    def ask(self, ids: Sequence[PhotoId], scores: Mapping[int, float] | None = None, title: str = "") -> None:
        """Ask how a sheet of these photos should look.

        Args:
            ids: in the order in which they are to stand.
            scores: likeness by photo, where they are results.
            title: what to write above them.
        """
        if self._desk.session.library is None:
            return
        ids = [photo for photo in ids if photo > 0]  # below 0: a picture that is no photo of the library
        if not ids:
            self._desk.status.show_message("Select photos for the contact sheet first.")
            return
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        self._ids, self._scores = tuple(ids), dict(scores or {})
        wish = replace(SheetWish.from_text(self._desk.remembered.now.contact_sheet), title=title)
        dialog = self.dialog = SheetDialog(
            self._desk.theme, len(ids), wish, has_scores=bool(self._scores), parent=self._desk.window
        )
        dialog.wishChanged.connect(self._draw)
        dialog.saveAsked.connect(self._choose_file)
        dialog.stopAsked.connect(self._stop)
        dialog.finished.connect(self._closed)
        dialog.open()
        self._draw(dialog.wish)

    @Slot()
    def _closed(self) -> None:
        self.dialog = None
        self._pages.drop()

    def _sheet(self, wish: SheetWish) -> Sheet:
        return Sheet(self._ids, wish, QFontInfo(self._desk.theme.font()).family(), self._scores)

    # --- the first page ------------------------------------------------------------------------------------------

    @Slot(object)
    def _draw(self, wish: SheetWish) -> None:
        library = self._desk.session.library
        if library is None or self.dialog is None:
            return
        size = wish.size()
        fits = min(PREVIEW.width() / size.width(), PREVIEW.height() / size.height())
        scale = 2.0 * fits * self.dialog.devicePixelRatioF()
        self._pages.ask(partial(first_page, library, self._sheet(wish), scale), name="first page")

    @Slot(object)
    def _show_page(self, answer: tuple[QImage, int]) -> None:
        if self.dialog is not None:
            self.dialog.show_page(*answer)

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self._desk.report(error, "drawing a page")

    # --- writing -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _choose_file(self, wish: SheetWish) -> None:
        library = self._desk.session.library
        if library is None or self.dialog is None:
            return
        name = safe_file_name(wish.title) or f"{safe_file_name(library.name)} contact sheet".strip()
        usual = Path.home() / f"{name}.{wish.kind.value}"
        chosen, _ = QFileDialog.getSaveFileName(self.dialog, "Save contact sheet", str(usual), _FILTERS[wish.kind])
        if chosen:
            path = Path(chosen)
            ending = f".{wish.kind.value}"
            self.write(wish, path if path.suffix.lower() == ending else path.with_name(path.name + ending))

    def write(self, wish: SheetWish, path: Path) -> None:
        """Write a sheet of the photos that were asked for."""
        library = self._desk.session.library
        if library is None or self._job is not None:
            return
        self._desk.remembered.set(contact_sheet=wish.as_text())
        job = self._job = self._desk.background.start(
            write_sheet(library, self._sheet(wish), path), "contact sheet", "Making a contact sheet",
            lane=self._desk.session.errands,
        )  # fmt: skip
        if self.dialog is not None:
            self.dialog.set_busy(True)
        job.progressed.connect(self._hear)
        job.succeeded.connect(self._written)
        job.finished.connect(self._ended)

    @Slot()
    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    @Slot(object)
    def _hear(self, progress: Progress) -> None:
        if self.dialog is not None:
            self.dialog.set_done(progress.done)

    @Slot()
    def _ended(self) -> None:
        self._job = None
        if self.dialog is not None:
            self.dialog.set_busy(False)

    @Slot(object)
    def _written(self, paths: tuple[Path, ...]) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        first = paths[0]
        said = f"Saved “{wording.printable(first.name)}”."
        if len(paths) > 1:
            said = f"Saved {wording.count(len(paths), 'picture')}, the first is “{wording.printable(first.name)}”."
        actions: list[tuple[str, Callable[[], object]]] = [
            ("Open", partial(open_file, first)),
            ("Show folder", partial(show_in_file_manager, first)),
        ]
        self._desk.status.show_message(said, actions)
        self.saved.emit(paths)


def open_file(path: Path) -> None:
    """Show a file in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
