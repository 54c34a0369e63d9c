"""What a word that is being typed may become, and what to offer for one that finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from desktop_app.core.operations.word_classes import Seen
from desktop_app.core.operations.word_names import Names
from desktop_app.core.operations.word_photos import PhotoList
from desktop_app.core.types import Positions
from desktop_app.core.words.asked import LONGEST, MINUS, QUOTES
from desktop_app.core.words.dates import MONTHS, Date, read_date
from desktop_app.core.words.found import Completion, FolderFound, UnknownWord
from desktop_app.core.words.lookup import lookup
from desktop_app.core.words.misspelt import alike, meant
from desktop_app.core.words.related import related
from desktop_app.core.words.texts import fold
from desktop_app.core.words.wordnet import wordnet

_NEAREST = 5
_CUT = re.compile(rf"[,;{QUOTES}]")


def complete(names: Names, seen: Seen | None, prefix: str, limit: int) -> tuple[Completion, ...]:
    """What the end of a text may become, that finds photos.

    Phrases that the last words begin come first, then what the last word begins: what is just that word, words that
    people use before those of a dictionary, then by how many photos they find; things and names in turn, so that none
    of them crowds the others out.

    Args:
        names: what photos are called.
        seen: what they show; None where nothing is known of it.
        prefix: all that was typed.
        limit: the most completions.
    """
    found: dict[tuple[str, str], Completion] = {}
    for tail in _tails(prefix):
        kinds = [
            _ordered(_things(seen, tail), tail),
            _ordered(_names(names, tail), tail),
            _ordered([*_folders(names.photos, tail), *_dates(names.photos, tail)], tail),
        ]
        for row in zip_longest(*kinds):
            for one in row:
                if one is not None and len(found) < limit:
                    found.setdefault((fold(one.text), one.sense), replace(one, instead_of=tail))
    return tuple(found.values())[: max(0, limit)]


def likeliest(seen: Seen, begun: str) -> str:
    """The word for things that begins so and finds most photos; "" where none does."""
    words = [(max(map(seen.count, lookup().meanings(word))), -len(word), word) for word in lookup().beginning(begun)]
    count, _, word = max(words, default=(0, 0, ""))
    return word if count else ""


def unknown_word(names: Names, seen: Seen | None, text: str) -> UnknownWord:
    """What to say of a word that finds nothing: words that do, and folders of such a name."""
    date, senses = read_date(text), lookup().find(text)
    is_far = False
    if date is not None:
        nearest = _near_dates(names.photos, date)
    else:
        misspelt = () if senses or related(text) else meant(text, lookup().words)
        near = senses or next((found for word in misspelt if (found := lookup().find(word))), ())
        nearest = [] if seen is None else _near_things(seen, text, tuple(sense.id for sense in near))
        if not nearest and seen is not None:
            nearest, is_far = _listed(seen, _most_common(seen)), True
    return UnknownWord(text, tuple(nearest), _folders_like(names.photos, text), bool(date or senses), is_far)


def _tails(prefix: str) -> Iterator[str]:
    """Ends of what was typed that are to be completed, the longest first; without quotes and minus."""
    segment = _CUT.split(prefix)[-1]
    starts = [match.start() for match in re.finditer(r"\S+", segment)]
    for start in starts[-LONGEST:]:
        tail = segment[start:]
        if any(word[0] in MINUS for word in tail.split()[1:]):
            continue  # what stands before a minus is another word
        tail = tail.lstrip(MINUS)
        if tail.strip():
            yield tail


def _ordered(found: Iterable[Completion], tail: str) -> list[Completion]:
    plain = fold(tail.strip())

    def order(one: Completion) -> tuple[object, ...]:
        text = fold(one.text)
        usual = _is_usual(one) if one.kind == "thing" else text.startswith(plain)
        return text != plain, not usual, -one.count, len(text), text

    return sorted(found, key=order)


def _is_usual(thing: Completion) -> bool:
    """Whether people use the word: "dog" and not "canid" or "dogs and wolves"."""
    words, name = wordnet(), wordnet().name(thing.sense).lower()
    return words.is_group_name(thing.sense) and thing.text == name and " and " not in name


# --- things ----------------------------------------------------------------------------------------------------------


def _things(seen: Seen | None, tail: str) -> list[Completion]:
    if seen is None:
        return []
    plain = " ".join(tail.split()).lower() + (" " if tail[-1].isspace() else "")
    chosen: dict[str, str] = {}  # the word for each meaning: of several its plain name, else the shortest
    for word in lookup().beginning(plain):
        if not word.startswith(plain):
            continue
        for id_ in lookup().meanings(word):
            if seen.count(id_):
                known = chosen.get(id_)
                if known is None or _plainness(word, id_) < _plainness(known, id_):
                    chosen[id_] = word
    if not chosen and not tail[-1].isspace():  # "dogs"
        return _of_word(seen, tail)
    found: dict[str, Completion] = {}
    for word in dict.fromkeys(chosen.values()):
        for one in _of_word(seen, word):
            if chosen.get(one.sense) == word:
                found[one.sense] = one
    return list(found.values())


def _plainness(word: str, id_: str) -> tuple[bool, int]:
    return wordnet().name(id_).lower() != word, len(word)


def _of_word(seen: Seen, word: str) -> list[Completion]:
    """The meanings of a word that find photos, told apart where there are several."""
    senses = [(sense, seen.count(sense.id)) for sense in lookup().find(word)]
    senses = [(sense, count) for sense, count in senses if count]
    several = len(senses) > 1
    return [Completion(sense.word, sense.id, sense.hint if several else "", count, "thing") for sense, count in senses]


def _near_things(seen: Seen, text: str, ids: tuple[str, ...]) -> list[Completion]:
    """Words that find something instead of one: near in meaning; else written alike."""
    return _listed(seen, _near_in_meaning(seen, text, ids)) or _listed(seen, _written_alike(seen, text))


def _listed(seen: Seen, near: Iterable[str]) -> list[Completion]:
    """The first few words that find something, each by its plain name."""
    words = wordnet()
    found: dict[str, Completion] = {}
    for word in near:
        for one in _of_word(seen, word)[:1]:
            found.setdefault(one.sense, replace(one, hint="", text=words.name(one.sense).lower()))
        if len(found) >= _NEAREST:
            break
    return list(found.values())


def _near_in_meaning(seen: Seen, text: str, ids: tuple[str, ...]) -> Iterator[str]:
    words = wordnet()
    yield from related(text)
    for id_ in ids:
        for up, steps in words.steps(id_).items():
            if steps and words.is_group_name(up):
                under = sorted((words.classes[index] for index in words.under(up).tolist()), key=seen.count)
                yield from (words.name(one).lower() for one in reversed(under[-3:]))


def _written_alike(seen: Seen, text: str) -> Iterator[str]:
    known = [word for word in lookup().words if any(seen.count(id_) for id_ in lookup().meanings(word))]
    yield from alike(text, known)


def _most_common(seen: Seen) -> Iterator[str]:
    words = wordnet()
    yield from (words.name(one).lower() for one in sorted(words.classes, key=seen.count, reverse=True)[:_NEAREST])


# --- names -----------------------------------------------------------------------------------------------------------


def _names(names: Names, tail: str) -> Iterator[Completion]:
    for named in names.named:
        if named.completes is None:
            continue
        rows: dict[str, list[Positions]] = {}
        text: dict[str, str] = {}
        places, _ = named.texts.find(fold(tail.strip()), begins=True)
        for place in places.tolist():
            plain = fold(named.names[place])
            rows.setdefault(plain, []).append(named.rows(place))
            text.setdefault(plain, named.names[place])
        for plain, parts in rows.items():
            count = len(parts[0]) if len(parts) == 1 else len(np.unique(np.concatenate(parts)))
            if count:
                yield Completion(text[plain], named.completes, "", count, named.completes)


def _folders(photos: PhotoList, tail: str) -> Iterator[Completion]:
    places, _ = photos.folder_names.find(fold(tail.strip()), begins=True)
    counts: dict[str, int] = {}
    text: dict[str, str] = {}
    for place in places.tolist():
        plain = photos.folded[place]
        text.setdefault(plain, photos.folders[place].name)
        if not _inside_another(photos, place):
            counts[plain] = counts.get(plain, 0) + int(photos.folder_counts[place])
    for plain, count in counts.items():
        if count:
            yield Completion(text[plain], "folder", "", count, "folder")


def _inside_another(photos: PhotoList, place: int) -> bool:
    """Whether a folder is in one of the same name, whose photos hold its own."""
    name, up = photos.folded[place], photos.folders[place].parent
    while up >= 0:
        if photos.folded[up] == name:
            return True
        up = photos.folders[up].parent
    return False


def _folders_like(photos: PhotoList, text: str) -> tuple[FolderFound, ...]:
    """Folders whose names hold a word, or look like it; those with most photos first."""
    plain = fold(text.strip())
    if not plain:
        return ()
    names = photos.folded
    like = set(alike(plain, list(dict.fromkeys(names))))
    found = [
        FolderFound(folder.folder, folder.below, folder.name, int(photos.folder_counts[place]))
        for place, folder in enumerate(photos.folders)
        if plain in names[place] or names[place] in like
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.name, one.below))[:_NEAREST])


def _near_dates(photos: PhotoList, date: Date) -> list[Completion]:
    """The years that have photos nearest to one; the newest where no year was named."""
    years: dict[int, int] = {}
    for month, count in zip(*(values.tolist() for values in photos.months), strict=True):
        years[month // 100] = years.get(month // 100, 0) + count
    near = sorted(years, key=lambda year: (abs(year - date.year) if date.year else 0, -year))[:_NEAREST]
    return [Completion(str(year), "date", "", years[year], "date") for year in near]


def _dates(photos: PhotoList, tail: str) -> Iterator[Completion]:
    plain = " ".join(tail.lower().split())
    months, counts = photos.months
    years: dict[int, int] = {}
    names: dict[str, int] = {}
    for month, count in zip(months.tolist(), counts.tolist(), strict=True):
        year, number = divmod(month, 100)
        if not 1 <= number <= 12:
            continue
        years[year] = years.get(year, 0) + count
        name = MONTHS[number - 1]
        names[name] = names.get(name, 0) + count
        for text in (f"{name} {year}", f"{year} {name}", f"{year}-{number:02}"):
            if len(plain) > 4 and text.lower().startswith(plain):
                yield Completion(f"{name} {year}", "date", "", count, "date")
                break
    for year, count in years.items():
        if str(year).startswith(plain):
            yield Completion(str(year), "date", "", count, "date")
    for name, count in names.items():
        if name.lower().startswith(plain):
            yield Completion(name, "date", "", count, "date")
