"""Which of several forms of a picture is kept: the one that the others were made of, as far as that can be known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.core.duplicates.judge import Laid
from desktop_app.core.duplicates.keep import Merits, choose
from desktop_app.core.duplicates.sets import KeepRules, Kind, Prefer
from desktop_app.core.duplicates.signature import after
from desktop_app.core.duplicates.whole import plain, upright, whole
from desktop_app.core.operations.copy_merits import load_rules, save_rules
from desktop_app.core.searching import Box
from desktop_app.core.types import FolderId
from tests.core.copies_made import arranged, marked, save, scene
from tests.core.libraries import by_path, opened, run

FOLDER = FolderId(1)
YEAR = 365 * 86_400.0


def lying(*ways: int) -> list[Laid]:
    return [Laid(way) for way in ways]


def marked_at(*places: float) -> list[Laid]:
    return [Laid(), *(Laid(edited=True, differs=Box(place, place, 0.2, 0.2)) for place in places)]


def test_most_lie_as_it_was_taken() -> None:
    assert upright(lying(0, 1, 0)) == (True, False, True)
    assert upright(lying(0, 3, 3, 3, 1)) == (False, True, True, True, False)  # the first one was turned
    assert upright(lying(0, 4, 1, 6)) == (True, True, False, False)  # mirrored, it stands upright still
    assert upright(lying(0, 1)) == (True, True)  # nobody can say


@given(st.lists(st.integers(0, 7), min_size=2, max_size=9), st.integers(0, 7))
def test_it_does_not_matter_over_which_one_they_lie(ways: list[int], way: int) -> None:
    over_another = [after(one, way) for one in ways]
    assert upright(lying(*over_another)) == upright(lying(*ways))
    assert whole(lying(*over_another), [1] * len(ways)) == whole(lying(*ways), [1] * len(ways))


def test_the_first_may_be_the_mirrored_one() -> None:
    assert whole(lying(0, 4, 4), [1] * 3) == (False, True, True)
    assert whole(lying(0, 4), [1] * 2) == (True, True)


def test_the_first_may_be_the_marked_one() -> None:
    assert whole(marked_at(0.1, 0.12), [1] * 3) == (False, True, True)
    assert whole(marked_at(0.1, 0.6), [1] * 3) == (True, False, False)  # each has a mark of its own
    assert whole([*marked_at(0.1), Laid()], [1] * 3) == (True, False, True)
    assert whole(marked_at(0.1), [1] * 2) == (True, True)


def test_most_are_as_bright_and_colourful_as_it_was_taken() -> None:
    assert plain([Laid(), Laid(lift=20), Laid(lift=1), Laid(colour=1.8)]) == (True, False, True, False)
    assert plain([Laid(), Laid(lift=-20), Laid(lift=-21)]) == (False, True, True)  # the first was brightened
    assert plain([Laid(), Laid(lift=20)]) == (True, True)
    assert plain([Laid(), Laid(lift=20), Laid(lift=40), Laid(lift=60)]) == (True,) * 4


def test_the_brightened_one_goes_though_it_is_the_older_file() -> None:
    bright = Merits(FOLDER, "a.jpg", 400, 30_000, "JPEG", modified=1.0, is_plain=False)
    others = [Merits(FOLDER, f"{n}.jpg", 400, 14_000, "JPEG", modified=2.0 + n) for n in range(2)]
    assert choose([bright, *others], KeepRules()) == (1, "as bright as most are, oldest file")
    turned = Merits(FOLDER, "t.jpg", 400, 14_000, "JPEG", is_upright=False)
    assert choose([turned, bright], KeepRules()) == (1, "upright as most are")


def test_a_picture_without_its_colours_is_not_whole() -> None:
    assert whole([Laid(), Laid(colour=0.05)], [1, 1]) == (True, False)
    assert whole([Laid(), Laid(colour=12.0)], [1, 1]) == (False, True)


def test_saving_again_makes_larger_and_not_better() -> None:
    original = Merits(FOLDER, "b.jpg", 400, 14_000, "JPEG", modified=YEAR)
    again = Merits(FOLDER, "a.jpg", 400, 21_000, "JPEG", modified=2 * YEAR)
    assert choose([again, original], KeepRules()) == (1, "oldest file")


def test_a_file_that_lost_most_is_no_original_however_old() -> None:
    squeezed = Merits(FOLDER, "a.jpg", 400, 5_000, "JPEG", modified=YEAR)
    fine = Merits(FOLDER, "b.jpg", 400, 21_000, "JPEG", modified=2 * YEAR)
    assert choose([squeezed, fine], KeepRules())[0] == 1
    small = Merits(FOLDER, "c.jpg", 100, 1_000, "JPEG", modified=YEAR)
    assert choose([small, fine], KeepRules(prefer=(Prefer.OLDEST,))) == (0, "oldest file")  # it has fewer pixels


def test_a_turned_one_with_a_date_does_not_beat_the_upright() -> None:
    forms = [Merits(FOLDER, f"{n}.jpg", 400, 14_000 + n, "JPEG", modified=n * YEAR) for n in range(19)]
    turned = Merits(FOLDER, "t.jpg", 400, 14_000, "JPEG", facts=("a date",), is_upright=False)
    assert choose([turned, *forms], KeepRules()) == (1, "upright as most are, oldest file")


@pytest.mark.parametrize("name", ["IMG_1 (edited).jpg", "IMG_1-rotated.jpg", "IMG_1_resized2.jpg", "IMG_1 cropped.jpg"])
def test_names_that_programs_and_people_give(name: str) -> None:
    photos = [Merits(FOLDER, name, 1, 1, "JPEG"), Merits(FOLDER, "a much longer name.jpg", 1, 1, "JPEG")]
    assert choose(photos, KeepRules()) == (1, "plainest name")


# --- real files ------------------------------------------------------------------------------------------------------

WAYS = {
    "left": Image.Transpose.ROTATE_90,
    "right": Image.Transpose.ROTATE_270,
    "over": Image.Transpose.ROTATE_180,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
}


def kept(tmp_path: Path, seed: int) -> tuple[str, str, int, int]:
    """Name and reason of what is kept in the one set; how many photos it has, and how many go."""
    with opened(tmp_path / "library") as library:
        run(library, tmp_path / "in")
        (one,) = arranged(library).of(Kind.NEAR)
        names = {photo: path.name for path, photo in by_path(library).items()}
        assert one.suggestion.keep not in one.suggestion.go
        return names[one.suggestion.keep], one.suggestion.reason, len(one.copies), len(one.suggestion.go)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", [1, 2])  # of two as large either may be the first of the set
def test_the_original_of_two_is_kept(tmp_path: Path, way: str, seed: int) -> None:
    original = save(scene(seed), tmp_path / "in" / "z.jpg", 70)
    os.utime(original, (YEAR * 40, YEAR * 40))
    made = save(scene(seed).transpose(WAYS[way]), tmp_path / "in" / "a.jpg", 92)
    assert made.stat().st_size > original.stat().st_size
    assert kept(tmp_path, seed) == ("z.jpg", "oldest file", 2, 1)


def test_the_original_of_many_is_kept(tmp_path: Path) -> None:
    picture = scene(3)
    original = save(picture, tmp_path / "in" / "z.jpg", 70)
    os.utime(original, (YEAR * 40, YEAR * 40))
    for number, way in enumerate((None, None, *WAYS.values())):
        form = picture if way is None else picture.transpose(way)
        save(form, tmp_path / "in" / f"{number}.jpg", 92 - number)
    save(marked(picture), tmp_path / "in" / "marked.jpg", 95)
    name, reason, copies, go = kept(tmp_path, 3)
    assert (name, copies, go) == ("z.jpg", 8, 7)
    assert reason == "whole, upright as most are, oldest file"


def test_rules_saved_as_they_usually_were_stay_the_usual_ones(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        once = ("folder", "labels", "whole", "resolution", "format", "metadata", "file size", "oldest", "short name")
        save_rules(library, KeepRules(prefer=tuple(map(Prefer, once))))
        assert load_rules(library) == KeepRules()
        save_rules(library, KeepRules(prefer=tuple(map(Prefer, once[1:]))))
        assert load_rules(library).prefer == tuple(map(Prefer, once[1:]))
