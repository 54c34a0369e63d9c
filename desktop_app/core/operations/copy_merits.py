"""What speaks for keeping photos, read from the catalogue and the disk; and the rules of a library."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

from desktop_app.core import archives
from desktop_app.core.catalog import details as detail_rows
from desktop_app.core.catalog import photos as photo_rows
from desktop_app.core.duplicates.keep import PROTECTED, Merits, lies_in
from desktop_app.core.duplicates.sets import USUAL, KeepRules, Place, Prefer
from desktop_app.core.library import Library
from desktop_app.core.operations.copy_companions import Beside
from desktop_app.core.types import Details, FolderId, Photo, PhotoId

_RULES = "copy_rules"
_MANY = 500
_ONCE_USUAL = (
    Prefer.FOLDER,
    Prefer.LABELS,
    Prefer.WHOLE,
    Prefer.RESOLUTION,
    Prefer.FORMAT,
    Prefer.METADATA,
    Prefer.FILE_SIZE,
    Prefer.OLDEST,
    Prefer.SHORT_NAME,
)
"""The usual rules before a file's time came before its size."""

IN_ARCHIVE = "in a zip file"
READ_ONLY = "in a folder that cannot be written"


def load_rules(library: Library) -> KeepRules:
    """How a library chooses what to keep; the usual rules where none were saved, or nobody can read them."""
    try:
        stored = json.loads(library.get_meta(_RULES) or "{}")
        usual = KeepRules()
        return KeepRules(
            tuple(Place(FolderId(int(folder)), str(below)) for folder, below in stored.get("folders", ())),
            tuple(Place(FolderId(int(folder)), str(below)) for folder, below in stored.get("protected", ())),
            _prefer(stored["prefer"]) if "prefer" in stored else usual.prefer,
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return KeepRules()


def _prefer(stored: Sequence[str]) -> tuple[Prefer, ...]:
    """What decides, as saved; rules that were the usual ones when they were saved stay the usual ones."""
    prefer = tuple(Prefer(value) for value in stored)
    return USUAL if prefer == _ONCE_USUAL else prefer


def save_rules(library: Library, rules: KeepRules) -> None:
    """Remember how to choose.

    Raises:
        UserError: the library cannot be written.
    """
    text = json.dumps(
        {
            "folders": [[place.folder, place.below] for place in rules.folders],
            "protected": [[place.folder, place.below] for place in rules.protected],
            "prefer": [prefer.value for prefer in rules.prefer],
        }
    )
    library.set_meta(_RULES, text)


class Writable:
    """Which folders of the disk can be written; each is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def __call__(self, photo: Photo) -> bool:
        """Whether a photo's file could be moved from where it is."""
        folder = str(photo.path.parent)
        if folder not in self._known:
            self._known[folder] = os.access(folder, os.W_OK | os.X_OK)
        return self._known[folder]


def relative(library: Library, photos: Sequence[PhotoId]) -> dict[PhotoId, str]:
    """The paths of photos below their folders, "/" between parts."""
    found: dict[PhotoId, str] = {}
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        rows = library.connection.execute(
            f"SELECT id, path FROM photos WHERE id IN ({','.join('?' * len(part))})", part
        )
        found.update((PhotoId(photo), os.fsdecode(path)) for photo, path in rows)
    return found


def labelled(library: Library, photos: Sequence[PhotoId]) -> dict[PhotoId, int]:
    """How many labels that a person gave, and notes, photos have."""
    found: dict[PhotoId, int] = {}
    for start in range(0, len(photos), _MANY):
        part = list(photos[start : start + _MANY])
        marks = ",".join("?" * len(part))
        rows = library.connection.execute(
            "SELECT photo, sum(n) FROM (SELECT l.photo, count(*) AS n FROM labels l JOIN label_sets s"
            f" ON s.id = l.label_set AND s.removed IS NULL WHERE l.photo IN ({marks}) AND l.origin != 'bulk'"
            f" GROUP BY l.photo UNION ALL SELECT photo, 1 FROM notes WHERE photo IN ({marks})) GROUP BY photo",
            [*part, *part],
        )
        found.update((PhotoId(photo), int(count)) for photo, count in rows)
    return found


def merits_of(
    library: Library,
    photos: Sequence[PhotoId],
    rules: KeepRules,
    writable: Writable | None = None,
    beside: Beside | None = None,
) -> tuple[dict[PhotoId, Merits], dict[PhotoId, Photo]]:
    """What speaks for each of some photos, and the photos; those that are gone are left out.

    What lies beside them counts where `beside` is given.
    """
    writable = writable or Writable()
    known = photo_rows.fetch(library.connection, photos)
    paths, labels = relative(library, photos), labelled(library, photos)
    said = detail_rows.get(library.connection, photos)
    found = {}
    for id_, photo in known.items():
        kept = ""
        if any(lies_in(photo.folder, paths[id_], place) for place in rules.protected):
            kept = PROTECTED
        elif archives.is_inside(photo.path):
            kept = IN_ARCHIVE
        elif not writable(photo):
            kept = READ_ONLY
        found[id_] = Merits(
            photo.folder,
            paths[id_],
            photo.width * photo.height,
            photo.size,
            photo.format,
            photo.modified.timestamp(),
            labels.get(id_, 0),
            facts_of(photo, said),
            kept_because=kept,
            companions=beside.words(photo.path) if beside is not None else (),
        )
    return found, known


def facts_of(photo: Photo, details: Mapping[PhotoId, Details]) -> tuple[str, ...]:
    """What a photo's metadata hold, in words."""
    own = details.get(photo.id, Details())
    held = {
        "a date": photo.taken is not None,
        "a camera": bool(photo.camera),
        "a place": own.latitude is not None,
        "stars": own.rating is not None,
        "keywords": bool(own.keywords),
        "a title": bool(own.title or own.description),
    }
    return tuple(name for name, there in held.items() if there)
