"""Taking sure guesses many at once: the estimate, the dialog, the write that Ctrl+Z takes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from desktop_app.core import wording
from desktop_app.core.labelling import LabelFilter
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.state import Given
from desktop_app.ui.label.take_dialog import LOOK, Estimate, TakeDialog

_USUAL = 0.90
_LEAST_SURE = 40


class Taking(QObject):
    """Asks how sure a guess must be, and takes those that are; the rest stays not sure.

    Signals:
        restAsked(LabelFilter, str): show the photos that were left, and the words for them.
    """

    restAsked = Signal(object, str)

    def __init__(self, desk: Desk, labels: Labels, learning: Learning) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning = desk, labels, learning

    def ask(self) -> tuple[int, ...]:
        """Show the dialog. Returns the photos to look at, where that was chosen instead."""
        guesses = self._labels.state.guesses
        if guesses is None or self._learning.result is None or not self._labels.can_write:
            self._desk.status.show_message("There are no guesses yet. Label at least two photos of two answers first.")
            return ()
        dialog = TakeDialog(self._desk.theme, self.estimates(), _USUAL, self._desk.window)
        chosen, limit = dialog.exec(), dialog.limit
        dialog.deleteLater()
        if chosen == LOOK:
            places = self._above(limit)
            order = places[np.argsort(guesses.probability[places], kind="stable")]
            return tuple(guesses.photos[order][:_LEAST_SURE].tolist())
        if chosen:
            self.take(limit)
        return ()

    def estimates(self) -> Callable[[float], Estimate]:
        """What each limit would mean, measured on labels by heads that had not seen them."""
        from desktop_app.core.learn.guesses import question, sentence
        from desktop_app.core.operations.guess import settings

        guesses, result = self._labels.state.guesses, self._learning.result
        assert guesses is not None
        assert result is not None
        free = guesses.without(self._labels.state.given)
        by_limit = {round(100 * one.least): one for one in settings(result, free)}

        def estimate(limit: float) -> Estimate:
            found = by_limit[round(100 * limit)]
            words = sentence(found) if found.taken else "Choose a lower limit."
            return Estimate(found.taken, question(found), words)

        return estimate

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

        state = self._labels.state
        left = sum(photo not in state.given for photo in state.photos)
        said, actions = f"{words} taken. They stay marked as guesses.", [("Undo", undo)]
        if left and state.label_set is not None:
            said += f" {wording.count(left, 'photo is', 'photos are')} left as not sure."
            wish = LabelFilter(state.label_set.id, labelled=False)
            actions.append(("Show the rest", partial(self.restAsked.emit, wish, "no answer yet")))
        self._desk.status.show_message(said, actions)

    def _above(self, limit: float) -> np.ndarray:
        """Places of guesses at least this sure, of photos without any label."""
        state = self._labels.state
        guesses = state.guesses
        assert guesses is not None
        sure = (guesses.probability >= np.float32(limit)) & ~guesses.unknown
        free = ~np.isin(guesses.photos, np.fromiter(state.given, np.int64, len(state.given)))
        return np.flatnonzero(sure & free)
