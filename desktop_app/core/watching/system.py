"""watchdog as it is used here: the only module that imports it.

Directories that a link leads to are not watched, and neither is anything where watchdog could only look at every file
again and again.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from watchdog import events

_EVENTS: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileClosedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
_FULL = {errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_NOBODYS = Path(__file__).parent  # a folder that holds no photos: is there room for one more?


class Note(Protocol):
    """Told of one path below a root."""

    def __call__(self, root: str, path: str, *, is_folder: bool) -> None:
        """Called on watchdog's threads."""


class System:
    """The watches that the system keeps for one `Watcher`.

    Args:
        note: called for each thing that happens.
        lost: called with a root whose news may have been lost.
    """

    def __init__(self, note: Note, lost: Callable[[str], None]) -> None:
        self._note, self._lost = note, lost
        self._watches: dict[str, tuple[Any, _Handler]] = {}
        self._lock = threading.Lock()
        self._observer: Any = None
        self._cannot = ""

    def watch(self, root: str) -> str | None:
        """Watch a folder with all below it; takes as long as a walk over its folders.

        Returns:
            None; "limit" where the system watches no more folders; what it says where it refuses.
        """
        observer = self._started()
        if observer is None:
            return self._cannot
        real = os.path.realpath(root)  # the link itself would be watched, not what it leads to
        handler = _Handler(root, real, self._note)
        try:
            watch = observer.schedule(handler, real, recursive=True, event_filter=_EVENTS)
        except OSError as error:
            return "limit" if error.errno in _FULL else str(error)
        except RuntimeError as error:  # a thread cannot be started
            return str(error)
        with self._lock:
            self._watches[root] = watch, handler
        if self.is_full():  # the folders below are watched as far as there is room, without a word
            self.drop(root)
            return "limit"
        return None

    def drop(self, root: str) -> None:
        """Watch a folder no longer."""
        with self._lock:
            watch, handler = self._watches.pop(root, (None, None))
            # two roots may be one folder under two names: watchdog then has one watch for both
            is_shared = any(other == watch for other, _ in self._watches.values())
        if watch is not None:
            try:
                if is_shared:
                    self._observer.remove_handler_for_watch(handler, watch)
                else:
                    self._observer.unschedule(watch)
            except (KeyError, OSError):  # it ended by itself when its folder went
                return

    def is_full(self) -> bool:
        """Whether the system would not watch one more folder."""
        if self._observer is None or not self._watches:
            return False
        try:
            probe = self._observer.schedule(events.FileSystemEventHandler(), str(_NOBODYS), event_filter=_EVENTS)
        except OSError as error:
            return error.errno in _FULL
        self._observer.unschedule(probe)
        return False

    def lost(self) -> None:
        """The system could not keep up: everything is to be looked through."""
        with self._lock:
            roots = list(self._watches)
        for root in roots:
            self._lost(root)

    def close(self) -> None:
        """End all watches and watchdog's threads."""
        _overflow.systems.discard(self)
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(3.0)

    def is_deaf(self) -> bool:
        """Whether watchdog's own threads have come to an unexpected end."""
        observer = self._observer
        threads = (observer, getattr(observer, "_inotify_fd", None))
        return observer is not None and any(one is not None and not one.is_alive() for one in threads)

    def _started(self) -> Any:
        if self._observer is None and not self._cannot:
            # it warns where it hears of a new folder twice; where warnings are errors it would end there
            warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # it says that it can only poll; we ask
                    from watchdog.observers import Observer
                    from watchdog.observers.polling import PollingObserver
                if Observer is PollingObserver:
                    self._cannot = "the system does not tell of changes"
                    return None
                observer = Observer()
                observer.start()
            except OSError as error:
                self._cannot = "limit" if error.errno in _FULL else str(error)
            except Exception as error:  # watchdog's own, of a C library that it does not know
                self._cannot = str(error) or type(error).__name__
            else:
                self._observer = observer
                _overflow.systems.add(self)
        return self._observer


class _Handler(events.FileSystemEventHandler):
    """Passes on what happens below one root, under the name that the root was given."""

    def __init__(self, root: str, real: str, note: Note) -> None:
        self._root, self._real, self._note = root, real, note

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        """Something came, went, moved or was written."""
        for path in (event.src_path, event.dest_path):
            name = os.fsdecode(path)
            if name and name.startswith(self._real):
                self._note(self._root, self._root + name[len(self._real) :], is_folder=event.is_directory)


class _Overflow(logging.Filter):
    """The only place where watchdog says that the system lost events is its log."""

    def __init__(self) -> None:
        super().__init__()
        self.systems: weakref.WeakSet[System] = weakref.WeakSet()

    def filter(self, record: logging.LogRecord) -> bool:
        if "overflow" in record.getMessage():
            for system in tuple(self.systems):
                system.lost()
        return True


_overflow = _Overflow()
for _name in ("inotify", "inotify_c", "read_directory_changes", "winapi", "fsevents"):
    logging.getLogger(f"watchdog.observers.{_name}").addFilter(_overflow)
