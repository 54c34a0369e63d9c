"""The blind spot check: photos drawn by lot, judged without seeing the guess, and the figure that comes of it.

Cross-validation is for choosing; this figure is for passing on, since the labelled photos were not drawn by lot.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from desktop_app.core import wording
from desktop_app.core.types import Positions

PHOTOS = 60
"""Photos of a spot check: a range of at most 13 points to either side, in two minutes."""
LEAST_EACH = 5
"""Labels every answer needs before a figure is said at all."""
LEAST_CHECKED = 10
"""Checked photos below which a share is not said."""
_NORMAL = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its range of 95 %, from how many; all 0 to 1."""

    share: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """What came of a spot check.

    Attributes:
        right: Photos whose guess is what the person said.
        checked: Photos judged for which there was a guess.
        not_sure: Photos judged for which the program had said "not sure": neither right nor wrong.
        rest: Photos that the sample was drawn from.
    """

    right: int
    checked: int
    not_sure: int
    rest: int

    @property
    def share(self) -> Share:
        """How often the program is right where it guesses, with its range."""
        return wilson(self.right, self.checked, max(self.rest - self.not_sure, self.checked))


def choose(rest: Positions, count: int = PHOTOS, seed: int = 0) -> Positions:
    """Photos to check, by lot and in an order by lot: int64 (min(count, n),).

    Args:
        rest: Int64 (n,), photos nobody looked at (guesses taken in bulk belong to them).
        count: How many; fewer where there are fewer, and then the check is of all.
        seed: The same seed and rest give the same photos: a check that was interrupted goes on.
    """
    ordered = np.unique(np.asarray(rest, np.int64))  # the draw depends on the set, not on its order
    random = np.random.default_rng(seed)
    return random.permutation(ordered)[: max(0, count)]


def judge(guesses: Positions, answers: Positions, rest: int) -> SpotCheck:
    """Compare guesses with what the person said.

    Args:
        guesses: Int64 (n,), class index, or -1 where the program said "not sure".
        answers: Int64 (n,), class index, or -1 for "none of these"; photos left for later are left out.
        rest: Photos that the sample was drawn from.
    """
    if guesses.shape != answers.shape:
        raise ValueError(f"guesses {guesses.shape} for answers {answers.shape}")
    guessed = guesses >= 0
    right = guessed & (guesses == answers)
    return SpotCheck(int(right.sum()), int(guessed.sum()), int((~guessed).sum()), rest)


def wilson(hits: int, count: int, population: int = 0) -> Share:
    """A share with its score interval of 95 %; no count at all gives 0 to 1.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927). With
    a population the sample counts for more as it nears the whole (finite population correction).

    Args:
        hits: How many of `count`.
        count: Size of the sample.
        population: What the sample was drawn from without putting back; 0 for one without end.

    Raises:
        ValueError: More hits than count, or a sample larger than its population.
    """
    if not 0 <= hits <= count or (population and count > population):
        raise ValueError(f"{hits} of {count} of {population}")
    if count == 0:
        return Share(0.0, 0.0, 1.0, 0)
    share = hits / count
    if population and count == population:
        return Share(share, share, share, count)
    worth = count * (population - 1) / (population - count) if population else float(count)
    square = _NORMAL**2 / worth
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL * math.sqrt(share * (1 - share) / worth + square / (4 * worth)) / (1 + square)
    # rounding must not put the share outside its own range
    return Share(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)), count)


def sentence(check: SpotCheck) -> str:
    """The headline: `Right about 92 times in 100 (likely 82-97), checked on 60 random photos` and a full stop."""
    if check.checked < LEAST_CHECKED and check.checked < check.rest - check.not_sure:
        done = wording.count(check.checked, "photo")
        return f"Too few photos checked to say: {done}, and {LEAST_CHECKED} at least are needed."
    if check.checked == 0:
        return "There was no guess to check."
    found = check.share
    kind = "photo" if found.low == found.high else "random photo"
    tested = f"checked on {wording.count(check.checked, kind)}"
    left = f" Not sure about {wording.number(check.not_sure)} more." if check.not_sure else ""
    return f"{right_about(found.share, found.low, found.high)}, {tested}.{left}"


def meter(accuracy: float, low: float, high: float, labels: int) -> str:
    """The quiet meter: `Right about 91 times in 100 (likely 84-95), tested on 120 labels` and a full stop."""
    return f"{right_about(accuracy, low, high)}, tested on {wording.count(labels, 'label')}."


def right_about(share: float, low: float, high: float) -> str:
    """`Right about 91 times in 100 (likely 84-95)`; without a range where it has none.

    A range is rounded outwards to where it still holds, and "always" is never said of a sample.
    """
    times = round(100 * share)
    if low == high:
        return f"Right {times} times in 100"
    lowest, highest = min(times, math.floor(100 * low + 0.5)), max(times, math.floor(100 * high + 0.5))
    return f"Right about {times} times in 100 (likely {lowest}-{highest})"


def too_few(counts: Mapping[str, int]) -> str:
    """Why no figure is said yet.

    `Too few labels to say: give each answer at least 5. “dent” has 2.`

    Args:
        counts: Labels that a person looked at, per answer, in the order of the answers.

    Returns:
        "" where there are enough.
    """
    if len(counts) < 2:
        return "Too few answers to say: there must be at least two to tell apart."
    fewest = min(counts, key=lambda name: counts[name])
    if counts[fewest] >= LEAST_EACH:
        return ""
    has = wording.number(counts[fewest]) if counts[fewest] else "none"
    short = sum(1 for count in counts.values() if count < LEAST_EACH) - 1
    others = f", and {wording.count(short, 'other')} also too few" if short else ""
    return f"Too few labels to say: give each answer at least {LEAST_EACH}. “{fewest}” has {has}{others}."
