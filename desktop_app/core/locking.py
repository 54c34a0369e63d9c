"""The lock of a library: one process writes. It is the operating system's, so that it dies with its process."""

from __future__ import annotations

from pathlib import Path

import filelock

from desktop_app.core.errors import LibraryLocked, UserError


def take_lock(folder: Path) -> filelock.FileLock:
    """Lock a library's folder, made with its parents when absent; `release` lets go of it.

    Raises:
        LibraryLocked: another process holds it.
        UserError: the folder cannot be written, or files cannot be locked there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / "lock", blocking=False)
        lock.acquire()
    except NotImplementedError as error:  # some network shares cannot lock files
        raise UserError(f"The library cannot be kept at {folder}: files cannot be locked there.", str(error)) from error
    except filelock.Timeout as error:
        raise LibraryLocked(f"“{folder.name}” is already open in another window.") from error
    except OSError as error:
        raise UserError(f"The library cannot be kept at {folder}: the folder cannot be written.", str(error)) from error
    return lock
