"""What the evidence says: the meter, Check, Mistakes and Results, filled from what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core import wording
from desktop_app.core.labelling import AnswerId
from desktop_app.ui.label.charts import Bar
from desktop_app.ui.label.checking import Checking
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.page import LabelPage
from desktop_app.ui.label.results import HEADS, Evidence, PerAnswer
from desktop_app.ui.label.sections import sections, taken_for_others
from desktop_app.ui.label.values import Quality, quality_words

if TYPE_CHECKING:
    from desktop_app.core.operations.queue import Mistake

LEAST_CHECKED = 10
"""Checked photos below which a spot check is no headline yet."""
_LAYERS = 8


class Telling(QObject):
    """Fills what the page says about the classifier.

    Signals:
        mistakesFound(object, object, object): labels that may be wrong: photos, a note for each, the answer believed.
    """

    mistakesFound = Signal(object, object, object)

    def __init__(self, labels: Labels, learning: Learning, checking: Checking, page: LabelPage) -> None:
        super().__init__(page)
        self._labels, self._learning, self._checking, self._page = labels, learning, checking, page
        self.taken_for: dict[int, AnswerId] = {}  # labelled photos, and what they are taken for unseen
        self._mistakes_of: object = None
        self._mistakes: tuple[int, ...] = ()
        checking.mistakesKnown.connect(self._tell_mistakes)
        checking.checkKnown.connect(self.show_meter)
        learning.began.connect(self.show_meter)

    # --- the meter -------------------------------------------------------------------------------------------

    def quality(self) -> Quality:
        """How good it is, as far as it is known."""
        result = self._learning.result
        if result is None:
            learning = self._learning.is_busy and self._learning.is_possible
            return Quality(words="Learning from your labels…" if learning else "")
        check = self._checking.check
        if check is not None and check.check.set == result.set and check.found.checked >= LEAST_CHECKED:
            share = check.found.share
            return Quality(share.share, share.low, share.high, share.count, True, result.advice, check.sentence)
        if not result.enough or result.accuracy is None:
            return Quality(advice=result.advice)
        return Quality(result.accuracy, *result.interval, result.examples, False, result.advice, result.sentence)

    def show_meter(self) -> None:
        """Bring the meter level."""
        state = self._labels.state
        rest = len(state.photos) - state.done
        checkable = self._learning.result is not None and rest >= LEAST_CHECKED
        meter = self._page.label.meter
        meter.set_quality(self.quality(), state.looked_at(), checkable=checkable)
        check = self._checking.check
        is_ours = check is not None and state.label_set is not None and check.check.set == state.label_set.id
        meter.set_waiting(len(check.waiting) if check is not None and is_ours else 0, rest)

    # --- tabs ------------------------------------------------------------------------------------------------

    def show(self, tab: str) -> None:
        """Fill a tab."""
        if tab == "check":
            self._show_check()
        elif tab == "results":
            self._show_results()
        elif tab == "mistakes":
            self.show_mistakes()
        self.show_meter()

    def _too_few(self) -> tuple[str, str]:
        state = self._labels.state
        if self._learning.problem:
            return "Nothing was learnt yet.", self._learning.problem
        words = quality_words(Quality(), state.looked_at())
        if words == "Not tested yet.":
            words = "Learning from your labels…" if self._learning.is_busy else words
        more = "" if len(state.looked_at()) == 1 else " Label at least two photos of two answers to begin."
        return "There are no guesses yet.", f"{words}{more}"

    def _show_check(self) -> None:
        self.taken_for = taken_for_others(self._learning.result)
        self._page.check.set_sections(sections(self._labels.state, tuple(self.taken_for), self._too_few()))

    def show_mistakes(self, *, force: bool = False) -> None:
        """Ask which labels it believes are wrong."""
        result = self._learning.result
        if force or result is not self._mistakes_of:
            self._mistakes_of = result
            if result is None or result.suspects is None or not result.enough:
                self._tell_mistakes(())
            else:
                if not self._mistakes:
                    self._page.mistakes.show_empty("Looking for labels that may be wrong.")
                self._checking.find_mistakes()

    def _tell_mistakes(self, found: Sequence[Mistake]) -> None:
        """The most suspect first, each with what was said and what is believed."""
        label_set = self._labels.state.label_set
        notes: dict[int, str] = {}
        suggested: dict[int, AnswerId] = {}
        for one in found:
            own = label_set.answer(one.given) if label_set is not None else None
            other = label_set.answer(one.believed) if label_set is not None else None
            if own is not None and other is not None and self._labels.state.answers_of(one.photo) == (own.id,):
                notes[one.photo] = f"You said “{own.name}”, it believes “{other.name}”."
                suggested[one.photo] = other.id
        self._mistakes = tuple(notes)
        self.mistakesFound.emit(self._mistakes, notes, suggested)

    def no_mistakes(self) -> tuple[str, str]:
        """What stands in the place of mistakes."""
        result = self._learning.result
        if result is None or result.suspects is None:
            return self._too_few()
        if not result.enough:
            return "Too few labels to find wrong ones.", result.sentence
        if self._mistakes:
            return "That was all of them.", "New ones may come to light as you label more."
        return (
            "No label looks wrong.",
            f"Tested on {wording.count(result.examples, 'label')}, each by a classifier that had not seen it.",
        )

    # --- results ---------------------------------------------------------------------------------------------

    def _show_results(self) -> None:
        result = self._learning.result
        if result is None:
            self._page.results.show_nothing(*self._too_few())
            return
        if not len(result.best):
            self._page.results.show_nothing("Too few labels to test it on.", result.sentence)
            return
        table = result.mixed_up
        cells = tuple(
            tuple(tuple(int(p) for p in result.cell(given, found)) for found in result.answers)
            for given in result.answers
        )
        rows, columns = table.sum(axis=1), table.sum(axis=0)
        answers = tuple(
            PerAnswer(
                name,
                int(rows[at]),
                float(table[at, at] / max(1, rows[at])),
                float(table[at, at] / columns[at]) if columns[at] else None,
            )
            for at, name in enumerate(result.classes)
        )
        bars = [
            Bar(
                one.name,
                one.accuracy,
                max(0.0, one.accuracy - one.deviation),
                min(1.0, one.accuracy + one.deviation),
                "chosen" if one.name == result.layer else "",
                one.name == result.layer,
            )
            for one in result.layers
        ]
        shown = bars[:_LAYERS] + [bar for bar in bars[_LAYERS:] if bar.is_chosen]
        curve = tuple((int(point.labels), float(point.accuracy)) for point in result.curve)
        head = dict(HEADS).get(result.head, result.head)
        quality = self.quality()
        self._page.results.show_evidence(
            Evidence(
                quality_words(quality, self._labels.state.looked_at())
                if quality.right is not None
                else result.sentence,
                result.classes,
                tuple(tuple(int(count) for count in row) for row in table.tolist()),
                cells,
                answers,
                tuple(shown),
                curve,
                f"{head} on {result.layer}, learnt in {result.seconds:.1f} s.",
                result.advice,
                self._learning.head,
                self._learning.layer,
                tuple(one.name for one in result.layers),
            )
        )
