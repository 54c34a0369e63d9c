"""What an examined file says of a network, and whether a preparation fits it.

`core.surgery` examines files; here is only what of its answer a network is made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.nets.manifest import Layer, Network
from desktop_app.core.nets.preparation import Preparation


class Cut(Protocol):
    """A place where an examined network can be cut, as `core.surgery` describes it."""

    @property
    def name(self) -> str:
        """Of the layer."""

    @property
    def dimension(self) -> int:
        """Of its feature vector."""

    @property
    def map_tensor(self) -> str:
        """What still has places; "" where nothing has."""


class Examined(Protocol):
    """A network's file, as `core.surgery` examined it."""

    @property
    def sha256(self) -> str:
        """Of the given file."""

    @property
    def input_name(self) -> str:
        """Of its input."""

    @property
    def layout(self) -> str:
        """Of its input, "NCHW" or "NHWC"."""

    @property
    def channels(self) -> int:
        """1 or 3."""

    @property
    def height(self) -> int:
        """Of its input, 0 where any will do."""

    @property
    def width(self) -> int:
        """Of its input, 0 where any will do."""

    @property
    def batch_free(self) -> bool:
        """Whether it takes several pictures at once."""

    @property
    def precision(self) -> str:
        """Of its numbers: "float32", "int8" or "float16"."""

    @property
    def layers(self) -> Sequence[Cut]:
        """In network order."""

    @property
    def class_output(self) -> str:
        """Name of a layer, or ""."""

    @property
    def embedding_output(self) -> str:
        """Name of a layer."""

    @property
    def map_output(self) -> str:
        """Name of the layer whose map is the output "map" of the derived file, or ""."""

    @property
    def ends_in_global_pool(self) -> bool:
        """Whether the embedding is the mean of that map."""

    @property
    def is_segmentation(self) -> bool:
        """Whether it says a class for every place."""

    @property
    def classes(self) -> int:
        """Of the class layer, 0 where there is none."""


def check_fits(examined: Examined, preparation: Preparation) -> None:
    """Whether a preparation makes what the network takes.

    Raises:
        UserError: it does not, with both.
    """
    takes = (examined.channels, examined.height or preparation.height, examined.width or preparation.width)
    if takes != (preparation.channels, preparation.height, preparation.width) or examined.layout != preparation.layout:
        raise UserError(
            f"The network takes {_input(*takes)}, and the preparation gives "
            f"{_input(preparation.channels, preparation.height, preparation.width)}.",
            f"{examined.layout}, {preparation.layout}",
        )


def described(examined: Examined, preparation: Preparation, features: Path, maps: Path) -> Network:
    """A network of an examination and of the files that were derived; without a name and a title as yet.

    Args:
        examined: the given file.
        preparation: how a picture becomes its input.
        features: the derived file whose outputs are the layers, and "map".
        maps: the derived file whose outputs are `<layer>_map`; need not be there.
    """
    last = max(1, len(examined.layers) - 1)
    has_maps = maps.is_file()
    return Network(
        name="",
        title="",
        path=features,
        sha256=_sha256(features),
        bytes=features.stat().st_size,
        input_name=examined.input_name,
        preparation=preparation,
        layers=tuple(
            Layer(cut.name, cut.dimension, sees(cut.name, place / last, examined.class_output))
            for place, cut in enumerate(examined.layers)
        ),
        map_output="map" if examined.map_output else "",
        class_output=examined.class_output,
        embedding_output=examined.embedding_output,
        classes=None,
        licence="",
        origin="",
        precision=examined.precision,
        own=True,
        batch_free=examined.batch_free,
        maps_path=maps if has_maps else None,
        maps_sha256=_sha256(maps) if has_maps else "",
        maps={cut.name: f"{cut.name}_map" for cut in examined.layers if cut.map_tensor} if has_maps else {},
        ends_in_global_pool=examined.ends_in_global_pool,
        segmentation=examined.is_segmentation,
        source_sha256=examined.sha256,
    )


def sees(layer: str, depth: float, class_output: str) -> str:
    """What a layer of an unknown network responds to, as far as its place tells; `depth` 0 is the first, 1 the last."""
    if layer == class_output:
        return "how much of each class is in the picture"
    if layer == "embedding":
        return "things and scenes as a whole"
    if depth < 0.25:
        return "edges, dots and colours"
    return "texture and simple shapes" if depth < 0.5 else "shapes and parts of things"


def _input(channels: int, height: int, width: int) -> str:
    return f"{'grey' if channels == 1 else 'colour'} pictures of {wording.pixel_size(width, height)}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
