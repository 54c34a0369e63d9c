"""Planted label mistakes: how many are found in the first part of the list of suspects.

8 % of the labels are changed, either to any other answer or to the answer the photo is most easily taken for, which is
how people err. Probabilities out of fold come from the program's own training. Beside the program's ranking: the
margin, and what is believed wrong first.

    python benchmarks/label_errors.py PHOTOS [--draws N]
"""

from __future__ import annotations

import argparse

import labelled_sets
import numpy as np

from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.mistakes import Suspects, suspects
from desktop_app.core.learn.train import train

FLIPPED, LOOKED_AT, GOAL = 0.08, 0.12, 0.8


def out_of_fold(photos: labelled_sets.LabelledSet, answers: np.ndarray, seed: int) -> np.ndarray:
    """What training says of each photo without its own label."""
    steps = train(Examples(photos.layers, answers, np.arange(len(answers)), photos.classes), seed=seed)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value.out_of_fold


def flip(answers: np.ndarray, classes: int, near: np.ndarray | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers with 8 % changed, and which: to any other one, or to the most probable other by `near`."""
    random = np.random.default_rng(seed)
    chosen = random.choice(len(answers), round(FLIPPED * len(answers)), replace=False)
    changed = answers.copy()
    if near is None:
        changed[chosen] = (answers[chosen] + random.integers(1, classes, size=len(chosen))) % classes
    else:
        others = near[chosen].copy()
        others[np.arange(len(chosen)), answers[chosen]] = -1
        changed[chosen] = others.argmax(axis=1)
    return changed, chosen


def rankings(probabilities: np.ndarray, answers: np.ndarray, found: Suspects) -> dict[str, np.ndarray]:
    rows = np.arange(len(answers))
    own = probabilities[rows, answers]
    others = probabilities.copy()
    others[rows, answers] = -1
    believed = np.zeros(len(answers), bool)
    believed[found.order] = found.believed_wrong
    return {
        "the program": found.order,
        "margin": np.argsort(own - others.max(axis=1), kind="stable"),
        "believed wrong first": np.lexsort((own, ~believed)),
        "by lot": np.random.default_rng(0).permutation(len(answers)),
    }


def run(photos: labelled_sets.LabelledSet, draws: int) -> float:
    count, classes = len(photos.answers), len(photos.classes)
    near = out_of_fold(photos, photos.answers, 0)
    looked = round(LOOKED_AT * count)
    print(f"\n{photos.name}: {count} labels, {round(FLIPPED * count)} changed, the first {looked} looked at")
    first = 0.0
    for name, towards in (("to any other answer", None), ("to the likeliest other", near)):
        found: dict[str, list[float]] = {}
        suggested, precise, believed = [], [], []
        for seed in range(draws):
            answers, changed = flip(photos.answers, classes, towards, seed)
            probabilities = out_of_fold(photos, answers, seed)
            ranked = suspects(probabilities, answers)
            for way, order in rankings(probabilities, answers, ranked).items():
                found.setdefault(way, []).append(float(np.isin(changed, order[:looked]).mean()))
            hit = np.isin(ranked.order, changed)
            suggested.append(float((ranked.suggestion[hit] == photos.answers[ranked.order[hit]]).mean()))
            believed.append(int(ranked.believed_wrong.sum()))
            precise.append(float(hit[ranked.believed_wrong].mean()))
        row = "   ".join(f"{way} {np.mean(shares):.3f}" for way, shares in found.items())
        print(f"  {name:<23} {row}")
        print(
            f"  {'':<23} {np.mean(believed):.0f} believed wrong, {100 * np.mean(precise):.0f} % of them are;"
            f" the right answer suggested for {100 * np.mean(suggested):.0f} % of the changed"
        )
        if towards is None:
            first = float(np.mean(found["the program"]))
    return first


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    labelled_sets.add_options(parser)
    parser.add_argument("--draws", type=int, default=5)
    options = parser.parse_args()
    shares = {photos.name: run(photos, options.draws) for photos in labelled_sets.load(options)}
    print()
    good = [
        labelled_sets.common.verdict(f"planted mistakes found, {name}", share, GOAL, at_least=True)
        for name, share in shares.items()
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
