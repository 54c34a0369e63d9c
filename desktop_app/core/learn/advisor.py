"""Which of the four cases of transfer learning this is, from what was measured, and what follows from it.

Little or much data, like or unlike what the network learnt from: the cases are those of Karpathy et al., "Transfer
Learning" (course notes of CS231n, Stanford); that features become less general towards the end of a network is from
Yosinski et al., "How transferable are features in deep neural networks?", NeurIPS 2014. Likeness never trains the
network itself, so where frozen features will not do it says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from desktop_app.core import wording
from desktop_app.core.learn.intervals import CurvePoint
from desktop_app.core.types import Vectors

Case = Literal[1, 2, 3, 4]
"""1 little data, like; 2 much, like; 3 little, unlike; 4 much, unlike."""


@dataclass(frozen=True, slots=True)
class Familiarity:
    """How well a network's own class layer knows photos.

    Attributes:
        hesitation: Among how many of its classes it hesitates for one photo: exp of the mean entropy.
        sure: Share of the photos for which one class has at least one half.
        spread: Over how many classes all the photos together spread: exp of the entropy of the mean.
        photos: How many were measured.
    """

    hesitation: float
    sure: float
    spread: float
    photos: int


REFERENCE = Familiarity(hesitation=19.0, sure=0.38, spread=277.0, photos=60)
"""EfficientNet-Lite0 on the 60 sample photos in resources/sample_photos: everyday things, animals, places. The 8-bit
file gives 19, 0.37 and 274. Other folders, in the same way: cars 5, clothes 12, groceries 24, drawn stamps 21 (all like
what it learnt from); landscape wallpapers 39; hand signs 85, drawn test pictures 127 (docs/adr/0010)."""

LIKE, UNLIKE = 1.8, 2.9
"""Times the reference's hesitation up to which photos are like, and from which unlike; between, the layers decide."""
_EARLY_AS_GOOD = 0.95
"""Between: unlike, if an early layer alone tells the answers apart nearly as well as the late ones."""

ENOUGH_EACH = 20
"""Labels of the middle answer from which a flat curve means much data."""
PLENTY_EACH = 200
"""Labels of the middle answer that are much data whatever the curve says."""
FLAT = 0.02
"""Gain in accuracy by twice the labels at which the curve is flat."""
GOOD = 0.8
"""Accuracy that a flat curve has to reach, else frozen features will not do."""
_SAMPLE = 2_000
_FEWEST_PHOTOS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was measured: what, its value (None where it could not be) and a sentence."""

    name: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the advisor says.

    Attributes:
        case: See `Case`.
        sentence: Which case it is, in one or two sentences.
        follows: What to do, the most useful first.
        evidence: What it rests on.
        warning: Why frozen features will not do, or ""; to be shown with the figure, not only on demand.
    """

    case: Case
    sentence: str
    follows: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    warning: str


def familiarity(logits: Vectors, seed: int = 0) -> Familiarity | None:
    """Measure photos by the network's class layer; None with fewer than five photos or no class layer.

    Args:
        logits: Float32 (n, K) before the softmax (rows that are probabilities already are taken as such); of more than
            2,000 photos some are drawn by lot.
        seed: Of that draw.
    """
    if len(logits) > _SAMPLE:
        logits = logits[np.random.default_rng(seed).choice(len(logits), _SAMPLE, replace=False)]
    logits = logits[np.isfinite(logits).all(axis=1)].astype(np.float64)
    if len(logits) < _FEWEST_PHOTOS or logits.shape[1] < 2:
        return None
    if logits.min() >= 0 and np.allclose(logits.sum(axis=1), 1, atol=1e-2):
        shares = logits
    else:
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = shares / shares.sum(axis=1, keepdims=True)
    each = -(shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1)
    together = shares.mean(axis=0)
    spread = float(np.exp(-(together * np.log(np.maximum(together, 1e-12))).sum()))
    sure = float(np.mean(shares.max(axis=1) >= 0.5))
    return Familiarity(float(np.exp(each.mean())), sure, spread, len(shares))


def advise(
    counts: Mapping[str, int],
    curve: Sequence[CurvePoint] = (),
    layers: Mapping[str, float] | None = None,
    seen: Familiarity | None = None,
    interval: tuple[float, float] | None = None,
    reference: Familiarity = REFERENCE,
) -> Advice:
    """Decide the case and say what follows. Anything may be missing: then it is said to be, and the rest decides.

    Args:
        counts: Looked-at labels per answer, in the order of the answers.
        curve: Learning curve by rising label count.
        layers: Accuracy of each single layer on the labels, from the first layer to the last.
        seen: What `familiarity` gave for the library's photos.
        interval: Where the accuracy lies, 0 to 1; None where it cannot be said.
        reference: `familiarity` of everyday photos by the same network.
    """
    gain = gain_of_twice(curve)
    much = _is_much(counts, gain)
    unlike = _is_unlike(seen, layers or {}, reference)
    case: Case = (4 if unlike else 2) if much else (3 if unlike else 1)
    warning = _warning(counts, curve, gain, interval, much)
    evidence = (_labels(counts), _curve(curve, gain), _seen(seen, reference), _layers(layers or {}))
    sentence = _SENTENCES[case]
    if not much and len(counts) > 1 and _middle(counts) >= ENOUGH_EACH:
        sentence = sentence.replace("Few labels so far", "More labels still help", 1)
    return Advice(case, sentence, _follows(case, counts, gain, layers or {}, warning), evidence, warning)


def gain_of_twice(curve: Sequence[CurvePoint]) -> float | None:
    """What twice the labels would add to the accuracy: None with fewer than two points.

    The error is taken to fall with a power of the number of labels (Hestness et al., "Deep Learning Scaling is
    Predictable, Empirically", 2017), the power fitted to all points by least squares and kept between 0 and 1.
    """
    points = [point for point in curve if point.labels > 0]
    if len({point.labels for point in points}) < 2:
        return None
    labels = np.log([point.labels for point in points])
    errors = np.log([max(1e-3, 1 - point.accuracy) for point in points])
    slope = float(np.polyfit(labels, errors, 1)[0])
    power = min(1.0, max(0.0, -slope))
    return float(max(0.0, 1 - points[-1].accuracy) * (1 - 2**-power))


def _middle(counts: Mapping[str, int]) -> float:
    return float(np.median(list(counts.values()))) if counts else 0.0


def _is_much(counts: Mapping[str, int], gain: float | None) -> bool:
    each = _middle(counts)
    return len(counts) > 1 and (each >= PLENTY_EACH or (each >= ENOUGH_EACH and gain is not None and gain <= FLAT))


def _early_and_late(layers: Mapping[str, float]) -> tuple[str, str] | None:
    """The best layer of the first half or so, and the best of the rest; None where there are too few."""
    names = list(layers)
    if len(names) < 4:
        return None
    cut = len(names) * 4 // 7  # the stages before the last, of seven
    return max(names[:cut], key=lambda name: layers[name]), max(names[cut:], key=lambda name: layers[name])


def _is_unlike(seen: Familiarity | None, layers: Mapping[str, float], reference: Familiarity) -> bool:
    if seen is not None:
        times = seen.hesitation / reference.hesitation
        if times <= LIKE or times >= UNLIKE:
            return times >= UNLIKE
    pair = _early_and_late(layers)
    return pair is not None and layers[pair[0]] >= _EARLY_AS_GOOD * layers[pair[1]] > 0


def _warning(
    counts: Mapping[str, int],
    curve: Sequence[CurvePoint],
    gain: float | None,
    interval: tuple[float, float] | None,
    much: bool,
) -> str:
    total = sum(counts.values())
    if not curve or total == 0 or len(counts) < 2:
        return ""
    accuracy = curve[-1].accuracy
    commonest = max(counts, key=lambda name: counts[name])
    enough = _middle(counts) >= ENOUGH_EACH
    if enough and accuracy <= counts[commonest] / total:
        return (
            f"It is right no more often than always saying “{commonest}” would be. "
            "What these answers differ in is not in what Likeness sees of a photo."
        )
    best = interval[1] if interval is not None else accuracy
    if much and best < GOOD and gain is not None and gain <= FLAT:
        return (
            f"More labels will hardly help: right about {round(100 * accuracy)} times in 100, and no longer rising. "
            "These answers need a recognition that was trained on such photos."
        )
    return ""


_SENTENCES: dict[Case, str] = {
    1: "Few labels so far, and photos like those the recognition learnt from. This works well with few.",
    2: (
        "Plenty of labels, and photos like those the recognition learnt from. "
        "This is about as good as it gets without training the recognition itself."
    ),
    3: (
        "Few labels so far, and photos unlike those the recognition learnt from. "
        "Simpler traits such as parts and texture count for more here, and more labels than usual are needed."
    ),
    4: (
        "Plenty of labels, but photos unlike those the recognition learnt from. "
        "What it sees sets the limit, not the labels."
    ),
}


def _follows(
    case: Case, counts: Mapping[str, int], gain: float | None, layers: Mapping[str, float], warning: str
) -> tuple[str, ...]:
    made = []
    fewest = min(counts, key=lambda name: counts[name]) if counts else ""
    if case in (1, 3) and len(counts) > 1:
        made.append(_label_more(fewest, counts, gain))
    if case == 3:
        made.append("Keep “automatic” under Details: it tries the simpler traits, alone and together with the others.")
    pair = _early_and_late(layers)
    if pair is not None and layers[pair[0]] > layers[pair[1]]:
        made.append(f"Simpler traits ({pair[0]}) tell your answers apart better than whole things ({pair[1]}).")
    if case in (2, 4):
        made.append("Look through Mistakes: among so many labels a few wrong ones cost more than new ones bring.")
    if case == 4 or warning:
        made.append("Try another recognition in Settings; one trained on photos of this kind would help most.")
        made.append("Or hand over the features and labels to someone who can train a network on them.")
    elif case == 2:
        made.append("For the last few points, hand over the labels to someone who can train the network further.")
    return tuple(made)


def _label_more(fewest: str, counts: Mapping[str, int], gain: float | None) -> str:
    more = "" if gain is None or gain < 0.005 else f" Twice as many would bring about {_points(gain)}."
    if counts[fewest] < _middle(counts) or counts[fewest] < ENOUGH_EACH:
        return f"Label more, first of all “{fewest}”: it has {wording.number(counts[fewest])}.{more}"
    return f"Label more of each answer.{more}"


def _points(gain: float) -> str:
    return wording.count(max(1, round(100 * gain)), "point")


def _labels(counts: Mapping[str, int]) -> Evidence:
    if not counts:
        return Evidence("labels", None, "There are no answers yet.")
    each = _middle(counts)
    fewest = min(counts, key=lambda name: counts[name])
    words = f"{wording.count(round(each), 'label')} in the middle answer, fewest for “{fewest}”: {counts[fewest]:,}."
    return Evidence("labels", each, words)


def _curve(curve: Sequence[CurvePoint], gain: float | None) -> Evidence:
    if gain is None:
        return Evidence("curve", None, "How much more labels would bring cannot be said yet.")
    now = f"Right {round(100 * curve[-1].accuracy)} times in 100 with {wording.count(curve[-1].labels, 'label')}"
    more = "twice as many would bring less than 1 point" if gain < 0.005 else f"twice as many: {_points(gain)} more"
    return Evidence("curve", gain, f"{now}; {more}.")


def _seen(seen: Familiarity | None, reference: Familiarity) -> Evidence:
    if seen is None:
        return Evidence("familiarity", None, "How well the recognition knows such photos could not be measured.")
    here, usual = (wording.number(round(one.hesitation)) for one in (seen, reference))
    sure, usually = (round(100 * one.sure) for one in (seen, reference))
    words = (
        f"For one photo it hesitates between about {here} of the things it can name (everyday photos: {usual}) and is "
        f"sure of {sure} photos in 100 (everyday photos: {usually}); from {wording.count(seen.photos, 'photo')}."
    )
    return Evidence("familiarity", seen.hesitation / reference.hesitation, words)


def _layers(layers: Mapping[str, float]) -> Evidence:
    pair = _early_and_late(layers)
    if pair is None or not layers[pair[1]] > 0:
        return Evidence("layers", None, "Too few labels to compare what simpler traits and whole things tell.")
    early, late = pair
    words = (
        f"Whole things ({late}) are right {round(100 * layers[late])} times in 100, "
        f"simpler traits ({early}) {round(100 * layers[early])}."
    )
    return Evidence("layers", layers[early] / layers[late], words)
