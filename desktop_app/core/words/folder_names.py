"""Names from the folders that photos are in: what a person called them already."""

from __future__ import annotations

import re

from desktop_app.core import wording
from desktop_app.core.words.evidence import LEAST, TOGETHER, Evidence, GroupFacts, letters, separation, worth

_SHARE = 0.6  # of the group, that a folder has to hold
_OWN_WORDS = 1.25  # how much more a person's own words count than the network's


def folders(group: GroupFacts, whole: GroupFacts) -> list[Evidence]:
    """Names of folders that hold most of the group and little else of all photos, best first."""
    found = []
    for name, count in group.folders.items():
        share, others = count / max(group.size, 1), whole.folders.get(name, 0) - count
        if share < _SHARE or count < 3 or count < others or not speaks(name):
            continue
        outside = (others + 0.5) / (whole.size - group.size + 1)
        nats = float(separation(share, outside))
        if nats >= LEAST and nats * group.size >= TOGETHER:
            found.append(Evidence("folder", readable(name), (), share, outside, nats, _OWN_WORDS * worth(nats, share)))
    return sorted(found, key=lambda one: (-one.value, one.name))


_NUMBERED = re.compile(
    r"(?:img|dsc[fn]?|pict?|dji|gopro|vid|mvi|imgp|wa|\d{3}[a-z_]{5}|[a-f0-9-]{8,})[\W\d_]*", re.IGNORECASE
)
_EMPTY = """
all album albums backup camera copy data dataset dcim desktop download downloads edited export exports file files folder
images image img media misc my new original originals other photo photos picture pictures pics post posts public roll
screenshot screenshots temp test tmp train training unsorted untitled uploads val valid validation various whatsapp
bilder eigene fotos foto neuer neue ordner sonstiges sonstige kopie
dossier nouveau nouvelle carpeta nueva imagenes imágenes imagens nova pasta
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())


def speaks(folder: str) -> bool:
    """Whether the name of a folder says what is in it: not a date, a camera's number or "New folder (2)"."""
    if letters(folder) < 3 or _NUMBERED.fullmatch(folder.strip()):
        return False
    words = re.findall(r"[^\W\d_]+", folder.casefold())
    return not _EMPTY_WORDS.issuperset(words)


def readable(folder: str) -> str:
    """The name of a folder as a theme would be called: "coffee_cups" is "coffee cups", and "t-shirts" stays."""
    return wording.printable(" ".join(folder.replace("_", " ").split()))
