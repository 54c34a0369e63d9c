"""Any sequence of labelling, renaming, merging, undoing and redoing leaves what plain dictionaries say it should."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog import answers, labels
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelSet, Origin
from desktop_app.core.types import PhotoId
from tests.core.label_parts import Held, add_photos, catalogue, held

PHOTOS = 4
pairs = st.lists(st.tuples(st.integers(0, PHOTOS - 1), st.none() | st.integers(0, 5)), max_size=4)
steps = st.one_of(
    st.tuples(st.just("put"), pairs, st.sampled_from(Origin)),
    st.tuples(st.just("take"), pairs),
    st.tuples(st.just("clear"), st.lists(st.integers(0, PHOTOS - 1), max_size=2)),
    st.tuples(st.just("add"), st.sampled_from("abcdef")),
    st.tuples(st.just("rename"), st.integers(0, 5), st.sampled_from("abcdef")),
    st.tuples(st.just("key"), st.integers(0, 5), st.sampled_from(["", "1", "2", "x"])),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("place"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


class Model:
    """What a label set should hold, in plain dictionaries."""

    def __init__(self, made: LabelSet) -> None:
        self.tags = made.kind == "tags"
        self.answers = [[one.id, one.name, one.key] for one in made.answers]
        self.held: Held = {}

    def copy(self) -> tuple[list[list[object]], Held]:
        return [list(one) for one in self.answers], {photo: dict(own) for photo, own in self.held.items() if own}

    def put(self, photo: PhotoId, answer: AnswerId | None, origin: Origin, time: float) -> None:
        own = self.held.setdefault(photo, {})
        gone = {one for one in own if not self.tags or one == answer or one is None or answer is None}
        if origin is Origin.BULK and any(own[one][0] is not Origin.BULK for one in gone):
            return
        for one in gone:
            del own[one]
        own[answer] = (origin, time)

    def merge(self, into: int, gone: int) -> None:
        kept, lost = self.answers[into], self.answers[gone]
        for own in self.held.values():
            if lost[0] in own:
                moved = own.pop(lost[0])
                if kept[0] not in own or (own[kept[0]][0] is Origin.BULK and moved[0] is not Origin.BULK):
                    own[kept[0]] = moved
        kept[2] = kept[2] or lost[2]
        del self.answers[gone]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["classes", "tags"]), st.lists(steps, max_size=14))
def test_any_sequence_of_changes_and_undoing_equals_the_model(kind: str, done: list[tuple]) -> None:
    with closing(catalogue()) as connection:
        run_against_model(connection, kind, done)


def run_against_model(connection: sqlite3.Connection, kind: str, done: list[tuple]) -> None:
    ids = add_photos(connection, PHOTOS)
    made = answers.create_set(connection, "x", kind, ["a", "b", "c"])
    model = Model(made)
    undo: list[tuple[labels.Before, tuple]] = []
    redo: list[tuple[labels.Before, tuple]] = []
    for time, (name, *values) in enumerate(done):
        if name in ("undo", "redo"):
            stack, other = (undo, redo) if name == "undo" else (redo, undo)
            if stack:
                before, was = stack.pop()
                other.append((labels.restore(connection, before), model.copy()))
                model.answers, model.held = was
        else:
            was = model.copy()
            before = change(connection, made, model, ids, name, values, float(time))
            if before is not None:
                undo.append((before, was))
                redo.clear()
        now = answers.get_set(connection, made.id)
        assert [[one.id, one.name, one.key] for one in now.answers] == model.answers
        assert [one.place for one in now.answers] == list(range(len(now.answers)))
        assert held(connection, made.id) == {photo: own for photo, own in model.held.items() if own}


def change(
    connection: sqlite3.Connection,
    made: LabelSet,
    model: Model,
    ids: list[PhotoId],
    name: str,
    values: list,
    time: float,
) -> labels.Before | None:
    """Do one step to both; None where it is refused or means nothing."""
    have = len(model.answers)

    def at(place: int) -> AnswerId:
        return model.answers[place][0]

    before = labels.snapshot(connection, made.id)
    if name in ("put", "take"):
        wanted = [(ids[photo], None if n is None else at(n)) for photo, n in values[0] if n is None or n < have]
        if name == "put":
            for photo, answer in wanted:
                model.put(photo, answer, values[1], time)
            return labels.put_labels(connection, made.id, wanted, values[1], time)
        for photo, answer in wanted:
            model.held.get(photo, {}).pop(answer, None)
        return labels.take_labels(connection, made.id, wanted)
    if name == "clear":
        for n in values[0]:
            model.held.pop(ids[n], None)
        return labels.clear_labels(connection, made.id, [ids[n] for n in values[0]])
    names, taken = [one[1] for one in model.answers], [one[2] for one in model.answers]
    if name == "add":
        if values[0] in names:
            with pytest.raises(UserError):
                answers.add_answer(connection, made.id, values[0])
            return None
        added = answers.add_answer(connection, made.id, values[0])
        assert added.key == next(key for key in answers.KEYS if key not in taken)
        model.answers.append([added.id, added.name, added.key])
        return before
    if values[0] >= have or (name == "merge" and values[1] >= have):
        return None
    own = model.answers[values[0]]
    if name in ("rename", "key"):
        column, others = (1, names) if name == "rename" else (2, taken)
        function = answers.rename_answer if name == "rename" else answers.set_key
        if values[1] and values[1] in others and own[column] != values[1]:
            with pytest.raises(UserError):
                function(connection, made.id, own[0], values[1])
            return None
        function(connection, made.id, own[0], values[1])
        own[column] = values[1]
        return before
    if name == "place":
        answers.place_answer(connection, made.id, own[0], values[1])
        model.answers.remove(own)
        model.answers.insert(values[1], own)
        return before
    if name == "remove":
        for labelled in model.held.values():
            labelled.pop(own[0], None)
        model.answers.remove(own)
        return labels.remove_answer(connection, made.id, own[0])
    if values[0] == values[1]:
        return None
    into, gone = at(values[0]), at(values[1])
    model.merge(values[0], values[1])
    return labels.merge_answers(connection, made.id, into, gone)
