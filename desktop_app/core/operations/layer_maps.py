"""What a library's network saw at each place of a picture: the map behind any of its layers, where there is one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.explain.places import Box
from desktop_app.core.explain.receptive import Field
from desktop_app.core.explain.spatial import Floats, MapReader, NoMap, reader
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import crop_box
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.photo_pixels import name_of, source_of
from desktop_app.core.types import PhotoId, Pixels, Vectors

_KEPT_VALUES = 16_000_000  # 64 MB: a hundred pictures at the last map of the bundled network


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """One picture as a layer sees it.

    Attributes:
        map: float32 (channels, h, w).
        vector: float32 (d,), the layer's features as the network gives them.
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
        exact: the layer is the mean of the map over its places. Else the map is the network's last one.
        rounded: it is, up to the rounding of an 8-bit network.
        field: what a place sees of the input; None where that is not known.

    Raises:
        UserError: the network has no such layer, or no map at all.
    """

    def __init__(self, library: Library, network: Network, layer: str) -> None:
        self._library, self.network = library, network
        self._engine: Engine = library.engine_of(network)
        self.layer = network.layer(layer).name
        self._reader: MapReader | None = None
        self.rounded = False
        self.exact = network.ends_in_global_pool and layer == network.embedding_output
        if not self.exact:
            self._reader = map_reader(network, self.layer)
            self.exact = self._reader is not None
            self.rounded = self._reader is not None and self._reader.spatial.rounded
        if self._reader is None and not network.map_output:
            raise UserError("This network does not keep places apart, so there is nothing to draw.")
        self._kept: OrderedDict[bytes, Places] = OrderedDict()

    @property
    def field(self) -> Field | None:
        """What a place of the map sees of the network's input; None where that is not known."""
        found = self._reader or map_reader(self.network, self.layer)
        return None if found is None else found.field

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
            found = self._reader.read(batch)[0]
            places = Places(found, found.mean(axis=(1, 2)), box, source.small)
        else:
            both = self._engine.run(batch, [self.layer, self.network.map_output])
            places = Places(both[self.network.map_output][0], both[self.layer][0], box, source.small)
        if not source.small:  # the file may be back the next time
            self._keep(name, places)
        return places

    def _keep(self, name: bytes, places: Places) -> None:
        self._kept[name] = places
        while len(self._kept) > 2 and sum(one.map.size for one in self._kept.values()) > _KEPT_VALUES:
            self._kept.popitem(last=False)


def map_reader(network: Network, layer: str) -> MapReader | None:
    """What reads the map behind a layer; None where the layer is not the mean of a map."""
    try:
        if network.maps_path is not None and layer in network.maps:
            return reader(network.maps_path, network.sha256, layer, network.maps[layer])
        return reader(network.path, network.sha256, layer)
    except NoMap:
        return None
    except OSError as error:
        raise UserError(f"The network file {network.path.name} cannot be read.", str(error)) from error
