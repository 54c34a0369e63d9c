"""Changes to themes as steps that Ctrl+Z takes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from desktop_app.core.catalog.themes import Before
from desktop_app.core.library import Library
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.themes import Written

Write = Callable[[Library], Written]
Submit = Callable[[Write], object]


class Step(QUndoCommand):
    """One change. What undoes it is known once the work lane has made it; the lane keeps the order.

    Args:
        submit: has something written on the work lane and the page look again.
        words: what the change is called behind "Undo".
        write: makes it; None for one that is made already.
        before: what undoes one that is made already.
    """

    def __init__(self, submit: Submit, words: str, write: Write | None = None, before: Before | None = None) -> None:
        super().__init__(words)
        self._submit, self._write = submit, write
        self._stored = before  # from now on read and written on the work lane only
        self._first = True

    def redo(self) -> None:
        """Make the change, or make it again."""
        if not self._first:
            self._submit(self._turn_back)
        elif self._write is not None:
            self._submit(self._do)
        self._first = False

    def undo(self) -> None:
        """Take it back."""
        self._submit(self._turn_back)

    def _do(self, library: Library) -> Written:
        assert self._write is not None
        written = self._write(library)
        self._stored = written.before
        return written

    def _turn_back(self, library: Library) -> Written:
        if self._stored is None:  # the change itself failed: there is nothing to take back
            return Written()
        written = operations.undo(library, self._stored)
        self._stored = written.before
        return written
