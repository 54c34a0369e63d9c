"""Singular and plural."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.words.forms import plural, singulars
from desktop_app.core.words.wordnet import wordnet

PAIRS = [
    ("coffee cup", "coffee cups"),
    ("beach", "beaches"),
    ("box", "boxes"),
    ("berry", "berries"),
    ("monkey", "monkeys"),
    ("mouse", "mice"),
    ("computer mouse", "computer mice"),
    ("titmouse", "titmice"),
    ("wolf", "wolves"),
    ("snow leopard", "snow leopards"),
    ("ox", "oxen"),
    ("goose", "geese"),
    ("mongoose", "mongooses"),
    ("jellyfish", "jellyfish"),
    ("sheep", "sheep"),
    ("furniture", "furniture"),
    ("fireman", "firemen"),
    ("human", "humans"),
    ("German shepherd", "German shepherds"),
    ("bird of prey", "birds of prey"),
    ("jack-in-the-box", "jacks-in-the-box"),
    ("photo", "photos"),
    ("potato", "potatoes"),
    ("cello", "cellos"),
    ("piano", "pianos"),
    ("roof", "roofs"),
    ("knife", "knives"),
    ("dress", "dresses"),
    ("bus", "buses"),
    ("Afghan hound", "Afghan hounds"),
]


@pytest.mark.parametrize(("one", "many"), PAIRS)
def test_pairs(one: str, many: str) -> None:
    assert plural(one) == many
    assert one in singulars(many, {})


@given(st.sampled_from(wordnet().ids))
def test_what_was_made_plural_is_made_singular_again(id_: str) -> None:
    for name in wordnet().synset(id_).names:
        assert name.lower() in singulars(plural(name).lower(), {})


@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    assert text in singulars(text, {})
    assert isinstance(plural(text), str)


def test_words_of_the_list_come_before_rules() -> None:
    assert singulars("axes", {"axes": ("ax", "axis")})[:3] == ("axes", "ax", "axis")
    assert "glas" not in singulars("glass", {})
