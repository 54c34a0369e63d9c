"""A catalogue of made-up rows with everything that filters look at, and the same rows in plain Python."""

from __future__ import annotations

import os
import random
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from desktop_app.core.catalog import schema
from desktop_app.core.labelling import LabelFilter, Origin
from desktop_app.core.searching import Filter, FilterKind, Shape

FOLDERS = {1: "Family", 2: "Work 100 %", 3: "Gone"}  # the third was removed
PLACES = ("", "2019", "2019/beach", "2019/beach 2", "2019_x", "2019x", "Ünï/ß", "ünï", "100%", "a/2019", "2019/Beach")
CAMERAS = ("", "Canon EOS 80D", "canon eos 80d", "NIKON D850")
FORMATS = ("JPEG", "PNG", "HEIC")
WORDS = ("beach", "Beach", "sea")
DAYS = (
    date(1999, 12, 31), date(2000, 2, 29), date(2018, 5, 12), date(2019, 5, 1), date(2019, 5, 12),
    date(2019, 5, 31), date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 29), date(2024, 2, 29), date(1, 1, 1),
)  # fmt: skip
SIDES = (1, 2, 40, 49, 50, 51, 100, 1000, 3000, 4000, 6000, 12000)
SETS = {1: (11, 12, 13), 2: (21, 22)}
"""Answers by label set; 13 was removed."""
THEMES = (1, 2, 3)


@dataclass
class Made:
    """One photo."""

    id: int
    folder: int
    place: str
    day: date
    width: int
    height: int
    size: int
    format: str
    camera: str
    missing: bool
    rating: int | None
    located: bool
    words: frozenset[str]
    labels: dict[int, tuple[tuple[int, Origin], ...]] = field(default_factory=dict)
    theme: int = 0

    @property
    def is_shown(self) -> bool:
        return not self.missing and self.folder != 3


def photos(largest: int = 14) -> st.SearchStrategy[list[Made]]:
    """Photos whose values often agree; drawn from one number each, for every value of its own takes long."""
    return st.lists(st.integers(0, 2**32), max_size=largest, unique=True).map(
        lambda seeds: [_photo(number, random.Random(seed)) for number, seed in enumerate(seeds)]
    )


def _photo(number: int, chance: random.Random) -> Made:
    labels = {}
    for label_set, answers in SETS.items():
        given = chance.sample((0, *answers), chance.randint(0, label_set))  # of tags a photo may have several
        labels[label_set] = tuple((answer, chance.choice(list(Origin))) for answer in given)
    return Made(
        id=1 + 7 * number + chance.randint(0, 6),
        folder=chance.choice(tuple(FOLDERS)),
        place=chance.choice(PLACES),
        day=chance.choice(DAYS),
        width=chance.choice(SIDES),
        height=chance.choice(SIDES),
        size=chance.choice((0, 99_999, 100_000, 1_000_000, 1_000_001, 5_000_000)),
        format=chance.choice(FORMATS),
        camera=chance.choice(CAMERAS),
        missing=chance.random() < 0.15,
        rating=chance.choice((None, None, -1, 0, 1, 3, 5)),
        located=chance.random() < 0.5,
        words=frozenset(word for word in WORDS if chance.random() < 0.4),
        labels=labels,
        theme=chance.choice((0, *THEMES)),
    )


def catalogue(made: list[Made]) -> sqlite3.Connection:
    """A catalogue in memory that holds these."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(_empty())
    for one in made:
        add(connection, one)
    return connection


@cache
def _empty() -> bytes:
    """A catalogue without photos, as bytes: making its tables anew takes long."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(Path("unused"), connection)
    for folder, name in FOLDERS.items():
        connection.execute(
            "INSERT INTO folders (id, root, name, state, removed) VALUES (?, ?, ?, 'ready', ?)",
            (folder, os.fsencode(f"/pictures/{folder}"), name, 1.0 if folder == 3 else None),
        )
    for label_set, answers in SETS.items():
        kind = "classes" if label_set == 1 else "tags"
        connection.execute(
            "INSERT INTO label_sets (id, name, kind) VALUES (?, ?, ?)", (label_set, f"set {label_set}", kind)
        )
        connection.executemany(
            "INSERT INTO answers (id, label_set, name, place, removed) VALUES (?, ?, ?, ?, ?)",
            [(one, label_set, f"answer {one}", one, int(one == 13)) for one in answers],
        )
    connection.execute(
        "INSERT INTO groupings (id, name, scope, method, count, proposed, time, ready)"
        " VALUES (1, 'themes', '{}', 'kmeans', 2, 2, 1.0, 1)"
    )
    for theme in THEMES:  # the third is not shown by the present cut
        place = None if theme == 3 else theme
        connection.execute(
            "INSERT INTO themes (id, grouping, name, place) VALUES (?, 1, ?, ?)", (theme, f"t{theme}", place)
        )
        connection.execute("INSERT INTO theme_leaves VALUES (1, ?, ?)", (theme, theme))
    held: bytes = connection.serialize()
    connection.close()
    return held


def add(connection: sqlite3.Connection, one: Made) -> None:
    """Put a photo in."""
    path = os.fsencode(f"{one.place}/{one.id}.jpg".lstrip("/"))
    connection.execute(
        "INSERT INTO photos (id, folder, path, size, mtime_ns, content, format, width, height, camera, missing,"
        " sort_date, sort_name) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            one.id, one.folder, path, one.size, 0, b"", one.format, one.width, one.height, one.camera,
            int(one.missing), f"{one.day.isoformat()}T12:30:00", "",
        ),
    )  # fmt: skip
    if one.rating is not None or one.located:
        connection.execute(
            "INSERT INTO details (photo, content, rating, latitude, longitude) VALUES (?, x'', ?, ?, ?)",
            (one.id, one.rating, *((1.5, 2.5) if one.located else (None, None))),
        )
    connection.executemany("INSERT INTO keywords VALUES (?, ?)", [(one.id, word) for word in one.words])
    for label_set, given in one.labels.items():
        connection.executemany(
            "INSERT INTO labels VALUES (?, ?, ?, ?, 1.0)",
            [(label_set, one.id, answer, origin.value) for answer, origin in given],
        )
    if one.theme:
        connection.execute("INSERT INTO leaf_photos VALUES (1, ?, ?, 0)", (one.id, one.theme))


def lets(wish: Filter, one: Made) -> bool:
    """Whether a filter lets a photo through, in plain words; of filters that name nothing gone."""
    kind = wish.kind
    if kind is FilterKind.FOLDER:
        inside = f"{one.place}/".startswith(f"{wish.text.strip('/')}/") or not wish.text.strip("/")
        return wish.folder in (None, one.folder) and inside
    if kind is FilterKind.TAKEN:
        return (wish.first or date.min) <= one.day <= (wish.last or date.max)
    if kind is FilterKind.ON_THIS_DAY:
        return (one.day.month, one.day.day) == (wish.month, wish.day)
    if kind is FilterKind.LABEL:
        return _labelled(wish.label, one)
    if kind in (FilterKind.CAMERA, FilterKind.FORMAT):
        return (one.camera if kind is FilterKind.CAMERA else one.format) in wish.choices
    if kind is FilterKind.SHAPE:
        return shape_of(one) in wish.shapes
    if kind in (FilterKind.SIZE, FilterKind.FILE_SIZE):
        value = (one.width * one.height if kind is FilterKind.SIZE else one.size) / 1e6
        return (wish.least is None or value >= wish.least) and (wish.most is None or value < wish.most)
    if kind is FilterKind.RATING:
        stars = one.rating or 0
        return (wish.least is None or stars >= wish.least) and (wish.most is None or stars <= wish.most)
    if kind is FilterKind.KEYWORD:
        return bool(one.words & set(wish.choices))
    if kind is FilterKind.LOCATED:
        return ("yes" if one.located else "no") in wish.choices
    if kind is FilterKind.THEME:
        return wish.theme in (None, one.theme)
    return True


def _labelled(label: LabelFilter, one: Made) -> bool:
    fitting = [
        answer
        for answer, origin in one.labels.get(label.label_set, ())
        if (not label.answers or (answer or None) in label.answers) and (not label.origins or origin in label.origins)
    ]
    return bool(fitting) is label.labelled


def shape_of(one: Made) -> Shape:
    longer, shorter = max(one.width, one.height), min(one.width, one.height)
    if longer >= 2 * shorter:
        return Shape.PANORAMA
    if (longer - shorter) / longer <= 0.02 + 1e-12:
        return Shape.SQUARE
    return Shape.LANDSCAPE if one.width > one.height else Shape.PORTRAIT


def _label_filters() -> st.SearchStrategy[Filter]:
    def build(label_set: int, picks: list[int], labelled: bool, origins: list[Origin]) -> Filter:
        own = [answer for answer in SETS[label_set] if answer != 13]
        answers = tuple(None if pick == 0 else own[pick % len(own)] for pick in picks)
        return Filter(FilterKind.LABEL, "l", label=LabelFilter(label_set, answers, labelled, tuple(origins)))

    return st.builds(
        build,
        st.sampled_from(tuple(SETS)),
        st.lists(st.integers(0, 3), max_size=2, unique=True),
        st.booleans(),
        st.lists(st.sampled_from(Origin), max_size=2, unique=True),
    )


def _of(kind: FilterKind, **values: st.SearchStrategy[object]) -> st.SearchStrategy[Filter]:
    return st.builds(lambda given, on: Filter(kind, "w", on=on, **given), st.fixed_dictionaries(values), st.just(True))


def _choices(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from((*values, "elsewhere")), max_size=3, unique=True).map(tuple)


_MILLIONS = st.sampled_from((None, 0.0, 0.099999, 0.1, 1.0, 1.000001, 5, 12, 24.0))
FILTERS = st.one_of(
    _of(
        FilterKind.FOLDER,
        folder=st.sampled_from((None, 1, 2)),
        text=st.sampled_from((*PLACES, "2019/", "Ünï", "nowhere")),
    ),
    _of(FilterKind.TAKEN, first=st.sampled_from((None, *DAYS)), last=st.sampled_from((None, *DAYS))),
    _of(FilterKind.ON_THIS_DAY, month=st.sampled_from((2, 5, 12)), day=st.sampled_from((1, 12, 29, 31))),
    _label_filters(),
    _of(FilterKind.CAMERA, choices=_choices(CAMERAS)),
    _of(FilterKind.SHAPE, shapes=st.lists(st.sampled_from(Shape), max_size=3, unique=True).map(tuple)),
    _of(FilterKind.SIZE, least=_MILLIONS, most=_MILLIONS),
    _of(FilterKind.FILE_SIZE, least=_MILLIONS, most=_MILLIONS),
    _of(FilterKind.FORMAT, choices=_choices(FORMATS)),
    _of(
        FilterKind.RATING,
        least=st.sampled_from((None, -1.0, 0.0, 1.0, 3.0)),
        most=st.sampled_from((None, -1.0, 0.0, 3.0, 5.0)),
    ),
    _of(FilterKind.KEYWORD, choices=_choices(WORDS)),
    _of(FilterKind.LOCATED, choices=st.sampled_from((("yes",), ("no",), ("yes", "no")))),
    _of(FilterKind.THEME, theme=st.sampled_from((None, 1, 2))),
)
