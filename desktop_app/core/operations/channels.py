"""What a layer sees: its channels, and the photos of the library that excite each most."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.explain.channels import Spot, Variation, spot, variation
from desktop_app.core.explain.class_names import class_names
from desktop_app.core.index.neighbours import best
from desktop_app.core.library import Library
from desktop_app.core.operations.layer_maps import LayerMaps, is_mean_of_last_map, map_reader
from desktop_app.core.operations.places import NONE, places
from desktop_app.core.types import PhotoId, Progress

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

SAMPLE = 4_096
"""The most photos by which channels are sorted."""

_VALUES = 1_500_000  # of all channels together: some 100 ms


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a layer.

    Attributes:
        number: its place in the layer, from 0.
        dispersion: variance over mean in this library.
        mean: over its photos.
        name: of the class that it scores; "" of a channel without a name.
    """

    number: int
    dispersion: float
    mean: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Exciting:
    """A photo by how much it excites a channel.

    Attributes:
        photo: which one.
        value: of the channel in that photo: the mean over its places, as it is stored.
    """

    photo: PhotoId
    value: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo with the place that excites a channel.

    Attributes:
        photo: which one.
        spot: the place; None where there is none to show.
        reason: why there is none, "" otherwise.
    """

    photo: PhotoId
    spot: Spot | None
    reason: str = ""


@dataclass(slots=True)
class _Ranked:
    channel: int = -1
    order: Ids = field(default_factory=lambda: np.empty(0, np.int64))
    values: Scores = field(default_factory=lambda: np.empty(0, np.float32))
    whole: bool = False


class Channels:
    """Browses one layer's channels. Belongs to one thread; shows the photos that were there when it was opened.

    Args:
        library: the open library.
        descriptor: "NETWORK:LAYER", a layer of the library's network, or "" for what photos are compared by.

    Attributes:
        network: whose layer it is.
        layer: its name.
        count: how many channels it has.
        photos: how many photos it looks at.

    Raises:
        UserError: no such network or layer, or it is the colours.
    """

    def __init__(self, library: Library, descriptor: str) -> None:
        wanted = library.descriptor(descriptor)
        if wanted.is_colour:
            raise UserError("The colours are no network: there is nothing behind them to look into.")
        self._library = library
        self.network = library.find_network(wanted.network)
        found = self.network.layer(wanted.layer)
        self.layer, self.count = found.name, found.dimension
        self._store = library.files(wanted).reading_store()
        known = places(library, self.network.key)
        known.refresh()
        owner = known.until(self._store.rows)
        self._where = np.flatnonzero(owner != NONE)
        self._ids: Ids = owner[self._where]
        self.photos = len(self._ids)
        self._maps: LayerMaps | None = None
        self._variation: Variation | None = None
        self._ranked = _Ranked()

    def close(self) -> None:
        """Let go of the vectors."""
        self._store.close()

    def channels(self) -> tuple[Channel, ...]:
        """All channels, the one that varies most in this library first; some 100 ms for 1,280, then kept."""
        if not self.photos:
            return ()
        found = self._varying()
        names = class_names(self.network.classes) if self.layer == self.network.class_output else ()
        return tuple(
            Channel(
                number,
                float(found.dispersion[number]),
                float(found.mean[number]),
                names[number] if number < len(names) else "",
            )
            for number in found.order.tolist()
        )

    def page(self, channel: int, start: int = 0, count: int = 24) -> tuple[Exciting, ...]:
        """The photos that excite a channel most, from the `start`-th on.

        Raises:
            UserError: the layer has no such channel.
        """
        if not 0 <= channel < self.count:
            raise UserError(f"The layer {self.layer} has channels 0 to {self.count - 1}.")
        ranked = self._ranking(channel, start + count)
        many = slice(start, start + count)
        return tuple(
            Exciting(PhotoId(photo), value)
            for photo, value in zip(ranked.order[many].tolist(), ranked.values[many].tolist(), strict=True)
        )

    def has_places(self) -> bool:
        """Whether the place in a photo can be shown: the layer is the mean of a map."""
        return is_mean_of_last_map(self.network, self.layer) or map_reader(self.network, self.layer) is not None

    def places(self, channel: int, photos: Sequence[PhotoId]) -> Generator[Progress, None, tuple[Shown, ...]]:
        """Where in photos a channel is strongest; each costs reading it and part of a run, some 10 ms.

        Raises:
            UserError: the layer has no map, or no such channel.
        """
        if not 0 <= channel < self.count:
            raise UserError(f"The layer {self.layer} has channels 0 to {self.count - 1}.")
        shown = []
        for done, photo in enumerate(photos):
            yield Progress("Looking for the place in each photo", done, len(photos))
            shown.append(self.place(channel, photo))
        return tuple(shown)

    def place(self, channel: int, photo: PhotoId) -> Shown:
        """Where in one photo a channel is strongest.

        Raises:
            UserError: the layer has no map.
        """
        if self._maps is None:
            if not self.has_places():
                raise UserError("This layer looks at the whole photo, so there is no place to show.")
            self._maps = LayerMaps(self._library, self.network, self.layer)
        try:
            seen = self._maps.of(photo)
        except Unreadable as error:
            return Shown(photo, None, str(error))
        size = self.network.preparation.height, self.network.preparation.width
        return Shown(photo, spot(seen.map[channel], seen.box, self._maps.field, size))

    def _varying(self) -> Variation:
        if self._variation is None:
            # spread over the whole library, the same ones each time
            count = min(SAMPLE, max(1_000, _VALUES // self.count), self.photos)
            every = np.unique(np.linspace(0, self.photos - 1, count).astype(np.int64))
            self._variation = variation(self._store.read(self.layer, self._where[every]))
        return self._variation

    def _ranking(self, channel: int, count: int) -> _Ranked:
        held = self._ranked
        if held.channel == channel and (held.whole or len(held.order) >= count):
            return held
        values = self._store.column(self.layer, channel)[self._where]
        many = max(200, 2 * count)
        found = np.arange(len(values)) if many >= len(values) else best(values, many)
        order = found[np.lexsort((self._ids[found], -values[found]))][: max(many, 1)]
        self._ranked = _Ranked(channel, self._ids[order], values[order], many >= len(values))
        return self._ranked


@dataclass(frozen=True, slots=True)
class Seen:
    """One channel with its photos.

    Attributes:
        channel: which one.
        photos: those that excite it most, the strongest first.
        shown: the same with their places; () where the layer has no map.
    """

    channel: Channel
    photos: tuple[Exciting, ...]
    shown: tuple[Shown, ...]


def browse(
    library: Library, descriptor: str, channel: int | None = None, count: int = 24
) -> Generator[Progress, None, Seen]:
    """One channel with its photos and their places, as one operation: what a command or a report asks for.

    Args:
        library: the open library.
        descriptor: as for `Channels`.
        channel: which; None takes the one that varies most.
        count: how many photos.

    Raises:
        UserError: no such network, layer or channel; there are no photos yet.
    """
    browser = Channels(library, descriptor)
    try:
        yield Progress("Looking at the channels")
        listed = browser.channels()
        if not listed:
            raise UserError("There are no photos yet.")
        page = browser.page(listed[0].number if channel is None else channel, 0, count)
        wanted = next(one for one in listed if channel in (None, one.number))
        shown: tuple[Shown, ...] = ()
        if browser.has_places():
            shown = yield from browser.places(wanted.number, [one.photo for one in page])
        return Seen(wanted, page, shown)
    finally:
        browser.close()
