"""Everything the Report step shows for one choice, counted step by step."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from desktop_app.core.insights.board import Board, board
from desktop_app.core.insights.compare import Change, Density, densities, periods, quarter
from desktop_app.core.insights.counted import Choice, Counted, count
from desktop_app.core.insights.hours import Hours, hours_and_weekdays
from desktop_app.core.insights.months import ThemeMonths, by_month
from desktop_app.core.insights.posts import INTERACTIONS, Account, Post, PostPicture
from desktop_app.core.types import PhotoId


@dataclass(frozen=True, slots=True)
class Findings:
    """The tables of a report.

    Attributes:
        board: own posts, by the chosen metric.
        months: what rises and falls.
        hours: what the hour and the weekday went together with.
        changes: the quarter of the newest post against the one before; () where no time is known.
        quarters: first seconds of the later quarter, of the earlier one, and the end of the later one.
        own: own posts by likes and comments, beside `theirs`; None without competitors.
        theirs: competitors' posts by likes and comments, each against its own account's usual.
        densities: who posts which theme how often; () without competitors.
    """

    board: Board
    months: tuple[ThemeMonths, ...]
    hours: Hours
    changes: tuple[Change, ...] = ()
    quarters: tuple[float, float, float] | None = None
    own: Board | None = None
    theirs: Board | None = None
    densities: tuple[Density, ...] = ()


def find(
    posts: Sequence[Post],
    accounts: Sequence[Account],
    pictures: Sequence[PostPicture],
    themes: Mapping[PhotoId, int],
    names: Mapping[int, str],
    choice: Choice,
) -> Generator[str, None, Findings]:
    """Count everything; yields what is being counted between its steps.

    Args:
        posts: all posts.
        accounts: their accounts.
        pictures: which photos belong to which post.
        themes: theme of each photo, made over all accounts together.
        names: theme to name.
        choice: what to count; its role is taken to be "own".
    """
    yield "Comparing posts with the usual"
    mine = count(posts, accounts, pictures, themes, replace(choice, role="own"))
    yield "Counting themes"
    rows = board(mine, names)
    yield "Counting months"
    months = by_month(mine, names)
    yield "Counting hours"
    hours = hours_and_weekdays(mine)
    yield "Comparing quarters"
    changes, quarters = _quarters(mine, names)
    own_names = {account.name for account in accounts if account.role == "own"}
    if all(post.account in own_names for post in posts):
        return Findings(rows, months, hours, changes, quarters)
    yield "Comparing with competitors"
    liked = replace(choice, role="own", metric=INTERACTIONS)
    own = mine if choice.metric == INTERACTIONS else count(posts, accounts, pictures, themes, liked)
    yield "Comparing with competitors"
    theirs = count(posts, accounts, pictures, themes, replace(liked, role="competitor", accounts=()))
    yield "Comparing with competitors"
    own_board = rows if own is mine else board(own, names)
    yield "Comparing with competitors"
    their_board = board(theirs, names)
    yield "Comparing with competitors"
    # whether you post a theme has nothing to do with numbers: what knows more posts tells it better
    fuller = max(own, mine, key=lambda one: len(one.photos))
    return Findings(
        rows,
        months,
        hours,
        changes,
        quarters,
        own_board,
        their_board,
        densities(fuller, theirs, names),
    )


def _quarters(
    counted: Counted, names: Mapping[int, str]
) -> tuple[tuple[Change, ...], tuple[float, float, float] | None]:
    times = counted.times[counted.inside]
    times = times[np.isfinite(times)]
    if not len(times):
        return (), None
    newest = float(times.max())
    now, before = quarter(newest, counted.choice.zone), quarter(newest, counted.choice.zone, 1)
    return periods(counted, names, now, before), (now[0], before[0], now[1])
