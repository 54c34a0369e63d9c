"""The parts of a search by words: reading what was typed, looking through names, dates, misspellings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.words.asked import Asked, read_words
from desktop_app.core.words.dates import Date, read_date
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.misspelt import alike, meant, readings
from desktop_app.core.words.related import _related, related
from desktop_app.core.words.texts import BEGINS, WHOLE, WORD, Texts, fold

# --- names ----------------------------------------------------------------------------------------------------------


def by_hand(lines: list[str], word: str, begins: bool) -> dict[int, int]:
    """What `Texts.find` gives for a word of ASCII letters or digits, one text after the other."""
    part = r"(?<![a-z])" if word.isalpha() else r"(?<!\d)"
    end = r"(?![a-z])" if word.isalpha() else r"(?!\d)"
    found = {}
    for place, line in enumerate(map(fold, lines)):
        if line == word:
            found[place] = WHOLE
        elif re.search(part + word + end, line):
            found[place] = WORD
        elif begins and re.search(part + word, line):
            found[place] = BEGINS
    return found


names = st.lists(st.text("abAB12 _-.", max_size=8), max_size=8)


@given(names, st.text("ab", min_size=1, max_size=3) | st.text("12", min_size=1, max_size=2), st.booleans())
def test_names_are_looked_through(lines: list[str], word: str, begins: bool) -> None:
    rows, how = Texts.of(lines).find(word, begins=begins)
    assert dict(zip(rows.tolist(), how.tolist(), strict=True)) == by_hand(lines, word, begins)


def test_many_names_are_looked_through_alike() -> None:
    """Where a word is in very many names another way is quicker."""
    lines = [f"img_{number:05}.jpg" for number in range(6_000)] + ["imgs", "an img"]
    for word, begins in (("img", False), ("img", True), ("g", True)):
        rows, how = Texts.of(lines).find(word, begins=begins)
        assert dict(zip(rows.tolist(), how.tolist(), strict=True)) == by_hand(lines, word, begins)
    assert Texts.of(lines).find("img 00007 jpg")[0].tolist() == [7]
    assert Texts.of(lines).find("img_0000", begins=True)[0].tolist() == list(range(10))


@pytest.mark.parametrize(
    ("word", "text", "how"),
    [
        ("ubersee", "Übersee", WHOLE),
        ("strasse", "Straße 5", WORD),
        ("cafe", "le cafe\N{COMBINING ACUTE ACCENT}", WORD),
        ("海", "夏の海の写真", WORD),
        ("море", "Море 2019", WORD),
        ("हिन्दी", "हिन्दी फोटो", WORD),
        ("grand piano", "Grand_Piano-3", WORD),
        ("2019", "beach2019b", WORD),
        ("grand piano", "grandpiano", None),
        ("grand piano", "grand", None),
        ("dog", "hotdog", None),
        ("", "x", None),
        ("...", "...", None),
        ("\0", "a", None),
    ],
)
def test_words_of_other_scripts_and_spellings(word: str, text: str, how: int | None) -> None:
    rows, found = Texts.of(["other", text, "\0"]).find(fold(word))
    assert (rows.tolist(), found.tolist()) == (([1], [how]) if how else ([], []))


def test_no_names() -> None:
    assert Texts.of([]).find("a")[0].tolist() == []
    assert len(Texts("")) == 0


# --- what was typed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog", [Asked("dog", typing=True)]),
        ("dog ", [Asked("dog")]),
        ("dog -cat", [Asked("dog"), Asked("cat", True, typing=True)]),
        ("dog \N{MINUS SIGN}cat ", [Asked("dog"), Asked("cat", True)]),
        ("x-ray", [Asked("x-ray", typing=True)]),
        ("a - b ", [Asked("b")]),
        ('"grand piano" x ', [Asked("grand piano", False, True), Asked("x")]),
        ("-“grand piano”", [Asked("grand piano", True, True)]),
        ("„Haus am See“", [Asked("Haus am See", False, True)]),
        ('say "grand pi', [Asked("say"), Asked("grand pi", False, True, True)]),
        ("musical instrument dog ", [Asked("musical instrument"), Asked("dog")]),
        ("musical, instrument ", [Asked("musical"), Asked("instrument")]),
        ("red musical instrument", [Asked("red"), Asked("musical instrument", typing=True)]),
        ("photos of the dog ", [Asked("dog")]),
        ("of the ", [Asked("of"), Asked("the")]),
        ("dog of", [Asked("dog")]),
        ('"of" dog ', [Asked("of", False, True), Asked("dog")]),
        ('"" - ,; ', []),
        ("", []),
    ],
)
def test_what_was_typed_is_read(text: str, expected: list[Asked]) -> None:
    assert list(read_words(text, lambda phrase: phrase == "musical instrument")) == expected


@given(st.text("ab -\"“,;'of0"))
def test_nothing_is_asked_that_was_not_typed(text: str) -> None:
    for asked in read_words(text, lambda phrase: len(phrase) < 6):
        assert asked.text.strip()
        assert all(word in text for word in asked.text.split())
    assert sum(one.typing for one in read_words(text, lambda _: False)) <= 1


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", Date(2019)),
        ("May", Date(0, 5)),
        ("sept", Date(0, 9)),
        ("may 2019", Date(2019, 5)),
        ("2019 May", Date(2019, 5)),
        ("2019-05", Date(2019, 5)),
        ("5/2019", Date(2019, 5)),
        ("2019-05-12", Date(2019, 5, 12)),
        ("12 May 2019", Date(2019, 5, 12)),
        ("May 12, 2019", Date(2019, 5, 12)),
        ("12th may", Date(0, 5, 12)),
        ("12.5.2019", Date(2019, 5, 12)),
        ("1234567", None),
        ("0019", None),
        ("2019-13", None),
        ("2019-05-32", None),
        ("mayor", None),
        ("dog 2019", None),
        ("", None),
    ],
)
def test_dates(text: str, date: Date | None) -> None:
    assert read_date(text) == date


@given(st.integers(1800, 2199), st.integers(1, 12), st.integers(1, 31))
def test_dates_are_read_back(year: int, month: int, day: int) -> None:
    for date in (Date(year), Date(0, month), Date(year, month), Date(0, month, day), Date(year, month, day)):
        assert read_date(date.text) == date


# --- misspelt, and near in meaning ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("elefant", "elephant"),
        ("girafe", "giraffe"),
        ("umbrela", "umbrella"),
        ("ktichen", "kitchen"),
        ("bycicle", "bicycle"),
    ],
)
def test_misspellings(typed: str, word: str) -> None:
    known = sorted({*lookup().words, "kitchen", "giraffe"})
    assert meant(typed, known)[0] == word


def test_what_sounds_alike_is_nearer_than_another_word() -> None:
    known = ("elegant", "elephant", "brovik", "bravik", "alephant")
    assert readings("elefant", known) == ((0.5, "elephant"), (1.0, "elegant"))
    assert readings("brevik", known) == ((1.0, "bravik"), (1.0, "brovik"))
    assert readings("elephant", ("elephant",)) == ((0.0, "elephant"),)
    assert meant("fotograf", ("photograph", "autograph")) == ("photograph",)


def test_what_is_no_misspelling() -> None:
    for word in ("", "ab", "cot", "12345", "2019", "qqqqqqqq", "слон"):
        assert meant(word, lookup().words) == ()
    assert alike("elefan", ["elephant", "cat"]) == ("elephant",)
    assert alike("", ["cat"]) == ()


def test_what_is_related_can_be_found() -> None:
    for words in _related().values():
        for word in words:
            assert lookup().find(word), word
    assert "candle" in related("Birthdays")
    assert related("zzzz") == ()
