"""Networks of the catalogue: which are here, and getting one by its name."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets.catalogue import Offer, catalogue, find_offer
from desktop_app.core.nets.download import Patience, download, forget, partly_here
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.registry import free_name, own_networks
from desktop_app.core.operations.networks import add
from desktop_app.core.surgery.guard import examining
from desktop_app.core.types import Progress


@dataclass(frozen=True, slots=True)
class Available:
    """A network of the catalogue, and how much of it is here.

    Attributes:
        offer: all there is to say of it.
        network: the network once it is here; None before.
        arrived: bytes that an earlier download has left to go on from.
    """

    offer: Offer
    network: Network | None
    arrived: int


def available() -> tuple[Available, ...]:
    """The networks of the catalogue, in its order.

    Raises:
        UserError: the catalogue is missing or damaged.
    """
    here = {network.source_sha256: network for network in own_networks().networks}
    return tuple(
        Available(offer, here.get(offer.sha256), partly_here(offer, _file_of(offer)))
        for offer in catalogue(paths.models_dir())
    )


def get(name: str, *, patience: Patience | None = None) -> Generator[Progress, None, Network]:
    """Download a network of the catalogue, examine it as any stranger's file, cut it and add it to those there are.

    Close the generator to stop: what has arrived is kept, and the next call goes on from there. A network that is here
    already, under whatever name, is not downloaded again.

    Args:
        name: its name in the catalogue.
        patience: how long to bear with the server.

    Returns:
        The network as it was added.

    Raises:
        UserError: no such network, no connection, no room, not the right file; one sentence.
    """
    offer = find_offer(catalogue(paths.models_dir()), name)
    for network in own_networks().networks:
        if network.source_sha256 == offer.sha256:
            return network
    file = _file_of(offer)
    # the cut network and its maps lie on the same disk in most homes, each about as large as the file
    yield from download(offer, file, room=2 * offer.bytes, patience=patience)
    examined = yield from examining(file)
    if examined.sha256 != offer.sha256:
        raise UserError(f"The file of {offer.title} changed after it was downloaded. Download it again.", str(file))
    network = yield from add(
        file,
        examined,
        name=free_name(offer.name),
        title=offer.title,
        preparation=offer.prepared(examined.height, examined.width, examined.layout),
        classes=offer.classes,
        good_at=offer.good_at,
        licence=offer.licence,
        origin=offer.url,
    )
    with contextlib.suppress(OSError):
        file.unlink()  # all that was in it is kept
    return network


def forget_download(name: str) -> None:
    """Throw away what has arrived of a network that is no longer wanted.

    Raises:
        UserError: the catalogue has no such network, or it is being downloaded now.
    """
    offer = find_offer(catalogue(paths.models_dir()), name)
    forget(offer, _file_of(offer))


def _file_of(offer: Offer) -> Path:
    return paths.cache_dir() / "downloads" / offer.file_name
