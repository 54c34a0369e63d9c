"""What is kept of a label set that was learnt, whatever happens to its answers meanwhile or to its files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelSet
from desktop_app.core.library import Library
from desktop_app.core.operations.classifier import keep, kept
from desktop_app.core.operations.labels import (
    add_answer,
    merge_answers,
    put_labels,
    remove_answer,
    remove_set,
    rename_answer,
    rename_set,
    restore_set,
)
from desktop_app.core.operations.result import TrainResult, result_of
from desktop_app.core.operations.train import learn, train_set
from tests.core.families import QUICK, Families, answer, finish, first, ids_of, label, trained
from tests.core.libraries import opened

# --- changes while it runs -----------------------------------------------------------------------------------


def half_way(library: Library, label_set: LabelSet) -> TrainResult:
    """What was learnt, not kept yet: the answers may change now."""
    return finish(learn(library, label_set.id, **QUICK))


def test_what_was_learnt_goes_with_a_set_that_is_gone_for_good(
    library: Library, families: Families, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = label(library, families), label(library, families, "other")
    for one in (stays, goes):
        trained(library, one)
    heads = library.folder / "heads"
    remove_set(library, goes.id)
    place = library.folder
    library.close()
    with opened(place):  # it can still be brought back
        assert {one.name for one in heads.iterdir()} == {str(stays.id), str(goes.id)}
    monkeypatch.setattr("desktop_app.core.catalog.answers.REMOVED_FOR", -1.0)
    with opened(place) as again:
        assert {one.name for one in heads.iterdir()} == {str(stays.id)}
        assert kept(again, stays.id).classes == ("red", "green", "blue")


def test_an_answer_removed_meanwhile(library: Library, families: Families) -> None:
    colour = label(library, families)
    result = half_way(library, colour)
    remove_answer(library, colour.id, answer(colour, "blue"))
    with pytest.raises(UserError, match=r"changed while they were learnt\. “blue” is no longer"):
        keep(library, result.classifier)
    with pytest.raises(UserError, match="has not been learnt yet"):
        kept(library, colour.id)
    assert trained(library, colour).classes == ("red", "green")


def test_answers_merged_meanwhile(library: Library, families: Families) -> None:
    colour = label(library, families)
    trained(library, colour)
    result = half_way(library, colour)
    merge_answers(library, colour.id, answer(colour, "red"), answer(colour, "green"))
    for refuse in (lambda: keep(library, result.classifier), lambda: kept(library, colour.id)):
        with pytest.raises(UserError, match="“green” is no longer an answer of “colour”"):
            refuse()
    again = trained(library, colour)
    assert (again.classes, again.counts) == (("red", "blue"), (12, 6))


def test_names_changed_meanwhile(library: Library, families: Families) -> None:
    colour = label(library, families)
    result = half_way(library, colour)
    rename_answer(library, colour.id, answer(colour, "red"), "crimson")
    rename_set(library, colour.id, "hue")
    classifier = keep(library, result.classifier)
    assert (classifier.name, classifier.classes[0], classifier.trained.classes[0]) == ("hue", "crimson", "crimson")
    rename_answer(library, colour.id, answer(colour, "red"), "scarlet")
    assert kept(library, colour.id).classes == ("scarlet", "green", "blue")


def test_names_exchanged_meanwhile(library: Library, families: Families) -> None:
    colour = label(library, families)
    trained(library, colour)
    red, green = answer(colour, "red"), answer(colour, "green")
    rename_answer(library, colour.id, red, "x")
    rename_answer(library, colour.id, green, "red")
    rename_answer(library, colour.id, red, "green")
    classifier = kept(library, colour.id)
    assert classifier.classes == ("green", "red", "blue")
    assert classifier.answers[:2] == (red, green)


def test_a_set_removed_meanwhile(library: Library, families: Families) -> None:
    colour = label(library, families)
    result = half_way(library, colour)
    remove_set(library, colour.id)
    with pytest.raises(UserError, match="“colour” was removed"):
        keep(library, result.classifier)
    with pytest.raises(UserError, match="“colour” was removed"):
        trained(library, colour)
    restore_set(library, colour.id)
    assert keep(library, result.classifier).classes == ("red", "green", "blue")


# --- what is kept --------------------------------------------------------------------------------------------


def test_it_is_kept_with_the_library(library: Library, families: Families, tmp_path: Path) -> None:
    colour = label(library, families)
    result = trained(library, colour)
    features = {layer: library.store.read(layer, np.arange(4)) for layer in library.store.layers}
    library.close()
    with opened(tmp_path / "library", writable=False) as again:
        classifier = kept(again, colour.id)
        back = result_of(classifier)
    np.testing.assert_array_equal(classifier.trained.probabilities(features), result.trained.probabilities(features))
    np.testing.assert_array_equal(back.mixed_up, result.mixed_up)
    assert back.suspects is not None
    assert result.suspects is not None
    np.testing.assert_array_equal(back.suspects.order, result.suspects.order)
    for name in ("sentence", "interval", "accuracy", "layers", "heads", "curve", "counts", "advice", "answers"):
        assert getattr(back, name) == getattr(result, name), name
    assert classifier.name == "colour"
    assert classifier.advice == result.classifier.advice is not None


def test_the_new_one_takes_over_in_one_step(library: Library, families: Families) -> None:
    colour = label(library, families)
    trained(library, colour)
    place = library.folder / "heads" / str(colour.id)
    (place / "000002.part").mkdir()  # cut off while it was written
    (place / "000002.part" / "head.npz").write_bytes(b"half")
    assert kept(library, colour.id).classes == ("red", "green", "blue")
    trained(library, colour, head="svm")
    assert [one.name for one in place.iterdir()] == ["000002"]
    assert kept(library, colour.id).trained.kind == "svm"


@pytest.mark.parametrize("name", ["head.npz", "photos.npz", "classifier.json"])
@pytest.mark.parametrize("harm", ["gone", "cut", "other"])
def test_a_damaged_one_is_a_sentence(library: Library, families: Families, name: str, harm: str) -> None:
    colour = label(library, families)
    trained(library, colour)
    path = library.folder / "heads" / str(colour.id) / "000001" / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2] if harm == "cut" else b"something else")
    with pytest.raises(UserError, match=r"[Ll]earn it again|Train it again"):
        kept(library, colour.id)
    trained(library, colour)
    assert kept(library, colour.id).classes == ("red", "green", "blue")


def test_one_of_another_network_or_a_newer_program(library: Library, families: Families) -> None:
    colour = label(library, families)
    trained(library, colour)
    path = library.folder / "heads" / str(colour.id) / "000001" / "classifier.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "network": "another"}))
    with pytest.raises(UserError, match="learnt with another way to compare"):
        kept(library, colour.id)
    path.write_text(json.dumps({**facts, "format": 99}))
    with pytest.raises(UserError, match="newer version"):
        kept(library, colour.id)


# --- learning on ---------------------------------------------------------------------------------------------


def test_a_few_more_labels_keep_what_was_chosen(library: Library, families: Families) -> None:
    colour = label(library, first(families, 5))
    result = finish(learn(library, colour.id, layer="auto"))
    more = ids_of(library, [families["red"][5]])
    put_labels(library, colour.id, [(photo, answer(colour, "red")) for photo in more])
    again = finish(learn(library, colour.id, last=result.classifier))
    assert again.examples == 16
    assert again.trained.chosen_at == 15
    assert (again.head, again.layer, again.layers) == (result.head, result.layer, result.layers)
    assert again.seconds < result.seconds
    assert again.mixed_up.sum() == 16


def test_a_quarter_more_labels_are_looked_at_anew(library: Library, families: Families) -> None:
    colour = label(library, first(families, 4))
    result = finish(learn(library, colour.id))
    for family in families:
        put_labels(library, colour.id, [(ids_of(library, [families[family][4]])[0], answer(colour, family))])
    again = finish(learn(library, colour.id, last=result.classifier))
    assert again.trained.chosen_at == again.examples == 15
    assert len(again.layers) > 1


def test_what_was_learnt_before_is_dropped_when_answers_change(library: Library, families: Families) -> None:
    colour = label(library, {family: families[family] for family in ("red", "green")})
    result = finish(learn(library, colour.id, **QUICK))
    added = add_answer(library, colour.id, "blue").label_set
    assert added is not None
    put_labels(library, colour.id, [(photo, answer(added, "blue")) for photo in ids_of(library, families["blue"][:2])])
    again = finish(learn(library, colour.id, last=result.classifier, **QUICK))
    assert again.classes == ("red", "green", "blue")
    assert again.trained.chosen_at == 14
    rename_answer(library, colour.id, answer(colour, "red"), "crimson")
    renamed = finish(learn(library, colour.id, last=again.classifier, **QUICK))
    assert renamed.classes == ("crimson", "green", "blue")
    assert renamed.trained.chosen_at == 14
    other = finish(learn(library, colour.id, head="svm", layer="stage4", last=renamed.classifier))
    assert other.head == "svm"


def test_closed_half_way_it_leaves_nothing(library: Library, families: Families) -> None:
    colour = label(library, families)
    operation = train_set(library, colour.id)
    for _ in range(5):
        next(operation)
    operation.close()
    assert not (library.folder / "heads").exists()
