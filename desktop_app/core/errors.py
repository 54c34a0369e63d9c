"""Errors have two kinds: the world's (`UserError`, one sentence a person can act on) and ours (anything else)."""

from __future__ import annotations

from desktop_app.core.types import Reason


class UserError(Exception):
    """The environment is in the way: a missing folder, a full disk, a damaged file.

    `str(error)` is one or two sentences in the voice of the program (first the fact, then what to do);
    `details` is for the Details fold and the log.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class Unreadable(UserError):
    """One file cannot be shown; it becomes a row under "Not shown" and never the end of a job."""

    def __init__(self, reason: Reason, details: str = "") -> None:
        super().__init__(reason.sentence, details)
        self.reason = reason


class LibraryLocked(UserError):
    """Another process has this library open for writing."""


class LibraryTooNew(UserError):
    """The library was written by a newer version of the program."""
