"""A network that the user added, as the `network.json` in its folder says it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.core.nets.manifest import Layer, Network
from desktop_app.core.nets.preparation import Preparation

FORMAT = 1
"""Rises when an older program could no longer read the record rightly."""

RECORD, FEATURES, MAPS, CLASSES = "network.json", "features.onnx", "maps.onnx", "classes.txt"

LARGEST_RECORD = 10_000_000

# kept as they are; the rest of a network is its folder, its files and what is made of other values
_PLAIN: dict[str, type] = {
    "title": str,
    "sha256": str,
    "bytes": int,
    "input_name": str,
    "map_output": str,
    "class_output": str,
    "embedding_output": str,
    "licence": str,
    "origin": str,
    "precision": str,
    "good_at": str,
    "batch_free": bool,
    "maps_sha256": str,
    "ends_in_global_pool": bool,
    "segmentation": bool,
    "source_sha256": str,
}


class TooNew(ValueError):
    """A newer program wrote the record."""


def to_json(network: Network) -> str:
    """The text of a network's record."""
    values: dict[str, Any] = {"format": FORMAT}
    values |= {name: getattr(network, name) for name in _PLAIN}
    values["preparation"] = network.preparation.to_dict()
    values["layers"] = [dataclasses.asdict(layer) for layer in network.layers]
    values["maps"] = dict(network.maps)
    return json.dumps(values, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def read_record(folder: Path) -> Network:
    """The network in a folder; its name is the folder's. Files are looked for and not read.

    Raises:
        TooNew: a newer program wrote it.
        ValueError: it is damaged.
        OSError: it cannot be read, or a file is missing.
    """
    path = folder / RECORD
    if path.stat().st_size > LARGEST_RECORD:
        raise ValueError("too large")
    values = json.loads(path.read_text("utf-8"))
    if not isinstance(values, dict) or type(values.get("format")) is not int:
        raise ValueError("not a record")
    if values["format"] > FORMAT:
        raise TooNew(f"format {values['format']}")
    network = _network(folder, values)
    if network.path.stat().st_size != network.bytes:
        raise ValueError(f"{FEATURES} has {network.path.stat().st_size} bytes, not {network.bytes}")
    return network


def _network(folder: Path, values: Mapping[str, Any]) -> Network:
    plain: dict[str, Any] = {name: _of(kind, values.get(name)) for name, kind in _PLAIN.items()}
    layers = tuple(
        Layer(_of(str, entry["name"]), _of(int, entry["dimension"]), _of(str, entry.get("sees", "")))
        for entry in (_of(dict, value) for value in _of(list, values.get("layers")))
        if {"name", "dimension"} <= entry.keys()
    )
    names = {layer.name for layer in layers}
    if not layers or len(names) != len(layers) or any(layer.dimension < 1 for layer in layers):
        raise ValueError("layers")
    if not {plain["class_output"], plain["embedding_output"]} <= names | {""}:
        raise ValueError("an output that is no layer")
    maps = {_of(str, layer): _of(str, output) for layer, output in _of(dict, values.get("maps")).items()}
    maps_path, classes = folder / MAPS, folder / CLASSES
    has_maps = bool(maps) and maps_path.is_file()
    return Network(
        name=folder.name,
        path=folder / FEATURES,
        preparation=Preparation.from_dict(_of(dict, values.get("preparation"))),
        layers=layers,
        classes=classes if classes.is_file() else None,
        own=True,
        maps_path=maps_path if has_maps else None,
        maps=maps if has_maps else {},
        **plain,
    )


def _of(kind: type, value: object) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r:.80} is no {kind.__name__}")
    return value
