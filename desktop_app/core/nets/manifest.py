"""The networks that come with the program, as `models/manifest.toml` describes them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError

MANIFEST = "manifest.toml"
_REINSTALL = "Install Likeness anew, or fetch its models folder again."


@dataclass(frozen=True, slots=True)
class Layer:
    """A named place where a network can be cut; its pooled output is a feature vector."""

    name: str
    dimension: int
    sees: str = ""  # what it responds to, in plain words


@dataclass(frozen=True)
class Network:
    """A CNN in an ONNX file, with how to prepare its input.

    The input is float32 (n, 3, size, size), RGB, `(pixel - mean) / scale` per channel.
    """

    name: str
    title: str
    path: Path  # the .onnx file
    sha256: str
    bytes: int
    input_name: str
    size: int  # pixels a side that the network sees
    short_side: int  # of the picture that square is cut from
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    layers: tuple[Layer, ...]
    map_output: str  # the last feature map (n, channels, h, w), "" where there is none
    class_output: str  # the layer that scores the classes, "" where there is none
    embedding_output: str  # the layer just before the class layer
    classes: Path | None  # class names in index order: "identifier<TAB>name" a line
    licence: str
    origin: str
    precision: str  # "float32" or "int8"

    @cached_property
    def key(self) -> str:
        """16 hex digits that name a folder of features: they differ when the file or the preparation does."""
        parts = (self.sha256, "rgb", self.size, self.short_side, self.mean, self.scale)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def layer(self, name: str) -> Layer:
        """The layer of that name.

        Raises:
            UserError: the network has none, with the names it has.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = ", ".join(layer.name for layer in self.layers)
        raise UserError(f"{self.name} has no layer {name}. It has {names}.")


def bundled_networks(models_dir: Path) -> tuple[Network, ...]:
    """The networks of `models_dir/manifest.toml`, in its order (the float32 one first).

    Files are looked for but not read: see `verify`.

    Raises:
        UserError: the manifest or a file it names is missing, or the manifest is damaged.
    """
    manifest = models_dir / MANIFEST
    try:
        table = tomllib.loads(manifest.read_text("utf-8"))
    except OSError as error:
        raise UserError(f"The list of networks is missing. {_REINSTALL}", f"{manifest}: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The list of networks is damaged. {_REINSTALL}", f"{manifest}: {error}") from error
    try:
        networks = tuple(_network(models_dir, entry) for entry in table["network"])
    except (KeyError, TypeError, ValueError) as error:
        details = f"{manifest}: {type(error).__name__}: {error}"
        raise UserError(f"The list of networks is damaged. {_REINSTALL}", details) from error
    for network in networks:
        for path in (network.path, network.classes):
            if path is not None and not path.is_file():
                raise UserError(f"The network file {path.name} is missing. {_REINSTALL}", str(path))
    return networks


def verify(network: Network) -> None:
    """Reads the whole file and compares it with the manifest (some 10 ms for 5 MB).

    Raises:
        UserError: the file is missing, cannot be read, or is not the one the manifest describes.
    """
    try:
        with network.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"The network file {network.path.name} cannot be read. {_REINSTALL}"
        raise UserError(message, f"{network.path}: {error}") from error
    if found != network.sha256:
        details = f"{network.path}: sha256 {found}, expected {network.sha256}"
        raise UserError(f"The network file {network.path.name} is damaged. {_REINSTALL}", details)


def _network(models_dir: Path, entry: dict[str, Any]) -> Network:
    """One `[[network]]` table. Raises KeyError, TypeError or ValueError where it is not as it must be."""
    layers = tuple(Layer(str(e["name"]), int(e["dimension"]), str(e["sees"])) for e in entry["layers"])
    names = {layer.name for layer in layers}
    if len(names) != len(layers) or not {entry["class_output"], entry["embedding_output"]} <= names | {""}:
        raise ValueError(f"layers of {entry['name']}")
    if entry["colour_order"] != "RGB" or entry["layout"] != "NCHW":
        raise ValueError(f"preparation of {entry['name']}")
    classes = entry["classes"]
    return Network(
        name=str(entry["name"]),
        title=str(entry["title"]),
        path=models_dir / entry["file"],
        sha256=str(entry["sha256"]),
        bytes=int(entry["bytes"]),
        input_name=str(entry["input_name"]),
        size=int(entry["size"]),
        short_side=int(entry["short_side"]),
        mean=_three(entry["mean"]),
        scale=_three(entry["scale"]),
        layers=layers,
        map_output=str(entry["map_output"]),
        class_output=str(entry["class_output"]),
        embedding_output=str(entry["embedding_output"]),
        classes=models_dir / classes if classes else None,
        licence=str(entry["licence"]),
        origin=str(entry["origin"]),
        precision=str(entry["precision"]),
    )


def _three(value: list[float]) -> tuple[float, float, float]:
    red, green, blue = (float(v) for v in value)
    return red, green, blue
