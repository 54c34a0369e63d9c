"""`likeness similar`: the photos of a library most like one picture, or like several and unlike others."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from desktop_app.cli.filters import filters_of
from desktop_app.cli.output import library_folder, print_json, print_text
from desktop_app.cli.pictures import absolute, read
from desktop_app.core.catalog import photos
from desktop_app.core.catalog.filters import matching
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import single_threaded
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.compare_raw import nearest_raw
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.searching import Box, Example, Filter, FilterKind, Query
from desktop_app.core.types import Hit, Order, PhotoId, Vectors
from desktop_app.core.wording import printable


def run(arguments: Namespace) -> int:
    """Run the command.

    Raises:
        UserError: a picture is missing or unreadable, there is no library, or no such folder, set or camera in it.
    """
    single_threaded()
    remarks: tuple[str, ...] = ()
    with Library(library_folder(arguments), writable=False) as library:
        descriptor = library.descriptor(arguments.descriptor or MAIN_LAYER)
        filters = filters_of(library, arguments)
        with closing(Likeness(library, descriptor)) as likeness:
            if arguments.metric == "euclidean":
                hits = _by_distance(library, likeness, arguments, filters)
            elif len(arguments.images) == 1 and not (arguments.unlike or arguments.box or filters):
                hits = _by_cosine(library, likeness, arguments)
            else:
                hits, remarks = _by_search(library, likeness, arguments, filters)
            searchable = likeness.searchable
        if not searchable and photos.count_present(library.connection):
            raise UserError(_missing(library, descriptor))
        results = _results(library, hits)
    for remark in (*remarks, library.remark):
        if remark:
            print(f"likeness: {printable(remark)}", file=sys.stderr)
    if arguments.json:
        print_json({"results": results})
    else:
        for result in results:
            print_text(f"{result['score']:.4f}  {printable(result['path'])}")
    return 0


def _by_cosine(library: Library, likeness: Likeness, arguments: Namespace) -> list[Hit]:
    """Like one picture, and nothing else asked: what a person wants most often, and the quickest."""
    image = absolute(arguments.images[0])
    own = photos.by_path(library.connection, image)
    hits = likeness.best(_vector(likeness, image, own), arguments.limit, () if own is None else (own,))
    least = arguments.min_score
    return hits if least is None else [hit for hit in hits if hit.score >= least]


def _by_distance(library: Library, likeness: Likeness, arguments: Namespace, filters: tuple[Filter, ...]) -> list[Hit]:
    if arguments.unlike or arguments.box or arguments.words or arguments.min_score is not None:
        raise UserError("By Euclidean distance there is no --unlike, --box, --words or --min-score.")
    images = [absolute(image) for image in arguments.images]
    own = [photos.by_path(library.connection, image) for image in images]
    query = np.concatenate([_vector(likeness, image, photo) for image, photo in zip(images, own, strict=True)])
    without = [photo for photo in own if photo is not None]
    if filters:
        every = photos.listed(library.connection, Order.LIKENESS)
        without += [PhotoId(one) for one in np.setdiff1d(every, matching(library.connection, filters)).tolist()]
    return nearest_raw(library, library.files(likeness.descriptor), query, arguments.limit, without)


def _by_search(
    library: Library, likeness: Likeness, arguments: Namespace, filters: tuple[Filter, ...]
) -> tuple[list[Hit], tuple[str, ...]]:
    examples = [_example(library, likeness, image, wanted=True) for image in arguments.images]
    examples += [_example(library, likeness, image, wanted=False) for image in arguments.unlike]
    if arguments.box is not None:
        # the part is read from the file itself, as large as it takes
        box = _box(library, absolute(arguments.images[0]), examples[0].photo, *arguments.box)
        examples[0] = replace(examples[0], pixels=None, box=box)
    if arguments.min_score is not None:
        filters = (*filters, Filter(FilterKind.SCORE, "score", least=arguments.min_score))
    result = Searcher(library, likeness).run(Query(tuple(examples), filters=filters))
    if result.scores is None:  # nothing is left to be alike to: the search says why
        raise UserError(" ".join(result.remarks))
    ids, scores = result.ids[: arguments.limit].tolist(), result.scores[: arguments.limit].tolist()
    unknown = tuple(f"“{one.word}” finds nothing here." for one in result.unknown)
    hits = [Hit(PhotoId(photo), score) for photo, score in zip(ids, scores, strict=True)]
    return hits, tuple(dict.fromkeys((*result.remarks, *unknown)))


def _example(library: Library, likeness: Likeness, image: Path, *, wanted: bool) -> Example:
    image = absolute(image)
    own = photos.by_path(library.connection, image)
    pixels = read(image, likeness.decode_side).pixels if own is None else None
    return Example(image.name, own, image, pixels, wanted)


def _box(
    library: Library, image: Path, photo: PhotoId | None, numbers: tuple[float, float, float, float], in_shares: bool
) -> Box:
    """The part in shares of the picture."""
    x, y, width, height = numbers
    if in_shares:
        return Box(x, y, width, height)
    if photo is not None:
        known = photos.fetch(library.connection, [photo])[photo]
        wide, high = known.width, known.height
    else:
        picture = read(image, 32)
        wide, high = picture.width, picture.height
    return Box(x / wide, y / high, width / wide, height / high)


def _missing(library: Library, descriptor: Descriptor) -> str:
    if descriptor == Descriptor(library.network.name, MAIN_LAYER):
        return "The photos of this library have to be read again first: run “likeness index” on it."
    return (
        f"The photos of this library are not comparable by {descriptor} yet: run “likeness index FOLDER "
        f"--descriptor {descriptor}” first."
    )


def _vector(likeness: Likeness, image: Path, photo: PhotoId | None) -> Vectors:
    """The stored vector of a photo of the library, else that of the picture read now."""
    if photo is not None:
        try:
            return likeness.embeddings([photo])
        except UserError:
            pass  # known, but not described by this yet
    return likeness.embed(read(image, likeness.decode_side).pixels)


def _results(library: Library, hits: list[Hit]) -> list[dict[str, Any]]:
    found = photos.fetch(library.connection, [hit.photo for hit in hits])
    return [{"path": str(found[hit.photo].path), "score": round(hit.score, 6)} for hit in hits if hit.photo in found]
