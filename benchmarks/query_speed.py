"""How fast a query over a large library is, and how much of the exact answer it finds.

Made-up vectors with the structure of photos (themes, scenes within them, noise that lies in some directions more than
in others), 1,280-d as the bundled network gives them, projected to 128-d as the program does. Beside it, in the same
run: the plain way, cosine with every 1,280-d vector and a full sort.

    python benchmarks/query_speed.py [--rows N] [--queries N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from desktop_app.core.index import (
    SAMPLE,
    ExactIndex,
    HnswIndex,
    Projection,
    Searcher,
    Snapshot,
    Space,
    Stamp,
    VectorStore,
    hnsw_available,
)

WIDTH = 1280
LIMIT = 20
CHUNK = 5000
T = TypeVar("T")


class Photos:
    """Makes vectors: themes of scenes, with noise that falls off over 256 directions, cut off at zero."""

    def __init__(self, rows: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        themes = max(4, rows // 500)
        scenes = max(8, rows // 25)
        themes_at = self._random.standard_normal((themes, WIDTH), np.float32)
        self._scenes = 0.6 * self._random.standard_normal((scenes, WIDTH), np.float32)
        self._scenes += themes_at[self._random.integers(themes, size=scenes)]
        falling = (np.arange(1, 257) ** -0.5).astype(np.float32)[:, np.newaxis]
        self._directions = falling * self._random.standard_normal((256, WIDTH), np.float32)

    def take(self, count: int) -> np.ndarray:
        """Float32 (count, 1280)."""
        out = self._scenes[self._random.integers(len(self._scenes), size=count)]
        out += 0.35 * (self._random.standard_normal((count, 256), np.float32) @ self._directions)
        return np.maximum(out, 0, out=out)


def measure(queries: np.ndarray, search: Callable[[np.ndarray], T]) -> tuple[list[T], np.ndarray]:
    search(queries[0])  # touch everything once
    found, seconds = [], []
    for query in queries:
        began = time.perf_counter()
        found.append(search(query))
        seconds.append(time.perf_counter() - began)
    return found, 1000 * np.array(seconds)


def line(name: str, milliseconds: np.ndarray) -> None:
    median, late = np.percentile(milliseconds, (50, 99))
    print(f"{name:<44} median {median:8.2f} ms   p99 {late:8.2f} ms")


def recall(found: list, exact: list) -> float:
    shares = [len(np.intersect1d(a, b)) / len(b) for (a, _), (b, _) in zip(found, exact, strict=True)]
    return float(np.mean(shares))


def finish(steps: Generator[int, None, T]) -> T:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def run(folder: Path, rows: int, count: int) -> bool:
    photos = Photos(rows, seed=1)
    plain = np.empty((rows, WIDTH), np.float32)
    with VectorStore(folder / "vectors", {"embedding": WIDTH}, writable=True) as store:
        for at in range(0, rows, CHUNK):
            block = photos.take(min(CHUNK, rows - at))
            store.append({"embedding": block})
            plain[at : at + len(block)] = block / np.linalg.norm(block, axis=1, keepdims=True)
        store.flush()
        queries = photos.take(count)

        began = time.perf_counter()
        sample = store.read("embedding", slice(0, min(SAMPLE, rows)))
        projection = Projection.fit(sample, rows, None)
        print(f"projection fitted in {time.perf_counter() - began:.1f} s")
        space = Space(folder / "space")
        began = time.perf_counter()
        space.replace(projection, store.chunks("embedding"))
        print(f"{rows:,} vectors projected to {projection.dimension}-d in {time.perf_counter() - began:.1f} s")
    view = space.view()
    assert view is not None

    index = ExactIndex(view.matrix)
    truth, exact_times = measure(queries, lambda raw: index.search(projection.apply(raw[np.newaxis])[0], LIMIT))
    engine, recalled = exact_times, 1.0
    if hnsw_available():
        stamp = Stamp("benchmark", projection.digest, projection.dimension)
        began = time.perf_counter()
        hnsw = finish(HnswIndex.build(view.matrix, np.arange(rows, dtype=np.int64), stamp))
        took = time.perf_counter() - began
        print(f"HNSW built in {took:.1f} s: {rows / took:,.0f} rows/s")
        began = time.perf_counter()
        hnsw.save(folder / "graph.hnsw")
        saved = time.perf_counter() - began
        began = time.perf_counter()
        loaded = HnswIndex.load(folder / "graph.hnsw", stamp, view.matrix)
        print(f"HNSW file saved in {saved:.2f} s, loaded in {time.perf_counter() - began:.2f} s")
        graph = Searcher(Snapshot(view, loaded, exact_below=0))
        found, graph_times = measure(queries, lambda raw: graph.search(raw, LIMIT))
        graph_recall = recall(found, truth)
        program = Searcher(Snapshot(view, loaded))  # it chooses by the number of rows
        found, engine = measure(queries, lambda raw: program.search(raw, LIMIT))
        recalled = recall(found, truth)
        line(f"HNSW, recall@{LIMIT} {graph_recall:.4f}", graph_times)
    line("exact, 128-d", exact_times)

    def sort_all(raw: np.ndarray) -> np.ndarray:
        return np.argsort(-(plain @ (raw / np.linalg.norm(raw))))[:LIMIT]

    _, plain_times = measure(queries[:50], sort_all)
    line("plain: cosine with every 1280-d, full sort", plain_times)
    line(f"the program, recall@{LIMIT} {recalled:.4f}", engine)
    good = float(np.median(engine)) <= 5.0 and recalled >= 0.99
    print(f"{np.median(plain_times) / np.median(engine):.0f} times as fast as the plain way")
    print("target (<= 5 ms, recall >= 0.99):", "reached" if good else "MISSED")
    space.close()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(Path(folder), options.rows, options.queries) else 1


if __name__ == "__main__":
    raise SystemExit(main())
