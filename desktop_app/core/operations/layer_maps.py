"""What a library's network saw at each place of a picture: the map behind any of its layers, where there is one."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.explain.places import Box
from desktop_app.core.explain.receptive import Field
from desktop_app.core.explain.spatial import Floats, MapReader, NoMap, field_of, reader
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import crop_box
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.photo_pixels import name_of, source_of
from desktop_app.core.types import PhotoId, Pixels, Vectors

Pooled = Literal["mean", "flatten", "else"]

_OFF, _WRONG = 1e-3, 0.1  # shares of a feature vector's length: rounded to 8 bit; another thing altogether

_KEPT_VALUES = 16_000_000  # 64 MB: a hundred pictures at the last map of the bundled network


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """One picture as a layer sees it.

    Attributes:
        map: float32 (channels, h, w).
        vector: float32 (d,), the layer's features; of one that is "flatten" in an order of their own.
        box: the part of the picture that the map lies over.
        small: made from the thumbnail, the file being away.
    """

    map: Floats
    vector: Vectors
    box: Box
    small: bool


class LayerMaps:
    """Reads the map behind one layer; keeps the last few pictures. Belongs to one thread.

    Args:
        library: where photos come from.
        network: which network.
        layer: one of its layers.

    Attributes:
        pooled: how the map becomes the layer: "mean" over its places; "flatten", all its values one after the other;
            "else": the map is only the network's last one.
        rounded: it does so up to the rounding of an 8-bit network.

    Raises:
        UserError: the network has no such layer, or no map at all.
    """

    def __init__(self, library: Library, network: Network, layer: str) -> None:
        self._library, self.network = library, network
        self._engine: Engine = library.engine_of(network)
        self.layer = network.layer(layer).name
        self._reader: MapReader | None = None
        self.rounded = False
        self.pooled: Pooled = "else"
        if is_mean_of_last_map(network, self.layer):
            self.pooled = "mean"
        elif (found := map_reader(network, self.layer)) is not None and (off := self._off(found, "mean")) < _WRONG:
            self._reader, self.pooled = found, "mean"
            self.rounded = found.spatial.rounded or off > _OFF
        elif (found := flat_reader(network, self.layer)) is not None and self._off(found, "flatten") < _OFF:
            self._reader, self.pooled = found, "flatten"
        if self._reader is None and not network.map_output:
            raise UserError("This network does not keep places apart, so there is nothing to draw.")
        self._kept: OrderedDict[bytes, Places] = OrderedDict()

    def _off(self, found: MapReader, pooled: Pooled) -> float:
        """By what share of its length the layer's features are not what the map says, on one picture of noise."""
        noise = np.random.default_rng(0).normal(size=(1, *self.network.preparation.shape)).astype(np.float32)
        features = self._engine.run(noise, [self.layer])[self.layer][0].astype(np.float64)
        seen = found.read(noise)[0].astype(np.float64)
        if pooled == "mean":
            made = seen.mean(axis=(1, 2))
        else:  # whatever the order
            made, features = np.sort(seen.ravel()), np.sort(features)
        length = float(np.linalg.norm(features))
        return float(np.linalg.norm(made - features)) / length if length > 0 else 0.0

    @property
    def field(self) -> Field | None:
        """What a place of the map sees of the network's input; None where that is not known."""
        if self._reader is not None:
            return self._reader.field
        network = self.network
        try:
            return field_of(network.path, network.sha256, network.map_output)
        except Exception as error:  # onnx has no common type
            raise _unreadable(network, network.path, error) from error

    def of(self, picture: PhotoId | Pixels) -> Places:
        """A photo of the library or a picture from outside: some 5 ms and the time to read it; 0 when it was just seen.

        Raises:
            Unreadable: its file cannot be read, and there is no thumbnail either.
            UserError: the photo is not in the library.
        """
        name = name_of(self._library, picture)
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        source = source_of(self._library, picture, self.network.decode_side)
        height, width = source.pixels.shape[:2]
        box = Box.of_pixels(crop_box(height, width, self.network), height, width)
        batch = self._engine.prepare(source.pixels)[np.newaxis]
        if self._reader is not None:
            found = self.read(batch)[0]
            vector = found.mean(axis=(1, 2)) if self.pooled == "mean" else found.ravel()
            places = Places(found, vector, box, source.small)
        else:
            both = self._engine.run(batch, [self.layer, self.network.map_output])
            places = Places(both[self.network.map_output][0], both[self.layer][0], box, source.small)
        if not source.small:  # the file may be back the next time
            self._keep(name, places)
        return places

    def read(self, batch: Floats) -> Floats:
        """The maps of prepared pictures: float32 (n, channels, h, w). Safe on several threads at once."""
        if self._reader is not None:
            return self._reader.read(batch)
        return self._engine.run(batch, [self.network.map_output])[self.network.map_output]

    def _keep(self, name: bytes, places: Places) -> None:
        self._kept[name] = places
        while len(self._kept) > 2 and sum(one.map.size for one in self._kept.values()) > _KEPT_VALUES:
            self._kept.popitem(last=False)


def is_mean_of_last_map(network: Network, layer: str) -> bool:
    """Whether a layer is the mean over the places of the map that the network itself gives out."""
    return network.ends_in_global_pool and bool(network.map_output) and layer == network.embedding_output


def map_reader(network: Network, layer: str) -> MapReader | None:
    """What reads the map behind a layer; None where the layer is not the mean of a map.

    Raises:
        UserError: the network's file cannot be read.
    """
    if (found := _named(network, layer)) is not None:
        # a layer that is all values of its map has more dimensions than the map has channels
        return found if found.shape(network.preparation.shape)[0] == network.layer(layer).dimension else None
    return _read(network, network.path, network.sha256, layer)


def flat_reader(network: Network, layer: str) -> MapReader | None:
    """What reads the map whose values, one after the other, are a layer; None where there is no such map.

    Raises:
        UserError: the network's file cannot be read.
    """
    found = _named(network, layer)
    if found is None or math.prod(found.shape(network.preparation.shape)) != network.layer(layer).dimension:
        return None
    return found


def _named(network: Network, layer: str) -> MapReader | None:
    """Of a network with a file of maps the one of that layer, whatever the layer makes of it."""
    if network.maps_path is None or layer not in network.maps:
        return None
    return _read(network, network.maps_path, network.maps_sha256, layer, network.maps[layer])


def _read(network: Network, path: Path, sha256: str, layer: str, tensor: str = "") -> MapReader | None:
    try:
        return reader(path, sha256, layer, tensor)
    except NoMap:
        return None
    except Exception as error:  # onnx and onnxruntime have no common type
        raise _unreadable(network, path, error) from error


def _unreadable(network: Network, path: Path, error: Exception) -> UserError:
    return UserError(f"The network file {path.name} cannot be read.", f"{network.name}: {error}")
