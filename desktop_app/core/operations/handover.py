"""Handing a classifier over: one ONNX file, a one-page sheet and an example, tried on photos of the library."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, helper

from desktop_app import __version__
from desktop_app.core.catalog import features, photos
from desktop_app.core.handover.about import SURE, About, SpotCheck, describe_head, describe_network, to_metadata
from desktop_app.core.handover.agreement import MOST_CHECKED, Agreement, compare
from desktop_app.core.handover.example import example_script
from desktop_app.core.handover.files import smaller, write_for_others, writing
from desktop_app.core.handover.graph import build
from desktop_app.core.handover.open import session_of
from desktop_app.core.handover.parts import Floats, HeadParts, NetworkFile
from desktop_app.core.handover.sheet import Sheet, sheet_html
from desktop_app.core.handover.whole import read_whole
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations.ahead import in_order
from desktop_app.core.operations.pipeline import cores
from desktop_app.core.types import PhotoId, Progress, Vectors

_MOST_WORKERS = 4  # whole photos in memory at once: some 500 MB each at the most
_MOST_EXAMPLES = 6  # photos of a class on the sheet
_EXAMPLE_HEIGHT = 144  # pixels: twice what is shown, for fine screens
_FEW = 5  # labels below which a class is a weak point
_LESS = 0.8  # accuracy below which the whole is one


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A trained label set as the hand-over needs it; `operations.offer` makes it.

    Attributes:
        name: of the label set.
        parts: the head as arrays.
        probabilities: the program's own answers: features by layer, float32 (n, d), to float32 (n, classes).
        counts: labels per class that a person looked at.
        examples: photos to show on the sheet, per class.
        accuracy: share right on the person's own labels; None while there are too few.
        interval: likely range of it.
        spot_check: None where none was made.
        weak_points: sentences beside those that follow from the numbers.
        sure: from this probability on an answer counts as sure.
    """

    name: str
    parts: HeadParts
    probabilities: Callable[[Mapping[str, Vectors]], Floats]
    counts: Mapping[str, int]
    examples: Mapping[str, Sequence[PhotoId]] = field(default_factory=dict)
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    spot_check: SpotCheck | None = None
    weak_points: tuple[str, ...] = ()
    sure: float = SURE


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was written, and how the file agrees with the program.

    Attributes:
        path: the ONNX file.
        sheet: the page beside it.
        script: the Python example beside it.
        agreement: on whole photos of the library.
        differing: photos with another label, most different first.
        left_out: photos that were to be compared and that Pillow alone cannot read whole.
    """

    path: Path
    sheet: Path
    script: Path
    agreement: Agreement
    differing: tuple[PhotoId, ...]
    left_out: int


def network_file(network: Network) -> NetworkFile:
    """A network of the program as the hand-over wants it."""
    how = network.preparation
    return NetworkFile(
        name=network.name,
        title=network.title,
        path=network.path,
        sha256=network.sha256,
        key=network.key,
        precision=network.precision,
        input_name=network.input_name,
        height=how.height,
        width=how.width,
        fit=how.fit,
        short_side=how.short_side,
        decode_side=network.decode_side,
        colours=how.colours,
        invert=how.invert,
        layout=how.layout,
        mean=how.mean,
        scale=how.scale,
        licence=network.licence,
        origin=network.origin,
        batch_free=network.batch_free,
    )


def hand_over(
    library: Library, offer: Offer, out: Path, *, most: int = MOST_CHECKED, seed: int = 0
) -> Generator[Progress, None, HandedOver]:
    """Write a classifier to a file that runs anywhere, with a sheet and an example beside it.

    Nothing is written before the file has been tried; stopped before, nothing is left.

    Args:
        library: whose network it was trained with.
        offer: what to hand over.
        out: the ONNX file; NAME-sheet.html and NAME-example.py are written beside it.
        most: photos it is tried on.
        seed: of the choice of photos.

    Raises:
        UserError: the folder cannot be written, the disk is full, or the network cannot be part of such a file.
    """
    if out.suffix.lower() != ".onnx":
        out = out.with_name(out.name + ".onnx")
    yield Progress("Putting the file together")
    model = build(network_file(library.network), offer.parts)
    yield Progress("Putting the file together")
    session = session_of(model.SerializeToString())
    ids, own, file, left_out = yield from _try(library, offer, session, most, seed)
    agreement = compare(own, file, offer.sure)
    about = about_offer(library, offer, agreement)
    yield Progress("Writing the file")
    done = HandedOver(
        path=out,
        sheet=out.with_name(f"{out.stem}-sheet.html"),
        script=out.with_name(f"{out.stem}-example.py"),
        agreement=agreement,
        differing=_differing(ids, own, file),
        left_out=left_out,
    )
    _write(done, model, library, offer, about)
    return done


def about_offer(library: Library, offer: Offer, agreement: Agreement | None) -> About:
    """What the file says of itself; without an agreement nothing is said of one."""
    return About(
        name=offer.name,
        made=date.today().isoformat(),
        program=__version__,
        counts=dict(offer.counts),
        network=describe_network(network_file(library.network)),
        head=describe_head(offer.parts),
        accuracy=offer.accuracy,
        interval=offer.interval,
        spot_check=offer.spot_check,
        sure=offer.sure,
        weak_points=(*weak_points(offer, agreement), *offer.weak_points),
    )


def weak_points(offer: Offer, agreement: Agreement | None) -> tuple[str, ...]:
    """What the numbers say against a classifier, as sentences."""
    found = []
    few = [name for name in offer.parts.classes if offer.counts.get(name, 0) < _FEW]
    if few:
        names = ", ".join(f"“{name}”" for name in few)
        found.append(f"Learnt from fewer than {_FEW} photos: {names}.")
    if offer.accuracy is not None and offer.accuracy < _LESS:
        found.append(f"Right in fewer than {100 * _LESS:.0f} of 100 of its tests.")
    if offer.spot_check is None:
        found.append("No spot check on random photos was made.")
    if agreement is None:
        pass
    elif not agreement.checked:
        found.append("The file was not tried on photos, since none could be read.")
    elif agreement.sure_same < 0.99 * agreement.sure:
        found.append("Whole photos get other answers than in Likeness more often than they should.")
    found.append("A photo unlike all it was shown still gets one of its answers.")
    return tuple(found)


def _try(
    library: Library, offer: Offer, session: Any, most: int, seed: int
) -> Generator[Progress, None, tuple[list[PhotoId], Floats, Floats, int]]:
    """The program's own answers and the file's to whole photos."""
    classes = len(offer.parts.classes)
    own: list[Floats] = [np.empty((0, classes), np.float32)]
    file: list[Floats] = [np.empty((0, classes), np.float32)]
    tried: list[PhotoId] = []
    left_out = 0
    with closing(library.reading_store()) as store:
        where, ids = features.positions(library.connection, library.network.key)
        inside = where < store.rows
        where, ids = where[inside], ids[inside]
        order = np.random.default_rng(seed).permutation(len(ids))[: 3 * most]
        found = photos.fetch(library.connection, ids[order].tolist())
        chosen = [(int(at), found[id_]) for at in order if (id_ := PhotoId(int(ids[at]))) in found]
        with closing(_file_answers(session, [photo.path for _, photo in chosen])) as answers:
            for at, photo in chosen:
                if len(tried) == most:
                    break
                yield Progress("Trying the file on whole photos", len(tried), min(most, len(chosen)))
                answer = next(answers)
                if answer is None:
                    left_out += 1
                    continue
                own.append(offer.probabilities(_stored(store, offer.parts.layers, int(where[at]))))
                file.append(answer)
                tried.append(photo.id)
    return tried, np.concatenate(own), np.concatenate(file), left_out


def _file_answers(session: Any, paths: Sequence[Path]) -> Generator[Floats | None, None, None]:
    """The file's probabilities for each whole photo, float32 (1, classes), in order; None for those not read."""

    def answer(path: Path) -> Floats | None:
        pixels = read_whole(path)
        return None if pixels is None else session.run(["probabilities"], {"image": pixels[np.newaxis]})[0]

    workers = min(cores(), _MOST_WORKERS)
    with ThreadPoolExecutor(workers, "handover") as pool:
        yield from in_order(pool, answer, paths, workers)


def _stored(store: VectorStore, layers: Sequence[str], position: int) -> dict[str, Vectors]:
    return {layer: store.read(layer, np.array([position], np.int64)) for layer in layers}


def _differing(ids: Sequence[PhotoId], own: Floats, file: Floats) -> tuple[PhotoId, ...]:
    other = np.flatnonzero(own.argmax(axis=1) != file.argmax(axis=1)) if len(own) else np.empty(0, np.int64)
    differences = np.abs(own[other] - file[other]).max(axis=1, initial=0)
    return tuple(ids[at] for at in other[np.argsort(-differences, kind="stable")].tolist())


def _write(done: HandedOver, model: ModelProto, library: Library, offer: Offer, about: About) -> None:
    helper.set_model_props(model, to_metadata(offer.parts.classes, about, done.agreement))
    thumbnails = {name: _thumbnails(library, ids) for name, ids in offer.examples.items()}
    sheet = Sheet(offer.parts.classes, about, done.agreement, thumbnails, done.path.name, done.script.name)
    with writing(done.path):
        # the classifier last: where it is, the rest is too
        write_for_others(done.sheet, sheet_html(sheet).encode("utf-8"))
        write_for_others(done.script, example_script(done.path.name, done.script.name).encode("utf-8"))
        write_for_others(done.path, model.SerializeToString())


def _thumbnails(library: Library, ids: Sequence[PhotoId]) -> list[bytes]:
    contents = photos.contents(library.connection, ids)
    jpegs = library.thumbnails.get(list(contents.values()))
    shown = [jpegs[contents[id_]] for id_ in ids if id_ in contents and contents[id_] in jpegs]
    return [smaller(jpeg, _EXAMPLE_HEIGHT) for jpeg in shown[:_MOST_EXAMPLES]]
