"""Which files of a watched folder are worth a look."""

from __future__ import annotations

from desktop_app.core.images.formats import Kind, extension_of, kind_of
from desktop_app.core.images.found import is_sidecar


def matters(name: str) -> bool:
    """Whether a file of this name may change what a library shows: pictures, videos, side-cars.

    A name without an extension may be a picture's too.
    """
    return kind_of(name) is not Kind.OTHER or not extension_of(name) or is_sidecar(name)
