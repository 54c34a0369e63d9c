"""Watches the library's folders and brings the library level with what happened there, quietly."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, SignalInstance, Slot

from desktop_app.core import archives
from desktop_app.core.library import Library
from desktop_app.core.operations.watched import matters
from desktop_app.core.types import FolderId, FolderState
from desktop_app.core.watching.watcher import Unwatched, Watcher
from desktop_app.ui.desk import Desk

_SENTENCES = {
    Unwatched.NETWORK: "“{}” is on a network drive",
    Unwatched.LIMIT: "“{}” has more folders than this computer watches",
    Unwatched.REFUSED: "“{}” cannot be watched",
}
BEGIN_MS = 1500  # what the window shows first comes first
_END_SECONDS = 1.0  # a walk over very many folders is not waited for when the window closes
_INSTEAD = ": Likeness looks there when you come back to this window, and every 10 minutes."


class Watching(QObject):
    """Starts and ends watching with the library and the setting, and hands what was heard to `Adding`.

    While photos are being added, also while that stands still, what is heard waits. A folder that the user stopped
    waits for Continue.

    Args:
        desk: the window's parts.

    Signals:
        heard(): something was heard of and will be looked at.
    """

    heard = Signal()
    _news = Signal(object)
    _unwatched = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._watcher: Watcher | None = None
        self._pending: dict[FolderId, set[Path]] = {}
        self._begin = QTimer(self, singleShot=True)
        self._begin.timeout.connect(self._start)
        self._news.connect(self._hear)
        self._unwatched.connect(self._say)
        desk.session.opened.connect(self._opened)
        desk.session.overviewChanged.connect(self._follow_folders)
        desk.remembered.changed.connect(self._follow_folders)
        desk.adding.viewChanged.connect(self._hand_over)
        desk.window.installEventFilter(self)

    @property
    def is_watching(self) -> bool:
        """Whether folders are watched now."""
        return self._watcher is not None

    def close(self) -> None:
        """Hear nothing more."""
        watcher, self._watcher = self._watcher, None
        self._begin.stop()
        self._pending.clear()
        if watcher is not None:
            watcher.close(_END_SECONDS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what cannot be watched when the user comes back; end with the window."""
        if event.type() == QEvent.Type.WindowActivate and self._watcher is not None:
            self._watcher.look()
        elif event.type() == QEvent.Type.Close:
            self.close()
        return False

    # --- the library's folders -------------------------------------------------------------------------------

    @Slot(object)
    def _opened(self, _library: Library) -> None:
        self.close()

    @Slot(object)
    def _follow_folders(self, _changed: object) -> None:
        library = self._desk.session.library
        if library is None or not library.writable or not self._desk.remembered.now.watch_folders:
            self.close()
            return
        if self._watcher is not None:
            self._watcher.set_roots(self._roots())
        elif self._roots() and not self._begin.isActive():
            self._begin.start(BEGIN_MS)

    @Slot()
    def _start(self) -> None:
        library = self._desk.session.library
        if library is not None:
            self._watcher = Watcher(
                partial(_emit, self._news),
                unwatched=partial(_emit, self._unwatched),
                without=(library.folder,),
                matters=matters,
            )
            self._watcher.set_roots(self._roots())

    def _roots(self) -> list[Path]:
        """What can be watched: an archive is not, it is looked at by hand."""
        return [folder.root for folder in self._desk.session.overview.folders if not archives.is_inside(folder.root)]

    # --- news ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, paths: frozenset[Path]) -> None:
        if self._watcher is None:
            return
        roots = {folder.root: folder.id for folder in self._desk.session.overview.folders}
        for path in paths:
            root = next((place for place in (path, *path.parents) if place in roots), None)
            if root is not None:
                self._pending.setdefault(roots[root], set()).add(path)
        self.heard.emit()
        self._hand_over()

    @Slot()
    def _hand_over(self) -> None:
        """Let what was heard be looked at, unless something runs: then it is looked at afterwards."""
        if not self._pending or self._desk.adding.is_running:
            return
        stopped = {folder.id for folder in self._desk.session.overview.folders if folder.state is FolderState.STOPPED}
        changed = {folder: frozenset(paths) for folder, paths in self._pending.items() if folder not in stopped}
        self._pending.clear()
        self._desk.adding.level(changed)

    @Slot(object, object)
    def _say(self, root: Path, why: Unwatched) -> None:
        """Say once for good that a folder cannot be watched."""
        remembered = self._desk.remembered
        key = f"unwatched {root}"
        if key in remembered.now.dismissed or self._watcher is None:
            return
        remembered.set(dismissed=(*remembered.now.dismissed, key))
        self._desk.status.show_message(_SENTENCES[why].format(root.name or root) + _INSTEAD)


def _emit(signal: SignalInstance, *values: object) -> None:
    """Tell from the watcher's thread; where the window is gone there is nobody to tell."""
    with contextlib.suppress(RuntimeError):
        signal.emit(*values)
