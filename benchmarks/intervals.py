"""Whether the stated interval holds: how often it covers the accuracy on the photos without labels, and how wide it is.

For every folder of class sub-folders, 5 and 20 labels of each class are drawn again and again, `auto` is trained on
each draw, and the interval it states is compared with its accuracy on all the other photos of the folder.

    python benchmarks/intervals.py FOLDER ...
"""

from __future__ import annotations

import argparse
from pathlib import Path

import common
import numpy as np
from class_folders import ClassFolders, load
from heads import LABELS, Draws, drain

from desktop_app.core.learn.train import train

COVERED = 0.85
WIDEST = {5: 0.40, 20: 0.20}
LEAST = 150  # photos to judge by: with fewer, their own luck is what one sees


def measure(photos: ClassFolders, labels: int, seeds: range) -> tuple[list[bool], list[float]]:
    """Draw, train, compare; prints one line and returns what was covered and how wide intervals were."""
    draws = Draws(photos, labels)
    if len(draws.classes) < 2 or draws.held_out < LEAST:
        common.skip(f"{photos.name} at {labels} labels a class: fewer than {LEAST} photos to judge by")
        return [], []
    covered: list[bool] = []
    widths: list[float] = []
    said: list[float] = []
    truths: list[float] = []
    for seed in seeds:
        chosen = draws.draw(seed)
        head = drain(train(draws.examples(chosen), seed=seed))
        truth = draws.truth(head, chosen)
        low, high = head.interval
        covered.append(low <= truth <= high)
        widths.append(high - low)
        said.append(head.accuracy or 0.0)
        truths.append(truth)
    off = np.subtract(said, truths)
    print(
        f"{draws.name:<16} {labels:>3} a class, {draws.held_out} to judge by: covers {np.mean(covered):.2f},"
        f" width {np.mean(widths):.3f}, says {np.mean(said):.3f}, is {np.mean(truths):.3f},"
        f" off by {off.mean():+.3f} ± {off.std():.3f}"
    )
    return covered, widths


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    options.add_argument("--cache", type=Path, help="keep features in this folder")
    options.add_argument("--network", default="efficientnet-lite0-int8")
    options.add_argument("--draws", type=int, default=50)
    options.add_argument("--first-seed", type=int, default=0, help="of the draws; take new ones to judge by")
    options.add_argument("--labels", type=int, nargs="+", default=list(LABELS))
    wishes = options.parse_args()
    fine = True
    seeds = range(wishes.first_seed, wishes.first_seed + wishes.draws)
    with common.temporary_folder() as temporary:
        sets = [load(folder, wishes.cache or temporary, wishes.network) for folder in wishes.folders if folder.is_dir()]
        for labels in wishes.labels:
            every: list[float] = []
            for photos in sets:
                covered, widths = measure(photos, labels, seeds)
                every += widths
                if covered:
                    share = float(np.mean(covered))
                    fine &= common.verdict(f"{photos.name}, {labels} a class: covered", share, COVERED, at_least=True)
            if every and labels in WIDEST:
                fine &= common.verdict(f"mean width at {labels} a class", float(np.mean(every)), WIDEST[labels])
    raise SystemExit(not fine)


if __name__ == "__main__":
    main()
