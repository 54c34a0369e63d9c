"""Photos in folders by class, with the features the program itself takes from them; kept between runs.

The photos go through a library in a temporary folder, as anybody's would, so that a benchmark of heads is about the
features that a person's labels meet: reduced decoding, the bundled network, float16 on the disk.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import common
import numpy as np
import numpy.typing as npt

from desktop_app.core.catalog import features as catalogue
from desktop_app.core.catalog import photos as catalogue_photos
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest

MAIN = "embedding"


@dataclass(frozen=True)
class ClassFolders:
    """What is known of the photos of one folder.

    Attributes:
        features: float32 (n, d) of every layer.
        paths: path below the folder, one of each content (`contents`, bytes).
    """

    name: str
    features: dict[str, npt.NDArray[np.float32]]
    paths: list[str]
    contents: list[bytes]

    def classes(self, least: int = 1, depth: int = 1) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
        """Answer of each photo by its first `depth` folders, -1 outside of classes of `least` photos; their names."""
        parts = [Path(path).parts[:-1] for path in self.paths]
        names = ["/".join(folders[:depth]) for folders in parts]
        counts = {name: names.count(name) for name in set(names)}
        classes = tuple(sorted(name for name, count in counts.items() if name and count >= least))
        return np.array([classes.index(name) if name in classes else -1 for name in names], np.int64), classes


def load(folder: Path, cache: Path, network: str) -> ClassFolders:
    """The photos below a folder with their features, from `cache` where they are there already."""
    key = hashlib.sha256(f"{folder.absolute()} {network}".encode()).hexdigest()[:12]
    stored = cache / f"{folder.name}-{key}.npz"
    if not stored.is_file():
        _compute(folder, stored, network)
    with np.load(stored, allow_pickle=False) as arrays:
        held = {name.removeprefix("layer "): arrays[name] for name in arrays.files if name.startswith("layer ")}
        paths = [str(path) for path in arrays["paths"]]
        contents = [bytes(content) for content in arrays["contents"]]
    return ClassFolders("/".join(folder.absolute().parts[-2:]), held, paths, contents)


def _compute(folder: Path, stored: Path, network: str) -> None:
    with common.temporary_folder() as home, Library(home / "library", network=network) as library:
        for _ in ingest(library, [folder]):
            pass
        positions, ids = catalogue.positions(library.connection, library.network.key)
        facts = catalogue_photos.fetch(library.connection, [int(one) for one in ids])
        # by path: the order in which threads got done is nobody's business
        order = sorted(range(len(ids)), key=lambda place: os.fsencode(facts[ids[place]].path))
        rows = positions[order]
        arrays = {f"layer {layer.name}": library.store.read(layer.name, rows) for layer in library.network.layers}
        ordered = [facts[ids[place]] for place in order]
        paths = np.array([photo.path.relative_to(folder.absolute()).as_posix() for photo in ordered])
        contents = np.array([np.frombuffer(photo.content, np.uint8) for photo in ordered])
    stored.parent.mkdir(parents=True, exist_ok=True)
    np.savez(stored, paths=paths, contents=contents, **arrays)
