"""The words above the classes: laws of what is a kind of what, and how words are found."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.wordnet import PLAIN, WORDS, read, wordnet
from tools.make_words import packed

KNOWN = wordnet()
LOOKUP = lookup()
synsets = st.sampled_from(KNOWN.ids)

CRANES = "n02012849", "n03126707"
DOG = "n02084071"


def test_the_classes_are_those_of_the_bundled_network() -> None:
    lines = (paths.models_dir() / "imagenet-classes.txt").read_text("utf-8").splitlines()
    assert list(KNOWN.classes) == [line.partition("\t")[0] for line in lines]
    for line in lines:
        id_, _, names = line.partition("\t")
        assert ", ".join(KNOWN.synset(id_).names) == names


def test_the_file_is_what_the_script_writes_of_it() -> None:
    """The same content gives the same text, with a head that names no time, file or system."""
    data = (paths.resources_dir() / "words" / WORDS).read_bytes()
    again = packed(json.loads(gzip.decompress(data)))
    assert gzip.decompress(again) == gzip.decompress(data)
    assert again[:10] == data[:10]
    assert data[3:8] == b"\0\0\0\0\0"  # flags, time


@given(synsets, synsets)
def test_what_is_common_is_above_both(one: str, other: str) -> None:
    common = KNOWN.common([one, other])
    assert common in KNOWN.steps(one)
    assert common in KNOWN.steps(other)
    shared = set(KNOWN.steps(one)) & set(KNOWN.steps(other))
    assert KNOWN.depth(common) == max(map(KNOWN.depth, shared))
    assert KNOWN.common([other, one]) == common
    assert set(KNOWN.under(one)) | set(KNOWN.under(other)) <= set(KNOWN.under(common))


@given(synsets, synsets, synsets)
def test_distance_is_one(one: str, other: str, third: str) -> None:
    assert KNOWN.distance(one, one) == 0
    assert KNOWN.distance(one, other) == KNOWN.distance(other, one)
    assert (KNOWN.distance(one, other) == 0) == (one == other)
    if other in KNOWN.ancestors(one):
        assert KNOWN.distance(one, other) == KNOWN.steps(one)[other]
    with_third = KNOWN.common([one, other, third])
    assert KNOWN.depth(with_third) <= KNOWN.depth(KNOWN.common([one, other]))


@given(synsets)
def test_what_is_above_is_less_deep(id_: str) -> None:
    assert id_ not in KNOWN.ancestors(id_)
    for up in KNOWN.ancestors(id_):
        assert KNOWN.depth(up) < KNOWN.depth(id_)
        assert set(KNOWN.under(id_)) <= set(KNOWN.under(up))
    assert KNOWN.common([id_]) == id_
    assert (KNOWN.depth(id_) == 0) == (not KNOWN.synset(id_).parents)


@given(st.integers(0, 2**31), st.lists(synsets, min_size=1, max_size=8, unique=True))
@settings(max_examples=60)
def test_a_wider_thing_is_never_less_likely(seed: int, ids: list[str]) -> None:
    of_classes = np.random.default_rng(seed).dirichlet(np.full(1000, 0.05), 4).astype(np.float32)
    found = KNOWN.probabilities(of_classes, ids)
    assert found.shape == (4, len(ids))
    for column, id_ in enumerate(ids):
        above = sorted(KNOWN.ancestors(id_))
        assert (KNOWN.probabilities(of_classes, above) >= found[:, [column]] - 1e-5).all()
        index = KNOWN.class_index(id_)
        if index is not None:
            assert np.array_equal(found[:, column], of_classes[:, index])
    root = KNOWN.common(KNOWN.classes)
    assert np.allclose(KNOWN.probabilities(of_classes, [root]), 1, atol=1e-5)


@given(synsets)
def test_every_name_is_found_again(id_: str) -> None:
    """By WordNet's words, in any case: the thing itself, or something wider of that name."""
    own = set(KNOWN.under(id_))
    for name in KNOWN.synset(id_).names:
        for text in (name, name.upper(), f"  {name} "):
            assert any(own <= set(KNOWN.under(sense.id)) for sense in LOOKUP.find(text)), text
        assert any(id_ in LOOKUP.meanings(word) for word in LOOKUP.beginning(name))


@given(st.sampled_from([id_ for id_ in KNOWN.ids if KNOWN.is_group_name(id_)]))
def test_what_a_theme_is_called_can_be_searched_for(id_: str) -> None:
    own = set(KNOWN.under(id_))
    for text in (KNOWN.name(id_), KNOWN.plural(id_)):
        assert "," not in text
        assert any(own & set(KNOWN.under(sense.id)) for sense in LOOKUP.find(text)), text


def test_every_theme_of_a_class_can_be_searched_for() -> None:
    for index, id_ in enumerate(KNOWN.classes):
        for text in (KNOWN.name(id_), KNOWN.plural(id_)):
            assert any(index in KNOWN.under(sense.id) for sense in LOOKUP.find(text)), text


@given(st.text(max_size=30) | st.sampled_from(LOOKUP.words))
def test_any_text_may_be_typed(text: str) -> None:
    assert len({sense.id for sense in LOOKUP.find(text)}) == len(LOOKUP.find(text))
    plain = " ".join(text.lower().replace("_", " ").split())
    assert LOOKUP.beginning(text) == tuple(word for word in LOOKUP.words if plain and word.startswith(plain))


def test_senses_are_told_apart() -> None:
    assert [(sense.id, sense.hint) for sense in LOOKUP.find("cranes")] == [(CRANES[1], "machine"), (CRANES[0], "bird")]
    assert {sense.id for sense in LOOKUP.find("crane")} == set(CRANES)
    assert all(sense.gloss == KNOWN.synset(sense.id).gloss for sense in LOOKUP.find("crane"))


def test_a_word_means_all_kinds_of_it() -> None:
    assert [sense.id for sense in LOOKUP.find("dogs")] == [DOG]
    assert len(KNOWN.under(DOG)) == 118
    keyboards = [sense.id for sense in LOOKUP.find("keyboard")]
    assert len(keyboards) == 1
    assert {KNOWN.name(KNOWN.classes[at]) for at in KNOWN.under(keyboards[0])} == {"keyboard", "typewriter keyboard"}


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("mice", "computer mouse"),
        ("wolves", "wolf"),
        ("streetcar", "tram"),
        ("Sea-Coast", "beach"),
        ("kittens", "cat"),
        ("musical instruments", "musical instrument"),
        ("vehicle", "vehicle"),
        ("food", "food"),
        ("coffee_mugs", "coffee cup"),
        ("birds of prey", "bird of prey"),
    ],
)
def test_words_that_people_type(text: str, thing: str) -> None:
    assert thing in [KNOWN.name(sense.id) for sense in LOOKUP.find(text)]


@pytest.mark.parametrize("text", ["", " ", "birthday", "anna", "собака", "-", "s"])
def test_unknown_words_find_nothing(text: str) -> None:
    assert LOOKUP.find(text) == ()


def test_words_that_begin_so() -> None:
    assert "guitar" in LOOKUP.beginning("guit")
    assert LOOKUP.beginning("DOG") == LOOKUP.beginning("dog")
    assert LOOKUP.meanings("dog")[0] == DOG
    assert LOOKUP.beginning("") == LOOKUP.beginning("zzz") == ()


def test_plain_words_are_of_things_there_are() -> None:
    plain = tomllib.loads((paths.resources_dir() / "words" / PLAIN).read_text("utf-8"))
    assert all(id_ in KNOWN for table in ("groups", "hints", "classes") for id_ in plain[table])
    assert all(KNOWN.class_index(id_) is None for id_ in plain["groups"])
    assert all(KNOWN.class_index(id_) is not None for id_ in plain["classes"])
    assert all(id_ in KNOWN for ids in plain["also"].values() for id_ in ids)


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    source = paths.resources_dir() / "words"
    whole = (source / WORDS).read_bytes()
    (tmp_path / PLAIN).write_bytes((source / PLAIN).read_bytes())
    for content in (b"", whole[: len(whole) // 2], b"no gzip", gzip.compress(b"{}"), gzip.compress(b"[1]")):
        (tmp_path / WORDS).write_bytes(content)
        with pytest.raises(UserError, match="Install it again"):
            read(tmp_path)
    (tmp_path / WORDS).write_bytes(whole)
    assert read(tmp_path).ids == KNOWN.ids
    (tmp_path / PLAIN).unlink()
    with pytest.raises(UserError):
        read(tmp_path)
