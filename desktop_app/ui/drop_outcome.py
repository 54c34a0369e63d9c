"""What dropping something on the window will do; no Qt, no widget.

The overlay shows the words of the outcome before the mouse is released and carries it out afterwards, so what
is said and what happens cannot differ.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from desktop_app.core import wording
from desktop_app.core.handover.kind import OnnxKind, onnx_kind
from desktop_app.core.images.formats import Kind, kind_of

EXPORTS = frozenset((".zip", ".csv", ".tsv", ".xlsx", ".xlsm"))
"""Endings of what Insights reads: exports of a service, and tables."""

_MARKS = ("your_instagram_activity", "logged_information")  # folders of an export that was unpacked
_MARKED = 60  # names of a folder that are looked at
_NAME_LIMIT = 40
_POSTED = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_UTC")  # Instaloader's names
# a drop of thousands of files is answered while the mouse moves: more of them would change no word
_LOOK_AT = 500


class Action(enum.Enum):
    """What one half of the overlay, or all of it, does."""

    ADD_FOLDERS = "add folders"
    FIND_LIKE = "find like"  # like files
    FIND_LIKE_IMAGE = "find like image"  # like pixels without a file
    OPEN_CLASSIFIER = "open classifier"
    ADD_NETWORK = "add network"
    READ_EXPORTS = "read exports"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be dropped on.

    Attributes:
        action: What happens.
        title: The line that names it, "Add Family".
        name: The part of it that is a file's name and stands in italics, or "".
        note: A quieter second line, or "".
        paths: What it happens to: folders to add, pictures to look like, exports to read or the classifier to open;
            empty for pixels and refusals.
    """

    action: Action
    title: str
    note: str = ""
    paths: tuple[Path, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class DropOutcome:
    """One choice, or two that stand side by side (left, right)."""

    choices: tuple[Choice, ...]

    @property
    def accepted(self) -> bool:
        """Whether releasing the mouse does anything."""
        return self.choices[0].action is not Action.REFUSE


def _refuse(reason: str) -> DropOutcome:
    return DropOutcome((Choice(Action.REFUSE, "Likeness can't use this file", reason),))


def _name(path: Path) -> str:
    return wording.shorten_middle(wording.printable(path.name or str(path)), _NAME_LIMIT)


def _left_out(count: int) -> str:
    return f"{wording.count(count, 'other file')} left out" if count else ""


def is_export(path: Path) -> bool:
    """Whether Insights reads it: a zip or a table, or a folder with the names of such an export."""
    if path.suffix.lower() in EXPORTS:
        return True
    try:
        with os.scandir(path) as entries:
            names = [entry.name for entry in islice(entries, _MARKED)]
    except (OSError, ValueError):
        return False
    return any(name in _MARKS or _POSTED.match(name) is not None for name in names)


def _read(exports: Sequence[Path], note: str = "") -> Choice:
    names = ", ".join(_name(export) for export in exports[:3])
    more = f" and {wording.number(len(exports) - 3)} more" if len(exports) > 3 else ""
    return Choice(Action.READ_EXPORTS, "Read into Insights", note or names + more, tuple(exports))


def _add(folders: Sequence[Path], note: str = "") -> Choice:
    name = ""
    if len(folders) == 1:
        name = _name(folders[0])
        title = f"Add {name}"
    else:
        title = f"Add {wording.count(len(folders), 'folder')}"
        names = ", ".join(_name(folder) for folder in folders[:3])
        note = note or (f"{names} and {wording.number(len(folders) - 3)} more" if len(folders) > 3 else names)
    return Choice(Action.ADD_FOLDERS, title, note, tuple(folders), name)


def _find(pictures: Sequence[Path], note: str = "") -> Choice:
    if len(pictures) == 1:
        return Choice(Action.FIND_LIKE, "Find photos like this", note or _name(pictures[0]), tuple(pictures))
    note = note or wording.count(len(pictures), "picture")
    return Choice(Action.FIND_LIKE, "Find photos like these", note, tuple(pictures))


def _add_their_folder(pictures: Sequence[Path]) -> Choice:
    folders = tuple(dict.fromkeys(picture.parent for picture in pictures))
    if len(folders) == 1:
        name = _name(folders[0])
        return Choice(Action.ADD_FOLDERS, f"Add their folder {name}", "", folders, name)
    return Choice(Action.ADD_FOLDERS, f"Add their {wording.count(len(folders), 'folder')}", "", folders)


def _onnx(path: Path, kind: Callable[[Path], OnnxKind]) -> DropOutcome | None:
    """What dropping an ONNX file does, by what its metadata says it is; None for any other file."""
    if path.suffix.lower() != ".onnx":
        return None
    if kind(path) is OnnxKind.CLASSIFIER:
        return DropOutcome((Choice(Action.OPEN_CLASSIFIER, "Open classifier", _name(path), (path,)),))
    # whatever calls itself so: what is wrong with one that is none is said by who examines it
    return DropOutcome((Choice(Action.ADD_NETWORK, "Add a way to compare", _name(path), (path,)),))


def _reason(others: Sequence[Path], gone: int) -> str:
    if gone == len(others):
        return "It is not there any more." if gone == 1 else "They are not there any more."
    kinds = {kind_of(other.name) for other in others}
    if kinds == {Kind.VIDEO}:
        return "Videos are not read, only pictures and folders of pictures."
    if kinds == {Kind.UNSUPPORTED}:
        return "Likeness does not read this kind of picture."
    if len(others) == 1:
        return f"{_name(others[0])} is not a picture or a folder."
    return f"None of the {wording.number(len(others))} files is a picture or a folder."


def classify(
    paths: Sequence[Path],
    *,
    has_image: bool = False,
    has_link: bool = False,
    is_folder: Callable[[Path], bool] = Path.is_dir,
    exists: Callable[[Path], bool] = Path.exists,
    kind: Callable[[Path], OnnxKind] = onnx_kind,
    marked: Callable[[Path], bool] = is_export,
) -> DropOutcome:
    """Say what dropping this does.

    Args:
        paths: The files and folders that are dragged, absolute.
        has_image: Pixels come along (a picture dragged out of a web page).
        has_link: An address comes along that is no file on this computer.
        is_folder: Whether a path is a folder; an OSError counts as no.
        exists: Whether a path is there; asked only to word a refusal.
        kind: What an ONNX file is; asked of one that comes alone.
        marked: Whether a folder is an export of posts.
    """
    folders: list[Path] = []
    pictures: list[Path] = []
    others: list[Path] = []
    exports: list[Path] = []
    for at, path in enumerate(dict.fromkeys(paths)):
        picture = kind_of(path.name) is Kind.PICTURE
        if at < _LOOK_AT and _holds(is_folder, path):
            folders.append(path)
        elif picture:
            pictures.append(path)
        elif path.suffix.lower() in EXPORTS and _holds(exists, path):
            exports.append(path)
        else:
            others.append(path)

    posted = [folder for folder in folders[:_MARKED] if _holds(marked, folder)]
    if posted and len(posted) == len(folders):  # first what such a folder was made for
        both = [*exports, *posted]
        return DropOutcome((_read(both), _add(folders, _left_out(len(others)))))
    if exports and folders:
        return DropOutcome((_add(folders, _left_out(len(others) + len(exports))), _read([*exports, *posted])))
    if exports:
        return DropOutcome((_read(exports, _left_out(len(others) + len(pictures))),))
    if folders and pictures:
        return DropOutcome((_add(folders, _left_out(len(others))), _find(pictures)))
    if folders:
        return DropOutcome((_add(folders, _left_out(len(others))),))
    if len(pictures) == 1:
        # its name is less worth saying than what is not used of the drop
        return DropOutcome((_find(pictures, _left_out(len(others))),))
    if pictures:
        return DropOutcome((_add_their_folder(pictures), _find(pictures, _left_out(len(others)))))
    if has_image:
        return DropOutcome((Choice(Action.FIND_LIKE_IMAGE, "Find photos like this"),))
    if len(others) == 1 and _holds(exists, others[0]) and (known := _onnx(others[0], kind)) is not None:
        return known
    if others:
        return _refuse(_reason(others, sum(not _holds(exists, other) for other in others[:_LOOK_AT])))
    if has_link:
        return _refuse("It is a link, not a picture. Save the picture first, then drop the file.")
    return _refuse("It is not a picture or a folder.")


def _holds(question: Callable[[Path], bool], path: Path) -> bool:
    """The answer about a path; a path that the system refuses to look at (too long, a NUL inside) is a no."""
    try:
        return question(path)
    except (OSError, ValueError):
        return False
