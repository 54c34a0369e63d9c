"""Photos in families of one colour each, so that there is something to tell apart, and label sets made of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.labelling import AnswerId, LabelSet, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations.labels import create_set, put_labels
from desktop_app.core.operations.result import TrainResult
from desktop_app.core.operations.train import train_set
from desktop_app.core.types import PhotoId, Progress
from tests.core.libraries import by_path, made, opened
from tests.kept import Kept
from tests.photos import scene

COLOURS = {"red": (220, 40, 40), "green": (40, 190, 70), "blue": (50, 70, 225)}

QUICK = {"head": "softmax", "layer": "stage4"}  # nothing to choose: a tenth of the time

Families = dict[str, list[Path]]

Result = TypeVar("Result")


@pytest.fixture(name="families")
def six_of_each(tmp_path: Path, kept: Kept) -> Families:
    """Six photos of each family, in files."""
    return copied_families(kept, tmp_path, 6)


@pytest.fixture(name="library")
def library_of_families(tmp_path: Path, families: Families) -> Iterator[Library]:
    """A library of them."""
    with opened(tmp_path / "library") as one:
        assert set(by_path(one)) == {path for paths in families.values() for path in paths}
        yield one


def copied_families(kept: Kept, to: Path, count: int) -> Families:
    """Photos of each family in `to/in` and a library of them in `to/library`, closed."""

    def make(at: Path) -> None:
        save_families(at / "in", count)
        made(at / "library", at / "in")

    kept.copy(f"{count} of each family", to, make)
    return {family: [to / "in" / f"{family} {seed}.jpg" for seed in range(count)] for family in COLOURS}


def save_family(folder: Path, family: str, count: int, first: int = 0) -> list[Path]:
    """Scenes in the colour of one family, `folder/red 0.jpg` and so on; each seed another scene."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for seed in range(first, first + count):
        grey = scene(1000 * (1 + list(COLOURS).index(family)) + seed, 160, 120).mean(axis=2, keepdims=True)
        picture = np.clip(0.35 * grey + 0.75 * np.array(COLOURS[family]), 0, 255).astype(np.uint8)
        path = folder / f"{family} {seed}.jpg"
        Image.fromarray(picture).save(path, quality=88)
        found.append(path)
    return found


def save_families(folder: Path, count: int, families: Iterable[str] = COLOURS) -> dict[str, list[Path]]:
    """The same number of photos of each family."""
    return {family: save_family(folder, family, count) for family in families}


def ids_of(library: Library, paths: Iterable[Path]) -> list[PhotoId]:
    """The photos at some paths."""
    own = by_path(library)
    return [own[path] for path in paths]


def label(
    library: Library, given: Mapping[str, Iterable[Path]], name: str = "colour", origin: Origin = Origin.HAND
) -> LabelSet:
    """A label set with an answer per family, given to these photos."""
    made = create_set(library, name, list(given)).label_set
    assert made is not None
    for answer in made.answers:
        pairs = [(photo, answer.id) for photo in ids_of(library, given[answer.name])]
        put_labels(library, made.id, pairs, origin)
    return made


def finish(operation: Generator[Progress, None, Result]) -> Result:
    """Run an operation to its end."""
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def trained(library: Library, label_set: LabelSet, **options: str) -> TrainResult:
    """Learn a label set and keep what was learnt."""
    return finish(train_set(library, label_set.id, **{**QUICK, **options}))


def answer(label_set: LabelSet, name: str) -> AnswerId:
    """The answer of that name."""
    return next(one.id for one in label_set.answers if one.name == name)


def first(families: Families, count: int) -> Families:
    """The first few photos of each family."""
    return {family: paths[:count] for family, paths in families.items()}
