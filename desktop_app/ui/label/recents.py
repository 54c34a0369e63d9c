"""Which photos were answered last, for the strip."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.strip import KEPT, Recent, RecentStrip
from desktop_app.ui.label.values import NONE_KEY


class Recents:
    """Keeps the last answers and shows those that still hold."""

    def __init__(self, labels: Labels, strip: RecentStrip) -> None:
        self._labels, self._strip = labels, strip
        self._photos: deque[int] = deque(maxlen=2 * KEPT)  # more than are shown: undo uncovers older ones

    def add(self, photos: Sequence[int]) -> None:
        """These were answered last, the first of them most lately."""
        for photo in reversed(photos[:KEPT]):
            if photo in self._photos:
                self._photos.remove(photo)
            self._photos.appendleft(photo)
        self.show()

    def show(self) -> None:
        """Bring the strip level with the labels."""
        state = self._labels.state
        shown = []
        for photo in self._photos:
            answers = state.answers_of(photo)
            if state.label_set is None or not answers:
                continue
            found = state.label_set.answer(answers[0]) if answers[0] is not None else None
            if found is not None:
                shown.append(Recent(photo, found.name, found.place, found.key))
            elif answers[0] is None:
                shown.append(Recent(photo, "None of these", -1, NONE_KEY))
        self._strip.set_recent(shown[:KEPT])
