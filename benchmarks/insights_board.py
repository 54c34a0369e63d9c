"""How long the board takes from the match: 5,000 posts with 12,000 pictures, all tables, and the report.

Three quarters of the posts are one's own, the rest two competitors'; a quarter of them are carousels of seven pictures.

python benchmarks/insights_board.py [--posts 5000] [--themes 40]
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import common
import cv2
import numpy as np

from desktop_app.core.insights.board import board
from desktop_app.core.insights.counted import Choice
from desktop_app.core.insights.findings import find
from desktop_app.core.insights.posts import INTERACTIONS
from desktop_app.core.insights.report import page, wanted_photos
from desktop_app.core.insights.report_wishes import Wishes
from tests.core.insights_made import Made, account

TARGET = 3.0


def made_posts(posts: int, themes: int) -> Made:
    """An own account with three quarters of the posts, two competitors with the rest; carousels of seven pictures."""
    effects = (1.4, 0.7, *(1.0,) * (themes - 2))
    own = account(1, posts * 3 // 4, effects, pictures=7)
    for seed in (2, 3):
        name = f"rival {seed}"
        rival = account(seed, posts // 8, effects, name=name, role="competitor", metric="likes", pictures=7)
        own = own.joined(rival)
    liked = tuple(
        replace(post, metrics={**post.metrics, "likes": post.metrics["views"] // 20, "comments": 3.0})
        if "views" in post.metrics and post.metrics["views"] is not None
        else post
        for post in own.posts
    )
    return replace(own, posts=liked)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--posts", type=int, default=5000)
    options.add_argument("--themes", type=int, default=40)
    wishes = options.parse_args()
    made = made_posts(wishes.posts, wishes.themes)
    names = {theme: f"theme {theme}" for theme in range(1, wishes.themes + 1)}
    print(f"{len(made.posts):,} posts, {len(made.pictures):,} pictures, {wishes.themes} themes")
    with common.Load() as load:
        first = common.seconds_of(lambda: board(made.count(), names))
        began = time.perf_counter()
        steps = find(made.posts, made.accounts, made.pictures, made.themes, names, Choice("views"))
        said = began
        while True:
            try:
                what = next(steps)
            except StopIteration as ended:
                findings = ended.value
                break
            now = time.perf_counter()
            print(f"  {now - began:5.2f} s  {what}")
            said = now
        print(f"  {time.perf_counter() - said:5.2f} s  the last step")
        whole = time.perf_counter() - began
        photos = wanted_photos(findings, Wishes(), {})
        jpeg = cv2.imencode(".jpg", np.random.default_rng(0).integers(0, 255, (200, 256, 3), np.uint8))[1].tobytes()
        began = time.perf_counter()
        html = page(findings, Wishes(), dict.fromkeys(photos, jpeg))
        written = time.perf_counter() - began
        likes = common.seconds_of(lambda: board(made.count(INTERACTIONS, role="competitor"), names))
    print(f"board of competitors {likes:.2f} s; report {written:.2f} s, {len(html) / 1e6:.1f} MB{load.remark()}")
    fine = common.verdict("board from the match", first, TARGET, "s")
    fine &= common.verdict("every table from the match", whole, TARGET, "s")
    raise SystemExit(not fine)


if __name__ == "__main__":
    main()
