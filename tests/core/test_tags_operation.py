"""Tags of a library: what counts as yes and as no, what is kept and guessed, and what the command line says."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSet, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import tags
from desktop_app.core.operations.classifier import kept
from desktop_app.core.operations.label_files import import_csv
from desktop_app.core.operations.labels import create_set, put_labels, remove_answer, rename_answer
from desktop_app.core.operations.tag_classifier import kept_tags
from desktop_app.core.operations.train import learn
from tests.core.families import Families, answer, finish, ids_of, save_families, save_family
from tests.core.libraries import opened, run
from tests.core.shell import Shell


@pytest.fixture
def families(tmp_path: Path) -> Families:
    return save_families(tmp_path / "in", 8)


def tagged(library: Library, families: Families) -> LabelSet:
    """“warm” for red ones, “not green” for red and blue ones; green ones are “none of these”. Of each two are left."""
    made = create_set(library, "look", ["warm", "not green", "shiny"], "tags").label_set
    assert made is not None
    for family in families:
        for photo in ids_of(library, families[family][:6]):
            given = {"red": ["warm", "not green"], "blue": ["not green"]}.get(family, [])
            put_labels(library, made.id, [(photo, answer(made, name)) for name in given] or [(photo, None)])
    return made


@pytest.fixture
def library(tmp_path: Path, families: Families) -> Iterator[Library]:
    with opened(tmp_path / "library") as one:
        run(one, tmp_path / "in")
        yield one


def test_tags_are_learnt_kept_and_guessed(library: Library, families: Families) -> None:
    look = tagged(library, families)
    assert len(finish(tags.train_tag_set(library, look.id)).trained.layer_scores) == len(library.network.layers)
    learnt = finish(tags.train_tag_set(library, look.id, layer="stage4"))
    assert learnt.classes == ("warm", "not green")
    assert learnt.lacking == ("shiny",)
    assert learnt.examples == 18
    assert [(one.yes, one.no) for one in learnt.trained.scores] == [(6, 12), (12, 6)]
    for score in learnt.trained.scores:
        assert score.balanced is not None
        assert score.interval[0] < score.balanced <= score.interval[1]
        assert score.balanced > 0.8
    again = kept_tags(library, look.id)
    assert again.trained.scores == learnt.trained.scores
    assert again.trained.layer_scores == learnt.trained.layer_scores
    np.testing.assert_array_equal(again.trained.weights, learnt.trained.weights)
    guesses = finish(tags.guess_tags(library, again))
    assert len(guesses) == 6  # the labelled ones are left out
    red = set(ids_of(library, families["red"][6:]))
    assert set(guesses.with_tag(answer(look, "warm"), 0.0)[:2]) == red  # the surest first
    others = {*ids_of(library, families["red"][6:]), *ids_of(library, families["blue"][6:])}
    shares = dict(zip(guesses.photos.tolist(), guesses.probabilities[:, 1].tolist(), strict=True))
    assert set(sorted(shares, key=lambda photo: -shares[photo])[:4]) == others
    given = guesses.with_tag(answer(look, "not green"))
    assert [shares[photo] for photo in given] == sorted((one for one in shares.values() if one >= 0.5), reverse=True)
    assert len(finish(tags.guess_tags(library, again, everything=True))) == 24


def test_a_tag_taken_in_bulk_is_neither_yes_nor_no(library: Library, families: Families) -> None:
    look = tagged(library, families)
    warm = answer(look, "warm")
    put_labels(library, look.id, [(photo, warm) for photo in ids_of(library, families["blue"][:2])], Origin.BULK)
    put_labels(library, look.id, [(photo, warm) for photo in ids_of(library, families["green"][6:])], Origin.BULK)
    learnt = finish(tags.train_tag_set(library, look.id))
    assert [(one.yes, one.no) for one in learnt.trained.scores] == [(6, 10), (12, 6)]
    assert learnt.examples == 18


def test_too_little_and_what_does_not_fit(library: Library, families: Families) -> None:
    empty = create_set(library, "empty", ["a"], "tags").label_set
    assert empty is not None
    with pytest.raises(UserError, match="No photo has a tag"):
        finish(tags.train_tag_set(library, empty.id))
    put_labels(library, empty.id, [(photo, empty.answers[0].id) for photo in ids_of(library, families["red"])])
    with pytest.raises(UserError, match="have it not"):
        finish(tags.train_tag_set(library, empty.id))
    with pytest.raises(UserError, match="has not been learnt yet"):
        kept_tags(library, empty.id)
    look = tagged(library, families)
    with pytest.raises(UserError, match="logistic regression only"):
        finish(tags.train_tag_set(library, look.id, head="svm"))
    with pytest.raises(UserError, match="no layer stage99"):
        finish(tags.train_tag_set(library, look.id, layer="stage99"))
    # what learns one answer a photo says who learns tags
    with pytest.raises(UserError, match="likeness train"):
        finish(learn(library, look.id))
    with pytest.raises(UserError, match="not handed over"):
        kept(library, look.id)


def test_answers_that_change_meanwhile(library: Library, families: Families) -> None:
    look = tagged(library, families)
    finish(tags.train_tag_set(library, look.id, layer="stage4"))
    rename_answer(library, look.id, answer(look, "warm"), "hot")
    assert kept_tags(library, look.id).classes == ("hot", "not green")
    with closing(tags.train_tag_set(library, look.id, layer="stage4")) as operation:
        next(operation)
        remove_answer(library, look.id, answer(look, "warm"))
        with pytest.raises(UserError, match=r"The tags changed .* no longer a tag"):
            finish(operation)
    with pytest.raises(UserError, match="no longer a tag"):
        kept_tags(library, look.id)


def test_damage_is_said_and_learning_again_helps(library: Library, families: Families) -> None:
    look = tagged(library, families)
    finish(tags.train_tag_set(library, look.id, layer="stage4"))
    file = next((library.folder / "heads" / str(look.id)).glob("*/tags.npz"))
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(UserError, match="cannot be read"):
        kept_tags(library, look.id)
    finish(tags.train_tag_set(library, look.id, layer="stage4"))
    assert kept_tags(library, look.id).classes == ("warm", "not green")


def test_the_command_line(shell: Shell, families: Families, tmp_path: Path) -> None:
    with opened(shell.library) as library:
        run(library, tmp_path / "in")
        tagged(library, families)
    status, out, err = shell.run("train", "--set", "look", "--layer", "stage4", "--json")
    assert status == 0, err
    said = json.loads(out)
    assert list(said) == ["head", "layer", "classes", "examples", "tags", "lacking", "layers", "seconds"]
    assert [one["name"] for one in said["tags"]] == said["classes"] == ["warm", "not green"]
    assert said["tags"][0]["yes"] == 6
    assert said["tags"][0]["interval"][0] < said["tags"][0]["balanced_accuracy"]
    status, out, _ = shell.run("train", "--set", "look", "--layer", "stage4")
    assert status == 0
    assert "warm" in out
    assert "6 with, 12 without" in out
    assert "shiny" in out
    new = save_family(tmp_path / "elsewhere", "red", 1, first=50)[0]
    green = families["green"][3]
    status, out, err = shell.run("predict", "--set", "look", new, green, "--json")
    assert status == 0, err
    first, second = json.loads(out)["predictions"]
    assert sorted(first["labels"]) == ["not green", "warm"]
    assert list(first["probabilities"]) == ["warm", "not green"]
    assert second["labels"] == []
    assert second["path"] == str(green)
    table = tmp_path / "tags.csv"
    status, out, err = shell.run("predict", "--set", "look", "--all", "--csv", table)
    assert status == 0, err
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["path", "label", "probability", "sure"]
    assert {row["path"] for row in rows} == {str(path) for paths in families.values() for path in paths}
    # of those that nobody labelled, one or the other may be taken for what it is not
    assert {row["label"] for row in rows if Path(row["path"]) in families["green"][:6]} == {""}
    with opened(shell.library) as library:  # what is written reads back
        assert finish(import_csv(library, table, "again", "tags")).classes["warm"] >= 8
    status, _, err = shell.run("export", tmp_path / "look.onnx", "--set", "look")
    assert status == 1
    assert "not handed over" in err
    assert not (tmp_path / "look.onnx").exists()
