"""All networks there are: those that come with the program and those that the user added.

An added network is a folder `networks/NAME` beside the libraries that says by itself all there is to know: adding is
one rename, removing is another, and a folder that is damaged troubles no other.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets import names
from desktop_app.core.nets.class_names import check_count, read_class_names, write_class_names
from desktop_app.core.nets.examined import Examined, check_fits, described
from desktop_app.core.nets.manifest import Network, bundled_networks
from desktop_app.core.nets.preparation import Preparation
from desktop_app.core.nets.record import CLASSES, FEATURES, MAPS, RECORD, TooNew, read_record, to_json
from desktop_app.core.types import Progress

_UNFINISHED = "."  # how the names of folders begin that are no network yet, or no longer
_STALE = 24 * 3600  # seconds after which nobody works on such a folder any more

Derive = Callable[[Path, Path | None], Iterable[Progress] | None]
"""(out, maps_out): writes the file whose outputs are the layers, and the one whose outputs are `<layer>_map`.

Where it takes long it is a generator of reports; closing that stops it.
"""


@dataclass(frozen=True, slots=True)
class Unusable:
    """An added network that cannot be used, and why in one sentence; it can be removed by its name."""

    name: str
    folder: Path
    sentence: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The networks of one folder, by name."""

    networks: tuple[Network, ...]
    unusable: tuple[Unusable, ...]


def own_networks(folder: Path | None = None) -> Found:
    """The networks that the user added, in the order of their names; never raises for what is damaged.

    Args:
        folder: where they lie; by default `paths.networks_dir()`.
    """
    found, unusable = list[Network](), list[Unusable]()
    for entry in _folders(folder or paths.networks_dir()):
        try:
            found.append(read_record(entry))
        except TooNew as error:
            sentence = f"“{entry.name}” was added by a newer version of Likeness. Update Likeness to use it."
            unusable.append(Unusable(entry.name, entry, sentence, str(error)))
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            sentence = f"The network “{entry.name}” is damaged. Remove it and add it again."
            unusable.append(Unusable(entry.name, entry, sentence, f"{type(error).__name__}: {error}"))
    return Found(tuple(found), tuple(unusable))


def all_networks() -> tuple[Network, ...]:
    """Every network that can be used: the bundled ones first, then the user's by name.

    Raises:
        UserError: the bundled ones are missing or damaged.
    """
    return (*bundled_networks(paths.models_dir()), *own_networks().networks)


def find_network(name: str) -> Network:
    """The network of that name.

    Raises:
        UserError: there is none, with the names there are; or it cannot be used, with the reason.
    """
    networks = all_networks()
    for network in networks:
        if network.name == name:
            return network
    for damaged in own_networks().unusable:
        if damaged.name == name:
            raise UserError(damaged.sentence, damaged.details)
    known = ", ".join(network.name for network in networks)
    raise UserError(f"There is no network called “{name}”. There are: {known}.")


def free_name(stem: str, taken: Iterable[str] | None = None) -> str:
    """A name for a new network: its file's stem, made fit for folders and descriptors, with a number if it is taken.

    Args:
        stem: of its file.
        taken: names there are; by default of all networks, usable or not.
    """
    return names.free(stem, _taken() if taken is None else taken)


def adding(
    examined: Examined,
    derive: Derive,
    *,
    name: str,
    title: str,
    preparation: Preparation,
    classes: Path | Sequence[str] | None = None,
    good_at: str = "",
    licence: str = "",
    origin: str = "",
    folder: Path | None = None,
) -> Generator[Progress, None, Network]:
    """Take a network in: cut it, keep it with all that is to be known, in one step that happens wholly or not at all.

    Closing the generator before its end leaves nothing.

    Args:
        examined: its file, as examined.
        derive: cuts the file, see `Derive`; whatever it raises goes through.
        name: for its folder, the command line and descriptors; `free_name` gives a good one.
        title: for people.
        preparation: how a picture becomes its input.
        classes: class names, or a file of them (`class_names.read_class_names`); None where nobody knows.
        good_at: what it is good at, in plain words.
        licence: its name, "" where nobody said.
        origin: where it comes from.
        folder: where added networks lie; by default `paths.networks_dir()`.

    Raises:
        UserError: the name is taken or cannot be, the preparation or the names do not fit, the disk is full.
    """
    check_fits(examined, preparation)
    words = read_class_names(classes) if isinstance(classes, Path) else tuple(classes or ())
    if words:
        check_count(words, examined.classes)
    names.check(name, _taken(folder))
    home = folder or paths.networks_dir()
    try:
        home.mkdir(parents=True, exist_ok=True)
        _clear(home)
        staging = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}adding-", dir=home))
    except OSError as error:
        raise _refused(error, home) from error
    try:
        has_maps = any(cut.map_tensor for cut in examined.layers)
        yield from derive(staging / FEATURES, staging / MAPS if has_maps else None) or ()
        yield Progress("Adding the network")
        if words:
            write_class_names(staging / CLASSES, words)
        network = replace(
            described(examined, preparation, staging / FEATURES, staging / MAPS),
            name=name,
            title=title or name,
            good_at=good_at,
            licence=licence,
            origin=origin,
        )
        (staging / RECORD).write_text(to_json(network), "utf-8")
        for file in staging.iterdir():
            _flush(file)
        staging.rename(home / name)
        _flush(home)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise UserError(names.taken_sentence(name), str(error)) from error
        raise _refused(error, home) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return read_record(home / name)


def remove_network(name: str, *, folder: Path | None = None) -> None:
    """Delete an added network, usable or not. Libraries keep the features that were made with it.

    Raises:
        UserError: there is none of that name, it comes with the program, or its folder cannot be deleted.
    """
    home = folder or paths.networks_dir()
    if name not in {entry.name for entry in _folders(home)}:
        if name in {network.name for network in bundled_networks(paths.models_dir())}:
            raise UserError(f"{name} comes with Likeness and stays.")
        raise UserError(f"There is no network called “{name}” among those you added.")
    try:
        gone = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}removed-", dir=home))
        (home / name).rename(gone / name)
    except OSError as error:
        raise UserError(f"The network “{name}” cannot be removed: its folder cannot be changed.", str(error)) from error
    shutil.rmtree(gone, ignore_errors=True)
    _clear(home)


def _folders(home: Path) -> list[Path]:
    """The folders of added networks, by name."""
    try:
        entries = [entry for entry in home.iterdir() if not entry.name.startswith(_UNFINISHED) and entry.is_dir()]
    except OSError:  # not there yet, or not to be read: then there are none
        return []
    return sorted(entries, key=lambda entry: entry.name.casefold())


def _taken(folder: Path | None = None) -> set[str]:
    own = {entry.name for entry in _folders(folder or paths.networks_dir())}
    return own | {network.name for network in bundled_networks(paths.models_dir())}


def _refused(error: OSError, home: Path) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError("The disk is full, so the network was not added.", str(error))
    return UserError("The network cannot be kept: its folder cannot be written.", f"{home}: {error}")


def _clear(home: Path) -> None:
    """Delete what an interrupted adding or removing left behind."""
    with contextlib.suppress(OSError):
        for entry in home.iterdir():
            if entry.name.startswith(_UNFINISHED) and entry.stat().st_mtime < time.time() - _STALE:
                shutil.rmtree(entry, ignore_errors=True)


def _flush(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
