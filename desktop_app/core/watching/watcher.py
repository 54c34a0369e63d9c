"""Hears of what happens to files below some folders, and tells of it in quiet moments.

watchdog asks the system to tell. Where the system cannot (network drives, too many folders, a missing right) a cheap
look now and then stands in (`looking.py`). Folders may go away and come back: the watch is renewed.
"""

from __future__ import annotations

import enum
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.watching.drives import is_remote
from desktop_app.core.watching.gathering import Gathering
from desktop_app.core.watching.looking import Looker
from desktop_app.core.watching.names import is_on_its_way, is_own_folder

if TYPE_CHECKING:
    from desktop_app.core.watching.system import System

log = logging.getLogger(__name__)

QUIET = 2.0
MOST = 30.0
CHECK = 3.0
LOOK_EVERY = 600.0
_LOOK_GAP = 20.0  # between two looks that somebody asks for


class Unwatched(enum.Enum):
    """Why a folder is looked at now and then instead of being watched."""

    NETWORK = "network"  # other machines change it and nobody tells
    LIMIT = "limit"  # the system watches no more folders
    REFUSED = "refused"  # no right to, or a file system that cannot


@dataclass(eq=False)
class _Root:
    path: str
    identity: tuple[int, int] | None = None  # device and number of the folder, None while it is not there
    known: bool = False  # whether it was looked for at all
    why: Unwatched | None = None
    looker: Looker | None = None
    looked: float = field(default=float("-inf"))
    looking: threading.Thread | None = None


class Watcher:
    """Watches folders with everything below them.

    Each root is told of as a whole once its watch stands: what changed before nobody heard of. From then on what
    changed is told: a path stands for everything below it, and may be gone by now.

    Args:
        heard: called with what changed, on the watcher's own thread; soon done, never two at once.
        unwatched: called with a root that can only be looked at now and then, and why.
        without: folders inside roots that are never told of, such as the library's own.
        matters: whether a file of this name is worth telling.
        quiet: seconds without news after which all of it is told.
        most: seconds after which what is still is told while more goes on.
        check: seconds between looks whether the roots themselves are there.
        look_every: seconds between two looks at roots that cannot be watched.
    """

    def __init__(
        self,
        heard: Callable[[frozenset[Path]], None],
        *,
        unwatched: Callable[[Path, Unwatched], None] = lambda root, why: None,
        without: Iterable[Path] = (),
        matters: Callable[[str], bool] = lambda name: True,
        quiet: float = QUIET,
        most: float = MOST,
        check: float = CHECK,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._heard, self._unwatched, self._matters = heard, unwatched, matters
        self._without = tuple(os.fspath(path) for path in without)
        self._check, self._look_every = check, look_every
        self._gathering = Gathering(quiet, most)
        self._wanted: tuple[str, ...] = ()
        self._roots: dict[str, _Root] = {}
        self._look_now = self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._system: System | None = None

    # --- what can be asked, on any thread --------------------------------------------------------------------

    def set_roots(self, roots: Iterable[Path]) -> None:
        """Watch these folders from now on, and no others."""
        with self._changed:
            self._wanted = tuple(os.fspath(root) for root in roots)
            if self._thread is None and self._wanted and not self._closed:
                self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
                self._thread.start()
            self._changed.notify()

    def look(self) -> None:
        """Look now at what cannot be watched: somebody came back to the window."""
        with self._changed:
            self._look_now = True
            self._changed.notify()

    def close(self, seconds: float = 3.0) -> None:
        """Tell nothing more, and wait a little for the thread to end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    # --- on the watcher's thread -----------------------------------------------------------------------------

    def _begin_anew(self) -> None:
        from desktop_app.core.watching.system import System  # watchdog is not loaded before somebody watches

        if self._system is not None:
            self._system.close()
        self._system = System(self._note, self._note_lost)
        for root in self._roots.values():
            root.known = root.known and root.why is Unwatched.NETWORK

    def _run(self) -> None:
        self._begin_anew()
        assert self._system is not None
        try:
            while not self._closed:
                self._tend()
                with self._changed:
                    told = self._gathering.take(time.monotonic())
                if told and not self._closed:
                    self._give_up_what_is_partly_watched()
                    self._heard(frozenset(Path(path) for path in told))
                with self._changed:
                    if not self._closed and not self._look_now:
                        now = time.monotonic()
                        wait = self._gathering.wait(now)
                        self._changed.wait(self._check if wait is None else min(wait, self._check))
        finally:
            self._system.close()

    def _tend(self) -> None:
        """See to it that every root is watched, or looked at."""
        assert self._system is not None
        if self._system.is_deaf():
            log.warning("watching ended by itself and is begun anew")
            self._begin_anew()
        with self._changed:
            wanted, look_now = self._wanted, self._look_now
            self._look_now = False
        for path in [path for path in self._roots if path not in wanted]:
            del self._roots[path]
            self._system.drop(path)
            with self._changed:
                self._gathering.forget(path)
        for path in wanted:
            if self._closed:
                return
            root = self._roots.setdefault(path, _Root(path))
            if not root.known and root.looker is None and is_remote(Path(path)):
                self._look_instead(root, Unwatched.NETWORK)
            if root.why is not Unwatched.NETWORK:  # a drive that does not answer would hold us
                self._follow(root)
            if root.looker is not None:
                self._look_at(root, look_now)

    def _follow(self, root: _Root) -> None:
        """Notice that a root is gone, is back, or is another folder by now."""
        assert self._system is not None
        identity = _identity(root.path)
        if root.known and identity == root.identity:
            return
        root.known, root.identity = True, identity
        self._system.drop(root.path)
        if identity is not None and root.looker is None:
            if is_remote(Path(root.path)):  # a share is connected where nothing was
                self._look_instead(root, Unwatched.NETWORK)
            elif (why := self._system.watch(root.path)) is not None:
                self._look_instead(root, Unwatched.LIMIT if why == "limit" else Unwatched.REFUSED)
        self._note_lost(root.path)

    def _look_instead(self, root: _Root, why: Unwatched) -> None:
        root.why, root.looker = why, Looker(root.path)
        log.info("looking at %s now and then instead of watching it: %s", root.path, why.value)
        self._unwatched(Path(root.path), why)

    def _give_up_what_is_partly_watched(self) -> None:
        """Folders that came meanwhile may have been too many for the system; it does not say so by itself."""
        assert self._system is not None
        if self._system.is_full():
            for root in self._roots.values():
                if root.looker is None and root.identity is not None:
                    self._system.drop(root.path)
                    self._look_instead(root, Unwatched.LIMIT)

    def _look_at(self, root: _Root, look_now: bool) -> None:
        """Look at a root on a thread of its own: a drive that does not answer holds nothing else."""
        now = time.monotonic()
        if root.looking is not None and root.looking.is_alive():
            return
        if now - root.looked >= (_LOOK_GAP if look_now else self._look_every):
            root.looked = now
            root.looking = threading.Thread(target=self._look, args=(root,), name="looking", daemon=True)
            root.looking.start()

    def _look(self, root: _Root) -> None:
        assert root.looker is not None
        first = not root.known
        if first:
            root.known = True
            self._note_lost(root.path)
        for path in root.looker.look():
            self._note(root.path, path, is_folder=False)

    # --- on the system's threads -----------------------------------------------------------------------------

    def _note(self, root: str, path: str, *, is_folder: bool) -> None:
        if self._is_news(root, path, is_folder):
            with self._changed:
                waiting = self._gathering.wait(0.0) is not None
                if root in self._wanted:
                    self._gathering.note(root, path, time.monotonic())
                if not waiting:
                    self._changed.notify()

    def _note_lost(self, root: str) -> None:
        with self._changed:
            self._gathering.note_lost(root, time.monotonic())
            self._changed.notify()

    def _is_news(self, root: str, path: str, is_folder: bool) -> bool:
        if path == root:
            return True
        if any(path == own or path.startswith(own + os.sep) for own in self._without):
            return False
        *folders, name = Path(path[len(root) :].lstrip(os.sep)).parts
        if any(is_own_folder(folder) for folder in folders):
            return False
        if is_folder:
            return not is_own_folder(name)
        return not is_on_its_way(name) and self._matters(name)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116
        with os.scandir(path):
            pass
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
