"""How fast photos are added, beside what the machine could do at best, and beside the usual PyTorch script.

The best there could be: cores / (reduced decode + resize to the network's input + network + one 256-pixel JPEG
thumbnail), each of the four measured alone, on one thread, over the same files in the same run. The program's figure
is that of the whole operation: looking for the files, reading, hashing, decoding, thumbnails, network, every vector and
catalogue row on the disk, index and graph at the end.

    python benchmarks/index_speed.py                         # 12-megapixel and 500 to 1,000-pixel photos, made up
    python benchmarks/index_speed.py --photos FOLDER         # the JPEGs of a folder as they are, instead
    python benchmarks/index_speed.py --sources FOLDER        # make the photos from the pictures of a folder
    python benchmarks/index_speed.py --peer-python PYTHON    # also run peer_pytorch.py, with that interpreter
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import common
import numpy as np
from made_photos import make_large, make_small

from desktop_app.core.images.decode import read_bytes, single_threaded
from desktop_app.core.images.opencv_codec import decode_jpeg, read_jpeg_header
from desktop_app.core.images.pixels import Fit, resized
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.pipeline import cores

SHARE = 0.85
TIMES_THE_PEER = 8.0
FIT = Fit(short_side=256)
STAGES = ("reduced decode", "resize to the input", "network", "thumbnail")


@dataclass(frozen=True)
class Run:
    """One whole operation."""

    photos: int
    whole: float  # seconds, from the call to the result
    reading: float  # seconds from the first file read to the last commit
    processor: float  # seconds of processor time of all threads
    others: float  # share of the machine that other programs took
    idle: float  # share of the machine that nobody took


def stages_once(files: Sequence[Path], engine: Engine) -> tuple[list[float], list[float]]:
    """Seconds per photo of each stage, as median over the files: on the clock, and of processor time."""
    clock: list[list[float]] = [[] for _ in STAGES]
    processor: list[list[float]] = [[] for _ in STAGES]
    for file in files:
        data = read_bytes(file)
        header = read_jpeg_header(data)
        assert header is not None
        size = (header.width, header.height)
        value: object = None
        for stage in range(len(STAGES)):
            began, began_processor = time.perf_counter(), time.thread_time()
            if stage == 0:
                value = decoded = decode_jpeg(data, size, FIT(size))
                assert decoded is not None
            elif stage == 1:
                small = resized(decoded, FIT(size))
                tensor = engine.prepare(small)
            elif stage == 2:
                value = engine.run(tensor[np.newaxis])
            else:
                value = encode_thumbnail(small)
            clock[stage].append(time.perf_counter() - began)
            processor[stage].append(time.thread_time() - began_processor)
        del value
    # the sum over the files counts, since photos differ; a median per stage would hide the large ones
    return [sum(times) / len(files) for times in clock], [sum(times) / len(files) for times in processor]


def run_once(folder: Path, library_folder: Path, network: str) -> Run:
    with Library(library_folder, network=network, device="cpu") as library:
        library.engine.warm_up()
        first = last = 0.0
        with common.Load() as load:
            began = time.perf_counter()
            operation = ingest(library, [folder])
            while True:
                try:
                    progress = next(operation)
                except StopIteration as ended:
                    result = ended.value
                    break
                if progress.text.startswith("Looking"):
                    first = time.perf_counter()
                elif progress.text == "Adding photos" and progress.total:
                    last = time.perf_counter()
            whole = time.perf_counter() - began
        return Run(result.read, whole, last - first, load.own, load.others, load.idle)


def peer(python: str, folder: Path, limit: int) -> tuple[float, float] | None:
    """Photos per second of the usual script and its processor time per photo, or None where it cannot run."""
    script = Path(__file__).with_name("peer_pytorch.py")
    command = [python, str(script), str(folder), "--limit", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        common.skip(
            f"the PyTorch script: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'it failed'}"
        )
        return None
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return float(answer["photos"] / answer["seconds"]), float(answer["processor"] / answer["photos"])


def measure(name: str, folder: Path, options: argparse.Namespace, peer_photos: int) -> bool:
    files = common.jpegs_below(folder)
    size = common.warm(files)
    print(f"\n{name}: {len(files):,} JPEGs, {size / len(files) / 1e6:.2f} MB each")
    chosen = files[:: max(1, len(files) // options.sample)][: options.sample]
    clocks, processors, runs = [], [], []
    with common.temporary_folder() as work:
        with Library(work / "first", network=options.network, device="cpu") as library:
            engine, network = library.engine, library.network.name
        stages_once(chosen[:8], engine)
        for number in range(options.passes):
            clock, processor = stages_once(chosen, engine)
            clocks.append(clock)
            processors.append(processor)
            runs.append(run_once(folder, work / f"library-{number}", network))
        clock, processor = stages_once(chosen, engine)
        clocks.append(clock)
        processors.append(processor)
    # the quickest of several passes is the one that other programs disturbed least
    best = [min(times) for times in zip(*clocks, strict=True)]
    used = [min(times) for times in zip(*processors, strict=True)]
    for stage, seconds, spent in zip(STAGES, best, used, strict=True):
        print(f"  {stage:<20} {1000 * seconds:7.2f} ms   ({1000 * spent:.2f} ms of processor time)")
    bound = cores() / sum(best)
    print(f"  best there could be  {bound:7.1f} photos/s: {cores()} cores / {1000 * sum(best):.2f} ms ({network})")
    for run in runs:
        print(
            f"  the program          {run.photos / run.whole:7.1f} photos/s, {run.photos / run.reading:.1f} from the"
            f" first file to the last commit; {1000 * run.processor / run.photos:.2f} ms of processor time a photo,"
            f" others took {100 * run.others:.0f} % of the machine, {100 * run.idle:.0f} % idle"
        )
    rate = max(run.photos / run.whole for run in runs)
    middle = statistics.median(run.photos / run.whole for run in runs)
    # had other programs taken nothing: what a photo costs in processor time, and cores that stood idle
    share = max(sum(used) * run.photos / run.processor * (1 - run.idle) for run in runs)
    print(f"  by processor time    {share:7.2f} of the best (less idle cores; steady under load)")
    print(f"  median of all passes {middle / bound:7.2f} of the best")
    good = common.verdict(f"{name}, share of the best there could be", rate / bound, SHARE, at_least=True)
    if options.peer_python:
        with common.Load() as load:
            answer = peer(options.peer_python, folder, peer_photos)
        if answer is not None:
            theirs, spent = answer
            least = min(run.processor / run.photos for run in runs)
            print(
                f"  PIL and torch DataLoader, same weights in float32: {theirs:.1f} photos/s{load.remark()},"
                f" {1000 * spent:.0f} ms of processor time a photo, {spent / least:.1f} times the program's"
            )
            good &= common.verdict(f"{name}, times the PyTorch script", rate / theirs, TIMES_THE_PEER, at_least=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--sources", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--large", type=int, default=400, help="12-megapixel photos to make")
    parser.add_argument("--small", type=int, default=3000, help="500 to 1,000-pixel photos to make")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--sample", type=int, default=100, help="files that each stage is measured on")
    parser.add_argument("--network", default="", help="default: the one that is fastest here")
    parser.add_argument("--peer-python", default="", metavar="PYTHON", help="an interpreter with the extra `peer`")
    options = parser.parse_args()
    single_threaded()
    good = True
    if not options.peer_python:
        common.skip("the PyTorch script: no --peer-python")
    for folder in options.photos:
        if common.jpegs_below(folder):
            good &= measure(folder.name, folder, options, 200)
        else:
            common.skip(f"{folder}: no JPEGs there")
    if options.photos:
        return 0 if good else 1
    for name, make, count, peer_photos in (
        ("12 megapixels", make_large, options.large, 64),
        ("500 to 1,000 pixels", make_small, options.small, 256),
    ):
        if count:
            with common.temporary_folder() as folder:
                took = common.seconds_of(
                    lambda make=make, folder=folder, count=count: make(folder / "p", count, options.sources)
                )
                print(f"\nmade {count:,} photos in {took:.0f} s", file=sys.stderr)
                good &= measure(name, folder / "p", options, peer_photos)
                os.sync()  # the next set does not pay for what this one left to be written
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
