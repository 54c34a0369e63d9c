"""Groups found against groups that people made: which method finds folders again, and how fast on 100,000 photos.

Each method says by itself how many groups there are; beside them stands plain k-means that is told the true number.
NMI and ARI compare with the folders (1: the same groups); the odd ones out count as one group.

    python benchmarks/clusters.py PHOTOS                       # PHOTOS holds clothing-small, grocery-store, sign-digits
    python benchmarks/clusters.py PHOTOS --big DIR             # and speed on the library in DIR (see big_library.py)
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable, Generator
from pathlib import Path

import big_library
import class_folders
import common
import labelled_sets
import numpy as np
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from desktop_app.core.cluster.group import cluster
from desktop_app.core.cluster.kmeans import points
from desktop_app.core.index.projection import Projection
from desktop_app.core.library import Library
from desktop_app.core.operations import themes

LEAST = {"clothing-small": 0.60, "grocery-store": 0.70}
_DEEP = 9  # folders below folders are answers of their own
_HALVES = 5  # times that the number is proposed for half of the photos


def end(steps: Generator) -> object:
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


def compare(options: argparse.Namespace) -> bool:
    print(f"{'photos':<16}{'method':<30}{'groups':>7}{'odd':>6}{'NMI':>8}{'ARI':>8}{'ms':>8}")
    reached = True
    for name in options.sets:
        root = options.photos / name / labelled_sets.ROOTS[name]
        if not root.is_dir():
            common.skip(f"{name}: not in {options.photos}")
            continue
        photos = class_folders.load(root.resolve(), options.cache, labelled_sets.NETWORK)
        folders, _ = photos.classes(depth=_DEEP)
        inside = folders >= 0
        vectors = photos.features[class_folders.MAIN]
        of, truth = points(Projection.fit(vectors, len(vectors), None).apply(vectors))[inside], folders[inside]
        count = len(np.unique(truth))

        def row(what: str, work: Callable[[], np.ndarray], name: str = name, truth: np.ndarray = truth) -> float:
            began = time.process_time()
            labels = work()
            spent = 1000 * (time.process_time() - began)
            nmi, ari = normalized_mutual_info_score(truth, labels), adjusted_rand_score(truth, labels)
            groups = len(np.unique(labels[labels >= 0]))
            print(f"{name:<16}{what:<30}{groups:>7}{(labels < 0).sum():>6}{nmi:>8.3f}{ari:>8.3f}{spent:>8.0f}")
            return float(nmi)

        def own(method: str = "kmeans", asked: int | None = None, of: np.ndarray = of) -> Callable[[], np.ndarray]:
            def work() -> np.ndarray:
                found = end(cluster(of, method=method, count=asked))
                return found.labels(found.proposal.count)

            return work

        print(f"{name:<16}{'(the folders)':<30}{count:>7}")
        figure = row("tree, number proposed", own())
        row("tree, true number", own(asked=count))
        row("density, number proposed", own("density"))
        row("density, true number", own("density", count))
        plain = KMeans(count, n_init=10, random_state=0)
        row("plain k-means, true number", lambda of=of, plain=plain: plain.fit_predict(of))
        row("plain HDBSCAN", lambda of=of: HDBSCAN(min_cluster_size=5, copy=True).fit_predict(of))
        random = np.random.default_rng(0)
        halves = [np.sort(random.choice(len(of), len(of) // 2, replace=False)) for _ in range(_HALVES)]
        numbers, shares = [], []
        for half in halves:
            found = end(cluster(of[half]))
            numbers.append(found.proposal.count)
            shares.append(normalized_mutual_info_score(truth[half], found.labels(found.proposal.count)))
        print(f"{name:<16}of halves: numbers {numbers}, NMI {min(shares):.3f} to {max(shares):.3f}\n")
        if name in LEAST:
            reached &= common.verdict(f"NMI on {name}", figure, LEAST[name], at_least=True)
    return reached


def speed(folder: Path, photos: int) -> bool:
    """Times on a copy of the library without its pictures, so that it stays as it was."""
    with big_library.big_library(folder, photos) as made, common.temporary_folder() as temporary:
        place = temporary / "library"
        place.mkdir()
        for part in ("catalogue.sqlite", "vectors", "index"):
            source = made / "library" / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, place / part)
        with Library(place, device="cpu") as library:
            return _speed(library)


def _speed(library: Library) -> bool:
    import sklearn.cluster  # noqa: F401 - what takes a second to load is no part of the work

    count = len(themes.photos_in(library, themes.ALL))
    answers, processor = [], []
    for method in ("density", "kmeans"):
        began, busy = time.perf_counter(), time.process_time()
        found = end(themes.group(library, method=method))
        grouping = end(themes.keep(library, found)).grouping.id
        themes.cards(library, grouping)
        answers.append(time.perf_counter() - began)
        processor.append(time.process_time() - busy)
        print(
            f"{count:,} photos, {method}: first answer {answers[-1]:.1f} s (processor {processor[-1]:.1f} s),"
            f" {found.clustered.tree.leaves} finest groups, {found.count} proposed"
        )
    moves, spent = [], []
    range_ = themes.levels(library, grouping)
    for number in np.unique(np.geomspace(range_.least, range_.most, 25).round().astype(int)).tolist() * 2:
        began, busy = time.perf_counter(), time.process_time()
        themes.cut(library, grouping, number)
        themes.cards(library, grouping)
        moves.append(1000 * (time.perf_counter() - began))
        spent.append(1000 * (time.process_time() - busy))
    common.median_and_worst("moving the slider, with what the cards show", moves)
    common.median_and_worst("the same in processor time", spent)
    # by processor time, which a busy machine leaves alone; on the clock a quiet one is no slower
    first = common.verdict("first answer, processor time", processor[-1], 10, "s")
    return common.verdict("slider, 95 in 100, processor time", common.percentile(spent, 95), 200, "ms") and first


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    labelled_sets.add_options(parser)
    parser.add_argument("--big", type=Path, metavar="DIR", help="measure speed on this library (see big_library.py)")
    parser.add_argument("--number", type=int, default=100_000, metavar="N", help="photos in it")
    options = parser.parse_args()
    with common.Load() as load:
        reached = compare(options)
        if options.big is not None:
            reached &= speed(options.big, options.number)
    print(f"machine:{load.remark() or ' quiet'}")
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
