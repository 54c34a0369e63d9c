"""Labels: what is put in is there, what is undone is as it was, and names and keys stay apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import answers, folders, labels, notes, photos
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LOOKED_AT, LabelFilter, LabelSet, Origin
from desktop_app.core.types import Order, PhotoId
from tests.core.label_parts import add_photos, catalogue, held

HAND, BULK, SUGGESTION = Origin.HAND, Origin.BULK, Origin.SUGGESTION


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(catalogue()) as one:
        yield one
        assert one.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.fixture
def ids(connection: sqlite3.Connection) -> list[PhotoId]:
    return add_photos(connection, 6)


@pytest.fixture
def era(connection: sqlite3.Connection) -> LabelSet:
    return answers.create_set(connection, "era", "classes", ["classic", "modern"])


def keys(label_set: LabelSet) -> list[str]:
    return [answer.key for answer in label_set.answers]


# --- sets and answers ----------------------------------------------------------------------------------------


def test_answers_get_keys_at_once(connection: sqlite3.Connection) -> None:
    many = answers.create_set(connection, "many", "classes", [f"answer {n}" for n in range(40)])
    assert "".join(keys(many)) == "123456789abcdefghijklmnopqrstuvwxyz"
    assert keys(many)[35:] == [""] * 5
    assert [answer.place for answer in many.answers] == list(range(40))
    labels.remove_answer(connection, many.id, many.answers[1].id)
    added = answers.add_answer(connection, many.id, "new")
    assert (added.key, added.place) == ("2", 39)
    assert answers.get_set(connection, many.id).answers[-1] == added
    assert answers.add_answer(connection, many.id, "quiet", "").key == ""
    assert added.id not in {answer.id for answer in many.answers}


def test_digits_are_their_own_keys(connection: sqlite3.Connection) -> None:
    digits = answers.create_set(connection, "digits", "classes", "0123456789")
    assert "".join(keys(digits)) == "a123456789"
    some = answers.create_set(connection, "some", "classes", ["good", "1", "12"])
    assert keys(some) == ["2", "1", "3"]
    answers.need_answers(connection, some.id, ["3", "4", "bad"])
    assert keys(answers.get_set(connection, some.id)) == ["2", "1", "3", "5", "4", "6"]


def test_a_clash_names_the_other(connection: sqlite3.Connection, era: LabelSet) -> None:
    classic, modern = era.answers
    with pytest.raises(UserError, match="“classic” has the key 1"):
        answers.set_key(connection, era.id, modern.id, "1")
    answers.set_key(connection, era.id, modern.id, " M ")
    with pytest.raises(UserError, match="“modern” has the key M"):
        answers.add_answer(connection, era.id, "odd", "m")
    with pytest.raises(UserError, match="already has an answer “modern”"):
        answers.rename_answer(connection, era.id, classic.id, "  MODERN ")
    for bad in ("0", "10", "ab", "+", "²"):
        with pytest.raises(UserError, match=r"none of these|one digit or one letter"):
            answers.set_key(connection, era.id, classic.id, bad)
    answers.set_key(connection, era.id, classic.id, "1")  # its own
    answers.set_key(connection, era.id, classic.id, "é")
    answers.rename_answer(connection, era.id, classic.id, "Classic")  # its own name, written otherwise
    assert [(one.name, one.key) for one in answers.get_set(connection, era.id).answers] == [
        ("Classic", "é"),
        ("modern", "m"),
    ]
    answers.set_key(connection, era.id, classic.id, "")
    assert answers.free_key(answers.get_set(connection, era.id)) == "1"


def test_names(connection: sqlite3.Connection, era: LabelSet) -> None:
    with pytest.raises(UserError, match="already a label set “era”"):
        answers.create_set(connection, " ERA\n")
    for nothing in ("", " \n\t", "\0"):
        with pytest.raises(UserError, match="at least one letter"):
            answers.add_answer(connection, era.id, nothing)
    made = answers.create_set(connection, "x", "tags", ["Café", "Cafe\u0301", "a \n b", "\udcff"])
    assert [answer.name for answer in made.answers] == ["Café", "a b", "\N{REPLACEMENT CHARACTER}"]
    assert made.kind == "tags"
    found = answers.find_answer(made, "CAFÉ")
    assert found is not None
    assert found.name == "Café"
    answers.rename_set(connection, made.id, "X")
    with pytest.raises(UserError, match="already a label set “era”"):
        answers.rename_set(connection, made.id, "Era")
    assert [one.name for one in answers.all_sets(connection)] == ["era", "X"]


def test_sets_go_and_come_back(connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]) -> None:
    labels.put_labels(connection, era.id, [(ids[0], era.answers[0].id)], HAND)
    answers.remove_set(connection, era.id)
    assert answers.all_sets(connection) == ()
    assert answers.find_set(connection, "era") is None
    assert labels.all_labels_of(connection, ids) == {}
    answers.create_set(connection, "era")
    answers.restore_set(connection, era.id)
    assert [one.name for one in answers.all_sets(connection)] == ["era 2", "era"]
    assert len(held(connection, era.id)) == 1
    answers.remove_set(connection, era.id)
    answers.purge_sets(connection, 1.0)
    assert len(held(connection, era.id)) == 1
    answers.purge_sets(connection, 1e12)
    with pytest.raises(UserError, match="no longer there"):
        answers.get_set(connection, era.id)


def test_answers_change_places(connection: sqlite3.Connection) -> None:
    made = answers.create_set(connection, "x", "classes", "abc")
    answers.place_answer(connection, made.id, made.answers[2].id, 0)
    assert [one.name for one in answers.get_set(connection, made.id).answers] == ["c", "a", "b"]
    answers.place_answer(connection, made.id, made.answers[2].id, 99)
    assert [one.name for one in answers.get_set(connection, made.id).answers] == ["a", "b", "c"]


# --- labels --------------------------------------------------------------------------------------------------


def test_classes_exclude_one_another(connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]) -> None:
    classic, modern = (answer.id for answer in era.answers)
    labels.put_labels(connection, era.id, [(ids[0], classic), (ids[1], None), (ids[0], modern)], HAND, 5.0)
    assert held(connection, era.id) == {ids[0]: {modern: (HAND, 5.0)}, ids[1]: {None: (HAND, 5.0)}}
    labels.put_labels(connection, era.id, [(ids[1], classic)], SUGGESTION, 6.0)
    assert held(connection, era.id)[ids[1]] == {classic: (SUGGESTION, 6.0)}


def test_tags_add_up(connection: sqlite3.Connection, ids: list[PhotoId]) -> None:
    made = answers.create_set(connection, "x", "tags", ["a", "b"])
    a, b = (answer.id for answer in made.answers)
    labels.put_labels(connection, made.id, [(ids[0], a), (ids[0], b), (ids[1], None)], HAND, 5.0)
    assert {photo: set(own) for photo, own in held(connection, made.id).items()} == {ids[0]: {a, b}, ids[1]: {None}}
    labels.put_labels(connection, made.id, [(ids[0], None), (ids[1], b)], HAND, 6.0)
    assert {photo: set(own) for photo, own in held(connection, made.id).items()} == {ids[0]: {None}, ids[1]: {b}}
    labels.put_labels(connection, made.id, [(ids[1], a)], HAND, 7.0)
    before = labels.take_labels(connection, made.id, [(ids[1], b), (ids[2], a)])
    assert held(connection, made.id)[ids[1]] == {a: (HAND, 7.0)}
    labels.restore(connection, before)
    assert held(connection, made.id)[ids[1]] == {a: (HAND, 7.0), b: (HAND, 6.0)}
    assert labels.labels(connection, made.id).photos.tolist() == [ids[0], ids[1], ids[1]]


def test_bulk_guesses_never_replace_what_was_looked_at(
    connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]
) -> None:
    classic, modern = (answer.id for answer in era.answers)
    for photo, origin in zip(ids, Origin, strict=False):
        labels.put_labels(connection, era.id, [(photo, classic)], origin, 1.0)
    labels.put_labels(connection, era.id, [(photo, modern) for photo in ids], BULK, 2.0)
    for photo, origin in zip(ids, Origin, strict=False):
        kept = {classic: (origin, 1.0)} if origin in LOOKED_AT else {modern: (BULK, 2.0)}
        assert held(connection, era.id)[photo] == kept
    labels.put_labels(connection, era.id, [(photo, modern) for photo in ids], HAND, 3.0)
    assert set(held(connection, era.id)[ids[-1]].values()) == {(HAND, 3.0)}


def test_what_is_gone(connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]) -> None:
    classic, modern = (answer.id for answer in era.answers)
    before = labels.put_labels(connection, era.id, [(ids[0], classic), (PhotoId(999), classic)], HAND)
    assert before.photos == (ids[0],)
    labels.remove_answer(connection, era.id, modern)
    with pytest.raises(UserError, match="no longer in “era”"):
        labels.put_labels(connection, era.id, [(ids[1], classic), (ids[2], modern)], HAND)
    with pytest.raises(UserError, match="no longer in “era”"):
        labels.merge_answers(connection, era.id, classic, modern)
    with pytest.raises(UserError, match="no longer in “era”"):
        labels.remove_answer(connection, era.id, modern)
    other = answers.create_set(connection, "other", "classes", ["a"])
    with pytest.raises(UserError, match="no longer in “era”"):  # an answer to another question
        labels.put_labels(connection, era.id, [(ids[1], other.answers[0].id)], HAND)
    assert list(held(connection, era.id)) == [ids[0]]
    taken = labels.clear_labels(connection, era.id, ids)
    connection.execute("DELETE FROM photos WHERE id = ?", (ids[0],))
    labels.restore(connection, taken)
    assert held(connection, era.id) == {}


def test_labels_follow_photos(connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]) -> None:
    classic = era.answers[0].id
    labels.put_labels(connection, era.id, [(photo, classic) for photo in ids[:4]], HAND, 1.0)
    notes.set_note(connection, ids[0], " mine ")
    there = folders.add(connection, Path("/elsewhere"))
    photos.relocate(connection, ids[0], there, b"moved.jpg", 1, 1)
    photos.set_missing(connection, ids[1:2], True)
    connection.execute("DELETE FROM photos WHERE id = ?", (ids[2],))
    assert list(held(connection, era.id)) == [ids[0], ids[1], ids[3]]
    assert labels.labels(connection, era.id).photos.tolist() == [ids[0], ids[3]]  # only what is shown
    assert labels.counts(connection, era.id)[0].looked_at == 2
    photos.set_missing(connection, ids[1:2], False)
    assert labels.labels(connection, era.id).photos.tolist() == [ids[0], ids[1], ids[3]]
    folders.remove(connection, there)
    assert labels.labels(connection, era.id, missing=True).photos.tolist() == [ids[1], ids[3]]
    folders.restore(connection, there)
    assert notes.notes(connection, ids) == {ids[0]: "mine"}
    folders.remove(connection, there)
    folders.purge(connection, 1e12)
    assert connection.execute("SELECT count(*) FROM notes").fetchone()[0] == 0
    assert list(held(connection, era.id)) == [ids[1], ids[3]]


@pytest.mark.parametrize("prefer_inner", [True, False])
def test_of_two_rows_for_one_file_the_one_that_stays_takes_over(
    connection: sqlite3.Connection, era: LabelSet, prefer_inner: bool
) -> None:
    classic, modern = (answer.id for answer in era.answers)
    inner = add_photos(connection, 4, "/outer/in")
    outer = folders.add(connection, Path("/outer"))
    twins = [
        photos.insert(
            connection,
            photos.Facts(outer, b"in/%d.jpg" % at, 1, 1, bytes(16), "JPEG", 4, 3, None, ""),
        )
        for at in range(3)
    ]
    kept, lost = (inner, twins) if prefer_inner else (twins, inner)
    labels.put_labels(connection, era.id, [(lost[0], classic), (lost[1], classic), (kept[1], modern)], HAND, 1.0)
    labels.put_labels(connection, era.id, [(inner[3], modern)], HAND, 2.0)
    notes.set_note(connection, lost[2], "mine")
    where = folders.find(connection, Path("/outer/in"))
    assert where is not None
    folders.absorb(connection, outer, where, b"in", prefer_inner=prefer_inner)
    assert held(connection, era.id) == {
        kept[0]: {classic: (HAND, 1.0)},
        kept[1]: {modern: (HAND, 1.0)},
        inner[3]: {modern: (HAND, 2.0)},
    }
    assert notes.notes(connection, [*kept, *lost]) == {kept[2]: "mine"}


def test_a_folder_that_another_stands_for_leaves_its_labels(connection: sqlite3.Connection, era: LabelSet) -> None:
    classic, modern = (answer.id for answer in era.answers)
    old, new = add_photos(connection, 3, "/old"), add_photos(connection, 2, "/new")
    labels.put_labels(connection, era.id, [(photo, classic) for photo in old], HAND, 1.0)
    labels.put_labels(connection, era.id, [(new[1], modern)], HAND, 2.0)
    notes.set_note(connection, old[1], "mine")
    where, by = folders.find(connection, Path("/old")), folders.find(connection, Path("/new"))
    assert where is not None
    assert by is not None
    folders.replace(connection, where, by)
    assert held(connection, era.id) == {new[0]: {classic: (HAND, 1.0)}, new[1]: {modern: (HAND, 2.0)}}
    assert notes.notes(connection, new) == {new[1]: "mine"}
    assert len(folders.all_folders(connection)) == 1


def test_merging_keeps_what_was_looked_at(connection: sqlite3.Connection, ids: list[PhotoId]) -> None:
    made = answers.create_set(connection, "x", "tags", ["a", "b", "c"])
    a, b, c = (answer.id for answer in made.answers)
    labels.put_labels(connection, made.id, [(ids[0], a), (ids[1], a), (ids[3], c)], BULK, 1.0)
    labels.put_labels(connection, made.id, [(ids[0], b), (ids[2], b)], HAND, 2.0)
    labels.put_labels(connection, made.id, [(ids[4], a)], HAND, 3.0)
    labels.put_labels(connection, made.id, [(ids[4], b)], BULK, 4.0)
    all_before = held(connection, made.id)
    answers.set_key(connection, made.id, a, "")
    before = labels.merge_answers(connection, made.id, a, b)
    assert held(connection, made.id) == {
        ids[0]: {a: (HAND, 2.0)},
        ids[1]: {a: (BULK, 1.0)},
        ids[2]: {a: (HAND, 2.0)},
        ids[3]: {c: (BULK, 1.0)},
        ids[4]: {a: (HAND, 3.0)},
    }
    assert [(one.id, one.key) for one in answers.get_set(connection, made.id).answers] == [(a, "2"), (c, "3")]
    labels.restore(connection, before)
    assert held(connection, made.id) == all_before
    same = labels.merge_answers(connection, made.id, a, a)
    assert same.labels == ()
    assert held(connection, made.id) == all_before


def test_questions(connection: sqlite3.Connection, era: LabelSet, ids: list[PhotoId]) -> None:
    classic, modern = (answer.id for answer in era.answers)
    labels.put_labels(connection, era.id, [(ids[0], classic), (ids[1], modern), (ids[2], None)], HAND, 1.0)
    labels.put_labels(connection, era.id, [(ids[3], classic), (ids[4], classic)], BULK, 2.0)
    table = labels.labels(connection, era.id)
    assert table.photos.dtype == table.answers.dtype == np.int64
    assert table.photos.tolist() == ids[:5]
    assert table.answers.tolist() == [classic, modern, -1, classic, classic]
    assert table.looked_at.tolist() == [True, True, True, False, False]
    assert table.times.tolist() == [1, 1, 1, 2, 2]
    assert [(one.answer, one.looked_at, one.bulk) for one in labels.counts(connection, era.id)] == [
        (classic, 1, 2),
        (modern, 1, 0),
        (None, 1, 0),
    ]
    other = answers.create_set(connection, "other", "tags", ["a"])
    assert labels.labels(connection, other.id).looked_at.shape == (0,)
    labels.put_labels(connection, other.id, [(ids[0], other.answers[0].id)], HAND, 3.0)
    assert labels.labels_of(connection, era.id, [ids[5], ids[2]])[ids[2]][0].answer is None
    badges = labels.all_labels_of(connection, ids)
    assert {id_: list(of_photo) for id_, of_photo in badges.items()}[ids[0]] == [era.id, other.id]
    assert ids[5] not in badges

    def listed(*wishes: LabelFilter) -> list[int]:
        return list(photos.listed(connection, Order.NAME, labels=wishes))

    assert listed(LabelFilter(era.id)) == ids[:5]
    assert listed(LabelFilter(era.id, labelled=False)) == ids[5:]
    assert listed(LabelFilter(era.id, (classic,))) == [ids[0], ids[3], ids[4]]
    assert listed(LabelFilter(era.id, (classic,), origins=(HAND,))) == [ids[0]]
    assert listed(LabelFilter(era.id, (None, modern))) == ids[1:3]
    assert listed(LabelFilter(era.id, origins=(BULK,))) == ids[3:5]
    assert listed(LabelFilter(era.id, (classic,), labelled=False)) == [ids[1], ids[2], ids[5]]
    assert listed(LabelFilter(era.id), LabelFilter(other.id)) == ids[:1]


def test_more_photos_than_one_question_takes(connection: sqlite3.Connection, era: LabelSet) -> None:
    many = add_photos(connection, 1203, "/many")
    classic = era.answers[0].id
    before = labels.put_labels(connection, era.id, [(photo, classic) for photo in many], HAND)
    assert set(labels.labels_of(connection, era.id, many)) == set(many) == set(labels.all_labels_of(connection, many))
    after = labels.restore(connection, before)
    assert held(connection, era.id) == {}
    labels.restore(connection, after)
    assert set(held(connection, era.id)) == set(many)
