"""Names of files and folders that are no news: what programs keep for themselves, and what is still on its way."""

from __future__ import annotations

_OWN_FOLDERS = frozenset(("@eadir", "$recycle.bin", "system volume information", "__macosx", "lost+found", "#recycle"))
_OWN_FILES = frozenset(("thumbs.db", "desktop.ini", "ehthumbs.db", "picasa.ini"))
_ON_ITS_WAY = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".opdownload",
    ".filepart",
    ".!ut",
    ".!qb",
    ".aria2",
    ".tmp",
    ".temp",
    ".swp",
    ".lock",
    ".new",
    ".bak",
    "~",
)


def is_own_folder(name: str) -> bool:
    """Whether a folder is hidden, or one that a program keeps for itself."""
    return name.startswith(".") or name.lower() in _OWN_FOLDERS


def is_on_its_way(name: str) -> bool:
    """Whether a file is hidden, temporary, or a download that has not ended: it will get its name when it is whole."""
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower in _OWN_FILES or lower.endswith(_ON_ITS_WAY)
