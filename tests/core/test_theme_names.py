"""Names for groups of a library's photos, on the sample photos and the bundled network."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.catalog import insights, photo_captions
from desktop_app.core.catalog.photo_folders import folder_names
from desktop_app.core.library import Library
from desktop_app.core.operations.theme_names import class_columns, group_facts, theme_names
from desktop_app.core.posts import Post, PostPicture
from desktop_app.core.types import PhotoId, Progress
from desktop_app.core.words.naming import propose
from desktop_app.core.words.wordnet import wordnet
from tests.core.libraries import by_path, made, opened

T = TypeVar("T")

FRUIT = ("orange", "strawberry", "half-a-fig", "apricot", "cherries")
CATS = ("tiger", "lion", "cat")
BIRDS = ("flamingo", "crowned-crane", "penguin", "nuthatch", "peacock")


def finished(operation: Generator[Progress, None, T]) -> T:
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of thirteen sample photos: the birds in a folder of their own."""
    root = tmp_path_factory.mktemp("named")
    for folder, names in (("Bird walk", BIRDS), ("DCIM", (*FRUIT, *CATS))):
        (root / "in" / folder).mkdir(parents=True)
        for name in names:
            shutil.copy(paths.sample_photos() / f"{name}.jpg", root / "in" / folder)
    made(root / "library", root / "in")
    return root / "library"


@pytest.fixture
def library(place: Path) -> Iterator[Library]:
    with opened(place) as library:
        yield library


@pytest.fixture
def groups(library: Library) -> list[list[int]]:
    ids = {path.stem: int(photo) for path, photo in by_path(library).items()}
    return [[ids[name] for name in names] for names in (FRUIT, CATS, BIRDS)]


def test_names_by_what_is_seen(library: Library, groups: list[list[int]]) -> None:
    found = finished(theme_names(library, groups, folders=False))
    assert [one.name for one in found] == ["Fruit", "Cats", "Birds"]
    assert all(one.how_sure and one.why for one in found)


def test_a_persons_folder_before_the_networks_words(library: Library, groups: list[list[int]]) -> None:
    found = finished(theme_names(library, groups))
    assert found[2].name == "Bird walk"
    assert [one.kind for one in found[2].evidence] == ["folder"]
    assert found[0].name == "Fruit"  # "DCIM" says nothing


def test_captions_where_there_are_posts(library: Library, groups: list[list[int]]) -> None:
    captions = {photo: f"at the #safari, day {photo}" for photo in groups[1]} | {
        groups[0][0]: "fruit",
        groups[2][0]: "",
    }
    known = finished(group_facts(library, groups, captions=captions))
    assert [facts.told for facts in known.groups] == [1, 3, 0]
    assert known.groups[1].texts["safari"] == 3
    assert known.rest.size == 0


def test_captions_of_matched_posts(library: Library, groups: list[list[int]]) -> None:
    """Taken by themselves; those of a removed account are not."""
    with library.database.transaction() as connection:
        kiln, rival = insights.put_account(connection, "kiln", "own"), insights.put_account(connection, "rival")
        posts = [
            Post("a", "kiln", None, "photo", caption="#Safari"),
            Post("b", "kiln", None, "photo"),
            Post("c", "rival", None, "photo", caption="x"),
        ]
        first, silent, other = insights.put_posts(connection, posts)
        pictures = [PostPicture(first.id, PhotoId(photo)) for photo in groups[1]]
        pictures += [PostPicture(silent.id, PhotoId(groups[2][0])), PostPicture(other.id, PhotoId(groups[1][0]))]
        insights.set_pictures(connection, pictures)
    assert photo_captions.captions(library.connection)[PhotoId(groups[1][0])] == "#Safari\nx"
    with library.database.transaction() as connection:
        insights.remove_account(connection, rival.id, 1.0)
    assert photo_captions.captions(library.connection) == dict.fromkeys(groups[1], "#Safari")
    known = finished(group_facts(library, groups))
    assert [facts.told for facts in known.groups] == [0, 3, 0]
    assert dict(known.groups[1].texts) == {"safari": 3}
    assert finished(group_facts(library, groups, captions={})).groups[1].told == 0
    with library.database.transaction() as connection:
        insights.remove_account(connection, kiln.id, 1.0)


def test_facts_of_wider_groups_are_sums(library: Library, groups: list[list[int]]) -> None:
    """The names of a coarser level need no second reading."""
    fine = finished(group_facts(library, groups))
    merged = fine.merged([[1, 2]])
    direct = finished(group_facts(library, [[*groups[1], *groups[2]]]))
    for one, other in ((merged.groups[0], direct.groups[0]), (merged.rest, direct.rest)):
        assert (one.size, one.seen, dict(one.folders)) == (other.size, other.seen, dict(other.folders))
        assert np.allclose(one.things, other.things, atol=1e-4)
    assert propose(merged.groups, merged.rest)[0].name == "Birds, cats"


def test_sums_are_of_probabilities(library: Library, groups: list[list[int]]) -> None:
    known = finished(group_facts(library, groups))
    for facts, ids in zip(known.groups, groups, strict=True):
        assert (facts.size, facts.seen) == (len(ids), len(ids))
        assert float(facts.things.sum()) == pytest.approx(len(ids), abs=1e-3)


def test_odd_groups(library: Library, groups: list[list[int]]) -> None:
    """None, an empty one, photos that are not there, a photo in two: no error, and nothing said of nothing."""
    assert finished(theme_names(library, [])) == ()
    found = finished(theme_names(library, [[], [10**9], groups[0], groups[0]]))
    assert [bool(one.name) for one in found] == [False, False, True, False]


def test_progress_counts_up(library: Library, groups: list[list[int]]) -> None:
    reports = list(theme_names(library, groups))
    counted = [one for one in reports if one.total]
    assert counted[-1].done == counted[-1].total == 13
    assert len({one.text for one in reports}) == 1


def test_every_photo_has_its_folders(library: Library) -> None:
    names = dict(folder_names(library.connection))
    assert len(names) == 13
    assert {path.parent.name for path in by_path(library)} == {"Bird walk", "DCIM"}
    for path, photo in by_path(library).items():
        assert names[photo] == ("in", path.parent.name)


def test_a_network_with_other_classes_sees_nothing(library: Library, tmp_path: Path) -> None:
    """Then folders and captions are all there is; one that lists the same classes in another order is read by it."""
    own = class_columns(library.network, wordnet())
    assert own is not None
    assert own.tolist() == list(range(1000))
    names = tmp_path / "names.txt"
    lines = library.network.classes.read_text("utf-8").splitlines()
    names.write_text("\n".join(reversed(lines)), "utf-8")
    turned = class_columns(replace(library.network, classes=names), wordnet())
    assert turned is not None
    assert turned.tolist() == list(reversed(range(1000)))
    names.write_text("\n".join(f"class {n}" for n in range(1000)), "utf-8")
    assert class_columns(replace(library.network, classes=names), wordnet()) is None
    assert class_columns(replace(library.network, classes=None), wordnet()) is None
    assert class_columns(replace(library.network, classes=tmp_path / "gone.txt"), wordnet()) is None
