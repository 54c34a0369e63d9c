"""Which bundled network suits this computer: measured once, then remembered."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.nets.machine import machine, read_json, write_json
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.nets.session import Engine, Wish, detect_card
from desktop_app.core.types import Pixels

AGREEMENT = 0.98
"""Least cosine of the embeddings of a network and of the float32 one on `trial_picture`."""

_RUNS = 12
_LIMIT = 0.15  # seconds of measuring per network


def fastest(
    networks: Sequence[Network],
    cache_file: Path,
    *,
    device: Wish = "auto",
    engine: Callable[[Network, Wish], Engine] = Engine,
    card: Callable[[], str | None] = detect_card,
) -> Network:
    """The network that is fastest here: float32 on a graphics card that works, else as measured on the processor.

    An 8-bit network is taken only where it also agrees with the float32 one: processors without the VNNI instructions
    may clip its sums. The measurement takes under a second and is made again when the processor, onnxruntime or the
    networks change.

    Args:
        networks: of `bundled_networks`; one of them float32.
        cache_file: JSON; one that cannot be read or written only means measuring again.
        device: as for `Engine`.
        engine: opens engines; tests bring their own.
        card: names the graphics card that is there, or None.

    Raises:
        UserError: a network cannot be run.
    """
    precise = next((network for network in networks if network.precision == "float32"), networks[0])
    if len(networks) == 1 or device == "cuda":
        return precise
    if device == "auto" and card() is not None:
        # a library keeps the network it begins with, so this is asked once per library
        with contextlib.suppress(UserError):
            if engine(precise, "auto").device.kind == "cuda":
                return precise
    here = _machine(networks)
    name = _remembered(cache_file, here)
    for network in networks:
        if network.name == name:
            return network
    rates = _measure(networks, precise, engine)
    chosen = max(rates, key=lambda network: rates[network])
    found = {network.name: round(rate, 1) for network, rate in rates.items()}
    write_json(cache_file, {"machine": here, "network": chosen.name, "photos_per_second": found})
    return chosen


def trial_picture() -> Pixels:
    """A picture with edges, curves, colours and texture: uint8 (256, 256, 3), the same on every computer.

    On it the bundled networks agree to 0.998 (where 8-bit sums are exact), as they do on photos.
    """
    y, x = np.mgrid[0:256, 0:256].astype(np.float64) / 255
    picture = np.stack([0.25 + 0.5 * x, 0.7 - 0.4 * y, 0.45 + 0.1 * x * y], axis=-1)
    disc = (x - 0.5) ** 2 + (y - 0.42) ** 2
    picture[disc < 0.06] = (0.85, 0.3, 0.15)
    picture[disc < 0.012] = (0.1, 0.1, 0.12)
    stripes = (y > 0.72) & ((x * 20).astype(int) % 2 == 0)
    picture[stripes] = (0.95, 0.9, 0.8)
    for frequency, strength in ((9, 0.15), (23, 0.105), (61, 0.075)):
        ripples = np.sin(frequency * x + 3 * np.sin(0.7 * frequency * y))
        ripples *= np.cos(0.83 * frequency * y + 2 * np.sin(0.45 * frequency * x))
        picture += strength * ripples[..., None] * (1, 0.8, 0.6)
    return np.asarray(np.clip(picture, 0, 1) * 255, np.uint8)


def _measure(
    networks: Sequence[Network], precise: Network, engine: Callable[[Network, Wish], Engine]
) -> dict[Network, float]:
    """Pictures a second on one thread, of the networks that agree with `precise`."""
    rates: dict[Network, float] = {}
    picture = trial_picture()
    expected: np.ndarray | None = None
    for network in (precise, *(other for other in networks if other is not precise)):
        runner = engine(network, "cpu")
        batch = prepare(picture, network)[np.newaxis]
        embedding = runner.run(batch)[network.embedding_output][0]
        if expected is None:
            expected = embedding
        elif _cosine(embedding, expected) < AGREEMENT:
            continue
        best, begun = float("inf"), time.perf_counter()
        for _ in range(_RUNS):
            start = time.perf_counter()
            runner.run(batch)
            end = time.perf_counter()
            best = min(best, end - start)  # the least is what other programs disturbed least
            if end - begun > _LIMIT:
                break
        rates[network] = 1 / best
    return rates


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _machine(networks: Sequence[Network]) -> dict[str, str]:
    """What the measurement depends on."""
    return {**machine(), "networks": " ".join(network.key for network in networks)}


def _remembered(cache_file: Path, here: dict[str, str]) -> str:
    """The name chosen before on this machine, or ""."""
    known = read_json(cache_file)
    return str(known.get("network")) if isinstance(known, dict) and known.get("machine") == here else ""
