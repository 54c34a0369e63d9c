"""Learning a label set: what counts as evidence, what it says, and sentences where nothing can be learnt."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import evidence
from desktop_app.core.operations.guess import guess_all, settings
from desktop_app.core.operations.labels import (
    add_answer,
    clear_labels,
    create_set,
    put_labels,
)
from desktop_app.core.operations.train import learn, train_set
from tests.core.families import (
    Families,
    answer,
    finish,
    first,
    ids_of,
    label,
    save_family,
    trained,
)
from tests.core.libraries import run


def test_what_training_says(library: Library, families: Families) -> None:
    colour = label(library, families)
    reports = []
    operation = train_set(library, colour.id)
    while True:
        try:
            reports.append(next(operation))
        except StopIteration as ended:
            result = ended.value
            break
    assert all(report.text for report in reports)
    assert result.classes == ("red", "green", "blue")
    assert result.answers == tuple(one.id for one in colour.answers)
    assert result.counts == (6, 6, 6)
    assert result.examples == 18
    assert result.head in ("softmax", "svm", "mlp", "neighbours")
    names = {one.name for one in result.layers}
    assert {layer.name for layer in library.network.layers} <= names
    assert result.layer in names
    assert result.accuracy == pytest.approx(1.0, abs=0.06)
    low, high = result.interval
    assert 0.5 < low < result.accuracy <= high + 0.01 <= 1.01
    assert result.seconds > 0
    assert "tested on 18 labels" in result.sentence
    assert result.mixed_up.sum() == 18
    assert np.trace(result.mixed_up) >= 16  # by whichever of the bundled networks is fastest here
    red = answer(colour, "red")
    assert set(result.cell(red, red)) <= set(ids_of(library, families["red"]))
    assert len(result.cell(red, red)) == result.mixed_up[0, 0]
    assert result.suspects is not None
    assert sorted(result.suspects.order.tolist()) == list(range(18))
    said = result.classifier.advice
    assert said is not None
    assert said.case in (1, 3)  # few labels
    assert {one.name for one in said.evidence if one.value is not None} == {"labels", "curve", "familiarity", "layers"}
    assert said.sentence in result.advice


@pytest.mark.parametrize("head", ["softmax", "svm", "mlp", "neighbours"])
def test_a_head_and_a_layer_that_were_asked_for(library: Library, families: Families, head: str) -> None:
    result = trained(library, label(library, families), head=head, layer="stage4")
    assert (result.head, result.layer) == (head, "stage4")
    assert [one.name for one in result.layers] == ["stage4"]
    assert result.trained.asked == (head, "stage4")
    features = {"stage4": library.store.read("stage4", np.arange(18))}
    judged = result.classifier.judging()(features)
    assert judged.dtype == np.float32
    np.testing.assert_allclose(judged, result.trained.probabilities(features), atol=1e-4)


def test_layers_side_by_side(library: Library, families: Families) -> None:
    result = trained(library, label(library, families), layer="stage3+embedding")
    assert result.layer == "stage3+embedding"
    features = {name: library.store.read(name, np.arange(18)) for name in ("stage3", "embedding")}
    judged = result.classifier.judging()(features)
    np.testing.assert_allclose(judged, result.trained.probabilities(features), atol=1e-4)


def test_unknown_heads_and_layers(library: Library, families: Families) -> None:
    colour = label(library, families)
    with pytest.raises(UserError, match="no layer stage99"):
        trained(library, colour, layer="stage99")
    with pytest.raises(UserError, match="no head called “forest”"):
        trained(library, colour, head="forest")


def test_the_same_labels_give_the_same_classifier(library: Library, families: Families) -> None:
    colour = label(library, families)
    one, other = (finish(learn(library, colour.id)) for _ in range(2))
    features = {layer: library.store.read(layer, np.arange(library.store.rows)) for layer in library.store.layers}
    np.testing.assert_array_equal(one.trained.probabilities(features), other.trained.probabilities(features))
    assert one.accuracy == other.accuracy


# --- what counts ---------------------------------------------------------------------------------------------


def test_guesses_taken_in_bulk_teach_nothing(library: Library, families: Families) -> None:
    colour = label(library, first(families, 3))
    wrong = [(photo, answer(colour, "red")) for photo in ids_of(library, families["blue"][3:])]
    put_labels(library, colour.id, wrong, Origin.BULK)
    accepted = [(photo, answer(colour, "green")) for photo in ids_of(library, families["green"][3:5])]
    put_labels(library, colour.id, accepted, Origin.SUGGESTION)
    imported = [(photo, answer(colour, "red")) for photo in ids_of(library, families["red"][3:4])]
    put_labels(library, colour.id, imported, Origin.IMPORT)
    result = trained(library, colour)
    assert result.counts == (4, 5, 3)
    assert not set(result.classifier.photos.tolist()) & {photo for photo, _ in wrong}


def test_none_of_these_is_no_class(library: Library, families: Families) -> None:
    colour = label(library, {family: families[family] for family in ("red", "green")})
    none = ids_of(library, families["blue"])
    put_labels(library, colour.id, [(photo, None) for photo in none])
    result = trained(library, colour)
    assert result.classes == ("red", "green")
    assert sorted(result.classifier.none.tolist()) == sorted(none)
    # whatever is guessed of them is wrong, and taking guesses says so
    rest = finish(guess_all(library, result.classifier, "all"))
    shares = np.stack([rest.probabilities[rest.photos == photo][0] for photo in result.classifier.none])
    np.testing.assert_allclose(result.classifier.none_shares, shares, atol=1e-5)
    setting = settings(result, rest)[0]
    assert setting.wrong.share >= (shares.max(axis=1) >= 0.6).sum() / 18 > 0


def test_answers_nobody_gave_are_left_out(library: Library, families: Families) -> None:
    colour = label(library, first(families, 5))
    add_answer(library, colour.id, "violet")
    assert trained(library, colour).classes == ("red", "green", "blue")


def test_copies_share_a_group(library: Library, families: Families, tmp_path: Path) -> None:
    copy = tmp_path / "in" / "copy of red 0.jpg"
    copy.write_bytes(families["red"][0].read_bytes())
    run(library)
    colour = label(library, {**families, "red": [*families["red"], copy]})
    classifier = trained(library, colour).classifier
    group_of = dict(zip(classifier.photos.tolist(), classifier.groups.tolist(), strict=True))
    one, other = ids_of(library, [families["red"][0], copy])
    assert group_of[one] == group_of[other]


def test_photos_that_are_gone_teach_nothing_and_are_counted(library: Library, families: Families) -> None:
    colour = label(library, families)
    families["red"][0].unlink()
    run(library)
    result = trained(library, colour)
    assert result.counts == (5, 6, 6)
    assert result.classifier.gone == 1


def test_very_many_labels_are_drawn_by_lot(library: Library, families: Families) -> None:
    colour = label(library, families)
    with closing(library.reading_store()) as store:
        whole = evidence.collect(library, colour.id, store)
        some = evidence.collect(library, colour.id, store, most=17)
        assert (len(whole.photos), whole.left_out) == (18, 0)
        # an answer keeps 20 labels, if it has them
        assert (len(some.photos), some.left_out) == (18, 0)
        np.testing.assert_array_equal(whole.positions, evidence.collect(library, colour.id, store).positions)


def test_the_lot_keeps_shares() -> None:
    given = np.repeat([3, 4, 5], [1000, 500, 10])
    taken = evidence._lot(given, 300)
    assert np.bincount(given[taken])[3:].tolist() == [199, 99, 10]
    assert (np.diff(taken) > 0).all()
    np.testing.assert_array_equal(taken, evidence._lot(given, 300))


# --- too little ----------------------------------------------------------------------------------------------


def test_too_little_is_a_sentence(library: Library, families: Families) -> None:
    made = create_set(library, "colour", ["red", "green"]).label_set
    assert made is not None
    red, green = (one.id for one in made.answers)
    with pytest.raises(UserError, match="No photo has a label in “colour” yet"):
        trained(library, made)
    reds, greens = ids_of(library, families["red"]), ids_of(library, families["green"])
    put_labels(library, made.id, [(reds[0], red)])
    with pytest.raises(UserError, match="The only labelled photo is “red”"):
        trained(library, made)
    put_labels(library, made.id, [(photo, red) for photo in reds])
    with pytest.raises(UserError, match=r"All 6 labelled photos are “red”\. Give a few photos another answer"):
        trained(library, made)
    put_labels(library, made.id, [(greens[0], green)])
    with pytest.raises(UserError, match=r"at least two answers 2 photos each\. “green” has 1"):
        trained(library, made)
    clear_labels(library, made.id, reds[1:])
    with pytest.raises(UserError, match="at least two answers 2 photos each"):
        trained(library, made)  # two photos
    put_labels(library, made.id, [(greens[1], green), (reds[1], red)])
    result = trained(library, made)
    assert result.counts == (2, 2)
    assert not result.enough
    assert "Too few labels to say" in result.sentence


def test_a_class_with_one_photo(library: Library, families: Families) -> None:
    result = trained(library, label(library, {**families, "blue": families["blue"][:1]}))
    assert result.counts == (6, 6, 1)
    assert result.classes == ("red", "green", "blue")
    assert "“blue” has 1" in result.sentence


def test_only_none_of_these(library: Library, families: Families) -> None:
    made = create_set(library, "colour", ["red", "green"]).label_set
    assert made is not None
    put_labels(library, made.id, [(photo, None) for photo in ids_of(library, families["blue"])])
    with pytest.raises(UserError, match="No photo has a label"):
        trained(library, made)


def test_all_labelled_photos_gone(library: Library, families: Families, tmp_path: Path) -> None:
    colour = label(library, families)
    for paths in families.values():
        for path in paths:
            path.unlink()
    save_family(tmp_path / "in", "red", 1, first=50)
    run(library)
    with pytest.raises(UserError, match="18 labelled photos cannot be used"):
        trained(library, colour)


def test_tags_are_not_learnt(library: Library) -> None:
    made = create_set(library, "tags", ["sky", "sea"], kind="tags").label_set
    assert made is not None
    with pytest.raises(UserError, match="has tags"):
        trained(library, made)
