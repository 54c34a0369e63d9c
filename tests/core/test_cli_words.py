"""`likeness words`: paths best first with the word that fitted; a hint for what it does not know."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desktop_app.core import paths
from tests.core.shell import Shell


@pytest.fixture
def folder(shell: Shell, tmp_path: Path) -> Path:
    place = tmp_path / "in" / "Zoo"
    place.mkdir(parents=True)
    for number, name in enumerate(("tiger", "lion", "orange")):
        shutil.copy(paths.sample_photos() / f"{name}.jpg", place / f"{number}.jpg")
    shell.index(tmp_path / "in")
    return place


def results(shell: Shell, *words: str) -> list[dict]:
    status, out, _ = shell.run("words", *words, "--json")
    assert status == 0
    answer = json.loads(out)
    assert all(set(one) == {"path", "score", "word"} for one in answer["results"])
    return list(answer["results"])


def test_best_first_with_the_word(shell: Shell, folder: Path) -> None:
    [tiger] = results(shell, "tiger")
    assert (tiger["path"], tiger["word"]) == (str(folder / "0.jpg"), "tiger")
    cats = results(shell, "big cat")
    assert {one["path"] for one in cats} == {str(folder / "0.jpg"), str(folder / "1.jpg")}
    assert [one["score"] for one in cats] == sorted((one["score"] for one in cats), reverse=True)
    assert [one["path"] for one in results(shell, "zoo", "--limit", "2")] != []
    assert len(results(shell, "zoo", "--limit", "2")) == 2
    assert results(shell, "zoo", "--limit", "0") == []
    assert [one["path"] for one in results(shell, "zoo -tiger -lion")] == [str(folder / "2.jpg")]
    assert [one["path"] for one in results(shell, "tiger", "zoo")] == [str(folder / "0.jpg")]


def test_for_a_person(shell: Shell, folder: Path) -> None:
    status, out, err = shell.run("words", "tigr")
    assert (status, err) == (0, "likeness: “tigr” was read as “tiger”.\n")
    assert out.endswith(f"{folder / '0.jpg'}  (tiger, for “tigr”)\n")
    assert shell.run("words", '-"big cat"')[1] == f"1.0000  {folder / '2.jpg'}\n"


def test_an_unknown_word_is_no_error(shell: Shell, folder: Path) -> None:
    status, out, err = shell.run("words", "birthday", "--json")
    assert status == 0
    answer = json.loads(out)
    assert answer["results"] == []
    assert answer["unknown"][0]["word"] == "birthday"
    assert "No photo found for “birthday”." in err
    assert "not people, places or events" in err
    status, out, err = shell.run("words", "слон")
    assert (status, out) == (0, "")
    assert "No photo found for “слон”." in err


def test_nothing_to_look_for(shell: Shell, folder: Path) -> None:
    assert "Say what to look for" in shell.fails("words", "  ")
    assert shell.run("words")[0] == 2
