"""How long one waits after a label, with 1,000 labelled photos and 10 answers among 100,000.

The chosen classifier learns on, guesses for all the rest, and what to label next; beside them the first choice of
layer and head, which takes its time in the background.

    python benchmarks/labelling_speed.py [--big DIR] [--photos N] [--labels 1000] [--answers 10]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import common
import numpy as np
from big_library import add_arguments, big_library

from desktop_app.core.catalog import features
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.guess import guess_all
from desktop_app.core.operations.labels import create_set, put_labels, remove_set
from desktop_app.core.operations.queue import next_photos
from desktop_app.core.operations.train import learn
from desktop_app.core.types import PhotoId, Progress

REFIT, GUESS = 0.3, 1.0

Result = TypeVar("Result")


def finish(operation: Generator[Progress, None, Result]) -> Result:
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def label_some(library: Library, labels: int, answers: int) -> LabelSetId:
    """Photos by lot, with the answer whose direction in the space of embeddings is nearest."""
    random = np.random.default_rng(0)
    positions, photos = features.positions(library.connection, library.network.key)
    chosen = np.sort(random.choice(len(photos), labels, replace=False))
    vectors = library.store.read(MAIN_LAYER, positions[chosen])
    given = ((vectors - vectors.mean(axis=0)) @ random.standard_normal((vectors.shape[1], answers))).argmax(axis=1)
    made = create_set(library, f"speed {time.time()}", [f"answer {number}" for number in range(answers)]).label_set
    assert made is not None
    ids = photos[chosen].tolist()
    put_labels(library, made.id, [(PhotoId(one), made.answers[at].id) for one, at in zip(ids, given, strict=True)])
    return made.id


def timed(name: str, runs: int, work: Callable[[], Result]) -> tuple[float, Result]:
    """The least processor time of some runs in seconds, printed with the time on the clock; what the last gave.

    One thread does it all, so on a machine that nobody else uses both are the same.
    """
    busy, waited = [], []
    for _ in range(runs):
        began, clock = time.process_time(), time.perf_counter()
        result = work()
        busy.append(time.process_time() - began)
        waited.append(time.perf_counter() - clock)
    print(
        f"{name:<34} processor: best {min(busy):.3f} s, median {statistics.median(busy):.3f} s;"
        f" clock: best {min(waited):.3f} s, median {statistics.median(waited):.3f} s"
    )
    return min(busy), result


def measure(folder: Path, options: argparse.Namespace) -> bool:
    with Library(folder / "library", device="cpu") as library, common.Load() as load:
        label_set = label_some(library, options.labels, options.answers)
        try:
            _, first = timed("choosing layer and head", 1, lambda: finish(learn(library, label_set)))
            classifier = first.classifier
            refit, _ = timed("learning on", 5, lambda: finish(learn(library, label_set, last=classifier)))
            guess, rest = timed(
                f"guesses for {options.photos:,} photos", 5, lambda: finish(guess_all(library, classifier))
            )
            timed("what to label next", 5, lambda: next_photos(library, label_set, rest))
        finally:
            remove_set(library, label_set)
        print(f"{options.labels:,} labels, {options.answers} answers, {first.head} on {first.layer}{load.remark()}")
    good = common.verdict("learning on after a label, processor time, best of 5", refit, REFIT, "s")
    return good & common.verdict("guesses for all the rest, processor time, best of 5", guess, GUESS, "s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_arguments(parser)
    parser.add_argument("--labels", type=int, default=1_000)
    parser.add_argument("--answers", type=int, default=10)
    options = parser.parse_args()
    with big_library(options.big, options.photos) as folder:
        return 0 if measure(folder, options) else 1


if __name__ == "__main__":
    raise SystemExit(main())
