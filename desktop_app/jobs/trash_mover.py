"""The system's trash, by `QFile.moveToTrash` (QtCore only; any thread).

What Qt 6 does, tried on Linux and read in its source (qfilesystemengine):

- Linux and other freedesktop systems: a file on the drive of the home folder goes to `$XDG_DATA_HOME/Trash`, one on
  another drive to that drive's `.Trash/$uid` or `.Trash-$uid`, which is made where the drive lets us. It is always a
  rename: where a drive has no trash and none can be made, Qt refuses and never copies gigabytes to the home folder's
  disk. So does `refusal` beforehand, so that nothing is touched. A `.trashinfo` file says where the file was.
- Windows: the recycle bin. What it would delete at once (too large, bin switched off, network drive) Qt refuses.
- macOS: the trash of the volume; where there is none, Qt refuses.

`QFile.fileName()` says afterwards where the file lies. Bringing back is a rename by that path. On freedesktop systems
the `.trashinfo` goes with it, on Windows the bin's `$I` twin of the `$R` file, so that no file manager lists a ghost.

Source of the freedesktop details: The FreeDesktop.org Trash specification 1.0.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QFile

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.operations.trash_parts import NO_TRASH, is_one_file

_FREEDESKTOP = os.name == "posix" and sys.platform != "darwin"
_FULL = "The disk is full, and its trash takes no more."


class SystemTrash:
    """The trash of whoever is logged in; an `operations.trash.Trash`."""

    def refusal(self, folder: Path) -> str:
        """Why files of a folder cannot go, as a sentence; "" where nothing is known against it."""
        if not _FREEDESKTOP:
            return ""
        try:
            device = folder.stat().st_dev
            home = _home_trash()
            if device == _nearest(home).stat().st_dev:
                return "" if _usable(home) else "The trash of this account cannot be written."
            top = _top_of(folder, device)
        except OSError as error:
            return f"The system refused ({error.strerror or error})."
        return "" if any(_usable(one) for one in _top_trashes(top)) else NO_TRASH

    def move(self, path: Path) -> Path | None:
        """Move a file to the trash; returns where it lies there, None where the system does not say.

        Raises:
            UserError: it did not go, and is where it was.
        """
        if not _is_text(path):
            raise UserError("Its name is not written as this system writes names. Rename it, or move it by hand.")
        # through a link to another drive Qt 6.11 notes a path that is none (the first letters are cut off)
        asked = _without_links(path)
        _make_home()
        file = QFile(str(asked))
        if not file.moveToTrash():
            reason = _reason(path, file.errorString()) or self.refusal(path.parent)
            said = f"The system's trash refused it ({wording.printable(file.errorString())})."
            raise UserError(reason or said, f"{file.errorString()}: {path}")
        where = Path(file.fileName())
        return where if where != asked and os.path.lexists(where) else None

    def put_back(self, trashed: Path, place: Path) -> None:
        """Bring a file back, never over another one.

        Raises:
            UserError: it could not be brought back, and is where it was.
        """
        try:
            rename_free(trashed, place)
        except FileExistsError as error:
            raise UserError("Another file is at its place now.", str(error)) from error
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise UserError(
                    "It is in the trash of another drive. Restore it there with the file manager.", str(error)
                ) from error
            raise UserError(f"The system refused ({error.strerror or error}).", str(error)) from error
        _forget(trashed)

    def find(self, places: Collection[Path]) -> dict[Path, Path] | None:
        """Where files are in the trash that lay at these places; None where the system does not say."""
        if not _FREEDESKTOP:
            return None
        wanted = {_without_links(place): place for place in places} | {place: place for place in places}
        found: dict[Path, tuple[str, Path]] = {}
        for trash, top in _trashes_for(places):
            for info in (trash / "info").glob("*.trashinfo"):
                known = _read_info(info, top)
                if known is None:
                    continue
                place = wanted.get(known[0]) or wanted.get(_without_links(known[0]))
                file = trash / "files" / info.name.removesuffix(".trashinfo")
                if place is None or not os.path.lexists(file):
                    continue
                if known[1] >= found.get(place, ("", file))[0]:
                    found[place] = known[1], file  # of several, the one that went last
        return {place: file for place, (_, file) in found.items()} | _begun(places)


def rename_free(source: Path, place: Path) -> None:
    """Rename a file to a name that nobody has; its bytes and times stay as they are.

    Raises:
        FileExistsError: there is something of that name.
        OSError: the system refuses.
    """
    if os.name == "nt":
        source.rename(place)  # Windows refuses a name that is taken
        return
    try:
        os.link(source, place, follow_symlinks=False)  # fails where something is, at whatever moment it came
    except FileExistsError:
        if not is_one_file(source, place):  # else we were cut off between this and the next step
            raise
    except OSError as error:
        # cards and sticks know no second names (FAT, exFAT); some network drives do not either
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EACCES, errno.ENOSYS, errno.EMLINK):
            raise
        if os.path.lexists(place):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place)) from error
        source.rename(place)
        return
    source.unlink()


def _forget(trashed: Path) -> None:
    """Take away what the trash kept about a file that is back."""
    note: Path | None = None
    if _FREEDESKTOP and trashed.parent.name == "files":
        note = trashed.parent.parent / "info" / f"{trashed.name}.trashinfo"
    elif os.name == "nt" and trashed.name.startswith("$R"):
        note = trashed.with_name("$I" + trashed.name[2:])
    if note is not None:
        try:
            note.unlink(missing_ok=True)
        except OSError:
            return  # the file manager will tidy up


def _is_text(path: Path) -> bool:
    """Whether Qt can name a file: names may be bytes that are no text, and then Qt finds nothing, or another file."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _reason(path: Path, said: str) -> str:
    """Why a file did not go, from what Qt said and what can be seen; "" where that tells nothing."""
    if not os.path.lexists(path):
        return "There is no file any more."
    if os.strerror(errno.ENOSPC) in said or os.strerror(errno.EDQUOT) in said:
        return _FULL
    if not os.access(path.parent, os.W_OK):
        return "Its folder cannot be written."
    if os.strerror(errno.EXDEV) in said or os.strerror(errno.EROFS) in said:
        return NO_TRASH
    return ""


# --- freedesktop -----------------------------------------------------------------------------------------------


def _home_trash() -> Path:
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else Path.home() / ".local" / "share") / "Trash"


def _make_home() -> None:
    """The folder that the trash of the home is in, which Qt does not make; where it cannot be, Qt says so."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            _home_trash().parent.mkdir(parents=True, exist_ok=True)


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return path


def _without_links(path: Path) -> Path:
    """A file's path through no link; the file itself may be one."""
    return Path(os.path.realpath(path.parent)) / path.name


def _usable(trash: Path) -> bool:
    """Whether a trash is there, or can be made, and can be written."""
    there = _nearest(trash)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return False
    inner = [trash / name for name in ("files", "info")]
    return all(not os.path.lexists(one) or (one.is_dir() and os.access(one, os.W_OK)) for one in inner)


def _top_of(folder: Path, device: int) -> Path:
    """The folder that a drive is mounted at."""
    top = Path(os.path.realpath(folder))
    while top != top.parent and top.parent.stat().st_dev == device:
        top = top.parent
    return top


def _top_trashes(top: Path) -> list[Path]:
    """The trashes that a drive may have for this account, as the specification names them."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    found = []
    try:
        status = os.lstat(top / ".Trash")
        if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
            found.append(top / ".Trash" / str(user))
    except OSError:
        pass
    return [*found, top / f".Trash-{user}"]


def _trashes_for(places: Collection[Path]) -> list[tuple[Path, Path]]:
    """Every trash that files of these places may be in, each with the folder its paths are relative to."""
    found: dict[Path, Path] = {_home_trash(): Path("/")}
    for folder in {_nearest(place.parent) for place in places}:
        try:
            top = _top_of(folder, folder.stat().st_dev)
        except OSError:
            continue
        found.update((trash, top) for trash in _top_trashes(top))
    return list(found.items())


def _begun(places: Collection[Path]) -> dict[Path, Path]:
    """Files that are in their places and, without a note, in a trash as well, under the letters that Qt gives first.

    On Linux it names a file in the trash, notes where it was, gives it its name there and takes the old one away;
    whoever is killed before the last step leaves one file with two names.
    """
    twice: dict[int, Path] = {}
    for place in places:
        with contextlib.suppress(OSError):
            status = os.lstat(place)
            if status.st_nlink > 1:
                twice[status.st_ino] = place
    found: dict[Path, Path] = {}
    for trash, _ in _trashes_for(list(twice.values())) if twice else ():
        with contextlib.suppress(OSError), os.scandir(trash / "files") as entries:
            for entry in entries:
                here = twice.get(entry.inode())
                noted = os.path.lexists(trash / "info" / f"{entry.name}.trashinfo")
                if here is not None and not noted and is_one_file(Path(entry.path), here):
                    found[here] = Path(entry.path)
    return found


def _read_info(info: Path, top: Path) -> tuple[Path, str] | None:
    """Where a trashed file was, and when it went (as text that sorts)."""
    try:
        lines = info.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    if "Path" not in values:
        return None
    path = Path(os.fsdecode(unquote_to_bytes(values["Path"])))
    return (path if path.is_absolute() else top / path), values.get("DeletionDate", "")
