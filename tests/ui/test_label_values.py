"""Words and orders of labelling: answers written down, keys, the meter's sentence, the queue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.labelling import Answer, AnswerId, LabelSet, LabelSetId
from desktop_app.ui.label.queue import KEPT_AHEAD, Queue
from desktop_app.ui.label.state import Given, Loaded, State, with_answer
from desktop_app.ui.label.values import (
    Guess,
    Quality,
    answer_of_key,
    free_keys,
    parse_answers,
    percent,
    quality_words,
    to_do,
)

ERA = LabelSet(
    LabelSetId(1), "era", "classes", (Answer(AnswerId(1), "classic", "1", 0), Answer(AnswerId(2), "modern", "m", 1))
)


def test_answers_are_trimmed_and_told_once() -> None:
    assert parse_answers("  good \n\nGOOD\nslightly   bent\n") == ["good", "slightly bent"]
    assert parse_answers(" \n\t") == []


def test_keys_are_digits_then_letters_and_never_zero() -> None:
    assert free_keys(())[:10] == [*"123456789", "a"]
    assert free_keys(("1", "A"))[:9] == [*"23456789", "b"]
    assert "0" not in free_keys(())


def test_a_key_finds_its_answer_in_any_case() -> None:
    assert answer_of_key(ERA, "M") == ERA.answers[1]
    assert answer_of_key(ERA, "0") is None
    assert answer_of_key(ERA, "") is None


@pytest.mark.parametrize(("share", "words"), [(0.834, "83 %"), (0.999, "99 %"), (1.0, "100 %"), (0.0, "0 %")])
def test_what_is_not_all_is_not_called_all(share: float, words: str) -> None:
    assert percent(share) == words


def test_the_meter_says_how_good_or_what_is_missing() -> None:
    known = Quality(0.91, 0.84, 0.95, 120)
    assert quality_words(known, ()) == "Right about 91 times in 100 (likely 84–95), tested on 120 labels."
    said = Quality(0.9, words="As the core says.")
    assert quality_words(said, ()) == "As the core says."
    few = (("good", 7), ("dent", 2))
    assert quality_words(Quality(), few) == "Too few labels to say: give each answer at least 5. “dent” has 2."
    one = (("good", 7), ("dent", 0))
    assert quality_words(Quality(), one) == "Too few labels to say: only one answer has been given so far."
    assert quality_words(Quality(), (("good", 9), ("dent", 9))) == "Not tested yet."


def test_where_there_is_little_room_the_advice_begins_with_what_to_do() -> None:
    advice = "Few labels so far. Label more of each answer. Twice as many would bring 8 points. And so on."
    assert to_do(advice) == "Label more of each answer. Twice as many would bring 8 points."
    assert to_do("Nothing more helps.") == "Nothing more helps."
    assert to_do("") == ""


def test_below_sixty_percent_nothing_is_preselected() -> None:
    assert Guess(AnswerId(1), 0.60).is_preselected
    assert not Guess(AnswerId(1), 0.599).is_preselected
    assert not Guess(AnswerId(1), 0.99, unlike=True).is_preselected


# --- the queue -----------------------------------------------------------------------------------------------


def test_left_for_later_comes_at_the_end_and_back_keeps_the_way() -> None:
    queue = Queue()
    queue.begin([1, 2, 3])
    queue.leave()
    assert queue.current == 2
    queue.answered()
    assert queue.back()
    assert queue.current == 2
    assert queue.back()
    assert queue.current == 1
    assert not queue.back()
    queue.answered()
    assert queue.current == 2
    queue.answered()
    assert queue.current == 3
    queue.answered()
    assert queue.current == 1  # it was left for later
    queue.answered()
    assert queue.current is None
    assert queue.back()
    assert queue.current == 1


def test_another_order_moves_nothing_under_the_eyes() -> None:
    queue = Queue()
    queue.begin(range(10))
    queue.promote([9, 8, 99, 0])
    assert queue.current == 0
    assert list(queue.next_few(5)) == [*range(1, 1 + KEPT_AHEAD), 9, 8, 3][:5]


def test_photos_that_went_go_and_new_ones_come_last() -> None:
    queue = Queue()
    queue.begin([1, 2, 3])
    queue.update([1, 3, 4], [1, 3, 4])
    assert list(queue.next_few(9)) == [3, 4]


def test_return_to_any_photo_and_go_on_where_one_was() -> None:
    queue = Queue()
    queue.begin([1, 2, 3, 4])
    queue.answered()
    queue.go_to(4)
    assert queue.current == 4
    queue.answered()
    assert queue.current == 2
    assert list(queue.next_few(5)) == [3]


@given(st.lists(st.sampled_from(["answered", "leave", "back", "promote"]), max_size=60))
def test_whatever_is_pressed_no_photo_is_lost(steps: list[str]) -> None:
    queue = Queue()
    queue.begin(range(6))
    for step in steps:
        if step == "promote":
            queue.promote([5, 4, 3])
        else:
            getattr(queue, step)()
    held = {*queue._coming, *queue._left, *queue._way, *queue._ahead, queue.current}
    assert held - {None} == set(range(6))
    assert len(queue.next_few(10)) == len(set(queue.next_few(10)))


# --- labels as the window holds them -------------------------------------------------------------------------


def test_classes_replace_tags_come_on_top() -> None:
    one, two = AnswerId(1), AnswerId(2)
    assert with_answer(Given((one,)), two, tags=False) == Given((two,))
    assert with_answer(Given((one,)), two, tags=True) == Given((one, two))
    assert with_answer(Given((one, two)), None, tags=True) == Given((None,))
    assert with_answer(Given((None,)), one, tags=True) == Given((one,))


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, 1, 2]), st.booleans(), st.booleans()), max_size=40))
def test_counts_follow_every_label(changes: list[tuple[int, int | None, bool, bool]]) -> None:
    state = State()
    state.take(Loaded((ERA,), ERA, {}, tuple(range(6))))
    for photo, answer, looked_at, gone in changes:
        state.put(photo, None if gone else Given((None if answer is None else AnswerId(answer),), looked_at))
    held = list(state.given.values())
    for answer in (None, AnswerId(1), AnswerId(2)):
        assert state.counts().get(answer, 0) == sum(answer in one.answers for one in held)
    assert state.done == sum(one.looked_at for one in held)
    assert [count for _, count in state.looked_at()] == [
        sum(one.looked_at and answer.id in one.answers for one in held) for answer in ERA.answers
    ]


def test_badges_tell_labels_from_guesses_taken_at_once() -> None:
    state = State()
    state.take(Loaded((ERA,), ERA, {}, (1, 2, 3)))
    state.put(1, Given((AnswerId(2),)))
    state.put(2, Given((None,)))
    state.put(3, Given((AnswerId(1),), looked_at=False))
    label, none, bulk = state.badge(1), state.badge(2), state.badge(3)
    assert label is not None
    assert (label.words, label.sure) == ("M modern", None)
    assert none is not None
    assert (none.place, none.words) == (-1, "0 None of these")
    assert bulk is not None
    assert bulk.sure is not None
    assert state.badge(9) is None


def test_one_answer_alone_is_said_to_be_too_few() -> None:
    words = quality_words(Quality(), [("yes", 12)])
    assert words == "Nothing is guessed from one answer alone. Add what “yes” is to be told from."
