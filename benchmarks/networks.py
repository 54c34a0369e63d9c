"""What wrapping a network costs: photos a second through Likeness beside bare onnxruntime on the same inputs.

For each network the two take turns, a photo at a time on one thread: `Engine.prepare` and `Engine.run` on pictures of
the size that the decoder gives, and a session of the same file with the same options on inputs that were prepared
before. Measured are the bundled networks, the light graphs that the `onnx` package carries (cut as a person's own file
would be; their weights are constants, which costs the same time), and files of one's own.

    python benchmarks/networks.py                    # bundled ones and light graphs
    python benchmarks/networks.py FILE.onnx ...      # these too
    python benchmarks/networks.py --bench            # also photos a second by batch and threads, and the chosen way
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import common
import numpy as np
import onnx

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.nets.bench import bench
from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.nets.session import Engine, open_session
from desktop_app.core.operations.networks import add
from desktop_app.core.surgery.guard import examining

T = TypeVar("T")

TARGET = 0.95
PICTURES = 8
SECONDS, LEAST_ROUNDS = 3.0, 8
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


@dataclass(frozen=True)
class Cost:
    """Seconds of one photo: on the clock, and of processor time (which other programs disturb less)."""

    clock: float
    processor: float


def drain(steps: Generator[object, None, T]) -> T:
    """Run a generator to its end and give its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def networks(files: list[Path]) -> Iterator[Network]:
    """The bundled networks, and files added as a person would."""
    yield from bundled_networks(paths.models_dir())
    if not LIGHT.is_dir():
        common.skip("light graphs: the onnx package here carries none")
    for file in [*sorted(LIGHT.glob("*.onnx")), *files]:
        try:
            yield drain(add(file, drain(examining(file))))
        except UserError as error:
            common.skip(f"{file.name}: {error}")


def turns(network: Network) -> tuple[Cost, Cost]:
    """A photo through Likeness, and through bare onnxruntime: lower quartiles of runs that took turns."""
    engine, session = Engine(network, "cpu"), open_session(network, "cpu", 1)
    names = [layer.name for layer in network.layers]
    draw, side = np.random.default_rng(0), network.decode_side
    pictures = [draw.integers(0, 256, (side, round(side * 4 / 3), 3), np.uint8) for _ in range(PICTURES)]
    inputs = [engine.prepare(picture)[np.newaxis] for picture in pictures]
    wrapped, bare = list[Cost](), list[Cost]()

    def ours(place: int) -> None:
        engine.run(engine.prepare(pictures[place])[np.newaxis])

    def theirs(place: int) -> None:
        session.run(names, {network.input_name: inputs[place]})

    ours(0), theirs(0)
    began, rounds = time.perf_counter(), 0
    while rounds < LEAST_ROUNDS or time.perf_counter() - began < SECONDS:
        # who begins changes, so that neither always finds the caches warm
        for work, costs in ((ours, wrapped), (theirs, bare))[:: -1 if rounds % 2 else 1]:
            clock, processor = time.perf_counter(), time.thread_time()
            work(rounds % PICTURES)
            costs.append(Cost(time.perf_counter() - clock, time.thread_time() - processor))
        rounds += 1
    return undisturbed(wrapped), undisturbed(bare)


def undisturbed(costs: list[Cost]) -> Cost:
    """The lower quartiles: what other programs do to a run only makes it longer."""
    return Cost(*(common.percentile([getattr(cost, name) for cost in costs], 25) for name in ("clock", "processor")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE.onnx", help="networks of one's own")
    parser.add_argument("--bench", action="store_true", help="also measure by batch and threads")
    options = parser.parse_args()
    single_threaded()
    print(f"{'network':<26} {'Likeness':>12} {'onnxruntime':>12}   ratio  by processor time  (one thread, photos/s)")
    least = list[float]()
    with common.Load() as load:
        for network in networks(options.files):
            ours, theirs = turns(network)
            ratios = theirs.clock / ours.clock, theirs.processor / ours.processor
            least.append(ratios[1])
            rates = f"{1 / ours.clock:>12.1f} {1 / theirs.clock:>12.1f}"
            print(f"{network.name:<26} {rates}   {ratios[0]:.3f}  {ratios[1]:.3f}", flush=True)
            if options.bench:
                found = drain(bench(network, device="cpu"))
                for speed in found.speeds:
                    chosen = "  <- chosen" if speed == found.best else ""
                    way = f"{speed.way.threads} x {speed.way.kind}, batch {speed.way.batch}"
                    print(f"    {way:<26} {speed.photos_per_second:>8.1f} photos/s{chosen}", flush=True)
    common.verdict(
        "photos/s through Likeness by bare onnxruntime, processor time, least" + load.remark(),
        min(least),
        TARGET,
        at_least=True,
    )


if __name__ == "__main__":
    main()
