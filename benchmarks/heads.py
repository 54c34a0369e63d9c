"""How right trained heads are on folders of class sub-folders, beside simpler ways to the same end.

For every folder, a number of photos of each class are drawn as labels, `auto` is trained on them, and what it says of
all the others is compared with their folders. Beside it stand, on the same draws: plain logistic regression on each
single layer (the best of them, chosen with hindsight, is the bar), k nearest neighbours and softmax on the embedding,
and a linear SVM on the logits.

    python benchmarks/heads.py FOLDER ...                       # 10 draws of 5 and of 20 labels a class
    python benchmarks/heads.py --truth test-truth.csv FOLDER    # labels are all class folders; the truth of the rest
                                                                # is in a CSV beside them with columns file and class
    python benchmarks/heads.py --cost FOLDER                    # what training on 1,000 labels of 10 classes takes
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import common
import numpy as np
import numpy.typing as npt
from class_folders import MAIN, ClassFolders, load

from desktop_app.core.learn.evaluate import cross_validate
from desktop_app.core.learn.examples import Examples
from desktop_app.core.learn.folds import repeated_folds
from desktop_app.core.learn.groups import groups_of
from desktop_app.core.learn.heads import Softmax
from desktop_app.core.learn.layers import rank_layers
from desktop_app.core.learn.preparation import Layers
from desktop_app.core.learn.train import train
from desktop_app.core.learn.trained import Trained

T = TypeVar("T")

LABELS = (5, 20)
HELD_OUT = 6  # photos of a class that are left to be judged by, at least
MARGIN = 0.01


def drain(steps: Generator[object, None, T]) -> T:
    """Run a generator to its end and give its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


class Draws:
    """Labels drawn from the photos of a folder, class by class.

    Args:
        labels: how many of each class; classes that have not `HELD_OUT` more are left out.
    """

    def __init__(self, photos: ClassFolders, labels: int) -> None:
        answers, self.classes = photos.classes(labels + HELD_OUT)
        kept = answers >= 0
        self.name, self.labels = photos.name, labels
        self.answers = answers[kept]
        self.features = {name: block[kept] for name, block in photos.features.items()}
        self.groups = groups_of(photos.features[MAIN], photos.contents)[kept]

    @property
    def held_out(self) -> int:
        """Photos that are left to be judged by."""
        return len(self.answers) - self.labels * len(self.classes)

    def draw(self, seed: int) -> npt.NDArray[np.bool_]:
        """Which photos have labels in this draw: bool (n,)."""
        random = np.random.default_rng(seed)
        chosen = np.zeros(len(self.answers), bool)
        for one in range(len(self.classes)):
            chosen[random.permutation(np.flatnonzero(self.answers == one))[: self.labels]] = True
        return chosen

    def examples(self, chosen: npt.NDArray[np.bool_]) -> Examples:
        """The labelled photos of a draw."""
        features = {name: block[chosen] for name, block in self.features.items()}
        return Examples(features, self.answers[chosen], self.groups[chosen], self.classes)

    def truth(self, head: Trained, chosen: npt.NDArray[np.bool_]) -> float:
        """How often a head is right on the photos without labels."""
        found = head.probabilities({name: block[~chosen] for name, block in self.features.items()}).argmax(axis=1)
        return float((found == self.answers[~chosen]).mean())


def simpler(draws: Draws, chosen: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Accuracy of the simpler ways on one draw."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import LinearSVC

    def score(model: object, layer: str) -> float:
        block = draws.features[layer]
        model.fit(block[chosen], draws.answers[chosen])  # type: ignore[attr-defined]
        return float(model.score(block[~chosen], draws.answers[~chosen]))  # type: ignore[attr-defined]

    found = {f"softmax on {layer}": score(LogisticRegression(max_iter=5000), layer) for layer in draws.features}
    found["k-NN on embedding"] = score(KNeighborsClassifier(min(5, draws.labels), metric="cosine"), MAIN)
    found["SVM on logits"] = score(LinearSVC(dual=True, C=0.01, max_iter=20_000, random_state=0), "logits")
    return found


def compare(photos: ClassFolders, labels: int, count: int) -> bool:
    draws = Draws(photos, labels)
    if len(draws.classes) < 2:
        common.skip(f"{photos.name} at {labels} labels a class: too few photos")
        return True
    own: list[float] = []
    said: list[float] = []
    seconds: list[float] = []
    others: dict[str, list[float]] = {}
    layers: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for seed in range(count):
        chosen = draws.draw(seed)
        began = time.process_time()
        head = drain(train(draws.examples(chosen), seed=seed))
        seconds.append(time.process_time() - began)
        own.append(draws.truth(head, chosen))
        said.append(float("nan") if head.accuracy is None else head.accuracy)
        layers[head.layer] += 1
        kinds[head.kind] += 1
        for name, accuracy in simpler(draws, chosen).items():
            others.setdefault(name, []).append(accuracy)
    means = {name: float(np.mean(values)) for name, values in others.items()}
    bar = max(value for name, value in means.items() if name.startswith("softmax on"))
    print(
        f"\n{draws.name}, {labels} labels of each of {len(draws.classes)} classes, {draws.held_out} photos to judge by,"
        f" {count} draws, {np.median(seconds):.1f} s of processor time each"
    )
    print(f"  {'auto':<24} {np.mean(own):.3f}   it says {np.mean(said):.3f}")
    for name, value in sorted(means.items(), key=lambda item: -item[1]):
        print(f"  {name:<24} {value:.3f}")
    print("  chosen:", ", ".join(f"{name} {n}x" for name, n in (layers + kinds).most_common()))
    what = f"{draws.name}, {labels} a class: auto against the best single layer {bar:.3f}"
    return common.verdict(what, float(np.mean(own)), bar - MARGIN, at_least=True)


def with_truth(photos: ClassFolders, table: Path) -> bool:
    """Train on all class folders, judge by a table."""
    with table.open(encoding="utf-8", newline="") as stream:
        truth = {row["file"]: row["class"] for row in csv.DictReader(stream)}
    names = [Path(path).name for path in photos.paths]
    answers, classes = photos.classes()
    known = np.array([place for place, name in enumerate(names) if name not in truth], np.int64)
    kept = tuple(sorted({classes[one] for one in answers[known] if one >= 0}))
    index = np.array([kept.index(name) if name in kept else -1 for name in classes])
    features = {name: block[known] for name, block in photos.features.items()}
    groups = groups_of(photos.features[MAIN], photos.contents)[known]
    began = time.process_time()
    head = drain(train(Examples(features, index[answers[known]], groups, kept)))
    took = time.process_time() - began
    print(f"\n{photos.name}: {len(known)} labels, {head.kind} on {head.layer}, {took:.1f} s of processor time")
    print(f"  says {head.accuracy} ({head.interval[0]:.2f} to {head.interval[1]:.2f})")
    right = asked = 0
    for place, name in enumerate(names):
        if name not in truth:
            continue
        found = head.probabilities({layer: block[[place]] for layer, block in photos.features.items()})[0]
        best = kept[int(found.argmax())]
        print(f"  {name}: {best} {found.max():.2f}   (truth: {truth[name] or 'none of these'})")
        asked += bool(truth[name])
        right += best == truth[name]
    return common.verdict(f"{photos.name}: photos found of {asked}", right, asked, at_least=True)


def cost(photos: ClassFolders) -> bool:
    """What training on 1,000 labels takes, in processor time: photos are repeated with noise where there are fewer."""
    answers, classes = photos.classes()
    classes = classes[:10]
    random = np.random.default_rng(0)
    usable = np.flatnonzero((answers >= 0) & (answers < len(classes)))
    places = np.resize(random.permutation(usable), 1000)
    again = np.arange(1000) >= len(usable)
    features = {}
    for name, block in photos.features.items():
        noise = random.normal(size=(1000, block.shape[1])).astype(np.float32) * block.std(axis=0)
        features[name] = block[places] + 0.7 * noise * again[:, None]
    examples = Examples(features, answers[places], np.arange(1000, dtype=np.int64), classes)
    small = examples.some(np.arange(40))
    drain(train(small))  # what is imported at the first training is not what training costs
    layers = Layers(examples)
    dealings = repeated_folds(examples.answers, examples.groups, 0)
    began = time.process_time()
    ranked = drain(rank_layers(examples, layers, dealings))
    print(f"\n{photos.name}: 1,000 labels, {len(classes)} classes; seconds of processor time, one core")
    fine = common.verdict("all layers and concatenations ranked", time.process_time() - began, 3, "s")
    began = time.process_time()
    for one in sorted(ranked, key=lambda one: -one.accuracy)[:3]:
        prepared = layers.get(one.layers)[1]
        drain(cross_validate(Softmax, prepared, examples.answers, len(classes), dealings))
    fine &= common.verdict("the best three cross-validated", time.process_time() - began, 10, "s")
    before = examples.some(np.sort(random.permutation(1000)[:960]))
    for wishes in ({}, {"head": "svm"}, {"head": "mlp"}, {"head": "neighbours"}, {"head": "softmax"}):
        began = time.process_time()
        first = drain(train(before, **wishes))
        print(f"         {wishes.get('head', 'auto')} from nothing: {time.process_time() - began:.2f} s")
        began = time.process_time()
        prepared = first.preparation.apply(examples.features)
        type(first.head)(first.head.strength).fit(prepared, examples.answers, len(classes), first.head)
        name = f"{first.kind} on {first.layer}"
        fine &= common.verdict(f"{name}, refitted", 1000 * (time.process_time() - began), 300, "ms")
        began = time.process_time()
        drain(train(examples, warm=first, **wishes))
        print(f"         {name}, refitted and tested anew: {1000 * (time.process_time() - began):.0f} ms")
    return fine


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    options.add_argument("--cache", type=Path, help="keep features in this folder")
    options.add_argument("--network", default="efficientnet-lite0-int8")
    options.add_argument("--draws", type=int, default=10)
    options.add_argument("--labels", type=int, nargs="+", default=list(LABELS))
    options.add_argument("--truth", help="name of a CSV in each folder")
    options.add_argument("--cost", action="store_true")
    wishes = options.parse_args()
    with common.temporary_folder() as temporary:
        fine = True
        for folder in wishes.folders:
            if not folder.is_dir():
                common.skip(f"{folder}: not there")
                continue
            photos = load(folder, wishes.cache or temporary, wishes.network)
            if wishes.cost:
                fine &= cost(photos)
            elif wishes.truth:
                fine &= with_truth(photos, folder / wishes.truth)
            else:
                for labels in wishes.labels:
                    fine &= compare(photos, labels, wishes.draws)
    raise SystemExit(not fine)


if __name__ == "__main__":
    main()
