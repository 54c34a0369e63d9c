"""What a search by words keeps: its file of classes, healed where it is wrong; its view of a library that changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.catalog import folders
from desktop_app.core.catalog.features import forget_positions
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.index.top_classes import MOST, TEMPERATURE, read_top, top_classes, write_top
from desktop_app.core.library import Library
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.folders import remove_folder, restore_folder
from desktop_app.core.operations.word_classes import keep_classes
from desktop_app.core.operations.words import THING, WordFinder
from desktop_app.core.searching import Words
from tests.core.described import OTHER, ended
from tests.core.libraries import by_path, made, opened, run
from tests.core.test_explain_own import added

PICTURES = ("tiger", "lion", "flamingo", "orange")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A library of four sample photos."""
    (tmp_path / "in").mkdir()
    for name in PICTURES:
        shutil.copy(paths.sample_photos() / f"{name}.jpg", tmp_path / "in" / f"{PICTURES.index(name)}.jpg")
    made(tmp_path / "library", tmp_path / "in")
    return tmp_path / "library"


def file_of(library: Library) -> Path:
    return library.folder / "words" / f"{library.network.key}.npz"


def found(library: Library, finder: WordFinder, text: str, sense: str = "") -> list[str]:
    names = {photo: path.stem for path, photo in by_path(library).items()}
    return [names[photo] for photo in finder.find([Words(text, sense)]).ids.tolist()]


def things(library: Library) -> dict[str, list[str]]:
    finder = WordFinder(library)
    return {word: found(library, finder, word, THING) for word in ("tiger", "lion", "flamingo", "orange", "animal")}


# --- the file of classes ---------------------------------------------------------------------------------------------


def test_adding_photos_leaves_the_file_level(place: Path) -> None:
    with opened(place) as library:
        top = read_top(file_of(library), library.network.key, 1000)
        assert top is not None
        assert len(top) == library.store.rows == len(PICTURES)
        logits = library.store.read("logits", slice(0, 4)).astype(np.float64) / TEMPERATURE
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(top.shares, np.sort(odds, axis=1)[:, :-11:-1], atol=2e-3)
        np.testing.assert_allclose(np.take_along_axis(odds, top.classes.astype(int), 1), top.shares, atol=2e-3)
        before = file_of(library).stat().st_mtime_ns
        for _ in keep_classes(library, library.main):
            pass
        assert file_of(library).stat().st_mtime_ns == before  # nothing to do


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


def _of_others(path: Path) -> None:
    top = read_top(path, path.stem, 1000)
    assert top is not None
    write_top(path, path.stem, top_classes(np.random.default_rng(0).normal(size=(len(top), 1000)).astype(np.float32)))


def _too_long(path: Path) -> None:
    write_top(path, path.stem, top_classes(np.random.default_rng(0).normal(size=(50, 1000)).astype(np.float32)))


def _of_another_network(path: Path) -> None:
    write_top(path, "another", top_classes(np.zeros((4, 1000), np.float32)))


def _of_fewer_classes(path: Path) -> None:
    write_top(path, path.stem, top_classes(np.zeros((4, 7), np.float32)))


@pytest.mark.parametrize(
    "harm", [Path.unlink, _cut, _flip, _of_others, _too_long, _of_another_network, _of_fewer_classes]
)
def test_a_wrong_file_is_made_again(place: Path, harm: Callable[[Path], None]) -> None:
    with opened(place) as library:
        expected, whole = things(library), file_of(library).read_bytes()
        assert expected["tiger"] == ["0"]
        assert set(expected["animal"]) == {"0", "1", "2"}
        harm(file_of(library))
    with opened(place, writable=False) as library:
        assert things(library) == expected  # who only looks has it in memory
    with opened(place) as library:
        assert things(library) == expected
        ended(keep_classes(library, library.main))
        assert file_of(library).read_bytes() == whole


def test_a_folder_that_cannot_be_written_does_no_harm(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.core.operations.word_classes._WORTH_KEEPING", 1)
    with opened(place) as library:
        expected = things(library)
        shutil.rmtree(library.folder / "words")
        (library.folder / "words").write_text("in the way", "utf-8")
        assert things(library) == expected
        (library.folder / "words").unlink()
        assert things(library) == expected  # and kept for the next time
        assert read_top(file_of(library), library.network.key, 1000) is not None


def test_vectors_that_were_made_again(place: Path) -> None:
    with opened(place) as library:
        expected = things(library)
        with library.database.transaction() as connection:
            forget_positions(connection, library.network.key, 0)
        library.store.truncate(0)
        library.presence += 1
        finder = WordFinder(library)
        assert found(library, finder, "tiger", THING) == []
        folder = folders.all_folders(library.connection)[0]
        (folder.root / "0.jpg").rename(folder.root / "9.jpg")  # in another order
        run(library)
        expected = {word: [name.replace("0", "9") for name in names] for word, names in expected.items()}
        assert found(library, finder, "tiger", THING) == ["9"]
        assert things(library) == expected


def test_few_classes_are_all_kept() -> None:
    top = top_classes(np.log(np.array([[0.2, 0.5, 0.3]], np.float32)))
    assert top.classes.tolist() == [[1, 2, 0]]
    assert top.classes.shape[1] < MOST


# --- other networks --------------------------------------------------------------------------------------------------


def test_a_network_without_names_for_things(place: Path, tmp_path: Path) -> None:
    network = added("residual", tmp_path)
    with opened(place) as library:
        library.set_default(Descriptor(network.name, "embedding"))
        run(library)
        finder = WordFinder(library)
        # what the bundled network has seen is still known
        assert found(library, finder, "tiger") == ["0"]
        with library.database.transaction() as connection:
            connection.execute("DELETE FROM features WHERE network <> ?", (network.key,))
        library.presence += 1
        matches = finder.find([Words("tiger")])
        assert matches.ids.size == 0
        assert matches.remarks == (
            "Words look through names, dates and answers only: “residual” has no names for what photos show.",
        )
        assert len(found(library, finder, "in")) == len(PICTURES)
        assert [one.kind for one in finder.complete("i")] == ["folder"]
        assert not finder.unknown("tiger").nearest


def test_of_two_networks_the_own_one_counts(place: Path) -> None:
    with opened(place) as library:
        ended(describe(library, f"{OTHER}:embedding"))
        library.set_default(Descriptor(OTHER, "embedding"))
        assert things(library)["tiger"] == ["0"]
        assert file_of(library).is_file()


# --- keeping level ---------------------------------------------------------------------------------------------------


def test_it_sees_what_changes_while_it_is_open(place: Path, tmp_path: Path) -> None:
    with opened(place) as library:
        finder = WordFinder(library)
        finder.warm_up()
        folder = folders.all_folders(library.connection)[0]
        assert found(library, finder, "tiger") == ["0"]
        (folder.root / "0.jpg").rename(folder.root / "stripes.jpg")
        (folder.root / "1.jpg").unlink()
        shutil.copy(paths.sample_photos() / "cat.jpg", folder.root / "cat.jpg")
        run(library)
        assert found(library, finder, "stripes") == found(library, finder, "tiger") == ["stripes"]
        assert found(library, finder, "lion") == []
        assert set(found(library, finder, "cat")) >= {"cat", "stripes"}
        matches = finder.find([Words("animal")])
        remove_folder(library, folder.id)
        assert finder.find([Words("animal")]).ids.size == 0
        assert finder.complete("a") == ()
        assert matches.why(int(matches.ids[0]))  # what was found before can still be told
        restore_folder(library, folder.id)
        assert finder.find([Words("animal")]).ids.tolist() == matches.ids.tolist()


def test_beside_a_process_that_writes(place: Path) -> None:
    with opened(place) as library, opened(place, writable=False) as other:
        finder = WordFinder(other)
        assert found(other, finder, "tiger") == ["0"]
        folder = folders.all_folders(library.connection)[0]
        shutil.copy(paths.sample_photos() / "cat.jpg", folder.root / "cat.jpg")
        run(library)
        assert "cat" in found(other, finder, "cat")


def test_an_empty_library(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        finder = WordFinder(library)
        finder.warm_up()
        for text in ("tiger", "2019", "-tiger", "", "zzz"):
            assert finder.find([Words(text)]).ids.size == 0
        assert finder.complete("t") == ()
        assert finder.unknown("tiger").nearest == ()
