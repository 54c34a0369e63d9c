"""Taking sure guesses many at once: the estimate, the dialog, the write that Ctrl+Z takes back."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from desktop_app.core import wording
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.state import Given
from desktop_app.ui.label.take_dialog import LOOK, Estimate, TakeDialog
from desktop_app.ui.label.telling import wilson

_USUAL = 0.90
_LEAST_SURE = 40


class Taking(QObject):
    """Asks how sure a guess must be, and takes those that are."""

    def __init__(self, desk: Desk, labels: Labels, learning: Learning) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning = desk, labels, learning

    def ask(self) -> tuple[int, ...]:
        """Show the dialog. Returns the photos to look at, where that was chosen instead."""
        guesses = self._labels.state.guesses
        if guesses is None or not self._labels.can_write:
            self._desk.status.show_message("There are no guesses yet. Label at least two photos of two answers first.")
            return ()
        dialog = TakeDialog(self._desk.theme, self.estimate, _USUAL, self._desk.window)
        chosen, limit = dialog.exec(), dialog.limit
        dialog.deleteLater()
        if chosen == LOOK:
            places = self._above(limit)
            order = places[np.argsort(guesses.probability[places], kind="stable")]
            return tuple(guesses.photos[order][:_LEAST_SURE].tolist())
        if chosen:
            self.take(limit)
        return ()

    def estimate(self, limit: float) -> Estimate:
        """What a limit would mean: measured on labels by heads that had not seen them."""
        taken = len(self._above(limit))
        result = self._learning.result
        if result is None or not len(result.best):
            return Estimate(taken)
        sure = result.probability >= limit
        checked = int(sure.sum())
        if not checked:
            return Estimate(taken)
        wrong = int((result.best[sure] != result.classifier.truth[sure]).sum())
        low, high = wilson(wrong, checked)
        return Estimate(taken, wrong / checked, low, high, checked)

    def take(self, limit: float) -> None:
        """Take every guess that is sure enough, as a guess."""
        from desktop_app.core.operations.guess import take_guesses

        guesses = self._labels.state.guesses
        if guesses is None:
            return
        places = self._above(limit)
        pairs = zip(guesses.photos[places].tolist(), guesses.best[places].tolist(), strict=True)
        after: dict[int, Given | None] = {photo: Given((guesses.answers[best],), False) for photo, best in pairs}
        if not after:
            return
        words = wording.count(len(after), "guess", "guesses")
        # only those that are shown: a label given meanwhile stays
        chosen = guesses.without(set(guesses.photos.tolist()) - set(after))
        self._labels.change(f"taking {words}", partial(take_guesses, guesses=chosen, threshold=limit), after)
        done = self._desk.undo.index()

        def undo() -> None:
            if self._desk.undo.index() == done:
                self._desk.undo.undo()

        self._desk.status.show_message(f"{words} taken. They stay marked as guesses.", [("Undo", undo)])

    def _above(self, limit: float) -> np.ndarray:
        """Places of guesses at least this sure, of photos without any label."""
        state = self._labels.state
        guesses = state.guesses
        assert guesses is not None
        sure = (guesses.probability >= limit) & ~guesses.unknown
        free = ~np.isin(guesses.photos, np.fromiter(state.given, np.int64, len(state.given)))
        return np.flatnonzero(sure & free)
