"""`likeness words`: paths best first with the word that fitted; a hint for what it does not know."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desktop_app.core import paths
from tests.core.shell import Shell
from tests.photos import save_many


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


def test_several_readings_of_a_misspelt_word(shell: Shell, tmp_path: Path) -> None:
    for folder, seeds in (("Bravik", range(1)), ("Brovik", range(1, 4)), ("Elegant", range(4, 6))):
        save_many(tmp_path / "in" / folder, seeds)
    shutil.copy(paths.sample_photos() / "tiger.jpg", tmp_path / "in" / "Elegant" / "elephant.jpg")
    label = tmp_path / "labels.csv"
    label.write_text(f"path,label\n{tmp_path / 'in' / 'Elegant' / 'elephant.jpg'},Elephant\n")
    shell.index(tmp_path / "in")
    assert shell.run("label", "--set", "x", "--csv", label)[0] == 0
    for name in ("Brovik", "Bravik", "Elegant"):
        rows = "".join(f"{path},{name}\n" for path in (tmp_path / "in" / name).glob("photo*.jpg"))
        label.write_text("path,label\n" + rows)
        assert shell.run("label", "--set", f"y{name}", "--csv", label)[0] == 0
    # as near, so the one that finds more; the other is named
    status, out, err = shell.run("words", "brevik")
    assert (status, len(out.splitlines())) == (0, 3)
    assert err == "likeness: “brevik” was read as “brovik”. Also near: bravik (1).\n"
    # another spelling of the word is nearer than another word
    status, out, err = shell.run("words", "elefant")
    assert err.startswith("likeness: “elefant” was read as “elephant”. Also near: elegant (3)")
    assert "elephant.jpg" in out


def test_words_that_are_only_frequent_are_called_so(shell: Shell, folder: Path) -> None:
    for word in ("xqzzv", "copy-5"):
        err = shell.run("words", word)[2]
        assert "Nearest words" not in err
        assert "Words that find much here: " in err
    assert "Nearest words here: " in shell.run("words", "leopard")[2]


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
