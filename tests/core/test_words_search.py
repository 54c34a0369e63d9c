"""Photos by words on a small library: by what they show, by every kind of name, together and without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core import paths
from desktop_app.core.catalog import notes
from desktop_app.core.labelling import Origin
from desktop_app.core.library import Library
from desktop_app.core.operations.labels import create_set, put_labels
from desktop_app.core.operations.words import THING, WordFinder
from desktop_app.core.searching import Words
from desktop_app.core.types import PhotoId
from desktop_app.core.words.found import Completion, WordMatches
from tests.core.libraries import by_path, made, opened

BIRDS = ("flamingo", "crowned-crane", "penguin", "nuthatch", "peacock")
CATS = ("tiger", "lion", "cat")
OTHERS = ("orange", "strawberry", "bus", "brown-bear", "wall-clock")
CRANE_BIRD = "n02012849"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirteen sample photos whose files are only numbered; the birds and two others in folders with names."""
    root = tmp_path_factory.mktemp("words")
    for folder, names in (("Bird walk", BIRDS), ("Bird walk/Zoo 2019", CATS[:2]), ("DCIM", (CATS[2], *OTHERS))):
        (root / "in" / folder).mkdir(parents=True)
        for name in names:
            number = (*BIRDS, *CATS, *OTHERS).index(name)
            shutil.copy(paths.sample_photos() / f"{name}.jpg", root / "in" / folder / f"img_{number:04}.jpg")
    made(root / "library", root / "in")
    with opened(root / "library") as library, library.database.transaction() as connection:
        ids = _ids(library)
        for name, (taken, camera) in {
            "lion": ("2019-05-12T10:00:00", "Canon EOS 80D"),
            "tiger": ("2019-06-01T10:00:00", "Canon EOS 80D"),
            "bus": ("2018-05-30T10:00:00", "Nikon D5"),
        }.items():
            connection.execute(
                "UPDATE photos SET taken = ?, sort_date = ?, camera = ? WHERE id = ?", (taken, taken, camera, ids[name])
            )
        connection.executemany(
            "INSERT INTO keywords VALUES (?, ?)",
            [(ids["orange"], "Grand Piano"), (ids["lion"], "savanna"), (ids["bus"], "Savanna")],
        )
        notes.set_note(connection, ids["strawberry"], "from the garden of Åse")
        connection.execute(
            "INSERT OR REPLACE INTO details (photo, content, title, description) VALUES (?, x'', ?, ?)",
            (ids["wall-clock"], "Half past nine", "hangs in the hall"),
        )
    return root / "library"


@pytest.fixture(scope="module")
def library(place: Path) -> Iterator[Library]:
    with opened(place) as library:
        yield library


@pytest.fixture(scope="module")
def finder(library: Library) -> WordFinder:
    return WordFinder(library)


def _ids(library: Library) -> dict[str, PhotoId]:
    names = (*BIRDS, *CATS, *OTHERS)
    return {names[int(path.stem[4:8])]: photo for path, photo in by_path(library).items()}


def found(finder: WordFinder, library: Library, text: str, sense: str = "", **more: bool) -> list[str]:
    """Names of the photos that words find, best first."""
    names = {photo: name for name, photo in _ids(library).items()}
    matches = finder.find([Words(text, sense, **more)])
    check(matches)
    return [names[PhotoId(photo)] for photo in matches.ids.tolist()]


def check(matches: WordMatches) -> None:
    """What holds of every answer."""
    assert matches.ids.dtype == np.int64
    assert matches.scores.dtype == np.float32
    assert matches.ids.shape == matches.scores.shape
    assert len(set(matches.ids.tolist())) == len(matches.ids)
    assert (np.diff(matches.scores) <= 0).all()
    assert ((matches.scores > 0) & (matches.scores <= 1)).all()


# --- what photos show -------------------------------------------------------------------------------------------


def test_things_and_what_they_are_kinds_of(finder: WordFinder, library: Library) -> None:
    for word, expected in (("tiger", {"tiger"}), ("big cats", {"lion", "tiger"}), ("bird", set(BIRDS))):
        assert set(found(finder, library, word, THING)[: len(expected)]) == expected
    matches = finder.find([Words("bird", THING)])
    assert {matches.why(photo) for photo in matches.ids.tolist()} >= {"flamingo", "peacock"}
    assert [sense.hint for sense in finder.find([Words("crane")]).senses] == ["machine", "bird"]
    assert found(finder, library, "crane", CRANE_BIRD) == ["crowned-crane"]


def test_all_words_have_to_fit_and_none_of_the_others(finder: WordFinder, library: Library) -> None:
    animals = set(found(finder, library, "animal"))
    assert animals >= {*BIRDS, *CATS, "brown-bear"}
    assert set(found(finder, library, "animal -bird")) == animals - set(found(finder, library, "bird"))
    assert found(finder, library, "animal tiger") == ["tiger"]
    assert found(finder, library, "tiger, lion") == []
    everything = set(_ids(library))
    assert set(found(finder, library, "-animal")) == everything - animals
    assert set(found(finder, library, "animal", minus=True)) == everything - animals
    assert set(found(finder, library, "bird", on=False)) == everything
    assert set(found(finder, library, "  ")) == everything
    terms = [Words("animal"), Words("bus", minus=True), Words("savanna")]
    assert [int(one) for one in finder.find(terms).ids] == [_ids(library)["lion"]]


def test_a_photo_fits_as_well_as_its_weakest_word(finder: WordFinder) -> None:
    one, other = (finder.find([Words(text)]) for text in ("lion", "2019"))
    both = finder.find([Words("lion 2019")])
    alone = dict(zip(one.ids.tolist(), one.scores.tolist(), strict=True))
    for photo, score in zip(both.ids.tolist(), both.scores.tolist(), strict=True):
        assert score == pytest.approx(min(alone[photo], 1.0))
        assert both.why(photo) == "lion, 2019"
    assert set(both.ids.tolist()) <= set(other.ids.tolist())


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("Bird walk", {*BIRDS, "lion", "tiger"}, "folder Bird walk"),
        ("walks", {*BIRDS, "lion", "tiger"}, "folder Bird walk"),
        ("zoo", {"lion", "tiger"}, "folder Zoo 2019"),
        ("img 0003", {"nuthatch"}, "file img_0003.jpg"),
        ("img_0003.jpg", {"nuthatch"}, "file img_0003.jpg"),
        ("canon", {"lion", "tiger"}, "camera Canon EOS 80D"),
        ("eos 80d", {"lion", "tiger"}, "camera Canon EOS 80D"),
        ("2018", {"bus"}, "2018"),
        ("may", {"lion", "bus"}, "May"),
        ("may 2019", {"lion"}, "May 2019"),
        ("2019-05", {"lion"}, "May 2019"),
        ("12 May 2019", {"lion"}, "12 May 2019"),
        ("30.5.2018", {"bus"}, "30 May 2018"),
        ("savanna", {"lion", "bus"}, "keyword savanna"),
        ("ÅSE", {"strawberry"}, "note"),
        ("ase", {"strawberry"}, "note"),
        ("half past", {"wall-clock"}, "title"),
        ("hall", {"wall-clock"}, "description"),
        ("grand piano", {"orange"}, "keyword Grand Piano"),
        ("grand-piano", {"orange"}, "keyword Grand Piano"),
    ],
)
def test_names(finder: WordFinder, library: Library, text: str, expected: set[str], why: str) -> None:
    assert set(found(finder, library, text)) == expected
    matches = finder.find([Words(text)])
    assert why in {matches.why(photo) for photo in matches.ids.tolist()}
    assert matches.unknown == ()


def test_whole_words_but_for_the_one_being_typed(finder: WordFinder, library: Library) -> None:
    assert found(finder, library, "nik") == ["bus"]
    for text in ("nik ", '"nik"', "-nik", "kon"):
        assert found(finder, library, text) == ([] if text != "-nik" else found(finder, library, "-zzz"))
    assert found(finder, library, "zoo", "folder") == []  # it is called "Zoo 2019"
    assert set(found(finder, library, "zoo 2019", "folder")) == {"lion", "tiger"}
    assert found(finder, library, "2018", "folder") == []


def test_answers_come_first_whoever_gave_them(library: Library, finder: WordFinder) -> None:
    ids = _ids(library)
    made_set = create_set(library, "kind", ["tiger", "not sharp"]).label_set
    assert made_set is not None
    put_labels(library, made_set.id, [(ids["bus"], made_set.answers[0].id)], Origin.HAND)
    put_labels(library, made_set.id, [(ids["orange"], made_set.answers[1].id)], Origin.BULK)
    assert found(finder, library, "tiger") == ["bus", "tiger"]
    matches = finder.find([Words("tiger")])
    assert [matches.why(photo) for photo in matches.ids.tolist()] == ["answer tiger", "tiger"]
    assert found(finder, library, "not sharp") == ["orange"]
    assert found(finder, library, "tiger", THING) == ["tiger"]
    assert found(finder, library, "tiger", "answer") == ["bus"]
    assert Completion("tiger", "answer", "", 1, "answer", "tig") in finder.complete("tig")


def test_small_words_are_passed_over(finder: WordFinder, library: Library) -> None:
    assert found(finder, library, "a photo of the tiger") == found(finder, library, "tiger")
    assert finder.find([Words("with ")]).unknown[0].word == "with"


# --- misspelt and unknown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "meant"), [("flamnigo", "flamingo"), ("tigr ", "tiger"), ("savana", "savanna")])
def test_misspellings_are_forgiven_and_said(finder: WordFinder, typed: str, meant: str) -> None:
    right, wrong = finder.find([Words(meant)]), finder.find([Words(typed)])
    assert set(wrong.ids.tolist()) == set(right.ids.tolist())
    assert f"“{typed.strip()}” was read as “{meant}”." in wrong.remarks
    assert all(wrong.why(photo).endswith(f", for “{typed.strip()}”") for photo in wrong.ids.tolist())
    assert (wrong.scores <= 0.9).all()
    assert finder.find([Words(f'"{typed.strip()}"')]).ids.size == 0  # quotes mean just that


def test_a_word_begun_finds_what_it_may_become(finder: WordFinder, library: Library) -> None:
    assert found(finder, library, "flami") == ["flamingo"]
    matches = finder.find([Words("flami")])
    assert matches.why(int(matches.ids[0])) == "flamingo, for “flami”"


@pytest.mark.parametrize("text", ["birthday", "слон", "海", "🎂", "zzzzzz", "a" * 500, "%_\\", "\0", "'; DROP TABLE x"])
def test_unknown_words(finder: WordFinder, text: str) -> None:
    matches = finder.find([Words(text)])
    assert matches.ids.size == 0
    assert matches.why(1) == ""
    unknown, *_ = matches.unknown or [finder.unknown(text)]
    assert not unknown.known
    assert all(one.count > 0 for one in unknown.nearest)
    for one in unknown.nearest:
        assert finder.find([Words(one.text, one.sense)]).ids.size == one.count


def test_a_known_word_without_photos_offers_what_is_near(finder: WordFinder, library: Library) -> None:
    [unknown] = finder.find([Words("leopard")]).unknown
    assert unknown.known
    assert {one.text for one in unknown.nearest} >= {"tiger", "lion"}
    [unknown] = finder.find([Words("1999")]).unknown
    assert unknown.nearest[0].text == "2018"
    assert [one.name for one in finder.unknown("zoos").folders] == []
    assert [(one.name, one.below, one.count) for one in finder.unknown("walkk").folders] == []
    assert [(one.name, one.below, one.count) for one in finder.unknown("ird wal").folders] == [
        ("Bird walk", "Bird walk", 7)
    ]


def test_words_that_fit_only_apart(finder: WordFinder) -> None:
    matches = finder.find([Words("lion nikon")])
    assert matches.ids.size == 0
    assert matches.unknown == ()
    assert matches.remarks == ("No photo fits all of these words; each alone finds some.",)


# --- completion ---------------------------------------------------------------------------------------------------


def test_completions_say_how_many_they_find(finder: WordFinder) -> None:
    """Whatever is offered finds just as many photos as it says, once chosen."""
    seen: set[str] = set()
    for prefix in ("b", "ca", "cra", "z", "2", "may", "may 2", "sav", "big c", "nik", "-ti", "tiger zo", "grand pi"):
        for one in finder.complete(prefix, 20):
            assert finder.find([Words(one.text, one.sense)]).ids.size == one.count > 0, one
            assert prefix.endswith(one.instead_of)
            seen.add(one.kind)
    assert seen >= {"thing", "folder", "camera", "date", "keyword"}


def test_completions(finder: WordFinder) -> None:
    def texts(prefix: str) -> list[str]:
        return [one.text for one in finder.complete(prefix)]

    assert texts("tig")[0] == "tiger"
    assert finder.complete("big ca")[0] == Completion("big cat", "n02127808", "", 2, "thing", "big ca")
    assert "Bird walk" in texts("bir")
    assert "May 2019" in texts("may 2")
    assert "Grand Piano" in texts("grand p")
    assert finder.complete("") == finder.complete("   ") == finder.complete("tig", 0) == ()
    assert len(finder.complete("b", 3)) == 3
    assert [one.instead_of for one in finder.complete('tiger -"ni')] == ["ni"]


letters = st.text("abcdeginorst -\"“,;0129'%海é\0", max_size=12) | st.text(max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters)
def test_whatever_is_typed(finder: WordFinder, text: str) -> None:
    matches = finder.find([Words(text)])
    check(matches)
    for photo in matches.ids[:3].tolist():
        matches.why(photo)
    finder.complete(text, 5)
    finder.unknown(text)
