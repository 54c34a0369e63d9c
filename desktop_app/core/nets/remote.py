"""What a download has to know of a file, and how long it bears with a server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol


class Remote(Protocol):
    """What has to be known of a file to download it; `catalogue.Offer` is one."""

    @property
    def title(self) -> str:
        """Plain words."""

    @property
    def url(self) -> str:
        """Where it lies."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def sha256(self) -> str:
        """In hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to bear with a server, and what it may be.

    Attributes:
        silence: seconds in which at least `least` bytes have to come, else the connection is cut and made again.
        least: see `silence`.
        pauses: seconds before each new try; a try that brought a megabyte starts the row anew. Where nothing at all
            has come, the first pause is the only one: there is no connection.
        tries: connections in all.
        schemes: of the address and of redirects.
    """

    silence: float = 30.0
    least: int = 2000
    pauses: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)
    tries: int = 200
    schemes: frozenset[str] = frozenset({"https"})


class Broken(Exception):
    """A try failed in a way that another may not; `args[0]` is for Details."""


class Watch:
    """Notices a connection on which too little comes."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._since, self._had = time.monotonic(), -1

    def check(self, have: int) -> None:
        """Raises Broken where too little has come for too long."""
        now = time.monotonic()
        if self._had < 0 or have < self._had:  # or begun anew
            self._had = have
        if have - self._had >= self._patience.least:
            self._since, self._had = now, have
        elif now - self._since > self._patience.silence:
            raise Broken(f"{have - self._had} bytes in {now - self._since:.0f} s")
