"""Whether the board's ranges hold and its words are rare where nothing is real, on made-up accounts.

First, single samples: how often the studentised range covers, beside a plain percentile bootstrap. Then accounts of
several sizes and kinds of noise, with growth and a season: how often a theme's range covers what the theme is truly
worth, how wide it is, how often a theme worth 1.4 times is found, and how often an account whose themes make no
difference shows a "Likely" or a "Clear" one.

    python benchmarks/insights_simulation.py [--runs 300]
"""

from __future__ import annotations

import argparse
import math
import time

import common
import numpy as np

from desktop_app.core.insights import intervals
from desktop_app.core.insights.board import Verdict, board
from tests.core.insights_made import account, noise

KINDS = ("even", "heavy", "skewed")
EFFECTS = (1.4, 0.7, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
NONE = (1.0,) * 8


def coverage_of_boards(posts: int, kind: str, runs: int) -> tuple[float, float, float]:
    """Share of ranges that cover, mean width in log units, and how often the theme worth 1.4 times gets a word."""
    covered: list[bool] = []
    widths: list[float] = []
    found = 0
    for seed in range(runs):
        made = account(seed, posts, EFFECTS, kind=kind)
        for row in board(made.count(), {theme: str(theme) for theme in made.truth}).rows:
            if row.low is not None and row.high is not None:
                covered.append(row.low <= math.exp(made.truth[row.theme]) <= row.high)
                widths.append(math.log(row.high / row.low))
                found += row.theme == 1 and row.verdict in (Verdict.CLEAR, Verdict.LIKELY) and row.low > 1
    return float(np.mean(covered)), float(np.mean(widths)), found / runs


def winners_of_nothing(posts: int, kind: str, runs: int, themes: int = 8) -> tuple[float, float]:
    """How often accounts without any effect show a Likely or Clear theme, and a Clear one."""
    any_word = clear = 0
    for seed in range(runs):
        made = account(10_000 + seed, posts, (1.0,) * themes, kind=kind)
        words = {row.verdict for row in board(made.count(), {}).rows}
        any_word += bool(words & {Verdict.CLEAR, Verdict.LIKELY})
        clear += Verdict.CLEAR in words
    return any_word / runs, clear / runs


def methods(kind: str, count: int, runs: int) -> None:
    """Two ways to a range of a trimmed mean of `count` posts."""
    random = np.random.default_rng(1)
    truth = intervals.trimmed_mean(noise(random, kind, 1_000_000))
    covers = np.zeros(2)
    widths = np.zeros(2)
    for seed in range(runs):
        logs = noise(random, kind, count)
        ours = intervals.estimate(logs, np.ones(count), draws=499, seed=seed)
        again = random.integers(0, count, (499, count))
        plain = [intervals.trimmed_mean(logs[one]) for one in again]
        ends = [(math.log(ours.low), math.log(ours.high)), tuple(np.quantile(plain, (0.025, 0.975)))]
        for at, (low, high) in enumerate(ends):
            covers[at] += low <= truth <= high
            widths[at] += high - low
    covers, widths = covers / runs, widths / runs
    print(
        f"{kind:<7} {count:>4} posts: studentised covers {covers[0]:.3f}, width {widths[0]:.2f};"
        f" percentile covers {covers[1]:.3f}, width {widths[1]:.2f}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=300)
    wishes = options.parse_args()
    began = time.perf_counter()
    fine = True
    for kind in KINDS:
        for count in (8, 15, 40):
            methods(kind, count, wishes.runs)
    for kind in KINDS:
        for posts in (120, 240, 1000):
            covered, width, found = coverage_of_boards(posts, kind, wishes.runs)
            wrong, clear = winners_of_nothing(posts, kind, wishes.runs)
            print(
                f"{kind:<7} {posts:>5} posts, 8 themes: covers {covered:.3f}, width {width:.2f}, finds 1.4 times in"
                f" {found:.2f}; without any effect a word in {wrong:.3f}, Clear in {clear:.3f}"
            )
            # three standard errors of what is counted here
            luck = 3 * math.sqrt(0.05 * 0.95 / wishes.runs)
            fine &= common.verdict(f"{kind}, {posts} posts: covered", covered, 0.95 - luck / 2, at_least=True)
            fine &= common.verdict(f"{kind}, {posts} posts: a word without effect", wrong, 0.05 + luck)
    wrong, _ = winners_of_nothing(1000, "even", wishes.runs, themes=40)
    fine &= common.verdict("40 themes, 1,000 posts: a word without effect", wrong, 0.05 + luck)
    print(f"{time.perf_counter() - began:.0f} s")
    raise SystemExit(not fine)


if __name__ == "__main__":
    main()
