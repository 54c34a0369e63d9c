"""The networks that come with the program, as `models/manifest.toml` describes them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.nets.preparation import Preparation

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

    The input is float32 (n, *preparation.shape); every layer is an output (n, dimension) of the file.

    Attributes:
        name: for files, the command line and descriptors ("NAME:LAYER").
        title: for people.
        path: the .onnx file that runs.
        sha256: of that file.
        bytes: of that file.
        input_name: of its one input.
        preparation: how a picture becomes that input.
        layers: in the order of the network.
        map_output: the last feature map (n, channels, h, w), "" where there is none.
        class_output: the layer that scores the classes, "" where there is none.
        embedding_output: the layer just before the class layer.
        classes: class names in index order: "identifier<TAB>name" a line.
        licence: its name, "" where nobody said.
        origin: where it comes from.
        precision: "float32", "int8" or "float16".
        good_at: what it is good at, in plain words; "" where nobody knows.
        own: added by the user, and so removable.
        batch_free: whether several pictures fit in one run; else `Engine` runs them one by one.
        maps_path: a second file, the same network with feature maps as outputs; None where it has to be made.
        maps_sha256: of that file, "" where it is not checked.
        maps: per layer that has one the name of its map's output in that file: (n, channels, h, w).
        ends_in_global_pool: the embedding is the mean of `map_output` over its places.
        segmentation: gives a class for each place: the class output's map is (n, classes, h, w).
        source_sha256: of the file this was made from; "" where it is `sha256`.
    """

    name: str
    title: str
    path: Path
    sha256: str
    bytes: int
    input_name: str
    preparation: Preparation
    layers: tuple[Layer, ...]
    map_output: str
    class_output: str
    embedding_output: str
    classes: Path | None
    licence: str
    origin: str
    precision: str
    good_at: str = ""
    own: bool = False
    batch_free: bool = True
    maps_path: Path | None = None
    maps_sha256: str = ""
    maps: Mapping[str, str] = field(default_factory=dict, hash=False)
    ends_in_global_pool: bool = False
    segmentation: bool = False
    source_sha256: str = ""

    @cached_property
    def key(self) -> str:
        """16 hex digits that name a folder of features: they differ when the file or the preparation does."""
        how = self.preparation
        parts: tuple[object, ...] = (self.sha256, "rgb", how.height, how.short_side, how.mean, how.scale)
        square = how.height == how.width and how.fit == "crop"
        if how.colours != "rgb" or how.layout != "NCHW" or how.invert or not square:
            # the first networks were named by less, and their features are to be found again
            parts = (self.sha256, how.fit, how.height, how.width, how.short_side, how.mean, how.scale)
            parts += (how.colours, how.layout, how.invert)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def size(self) -> int:
        """Pixels a side that the network sees; of an input that is no square the longer side."""
        return max(self.preparation.height, self.preparation.width)

    @property
    def short_side(self) -> int:
        """Of the picture that the input is cut from, see `Preparation`."""
        return self.preparation.short_side

    @property
    def mean(self) -> tuple[float, ...]:
        """Per channel, see `Preparation`."""
        return self.preparation.mean

    @property
    def scale(self) -> tuple[float, ...]:
        """Per channel, see `Preparation`."""
        return self.preparation.scale

    @property
    def decode_side(self) -> int:
        """The short side at which pictures are decoded for this network and for thumbnails: at least 256."""
        return self.preparation.decode_side()

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
    """Reads the whole file and compares it with what is known of it (some 10 ms for 5 MB).

    Raises:
        UserError: the file is missing, cannot be read, or is not the one that was described.
    """
    again = "Remove the network and add it again." if network.own else _REINSTALL
    try:
        with network.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"The network file {network.path.name} cannot be read. {again}"
        raise UserError(message, f"{network.path}: {error}") from error
    if found != network.sha256:
        details = f"{network.path}: sha256 {found}, expected {network.sha256}"
        raise UserError(f"The network file {network.path.name} is damaged. {again}", details)


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
        preparation=Preparation(
            height=int(entry["size"]),
            width=int(entry["size"]),
            short_side=int(entry["short_side"]),
            mean=_three(entry["mean"]),
            scale=_three(entry["scale"]),
        ),
        layers=layers,
        map_output=str(entry["map_output"]),
        class_output=str(entry["class_output"]),
        embedding_output=str(entry["embedding_output"]),
        classes=models_dir / classes if classes else None,
        licence=str(entry["licence"]),
        origin=str(entry["origin"]),
        precision=str(entry["precision"]),
        good_at=str(entry.get("good_at", "")),
        ends_in_global_pool=bool(entry.get("ends_in_global_pool", False)),
    )


def _three(value: list[float]) -> tuple[float, float, float]:
    red, green, blue = (float(v) for v in value)
    return red, green, blue
