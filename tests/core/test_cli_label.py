"""`likeness label`: what it prints, and one line for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.libraries import opened
from tests.core.shell import Shell
from tests.photos import save


@pytest.fixture
def root(shell: Shell, tmp_path: Path) -> Path:
    made = tmp_path / "photos"
    for at, name in enumerate(["cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "3.jpg"]):
        save(made / name, at, 64, 48)
    shell.index(made)
    return made


def label(shell: Shell, *words: object) -> tuple[dict, str]:
    status, out, err = shell.run("label", *words, "--json")
    assert status == 0
    assert out.isascii()
    return json.loads(out), err


def test_by_folders(shell: Shell, root: Path) -> None:
    answer, err = label(shell, "--set", "pets", "--from-folders", root)
    assert answer == {"labelled": 3, "classes": {"cat": 2, "dog": 1}}
    assert err == "likeness: 1 photo without a label\n"
    status, out, _ = shell.run("label", "--set", "Pets", "--from-folders", root)
    assert status == 0
    assert out.splitlines()[0] == "3 photos labelled in “Pets”"
    with opened(shell.library) as library:
        rows = library.connection.execute("SELECT count(*) FROM labels").fetchone()
        sets = library.connection.execute("SELECT name FROM label_sets").fetchall()
    assert (rows, sets) == ((3,), [("pets",)])


def test_only_some_folders_are_answers(shell: Shell, root: Path, tmp_path: Path) -> None:
    save(root / "test" / "1.jpg", 9, 64, 48)
    shell.index(root)
    answer, err = label(shell, "--set", "pets", "--from-folders", root, "--only", "Cat", "dog")
    assert answer == {"labelled": 3, "classes": {"cat": 2, "dog": 1}}
    assert err == "likeness: 2 photos without a label\n"
    status, _, err = shell.run("label", "--set", "other", "--from-folders", root, "--only", "cat", "fish")
    assert status == 1
    assert "No photo of this library is in a folder “fish” of" in err
    status, _, err = shell.run("label", "--set", "other", "--csv", tmp_path / "x.csv", "--only", "cat")
    assert status == 1
    assert "--from-folders" in err
    with opened(shell.library) as library:  # a wrong word leaves no half-made set behind
        assert library.connection.execute("SELECT name FROM label_sets").fetchall() == [("pets",)]


def test_by_csv(shell: Shell, root: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(f"path,label\n{root / '3.jpg'},fish\nphotos/dog/1.jpg,dögs\nnöthing.jpg,dögs\n", encoding="utf-8")
    answer, err = label(shell, "--set", "pets", "--csv", table)
    assert answer == {"labelled": 2, "classes": {"fish": 1, "dögs": 1}}
    assert err == "likeness: not a photo of this library: nöthing.jpg\n"
    table.write_text("".join(f"no{n}.jpg,x\n" for n in range(50)) + "3.jpg,x\n")
    answer, err = label(shell, "--set", "pets", "--csv", table)
    assert answer == {"labelled": 1, "classes": {"x": 1}}
    assert err.splitlines()[-1] == "likeness: and 30 more"


def test_what_label_refuses(shell: Shell, root: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("nothing.jpg,x\n")
    assert "is no photo of this library" in shell.fails("label", "--set", "a", "--csv", table)
    assert "There is no file at" in shell.fails("label", "--set", "a", "--csv", tmp_path / "no.csv")
    assert "cannot be read" in shell.fails("label", "--set", "a", "--csv", root)
    assert "No photo of this library" in shell.fails("label", "--set", "a", "--from-folders", tmp_path / "no")
    assert "no folders of their own" in shell.fails("label", "--set", "a", "--from-folders", root / "cat")
    assert "at least one letter" in shell.fails("label", "--set", " ", "--from-folders", root)
    with opened(shell.library):
        assert "already open" in shell.fails("label", "--set", "a", "--from-folders", root)
    for words in (["--set", "a"], ["--from-folders", root], ["--set", "a", "--from-folders", root, "--csv", table]):
        assert shell.run("label", *words)[0] == 2
    shell.library = tmp_path / "no library"
    assert "There is no library at" in shell.fails("label", "--set", "a", "--from-folders", root)
    assert not shell.library.exists()
