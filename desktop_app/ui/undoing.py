"""The steps that can be taken back, and that say so when they are."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QUndoStack


class Steps(QUndoStack):
    """What was done in a window, the latest last.

    A step's text is what was done, "3 photos moved to the trash"; where the menu is to say it otherwise, behind "Undo",
    that follows after a line break: "moving 3 photos to the trash". A step that says by itself how it ended, because
    it takes its time, has an attribute `tells` that is true.

    Signals:
        takenBack(str): this was taken back, by key, menu or button.
        doneAgain(str): this was done once more.
    """

    takenBack = Signal(str)
    doneAgain = Signal(str)

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        if self.canUndo():
            step = self.command(self.index() - 1)
            words, tells = step.text(), getattr(step, "tells", False)
            super().undo()
            if not tells:
                self.takenBack.emit(words)

    @Slot()
    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self.canRedo():
            step = self.command(self.index())
            words, tells = step.text(), getattr(step, "tells", False)
            super().redo()
            if not tells:
                self.doneAgain.emit(words)


def taken_back(words: str) -> str:
    """What is said of a step that was taken back: "Taken back: removing 3 labels."."""
    return f"Taken back: {words.rstrip('.')}."


def done_again(words: str) -> str:
    """The same of one that was done again."""
    return f"Done again: {words.rstrip('.')}."
