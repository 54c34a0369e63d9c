"""How far a classifier that was handed over agrees with the program: on whole photos and on the same tensors.

python benchmarks/handover.py FOLDER ...: each folder holds one folder per answer. Half of each answer's photos are
labelled, a head is learnt and handed over, and the file is tried on up to 200 whole photos of the library.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import common
import numpy as np

from desktop_app.core.catalog import photos
from desktop_app.core.handover.graph import build
from desktop_app.core.handover.open import open_classifier, session_of
from desktop_app.core.images.decode import read_picture
from desktop_app.core.labelling import Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels
from desktop_app.core.operations.classifier import Classifier
from desktop_app.core.operations.evidence import named_set
from desktop_app.core.operations.hand_over_set import hand_over_set
from desktop_app.core.operations.handover import network_file
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.offer import head_parts
from desktop_app.core.operations.sort_folder import sort_folder
from desktop_app.core.operations.train import train_set
from desktop_app.core.types import Order, Progress

SET = "answers"
_SAME_TENSORS = 20

Result = TypeVar("Result")


def finished(operation: Generator[Progress, None, Result]) -> Result:
    """Run an operation to its end."""
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--networks", nargs="+", default=["efficientnet-lite0-int8", "efficientnet-lite0"])
    parser.add_argument("--head", default="softmax")
    parser.add_argument("--layer", default="embedding")
    options = parser.parse_args()
    for folder in options.folders:
        if not folder.is_dir():
            common.skip(f"no folder {folder}")
            continue
        for network in options.networks:
            with common.temporary_folder() as place:
                measure(folder.absolute(), network, place, options.head, options.layer)


def measure(folder: Path, network: str, place: Path, head: str, layer: str) -> None:
    """One folder with one network."""
    with Library(place / "library", network=network, device="cpu") as library:
        finished(ingest(library, [folder]))
        label_half(library)
        classifier = finished(train_set(library, named_set(library, SET).id, head=head, layer=layer)).classifier
        print(f"\n{folder.name}, {network}, {classifier.trained.kind} on {classifier.trained.layer}")
        within = 1e-4 if library.network.precision == "float32" else 1e-3
        common.verdict("same tensors, largest difference", same_tensors(library, classifier), within)
        done = finished(hand_over_set(library, classifier, place / "out" / "a.onnx"))
        found = done.agreement
        print(f"whole photos: {found.checked}, the same label on {found.same}")
        if found.sure:
            common.verdict("share of equal labels where 60 % sure", found.sure_same / found.sure, 0.99, at_least=True)
        common.verdict("median difference", found.median_difference, 0.02)
        common.verdict("difference, 95th percentile", found.high_difference, 0.10)
        print(f"largest difference {found.largest_difference:.4f}")
        opened = open_classifier(done.path)
        seconds = common.seconds_of(lambda: finished(sort_folder(opened, folder, place / "sorted.csv")))
        print(f"sorting the folder: {len(list_ids(library)) / seconds:.0f} photos/s")


def list_ids(library: Library) -> list[int]:
    """Every photo, by name."""
    return list(photos.listed(library.connection, Order.NAME))


def label_half(library: Library) -> None:
    """Label every other photo by the last folder of its path."""
    ids = list_ids(library)[::2]
    found = photos.fetch(library.connection, ids)
    names = sorted({photo.path.parent.name for photo in found.values()})
    labels.create_set(library, SET, names)
    answers = {answer.name: answer.id for answer in named_set(library, SET).answers}
    pairs = [(id_, answers[photo.path.parent.name]) for id_, photo in found.items()]
    labels.put_labels(library, named_set(library, SET).id, pairs, Origin.HAND)


def same_tensors(library: Library, classifier: Classifier) -> float:
    """The largest difference of probabilities where file and program are fed the same tensors."""
    session = session_of(
        build(network_file(library.network), head_parts(classifier.trained), prepared=True).SerializeToString()
    )
    found = photos.fetch(library.connection, list_ids(library)[:_SAME_TENSORS])
    engine = library.engine
    batch = np.stack([engine.prepare(read_picture(photo.path).pixels) for photo in found.values()])
    own = classifier.trained.probabilities(engine.run(batch))
    file = session.run(["probabilities"], {"image": batch})[0]
    return float(np.abs(own - file).max())


if __name__ == "__main__":
    main()
