"""The filters that commands which search take, as words of the command line and as filters of a search."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from desktop_app.cli.numbers import a_path, day, least, score
from desktop_app.core.catalog import answers, folders
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import NONE_OF_THESE, AnswerId, LabelFilter, LabelSet
from desktop_app.core.library import Library
from desktop_app.core.operations.filter_words import names_of, worded
from desktop_app.core.searching import Filter, FilterKind, Shape

_WORDS_FOR_NONE = {NONE_OF_THESE, "none"}


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the options; all of those that are given have to let a photo through."""
    group = parser.add_argument_group("filters", "only photos that all of these let through; the search stays exact")
    group.add_argument("--folder", type=a_path, metavar="DIR", help="in this folder, or in one inside it")
    group.add_argument("--from", dest="first", type=day, metavar="DATE", help="taken on this day or later: 2019-05-01")
    group.add_argument("--to", dest="last", type=day, metavar="DATE", help="taken on this day or before")
    group.add_argument(
        "--label", action="append", default=[], metavar="SET=ANSWER", help="has this answer; SET= for whatever answer"
    )
    group.add_argument("--not-labelled", action="append", default=[], metavar="SET", help="has no answer of this set")
    group.add_argument("--words", default="", metavar="TEXT", help="fits these words: see the command “words”")
    group.add_argument("--camera", action="append", default=[], metavar="NAME", help="the camera's name has this in it")
    group.add_argument("--shape", action="append", default=[], choices=[shape.value for shape in Shape])
    group.add_argument("--min-megapixels", type=least, metavar="N", help="has at least so many million pixels")
    group.add_argument("--min-score", type=score, metavar="S", help="leave out results of a lower score")


def filters_of(library: Library, arguments: argparse.Namespace) -> tuple[Filter, ...]:
    """The filters that were asked for, without the one of the score.

    Raises:
        UserError: there is no such folder, label set, answer or camera in the library, or no such stretch of days.
    """
    found = list[Filter]()
    if arguments.folder is not None:
        found.append(_folder(library, Path(os.path.abspath(arguments.folder))))
    if arguments.first and arguments.last and arguments.first > arguments.last:
        raise UserError(f"No day is {arguments.first} or later and {arguments.last} or before: change --from or --to.")
    if arguments.first or arguments.last:
        found.append(Filter(FilterKind.TAKEN, "", first=arguments.first, last=arguments.last))
    found += [_label(library, text) for text in arguments.label]
    for name in arguments.not_labelled:
        wish = LabelFilter(_set(library, name).id, labelled=False)
        found.append(Filter(FilterKind.LABEL, "", label=wish))
    words = arguments.words.strip()
    if words:
        found.append(Filter(FilterKind.WORDS, "", text=words))
    if arguments.camera:
        found.append(Filter(FilterKind.CAMERA, "", choices=_cameras(library, arguments.camera)))
    if arguments.shape:
        found.append(Filter(FilterKind.SHAPE, "", shapes=tuple(Shape(shape) for shape in arguments.shape)))
    if arguments.min_megapixels is not None:
        found.append(Filter(FilterKind.SIZE, "", least=arguments.min_megapixels))
    if not found:
        return ()
    names = names_of(library)
    return tuple(worded(one, names) for one in found)


def _folder(library: Library, path: Path) -> Filter:
    """A folder of the library or one inside it, by whatever name it is reached."""
    roots = folders.all_folders(library.connection)
    for whole, follow in ((path, False), (Path(os.path.realpath(path)), True)):
        for folder in roots:
            root = Path(os.path.realpath(folder.root)) if follow else folder.root
            if whole == root or root in whole.parents:
                inner = whole.relative_to(root).as_posix()
                text = "" if inner == "." else inner
                return Filter(FilterKind.FOLDER, "", folder=folder.id, text=text)
    raise UserError(f"This folder is not in the library: {path}.")


def _set(library: Library, name: str) -> LabelSet:
    found = answers.find_set(library.connection, name)
    if found is None:
        raise UserError(f"There is no label set “{name}”.")
    return found


def _label(library: Library, text: str) -> Filter:
    """`SET=ANSWER`, where both may have "=" in their names."""
    cuts = [at for at, letter in enumerate(text) if letter == "="]
    known = (cut for cut in cuts if text[:cut].strip() and answers.find_set(library.connection, text[:cut]) is not None)
    cut = next(known, cuts[0] if cuts else len(text))
    label_set, name = _set(library, text[:cut]), text[cut + 1 :].strip()
    wanted: tuple[AnswerId | None, ...] = ()
    if name:
        answer = answers.find_answer(label_set, name)
        if answer is None and name.casefold() not in _WORDS_FOR_NONE:
            raise UserError(f"“{label_set.name}” has no answer “{name}”.")
        wanted = (None if answer is None else answer.id,)
    return Filter(FilterKind.LABEL, "", label=LabelFilter(label_set.id, wanted))


def _cameras(library: Library, wanted: list[str]) -> tuple[str, ...]:
    names = [row[0] for row in library.connection.execute("SELECT DISTINCT camera FROM photos ORDER BY camera")]
    found = dict[str, None]()
    for part in wanted:
        fits = [name for name in names if (part.casefold() in name.casefold() if part else not name)]
        if not fits:
            raise UserError(f"No photo here was taken with a camera called “{part}”.")
        found.update(dict.fromkeys(fits))
    return tuple(found)
