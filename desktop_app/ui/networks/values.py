"""What the page of networks shows: plain values, made where the library and the networks are known."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from desktop_app.core import wording
from desktop_app.ui.panels.details import Detail


class Use(enum.Enum):
    """What a network is to the library that is open."""

    DEFAULT = "default"  # photos are compared by it unless another way is chosen
    ALSO = "also"  # its features are there beside the default's
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """One network on this computer.

    Attributes:
        name: its name in code.
        title: its name on screen.
        good_at: what it is good at, in a sentence.
        bytes: of its file.
        licence: as it states; "" where it does not.
        speed: photos a second, measured here; 0 where not measured yet.
        where: "on the processor" or "on the graphics card".
        use: what it is to the library.
        removable: whether it was added by hand or downloaded.
        details: rows of names and values, for the fold.
        trouble: why it cannot be used, "" where it can.
        part: "88 of 372 photos ready" where only some are, "" else.
        busy: whether photos are being got ready for it now.
    """

    name: str
    title: str
    good_at: str
    bytes: int
    licence: str
    speed: float = 0.0
    where: str = "on the processor"
    use: Use = Use.NONE
    removable: bool = False
    details: tuple[Detail, ...] = ()
    trouble: str = ""
    part: str = ""
    busy: bool = False

    @property
    def facts(self) -> str:
        """Size, licence and speed in one line."""
        speed = wording.rate(self.speed)
        parts = (
            wording.byte_size(self.bytes),
            self.licence or "licence not stated",
            f"{speed} {self.where}" if speed else "speed not measured yet",
        )
        return " · ".join(parts)


class Getting(enum.Enum):
    """How far a download is."""

    NO = "no"
    RUNS = "runs"
    STOPPED = "stopped"  # a part of it is here: Continue
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One network that can be downloaded.

    Attributes:
        name: its name in code.
        title: its name on screen.
        good_at: what it is good at, in a sentence.
        year: of its design.
        bytes: of the download.
        licence: of the file.
        accuracy: "75 of 100 right on ImageNet"; "" where nobody measured.
        state: how far it is.
        part: of the download that is here, 0 to 1.
        left: "about 2 min left"; "" while unknown.
        trouble: why it failed.
    """

    name: str
    title: str
    good_at: str
    year: int
    bytes: int
    licence: str
    accuracy: str = ""
    state: Getting = Getting.NO
    part: float = 0.0
    left: str = ""
    trouble: str = ""

    @property
    def facts(self) -> str:
        """Year, size, accuracy and licence in one line."""
        parts = (str(self.year), wording.byte_size(self.bytes), self.accuracy, self.licence)
        return " · ".join(part for part in parts if part)

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        if self.state is Getting.RUNS:
            share = f"{wording.byte_size(round(self.bytes * self.part))} of {wording.byte_size(self.bytes)}"
            return f"{share}, {self.left}" if self.left else share
        if self.state is Getting.STOPPED:
            return f"Stopped at {round(100 * self.part)} %."
        return self.trouble if self.state is Getting.FAILED else ""
