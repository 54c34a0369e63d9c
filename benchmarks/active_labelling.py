"""How many labels it takes to be as right as with 20 random ones of each answer, by several ways of choosing photos.

Beside the program's own choice: by lot, the smallest margin, the largest entropy, the photo farthest from all labelled
(k-centre; Sener and Savarese, ICLR 2018), coverage only, and gradient embeddings (BADGE; Ash et al., ICLR 2020).
A softmax as the program trains it, on the layers that the program chooses with 20 labels of each answer, is fitted
after every few labels. Accuracy is the mean over draws, once on a quarter of each set that was kept aside, once (as a
person meets it) with all photos to choose from and on those not labelled yet, of which choosing well leaves the easy.

    python benchmarks/active_labelling.py PHOTOS [--draws N] [--batch N] [--ways NAME ...]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import labelled_sets
import numpy as np

from desktop_app.core.learn.active import next_to_label, unsureness
from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.heads import Softmax
from desktop_app.core.learn.train import train

EACH = 20
SHARE = 0.6
SHIPPED = "the program"


@dataclass
class Asked:
    """What a way of choosing is asked: probabilities are None as long as there are labels of one answer only."""

    probabilities: np.ndarray | None
    vectors: np.ndarray
    labelled: np.ndarray
    count: int
    seed: int

    @property
    def free(self) -> np.ndarray:
        """Positions without a label."""
        return np.flatnonzero(~self.labelled)


def by_lot(asked: Asked) -> np.ndarray:
    return np.random.default_rng(asked.seed).permutation(asked.free)[: asked.count]


def coverage(asked: Asked) -> np.ndarray:
    return next_to_label(None, asked.vectors, asked.labelled, asked.count, asked.seed)


def program(explore: float | None = None) -> Callable[[Asked], np.ndarray]:
    def choose(asked: Asked) -> np.ndarray:
        how = {} if explore is None else {"explore": explore}
        return next_to_label(asked.probabilities, asked.vectors, asked.labelled, asked.count, asked.seed, **how)

    return choose


def once_guessing(rule: Callable[[Asked], np.ndarray]) -> Callable[[Asked], np.ndarray]:
    """A rule that needs guesses; before that, coverage for all alike."""
    return lambda asked: coverage(asked) if asked.probabilities is None else rule(asked)


def margin(asked: Asked) -> np.ndarray:
    free = asked.free
    return free[np.argsort(-unsureness(asked.probabilities[free]), kind="stable")[: asked.count]]


def entropy(asked: Asked) -> np.ndarray:
    free = asked.free
    shares = asked.probabilities[free]
    return free[np.argsort((shares * np.log(np.maximum(shares, 1e-12))).sum(axis=1), kind="stable")[: asked.count]]


def k_centre(asked: Asked) -> np.ndarray:
    free = asked.free
    near = (asked.vectors[free] @ asked.vectors[asked.labelled].T).max(axis=1)
    taken: list[int] = []
    for _ in range(min(asked.count, len(free))):
        far = 1 - near
        far[taken] = -1
        taken.append(int(np.argmax(far)))
        near = np.maximum(near, asked.vectors[free] @ asked.vectors[free[taken[-1]]])
    return free[taken]


def badge(asked: Asked) -> np.ndarray:
    random, free = np.random.default_rng(asked.seed), asked.free
    slopes, places = asked.probabilities[free].astype(np.float64), asked.vectors[free].astype(np.float64)
    slopes[np.arange(len(free)), slopes.argmax(axis=1)] -= 1
    squares = np.square(slopes).sum(axis=1) * np.square(places).sum(axis=1)
    taken = [int(np.argmax(squares))]
    apart = np.full(len(free), np.inf)
    while len(taken) < min(asked.count, len(free)):
        last = taken[-1]
        apart = np.minimum(apart, squares + squares[last] - 2 * (slopes @ slopes[last]) * (places @ places[last]))
        apart = np.maximum(apart, 1e-12)
        apart[taken] = 0
        taken.append(int(random.choice(len(free), p=apart / apart.sum())))
    return free[taken]


WAYS: dict[str, Callable[[Asked], np.ndarray]] = {
    "by lot": by_lot,
    "margin": once_guessing(margin),
    "entropy": once_guessing(entropy),
    "k-centre": once_guessing(k_centre),
    "coverage": coverage,
    "BADGE": once_guessing(badge),
    "no exploring": program(0),
    "exploring less (2)": program(2),
    "exploring more (5)": program(5),
    SHIPPED: program(),
}


def chosen_layers(photos: labelled_sets.LabelledSet) -> tuple[str, ...]:
    """The layers the program chooses with 20 labels of each answer."""
    places = stratified(photos.answers, np.arange(len(photos.answers)), np.random.default_rng(0))
    features = {name: block[places] for name, block in photos.layers.items()}
    steps = train(Examples(features, photos.answers[places], np.arange(len(places)), photos.classes), head="softmax")
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value.layers


def stratified(answers: np.ndarray, pool: np.ndarray, random: np.random.Generator) -> np.ndarray:
    mixed = random.permutation(pool)
    return np.concatenate([mixed[answers[mixed] == one][:EACH] for one in np.unique(answers)])


def simulate(
    photos: labelled_sets.LabelledSet,
    layers: tuple[str, ...],
    names: list[str],
    draws: int,
    batch: int,
    aside_share: float,
) -> tuple[float, float]:
    """Print the curves; at which share of the labels is the program's choice as right as 20 each, as so many by lot?"""
    prepared, answers, classes = photos.prepared(layers), photos.answers, len(photos.classes)
    goals, sizes = [], []
    curves: dict[str, list[list[float]]] = {name: [] for name in names}

    def accuracy(learnt: np.ndarray, aside: np.ndarray) -> tuple[Softmax, float]:
        head = Softmax().fit(prepared[learnt], answers[learnt], classes)
        return head, float(np.mean(head.scores(prepared[aside]).argmax(axis=1) == answers[aside]))

    for draw in range(draws):
        random = np.random.default_rng(draw)
        mixed = random.permutation(len(answers))
        cut = round(aside_share * len(mixed))
        aside, pool = mixed[:cut], np.sort(mixed[cut:])
        vectors = photos.vectors[pool]
        for _ in range(5):
            learnt = stratified(answers, pool, random)
            goals.append(accuracy(learnt, aside if cut else np.setdiff1d(pool, learnt))[1])
            sizes.append(len(learnt))
        for name in names:
            labelled, curve = np.zeros(len(pool), bool), []
            probabilities = None
            while labelled.sum() < sizes[-1]:
                asked = Asked(probabilities, vectors, labelled, batch, 1000 * draw + len(curve))
                labelled[WAYS[name](asked)] = True
                learnt = pool[labelled]
                judged = aside if cut else pool[~labelled]
                if len(np.unique(answers[learnt])) < 2:
                    curve.append(float(np.mean(answers[judged] == answers[learnt[0]])))
                    continue
                head, right = accuracy(learnt, judged)
                probabilities = head.probabilities(prepared[pool])
                curve.append(right)
            curves[name].append(curve)
    where = "on photos kept aside" if aside_share else "on the photos not labelled"
    goal, labels = float(np.mean(goals)), float(np.mean(sizes))
    print(f"\n{photos.name}: {classes} answers, {'+'.join(layers)}; {where}; {draws} draws, {batch} labels at a time")
    print(f"  {EACH} random labels of each answer, as far as there are: right {goal:.3f} with {labels:.0f} labels")
    shares = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
    print(
        "  " + "at % of those labels".ljust(22) + " ".join(f"{100 * share:5.0f}" for share in shares) + "   as right at"
    )
    means = {name: np.mean([run[: min(map(len, runs))] for run in runs], axis=0) for name, runs in curves.items()}
    for name, mean in means.items():
        counts = batch * np.arange(1, len(mean) + 1)
        row = " ".join(f"{np.interp(share * labels, counts, mean):.3f}" for share in shares)
        reached = share_at(mean, goal, batch, labels)
        print(f"  {name:<22}{row}   {'never' if np.isinf(reached) else f'{100 * reached:.0f} %'}")
    if SHIPPED not in means or "by lot" not in means:
        return np.inf, np.inf
    by_luck = share_at(means[SHIPPED], float(means["by lot"][-1]), batch, labels)
    print(f"  {SHIPPED} is as right as {labels:.0f} labels by lot at {100 * by_luck:.0f} %")
    return share_at(means[SHIPPED], goal, batch, labels), by_luck


def share_at(mean: np.ndarray, goal: float, batch: int, labels: float) -> float:
    """The share of the labels at which a curve first reaches the goal; infinite where it never does."""
    there = np.flatnonzero(mean >= goal)
    return float(batch * (there[0] + 1) / labels) if len(there) else np.inf


def speed(rows: int = 100_000) -> float:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((rows, 128)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    probabilities = random.dirichlet(np.ones(10), rows).astype(np.float32)
    labelled = random.random(rows) < 0.01
    took = []
    for given in (None, probabilities):
        seconds = []
        for _ in range(5):  # the middle one: other programs may take the machine meanwhile
            began = time.perf_counter()
            next_to_label(given, vectors, labelled, 40)
            seconds.append(time.perf_counter() - began)
        took.append(sorted(seconds)[2])
    print(f"\n40 of {rows:,} photos: {took[0]:.2f} s before guesses, {took[1]:.2f} s with them")
    return max(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    labelled_sets.add_options(parser)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--batch", type=int, default=5)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    options = parser.parse_args()
    aside, rest = [], []
    for photos in labelled_sets.load(options):
        layers = chosen_layers(photos)
        aside.append(simulate(photos, layers, options.ways, options.draws, options.batch, 0.25))
        rest.append(simulate(photos, layers, options.ways, options.draws, options.batch, 0.0))
    slow = speed()
    print()
    fine = True
    for where, pairs in (("photos kept aside", aside), ("the photos not labelled", rest)):
        for place, goal in enumerate((f"{EACH} random ones of each answer", "so many drawn by lot")):
            hits = sum(pair[place] <= SHARE for pair in pairs)
            what = f"sets as right on {where} as {goal}, with {100 * SHARE:.0f} % of the labels"
            fine &= labelled_sets.common.verdict(what, hits, 2, at_least=True)
    quick = labelled_sets.common.verdict("choosing 40 of 100,000", slow, 1.0, "s")
    return 0 if fine and quick else 1


if __name__ == "__main__":
    raise SystemExit(main())
