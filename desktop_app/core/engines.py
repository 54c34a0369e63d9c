"""The networks there are, by name and by key, and those that were loaded, ready to run."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from desktop_app.core.errors import UserError
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.registry import all_networks, find_network

if TYPE_CHECKING:
    from desktop_app.core.nets.session import Engine

Device = Literal["auto", "cpu", "cuda"]


class Engines:
    """Networks of one library's computer. Safe on any thread.

    Args:
        device: what they are to run on: "auto", "cpu" or "cuda".
    """

    def __init__(self, device: Device) -> None:
        self.device = device
        self._guard = threading.Lock()
        self._known: tuple[Network, ...] = ()
        self._engines: dict[str, Engine] = {}

    def networks(self) -> tuple[Network, ...]:
        """The networks there were when they were last looked for, bundled ones first."""
        if not self._known:
            self.look_again()
        return self._known

    def look_again(self) -> None:
        """See which networks were added or removed since."""
        self._known = all_networks()

    def by_key(self, key: str) -> Network | None:
        """The network of this key."""
        return next((network for network in self.networks() if network.key == key), None) if key else None

    def find(self, name: str, gone: Iterable[str] = ()) -> Network:
        """The network of this name.

        Args:
            name: which.
            gone: names of networks that were here once.

        Raises:
            UserError: there is none, or none any more.
        """
        for _ in range(2):  # one that is not known may have been added meanwhile
            for network in self.networks():
                if network.name == name:
                    return network
            self.look_again()
        if name in gone:
            raise UserError(f"“{name}” is no longer here. Add it again to compare photos by it.")
        return find_network(name)  # says what there is, and what is wrong with one that is damaged

    def engine(self, network: Network) -> Engine:
        """A network that is ready to run in the way measured to be the best; loaded once and shared by all threads."""
        with self._guard:
            found = self._engines.get(network.key)
            if found is None:
                from desktop_app.core.nets.bench import open_engine

                found = self._engines[network.key] = open_engine(network, self.device)
            return found

    def let_go(self, key: str) -> None:
        """Free the memory of a network that is not needed."""
        with self._guard:
            self._engines.pop(key, None)
