"""Several libraries: new, open, the samples, the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMenu

from desktop_app.core import paths
from desktop_app.core.images.formats import Kind, kind_of
from desktop_app.ui.desk import Desk
from desktop_app.ui.panels.banner import Kind as BannerKind


class LibraryActions(QObject):
    """Opens libraries; each shows in a window of its own, in the place of this one."""

    def __init__(self, desk: Desk, library: Path) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._library = library
        self._switch: list[QAction] = []
        self._samples: int | None = None

    def open(self, library: Path, add: Sequence[Path] = ()) -> None:
        """Show another library instead of this one."""
        if library == self._library:
            return
        self._desk.windows.open(library, add, instead_of=self._desk.window)

    @Slot()
    def choose_new(self) -> None:
        """Ask for a name and open a new, empty library."""
        name, sure = QInputDialog.getText(
            self._desk.window, "New library", "Name of the library:", QLineEdit.EchoMode.Normal, "Family"
        )
        name = name.strip().strip(".").replace("/", "-").replace("\\", "-")
        if sure and name:
            self.create(name)

    def create(self, name: str) -> None:
        """Open a new library of this name; one that exists already is opened."""
        self.open(paths.data_dir() / "libraries" / name)

    def create_for(self, client: str, exports: Sequence[Path]) -> None:
        """Open a library of a client's own, and read exports there."""
        name = client.strip().strip(".").replace("/", "-").replace("\\", "-") or "Client"
        self.open(paths.data_dir() / "libraries" / name, exports)

    @Slot()
    def choose_existing(self) -> None:
        """Let the user point to a library's folder."""
        start = paths.data_dir() / "libraries"
        chosen = QFileDialog.getExistingDirectory(self._desk.window, "Open library", str(start))
        if not chosen:
            return
        if (Path(chosen) / paths.CATALOGUE).is_file():
            self.open(Path(chosen))
        else:
            self._desk.status.show_message(
                f"“{Path(chosen).name}” is no library. To add its photos, choose File > Add folder."
            )

    @Slot()
    def open_samples(self) -> None:
        """Open the sample photos as a library of their own; photos that are shown already are not added again."""
        self.open(paths.sample_library(), [paths.sample_photos()])

    def count_samples(self) -> int:
        """How many sample photos there are."""
        if self._samples is None:
            folder = paths.sample_photos()
            names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
            self._samples = sum(kind_of(name) is Kind.PICTURE for name in names)
        return self._samples

    def fill_menu(self, menu: QMenu, before: QAction) -> None:
        """Offer the other libraries in a menu, once there is a second."""
        menu.aboutToShow.connect(partial(self._offer, menu, before))
        self._offer(menu, before)

    def _offer(self, menu: QMenu, before: QAction) -> None:
        for action in self._switch:
            menu.removeAction(action)
            action.deleteLater()
        self._switch = []
        known = [Path(name) for name in self._desk.remembered.now.libraries]
        shown = [library for library in known if library == self._library or (library / paths.CATALOGUE).is_file()]
        if len(shown) < 2:
            return
        for library in sorted(shown, key=lambda path: path.name.casefold()):
            action = QAction(f"Switch to “{library.name}”" if library != self._library else library.name, self)
            action.setCheckable(library == self._library)
            action.setChecked(library == self._library)
            action.triggered.connect(partial(self._switch_to, library))
            menu.insertAction(before, action)
            self._switch.append(action)

    def _switch_to(self, library: Path, _checked: bool = False) -> None:
        self.open(library)

    @Slot(object, object)
    def could_not_open(self, folder: Path, error: BaseException) -> None:
        """Say why a library is not shown, in the window that stays usable for opening another."""
        banner = self._desk.window.banner  # type: ignore[attr-defined]
        banner.set_contents(
            BannerKind.WARN,
            str(error),
            [("Open another library…", self.choose_existing), ("New library…", self.choose_new)],
        )
        banner.show()
        self._desk.report(error, f"opening “{folder.name}”")
