"""Saved searches: kept under a name, opened from the left list, renamed and removed with undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QPushButton

from desktop_app.core import wording
from desktop_app.core.catalog.saved_searches import SearchId
from desktop_app.core.catalog.search_form import Read
from desktop_app.core.library import Library
from desktop_app.core.operations import saved_searches as operations
from desktop_app.core.operations.filter_words import names_of, worded
from desktop_app.core.operations.saved_searches import Kept, Saved
from desktop_app.ui.browsing import View
from desktop_app.ui.desk import Desk, Undoable
from desktop_app.ui.panels.nav import NavList
from desktop_app.ui.search.chip_views import chip_views

_LONG = 48
_WIDTH = 420


class Saving(QObject):
    """Keeps the left list level with the searches that are saved.

    Args:
        desk: the window's parts.
        nav: the left list.
    """

    def __init__(self, desk: Desk, nav: NavList) -> None:
        super().__init__(desk.window)
        self._desk, self._nav = desk, nav
        self.saved: tuple[Saved, ...] = ()
        self.dialog: QInputDialog | None = None
        nav.savedChosen.connect(self.open)
        nav.savedMenuAsked.connect(self._show_menu)
        desk.session.opened.connect(self._look)

    # --- keeping ---------------------------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Ask for a name for the search at hand."""
        view = self._desk.page.view
        if self._cannot_write():
            return
        if view.asked.is_empty:
            self._desk.status.show_message("There is nothing to save: search for something first.")
            return
        self._ask_name("Save search", "Name of this search", proposal(view), self.save)

    def save(self, name: str) -> None:
        """Keep the search at hand; one of the same name is replaced. Undo takes it back."""
        view, same = self._desk.page.view, self._named(name)
        kept: list[Kept] = []
        library = self._desk.session.library
        if library is None:
            return

        def do() -> None:
            if same is not None:
                kept[:] = [operations.save_over(library, same.id, view.asked, view.order)]
            elif kept:
                operations.restore(library, kept[0].id)
            else:
                kept[:] = [operations.save(library, name, view.asked, view.order)]

        def undo() -> None:
            if kept:
                operations.put_back(library, kept[0])

        self._push(f"search “{name}” saved\nsaving the search “{name}”", do, undo)
        self._desk.status.show_message(f"“{name}” is among the saved searches at the left.")

    def rename(self, saved: Saved, name: str) -> None:
        """Call a saved search something else."""
        library = self._desk.session.library
        if library is not None and name.strip() and name != saved.name:
            do = partial(operations.rename, library, saved.id, name)
            self._push(
                f"search “{saved.name}” renamed\nrenaming the search “{saved.name}”",
                do,
                partial(operations.rename, library, saved.id, saved.name),
            )

    def remove(self, saved: Saved) -> None:
        """Take a saved search out of the list; its photos stay."""
        library = self._desk.session.library
        if library is not None:
            do = partial(operations.remove, library, saved.id)
            self._push(
                f"search “{saved.name}” removed\nremoving the search “{saved.name}”",
                do,
                partial(operations.restore, library, saved.id),
            )
            message = f"The saved search “{saved.name}” was removed. Its photos stay."
            self._desk.status.show_message(message, [("Undo", self._desk.undo.undo)])

    def _push(self, words: str, do: Callable[[], object], undo: Callable[[], object]) -> None:
        self._desk.undo.push(Undoable(words, partial(self._write, do), partial(self._write, undo)))

    def _write(self, change: Callable[[], object]) -> None:
        job = self._desk.session.work.submit(change, name="changing the library", urgent=True)
        job.failed.connect(self._desk.report)
        job.finished.connect(self._look)

    # --- opening ---------------------------------------------------------------------------------------------

    @Slot(int)
    def open(self, saved: int) -> None:
        """Look for what a saved search looks for."""
        library = self._desk.session.library
        if library is not None:
            look = partial(_opened, library, SearchId(saved))
            job = self._desk.session.query.submit(look, name="saved search")
            job.succeeded.connect(partial(self._show, saved))
            job.failed.connect(self._desk.report)

    def _show(self, saved: int, read: Read) -> None:
        if read.remarks:
            self._desk.status.show_message(" ".join(read.remarks))
        self._desk.page.show_view(View(order=read.order, query=read.query, saved=saved))

    @Slot()
    def _look(self, *_: object) -> None:
        library = self._desk.session.library
        if library is not None:
            job = self._desk.session.query.submit(partial(operations.saved, library), name="saved searches")
            job.succeeded.connect(self._take)

    @Slot(object)
    def _take(self, saved: tuple[Saved, ...]) -> None:
        self.saved = saved
        self._nav.set_saved([(int(one.id), one.name) for one in saved])

    # --- asking ----------------------------------------------------------------------------------------------

    @Slot(int, QPoint)
    def _show_menu(self, saved: int, at: QPoint) -> None:
        chosen = next((one for one in self.saved if one.id == saved), None)
        if chosen is None:
            return
        menu = QMenu(self._desk.window)
        menu.addAction("Open", partial(self.open, saved))
        menu.addAction("Rename…", partial(self._ask_other_name, chosen))
        menu.addAction("Remove", partial(self.remove, chosen))
        library = self._desk.session.library
        for action in menu.actions()[1:]:
            action.setEnabled(library is not None and library.writable)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _ask_other_name(self, saved: Saved) -> None:
        self._ask_name("Rename search", "Name of this search", saved.name, partial(self.rename, saved))

    def _ask_name(self, title: str, label: str, name: str, use: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._desk.window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(name)
        dialog.setOkButtonText("Save")
        for line in dialog.findChildren(QLineEdit):
            line.setMinimumWidth(_WIDTH)  # the dialog itself is as small as its parts
        for one in dialog.findChildren(QPushButton):
            one.setIcon(QIcon())  # of the system's theme, unlike all other buttons here
        dialog.textValueSelected.connect(use)
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def _named(self, name: str) -> Saved | None:
        return next((one for one in self.saved if one.name.casefold() == name.strip().casefold()), None)

    def _cannot_write(self) -> bool:
        library = self._desk.session.library
        if library is not None and not library.writable:
            self._desk.status.show_message(f"“{library.name}” is open for looking only, so nothing can be saved in it.")
            return True
        return library is None


def _opened(library: Library, saved: SearchId) -> Read:
    """The search with what its filters are called by now; runs on the query lane."""
    read, names = operations.open_saved(library, saved), names_of(library)
    filters = tuple(one if one.words else worded(one, names) for one in read.query.filters)
    return replace(read, query=replace(read.query, filters=filters))


def proposal(view: View) -> str:
    """A name for a search, from what its chips say."""
    said = [chip.name for chip in chip_views(view.query, _no_picture)]
    return wording.shorten_middle(", ".join(part for part in (*said, view.text, view.words) if part) or "Search", _LONG)


def _no_picture(_photo: int, _size: int) -> None:
    """A name needs no thumbnails."""
