"""What the Check tab shows: the photos most worth looking at, by the reason why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.labelling import AnswerId
from desktop_app.ui.label.check import Section
from desktop_app.ui.label.state import State, unsure_first

if TYPE_CHECKING:
    from desktop_app.core.operations.result import TrainResult

_SHOWN = 200


def taken_for_others(result: TrainResult | None) -> dict[int, AnswerId]:
    """Labelled photos a classifier that had not seen their label took for something else, the surest first."""
    if result is None or not len(result.best):
        return {}
    others = np.flatnonzero(result.best != result.classifier.truth)
    others = others[np.argsort(-result.probability[others], kind="stable")]
    photos, best = result.classifier.photos[others].tolist(), result.best[others].tolist()
    return {photo: result.answers[place] for photo, place in zip(photos, best, strict=True)}


def sections(state: State, wrong: tuple[int, ...], nothing: tuple[str, str]) -> tuple[Section, ...]:
    """The sections of the tab.

    Args:
        state: labels and guesses.
        wrong: photos that were taken for something else.
        nothing: fact and advice while there are no guesses.
    """
    guesses = state.guesses
    unsure: tuple[int, ...] = ()
    unlike: tuple[int, ...] = ()
    if guesses is not None:
        present = set(state.photos)
        done = {photo: one for photo, one in state.given.items() if one.looked_at}
        order = [photo for photo in unsure_first(guesses, done) if photo in present]
        strange = set(guesses.photos[guesses.unknown].tolist())
        unlike = tuple(photo for photo in order if photo in strange)[:_SHOWN]
        unsure = tuple(photo for photo in order if photo not in strange)[:_SHOWN]
        nothing = ("Nothing to check here.", "Every photo has an answer from you.")
    bulk = tuple(photo for photo, one in state.given.items() if not one.looked_at)
    return (
        Section("Least sure", unsure, "Select photos and press an answer's key. The least sure come first.", nothing),
        Section(
            "Guessed wrongly",
            wrong,
            "Photos you labelled that it takes for something else when it has not seen your label.",
            ("It took no labelled photo for something else.", "Or there are too few labels to test it on."),
        ),
        Section(
            "Unlike the rest",
            unlike,
            "Unlike anything labelled: shown as not sure, whatever the guess.",
            ("No photo is unlike what you labelled.", ""),
        ),
        Section(
            "Taken as guesses",
            bulk,
            "Guesses taken many at once. They count as no evidence until you press a key.",
            ("No guesses were taken yet.", "“Take sure guesses” on the Label tab does that."),
        ),
    )
