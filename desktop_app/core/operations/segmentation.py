"""Shows what is where in a photo, with a network that answers for each place."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from desktop_app.core.errors import UserError
from desktop_app.core.explain.class_names import class_names
from desktop_app.core.explain.places import WHOLE, Box
from desktop_app.core.explain.segmentation import Segments, segments
from desktop_app.core.explain.spatial import DenseReader
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.nets.prepare import crop_box, prepare
from desktop_app.core.operations.photo_pixels import source_of
from desktop_app.core.types import PhotoId, Pixels, Progress

SHORT_EDGE = 520
"""Pixels that a photo's short side is brought to for a network that takes any size: what they were trained at."""

LONG_EDGE = 1_333
"""The most of the long side: a panorama is reduced more."""

MOST_VALUES = 400_000_000
"""The most numbers of one answer (classes x places): 1.6 GB."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmented:
    """What is where in one picture.

    Attributes:
        segments: classes, legend and colours.
        box: the part of the picture that they lie over.
        small: drawn from the thumbnail, since the photo itself cannot be read now.
    """

    segments: Segments
    box: Box
    small: bool = False


def segmentation_networks(library: Library) -> tuple[Network, ...]:
    """The networks there are that can do this; () where none was added or downloaded."""
    return tuple(network for network in library.networks() if network.segmentation)


def segment(
    library: Library, picture: PhotoId | Pixels, network: Network | None = None
) -> Generator[Progress, None, Segmented]:
    """What is where in a picture: reading it, one run (a second or two for a large network), classes.

    Args:
        library: the open library; only read.
        picture: a photo of it, or pixels uint8 (h, w, 3) from outside.
        network: which; None takes the first there is.

    Raises:
        UserError: there is no such network; it cannot be run; the photo cannot be read.
    """
    if network is None:
        there = segmentation_networks(library)
        if not there:
            raise UserError("No network here says what is where in a photo. Get one in Settings first.")
        network = there[0]
    yield Progress("Reading the photo", 0, 3)
    source = source_of(library, picture, SHORT_EDGE)
    yield Progress("Loading the network", 1, 3)
    reader = reader_of(network)
    yield Progress("Looking for what is where", 2, 3)
    found, box = run(reader, network, source.pixels)
    return Segmented(found, box, source.small)


def run(reader: DenseReader, network: Network, pixels: Pixels) -> tuple[Segments, Box]:
    """One picture through the network.

    Args:
        reader: its session.
        network: how the input has to look, and the names of its classes.
        pixels: uint8 (h, w, 3), any size.

    Returns:
        What is where, and over which part of the picture.

    Raises:
        UserError: the network gives something else than a class for each place.
    """
    how = network.preparation
    if reader.free:
        # the whole picture in its own proportions: nothing is cut off or pressed together
        pixels = _reduced(pixels)
        height, width = pixels.shape[:2]
        how = dataclasses.replace(how, height=height, width=width, fit="squash", short_side=max(height, width))
        box = WHOLE
    else:
        height, width = pixels.shape[:2]
        box = Box.of_pixels(crop_box(height, width, how), height, width)
    try:
        scores = reader.read(prepare(pixels, how)[np.newaxis], MOST_VALUES)
        return segments(scores, class_names(network.classes)), box
    except ValueError as error:
        raise UserError(f"“{network.title}” does not say a class for each place of a photo.", str(error)) from error


def _reduced(pixels: Pixels) -> Pixels:
    """To the short edge that serves; a smaller picture stays as it is."""
    height, width = pixels.shape[:2]
    scale = min(1.0, SHORT_EDGE / min(height, width), LONG_EDGE / max(height, width))
    if scale == 1.0:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def reader_of(network: Network) -> DenseReader:
    """The network's session, kept for the next photo; another network takes its place.

    Raises:
        UserError: its file cannot be run, or gives nothing for places.
    """
    if network.maps_path is not None and network.class_output in network.maps:
        return _reader(network.maps_path, network.sha256, network.maps[network.class_output])
    return _reader(network.path, network.sha256, "")


@functools.lru_cache(maxsize=1)
def _reader(path: Path, sha256: str, output: str) -> DenseReader:
    del sha256  # tells one file at a path from another
    try:
        return DenseReader(path, output)
    except Exception as error:  # onnxruntime's have no common type
        raise UserError(f"The network file {path.name} cannot be run.", str(error)) from error
