"""`likeness networks`: the networks there are, their layers and speed; adding, downloading and removing them."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Generator
from pathlib import Path
from typing import Any

from desktop_app.cli.output import library_folder, print_json, print_text, run_aloud
from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.nets.bench import Bench, bench
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.registry import all_networks, find_network, own_networks
from desktop_app.core.types import Progress
from desktop_app.core.wording import byte_size, count, printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no network of that name, or what was asked for cannot be done with it.
    """
    _ACTIONS[arguments.action](arguments)
    return 0


def _list(arguments: Namespace) -> None:
    networks = all_networks()
    for damaged in own_networks().unusable:
        print(f"likeness: {printable(damaged.sentence)}", file=sys.stderr)
    if arguments.json:
        print_json({"networks": [_row(network) for network in networks]})
        return
    for network in networks:
        licence = f" ({network.licence})" if network.licence else ""
        print_text(f"{printable(network.name):28} {printable(network.title + licence)}")


def _layers(arguments: Namespace) -> None:
    network = find_network(arguments.name)
    if arguments.json:
        rows = [
            {"name": layer.name, "dimension": layer.dimension, "map": _map_of(network, layer.name)}
            for layer in network.layers
        ]
        print_json({"layers": rows})
        return
    for layer in network.layers:
        print_text(f"{layer.name:12} {layer.dimension:5}  {layer.sees}")


def _map_of(network: Network, layer: str) -> str | None:
    """The name of the layer's feature map, None where it has none."""
    last = network.map_output if layer == network.embedding_output else ""
    return network.maps.get(layer, "") or last or None


def _add(arguments: Namespace) -> None:
    # the package that reads networks takes a moment to load
    from desktop_app.core.operations.networks import add
    from desktop_app.core.surgery.guard import examining

    file = Path(os.path.abspath(arguments.file))
    if not paths.exists(file):
        raise UserError(f"There is no file at {file}.")
    classes = None if arguments.classes is None else Path(os.path.abspath(arguments.classes))

    def work() -> Generator[Progress, None, Network]:
        examined = yield from examining(file)
        return (yield from add(file, examined, name=arguments.name, preparation=arguments.preparation, classes=classes))

    _say_added(run_aloud(work()), arguments.json)


def _get(arguments: Namespace) -> None:
    from desktop_app.core.operations.get_network import available, get

    if not arguments.name:
        offers = available()
        if arguments.json:
            rows = [
                {
                    "name": one.offer.name,
                    "bytes": one.offer.bytes,
                    "licence": one.offer.licence,
                    "here": one.network is not None,
                }
                for one in offers
            ]
            print_json({"networks": rows})
            return
        for one in offers:
            here = ", here" if one.network is not None else ""
            print_text(f"{one.offer.name:28} {one.offer.title} ({byte_size(one.offer.bytes)}{here})")
        return
    _say_added(run_aloud(get(arguments.name)), arguments.json)


def _say_added(network: Network, as_json: bool) -> None:
    if as_json:
        print_json(_row(network))
        return
    layers = ", ".join(layer.name for layer in network.layers)
    print_text(f"{printable(network.name)} was added. Its layers: {printable(layers)}")


def _remove(arguments: Namespace) -> None:
    from desktop_app.core.operations.networks import remove

    lost = _lost(arguments)
    remove(arguments.name)
    if lost:
        print(f"likeness: {printable(lost)}", file=sys.stderr)
    if arguments.json:
        print_json({"removed": arguments.name})
    else:
        print_text(f"{printable(arguments.name)} was removed.")


def _lost(arguments: Namespace) -> str:
    """What the library at hand goes without from now on; "" where it does not use the network."""
    from desktop_app.core.operations.descriptors import uses

    folder = library_folder(arguments)
    if not paths.is_file(folder / paths.CATALOGUE):
        return ""
    with Library(folder, writable=False) as library:
        used = uses(library, arguments.name)
        return used.sentence(library.name)


def _bench(arguments: Namespace) -> None:
    networks = [find_network(name) for name in arguments.names] or list(all_networks())
    found: list[tuple[Network, Bench]] = []
    for network in networks:
        found.append((network, run_aloud(bench(network, device=arguments.device))))
        if not arguments.json:
            best = found[-1][1].best
            print_text(f"{printable(network.name):28} {best.photos_per_second:8.1f} photos/s  {_way(found[-1][1])}")
    if arguments.json:
        rows = [
            {
                "name": network.name,
                "device": done.device,
                "photos_per_second": done.best.photos_per_second,
                "ways": [
                    {
                        "threads": speed.way.threads,
                        "batch": speed.way.batch,
                        "photos_per_second": speed.photos_per_second,
                    }
                    for speed in done.speeds
                ],
            }
            for network, done in found
        ]
        print_json({"networks": rows})


def _way(done: Bench) -> str:
    way = done.best.way
    if done.device == "cuda":
        return f"on the graphics card, {count(way.batch, 'photo')} at a time"
    if way.kind == "batches":
        return f"on the processor, {count(way.batch, 'photo')} at a time"
    return f"on the processor, a photo at a time on each of {count(way.threads, 'core')}"


def _row(network: Network) -> dict[str, Any]:
    return {
        "name": network.name,
        "file": str(network.path),
        "layers": [layer.name for layer in network.layers],
        "licence": network.licence,
        "input": list(network.preparation.shape),
    }


_ACTIONS = {"list": _list, "layers": _layers, "add": _add, "get": _get, "remove": _remove, "bench": _bench}
