"""Questions to the library about how good the classifier is: the blind spot check, and labels that look wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core import wording
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.types import Changes, PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning

if TYPE_CHECKING:
    from desktop_app.core.operations.queue import Mistake
    from desktop_app.core.operations.spot_check import Check, CheckResult


class Checking(QObject):
    """Asks on the lanes and keeps the answers.

    Signals:
        checkKnown(): how the last spot check stands is known now.
        drawn(object): photos of a spot check that begins (tuple[PhotoId, ...]).
        mistakesKnown(object): labels that look wrong (tuple[Mistake, ...]).
    """

    checkKnown = Signal()
    drawn = Signal(object)
    mistakesKnown = Signal(object)

    def __init__(self, desk: Desk, labels: Labels, learning: Learning) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning = desk, labels, learning
        self.check: CheckResult | None = None
        self.is_ending = False  # someone waits to hear how a spot check went
        self._asking_check = Latest(desk.session.query, self)
        self._asking_check.answered.connect(self._take_check)
        self._soon = QTimer(self, singleShot=True, interval=50)
        self._soon.timeout.connect(self.look)
        self._asking_mistakes = Latest(desk.session.query, self)
        self._asking_mistakes.answered.connect(self.mistakesKnown)

    # --- the spot check --------------------------------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Ask how the last spot check of the set at hand stands."""
        library, label_set = self._desk.session.library, self._labels.state.label_set
        if library is None or label_set is None:
            return
        if not self._labels.is_saved:  # what is read has to hold the last answer
            self._soon.start()
            return
        set_id = label_set.id

        def ask() -> CheckResult | None:
            from desktop_app.core.operations.spot_check import spot_check

            return spot_check(library, set_id)

        self._asking_check.ask(ask, name="spot check")

    @Slot(object)
    def _take_check(self, check: CheckResult | None) -> None:
        self.check = check
        self.checkKnown.emit()
        if self.is_ending and check is not None:
            done, drawn = len(check.check.photos) - len(check.waiting), len(check.check.photos)
            cut_off = f"{wording.number(done)} of {wording.number(drawn)} photos checked; the rest waits."
            self._desk.status.show_message(cut_off if check.waiting else check.sentence)
        self.is_ending = False

    def begin(self) -> None:
        """Draw photos by lot; a check that was cut off goes on."""
        guesses, label_set = self._labels.state.guesses, self._labels.state.label_set
        if guesses is None or label_set is None or not self._labels.can_write:
            return
        check = self.check
        if check is not None and check.check.set == label_set.id and check.waiting:
            self.drawn.emit(check.waiting)
            return
        library = self._desk.session.open_library()

        def draw() -> Check:
            from desktop_app.core.operations.spot_check import begin_spot_check

            return begin_spot_check(library, guesses)

        job = self._desk.session.work.submit(draw, name="drawing photos", urgent=True)
        job.succeeded.connect(self._take_drawn)

    @Slot(object)
    def _take_drawn(self, check: Any) -> None:
        self.drawn.emit(check.photos)

    # --- mistakes --------------------------------------------------------------------------------------------

    def find_mistakes(self) -> None:
        """Ask which labels look wrong."""
        library, result = self._desk.session.library, self._learning.result
        if library is None or result is None:
            self.mistakesKnown.emit(())
            return

        def ask() -> tuple[Mistake, ...]:
            from desktop_app.core.operations.queue import mistakes

            return tuple(one for one in mistakes(library, result) if one.wrong)

        self._asking_mistakes.ask(ask, name="labels that look wrong")

    def confirm(self, photos: Sequence[int]) -> None:
        """These labels were given once more and are right; undoing that undoes this too."""
        label_set = self._labels.state.label_set
        if label_set is not None:
            set_id, ids = label_set.id, [PhotoId(photo) for photo in photos]
            self._labels.attach(partial(_confirm, set_id, ids), partial(_unconfirm, set_id, ids))


def _confirm(set_id: LabelSetId, ids: Sequence[PhotoId], library: Library) -> Changes:
    from desktop_app.core.operations.queue import confirm

    return confirm(library, set_id, ids)


def _unconfirm(set_id: LabelSetId, ids: Sequence[PhotoId], library: Library) -> Changes:
    from desktop_app.core.operations.queue import unconfirm

    return unconfirm(library, set_id, ids)
