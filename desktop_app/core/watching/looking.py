"""Finding out what changed where nobody tells: by the times of folders, which cost one question each.

A folder's time changes when something in it comes, goes or gets another name. What is written over in its place is
not seen this way; the look through everything at the next opening finds it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from desktop_app.core.watching.names import is_own_folder


@dataclass(frozen=True, slots=True)
class _Seen:
    mtime_ns: int
    names: frozenset[str]
    folders: tuple[str, ...]


class Looker:
    """Looks at one root again and again and says what differs from the last time."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._seen: dict[str, _Seen] | None = None
        self._fresh: frozenset[str] = frozenset()

    def look(self) -> frozenset[str]:
        """Paths that came, went or may have changed since the last look; of the first one none: it only remembers.

        What was new the last time is among them once more: it may still have been on its way then. The root itself
        where it is gone, or is there again.
        """
        before, now = self._seen, dict[str, _Seen]()
        changed: set[str] = set()
        waiting = [self.root]
        while waiting:
            folder = waiting.pop()
            known = before.get(folder) if before is not None else None
            seen = _look_into(folder, known)
            if seen is None:
                continue
            now[folder] = seen
            waiting += seen.folders
            if known is not None and seen is not known:
                changed |= {os.path.join(folder, name) for name in seen.names ^ known.names}  # noqa: PTH118
        self._seen = now
        if before is None:
            return frozenset()
        if (self.root in before) != (self.root in now):
            self._fresh = frozenset()
            return frozenset((self.root,))
        told = frozenset(changed) | self._fresh
        self._fresh = frozenset(changed)
        return told


def _look_into(folder: str, known: _Seen | None) -> _Seen | None:
    """What is in a folder; `known` itself where its time is the same, None where it cannot be looked at."""
    try:
        mtime_ns = os.stat(folder).st_mtime_ns  # noqa: PTH116  # a hundred thousand times
        if known is not None and known.mtime_ns == mtime_ns:
            return known
        with os.scandir(folder) as listing:
            entries = [(entry.name, entry.path, entry.is_dir(follow_symlinks=False)) for entry in listing]
    except OSError:
        return None
    inner = tuple(path for name, path, is_folder in entries if is_folder and not is_own_folder(name))
    return _Seen(mtime_ns, frozenset(name for name, _, _ in entries), inner)
