"""Where a folder lies: on a drive of this machine, or on one whose changes the system does not tell of.

A network drive accepts a watch and then stays silent about what other machines do there. Its kind is read from the
table of what is mounted, without touching the drive: one that does not answer would hold whoever asks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

_REMOTE = re.compile(
    r"^(nfs\d?|cifs|smb\w*|ncp\w*|afs|afpfs|9p|coda|ceph|gluster\w*|lustre|gfs2?|ocfs2|webdav\w*|davfs2?|sshfs"
    r"|virtiofs|vboxsf|vmhgfs|drvfs|autofs|fuse(\..+)?|osxfuse|macfuse)$"
)
# FUSE is also how NTFS and exFAT sticks are mounted: those drives are here
_HERE = {"fuseblk", "fuse.ntfs", "fuse.ntfs-3g", "fuse.exfat", "fuse.lxcfs"}
_ESCAPED = re.compile(r"\\([0-7]{3})")
_DRIVE_REMOTE = 4


def is_remote(path: Path) -> bool:
    """Whether a folder lies on a network drive or another one that does not tell of its changes."""
    if sys.platform == "win32":
        return _is_remote_on_windows(path)
    return _is_remote_kind(kind_of_mount(os.fspath(path), _mounts()))


def kind_of_mount(path: str, mounts: list[tuple[str, str]]) -> str:
    """The file system a path lies on, "" where no mount holds it; the latest of the innermost counts."""
    best, kind = -1, ""
    for place, name in mounts:
        if (path == place or path.startswith(place.rstrip("/") + "/")) and len(place) >= best:
            best, kind = len(place), name
    return kind


def read_mounts(text: str) -> list[tuple[str, str]]:
    """(place, kind of file system) of each line of `/proc/mounts`."""
    found = []
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) >= 3:
            found.append((_ESCAPED.sub(lambda code: chr(int(code.group(1), 8)), parts[1]), parts[2]))
    return found


def read_mac_mounts(text: str) -> list[tuple[str, str]]:
    """The same of what macOS's `mount` prints: `//me@nas/photos on /Volumes/photos (smbfs, nodev)`."""
    lines = re.finditer(r"^.* on (/.*) \((\w+)[,)]", text, re.MULTILINE)
    return [(line.group(1), line.group(2)) for line in lines]


def _is_remote_kind(kind: str) -> bool:
    return kind not in _HERE and _REMOTE.match(kind) is not None


def _mounts() -> list[tuple[str, str]]:
    try:
        if sys.platform == "darwin":
            done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False)
            return read_mac_mounts(done.stdout)
        return read_mounts(os.fsdecode(Path("/proc/mounts").read_bytes()))
    except (OSError, subprocess.SubprocessError, ValueError):
        return []


def _is_remote_on_windows(path: Path) -> bool:
    drive = os.path.splitdrive(os.fspath(path))[0]
    if drive.startswith("\\\\"):
        return True
    import ctypes

    kind = getattr(ctypes, "windll").kernel32.GetDriveTypeW(drive + "\\")  # noqa: B009  # there on Windows only
    return bool(kind == _DRIVE_REMOTE)
