"""A second start on the same library brings the first window forward instead of opening another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 1500  # milliseconds


def _name(library: Path) -> str:
    """A socket name that belongs to one library of one user."""
    digest = hashlib.blake2b(str(library.resolve()).encode("utf-8", "surrogateescape"), digest_size=8)
    return f"likeness-{digest.hexdigest()}"


def hand_over(library: Path, folders: Sequence[Path]) -> bool:
    """Ask a running window that shows `library` to come forward and to add folders. False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_name(library))
    if not socket.waitForConnected(300):
        return False
    message = {"show": True, "folders": [str(folder) for folder in folders]}
    socket.write(json.dumps(message).encode("utf-8", "surrogateescape") + b"\n")
    socket.flush()
    heard = socket.waitForReadyRead(_PATIENCE) and bytes(socket.readAll().data()).startswith(b"ok")
    socket.disconnectFromServer()
    return heard


class Doorbell(QObject):
    """Listens for later starts on the same library.

    Signals:
        rung(list[Path]): come forward and add these folders.
    """

    rung = Signal(list)

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        if not self._server.listen(_name(library)):
            QLocalServer.removeServer(_name(library))  # left by a process that was killed
            self._server.listen(_name(library))

    @Slot()
    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is None:
            return
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        line = bytes(socket.readLine(1 << 20).data())
        try:
            folders = [Path(str(folder)) for folder in json.loads(line).get("folders", [])]
        except (ValueError, AttributeError, TypeError):
            return
        socket.write(b"ok\n")
        socket.flush()
        self.rung.emit(folders)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
