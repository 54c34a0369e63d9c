"""Starts the window: the one place that knows all the parts."""

from __future__ import annotations

import argparse
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from desktop_app.core import paths

log = logging.getLogger(__name__)

_NO_DISPLAY = (
    "likeness: there is no display to open a window on. These commands need none:\n"
    "  likeness index FOLDER     add the photos of a folder\n"
    "  likeness similar IMAGE    the photos most like a picture\n"
    "  likeness doctor           what this machine can do"
)


def run(words: Sequence[str]) -> int:
    """Open the window; returns the exit status when the last one is closed."""
    parser = argparse.ArgumentParser(prog="likeness")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="folders to add")
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library to open")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="")
    try:
        arguments = parser.parse_args(list(words))
    except SystemExit as ended:
        return int(ended.code or 0)
    for folder in arguments.folders:
        if not folder.is_dir():
            print(f"likeness: there is no folder at {folder}.", file=sys.stderr)
            return 1
    if not _has_display():
        print(_NO_DISPLAY, file=sys.stderr)
        return 1
    _prepare()
    return _show(arguments)


def _has_display() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _prepare() -> None:
    """What has to hold before Qt starts."""
    # another OpenCV wheel, should it be there, points Qt at its own plug-ins when it is imported
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(name, None)
    # a thread busy in Python gives way to the window after 1 ms instead of 5
    sys.setswitchinterval(0.001)
    try:
        paths.log_file().parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            paths.log_file(), maxBytes=1 << 20, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.StreamHandler()
    logging.basicConfig(
        level=logging.INFO, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _show(arguments: argparse.Namespace) -> int:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from desktop_app.core.engines import Device
    from desktop_app.core.images.children import close_children
    from desktop_app.core.images.decode import single_threaded
    from desktop_app.jobs import GuiGarbage
    from desktop_app.ui import theme
    from desktop_app.ui.remembered import Remembered
    from desktop_app.ui.windows import Windows

    single_threaded()
    app = QApplication(["likeness"])
    app.setApplicationName("Likeness")
    QGuiApplication.setApplicationDisplayName("Likeness")
    QGuiApplication.setDesktopFileName("likeness")
    sys.excepthook = _note_exception
    remembered = Remembered()
    scheme = remembered.now.scheme
    look = theme.apply(app, "light" if scheme == "light" else "dark" if scheme == "dark" else "system")
    chosen = arguments.device or remembered.now.device
    device: Device = "cpu" if chosen == "cpu" else "cuda" if chosen == "cuda" else "auto"
    windows = Windows(look, remembered, device)
    library = Path(os.path.abspath(arguments.library)) if arguments.library else remembered.now.library_to_open()
    folders = [Path(os.path.abspath(folder)) for folder in arguments.folders]
    if not windows.open(library, folders):
        print(f"likeness: “{library.name}” is open already; its window was brought forward.", file=sys.stderr)
        return 0
    garbage = GuiGarbage(app)
    try:
        return app.exec()
    finally:
        garbage.stop()
        close_children()


def _note_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake of ours in a slot: write it down; the program goes on."""
    log.error("unexpected", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
