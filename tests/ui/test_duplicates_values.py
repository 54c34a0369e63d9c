"""Marks of the photos of a set, and what is said of sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.duplicates.sets import Kind, Summary
from desktop_app.ui.duplicates import values
from desktop_app.ui.duplicates.cards import make_cards
from desktop_app.ui.duplicates.values import Companions, Standing, Tally
from tests.ui.duplicates_parts import FOUND, NEAR, SHOTS, TWINS, make_facts, make_set


def test_what_is_suggested_is_marked_at_first() -> None:
    assert values.suggested(NEAR) == {21, 22}
    assert values.suggested(SHOTS) == frozenset()


def test_a_mark_is_turned_round_but_the_last_kept_one_stays() -> None:
    goes, why = values.toggled(TWINS, frozenset((11,)), 11)
    assert (goes, why) == (frozenset(), "")
    goes, why = values.toggled(TWINS, frozenset((11,)), 10)
    assert goes == {11}
    assert why == values.LAST_ONE


def test_what_may_not_go_is_never_marked() -> None:
    zipped = make_set("z", Kind.EXACT, 50, 3, stays={51: "in a zip file"})
    goes, why = values.toggled(zipped, frozenset((52,)), 51)
    assert goes == {52}
    assert why == "This photo stays: it is in a zip file."
    assert values.only(zipped, 52) == {50}


def test_what_is_the_same_goes_along() -> None:
    several = make_set("s", Kind.NEAR, 60, 3, same={61: (70, 71)})
    assert values.going(several, frozenset((61,))) == (61, 70, 71)
    assert values.bytes_going(several, frozenset((61,))) == 3_000_000
    assert values.bytes_going(several, values.suggested(several)) == several.suggestion.bytes


@given(st.integers(2, 6), st.lists(st.integers(0, 5), max_size=30), st.sets(st.integers(0, 5)))
def test_whatever_is_clicked_a_set_never_goes_as_a_whole(count: int, clicks: list[int], locked: set[int]) -> None:
    stays = {100 + at: "in a zip file" for at in locked if 0 < at < count}
    copies = make_set("x", Kind.NEAR, 100, count, stays=stays)
    goes = values.suggested(copies)
    for at in clicks:
        goes, _ = values.toggled(copies, goes, 100 + at)
        assert len(goes) < count
        assert not goes & stays.keys()
        if at < count:
            alone = values.only(copies, 100 + at)
            assert 100 + at not in alone
            assert not alone & stays.keys()


def test_sets_shrink_with_what_is_gone() -> None:
    several = make_set("s", Kind.NEAR, 60, 3, same={61: (70,)})
    left = values.without([TWINS, several], {11, 70})
    assert [one.key for one in left] == ["s"]
    assert left[0].copies[1].same == ()
    assert left[0].suggestion.go == (61, 62)
    assert [one.key for one in values.without([several], {61, 62})] == []
    (one,) = values.without([several], {60})  # the suggested one went: the next in order is
    assert one.suggestion.keep == 61
    assert one.suggestion.go == (70, 62)
    (one,) = values.without([NEAR], (), (), {("b", 21), ("a", 22)})
    assert one.photos == (20, 22)
    assert values.without([TWINS, NEAR], (), {"a"}) == [NEAR]


def test_photos_are_counted_one_by_one() -> None:
    set_ = make_set("s", Kind.NEAR, 80, 3, same={80: (88,), 82: (89,)})
    assert values.title_of(set_) == "5 photos"
    assert values.title_of(SHOTS) == f"{len(SHOTS.copies)} shots"
    words = values.decision_words(set_, frozenset((81, 82)), {80: "a.jpg"}, 3_000_000)
    assert words.startswith("Keep 2 photos")
    assert words.endswith(" 3 go to the trash, 3.0 MB.")


def test_bytes_are_those_of_the_photos_meant() -> None:
    plain = make_set("s", Kind.NEAR, 90, 3)
    sizes = (27_000, 10_000, 4_000)
    copies = tuple(replace(copy, bytes=size) for copy, size in zip(plain.copies, sizes, strict=True))
    set_ = replace(plain, copies=copies, suggestion=replace(plain.suggestion, bytes=14_000))
    assert values.bytes_going(set_, frozenset((91, 92))) == 14_000
    assert values.bytes_going(set_, frozenset((90, 91))) == 37_000
    (left,) = values.without([set_], [91])
    assert left.suggestion.bytes == 4_000


def test_a_decision_is_said_with_its_reason() -> None:
    names = {20: "beach.jpg"}
    words = values.decision_words(NEAR, frozenset((21, 22)), names, 2_000_000)
    assert words == "Keep beach.jpg: largest, has a date. 2 go to the trash, 2.0 MB."
    words = values.decision_words(NEAR, frozenset((21,)), names, 1_000_000)
    assert words == "Keep 2 photos. 1 goes to the trash, 1.0 MB."
    assert values.decision_words(NEAR, frozenset(), names, 0) == "All photos of this set stay."


def test_when_copies_were_looked_for_is_said() -> None:
    now = datetime(2026, 11, 23, 9, 0)
    assert values.when(now - timedelta(hours=1), now) == "today at 08:00"
    assert values.when(now - timedelta(days=1), now) == "on 22 November 2026"
    assert values.looked_words(Standing()) == ""
    assert values.looked_words(FOUND).startswith("Looked through 400 photos ")
    stopped = Standing(FOUND.looked, Summary(photos=400, away=2), is_whole=False)
    assert "before the end" in values.looked_words(stopped)
    assert "2 photos are away and left out." in values.looked_words(stopped)
    assert values.news_words(FOUND) == ""
    assert values.news_words(Standing(FOUND.looked, new=412)) == "412 photos are new since."


def test_the_running_count() -> None:
    assert values.tally_words(Tally(), 1204) == ("1,204 sets", "")
    assert values.tally_words(Tally(37, 80, 1_300_000_000), 1167) == ("37 of 1,204 sets done", "1.3 GB so far")


def test_cards_put_what_differs_first_and_say_everything_aloud() -> None:
    facts = make_facts(TWINS)
    first, second = make_cards(TWINS, facts, frozenset((11,)), {11: Companions("video, XMP", 2, 10)})
    assert [line.title for line in first.lines] == ["Size in pixels", "Format"]
    assert first.lines[0].is_best
    assert not second.lines[0].is_best
    assert first.spoken == "IMG_10.jpg, keep, largest, has a date, Size in pixels 400"
    assert second.spoken == "IMG_11.jpg, goes, Size in pixels 200, with video, XMP"
    assert [card.name for card in make_cards(TWINS, None, frozenset(), {})] == ["", ""]
