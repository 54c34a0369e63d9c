"""`likeness doctor`: what this machine can do, measured."""

from __future__ import annotations

import platform
import time
from argparse import Namespace
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app import __version__
from desktop_app.cli.output import library_folder, print_json, print_text
from desktop_app.core import paths
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.images.formats import parts_present
from desktop_app.core.index.hnsw import hnsw_available
from desktop_app.core.nets.choice import fastest
from desktop_app.core.nets.manifest import bundled_networks, verify
from desktop_app.core.nets.session import Engine, detect_card
from desktop_app.core.operations.pipeline import cores

_PACKAGES = (
    "PySide6-Essentials",
    "onnxruntime-gpu",
    "onnxruntime",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "hnswlib",
    "pillow-heif",
    "rawpy",
)


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: a part of the program is missing or damaged.
    """
    single_threaded()
    networks = bundled_networks(paths.models_dir())
    for network in networks:
        verify(network)
    network = fastest(networks, paths.cache_dir() / "speed.json", device=arguments.device)
    engine = Engine(network, arguments.device)
    answer: dict[str, Any] = {
        "likeness": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": cores(),
        "packages": {name: version for name in _PACKAGES if (version := _version(name))},
        "device": engine.device.kind,
        "device_reason": engine.device.reason,
        "card": detect_card(),
        "network": network.name,
        "photos_per_second_one_thread": round(_speed(engine), 1),
        "hnsw": hnsw_available(),
        "formats": parts_present(),
        "folders": {
            "library": str(library_folder(arguments)),
            "settings": str(paths.config_dir()),
            "cache": str(paths.cache_dir()),
            "log": str(paths.log_file()),
        },
    }
    if arguments.json:
        print_json(answer)
        return 0
    on = "the graphics card" if engine.device.kind == "cuda" else "the processor"
    print_text(f"Likeness {__version__}, Python {answer['python']}, {answer['system']}")
    print_text(f"Runs on {on}: {network.name}, {answer['photos_per_second_one_thread']:.0f} photos/s on one thread")
    if engine.device.reason:
        print_text(engine.device.reason)
    heic, raw = answer["formats"]["heic"], answer["formats"]["raw"]
    print_text(
        f"HEIC pictures: {_yes(heic)}. Camera raw: {_yes(raw)}. Fast search in very large libraries: "
        f"{_yes(answer['hnsw'])}."
    )
    for name, version in answer["packages"].items():
        print_text(f"  {name} {version}")
    for name, place in answer["folders"].items():
        print_text(f"  {name}: {place}{'' if Path(place).exists() else ' (not made yet)'}")
    return 0


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _speed(engine: Engine) -> float:
    """Pictures a second that one thread puts through the network, over a third of a second after a warm-up."""
    batch = np.zeros((1, *engine.network.preparation.shape), np.float32)
    for _ in range(3):
        engine.run(batch)
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < 0.35:
        engine.run(batch)
        count += 1
    return count / spent


def _yes(value: bool) -> str:
    return "yes" if value else "no"
