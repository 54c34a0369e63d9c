"""Guesses for the rest: boards, taking many at once, what to label next, what looks wrong, the blind spot check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.catalog import labels
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelSet, Origin
from desktop_app.core.learn import guesses as words
from desktop_app.core.library import Library
from desktop_app.core.operations.guess import (
    Guesses,
    above,
    boards,
    guess_all,
    least_sure,
    settings,
    take_guesses,
    unknowns,
)
from desktop_app.core.operations.labels import create_set, merge_answers, put_labels, remove_answer, undo
from desktop_app.core.operations.queue import confirm, mistakes, next_photos, unconfirm
from desktop_app.core.operations.result import TrainResult
from desktop_app.core.operations.spot_check import begin_spot_check, spot_check
from desktop_app.core.operations.train import train_set
from desktop_app.core.types import PhotoId
from tests.core.families import copied_families, finish, ids_of, label, save_families
from tests.core.libraries import by_path, opened, run
from tests.kept import Kept

LABELLED = 6


@pytest.fixture
def families(tmp_path: Path, kept: Kept) -> dict[str, list[Path]]:
    return copied_families(kept, tmp_path, 12)


@pytest.fixture
def library(tmp_path: Path, families: dict[str, list[Path]]) -> Iterator[Library]:
    with opened(tmp_path / "library") as one:
        yield one


@pytest.fixture
def colour(library: Library, families: dict[str, list[Path]]) -> LabelSet:
    """The first six of each colour are labelled."""
    return label(library, {family: paths[:LABELLED] for family, paths in families.items()})


@pytest.fixture
def result(library: Library, colour: LabelSet) -> TrainResult:
    return finish(train_set(library, colour.id, head="softmax", layer="stage4"))


@pytest.fixture
def rest(library: Library, result: TrainResult) -> Guesses:
    return finish(guess_all(library, result.classifier))


def families_of(library: Library, photos: tuple[PhotoId, ...]) -> list[str]:
    names = {id_: path.name.split()[0] for path, id_ in by_path(library).items()}
    return [names[photo] for photo in photos]


def test_every_unlabelled_photo_has_a_guess(
    library: Library, result: TrainResult, rest: Guesses, families: dict[str, list[Path]]
) -> None:
    unlabelled = [path for paths in families.values() for path in paths[LABELLED:]]
    assert sorted(rest.photos.tolist()) == sorted(ids_of(library, unlabelled))
    assert rest.probabilities.dtype == np.float32
    np.testing.assert_allclose(rest.probabilities.sum(axis=1), 1, atol=1e-5)
    for place, family in enumerate(families_of(library, tuple(map(PhotoId, rest.photos.tolist())))):
        guess = rest.at(place)
        assert rest.of(guess.photo) == guess
        assert guess.name == family
        assert result.classifier.answers[result.classes.index(family)] == guess.answer
        assert guess.sure == (guess.probability >= 0.6 and not guess.unknown) == rest.sure[place]
    assert rest.of(PhotoId(10_000)) is None
    assert rest.sure.sum() >= 14


def test_guesses_of_all_photos(library: Library, result: TrainResult) -> None:
    reports = list(guess_all(library, result.classifier, "all"))
    assert reports[-1].done == reports[-1].total == 36


def test_boards_of_equal_guesses(library: Library, rest: Guesses) -> None:
    made = boards(rest)
    on_boards = [photo for board in made for photo in board.photos]
    assert sorted(on_boards) == sorted(rest.photos[rest.sure].tolist())
    for board in made:
        assert set(families_of(library, board.photos)) == {board.name}
    assert sum(len(board.photos) for board in boards(rest, 2)) == len(on_boards)
    assert len(boards(rest, 2)) > 3


def test_least_sure_and_above(rest: Guesses) -> None:
    order = [guess.probability for photo in least_sure(rest, 5) if (guess := rest.of(photo)) is not None]
    assert order == sorted(order)
    known = rest.probability[~rest.unknown]
    assert order[0] == pytest.approx(known.min())
    for threshold in (0.0, 0.6, 0.9, 1.1):
        assert len(above(rest, threshold)) == int((known >= threshold).sum())
    surest = [guess.probability for photo in above(rest, 0.0) if (guess := rest.of(photo)) is not None]
    assert surest == sorted(surest, reverse=True)


def test_guesses_taken_many_at_once(library: Library, colour: LabelSet, result: TrainResult, rest: Guesses) -> None:
    before = labels.labels(library.connection, colour.id)
    setting = next(one for one in settings(result, rest) if one.least == 0.7)
    assert setting.taken == len(above(rest, 0.7)) > 0
    assert f"Take {setting.taken} guesses?" == words.question(setting)
    written = take_guesses(library, rest, 0.7)
    assert written.labels == (colour.id,)
    table = labels.labels(library.connection, colour.id)
    new = ~np.isin(table.photos, before.photos)
    assert {labels.ORIGINS[origin] for origin in table.origins[new].tolist()} == {Origin.BULK}
    assert sorted(table.photos[new].tolist()) == sorted(above(rest, 0.7))
    for photo, given in zip(table.photos[new].tolist(), table.answers[new].tolist(), strict=True):
        guess = rest.of(photo)
        assert guess is not None
        assert guess.answer == given
    # they are guesses still: unlabelled no more, but not looked at
    assert len(finish(guess_all(library, result.classifier))) == 18 - int(new.sum())
    assert len(finish(guess_all(library, result.classifier, "not looked at"))) == 18
    assert finish(train_set(library, colour.id, head="softmax", layer="stage4")).examples == 18
    assert written.before is not None
    undo(library, written.before)
    np.testing.assert_array_equal(labels.labels(library.connection, colour.id).photos, before.photos)


def test_only_guesses_of_one_answer(library: Library, colour: LabelSet, rest: Guesses) -> None:
    red = colour.answers[0].id
    take_guesses(library, rest, 0.0, [red])
    table = labels.labels(library.connection, colour.id)
    assert set(table.answers[~table.looked_at].tolist()) == {red}


def test_what_a_person_said_meanwhile_stays(library: Library, colour: LabelSet, rest: Guesses) -> None:
    photo = above(rest, 0.0)[0]
    put_labels(library, colour.id, [(photo, None)])
    take_guesses(library, rest, 0.0)
    (kept,) = labels.labels_of(library.connection, colour.id, [photo])[photo]
    assert (kept.answer, kept.origin) == (None, Origin.HAND)
    assert rest.without([photo]).of(photo) is None
    assert len(rest.without([photo])) == len(rest) - 1


def test_guesses_of_answers_that_are_gone_are_refused(
    library: Library, colour: LabelSet, result: TrainResult, rest: Guesses
) -> None:
    remove_answer(library, colour.id, colour.answers[1].id)
    with pytest.raises(UserError, match="no longer in “colour”"):
        take_guesses(library, rest, 0.0)
    with pytest.raises(UserError, match="“green” is no longer an answer"):
        list(guess_all(library, result.classifier))
    assert not (~labels.labels(library.connection, colour.id).looked_at).any()


def test_too_few_labels_say_nothing_of_mistakes(library: Library, families: dict[str, list[Path]]) -> None:
    pair = label(library, {family: families[family][:2] for family in ("red", "blue")}, "pair")
    result = finish(train_set(library, pair.id, head="softmax", layer="stage4"))
    rest = finish(guess_all(library, result.classifier))
    assert len(rest) == 32
    bare = replace(result, best=result.best[:0])
    for one in (result, bare):
        assert "cannot be said" in words.sentence(settings(one, rest)[0])


def test_a_photo_unlike_anything_labelled_is_not_sure(library: Library, result: TrainResult, tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 160, dtype=np.uint8)
    checks = np.where((np.indices((120, 160)) // 8).sum(axis=0) % 2, 255, 0).astype(np.uint8)
    Image.fromarray(np.stack([checks, np.tile(ramp, (120, 1)), 255 - checks], axis=2)).save(tmp_path / "in" / "odd.png")
    run(library)
    rest = finish(guess_all(library, result.classifier))
    (odd,) = ids_of(library, [tmp_path / "in" / "odd.png"])
    assert odd in unknowns(rest)
    guess = rest.of(odd)
    assert guess is not None
    assert (guess.unknown, guess.sure) == (True, False)
    assert odd not in above(rest, 0.0)
    assert odd not in least_sure(rest, 100)
    assert all(odd not in board.photos for board in boards(rest))


# --- what next -----------------------------------------------------------------------------------------------


def test_the_queue_before_and_after_there_are_guesses(
    library: Library, colour: LabelSet, result: TrainResult, rest: Guesses
) -> None:
    for guesses in (None, rest):
        queue = next_photos(library, colour.id, guesses, 5)
        assert len(set(queue)) == 5
        assert set(queue) <= set(rest.photos.tolist())
    assert sorted(next_photos(library, colour.id, rest, 100)) == sorted(rest.photos.tolist())
    put_labels(library, colour.id, [(photo, None) for photo in rest.photos.tolist()[:-1]])
    assert next_photos(library, colour.id, rest) == (rest.photos[-1],)


def test_the_queue_of_an_empty_set_shows_every_kind(library: Library) -> None:
    made = create_set(library, "new", ["a", "b"]).label_set
    assert made is not None
    assert set(families_of(library, next_photos(library, made.id, count=8))) == {"red", "green", "blue"}


def test_photos_that_came_since_the_guesses(library: Library, colour: LabelSet, rest: Guesses, tmp_path: Path) -> None:
    save_families(tmp_path / "in" / "more", 2)
    run(library)
    queue = next_photos(library, colour.id, rest, 100)
    assert len(queue) == 18 + 6


# --- what looks wrong ----------------------------------------------------------------------------------------


def test_flipped_labels_come_first_until_they_are_settled(
    library: Library, colour: LabelSet, families: dict[str, list[Path]]
) -> None:
    red, green, _ = (one.id for one in colour.answers)
    flipped = ids_of(library, [families["red"][0]])[0]
    put_labels(library, colour.id, [(flipped, green)])
    result = finish(train_set(library, colour.id, head="softmax", layer="stage4"))
    listed = mistakes(library, result)
    assert len(listed) == 18
    assert listed[0].photo == flipped
    assert (listed[0].given, listed[0].believed, listed[0].wrong) == (green, red, True)
    assert [one.score for one in listed] == sorted((one.score for one in listed), reverse=True)
    assert mistakes(library, result, 3) == listed[:3]

    assert confirm(library, colour.id, [flipped]).labels == (colour.id,)
    assert mistakes(library, result) == listed[1:]
    unconfirm(library, colour.id, [flipped])
    assert mistakes(library, result) == listed
    confirm(library, colour.id, [flipped])
    put_labels(library, colour.id, [(flipped, red)])  # put right: as such it is not confirmed
    again = finish(train_set(library, colour.id, head="softmax", layer="stage4"))
    assert flipped in {one.photo for one in mistakes(library, again)}
    assert flipped not in {one.photo for one in mistakes(library, result)}  # what was believed is of the old label


# --- spot check ----------------------------------------------------------------------------------------------


def truth(library: Library, colour: LabelSet, photo: PhotoId) -> AnswerId:
    (family,) = families_of(library, (photo,))
    return next(one.id for one in colour.answers if one.name == family)


def test_a_blind_check_of_the_rest(library: Library, colour: LabelSet, result: TrainResult) -> None:
    assert spot_check(library, colour.id) is None
    guesses = finish(guess_all(library, result.classifier, "not looked at"))
    check = begin_spot_check(library, guesses, 15)
    assert len(set(check.photos)) == 15
    assert check.rest == 18
    state = spot_check(library, colour.id)
    assert state is not None
    assert (state.waiting, state.found.checked, state.check) == (check.photos, 0, check)
    take_guesses(library, guesses, 0.0)  # taken in bulk is not looked at
    assert spot_check(library, colour.id) == state
    for photo in check.photos[:-2]:
        put_labels(library, colour.id, [(photo, truth(library, colour, photo))])
    put_labels(library, colour.id, [(check.photos[-2], None)])
    state = spot_check(library, colour.id)
    assert state is not None
    assert state.waiting == check.photos[-1:]
    sure = [guess is not None for guess in check.guesses]
    assert state.found.right == sum(sure[:13])
    assert state.wrong == (check.photos[-2:-1] if sure[13] else ())
    assert state.found.checked + state.found.not_sure == 14
    assert f"checked on {state.found.checked} random photos" in state.sentence


def test_a_check_after_answers_changed(library: Library, colour: LabelSet, rest: Guesses) -> None:
    begin_spot_check(library, rest)
    red, green, _ = (one.id for one in colour.answers)
    merge_answers(library, colour.id, red, green)
    assert spot_check(library, colour.id) is None


def test_photos_of_a_check_that_are_gone_do_not_wait(library: Library, colour: LabelSet, rest: Guesses) -> None:
    check = begin_spot_check(library, rest, 4)
    path = next(path for path, id_ in by_path(library).items() if id_ == check.photos[1])
    path.unlink()
    run(library)
    state = spot_check(library, colour.id)
    assert state is not None
    assert state.waiting == (check.photos[0], *check.photos[2:])


def test_nothing_left_to_check(library: Library, colour: LabelSet, rest: Guesses) -> None:
    put_labels(library, colour.id, [(photo, None) for photo in rest.photos.tolist()])
    with pytest.raises(UserError, match="nothing to check"):
        begin_spot_check(library, rest)
