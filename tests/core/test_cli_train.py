"""`likeness train` and `likeness predict`: their JSON, their files, and one line for every error of the world."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from desktop_app.core.labelling import LabelSet
from desktop_app.core.operations.labels import create_set, remove_answer, rename_answer
from tests.core.families import label, save_families, save_family
from tests.core.libraries import opened, run
from tests.core.shell import Shell

QUICK = ("--head", "softmax", "--layer", "stage4")


@pytest.fixture
def families(tmp_path: Path) -> dict[str, list[Path]]:
    return save_families(tmp_path / "in", 8)


@pytest.fixture
def colour(shell: Shell, families: dict[str, list[Path]], tmp_path: Path) -> LabelSet:
    """A library whose photos are labelled by colour, all but the last three of each."""
    with opened(shell.library) as library:
        run(library, tmp_path / "in")
        made = label(library, {family: paths[:5] for family, paths in families.items()})
    return made


def trained(shell: Shell, *words: object) -> dict:
    status, out, err = shell.run("train", "--set", "colour", *words, "--json")
    assert status == 0, err
    assert out.count("\n") == 1
    assert out.isascii()
    return dict(json.loads(out))


def predicted(shell: Shell, *words: object) -> dict[Path, dict]:
    status, out, err = shell.run("predict", "--set", "colour", *words, "--json")
    assert status == 0, err
    assert out.isascii()
    answer = json.loads(out)
    assert list(answer) == ["predictions"]
    assert all(list(one) == ["path", "label", "probability", "sure"] for one in answer["predictions"])
    return {Path(one["path"]): one for one in answer["predictions"]}


def test_train_says_what_it_chose(shell: Shell, colour: LabelSet) -> None:
    answer = trained(shell)
    assert list(answer) == [
        "head", "layer", "classes", "examples", "accuracy", "interval", "layers", "advice", "seconds",
    ]  # fmt: skip
    assert answer["classes"] == ["red", "green", "blue"]
    assert answer["examples"] == 15
    assert answer["head"] in ("softmax", "svm", "mlp", "neighbours")
    low, high = answer["interval"]
    assert 0 < low < high <= 1
    assert 0.8 <= answer["accuracy"] <= 1
    assert answer["layer"] in {one["name"] for one in answer["layers"]}
    assert len(answer["layers"]) >= 7
    for one in answer["layers"]:
        assert list(one) == ["name", "accuracy", "deviation"]
        assert 0 <= one["accuracy"] <= 1
        assert one["deviation"] > 0
    assert isinstance(answer["advice"], str)
    assert answer["seconds"] > 0


@pytest.mark.parametrize("head", ["softmax", "svm", "mlp", "neighbours"])
def test_a_head_and_a_layer_of_choice(shell: Shell, colour: LabelSet, head: str) -> None:
    answer = trained(shell, "--head", head, "--layer", "stage3")
    assert (answer["head"], answer["layer"]) == (head, "stage3")


def test_train_in_words(shell: Shell, colour: LabelSet) -> None:
    status, out, _ = shell.run("train", "--set", "Colour", *QUICK)
    assert status == 0
    assert "3 answers from 15 labels: red, green, blue" in out
    assert "stage4" in out


def test_predict_names_the_best_answer_of_every_photo(
    shell: Shell, colour: LabelSet, families: dict[str, list[Path]]
) -> None:
    trained(shell, *QUICK)
    found = predicted(shell, "--all")
    assert set(found) == {path for paths in families.values() for path in paths}
    for family, paths in families.items():
        for path in paths:
            assert found[path]["label"] == family
            assert 1 / 3 < found[path]["probability"] <= 1
    assert all(one["probability"] >= 0.6 for one in found.values() if one["sure"])
    assert sum(one["sure"] for one in found.values()) > 12


def test_pictures_that_are_not_in_the_library(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    trained(shell, *QUICK)
    strangers = save_family(tmp_path / "elsewhere", "blue", 2, first=70)
    own = tmp_path / "in" / "red 1.jpg"
    found = predicted(shell, *strangers, own)
    assert list(found) == [*strangers, own]
    assert [one["label"] for one in found.values()] == ["blue", "blue", "red"]
    # a photo of the library is answered alike from what is stored and as a stranger
    twin = shutil.copy(own, tmp_path / "elsewhere" / "twin.jpg")
    assert predicted(shell, twin)[twin]["probability"] == pytest.approx(found[own]["probability"], abs=2e-3)
    assert found[own] == predicted(shell, "--all")[own]


def test_a_photo_whose_file_has_changed_is_looked_at_anew(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    trained(shell, *QUICK)
    own = tmp_path / "in" / "red 1.jpg"
    assert predicted(shell, own)[own]["label"] == "red"
    shutil.copy(tmp_path / "in" / "blue 1.jpg", own)
    assert predicted(shell, own)[own]["label"] == "blue"


def test_a_csv_of_predictions(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    trained(shell, *QUICK)
    found = predicted(shell, "--all", "--csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [Path(row["path"]) for row in rows] == list(found)
    assert [(row["label"], float(row["probability"])) for row in rows] == [
        (one["label"], one["probability"]) for one in found.values()
    ]
    assert {row["sure"] for row in rows} <= {"yes", "no"}
    assert "cannot be written" in shell.fails("predict", "--set", "colour", "--all", "--csv", tmp_path / "no" / "x.csv")
    assert sorted(path.name for path in tmp_path.glob("out.csv*")) == ["out.csv"]


def test_predict_in_words(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    trained(shell, *QUICK)
    status, out, _ = shell.run("predict", "--set", "colour", tmp_path / "in" / "green 0.jpg")
    assert status == 0
    assert "green" in out
    assert out.count("\n") == 1


def test_errors_are_one_line(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    photo = tmp_path / "in" / "red 0.jpg"
    assert "has not been learnt yet" in shell.fails("predict", "--set", "colour", photo)
    assert "has not been learnt yet" in shell.fails("predict", "--set", "colour", "--all")
    for command in (("train", "--set", "size"), ("predict", "--set", "size", "--all")):
        assert "no label set “size”. There are: “colour”" in shell.fails(*command)
    assert "no layer stage99" in shell.fails("train", "--set", "colour", "--layer", "stage99")
    trained(shell, *QUICK)
    assert "no file at" in shell.fails("predict", "--set", "colour", tmp_path / "nowhere.jpg")
    (tmp_path / "text.jpg").write_text("not a picture")
    assert "text.jpg" in shell.fails("predict", "--set", "colour", photo, tmp_path / "text.jpg")
    assert "in" in shell.fails("predict", "--set", "colour", tmp_path / "in")
    shell.library = tmp_path / "no library"
    assert "no library" in shell.fails("predict", "--set", "colour", "--all")


def test_bad_usage(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    for words in (
        ("train",),
        ("train", "--set", "colour", "--head", "forest"),
        ("predict", "--set", "colour"),
        ("predict", "--set", "colour", "--all", tmp_path / "a.jpg"),
    ):
        assert shell.run(*words)[0] == 2


def test_too_few_labels(shell: Shell, families: dict[str, list[Path]], tmp_path: Path) -> None:
    with opened(shell.library) as library:
        run(library, tmp_path / "in")
        create_set(library, "empty", ["a", "b"])
        label(library, {"red": families["red"]}, "one answer")
        label(library, {"red": families["red"][:1], "blue": families["blue"][:1]}, "two photos")
    assert "No photo has a label" in shell.fails("train", "--set", "empty")
    assert "All 8 labelled photos are “red”" in shell.fails("train", "--set", "one answer")
    assert "Too few labels to learn from" in shell.fails("train", "--set", "two photos")


def test_answers_renamed_and_removed_after_training(shell: Shell, colour: LabelSet, tmp_path: Path) -> None:
    trained(shell, *QUICK)
    photo = tmp_path / "in" / "red 0.jpg"
    red, green, _ = colour.answers
    with opened(shell.library) as library:
        rename_answer(library, colour.id, red.id, "crimson")
    assert predicted(shell, photo)[photo]["label"] == "crimson"
    with opened(shell.library) as library:
        remove_answer(library, colour.id, green.id)
    assert "“green” is no longer an answer of “colour”" in shell.fails("predict", "--set", "colour", photo)
    assert trained(shell, *QUICK)["classes"] == ["crimson", "blue"]
    assert predicted(shell, photo)[photo]["label"] == "crimson"


def test_train_waits_for_nobody(shell: Shell, colour: LabelSet) -> None:
    with opened(shell.library):
        assert "already open" in shell.fails("train", "--set", "colour")
