"""Taking many guesses at once: how many of them will be wrong, for every setting of "how sure", and boards to look at.

The share of wrong ones is counted among labels that a person looked at, by heads that had not seen them: of those as
sure as the setting asks, how many were wrong. Its range is Wilson's of 95 %. Photos labelled because the head was
unsure of them are harder than the rest, so that the figure is rather too cautious than too kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop_app.core import wording
from desktop_app.core.learn.spot_check import Share, wilson
from desktop_app.core.learn.unknown import SURE
from desktop_app.core.types import Positions

SETTINGS = tuple(round(step / 100, 2) for step in range(60, 100))
"""Where the slider may stand: 0.60 to 0.99. Below `SURE` nothing is preselected."""
FEWEST_CHECKED = 20
"""Checked labels below which no share of wrong ones is said."""
BOARD = 40
"""About how many equal guesses a board shows."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What taking the guesses above one probability would do.

    Attributes:
        least: The probability from which guesses are taken.
        taken: How many guesses that is.
        wrong: The share of them that will be wrong, from how many checked labels.
    """

    least: float
    taken: int
    wrong: Share


def settings(
    out_of_fold: npt.NDArray[np.float32],
    answers: Positions,
    guesses: npt.NDArray[np.float32],
    unknown: npt.NDArray[np.bool_] | None = None,
) -> tuple[Setting, ...]:
    """Every place of the slider at once; 100,000 guesses take a few hundredths of a second.

    Args:
        out_of_fold: Float32 (m, C), probabilities of looked-at labels from heads that had not seen them. Rows that are
            not finite (judged by no fold) do not count.
        answers: Int64 (m,), what the person said, class index; -1 for "none of these", whatever is guessed is wrong.
        guesses: Float32 (n, C), probabilities of photos that nobody looked at.
        unknown: Bool (n,), photos unlike anything labelled: never taken.

    Raises:
        ValueError: Shapes that do not fit.
    """
    if len(out_of_fold) != len(answers) or (unknown is not None and unknown.shape != (len(guesses),)):
        raise ValueError(f"{out_of_fold.shape} for {answers.shape}, guesses {guesses.shape}")
    sure = _best(out_of_fold)
    wrong = np.zeros(len(answers), np.bool_)
    if out_of_fold.shape[1]:
        wrong = np.argmax(out_of_fold, axis=1) != answers
    checked = np.sort(sure)
    checked_wrong = np.sort(sure[wrong])
    offered = _best(guesses)
    if unknown is not None:
        offered = offered[~unknown]
    offered = np.sort(offered)
    made = []
    for least in SETTINGS:
        limit = np.float32(least)
        count = len(checked) - int(np.searchsorted(checked, limit))
        mistaken = len(checked_wrong) - int(np.searchsorted(checked_wrong, limit))
        taken = len(offered) - int(np.searchsorted(offered, limit))
        made.append(Setting(least, taken, wilson(mistaken, count)))
    return tuple(made)


def taken_at(guesses: npt.NDArray[np.float32], least: float, unknown: npt.NDArray[np.bool_] | None = None) -> Positions:
    """Positions of the guesses taken at a setting, the least sure first: int64 (m,), as many as `settings` said.

    The first `BOARD` of them are the ones to look at before taking all.
    """
    sure = _best(guesses)
    take = sure >= np.float32(least)
    if unknown is not None:
        take &= ~unknown
    found = np.flatnonzero(take)
    return found[np.argsort(sure[found], kind="stable")].astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """Equal guesses to look over: click the wrong ones, take the rest.

    Attributes:
        answer: Class index of the guess.
        photos: Int64 (m,), positions, the least sure first: where the wrong ones are.
    """

    answer: int
    photos: Positions


def boards(
    guesses: npt.NDArray[np.float32],
    unknown: npt.NDArray[np.bool_] | None = None,
    *,
    least: float = SURE,
    size: int = BOARD,
) -> tuple[Board, ...]:
    """Guesses of at least `least` in boards of one answer, about `size` to a board, the surest board first.

    Every such guess is on one board; the boards of an answer are equally long but for one photo. A board may be up to
    half as long again as `size`, so that no board of two or three is left over.
    """
    if guesses.shape[1] == 0:
        return ()
    sure = _best(guesses)
    take = sure >= np.float32(least)
    if unknown is not None:
        take &= ~unknown
    answer = np.argmax(guesses, axis=1)
    made = []
    for one in np.unique(answer[take]):
        photos = np.flatnonzero(take & (answer == one))
        photos = photos[np.argsort(sure[photos], kind="stable")].astype(np.int64)
        made += [Board(int(one), part) for part in np.array_split(photos, max(1, round(len(photos) / size)))]
    made.sort(key=lambda board: -float(np.mean(sure[board.photos])))
    return tuple(made)


def question(setting: Setting) -> str:
    """The headline, as in `Take 1,840 guesses?`, or that there is none."""
    if not setting.taken:
        return "No guess is this sure."
    return f"Take {wording.count(setting.taken, 'guess', 'guesses')}?"


def sentence(setting: Setting) -> str:
    """How many will be wrong, with range and count, and what becomes of them.

    `At this setting about 1 in 40 is wrong (between 1 in 66 and 1 in 24, from 600 checked labels). They stay marked as
    guesses.`
    """
    stay = "They stay marked as guesses."
    wrong = setting.wrong
    labels = wording.count(wrong.count, "checked label")
    if wrong.count < FEWEST_CHECKED:
        found = "none" if not wrong.count else f"only {wrong.count}"
        are = "is" if wrong.count == 1 else "are"
        return f"How many are wrong cannot be said: {found} of the checked labels {are} this sure. {stay}"
    if wrong.share == 0:
        return f"At this setting none of {labels} was wrong; up to {one_in(wrong.high)} may be. {stay}"
    between = f"between {one_in(wrong.low)} and {one_in(wrong.high)}, from {labels}"
    return f"At this setting about {one_in(wrong.share)} is wrong ({between}). {stay}"


def one_in(share: float) -> str:
    """A share as people say it: `1 in 40`, `2 in 5`, `9 in 10`; never "0", since a sample cannot say that.

    Args:
        share: 0 to 1.
    """
    if share <= 0.22:
        return f"1 in {wording.number(round(1 / max(share, 1e-4)))}"
    of, hits = min(((of, hits) for of in (2, 3, 4, 5, 10) for hits in range(1, of + 1)), key=lambda p: _off(share, *p))
    return f"{hits} in {of}"


def _off(share: float, of: int, hits: int) -> tuple[float, int]:
    return round(abs(hits / of - share), 3), of


def _best(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The largest probability of each row, -1 where it is not finite: float32 (n,)."""
    if probabilities.shape[1] == 0:
        return np.full(len(probabilities), -1, np.float32)
    best = probabilities.max(axis=1)
    cleaned: npt.NDArray[np.float32] = np.where(np.isfinite(best), best, -1).astype(np.float32)
    return cleaned
