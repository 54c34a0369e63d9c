"""What an added network may be called: fit for a folder on every system, and for descriptors ("NAME:LAYER")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop_app.core.errors import UserError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII | re.IGNORECASE)
_LONGEST = 64
# "colour" is a descriptor of its own; the others are devices on Windows
_RESERVED = re.compile(r"colou?r|con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


def free(stem: str, taken: Iterable[str]) -> str:
    """A name like a file's stem that is allowed and not among those taken, whatever their capitals."""
    clean = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[: _LONGEST - 12].strip("-._") or "network"
    names = {name.casefold() for name in taken}
    if _RESERVED.fullmatch(clean.partition(".")[0]):
        clean = f"network-{clean}"
    wanted, number = clean, 2
    while wanted.casefold() in names:
        wanted, number = f"{clean}-{number}", number + 1
    return wanted


def check(name: str, taken: Iterable[str]) -> None:
    """Whether a network may be called so.

    Raises:
        UserError: it may not.
    """
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name.partition(".")[0]) or name.endswith("."):
        raise UserError(f"A network cannot be called “{name}”: letters, digits, “-”, “_” and “.” make a name.")
    if name.casefold() in {known.casefold() for known in taken}:
        raise UserError(taken_sentence(name))


def taken_sentence(name: str) -> str:
    """What is said of a name that another network has."""
    return f"There is a network called “{name}” already. Remove it first, or choose another name."
