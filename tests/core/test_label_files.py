"""Labels from folder names and CSV files, and back: every photo gets its own, strange files get a sentence."""

from __future__ import annotations

import csv
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.catalog import answers, labels
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSet, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import label_csv
from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.label_files import Imported, export_csv, import_csv, import_folders
from desktop_app.core.types import Progress
from tests.core.label_parts import held
from tests.core.libraries import by_path, opened, run
from tests.photos import save

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
Result = TypeVar("Result")


def ended(operation: Generator[Progress, None, Result]) -> Result:
    while True:
        try:
            next(operation)
        except StopIteration as stop:
            return stop.value


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two classes, one with a folder inside, and a photo outside both."""
    made = tmp_path / "photos"
    for at, name in enumerate(["cat/1.jpg", "cat/deep/2.jpg", "Dog/1.jpg", "Dog/3.jpg", "4.jpg"]):
        save(made / name, at, 64, 48)
    return made


@pytest.fixture
def library(tmp_path: Path, root: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as one:
        run(one, root)
        yield one


def names(library: Library, label_set: LabelSet) -> dict[str, set[str | None]]:
    """Names of the answers by path inside the root."""
    path_of = {photo: path for path, photo in by_path(library).items()}
    name_of = {None: None, **{answer.id: answer.name for answer in label_set.answers}}
    found = held(library.connection, label_set.id)
    base = os.path.commonpath([str(path) for path in path_of.values()])
    return {
        path_of[photo].relative_to(base).as_posix(): {name_of[answer] for answer in own} for photo, own in found.items()
    }


def now(result: Imported) -> LabelSet:
    assert result.written.label_set is not None
    return result.written.label_set


# --- folders -------------------------------------------------------------------------------------------------


def test_folder_names_become_answers(library: Library, root: Path) -> None:
    result = ended(import_folders(library, root, "pets"))
    assert (result.labelled, result.classes, result.without, result.unknown) == (4, {"cat": 2, "Dog": 2}, 1, ())
    pets = now(result)
    assert [(answer.name, answer.key) for answer in pets.answers] == [("cat", "1"), ("Dog", "2")]
    assert names(library, pets) == {
        "cat/1.jpg": {"cat"},
        "cat/deep/2.jpg": {"cat"},
        "Dog/1.jpg": {"Dog"},
        "Dog/3.jpg": {"Dog"},
    }
    assert set(labels.labels(library.connection, pets.id).origins) == {labels.ORIGINS.index(Origin.IMPORT)}
    assert result.written.before is not None
    undone = operations.undo(library, result.written.before)
    assert answers.all_sets(library.connection) == ()
    assert undone.before is not None
    operations.undo(library, undone.before)
    assert len(names(library, pets)) == 4


def test_a_second_time_changes_nothing_but_what_differs(library: Library, root: Path) -> None:
    pets = now(ended(import_folders(library, root, "pets")))
    own = by_path(library)
    dog = answers.find_answer(pets, "dog")
    assert dog is not None
    operations.put_labels(library, pets.id, [(own[root / "cat" / "1.jpg"], dog.id)])
    operations.put_labels(library, pets.id, [(own[root / "Dog" / "1.jpg"], dog.id)])
    by_hand = held(library.connection, pets.id)
    again = ended(import_folders(library, root, "PETS"))
    assert again.classes == {"cat": 2, "Dog": 2}
    after = held(library.connection, pets.id)
    assert {photo for photo in after if after[photo] != by_hand[photo]} == {own[root / "cat" / "1.jpg"]}
    assert again.written.before is not None
    operations.undo(library, again.written.before)
    assert held(library.connection, pets.id) == by_hand


def test_folders_that_give_no_names(library: Library, root: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No photo of this library is in"):
        ended(import_folders(library, tmp_path / "nowhere", "x"))
    with pytest.raises(UserError, match="in no folders of their own"):
        ended(import_folders(library, root / "Dog", "x"))
    assert answers.all_sets(library.connection) == ()
    inner = ended(import_folders(library, root / "cat", "x"))
    assert inner.classes == {"deep": 1}


@posix
def test_links_to_the_folder_are_followed(library: Library, root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert ended(import_folders(library, tmp_path / "link", "x")).labelled == 4
    table = tmp_path / "x.csv"
    table.write_text("link/cat/1.jpg,a\n" + f"{tmp_path}/link/Dog/1.jpg,b\n")
    assert ended(import_csv(library, table, "y")).classes == {"a": 1, "b": 1}


# --- CSV -----------------------------------------------------------------------------------------------------

PLAIN = "cat/1.jpg,cat\nDog/1.jpg,dog\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"path,label\n" + PLAIN.encode(),
        b"\xef\xbb\xbfFile,Class,source\r\ncat/1.jpg,cat,x\r\nDog/1.jpg,dog,y\r\n",
        b"label;path\ncat;cat/1.jpg\ndog;Dog/1.jpg\n",
        b"sep=;\r\ncat/1.jpg;cat\r\nDog/1.jpg;dog\r\n",
        b"cat/1.jpg\tcat\n\n  \nDog/1.jpg\tdog",
        ("path,label\n" + PLAIN).encode("utf-16"),
        b'"cat/1.jpg","cat"\n"Dog/1.jpg"," dog "\n',
        b"cat\\1.jpg,cat\nDog\\1.jpg,dog\n",
        b"photos/cat/1.jpg,cat\nphotos/Dog/1.jpg,dog\n",
        b"./cat/../cat/1.jpg,cat\nDOG/1.JPG,dog\n",
        b"cat/1.jpg,cat\nDog/1.jpg,cat\nDog/1.jpg,dog\n",  # the last one counts
    ],
)
def test_ways_to_write_it(library: Library, root: Path, tmp_path: Path, data: bytes) -> None:
    for number, place in enumerate([root, tmp_path, tmp_path / "far" / "off"]):
        place.mkdir(parents=True, exist_ok=True)
        table = place / "labels.csv"
        table.write_bytes(data)
        result = ended(import_csv(library, table, f"pets {number}"))
        assert (result.labelled, result.classes, result.unknown) == (2, {"cat": 1, "dog": 1}, ())
        assert names(library, now(result)) == {"cat/1.jpg": {"cat"}, "Dog/1.jpg": {"dog"}}


def test_what_a_file_says_beside_labels(library: Library, root: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(
        f"path,label,origin\n{root}/cat/1.jpg,cat,hand\nnothing.jpg,cat,\n1.jpg,cat,\n3.jpg,dog,bulk\n"
        "4.jpg,None of these,\ncat/deep/2.jpg,,\n,cat,\n"
    )
    result = ended(import_csv(library, table, "pets"))
    assert result.unknown == ("nothing.jpg", "1.jpg", "")  # 1.jpg is there twice
    assert result.without == 1
    assert result.classes == {"cat": 1, "dog": 1, "none of these": 1}
    pets = now(result)
    assert names(library, pets) == {"cat/1.jpg": {"cat"}, "Dog/3.jpg": {"dog"}, "4.jpg": {None}}
    table_now = labels.labels(library.connection, pets.id)
    path_of = {photo: path for path, photo in by_path(library).items()}
    guesses = [path_of[photo].name for photo in table_now.photos[~table_now.looked_at].tolist()]
    assert guesses == ["3.jpg"]  # nobody looked at it, whatever way it came


def test_tags_of_one_photo_in_several_rows(library: Library, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("4.jpg,red\n4.jpg,blue\n3.jpg,red\n4.jpg,red\n")
    result = ended(import_csv(library, table, "colours", "tags"))
    assert result.labelled == 2
    assert names(library, now(result)) == {"4.jpg": {"red", "blue"}, "Dog/3.jpg": {"red"}}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There are no labels in"),
        (b"path,label\n", "There are no labels in"),
        (b"cat/1.jpg\n", "There are no labels in"),
        (b"cat/1.jpg,\n", "There are no labels in"),
        (b"what.jpg,cat\n", "is no photo of this library"),
        (b"a.jpg,cat\nb.jpg,cat\n", "None of the 2 paths"),
        (bytes(range(256)) * 12, "photo of this library|no labels|cannot be read"),
        (b'"' + b"x" * 200_000, "Line 1 of labels.csv cannot be read|photo of this library"),
        (b"\0\0\0,\0", "photo of this library|no labels"),
        (b"~\xff/1.jpg,\xe4\n", "no photo of this library"),
    ],
)
def test_strange_files_get_a_sentence(library: Library, tmp_path: Path, data: bytes, sentence: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(data)
    with pytest.raises(UserError, match=sentence):
        ended(import_csv(library, table, "pets"))
    assert answers.all_sets(library.connection) == ()


def test_files_that_are_not_there(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file at"):
        ended(import_csv(library, tmp_path / "nothing.csv", "x"))
    with pytest.raises(UserError, match="cannot be read"):
        ended(import_csv(library, tmp_path, "x"))


def test_what_is_written_reads_back(library: Library, root: Path, tmp_path: Path) -> None:
    odd = ["=1+1", "'=1", "-", '@a, "b"; c', "Ä\u200d"]
    pets = operations.create_set(library, "pets", odd).label_set
    assert pets is not None
    own = sorted(by_path(library).values())
    operations.put_labels(
        library, pets.id, [(photo, answer.id) for photo, answer in zip(own[:3], pets.answers, strict=False)]
    )
    operations.put_labels(library, pets.id, [(own[3], None)])
    operations.put_labels(library, pets.id, [(own[4], pets.answers[3].id)], Origin.BULK)
    out = tmp_path / "out" / "labels.csv"
    assert export_csv(library, pets, out) == 5
    with open(out, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "label", "origin", "time"]
    assert {row["path"] for row in rows} == {str(path) for path in by_path(library)}
    assert not any(row["label"].startswith(("=", "-", "@")) for row in rows)
    assert sorted(row["origin"] for row in rows) == ["bulk", "hand", "hand", "hand", "hand"]
    assert all(row["time"].endswith("+00:00") for row in rows)
    copy = now(ended(import_csv(library, out, "copy")))
    assert names(library, copy) == names(library, pets)
    assert labels.labels(library.connection, copy.id).looked_at.sum() == 4
    with pytest.raises(UserError, match="is one of your photos"):
        export_csv(library, pets, root / "4.jpg")
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be saved"):
        export_csv(library, pets, tmp_path / "file" / "labels.csv")


@given(st.text(max_size=6) | st.text("'=+-@\t\ra", max_size=5))
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    cell = label_csv.guarded(text)
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert label_csv.unguarded(cell) == text


def test_many_answers_and_all_keys(library: Library, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("".join(f"4.jpg,answer {n}\n" for n in range(2000)))
    result = ended(import_csv(library, table, "many"))
    assert result.classes == {"answer 1999": 1}
    assert len(now(result).answers) == 2000
    assert "".join(answer.key for answer in now(result).answers) == answers.KEYS
