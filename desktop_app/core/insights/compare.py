"""Your account beside competitors, and one period beside another.

What competitors have and you do not is told by density: the part of their posts that is in a theme, by the part of
yours. Each post counts once, shared out among its pictures, so that a carousel of ten cups is not ten posts.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

import numpy as np

from desktop_app.core.insights.board import PostScore, Verdict, score, theme_estimate, verdict_of
from desktop_app.core.insights.counted import Counted
from desktop_app.core.insights.intervals import LEVEL, Array, adjusted
from desktop_app.core.insights.tails import normal_at, normal_beyond
from desktop_app.core.types import PhotoId

_LEAST = 5.0  # posts in a theme, yours and theirs together
_EXAMPLES: Final = 6
_START = 0.5  # added to counts (Haldane and Anscombe): none of 40 is no proof of never


class Side(enum.Enum):
    """Who has a theme. The value is how it reads."""

    ONLY_THEIRS = "only theirs"
    MORE_THEIRS = "more theirs"
    ALIKE = "no difference to be seen"
    MORE_YOURS = "more yours"
    ONLY_YOURS = "only yours"
    TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Density:
    """One theme, yours and theirs.

    Attributes:
        theme: its id.
        name: as the person calls it.
        own: how many of your posts are in it, shared out among their pictures.
        theirs: the same for competitors.
        own_share: the part of your posts that is in it, 0 to 1.
        their_share: the part of theirs.
        times: their share by yours.
        low: lower end of its range.
        high: upper end.
        side: in words; claims are adjusted over all themes.
        earned: how their posts in it did against their own usual; None for too few.
        earned_low: lower end of its range.
        earned_high: upper end.
        examples: photos of theirs in it, those of their best posts first.
    """

    theme: int
    name: str
    own: float
    theirs: float
    own_share: float
    their_share: float
    times: float
    low: float
    high: float
    side: Side
    earned: float | None
    earned_low: float | None
    earned_high: float | None
    examples: tuple[PhotoId, ...]


def densities(own: Counted, theirs: Counted, names: Mapping[int, str]) -> tuple[Density, ...]:
    """Compare how often you and they post each theme; what is most theirs comes first.

    Args:
        own: your posts. Any metric will do, but the one that counts the most posts is the best one.
        theirs: the competitors' posts, by `posts.INTERACTIONS`: the only numbers that can be seen of them.
        names: theme to name.
    """
    themes = sorted({*names, *own.members, *theirs.members})
    own_total, their_total = _total(own), _total(theirs)
    counts = [(_weight(own, theme), _weight(theirs, theme)) for theme in themes]
    logs, errors = [], []
    for (mine, square), (other, other_square) in counts:
        logs.append(math.log(_odds(other, their_total) / _odds(mine, own_total)))
        errors.append(math.sqrt(_variance(mine, square, own_total) + _variance(other, other_square, their_total)))
    enough = [mine + other >= _LEAST and own_total > 0 and their_total > 0 for (mine, _), (other, _) in counts]
    judged = [
        2 * normal_beyond(abs(log) / error) for log, error, fine in zip(logs, errors, enough, strict=True) if fine
    ]
    chances = iter(adjusted(np.array(judged, np.float64)).tolist())
    half = float(normal_at((1 + LEVEL) / 2))
    found = []
    for theme, ((mine, _), (other, _)), log, error, fine in zip(themes, counts, logs, errors, enough, strict=True):
        members = theirs.members.get(theme)
        did = theme_estimate(theirs.ratios, *members, seed=theme % 2**32) if members else None
        found.append(
            Density(
                theme,
                names.get(theme, ""),
                mine,
                other,
                mine / own_total if own_total else 0.0,
                other / their_total if their_total else 0.0,
                math.exp(log),
                math.exp(log - half * error),
                math.exp(log + half * error),
                _side(mine, other, log, next(chances) if fine else None),
                did.ratio if did else None,
                did.low if did else None,
                did.high if did else None,
                _examples(theirs, theme),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.side is Side.TOO_FEW, -one.low)))


def _total(counted: Counted) -> float:
    """Posts with a picture in any theme."""
    return float(sum(weights.sum() for _, weights in counted.members.values()))


def _weight(counted: Counted, theme: int) -> tuple[float, float]:
    members = counted.members.get(theme)
    return (float(members[1].sum()), float(np.square(members[1]).sum())) if members else (0.0, 0.0)


def _odds(part: float, total: float) -> float:
    return (part + _START) / (total + 2 * _START)


def _variance(part: float, square: float, total: float) -> float:
    """Variance of the logarithm of a share; parts of posts vary less than whole ones."""
    whole = square / part if part else 1.0
    return max(whole, 0.25) * max(1 / (part + _START) - 1 / (total + 2 * _START), 0.0) + 1e-9


def _side(mine: float, other: float, log: float, chance: float | None) -> Side:
    verdict = verdict_of(chance)
    if verdict is Verdict.TOO_FEW:
        return Side.TOO_FEW
    if verdict is Verdict.CANNOT_TELL:
        return Side.ALIKE
    if log > 0:
        return Side.MORE_THEIRS if mine else Side.ONLY_THEIRS
    return Side.MORE_YOURS if other else Side.ONLY_YOURS


def _examples(counted: Counted, theme: int) -> tuple[PhotoId, ...]:
    at, _ = counted.members.get(theme, (np.zeros(0, np.int64), None))
    order = at[np.argsort(-counted.ratios.logs[at], kind="stable")]
    found: dict[PhotoId, None] = {}
    for one in order.tolist():
        photo = next((photo for photo, of in counted.photos.get(one, ()) if of == theme), None)
        if photo is not None:
            found.setdefault(photo)
        if len(found) == _EXAMPLES:
            break
    return tuple(found)


@dataclass(frozen=True, slots=True)
class InPeriod:
    """One theme in one of two periods.

    Attributes:
        posts: how many.
        share: the part of the period's posts.
        ratio: against the account's usual; None for too few.
        low: lower end of the range.
        high: upper end.
    """

    posts: int
    share: float
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """One theme, now and before.

    Attributes:
        theme: its id.
        name: as the person calls it.
        now: in the later period.
        before: in the earlier one.
        times: its ratio now by that before; None for too few in either.
        low: lower end of the range.
        high: upper end.
        verdict: adjusted over all themes.
        best: its best post of the later period; None where there is none.
    """

    theme: int
    name: str
    now: InPeriod
    before: InPeriod
    times: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    best: PostScore | None


def quarter(time: float, zone: tzinfo, back: int = 0) -> tuple[float, float]:
    """The calendar quarter that a time is in (or that many quarters before): its first second, and the next one's."""
    local = datetime.fromtimestamp(time, zone)
    number = local.year * 4 + (local.month - 1) // 3 - back

    def first(one: int) -> float:
        return datetime(one // 4, one % 4 * 3 + 1, 1, tzinfo=zone).timestamp()

    return first(number), first(number + 1)


def periods(
    counted: Counted, names: Mapping[int, str], now: tuple[float, float], before: tuple[float, float]
) -> tuple[Change, ...]:
    """Compare two periods theme by theme, each against the usual of its own time; what rose most surely first.

    Args:
        counted: posts that count, over both periods.
        names: theme to name.
        now: first second of the later period, and the first after it.
        before: the same of the earlier one.
    """
    times = counted.times
    within = [counted.inside & (times >= start) & (times < end) for start, end in (now, before)]
    themes = sorted({*names, *counted.members})
    found: list[tuple[int, InPeriod, InPeriod, tuple[float, float, float] | None, PostScore | None]] = []
    for theme in themes:
        at, weights = counted.members.get(theme, (np.zeros(0, np.int64), np.zeros(0)))
        sides, logs = [], []
        for inside in within:
            mine = inside[at]
            one = theme_estimate(counted.ratios, at[mine], weights[mine], seed=theme % 2**32)
            total = int(inside.sum())
            share = float(weights[mine].sum() / total) if total else 0.0
            posts = int(mine.sum())
            if one is None:
                sides.append(InPeriod(posts, share, None, None, None))
            else:
                sides.append(InPeriod(posts, share, one.ratio, one.low, one.high))
            if one is not None:
                logs.append((math.log(one.ratio), math.log(one.high / one.low) / 2))
        change = None
        if len(logs) == 2:
            log, half = logs[0][0] - logs[1][0], math.hypot(logs[0][1], logs[1][1])
            change = (log, half, 2 * float(normal_beyond(abs(log) / half * normal_at((1 + LEVEL) / 2))))
        recent = at[within[0][at]]
        best = score(counted, int(recent[np.argmax(counted.ratios.logs[recent])]), theme) if len(recent) else None
        found.append((theme, sides[0], sides[1], change, best))
    chances = iter(_adjusted_chances(np.array([one[3][2] for one in found if one[3] is not None], np.float64)))
    changes = []
    for theme, later, earlier, change, best in found:
        change_times, low, high, chance = None, None, None, None
        if change is not None:
            log, half, _ = change
            change_times, low, high, chance = math.exp(log), math.exp(log - half), math.exp(log + half), next(chances)
        name = names.get(theme, "")
        changes.append(Change(theme, name, later, earlier, change_times, low, high, verdict_of(chance), best))
    return tuple(sorted(changes, key=lambda one: (one.low is None, -(one.low or 0.0), -one.now.posts)))


def _adjusted_chances(chances: Array) -> list[float]:
    found: list[float] = adjusted(chances).tolist()
    return found
