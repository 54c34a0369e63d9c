"""Where things lie: the program's own files, and the user's data, settings and caches.

`LIKENESS_HOME` puts all of the user's side below one folder (tests, portable installs).
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from desktop_app.core import archives
from desktop_app.core.errors import UserError

_APP = "Likeness"

CATALOGUE = "catalogue.sqlite"
"""The file that makes a folder a library."""

_PACKAGE = Path(__file__).resolve().parents[1]


def _beside(name: str) -> Path:
    """A folder of the program: beside the package in a checkout, inside it when installed from a wheel."""
    checkout = _PACKAGE.parent / name
    return checkout if checkout.is_dir() else _PACKAGE / "bundled" / name


def models_dir() -> Path:
    """The bundled networks and their manifest."""
    return _beside("models")


def resources_dir() -> Path:
    """Icons, sample photos, licences."""
    return _beside("resources")


def _user(kind: str) -> Path:
    home = os.environ.get("LIKENESS_HOME")
    if home:
        return Path(home) / kind
    found = {
        "data": platformdirs.user_data_dir,
        "config": platformdirs.user_config_dir,
        "cache": platformdirs.user_cache_dir,
        "log": platformdirs.user_log_dir,
    }[kind](_APP, appauthor=False)
    return Path(found)


def data_dir() -> Path:
    """Holds the libraries."""
    return _user("data")


def networks_dir() -> Path:
    """Holds the networks that the user added, a folder each."""
    return data_dir() / "networks"


def config_dir() -> Path:
    """Holds the settings file."""
    return _user("config")


def cache_dir() -> Path:
    """Holds what can be made again: measured speeds, derived networks."""
    return _user("cache")


def log_file() -> Path:
    """The program's log."""
    return _user("log") / "likeness.log"


def default_library() -> Path:
    """The library that opens when none is named."""
    return data_dir() / "libraries" / "Photos"


def sample_library() -> Path:
    """The sample photos open as a library of their own."""
    return data_dir() / "libraries" / "Sample photos"


def sample_photos() -> Path:
    """The photos that come with the program."""
    return resources_dir() / "sample_photos"


def is_folder(path: Path) -> bool:
    """Whether a folder is there; False too where the system does not let us ask (no right to, name too long).

    A zip archive counts as one (`archives.as_folder`).
    """
    try:
        inside = archives.split(path)
        if inside is not None:
            return _is_inner_folder(*inside) if inside[1] else inside[0].is_file()
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Whether a file is there, also in an archive; False too where the system does not let us ask."""
    try:
        inside = archives.split(path)
        return path.is_file() if inside is None else _is_member(*inside)
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether anything is there, also in an archive; False too where the system does not let us ask."""
    try:
        if archives.is_inside(path):
            return is_folder(path) or is_file(path)
        return path.exists()
    except (OSError, ValueError):
        return False


def place_in(inner: Path, outer: Path) -> bytes | None:
    """Where a folder lies in another one, also where links lead there by another name.

    Args:
        inner: absolute.
        outer: absolute.

    Returns:
        The relative path as the catalogue has it, b"" where both are one folder; None where it lies outside.
    """
    named = (inner, outer)
    true = (Path(os.path.realpath(inner)), Path(os.path.realpath(outer)))
    for one, other in (named, true):
        if archives.may_nest(one, other) and one.is_relative_to(other):
            return b"" if one == other else os.fsencode(one.relative_to(other).as_posix())
    return None


def _is_inner_folder(archive: Path, name: str) -> bool:
    try:
        return any(member.name.startswith(name + "/") for member in archives.open_archive(archive))
    except UserError:
        return False


def _is_member(archive: Path, name: str) -> bool:
    try:
        return name in archives.open_archive(archive)
    except UserError:
        return False
