"""Which pictures the viewer asks for, and when."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

_KEPT = 5  # screen-size pictures, so that going on and back is at once
_HURRY_MS = 120  # photos passed faster than this are not asked for
_STEP = 256  # a window that is dragged larger asks a few times, not at every pixel


class Asking(QObject):
    """Asks for the photo that is looked at, then for the ones beside it; keeps the last few.

    One question is out at a time: a newer one takes the place of one that was not answered. So what is looked at
    is asked for alone, and its neighbours only when it is there, one after the other.

    Signals:
        wanted(int, object): A photo's picture with this longer side in pixels, or all its pixels for None.
    """

    wanted = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ids: Sequence[int] = ()
        self._row = -1
        self._window_side = 1
        self._photo_side = 1 << 30  # until it is known, a photo may be larger than any window
        self._magnified = False
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._last: tuple[int, int | None] = (-1, None)
        self._hurry = QTimer(self, singleShot=True, interval=_HURRY_MS)
        self._hurry.timeout.connect(self._ask)

    @property
    def in_hurry(self) -> bool:
        """Whether the next step follows so soon that nothing is asked for before it."""
        return self._hurry.isActive()

    def begin(self, ids: Sequence[int]) -> None:
        """Another list."""
        self._ids, self._row = ids, -1
        self._kept.clear()
        self._last = (-1, None)

    def stop(self) -> None:
        """Nothing is looked at any more."""
        self._hurry.stop()
        self._ids, self._row = (), -1

    def go_to(self, row: int, window_side: int) -> QImage | None:
        """Another photo is looked at, in a window of this longer side in real pixels.

        Returns:
            Its picture, where it was kept.
        """
        self._row = row
        self._window_side = window_side
        self._photo_side = 1 << 30
        self._magnified = False
        kept = self._kept.get(self._current())
        if kept is not None:
            self._kept.move_to_end(self._current())
        hurry = self.in_hurry
        self._hurry.start()
        if not hurry:
            self._ask()
        return kept

    def set_photo_side(self, side: int) -> None:
        """The longer side of the photo that is looked at: a smaller picture than the window will do for it."""
        self._photo_side = side

    def set_window_side(self, side: int) -> None:
        """The window has another size; a larger picture is asked for once it stays so."""
        self._window_side = side
        if self._row >= 0:
            self._hurry.start()

    def set_magnified(self, magnified: bool) -> None:
        """While somebody looks closer nothing else is asked for."""
        self._magnified = magnified

    def keep(self, photo_id: int, image: QImage) -> None:
        """A screen-size picture arrived."""
        self._kept[photo_id] = image
        self._kept.move_to_end(photo_id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def want_all(self) -> None:
        """All pixels of the photo that is looked at are needed."""
        self._want(self._current(), None)

    def want_beside(self) -> None:
        """Ask for one photo beside this one, so that going on is at once."""
        if self.in_hurry or self._magnified or not self._has_screen():
            return
        for row in (self._row + 1, self._row - 1):
            if 0 <= row < len(self._ids) and int(self._ids[row]) not in self._kept:
                self._want(int(self._ids[row]), self._side())
                return

    @Slot()
    def _ask(self) -> None:
        if self._has_screen():
            self.want_beside()
        elif self._current() != -1:
            self._want(self._current(), self._side())

    def _want(self, photo_id: int, side: int | None) -> None:
        # the newest question is the one that is being answered: asking it again would begin the answer anew
        if side is None or (photo_id, side) != self._last:
            self._last = (photo_id, side)
            self.wanted.emit(photo_id, side)

    def _current(self) -> int:
        return int(self._ids[self._row]) if 0 <= self._row < len(self._ids) else -1

    def _has_screen(self) -> bool:
        kept = self._kept.get(self._current())
        return kept is not None and max(kept.width(), kept.height()) >= min(self._side(), self._photo_side)

    def _side(self) -> int:
        return -(-self._window_side // _STEP) * _STEP
