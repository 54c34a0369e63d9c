"""Names from what the network sees in photos, through WordNet."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from desktop_app.core.types import Vectors
from desktop_app.core.words.evidence import TOGETHER, Evidence, Floats, GroupFacts, separation, worth
from desktop_app.core.words.wordnet import WordNet

_LEAST = 0.15  # nats: less than elsewhere, since a thousand classes are looked at at once and none by name
_SHARE = 0.22  # the least share of the group that a name stands for
_WIDE_LEAST, _WIDE_SHARE = 0.1, 0.5  # a wide word that is no clear mark of the group, but right for most of it
_WIDTH = 0.015  # of equally good names the more specific: what each doubling of the classes under it costs
_PRIOR = 5.0  # photos' worth of "any class is equally likely" among the others
_CANDIDATES = 24


@functools.cache
def _nameable(words: WordNet) -> tuple[tuple[str, ...], Vectors]:
    """What may be a name, and float32 (1000, n): 1 where a class is a kind of it."""
    ids = [one for one in words.ids if words.is_group_name(one)]
    # above a single class a word says no more than the class itself
    ids = [one for one in ids if words.class_index(one) is not None or len(words.under(one)) > 1]
    return tuple(ids), words.belongs(ids)


def things(words: WordNet, groups: Sequence[GroupFacts], whole: GroupFacts) -> list[list[Evidence]]:
    """Names for each group from what the network sees in its photos, best first; no two of the same wording.

    Args:
        words: WordNet.
        groups: what is known of each.
        whole: of all photos that they are to be told apart from, their own among them.
    """
    if not groups:
        return []
    ids, belongs = _nameable(words)
    seen = np.array([group.seen for group in groups], np.float32)[:, np.newaxis]
    sums = np.stack([group.things for group in groups]) @ belongs
    inside = np.minimum(sums / np.maximum(seen, 1), 1)
    others = np.maximum(whole.things @ belongs - sums, 0) + _PRIOR * belongs.mean(axis=0)
    outside = np.minimum(others / (whole.seen - seen + _PRIOR), 1)
    nats = separation(inside, outside)
    marked = (nats >= _LEAST) & (inside >= _SHARE)
    wide = (nats >= _WIDE_LEAST) & (inside >= _WIDE_SHARE)
    value = worth(nats, inside) * (1 - _WIDTH * np.log2(belongs.sum(axis=0)))
    value[~((marked | wide) & (nats * seen >= TOGETHER))] = 0
    return [_best(words, ids, *row) for row in zip(inside, outside, nats, value, strict=True)]


def _best(
    words: WordNet, ids: Sequence[str], inside: Floats, outside: Floats, nats: Floats, value: Floats
) -> list[Evidence]:
    """The most valuable names of one group; synsets of the same wording are one name."""
    found: dict[str, Evidence] = {}
    for place in np.argsort(-value, kind="stable")[: 2 * _CANDIDATES]:
        if value[place] <= 0:
            break
        name = words.plural(ids[place])
        known = found.get(name)
        if known:
            found[name] = replace(known, synsets=(*known.synsets, ids[place]))
        else:
            numbers = float(inside[place]), float(outside[place]), float(nats[place]), float(value[place])
            found[name] = Evidence("things", name, (ids[place],), *numbers)
    return list(found.values())[:_CANDIDATES]
