"""The pixels of a library's photo as a network takes them: from its file, or from the thumbnail while that is away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from desktop_app.core.catalog import photos
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.images.thumbnails import decode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A picture to look into.

    Attributes:
        pixels: uint8 (h, w, 3), upright, reduced.
        content: names it: equal pictures have equal bytes here.
        small: made from the thumbnail, since the file cannot be read now: what is told of it is nearly so.
    """

    pixels: Pixels
    content: bytes
    small: bool = False


def name_of(library: Library, picture: PhotoId | Pixels) -> bytes:
    """What `Source.content` will be, without decoding anything.

    Raises:
        UserError: the photo is not in the library.
    """
    if not isinstance(picture, int):
        return hashlib.blake2b(picture.tobytes(), digest_size=16, person=repr(picture.shape)[:16].encode()).digest()
    found = photos.contents(library.connection, [picture])
    if picture not in found:
        raise UserError("This photo is not in the library any more.")
    return found[picture]


def source_of(library: Library, picture: PhotoId | Pixels, short_side: int) -> Source:
    """A photo of the library, or pixels from outside, to look into.

    Args:
        library: the open library.
        picture: a photo's id, or uint8 (h, w, 3), RGB, upright.
        short_side: at which files are decoded.

    Raises:
        Unreadable: the file cannot be read, and there is no thumbnail either.
        UserError: the photo is not in the library.
    """
    content = name_of(library, picture)
    if not isinstance(picture, int):
        return Source(picture, content)
    photo = photos.fetch(library.connection, [picture])[picture]
    try:
        return Source(read_picture(photo.path, short_side=short_side).pixels, content)
    except Unreadable as error:
        kept = library.thumbnails.get([content]).get(content, b"")
        try:
            return Source(decode_thumbnail(kept), content, small=True)
        except ValueError:
            raise error from None
