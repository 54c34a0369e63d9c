"""The HNSW index's file: one .npz (no pickle) whose header is checked before hnswlib sees anything.

Not hnswlib's own format: that one loads with a wrong dimension and reads past the end, is truncated in silence on a
full disk, and cannot be written under a non-ASCII path on Windows. Here a zip's checksums find damage, and one rename
swaps graph and header together.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from desktop_app.core.index.files import DAMAGED, replace_file
from desktop_app.core.types import Positions

VERSION = 1
_ARRAYS = {
    "label_lookup_external": "u8",
    "label_lookup_internal": "u4",
    "element_levels": "i4",
    "data_level0": "i1",
    "link_lists": "i1",
}


@dataclass(frozen=True)
class Stamp:
    """What an index belongs to; any difference means that it has to be built anew.

    Attributes:
        network: Key of the vectors' network, preparation and layer.
        projection: Digest of the projection.
        dimension: Length of the projected vectors.
    """

    network: str
    projection: str
    dimension: int


def _library_version() -> str:
    try:
        return metadata.version("hnswlib")
    except metadata.PackageNotFoundError:
        return ""


def write_index(path: Path, stamp: Stamp, owners: Positions, state: dict[str, Any]) -> None:
    """Write an index in one step.

    Args:
        path: The file; its folder is made.
        stamp: What it belongs to.
        owners: Int64 (rows,), see `HnswIndex`.
        state: hnswlib's state as its `__getstate__` gives it.

    Raises:
        OSError: The disk is full or refuses.
    """
    header = {
        "version": VERSION,
        "hnswlib": _library_version(),
        "stamp": asdict(stamp),
        "space": state["space"],
        "rows": len(owners),
        "count": int((owners >= 0).sum()),
        "elements": int(state["cur_element_count"]),
        "graph": {name: value for name, value in state.items() if name not in _ARRAYS},
    }
    arrays = {name: state[name] for name in _ARRAYS}
    text = np.frombuffer(json.dumps(header).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(stream: BinaryIO) -> None:
        np.savez(stream, header=text, owners=owners, **arrays)

    replace_file(path, write)


def read_index(path: Path, stamp: Stamp, rows: int) -> tuple[Positions, dict[str, Any]] | None:
    """Read an index's owners and hnswlib's state.

    Args:
        path: The file.
        stamp: What it has to belong to.
        rows: Rows of the space; an index of more is not this one's.

    Returns:
        None for anything but a whole file that belongs to `stamp`.
    """
    try:
        # opened here: of a damaged file numpy leaves its own handle open
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            expected = {"version": VERSION, "hnswlib": _library_version(), "stamp": asdict(stamp), "space": "ip"}
            if any(header[key] != value for key, value in expected.items()) or header["rows"] > rows:
                return None
            graph = header["graph"]
            if graph["dim"] != stamp.dimension or graph["space"] != "ip":
                return None
            owners = archive["owners"]
            arrays = {name: archive[name] for name in _ARRAYS}
    except DAMAGED:
        return None
    if owners.shape != (header["rows"],) or owners.dtype != np.int64 or int((owners >= 0).sum()) != header["count"]:
        return None
    if any(array.dtype != _ARRAYS[name] or array.ndim != 1 for name, array in arrays.items()):
        return None
    elements, size = graph["cur_element_count"], graph["size_data_per_element"]
    if len(arrays["element_levels"]) < elements or len(arrays["data_level0"]) < elements * size:
        return None
    return owners, graph | arrays
