"""Pictures that are named on the command line: in the library or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop_app.core import archives, paths
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import Picture, read_picture
from desktop_app.core.wording import printable


def absolute(image: Path) -> Path:
    """Where a picture is, as the library names it."""
    return Path(os.path.abspath(image))


def refuse_folder(image: Path) -> None:
    """See that no folder stands where a picture is meant.

    Raises:
        UserError: one does.
    """
    if paths.is_folder(image):
        raise UserError(f"{image} is a folder. Name a picture in it.")


def read(image: Path, short_side: int) -> Picture:
    """A picture from its file, made so small.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    if not paths.exists(image):
        raise UserError(f"There is no file at {image}.")
    refuse_folder(image)
    try:
        picture = read_picture(image, short_side=short_side)
    except UserError as error:
        raise UserError(f"{image}: {error}", error.details) from error
    if picture.format == "JPEG" and _ends_early(image):
        # shown as far as it goes, as everywhere; what is below is not compared
        print(f"likeness: {printable(str(image))} ends early: only its upper part can be read.", file=sys.stderr)
    return picture


def _ends_early(image: Path) -> bool:
    """Whether the mark at the end of a JPEG is missing; pictures in its metadata have marks of their own."""
    try:
        with archives.opened(image) as file:
            data = file.read()
    except (OSError, ValueError, UserError):
        return False
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.find(b"\xff\xd9", at) < 0
