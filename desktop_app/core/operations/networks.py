"""Networks as a person meets them: which there are, adding a file, how its pictures may be prepared, what it is fed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from desktop_app.core import paths, wording
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.nets.bench import bench, remembered
from desktop_app.core.nets.beside import read_beside
from desktop_app.core.nets.catalogue import Offer, catalogue
from desktop_app.core.nets.device import Kind
from desktop_app.core.nets.examined import check_fits
from desktop_app.core.nets.manifest import Layer, Network
from desktop_app.core.nets.preparation import PRESETS, Preparation, Preset
from desktop_app.core.nets.prepare import prepare, preview
from desktop_app.core.nets.registry import adding, all_networks, find_network, free_name, own_networks, remove_network
from desktop_app.core.nets.session import Wish
from desktop_app.core.surgery.examined import Examined
from desktop_app.core.surgery.guard import deriving, examining
from desktop_app.core.types import Pixels, Progress

FREE_SIZE = 224
"""Pixels a side to feed a network that takes any number, and of which nobody says what is good for it."""

FREE_SIZE_OF_PLACES = 520
"""The same for a network that says a class for every place: more pixels, finer outlines."""

_OPEN_NSFW_CLASSES = 2
_DEVICES: tuple[Kind, ...] = ("cuda", "cpu")


@dataclass(frozen=True, slots=True)
class NetworkState:
    """One network on this computer, as a person is told of it.

    Attributes:
        name: in code and descriptors.
        title: on screen.
        good_at: in plain words, "" where nobody knows.
        bytes: of its files.
        licence: "" where nobody said.
        origin: where it comes from.
        precision: "float32", "int8" or "float16".
        input: what it takes, in words.
        layers: in network order.
        own: added by the user, and so removable.
        photos_per_second: measured here in the best way; 0 where not measured yet.
        device: what that was measured on.
        trouble: why it cannot be used, "" where it can. All else may be empty then.
    """

    name: str
    title: str
    good_at: str = ""
    bytes: int = 0
    licence: str = ""
    origin: str = ""
    precision: str = ""
    input: str = ""
    layers: tuple[Layer, ...] = ()
    own: bool = True
    photos_per_second: float = 0.0
    device: Kind = "cpu"
    trouble: str = ""


def networks_here() -> tuple[NetworkState, ...]:
    """The networks on this computer: bundled ones, the user's, and those of the user's that cannot be used."""
    usable = tuple(_state(network) for network in all_networks())
    damaged = (NetworkState(one.name, one.name, trouble=one.sentence) for one in own_networks().unusable)
    return (*usable, *damaged)


def measure(name: str, *, device: Wish = "auto") -> Generator[Progress, None, NetworkState]:
    """Measure how many photos a second a network does here; remembered, and used from the next start on.

    Raises:
        UserError: there is no such network, or it cannot be run.
    """
    network = find_network(name)
    yield from bench(network, device=device)
    return _state(network)


def remove(name: str) -> None:
    """Delete a network that was added; `descriptors.uses` says what a library loses with it.

    Raises:
        UserError: there is none, it comes with the program, or its folder cannot be changed.
    """
    remove_network(name)


def _state(network: Network) -> NetworkState:
    speeds = [found for device in _DEVICES if (found := remembered(network, device))]
    how = network.preparation
    colour = "grey" if how.channels == 1 else "colour"
    return NetworkState(
        name=network.name,
        title=network.title,
        good_at=network.good_at,
        bytes=network.bytes,
        licence=network.licence,
        origin=network.origin,
        precision=network.precision,
        input=f"{colour}, {wording.pixel_size(how.width, how.height)}",
        layers=network.layers,
        own=network.own,
        photos_per_second=speeds[0].best.photos_per_second if speeds else 0.0,
        device=speeds[0].device if speeds else "cpu",
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """A stranger's file, examined, and what is known of it without asking.

    Attributes:
        examined: what was found in it.
        presets: the usual preparations that fit, the likeliest first.
        preparation: how its pictures are prepared, where a file beside it says so; None else.
        classes: names of its answers, or a file of them; None where nobody says.
        title: a name to begin with.
    """

    examined: Examined
    presets: tuple[Preset, ...]
    preparation: Preparation | None
    classes: Path | tuple[str, ...] | None
    title: str


def look_at(path: Path) -> Generator[Progress, None, Looked]:
    """Examine a file in a process of its own, and gather what the catalogue and the file beside it say of it.

    Raises:
        UserError: it cannot be used; one sentence why.
    """
    examined = yield from examining(path)
    offer, said = offer_of(examined), read_beside(path)
    classes = (said.classes if said else None) or (offer.classes if offer else None) or usual_classes(examined)
    title = (offer.title if offer else "") or (said.title if said else "") or path.stem
    return Looked(examined, presets_for(examined), said.preparation if said else None, classes, title)


def presets_for(examined: Examined) -> tuple[Preset, ...]:
    """The usual preparations that fit a network's input, the likeliest first."""
    fitting = [preset for preset in PRESETS.values() if preset.channels == examined.channels]
    first = _likeliest(examined)
    return tuple(sorted(fitting, key=lambda preset: preset.name != first))


def prepared(examined: Examined, preset: str | Preset) -> Preparation:
    """A preset for a network's input.

    Raises:
        UserError: there is no such preset, or it is for other inputs.
    """
    chosen = preset if isinstance(preset, Preset) else PRESETS.get(preset)
    if chosen is None:
        raise UserError(f"There is no preparation called “{preset}”. There are: {', '.join(PRESETS)}.")
    offer = offer_of(examined)
    free = (offer.size if offer else 0) or (FREE_SIZE_OF_PLACES if examined.is_segmentation else FREE_SIZE)
    try:
        made = chosen(examined.height or free, examined.width or free, examined.layout)
    except ValueError as error:
        raise UserError("The pictures this network takes are too large.", str(error)) from error
    check_fits(examined, made)
    return made


def offer_of(examined: Examined) -> Offer | None:
    """The entry of the catalogue that is this very file, whose preparation and class names are known; else None."""
    with suppress(UserError):
        return next((offer for offer in catalogue(paths.models_dir()) if offer.sha256 == examined.sha256), None)
    return None


def what_it_is_fed(picture: Path | Pixels, preparation: Preparation) -> Pixels:
    """A picture as the network is fed it, to look at: uint8 (height, width, 3).

    Raises:
        Unreadable: the file cannot be read.
    """
    if isinstance(picture, Path):
        picture = read_picture(picture, short_side=preparation.decode_side()).pixels
    return preview(prepare(picture, preparation), preparation)


def add(
    path: Path,
    examined: Examined,
    *,
    name: str = "",
    title: str = "",
    preparation: Preparation | str = "",
    classes: Path | Sequence[str] | None = None,
    good_at: str = "",
    licence: str = "",
    origin: str = "",
) -> Generator[Progress, None, Network]:
    """Add an examined file to the networks there are; closing the generator before its end leaves nothing.

    Args:
        path: the file; it is copied, and never changed.
        examined: what `surgery.guard.examining` found.
        name: "" takes the file's stem, or one like it that is free.
        title: "" takes the name.
        preparation: how a picture becomes its input; a preset's name, or "" for what lies beside the file
            (`nets.beside`), else the likeliest.
        classes: class names or a file of them; None takes those beside the file, else ImageNet's where the network has
            as many classes.
        good_at: in plain words.
        licence: its name.
        origin: where it comes from; "" takes the file's name.

    Raises:
        UserError: one sentence why it cannot be added.
    """
    offer, said = offer_of(examined), read_beside(path)
    if not isinstance(preparation, Preparation):
        given = said.preparation if said and not preparation else None
        preparation = given or prepared(examined, preparation or presets_for(examined)[0])
    if classes is None:
        classes = (said.classes if said else None) or (offer.classes if offer else None) or usual_classes(examined)
    return (
        yield from adding(
            examined,
            partial(deriving, path, examined),
            name=name or free_name(path.stem),
            title=title or (offer.title if offer else "") or (said.title if said else ""),
            preparation=preparation,
            classes=classes,
            good_at=good_at or (offer.good_at if offer else "") or (said.good_at if said else ""),
            licence=licence or (offer.licence if offer else "") or (said.licence if said else ""),
            origin=origin or (said.origin if said else "") or path.name,
        )
    )


def usual_classes(examined: Examined) -> Path | None:
    """The file of class names that a network with so many classes mostly has; None where nobody can say."""
    file = paths.models_dir() / "imagenet-classes.txt"
    return file if examined.classes == 1000 and file.is_file() else None


def _likeliest(examined: Examined) -> str:
    """The name of the preset to offer first."""
    offer = offer_of(examined)
    if offer is not None:
        return offer.preset
    if examined.channels == 1:
        return "digits" if examined.classes == 10 else "grey"
    if examined.is_segmentation:
        return "whole"
    if examined.layout == "NHWC":
        return "open-nsfw" if examined.classes == _OPEN_NSFW_CLASSES else "efficientnet"
    return "imagenet"
