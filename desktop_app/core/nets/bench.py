"""How many photos a second a network does here, by batch and threads, and which way is fastest.

On the processor a picture per worker (one single-threaded session, shared) mostly wins; networks with large dense
layers, such as AlexNet and VGG, read hundreds of megabytes of weights for each run and gain from batches. On the card
there are only batches. Measured is the network alone: reading and reducing photos comes on top.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from desktop_app.core import paths
from desktop_app.core.nets.choice import trial_picture
from desktop_app.core.nets.device import Kind
from desktop_app.core.nets.machine import cores, machine, read_json, write_json
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import Tensor
from desktop_app.core.nets.session import Engine, Wish
from desktop_app.core.types import Progress

CLEARLY = 1.15
"""How much faster batches must be to be chosen: while they run, reading photos wants the same cores."""

_CARD = (1, 8, 32)
_PROCESSOR = (4, 8)  # larger batches gain little and take gigabytes where maps are large
_SECONDS = 0.4  # of measuring a way
_LONGEST_RUN = 2.0  # seconds: nobody can stop a run, so a way whose runs would take longer is not tried
_PATIENCE = 0.05  # seconds between two reports


@dataclass(frozen=True, slots=True)
class Way:
    """A way of putting photos through a network.

    Attributes:
        kind: "workers": each of `threads` workers runs a picture at a time on one core; "batches": one run of `batch`
            pictures takes `threads` cores, or the card.
        threads: as said.
        batch: pictures of a run.
    """

    kind: Literal["workers", "batches"]
    threads: int
    batch: int = 1


@dataclass(frozen=True, slots=True)
class Speed:
    """What a way was measured to do."""

    way: Way
    photos_per_second: float


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured of a network on this machine.

    Attributes:
        network: its key.
        device: what it ran on.
        speeds: of every way that was tried.
        best: the way to take.
    """

    network: str
    device: Kind
    speeds: tuple[Speed, ...]
    best: Speed


Opener = Callable[[Network, Wish, int], Engine]
"""(network, device, threads) to an engine; tests bring their own."""


def cache_file() -> Path:
    """Where speeds are remembered."""
    return paths.cache_dir() / "speeds.json"


def bench(
    network: Network,
    *,
    device: Wish = "auto",
    workers: int = 0,
    remember: Path | None = None,
    opener: Opener = Engine,
) -> Generator[Progress, None, Bench]:
    """Measure a network, some two seconds for a fast one; closing the generator ends it soon.

    Args:
        network: which.
        device: as for `Engine`.
        workers: cores to measure with; 0 takes those there are.
        remember: file that keeps the result; by default `cache_file()`.
        opener: opens engines.

    Returns:
        What was measured, also remembered for `remembered` and `best_way`.

    Raises:
        UserError: the network cannot be run.
    """
    count = workers or cores()
    text = f"Measuring {network.title}"
    yield Progress(text)
    engine = opener(network, device, 1)
    picture = engine.prepare(trial_picture())
    engine.run(picture[np.newaxis])
    ways = list(_ways(network, engine.device.kind, count))
    speeds = list[Speed]()
    for done, way in enumerate(ways):
        yield Progress(text, done, len(ways))
        if speeds and way.batch / max(1e-9, speeds[0].photos_per_second) > _LONGEST_RUN * way.threads:
            continue
        if way.kind == "workers":
            rate = yield from _workers(engine, picture, way.threads, Progress(text, done, len(ways)))
        else:
            if engine.device.kind == "cpu" and way.threads > 1 and not any(s.way.kind == "batches" for s in speeds):
                engine = opener(network, "cpu", way.threads)  # the first one is let go of: some are half a gigabyte
            rate = yield from _batches(engine, picture, way.batch, Progress(text, done, len(ways)))
        speeds.append(Speed(way, round(rate, 1)))
    found = Bench(network.key, engine.device.kind, tuple(speeds), best_of(speeds))
    _keep(found, remember or cache_file())
    yield Progress(text, len(ways), len(ways))
    return found


def remembered(network: Network, device: Kind = "cpu", cache: Path | None = None) -> Bench | None:
    """What was measured before, on this machine and with this onnxruntime; None where nothing was."""
    values = _known(cache or cache_file()).get(f"{network.key} {device}")
    try:
        speeds = tuple(_speed(entry) for entry in values["speeds"])  # type: ignore[index]
        return Bench(network.key, device, speeds, _speed(values["best"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def best_way(network: Network, cache: Path | None = None) -> Way:
    """How to run a network on the processor: as measured, else a picture per worker.

    `Engine(network, device, way.threads, batch=way.batch)` for "batches", `Engine(network, device)` for "workers".
    """
    known = remembered(network, "cpu", cache)
    return known.best.way if known else Way("workers", cores())


def open_engine(network: Network, device: Wish = "auto", cache: Path | None = None) -> Engine:
    """An engine that runs a network in the way that was measured to be the best.

    Raises:
        UserError: as `Engine`.
    """
    way = best_way(network, cache)
    if way.kind == "batches" and way.batch > 1:
        return Engine(network, device, min(way.threads, cores()), batch=way.batch)
    return Engine(network, device)


def _ways(network: Network, device: Kind, count: int) -> Iterable[Way]:
    if device == "cuda":
        for batch in _CARD if network.batch_free else (1,):
            yield Way("batches", 1, batch)
        return
    for threads in sorted({1, count}):
        yield Way("workers", threads)
    for batch in _PROCESSOR if network.batch_free else ():
        yield Way("batches", count, batch)


def best_of(speeds: Sequence[Speed]) -> Speed:
    """The fastest, where batches on the processor have to be clearly faster than a picture per worker."""

    def worth(speed: Speed) -> float:
        return speed.photos_per_second * (CLEARLY if speed.way.kind == "workers" else 1)

    return max(speeds, key=worth)


def _workers(engine: Engine, picture: Tensor, count: int, report: Progress) -> Generator[Progress, None, float]:
    """Photos a second of so many workers, each with its own picture on one core."""
    stop = threading.Event()
    rates, errors = [0.0] * count, list[BaseException]()

    def work(place: int) -> None:
        batch = picture[np.newaxis].copy()
        runs, start = 0, time.perf_counter()
        try:
            while not stop.is_set() or not runs:
                engine.run(batch)
                runs += 1
                rates[place] = runs / max(1e-9, time.perf_counter() - start)
        except BaseException as error:  # raised again below
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(place,), name=f"bench-{place}", daemon=True) for place in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        end = time.perf_counter() + _SECONDS
        # a slow network is measured on two runs
        while time.perf_counter() < end or (not all(rates) and not errors):
            stop.wait(_PATIENCE)
            yield report
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return sum(rates)


def _batches(engine: Engine, picture: Tensor, size: int, report: Progress) -> Generator[Progress, None, float]:
    """Photos a second of one run after the other."""
    batch = np.repeat(picture[np.newaxis], size, axis=0)
    engine.run(batch)  # a new size is planned first
    yield report
    runs, start = 0, time.perf_counter()
    said = start
    while (now := time.perf_counter()) - start < _SECONDS or runs < 2:
        if now - said > _PATIENCE:
            said = now
            yield report
        engine.run(batch)
        runs += 1
    return runs * size / max(1e-9, time.perf_counter() - start)


def _speed(values: dict[str, object]) -> Speed:
    way = dict(values["way"])  # type: ignore[call-overload]
    if way["kind"] not in ("workers", "batches") or min(int(way["threads"]), int(way["batch"])) < 1:
        raise ValueError(f"way {way!r:.80}")
    rate = float(values["photos_per_second"])  # type: ignore[arg-type]
    return Speed(Way(way["kind"], int(way["threads"]), int(way["batch"])), rate)


def _known(cache: Path) -> dict[str, object]:
    values = read_json(cache)
    if isinstance(values, dict) and values.get("machine") == machine() and isinstance(values.get("networks"), dict):
        return dict(values["networks"])
    return {}


def _keep(found: Bench, cache: Path) -> None:
    networks = _known(cache)
    networks[f"{found.network} {found.device}"] = {
        "speeds": [asdict(speed) for speed in found.speeds],
        "best": asdict(found.best),
    }
    write_json(cache, {"machine": machine(), "networks": networks})
