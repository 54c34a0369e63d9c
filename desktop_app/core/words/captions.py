"""Names from captions and hashtags, where photos belong to posts."""

from __future__ import annotations

import re
import unicodedata

from desktop_app.core.words.evidence import LEAST, Evidence, GroupFacts, letters, separation, worth

_SHARE = 0.4  # of the captions, that have to hold a word
_TOGETHER = 10.0  # nats: among hundreds of words some separate groups by chance
_FEWEST, _PART = 5, 0.3  # captions, and the part of the photos that has to have one
_MOST = 12

_WORD = re.compile(r"#?[^\W_](?:[\w'\u2019-]*[^\W_])?")
_STOP = """
the and for with you your our are this that from have has was were will all can not but new now out get here just more
one how what when who they his her its it's about into over than then them been der die das und mit für ist ein eine
einen auf von zum zur des dem den nicht auch sich wir ihr sie les une est pour avec dans sur que qui pas nous vous los
las una por con para del como más muy nos uma com não mais dos och att det som för med till ett är link bio instagram
insta love like follow photo photooftheday instagood picoftheday https http www com
"""
_STOP_WORDS = frozenset(_STOP.split())


def captions(group: GroupFacts, whole: GroupFacts) -> list[Evidence]:
    """Words and hashtags that many captions of the group hold and few others of all photos, best first."""
    if group.told < _FEWEST or group.told < _PART * group.size:
        return []
    found = []
    for word, count in group.texts.items():
        others = whole.texts.get(word, 0) - count
        share, outside = count / group.told, (others + 0.5) / (whole.told - group.told + 1)
        nats = float(separation(share, outside))
        if share >= _SHARE and nats >= LEAST and nats * group.told >= _TOGETHER:
            found.append(Evidence("caption", word, (), share, outside, nats, worth(nats, share)))
    return sorted(found, key=lambda one: (-one.value, one.name))[:_MOST]


def words_of(caption: str) -> frozenset[str]:
    """The words and hashtags of a caption, in small letters, without "#" and without what any caption has."""
    text = re.sub(r"https?://\S+|www\.\S+|@[\w.]+", " ", unicodedata.normalize("NFC", caption))
    found = (match.group().lstrip("#").casefold() for match in _WORD.finditer(text))
    return frozenset(word for word in found if len(word) <= 40 and letters(word) >= 3 and word not in _STOP_WORDS)
