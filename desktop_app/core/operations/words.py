"""Photos by words: what they show, what they are called, what was said of them, when and with what they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from desktop_app.core.library import Library
from desktop_app.core.operations.word_classes import Seen, SeenKept
from desktop_app.core.operations.word_completion import complete, likeliest, unknown_word
from desktop_app.core.operations.word_matching import Fits, by_date, by_names, by_things
from desktop_app.core.operations.word_names import Names, NamesKept
from desktop_app.core.searching import Words
from desktop_app.core.types import Vectors
from desktop_app.core.wording import number
from desktop_app.core.words.asked import Asked, read_words
from desktop_app.core.words.dates import read_date
from desktop_app.core.words.found import Completion, Reading, Reread, UnknownWord, WordMatches
from desktop_app.core.words.lookup import Sense, lookup
from desktop_app.core.words.misspelt import readings
from desktop_app.core.words.related import related
from desktop_app.core.words.texts import fold
from desktop_app.core.words.wordnet import wordnet

THING = "thing"
"""As `Words.sense`: by what photos show alone, in every meaning; other kinds of completions are taken likewise."""

_REREAD = 0.9  # what a word counts that was read as another one
_WORDS, _LETTERS = 20, 400  # of one term that are read: more was pasted and not meant
_READINGS = 4  # of a misspelt word that are looked for
_BEGUN = 3  # letters from which on a word that is being typed is read as one that begins so


@dataclass(frozen=True, eq=False)
class _Now:
    """What a library holds at one moment."""

    names: Names
    seen: Seen | None


@dataclass
class _Told:
    """What is found out while a search is read."""

    senses: dict[str, Sense] = field(default_factory=dict)
    unknown: dict[str, UnknownWord] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    reread: dict[str, Reread] = field(default_factory=dict)


class WordFinder:
    """Searches one library by words. Belongs to one thread; sees at its next call what was stored meanwhile.

    All words have to fit, and "-word" must not; a photo fits as well as the word it fits least. What counts how much
    stands in `word_matching`. Of equals the one comes first that fits the words together best, then the newest.

    Args:
        library: the open library.
    """

    def __init__(self, library: Library) -> None:
        self._names = NamesKept(library)
        self._seen = SeenKept(library)

    def warm_up(self) -> None:
        """Read all that a search reads, so that the first is as quick as the next."""
        self.find([Words("of nothing, cat")])
        self.complete("a", 1)

    def find(self, terms: Sequence[Words]) -> WordMatches:
        """Photos that fit all terms that are on, and none of the minus ones; best first. 100,000 take some 20 ms.

        A term with a sense is one thing and not read any further. A term without any words lets every photo through.

        Raises:
            UserError: the words of the program are missing.
        """
        now, told = self._now(), _Told()
        photos = now.names.photos
        scores, together = np.ones(len(photos), np.float32), np.ones(len(photos), np.float32)
        reasons: list[Fits] = []
        for term in terms:
            if not term.on:
                continue
            own, product, fits = self._term(now, told, term)
            if term.minus:
                scores[own > 0] = 0
            else:
                np.minimum(scores, own, out=scores)
                together *= product
                reasons += fits
        rows = np.flatnonzero(scores > 0)
        # photos stand newest first, and so do equals
        order = np.lexsort((-together[rows], -scores[rows]))
        rows = rows[order]
        if not len(rows) and len(reasons) > 1 and not told.unknown:
            told.remarks.append("No photo fits all of these words; each alone finds some.")
        if self._seen.remark and (told.senses or told.unknown):
            told.remarks.append(self._seen.remark)
        return WordMatches(
            photos.ids[rows],
            scores[rows],
            _Why(now.names, tuple(reasons)),
            tuple(told.unknown.values()),
            tuple(told.senses.values()),
            tuple(dict.fromkeys(told.remarks)),
            tuple(told.reread.values()),
        )

    def fitting(self, term: Words) -> npt.NDArray[np.int64]:
        """The photos that one term fits, int64 (n,), newest first: those of `find`, not put in its order."""
        now = self._now()
        own, _, _ = self._term(now, _Told(), term)
        return now.names.photos.ids[own > 0]

    def complete(self, prefix: str, limit: int = 10) -> tuple[Completion, ...]:
        """What the last word of what is being typed may become, that finds photos here; best first."""
        now = self._now()
        return complete(now.names, now.seen, prefix, limit)

    def unknown(self, text: str) -> UnknownWord:
        """What to say of a word that finds nothing: words and folders that do."""
        now = self._now()
        return unknown_word(now.names, now.seen, text)

    # --- reading a search ------------------------------------------------------------------------------------

    def _now(self) -> _Now:
        names = self._names.level()
        return _Now(names, self._seen.level(names.photos))

    def _term(self, now: _Now, told: _Told, term: Words) -> tuple[Vectors, Vectors, list[Fits]]:
        """How well photos fit a term, the product over its words, and why they fit each of them."""
        if term.sense:
            asked: tuple[Asked, ...] = (Asked(term.text, quoted=True),)
        else:
            asked = read_words(term.text.lstrip()[:_LETTERS], lambda phrase: self._is_one(now, phrase))
            if len(asked) > _WORDS or len(term.text.strip()) > _LETTERS:
                asked = asked[:_WORDS]
                told.remarks.append("Only the first of so many words were looked for.")
        count = len(now.names.photos)
        scores, product = np.ones(count, np.float32), np.ones(count, np.float32)
        reasons = []
        for one in asked:
            fits = self._fits(now, told, one, term.sense, wanted=not (one.minus or term.minus))
            if one.minus:
                scores[fits.scores > 0] = 0
            else:
                np.minimum(scores, fits.scores, out=scores)
                product *= fits.scores
                reasons.append(fits)
        if term.minus and not asked:
            scores[:] = 0  # nothing is left out
        return scores, product, reasons

    def _is_one(self, now: _Now, phrase: str) -> bool:
        """Whether several words are one thing: a word of WordNet, a date, or just what something is called here."""
        if lookup().find(phrase) or read_date(phrase):
            return True
        return fold(phrase) in now.names.whole

    def _fits(self, now: _Now, told: _Told, asked: Asked, sense: str, *, wanted: bool) -> Fits:
        """How well photos fit one word or phrase."""
        fits = Fits(len(now.names.photos))
        senses = _senses(asked.text, sense)
        begins = asked.typing and wanted and not asked.quoted
        if senses and now.seen is not None:
            by_things(fits, now.seen, senses)
        if not sense or sense not in (THING, *(one.id for one in senses)):
            by_names(fits, now.names, asked.text, exact=asked.quoted, begins=begins, only=sense)
            date = read_date(asked.text) if sense in ("", "date") else None
            if date is not None:
                by_date(fits, now.names.photos, date)
        if not fits.any and not senses and not sense and not asked.quoted:
            senses = self._reread(now, told, fits, asked, begins=begins)
        if wanted:
            told.senses |= {one.id: one for one in senses}
            if not fits.any and asked.text not in told.unknown:
                told.unknown[asked.text] = unknown_word(now.names, now.seen, asked.text)
        return fits

    def _reread(self, now: _Now, told: _Told, fits: Fits, asked: Asked, *, begins: bool) -> tuple[Sense, ...]:
        """Take a word that nothing is called for one that is being typed, or that is misspelt."""
        text = asked.text
        senses: tuple[Sense, ...] = ()
        if begins and len(text) >= _BEGUN and now.seen is not None:
            begun = likeliest(now.seen, text)
            if begun:
                senses = lookup().find(begun)
                by_things(fits, now.seen, senses)
                fits.reread(begun, text, _REREAD)
                return senses
        if related(text):
            return ()  # a word that people use, spelt right
        known = lookup().words if now.seen is not None else ()
        found: list[tuple[float, int, str, Fits]] = []
        for far, word in readings(text, (*known, *now.names.words), _READINGS):
            own = Fits(len(now.names.photos))
            senses = lookup().find(word)
            if senses and now.seen is not None:
                by_things(own, now.seen, senses)
            by_names(own, now.names, word, exact=False, begins=False)
            if own.any:
                found.append((far, -own.count, word, own))
        if not found:
            return ()
        # of those that are as near the one that finds most
        found.sort(key=lambda one: one[:2])
        (_, _, word, own), *others = found
        fits.take(own)
        fits.reread(word, text, _REREAD)
        also = tuple(Reading(other, -count) for _, count, other, _ in others)
        told.reread[text] = Reread(text, word, also)
        near = ", ".join(f"{one.word} ({number(one.count)})" for one in also)
        told.remarks.append(f"“{text}” was read as “{word}”." + (f" Also near: {near}." if near else ""))
        return lookup().find(word)


@dataclass(frozen=True, eq=False)
class _Why:
    """Why photos fit: a reason for each word, each once."""

    names: Names
    reasons: tuple[Fits, ...]

    def __call__(self, photo: int) -> str:
        row = int(self.names.photos.row_of(np.array([photo], np.int64))[0])
        return ", ".join(dict.fromkeys(said for fits in self.reasons if row >= 0 and (said := fits.why(row))))


def _senses(text: str, sense: str) -> tuple[Sense, ...]:
    """The meanings to look for: the chosen one, every one, or none where only a name is meant."""
    if sense in ("", THING):
        return lookup().find(text)
    if sense not in wordnet():
        return ()
    found = next((one for one in lookup().find(text) if one.id == sense), None)
    return (found or Sense(sense, text, wordnet().hint(sense), wordnet().synset(sense).gloss),)
