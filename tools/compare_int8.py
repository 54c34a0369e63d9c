"""How well the int8 network agrees with the float32 one, and how much faster it is, on any folders of photos.

    python -m tools.compare_int8 FOLDER [FOLDER ...]

One row per folder: photos; photos where float32 gives its first class at least one half; the share of those with the
same first class in int8; median, 5th percentile and minimum of the cosine of the two embeddings; and the median
cosine of every other layer.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.nets.prepare import prepare
from desktop_app.core.nets.session import Engine
from tools.calibration import SUFFIXES, shrink

MODELS = Path(__file__).parents[1] / "models"


def read(path: Path, network: Network) -> np.ndarray | None:
    """A photo, upright and prepared; None for a file that is no picture."""
    try:
        with Image.open(path) as image:
            image.draft("RGB", (network.short_side * 2, network.short_side * 2))
            pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except OSError:
        return None
    return prepare(shrink(pixels, network.short_side), network)


def cosine(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosines of the rows of two (n, d) arrays."""
    return np.asarray((a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1))


def features(engine: Engine, inputs: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Every layer's features of prepared inputs, (n, d) each."""
    found = [engine.run(tensor[np.newaxis]) for tensor in inputs]
    return {name: np.concatenate([f[name] for f in found]) for name in found[0]}


def row(name: str, precise: dict[str, np.ndarray], small: dict[str, np.ndarray]) -> tuple[str, int, int]:
    """A row of the table, how many photos float32 is sure of, and how many of those int8 agrees on."""
    logits = precise["logits"]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    sure = (odds / odds.sum(axis=1, keepdims=True)).max(axis=1) >= 0.5
    same = logits.argmax(axis=1) == small["logits"].argmax(axis=1)
    near = cosine(precise["embedding"], small["embedding"])
    cells = [name, len(logits), int(sure.sum()), f"{same[sure].mean():.3f}" if sure.any() else "-"]
    cells += [f"{value:.4f}" for value in (np.median(near), np.percentile(near, 5), near.min())]
    layers = [layer for layer in precise if layer not in ("embedding", "logits")]
    cells += [f"{np.median(cosine(precise[layer], small[layer])):.4f}" for layer in layers]
    return "| " + " | ".join(str(cell) for cell in cells) + " |", int(sure.sum()), int(same[sure].sum())


def speed(engines: list[Engine], tensor: np.ndarray, rounds: int = 40) -> list[tuple[float, float]]:
    """Least and median milliseconds of one picture on one thread, the engines taking turns."""
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(rounds):
        for engine, own in zip(engines, times, strict=True):
            start = time.perf_counter()
            engine.run(tensor[np.newaxis])
            own.append((time.perf_counter() - start) * 1000)
    return [(min(own), float(np.median(own))) for own in times]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    networks = bundled_networks(MODELS)
    engines = [Engine(network, "cpu") for network in networks]
    others = [layer.name for layer in networks[0].layers if layer.name not in ("embedding", "logits")]
    heads = ["photos of", "count", "sure", "same class", "embedding: median", "5 %", "least", *others]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    total = agreed = 0
    tensor = np.zeros((3, networks[0].size, networks[0].size), np.float32)
    for folder in options.folders:
        files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        inputs = [found for found in (read(file, networks[0]) for file in files) if found is not None]
        if not inputs:
            print(f"| {folder.name} | 0 |")
            continue
        tensor = inputs[0]
        line, sure, same = row(folder.name, *(features(engine, inputs) for engine in engines))
        total, agreed = total + sure, agreed + same
        print(line, flush=True)
    print(f"\nSame first class where float32 is at least half sure: {agreed} of {total}")
    for network, (least, median) in zip(networks, speed(engines, tensor), strict=True):
        print(f"{network.name}: {least:.2f} ms at best, {median:.2f} ms in the median, one thread, one picture")


if __name__ == "__main__":
    main()
