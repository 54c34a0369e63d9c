"""Showing a file in the system's own file manager."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.core import archives


def show_in_file_manager(path: Path) -> bool:
    """Open the folder of a file with the file selected, where the system can; else just the folder.

    For a file in a zip archive, the archive is shown.

    Returns:
        False where nothing could be opened.
    """
    inside = archives.split(path)
    if inside is not None:
        path = inside[0]
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", ["/select,", str(path)])[0]
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", str(path)])[0]
    folder = QUrl.fromLocalFile(str(path.parent))
    if _ask_file_manager(QUrl.fromLocalFile(str(path))):
        return True
    return QDesktopServices.openUrl(folder)


def _ask_file_manager(file: QUrl) -> bool:
    """The freedesktop interface most Linux file managers offer; it selects the file."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    call = QDBusMessage.createMethodCall(
        "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", "ShowItems"
    )
    call.setArguments([[file.toString()], ""])
    return bus.call(call, timeout=1500).type() == QDBusMessage.MessageType.ReplyMessage
