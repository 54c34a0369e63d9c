"""Writing files that are for others: whole or not at all, and readable by whom the folder's owner lets read."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from desktop_app.core.errors import UserError


def write_for_others(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a kill at any instant, sees the old file or the new one, whole.

    Unlike `settings.write_atomically` the file gets the usual permissions, not those of the program's own files.

    Raises:
        OSError: the folder cannot be made or written, or the disk is full; the old file is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with half.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Failed writes below this become sentences that name the folder.

    Raises:
        UserError: the disk is full, or refuses.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError("The disk is full. Free some space, then try again.", str(error)) from error
        raise UserError(f"Nothing can be written to {path.parent}. Choose another folder.", str(error)) from error


def smaller(jpeg: bytes, height: int) -> bytes:
    """A JPEG reduced to a height in pixels, for a page; one that cannot be read stays as it is."""
    try:
        with Image.open(io.BytesIO(jpeg)) as image:
            image.thumbnail((4 * height, height))
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError):
        return jpeg
