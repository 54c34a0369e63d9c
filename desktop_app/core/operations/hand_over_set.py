"""Handing over what was learnt of a label set, in one call; importing this is cheap, so a window may.

What it needs (onnx, scikit-learn) is loaded when an operation runs, on its lane.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.handover.agreement import MOST_CHECKED
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.types import Progress

if TYPE_CHECKING:
    from desktop_app.core.handover.about import SpotCheck
    from desktop_app.core.handover.open import OpenedClassifier
    from desktop_app.core.operations.classifier import Classifier
    from desktop_app.core.operations.handover import HandedOver


_FEWEST = 10  # photos of a spot check below which its share says nothing


def hand_over_set(
    library: Library, classifier: Classifier, out: Path, *, most: int = MOST_CHECKED
) -> Generator[Progress, None, HandedOver]:
    """Write a classifier of the library to a file, with its sheet and example; see `operations.handover.hand_over`.

    Args:
        library: the open library.
        classifier: as `operations.classifier.kept` or a training gives it; the last spot check of its set goes along.
        out: the ONNX file.
        most: whole photos that it is tried on.

    Raises:
        UserError: the answers changed since, or the file cannot be written.
    """
    yield Progress("Putting the file together")
    from desktop_app.core.operations.handover import hand_over
    from desktop_app.core.operations.offer import offer_of

    current = classifier.checked(library)
    offer = offer_of(current, last_spot_check(library, current.set))
    return (yield from hand_over(library, offer, out, most=most))


def opened_here(library: Library, classifier: Classifier) -> OpenedClassifier:
    """A classifier of the library as if it had been handed over and opened again: to sort a folder with it.

    Nothing is written. Takes some tenths of a second.

    Raises:
        UserError: the answers changed since.
    """
    from desktop_app.core.handover.graph import build
    from desktop_app.core.handover.open import OpenedClassifier, session_of
    from desktop_app.core.operations.handover import about_offer, network_file
    from desktop_app.core.operations.offer import offer_of

    offer = offer_of(classifier.checked(library))
    model = build(network_file(library.network), offer.parts)
    about = about_offer(library, offer, None)
    return OpenedClassifier(Path(offer.name), offer.parts.classes, about, None, session_of(model.SerializeToString()))


def last_spot_check(library: Library, set_id: LabelSetId) -> SpotCheck | None:
    """What came of the last spot check of a set; None where there was none or too few photos were judged."""
    from desktop_app.core.handover.about import SpotCheck
    from desktop_app.core.operations.spot_check import spot_check

    result = spot_check(library, set_id)
    if result is None or result.found.checked < min(_FEWEST, len(result.check.photos)):
        return None
    share = result.found.share
    return SpotCheck(result.found.right, result.found.checked, round(share.low, 4), round(share.high, 4))
