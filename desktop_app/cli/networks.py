"""`likeness networks`: the networks there are, and their layers."""

from __future__ import annotations

from argparse import Namespace

from desktop_app.cli.output import print_json, print_text
from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets.manifest import Network, bundled_networks


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: there is no network of that name.
    """
    networks = bundled_networks(paths.models_dir())
    if arguments.action == "list":
        _list(networks, arguments.json)
    else:
        chosen = next((network for network in networks if network.name == arguments.name), None)
        if chosen is None:
            known = ", ".join(network.name for network in networks)
            raise UserError(f"There is no network called “{arguments.name}”. There are: {known}.")
        _layers(chosen, arguments.json)
    return 0


def _list(networks: tuple[Network, ...], as_json: bool) -> None:
    rows = [
        {
            "name": network.name,
            "file": str(network.path),
            "layers": [layer.name for layer in network.layers],
            "licence": network.licence,
            "input": [3, network.size, network.size],
        }
        for network in networks
    ]
    if as_json:
        print_json({"networks": rows})
        return
    for network in networks:
        print_text(f"{network.name:28} {network.title} ({network.licence})")


def _layers(network: Network, as_json: bool) -> None:
    rows = [{"name": layer.name, "dimension": layer.dimension, "map": None} for layer in network.layers]
    for row in rows:
        if row["name"] == network.embedding_output and network.map_output:
            row["map"] = network.map_output
    if as_json:
        print_json({"layers": rows})
        return
    for layer in network.layers:
        print_text(f"{layer.name:12} {layer.dimension:5}  {layer.sees}")
