"""Learning in the background: after each few labels the classifier is fitted anew and the rest is guessed."""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.types import Progress
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.state import places_of

if TYPE_CHECKING:
    from desktop_app.core.operations.classifier import Classifier
    from desktop_app.core.operations.guess import Guesses
    from desktop_app.core.operations.result import TrainResult

log = logging.getLogger(__name__)

_WAIT_MS = 250
"""After the last label; answers that come one a second each get a fit of their own."""
_NEXT = 400
"""Photos put into an order of use by what they would teach."""
FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What learning brought: the classifier with its evidence, the guesses, and what to label next."""

    label_set: LabelSetId
    result: TrainResult | None
    guesses: Guesses | None
    places: dict[int, int]
    order: tuple[int, ...]
    problem: str = ""  # why nothing was learnt


class Learning(QObject):
    """Keeps classifier and guesses level with the labels.

    Signals:
        learnt(): other guesses, evidence and order.
        began(): a fit is under way.
    """

    learnt = Signal()
    began = Signal()

    def __init__(self, desk: Desk, labels: Labels) -> None:
        super().__init__(desk.window)
        self._desk, self._labels = desk, labels
        self.now: Learnt | None = None
        self.head, self.layer = "auto", "auto"
        self._trained_on: object = None
        self._kept: set[int] = set()
        self.is_wanted = False  # nobody waits for guesses until the Label page was open once
        self._latest = Latest(desk.session.compute, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(self._miss)
        self._soon = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._soon.timeout.connect(self._begin)
        self._keeping = QTimer(self, singleShot=True, interval=4000)
        self._keeping.timeout.connect(self._keep)
        labels.changed.connect(self._note)
        labels.loaded.connect(self._note)
        desk.session.recognitionKnown.connect(self._note)  # the library's network may be another now

    @property
    def is_busy(self) -> bool:
        """Whether a fit is under way or about to begin."""
        return self._latest.is_waiting or self._soon.isActive()

    @property
    def is_possible(self) -> bool:
        """Whether there are labels enough to learn from: two answers with two each."""
        return sum(count >= FEWEST for _, count in self._labels.state.looked_at()) >= 2

    @property
    def result(self) -> TrainResult | None:
        """The evidence at hand for the set at hand."""
        label_set = self._labels.state.label_set
        if self.now is None or label_set is None or self.now.label_set != label_set.id:
            return None
        return self.now.result

    @property
    def problem(self) -> str:
        """Why there are no guesses; "" where there are, or nothing was tried."""
        label_set = self._labels.state.label_set
        if self.now is None or label_set is None or self.now.label_set != label_set.id:
            return ""
        return self.now.problem

    def want(self) -> None:
        """Guesses are wanted from now on."""
        self.is_wanted = True
        self._note()

    def choose(self, head: str, layer: str) -> None:
        """Another head and layer; "auto" is the program's own choice."""
        self.head, self.layer = head, layer
        self._trained_on = None
        self._note()

    @Slot()
    def _note(self, _photos: object = None) -> None:
        if self.is_wanted and self._labels.is_loaded:
            self._soon.start()

    def _ground(self, library: Library) -> object:
        """What learning depends on: when it is the same, nothing has to be learnt."""
        state = self._labels.state
        assert state.label_set is not None
        return state.label_set.id, state.version, self.head, self.layer, len(state.photos), library.network.key

    @Slot()
    def _begin(self) -> None:
        library, state = self._desk.session.library, self._labels.state
        if library is None or state.label_set is None:
            return
        if not self._labels.is_saved:  # learning reads what is written
            self._soon.start()
            return
        ground = self._ground(library)
        if ground == self._trained_on:
            return
        self._trained_on = ground
        last = self.result.classifier if self.result is not None else None
        self._latest.ask(
            _learn(library, state.label_set.id, self.head, self.layer, last, enough=self.is_possible), name="learning"
        )
        self.began.emit()

    @Slot(object)
    def _take(self, learnt: Learnt) -> None:
        self.now = learnt
        state = self._labels.state
        if state.label_set is not None and state.label_set.id == learnt.label_set:
            state.set_guesses(learnt.guesses, learnt.places)
            if learnt.result is not None:
                self._keeping.start()
        self.learnt.emit()

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        self._trained_on = None
        if isinstance(error, UserError):
            log.info("not learnt: %s (%s)", error, error.details)

    @Slot()
    def _keep(self) -> None:
        """Write the classifier beside the labels once the hand rests, so that the next start begins with it."""
        library, now = self._desk.session.library, self.now
        if library is None or not library.writable or now is None or now.result is None:
            return
        classifier = now.result.classifier
        if id(classifier) in self._kept:
            return
        self._kept = {id(classifier)}

        def keep_it() -> None:
            from desktop_app.core.operations.classifier import keep

            try:
                keep(library, classifier)
            except UserError as error:  # the answers changed meanwhile: the next fit is kept
                log.info("not kept: %s", error)

        self._desk.session.work.submit(keep_it, name="keeping the classifier", urgent=True)


def _learn(
    library: Library, label_set: LabelSetId, head: str, layer: str, last: Classifier | None, *, enough: bool
) -> Generator[Progress, None, Learnt]:
    """Fit, guess, and find what to label next; runs on the compute lane and only reads."""
    # scikit-learn takes a second to load: only who labels waits for it
    from desktop_app.core.operations.guess import guess_all
    from desktop_app.core.operations.queue import next_photos
    from desktop_app.core.operations.train import learn

    result: TrainResult | None = None
    guesses: Guesses | None = None
    problem = ""
    yield Progress("Learning from your labels")
    if enough:
        try:
            if last is None:
                last = _kept_or_none(library, label_set)
            result = yield from learn(library, label_set, head=head, layer=layer, last=last)
            guesses = yield from guess_all(library, result.classifier, "all")
        except UserError as error:
            problem = str(error)
    order = next_photos(library, label_set, guesses, _NEXT)
    return Learnt(label_set, result, guesses, places_of(guesses) if guesses is not None else {}, order, problem)


def _kept_or_none(library: Library, label_set: LabelSetId) -> Classifier | None:
    from desktop_app.core.operations.classifier import kept

    try:
        return kept(library, label_set)
    except UserError:
        return None
