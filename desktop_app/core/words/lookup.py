"""Words that people type: their meanings, told apart, and words that begin so."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.core.words import forms
from desktop_app.core.words.wordnet import WordNet, wordnet


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a word that was looked up, told apart from others by `hint`: "crane" is a bird or a machine."""

    id: str
    word: str  # that was found, in small letters
    hint: str  # the broad kind of thing in a word; "" where there is none
    gloss: str


class Lookup:
    """Finds meanings in WordNet by words: its own, plain ones where it has none, and a few more that people use.

    Attributes:
        words: every word there is, in small letters, in order; for who wants to forgive misspellings.
    """

    def __init__(self, words: WordNet) -> None:
        self._wordnet = words
        self._by_word = _by_word(words)
        self.words: tuple[str, ...] = tuple(sorted(self._by_word))

    def find(self, text: str) -> tuple[Sense, ...]:
        """The meanings of a word or two, in any case, singular or plural; the usual one first; none where unknown.

        Of meanings of which one is a kind of the other, or that are over the same classes (the plant and its fruit),
        only the wider is given: who asks for keyboards wants those of computers too.
        """
        seen: dict[str, str] = {}
        plain = _plain(text)
        for spelling in dict.fromkeys((plain, " ".join(plain.replace("-", " ").split()))):
            for word in forms.singulars(spelling, self._wordnet.plurals):
                for id_ in self._by_word.get(word, ()):
                    seen.setdefault(id_, word)
        kept: dict[str, set[int]] = {}
        for id_ in sorted(seen, key=lambda one: -len(self._wordnet.under(one))):
            classes = set(self._wordnet.under(id_).tolist())
            if not any(classes <= wider for wider in kept.values()):
                kept[id_] = classes
        return self._told_apart([self._sense(id_, word) for id_, word in seen.items() if id_ in kept])

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """Words that begin so, in order; none of an empty prefix."""
        wanted = _plain(prefix)
        first = bisect.bisect_left(self.words, wanted)
        return self.words[first : bisect.bisect_left(self.words, wanted + chr(0x10FFFF))] if wanted else ()

    def meanings(self, word: str) -> tuple[str, ...]:
        """Ids of one of `words`, the usual one first, without leaving any out."""
        return self._by_word[word]

    def _sense(self, id_: str, word: str) -> Sense:
        return Sense(id_, word, self._wordnet.hint(id_), self._wordnet.synset(id_).gloss)

    def _told_apart(self, senses: Sequence[Sense]) -> tuple[Sense, ...]:
        """Where two hints are the same, the thing's usual name says more, or what it is directly a kind of."""

        def closer(sense: Sense) -> str:
            name, parents = self._wordnet.name(sense.id), self._wordnet.synset(sense.id).parents
            return self._wordnet.name(parents[0]) if name.lower() == sense.word and parents else name

        hints = [sense.hint for sense in senses]
        return tuple(replace(one, hint=closer(one)) if hints.count(one.hint) > 1 else one for one in senses)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split())


def _by_word(words: WordNet) -> Mapping[str, tuple[str, ...]]:
    """Meanings by word in small letters, the most usual first."""
    found: dict[str, list[str]] = {word: list(ids) for word, ids in words.senses.items()}
    for word, ids in words.also.items():
        found[word] = [*ids, *found.get(word, [])]
    for id_ in words.ids:
        for name in words.synset(id_).names:
            found.setdefault(name.lower(), []).append(id_)
    # a plain word for something wide only where WordNet has none: its "cat" does not mean lions
    plain: dict[str, list[str]] = {}
    for id_ in words.plain:
        for name in (words.name(id_).lower(), words.plural(id_).lower()):
            known = [form for form in forms.singulars(name, words.plurals) if form in found]
            if not known:
                plain.setdefault(name, []).append(id_)
            elif words.class_index(id_) is not None:
                found[known[0]].append(id_)
    found.update(plain)
    return {word: tuple(dict.fromkeys(ids)) for word, ids in found.items()}


@functools.cache
def lookup() -> Lookup:
    """The words that come with the program; made once, in some 20 ms.

    Raises:
        UserError: they are not there, or damaged.
    """
    return Lookup(wordnet())
