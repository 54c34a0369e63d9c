"""Photos by answer or by guess: a list above the photos, and which photos it means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSet, Origin
from desktop_app.ui import icons
from desktop_app.ui.browsing import GuessWish, View
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.state import State

_LETTERS = 22  # of an answer on the button


class FilterButton(QToolButton):
    """Says which photos are shown and drops down the others.

    Signals:
        filled(object): the menu is about to be shown and wants to be filled (QMenu).
    """

    filled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        icons.set_icon(self, "chevron-down")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words, as lists have it
        self.setIconSize(QSize(16, 16))
        self.setToolTip("Show only photos with an answer or a guess")
        made = QMenu(self)
        made.aboutToShow.connect(self._fill)
        made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMenu(made)
        self.show_words("")

    @Slot()
    def _fill(self) -> None:
        self.menu().clear()
        self.filled.emit(self.menu())

    def show_words(self, words: str) -> None:
        """Say what is shown; "" for all photos."""
        self.setText(wording.shorten_middle(words, _LETTERS) if words else "All answers")
        self.setAccessibleName(f"Shown: {words or 'all answers'}")


class Filtering(QObject):
    """Fills the list from the labels and guesses at hand, and shows what is chosen."""

    def __init__(self, desk: Desk, labels: Labels, learning: Learning) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning = desk, labels, learning
        self.button = FilterButton()
        self.button.hide()
        self.button.filled.connect(self._fill)
        page = desk.page
        page.bar.add_filter(self.button)
        page.guessed = self.photos
        page.viewChanged.connect(self._view_changed)
        learning.learnt.connect(page.note_guesses)
        labels.changed.connect(self._labels_changed)

    def photos(self, wish: GuessWish) -> npt.NDArray[np.int64]:
        """The photos that a wish about guesses means now, int64 (n,)."""
        return photos_of(self._labels.state, wish)

    @Slot(object)
    def _fill(self, menu: QMenu) -> None:
        state, view = self._labels.state, self._desk.page.view
        label_set = state.label_set
        if label_set is None:
            return
        self._learning.want()  # guesses are looked for from now on
        self._add(menu, "All photos", None, (), None, "", chosen=not view.is_by_answer)
        _head(menu, "You said")
        counts = state.counts()
        names: list[tuple[AnswerId | None, str]] = [(one.id, one.name) for one in label_set.answers]
        for answer, name in [*names, (None, "None of these")]:
            wish = LabelFilter(label_set.id, (answer,))
            words = "none of these" if answer is None else f"answer “{name}”"
            self._add(menu, name, counts.get(answer, 0), (wish,), None, words, chosen=view.labels == (wish,))
        free = LabelFilter(label_set.id, labelled=False)
        left = sum(photo not in state.given for photo in state.photos)
        self._add(menu, "No answer yet", left, (free,), None, "no answer yet", chosen=view.labels == (free,))
        taken = LabelFilter(label_set.id, origins=(Origin.BULK,))
        bulk = sum(not one.looked_at for one in state.given.values())
        if bulk:
            self._add(
                menu, "Guesses taken at once", bulk, (taken,), None, "a guess taken", chosen=view.labels == (taken,)
            )
        _head(menu, "It guesses")
        if state.guesses is None:
            busy = self._learning.is_busy
            menu.addAction("Guessing…" if busy else "No guesses yet: label two photos of two answers").setEnabled(False)
            return
        self._add_guesses(menu, label_set, view)

    def _add_guesses(self, menu: QMenu, label_set: LabelSet, view: View) -> None:
        wishes = [(GuessWish(label_set.id, one.id), one.name, f"guess “{one.name}”") for one in label_set.answers]
        wishes.append((GuessWish(label_set.id, None), "Not sure", "a guess that is not sure"))
        found = [(wish, len(self.photos(wish)), name, words) for wish, name, words in wishes]
        for wish, count, name, words in found:
            if count or view.guess == wish:
                self._add(menu, name, count, (), wish, words, chosen=view.guess == wish)
        if not any(count for _, count, _, _ in found):
            menu.addAction("Every photo has an answer").setEnabled(False)

    def _add(
        self,
        menu: QMenu,
        name: str,
        count: int | None,
        labels: tuple[LabelFilter, ...],
        guess: GuessWish | None,
        words: str,
        *,
        chosen: bool,
    ) -> None:
        shown = name.replace("&", "&&")
        made = QAction(shown if count is None else f"{shown}\t{wording.number(count)}", menu)
        made.setCheckable(True)
        made.setChecked(chosen)
        made.setData((labels, guess, words))
        made.triggered.connect(self._choose)
        menu.addAction(made)

    @Slot()
    def _choose(self) -> None:
        chosen = self.sender()
        if isinstance(chosen, QAction):
            labels, guess, words = chosen.data()
            self.show(labels, guess, words)

    def show(self, labels: tuple[LabelFilter, ...], guess: GuessWish | None, words: str) -> None:
        """Narrow what is shown; folder, name and search stay."""
        page = self._desk.page
        page.show_view(replace(page.view, labels=labels, guess=guess, words=words))
        page.grid.setFocus()

    @Slot(object)
    def _view_changed(self, view: View) -> None:
        self.button.show_words(view.words if view.is_by_answer else "")

    @Slot(object)
    def _labels_changed(self, _photos: object) -> None:
        self.button.setVisible(self._labels.state.label_set is not None)


def _head(menu: QMenu, words: str) -> None:
    """A heading; a section's own words are not drawn by every style."""
    menu.addSeparator()
    menu.addAction(words).setEnabled(False)


def photos_of(state: State, wish: GuessWish) -> npt.NDArray[np.int64]:
    """Photos without any label that are taken for an answer, sure enough; or those not sure, int64 (n,)."""
    guesses = state.guesses
    if guesses is None or state.label_set is None or wish.label_set != state.label_set.id:
        return np.empty(0, np.int64)
    if wish.answer is None:
        wanted = ~guesses.sure
    elif wish.answer in guesses.answers:
        wanted = guesses.sure & (guesses.best == guesses.answers.index(wish.answer))
    else:
        return np.empty(0, np.int64)
    given = np.fromiter(state.given, np.int64, len(state.given))
    return np.asarray(guesses.photos[wanted & ~np.isin(guesses.photos, given)], np.int64)
