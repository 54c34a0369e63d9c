"""Help, about, the log and the look."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Literal

from PySide6.QtCore import QObject, Slot

from desktop_app import __version__
from desktop_app.core import paths
from desktop_app.ui import key_choice
from desktop_app.ui.commands import Commands, key_table
from desktop_app.ui.desk import Desk
from desktop_app.ui.file_manager import show_in_file_manager

Scheme = Literal["system", "light", "dark"]


class HelpActions(QObject):
    """Opens what explains the program, and changes how it looks."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._commands: Commands | None = None

    def join(self, commands: Commands) -> None:
        """Show which look is in force."""
        self._commands = commands
        commands[f"scheme_{self._desk.remembered.now.scheme}"].setChecked(True)

    def set_scheme(self, scheme: Scheme) -> None:
        """Change the look at once and remember it."""
        self._desk.theme.set_scheme(scheme)
        self._desk.remembered.set(scheme=scheme)

    @Slot()
    def show_keys(self) -> None:
        """The keys there are."""
        from desktop_app.ui.dialogs.keys import KeyLine, KeysDialog

        keys = key_choice.read(self._desk.remembered.now.keys)
        lines = [KeyLine(*row) for row in key_table(keys)]
        dialog = KeysDialog(self._desk.theme, "Photos", lines, self._desk.window)
        dialog.open()

    @Slot()
    def show_about(self) -> None:
        """Versions, licences, the promise."""
        from desktop_app.ui.dialogs.about import AboutDialog, AboutInfo

        info = AboutInfo(__version__, parts(), licences=licences())
        AboutDialog(self._desk.theme, info, self._desk.window).open()

    @Slot()
    def show_log(self) -> None:
        """The log in the file manager."""
        show_in_file_manager(paths.log_file())


_PARTS = (
    "PySide6-Essentials",
    "onnxruntime-gpu",
    "onnxruntime",
    "opencv-python-headless",
    "numpy",
    "pillow",
    "hnswlib",
)


def parts() -> list[tuple[str, str]]:
    """What the program runs on, with versions."""
    found = [("Python", platform.python_version())]
    for name in _PARTS:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def licences() -> str:
    """Where the parts that come with the program are from."""
    pieces = []
    words = paths.resources_dir() / "words"
    for path in (
        paths.models_dir() / "README.md",
        paths.sample_photos() / "ATTRIBUTION.md",
        words / "README.md",
        words / "LICENCE-wordnet.txt",
    ):
        try:
            pieces.append(path.read_text("utf-8"))
        except OSError:
            continue
    return "\n\n".join(pieces)
