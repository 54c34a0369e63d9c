"""The networks that can be downloaded, as `models/catalogue.toml` describes them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.nets.preparation import PRESETS, Preparation

CATALOGUE = "catalogue.toml"
LARGEST = (1 << 31) - 1
"""Bytes of the largest ONNX file there can be: protobuf holds no more."""

_REINSTALL = "Install Likeness anew, or fetch its models folder again."
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """A network that can be downloaded, with everything to say before it is.

    Attributes:
        name: its file's stem, and the network's name once it is here.
        title: plain words.
        family: networks of one design stand together.
        year: of the design.
        good_at: one sentence.
        bytes: of the download.
        sha256: of the file; another file is refused.
        url: where it lies; https.
        precision: "float32" or "int8".
        preset: name of its preparation in `nets.preparation.PRESETS`.
        size: pixels a side to feed where the network takes any number; 0 where the file says it.
        classes: class names in index order, "identifier<TAB>name" a line.
        segmentation: says a class for every place instead of one for the photo.
        top1: right first guesses of 100; None where it is no classifier.
        top5: right among the first five guesses of 100; None where not stated.
        overlap: mean overlap per class in per cent, for segmentation; None otherwise.
        licence: SPDX identifier.
        note: what else has to be known; "" mostly.
    """

    name: str
    title: str
    family: str
    year: int
    good_at: str
    bytes: int
    sha256: str
    url: str
    precision: Literal["float32", "int8"]
    preset: str
    size: int
    classes: Path
    segmentation: bool
    top1: float | None
    top5: float | None
    overlap: float | None
    licence: str
    note: str

    @property
    def file_name(self) -> str:
        """Of the file once it is here."""
        return f"{self.name}.onnx"

    @property
    def accuracy(self) -> str:
        """How good it is by its publishers' own test, as words: "75 of 100 first guesses right"."""
        if self.overlap is not None:
            return f"{self.overlap:.0f} % overlap with outlines drawn by hand"
        if self.top1 is None:
            return ""
        words = f"{self.top1:.0f} of 100 first guesses right"
        return words if self.top5 is None else f"{words}, {self.top5:.0f} among the first five"

    @property
    def summary(self) -> str:
        """Size, year, accuracy and licence on one line, to be read before a download."""
        parts = (wording.byte_size(self.bytes), str(self.year), self.accuracy, self.licence)
        return " · ".join(filter(None, parts))

    def prepared(self, height: int, width: int, layout: Literal["NCHW", "NHWC"]) -> Preparation:
        """How pictures become its input; `height` and `width` as the file says, 0 where it takes any."""
        return PRESETS[self.preset](height or self.size, width or self.size, layout)


def catalogue(models_dir: Path) -> tuple[Offer, ...]:
    """The networks of `models_dir/catalogue.toml`, in its order: oldest first, 8 bit and segmentation last.

    Raises:
        UserError: the catalogue is missing or damaged.
    """
    file = models_dir / CATALOGUE
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        message = f"The list of networks to download is missing. {_REINSTALL}"
        raise UserError(message, f"{file}: {error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _damaged(file, error) from error
    try:
        offers = tuple(_offer(models_dir, str(table["source"]), entry) for entry in table["network"])
        if len({offer.name for offer in offers}) != len(offers):
            raise ValueError("a name occurs twice")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _damaged(file, error) from error
    return offers


def find_offer(offers: tuple[Offer, ...], name: str) -> Offer:
    """The one of that name.

    Raises:
        UserError: there is none, with the names there are.
    """
    for offer in offers:
        if offer.name == name:
            return offer
    known = ", ".join(offer.name for offer in offers)
    raise UserError(f"No network to download is called “{wording.printable(name)}”. There are: {known}.")


def _damaged(file: Path, error: Exception) -> UserError:
    details = f"{file}: {type(error).__name__}: {error}"
    return UserError(f"The list of networks to download is damaged. {_REINSTALL}", details)


def _offer(models_dir: Path, source: str, entry: dict[str, Any]) -> Offer:
    """One `[[network]]` table. Raises what reading a table that is not as it must be raises."""
    classes = models_dir / str(entry["classes"])
    offer = Offer(
        name=str(entry["name"]),
        title=str(entry["title"]),
        family=str(entry["family"]),
        year=int(entry["year"]),
        good_at=str(entry["good_at"]),
        bytes=int(entry["bytes"]),
        sha256=str(entry["sha256"]),
        url=source.format(name=entry["name"]),
        precision=entry["precision"],
        preset=str(entry["preparation"]),
        size=int(entry.get("size", 0)),
        classes=classes,
        segmentation=bool(entry.get("segmentation", False)),
        top1=_share(entry, "top1"),
        top5=_share(entry, "top5"),
        overlap=_share(entry, "overlap"),
        licence=str(entry["licence"]),
        note=str(entry.get("note", "")),
    )
    # the name becomes a file's name, and the address is opened: both are checked, though the list is our own
    if not _NAME.fullmatch(offer.name) or not _SHA256.fullmatch(offer.sha256):
        raise ValueError(f"name or sha256 of {offer.name}")
    if urlsplit(offer.url).scheme != "https" or not 0 < offer.bytes <= LARGEST:
        raise ValueError(f"address or size of {offer.name}")
    if offer.preset not in PRESETS or offer.precision not in ("float32", "int8"):
        raise ValueError(f"preparation or precision of {offer.name}")
    if classes.parent != models_dir or not classes.is_file():
        raise ValueError(f"class names of {offer.name}")
    return offer


def _share(entry: dict[str, Any], key: str) -> float | None:
    """A figure of 0 to 100, None where it is not there."""
    if key not in entry:
        return None
    value = float(entry[key])
    if not 0 < value <= 100:
        raise ValueError(f"{key} of {entry['name']}")
    return value
