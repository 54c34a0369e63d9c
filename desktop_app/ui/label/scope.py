"""Which photos are to be labelled: all of them, a folder, or what Photos shows; and their order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.library import Library
from desktop_app.core.types import FolderId
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.panels.parts import Choice

EVERYTHING = "everything"
_SHOWN = "shown"


class Scope(QObject):
    """Fills the choice above the photo and knows which photos it stands for.

    Signals:
        changed(): other photos are to be labelled.
    """

    changed = Signal()

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, choice: Choice) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self._choice = desk, labels, learning, choice
        self._chosen: object = EVERYTHING
        self.inside: set[int] | None = None

    def fill(self) -> None:
        """Offer the folders there are now."""
        choice = self._choice
        choice.clear()
        choice.addItem("All photos", EVERYTHING)
        for folder in self._desk.session.overview.folders:
            choice.addItem(folder.name, folder.id)
        choice.addItem("What Photos shows", _SHOWN)
        at = next((i for i in range(choice.count()) if choice.itemData(i) == self._chosen), 0)
        choice.setCurrentIndex(at)

    @Slot(object)
    def choose(self, chosen: object) -> None:
        """Other photos."""
        self._chosen = chosen
        library = self._desk.session.library
        if chosen == _SHOWN:
            self._take({int(photo) for photo in self._desk.page.grid.photos.ids()})
        elif chosen == EVERYTHING or library is None:
            self._take(None)
        else:
            job = self._desk.session.query.submit(partial(_in_folder, library, chosen), name="photos of a folder")  # type: ignore[arg-type]
            job.succeeded.connect(self._take)

    @Slot(object)
    def _take(self, inside: set[int] | None) -> None:
        self.inside = inside
        self.changed.emit()

    def order(self) -> list[int]:
        """Photos to label: what would teach most first, then the rest by lot."""
        state, now = self._labels.state, self._learning.now
        best: Sequence[int] = ()
        if now is not None and state.label_set is not None and now.label_set == state.label_set.id:
            best = now.order
        order = dict.fromkeys((*best, *state.photos))
        return [p for p in order if not state.is_done(p) and (self.inside is None or p in self.inside)]

    def progress(self) -> tuple[int, int]:
        """How many of its photos a person has answered, and how many there are."""
        state = self._labels.state
        if self.inside is None:
            return min(state.done, len(state.photos)), len(state.photos)
        done = sum(1 for photo, one in state.given.items() if one.looked_at and photo in self.inside)
        return done, len(self.inside)


def _in_folder(library: Library, folder: FolderId) -> set[int]:
    from desktop_app.core.catalog import photos
    from desktop_app.core.types import Order

    return {int(photo) for photo in photos.listed(library.connection, Order.NAME, folder)}
