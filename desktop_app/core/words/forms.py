"""Singular and plural of English nouns: rules, and WordNet's list of the irregular ones.

The rules for singulars are those of WordNet's own morphology (morphy(7WN), "detachment"); those for plurals are the
usual ones of spelling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_DETACHED = (
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
    ("mice", "mouse"),
    ("ves", "f"),
    ("ves", "fe"),
    ("s", ""),
)
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWELS = "aeiou"
# what the rules would spell wrong, as the last word or the end of one
_IRREGULAR = {
    "bus": "buses",
    "calf": "calves",
    "cargo": "cargoes",
    "child": "children",
    "echo": "echoes",
    "fireman": "firemen",
    "fish": "fish",
    "foot": "feet",
    "fungus": "fungi",
    "goose": "geese",
    "half": "halves",
    "hero": "heroes",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "louse": "lice",
    "man": "men",
    "mango": "mangoes",
    "mosquito": "mosquitoes",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "potato": "potatoes",
    "scarf": "scarves",
    "sheep": "sheep",
    "shelf": "shelves",
    "thief": "thieves",
    "titmouse": "titmice",
    "tomato": "tomatoes",
    "tooth": "teeth",
    "torpedo": "torpedoes",
    "volcano": "volcanoes",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
}
_COMPOUND = ("fish", "sheep", "deer")  # "jellyfish" are not counted "jellyfishes"
_UNCOUNTED = """
aircraft bison bread clothing deer equipment fish food fruit furniture goods grouse moose offspring salmon series sheep
shrimp spacecraft species swine trout
"""
_SAME = frozenset(_UNCOUNTED.split())
_PREPOSITIONS = (" of ", " in ", " on ", " with ", " for ", "-of-", "-in-")


def plural(noun: str) -> str:
    """More than one of a noun: "coffee cup" gives "coffee cups", "bird of prey" gives "birds of prey"."""
    for between in _PREPOSITIONS:
        head, found, rest = noun.partition(between)
        if found and head and rest:
            return plural(head) + between + rest
    before, space, last = noun.rpartition(" ")
    return before + space + _plural_word(last)


def _plural_word(word: str) -> str:
    low = word.lower()
    if low in _IRREGULAR:
        irregular = _IRREGULAR[low]
        return irregular.capitalize() if word[:1].isupper() else irregular
    if not low or low in _SAME or low.endswith(_COMPOUND):
        return word
    for tail in ("woman", "mouse", "knife", "wolf", "leaf", "shelf", "loaf"):
        if low.endswith(tail):
            return word[: -len(tail)] + _IRREGULAR[tail]
    if low.endswith("man") and not low.endswith(
        ("human", "german", "roman", "ottoman", "caiman", "talisman", "doberman")
    ):
        return word[:-3] + "men"
    if low.endswith(_HISSING):
        return word + "es"
    if low.endswith("y") and low[-2:-1] not in _VOWELS and len(low) > 1:
        return word[:-1] + "ies"
    return word + "s"


def singulars(noun: str, exceptions: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What a noun may be more than one of, the likeliest first; the noun itself always among them.

    Args:
        noun: in small letters.
        exceptions: singulars of irregular plurals.
    """
    before, space, last = noun.rpartition(" ")
    words = [last, *exceptions.get(last, ())]
    words += [one for one, many in _IRREGULAR.items() if many == last]
    if not last.endswith("ss"):
        words += [last[: -len(tail)] + end for tail, end in _DETACHED if last.endswith(tail) and len(last) > len(tail)]
    found = [before + space + word for word in words]
    for between in _PREPOSITIONS:
        head, cut, rest = noun.partition(between)
        if cut and head and rest:
            found += [one + between + rest for one in singulars(head, exceptions)]
    return tuple(dict.fromkeys(found))
