"""Names for groups of photos: what they say, when they say nothing, and that none is given twice."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.words.captions import words_of
from desktop_app.core.words.evidence import Evidence, GroupFacts, separation, total
from desktop_app.core.words.folder_names import readable, speaks
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.naming import Proposal, numbered, propose
from desktop_app.core.words.wordnet import wordnet

KNOWN = wordnet()
LOOKUP = lookup()


def seen(photos: int = 40, *, noise: float = 0.3, **shares: float) -> GroupFacts:
    """Photos in which the network sees classes under some words, spread evenly over them; the rest is anything."""
    sums = np.full(1000, noise / 1000)
    for word, share in shares.items():
        under = KNOWN.under(LOOKUP.find(word.replace("_", " "))[0].id)
        sums[under] += share * (1 - noise) / len(under)
    sums /= sums.sum()
    return GroupFacts(photos, photos, (photos * sums).astype(np.float32))


def named(*groups: GroupFacts, **options: object) -> list[str]:
    return [one.name for one in propose(groups, **options)]


def in_folders(photos: int, **counts: int) -> GroupFacts:
    return GroupFacts(photos, folders={name.replace("_", " "): count for name, count in counts.items()})


def told(photos: int, *captions: str) -> GroupFacts:
    return GroupFacts(photos, told=len(captions), texts=Counter(word for one in captions for word in words_of(one)))


# --- what a name says --------------------------------------------------------------------------------------------


def test_plain_words_of_what_is_seen() -> None:
    groups = [seen(coffee_mug=1), seen(beach=0.9), seen(guitar=1), seen(dog=1), seen(pizza=1)]
    assert named(*groups) == ["Coffee cups", "Beach", "Guitars", "Dogs", "Pizzas"]


def test_the_most_specific_word_that_covers_the_group() -> None:
    """All terriers are "terriers"; terriers, hounds and poodles together are "dogs"."""
    others = [seen(vehicle=1), seen(food=1)]
    assert named(seen(terrier=1), *others)[0] == "Terriers"
    assert named(seen(terrier=0.3, hound=0.3, poodle=0.2, spaniel=0.2), *others)[0] == "Dogs"
    assert named(seen(sports_car=1), *others)[0] == "Sports cars"


def test_what_all_groups_share_is_no_name() -> None:
    """In a library of dogs nothing is called "Dogs"."""
    found = named(seen(terrier=1), seen(hound=1), seen(poodle=1))
    assert found == ["Terriers", "Hounds", "Poodles"]


def test_two_things_that_share_a_group() -> None:
    found = propose([seen(beach=0.5, umbrella=0.45), seen(dog=1), seen(food=1)])
    assert found[0].name == "Beach, umbrellas"
    assert {one.name for one in found[0].evidence} == {"beach", "umbrellas"}


def test_two_names_are_of_two_things() -> None:
    """Never "dogs, terriers", and of two things one name is enough where it covers most."""
    for shares in ({"dog": 0.4, "terrier": 0.4}, {"guitar": 0.9, "umbrella": 0.1}, {"terrier": 0.5, "hound": 0.5}):
        for one in propose([seen(**shares), seen(food=1), seen(vehicle=1)]):
            if ", " in one.name:
                first, second = ({at for id_ in each.synsets for at in KNOWN.under(id_)} for each in one.evidence)
                assert not first & second, one.name
    assert ", " in named(seen(terrier=0.5, umbrella=0.5), seen(food=1), seen(vehicle=1))[0]
    assert named(seen(guitar=0.9, umbrella=0.1), seen(food=1))[0] == "Guitars"


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert named(seen(noise=1.0), seen(noise=1.0)) == ["", ""]
    assert named(GroupFacts(), GroupFacts(5)) == ["", ""]
    assert propose([]) == ()
    empty = propose([GroupFacts(12)])[0]
    assert (empty.sure, empty.how_sure, empty.why, empty.synsets) == (0.0, "", "", ())


def test_a_single_photo_is_no_theme() -> None:
    assert named(seen(1, dog=0.6), seen(100, food=1))[0] == ""


def test_why_and_how_sure() -> None:
    sure, unsure, _ = propose([seen(noise=0.05, guitar=1), seen(noise=0.75, pizza=1), seen(400, dog=1)])
    assert sure.how_sure == "clear"
    assert unsure.sure < sure.sure
    assert sure.why == "Looks like guitars: about 95 in 100 photos here, hardly any elsewhere."
    assert KNOWN.name(sure.synsets[0]) == "guitar"


def test_sentences_of_evidence() -> None:
    assert Evidence("folder", "Norway", (), 1.0, 0.031, 3.0).sentence == (
        "In the folder “Norway”: nearly all photos here, about 3 in 100 elsewhere."
    )
    assert Evidence("caption", "latte", (), 0.55, 0.001, 3.0).sentence == (
        "“latte” in the caption: about 55 in 100 photos here, hardly any elsewhere."
    )


# --- none twice --------------------------------------------------------------------------------------------------


def test_the_group_it_fits_best_has_the_name() -> None:
    """The other is called by its next best, or not at all."""
    found = named(seen(guitar=0.6), seen(guitar=1), seen(dog=1))
    assert found[1] == "Guitars"
    assert found[0] not in ("Guitars", "Dogs")


def test_names_in_use_are_not_proposed() -> None:
    free = named(seen(dog=1), seen(pizza=1))
    taken = named(seen(dog=1), seen(pizza=1), taken=["  DOGS "])
    assert free == ["Dogs", "Pizzas"]
    assert taken[0] != "Dogs"
    assert taken[1] == "Pizzas"


def test_groups_that_have_a_name_only_tell_the_others_apart() -> None:
    found = named(seen(guitar=1), seen(guitar=0.6), seen(dog=1), wanted=[1, 2])
    assert found == ["", "Guitars", "Dogs"]


def test_numbers_for_those_without_a_name() -> None:
    assert numbered(7) == "Theme 7"
    assert numbered(7, ["theme 7", "Theme  8"]) == "Theme 9"


words = st.sampled_from(["dog", "cat", "bird", "car", "food", "guitar", "beach", "terrier", "chair", "pizza"])
groups_of_things = st.builds(
    lambda photos, noise, shares: seen(photos, noise=noise, **shares),
    st.integers(1, 500),
    st.floats(0, 1),
    st.dictionaries(words, st.floats(0.05, 1), min_size=1, max_size=4),
)


@given(st.lists(groups_of_things, max_size=8), st.lists(st.sampled_from(["Dogs", "food", "Theme 1"]), max_size=3))
@settings(max_examples=60, deadline=None)
def test_laws_of_names(groups: list[GroupFacts], taken: list[str]) -> None:
    found = propose(groups, taken=taken)
    assert len(found) == len(groups)
    names = [one.name.casefold() for one in found if one.name]
    assert len(set(names)) == len(names)
    assert not {name.casefold() for name in taken} & set(names)
    for one in found:
        assert bool(one.name) == bool(one.evidence)
        assert 0 <= one.sure <= 1
        for reason in one.evidence:
            assert reason.inside > reason.outside
            assert reason.name.casefold() in one.name.casefold()
    assert propose(groups, taken=taken) == found


@given(st.floats(0, 1), st.floats(0, 1))
def test_laws_of_separation(inside: float, outside: float) -> None:
    found = float(separation(inside, outside))
    assert found >= 0
    assert np.isfinite(found)
    if inside <= outside:
        assert found == 0
    else:
        assert float(separation(inside, outside / 2)) >= found - 1e-6


@given(groups_of_things, groups_of_things)
def test_facts_add_up(one: GroupFacts, other: GroupFacts) -> None:
    both = one + other
    assert (both.size, both.seen) == (one.size + other.size, one.seen + other.seen)
    assert np.allclose(both.things, one.things + other.things)
    assert total([one, other]).size == both.size
    assert total([]).size == 0


# --- folders and captions ----------------------------------------------------------------------------------------


def test_a_folder_that_separates_is_a_name() -> None:
    norway, rest = in_folders(50, Norway=48, Photos=50), in_folders(200, Norway=3, Photos=200)
    assert named(norway, rest) == ["Norway", ""]


def test_a_folder_that_does_not_separate_is_none() -> None:
    half, other = in_folders(50, Norway=50), in_folders(50, Norway=50)
    assert named(half, other) == ["", ""]
    assert named(in_folders(50, Norway=20), in_folders(50)) == ["", ""]
    # all of the group, but most of the folder is elsewhere
    assert named(in_folders(50, Norway=50), in_folders(5000, Norway=300)) == ["", ""]


def test_folder_and_thing_agree() -> None:
    dogs = seen(dog=1)
    both = GroupFacts(dogs.size, dogs.seen, dogs.things, {"Dogs": 40})
    found = propose([both, seen(food=1)])[0]
    assert found.name == "Dogs"
    assert [one.kind for one in found.evidence] == ["folder", "things"]


@pytest.mark.parametrize("name", ["Norway", "coffee_cups", "2019 Italy", "Hochzeit", "夏休み", "旅行", "猫", "ねこ"])
def test_folders_that_say_something(name: str) -> None:
    assert speaks(name)


@pytest.mark.parametrize(
    "name",
    """
    2019|2019-05-12|DCIM|100CANON|101_PANA|IMG_2031|New folder (2)|Neuer Ordner|photos|My Pictures|Camera Roll
    untitled 3|val|test|0f3a9c2b77de|x|Downloads|WhatsApp Images|DSC|Eigene Bilder|
    """.replace("\n", "|").split("|"),
)
def test_folders_that_say_nothing(name: str) -> None:
    assert not speaks(name)


def test_folders_as_people_would_say_them() -> None:
    assert readable("coffee_cups") == "coffee cups"
    assert readable("t-shirts  2019") == "t-shirts 2019"
    assert readable("a\u202eb") == "a\N{REPLACEMENT CHARACTER}b"


def test_captions_name_what_is_not_seen() -> None:
    latte = told(30, *["Morning #latte with @anna, the best https://example.org/latte"] * 12, *["#Latte"] * 8)
    other = told(60, *["Sunday at the beach"] * 40, *["new shoes"] * 20)
    assert named(latte, other)[0] == "Latte"


def test_a_few_captions_are_no_evidence() -> None:
    assert named(told(30, "latte", "latte", "latte", "latte"), told(60, *["beach"] * 40))[0] == ""


def test_words_of_captions() -> None:
    assert words_of("The BEST #FlatWhite in town!! 100 https://a.b/c @you l'été #été") == {
        "best",
        "flatwhite",
        "town",
        "l'été",
        "été",
    }
    assert words_of("") == words_of("🙂 !!! 12 ab") == frozenset()


def test_captions_in_other_letters() -> None:
    assert words_of("今日の #猫 は #かわいい, ok") == {"今日の", "猫", "かわいい"}
    assert words_of("#旅行 は") == {"旅行"}


@given(st.text(max_size=200))
def test_any_caption(text: str) -> None:
    assert all(1 <= len(word) <= 40 and word == word.strip("#") for word in words_of(text))


def test_words_keep_their_own_capitals() -> None:
    assert named(seen(ipod=1), seen(food=1))[0] == "iPods"
    assert named(in_folders(50, iPhone_pictures_of_Anna=50), in_folders(200))[0] == "iPhone pictures of Anna"
    assert named(in_folders(50, coffee_cups=50), in_folders(200))[0] == "Coffee cups"


def test_a_proposal_is_a_value() -> None:
    assert Proposal() == Proposal()
