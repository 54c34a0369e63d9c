"""What the program says about quantities."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core import wording
from desktop_app.core.types import Reason


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (-1, ""),
        (math.inf, ""),
        (math.nan, ""),
        (0, "about 5 s left"),
        (0.4, "about 5 s left"),
        (12, "about 10 s left"),
        (44, "about 45 s left"),
        (57, "about 55 s left"),
        (57.6, "about 1 min left"),
        (60, "about 1 min left"),
        (89, "about 1 min left"),
        (91, "about 2 min left"),
        (6 * 60 + 12, "about 6 min left"),
        (59.4 * 60, "about 59 min left"),
        (59.6 * 60, "about 1 h left"),
        (80 * 60, "about 1 h 20 min left"),
        (11 * 3600 + 50 * 60, "about 12 h left"),
        (3 * 86400, "about 3 days left"),
    ],
)
def test_time_left(seconds, words):
    assert wording.time_left(seconds) == words


def _seconds(words: str) -> float:
    units = {"s": 1, "min": 60, "h": 3600, "days": 86400}
    parts = words.removeprefix("about ").removesuffix(" left").split()
    return sum(int(n) * units[u] for n, u in zip(parts[::2], parts[1::2], strict=True))


@given(st.floats(min_value=0, max_value=1e7))
def test_the_time_said_is_near_the_time_meant(seconds):
    """Within 5 s under a minute, a minute above, an hour beyond ten hours, a day beyond two days."""
    off = abs(_seconds(wording.time_left(seconds)) - seconds)
    allowed = 5 if seconds < 57.5 else 31 if seconds < 36_000 else 1801 if seconds < 172_000 else 86_400
    assert off <= allowed


@given(st.floats(min_value=0, max_value=1e7), st.floats(min_value=0, max_value=1e7))
def test_more_seconds_never_sound_shorter(a, b):
    low, high = sorted((a, b))
    assert _seconds(wording.time_left(low)) <= _seconds(wording.time_left(high))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("Adding photos", 3120, 12431, 44), "Adding photos: 3,120 of 12,431, about 45 s left"),
        (("Adding photos", 3120, 12431, None), "Adding photos: 3,120 of 12,431"),
        (("Looking for photos", 512, 0, None), "Looking for photos: 512"),
        (("Looking for photos", 0, 0, None), "Looking for photos"),
        (("Adding photos", 13, 12, None), "Adding photos: 12 of 12"),
    ],
)
def test_progress(arguments, line):
    assert wording.progress(*arguments) == line


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (9_949, "9.9 KB"),
        (9_960, "10 KB"),
        (999_400, "999 KB"),
        (999_600, "1.0 MB"),
        (4_212_000, "4.2 MB"),
        (31_400_000, "31 MB"),
        (1_300_000_000, "1.3 GB"),
        (2 * 10**18, "2,000 PB"),
    ],
)
def test_byte_size(size, words):
    assert wording.byte_size(size) == words


@pytest.mark.parametrize(
    ("score", "words"),
    [(0.934, "0.93"), (1.0, "1.00"), (-0.001, "0.00"), (-0.12, "−0.12"), (math.nan, "–")],
)
def test_likeness(score, words):
    assert wording.likeness(score) == words


def test_counts_and_numbers():
    assert wording.count(1, "photo") == "1 photo"
    assert wording.count(12431, "photo") == "12,431 photos"
    assert wording.count(2, "copy", "copies") == "2 copies"
    assert wording.number(-1204) == "−1,204"
    assert wording.pixel_size(4032, 3024) == "4,032 × 3,024 pixels"
    assert wording.megapixels(4032, 3024) == "12.2 megapixels"
    assert wording.megapixels(20000, 12000) == "240 megapixels"
    assert wording.rate(212.4) == "212 photos/s"
    assert wording.rate(3.44) == "3.4 photos/s"
    assert wording.rate(0) == ""


@pytest.mark.parametrize(
    ("path", "limit", "short"),
    [
        ("/home/anna/Family", 40, "/home/anna/Family"),
        ("/home/anna/Pictures/2019/Summer/Family", 25, "/home/…/Summer/Family"),
        ("C:\\Users\\anna\\Pictures\\2019\\Family", 26, "C:\\Users\\…\\2019\\Family"),
        ("/a/very-very-long-name-of-one-file.jpeg", 15, "very-ve…le.jpeg"),
        ("name-without-any-slash", 11, "name-…slash"),
    ],
)
def test_shorten_path(path, limit, short):
    assert wording.shorten_path(path, limit) == short


_part = st.text(st.characters(blacklist_characters="/\\", blacklist_categories=("Cs",)), min_size=1, max_size=30)


@given(st.lists(_part, min_size=1, max_size=12), st.integers(min_value=3, max_value=120))
def test_a_shortened_path_fits_and_keeps_its_end(parts, limit):
    path = "/" + "/".join(parts)
    short = wording.shorten_path(path, limit)
    assert len(short) <= max(limit, 3)
    if len(parts[-1]) + 2 <= limit:
        assert short.endswith(parts[-1])
    if len(path) <= limit:
        assert short == path


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("IMG_1234.jpg", "IMG_1234.jpg"),
        ("Größe 写真 👩\u200d👧.jpg", "Größe 写真 👩\u200d👧.jpg"),
        ("two\nlines", "two\ufffdlines"),
        ("turned \u202egpj.exe", "turned \ufffdgpj.exe"),
        ("bytes \udcff", "bytes \ufffd"),
    ],
)
def test_printable(name, shown):
    assert wording.printable(name) == shown
    assert wording.printable(name).encode("utf-8")


def test_not_shown():
    assert wording.not_shown_headline(23) == "23 files are not shown."
    assert wording.not_shown_headline(1) == "1 file is not shown."
    line = wording.not_shown_reasons(14, 0, [(Reason.DAMAGED, 2), (Reason.IN_THE_CLOUD, 6), (Reason.EMPTY, 0)])
    assert line == "14 videos · 6 in the cloud, not on this computer · 2 damaged"


def test_places_heights_and_stars() -> None:
    assert wording.coordinates(52.52, 13.405) == "52.52000° N, 13.40500° E"
    assert wording.coordinates(-33.8688, -70.5) == "33.86880° S, 70.50000° W"
    assert wording.place_link(-33.8688, 151.2093) == "geo:-33.86880,151.20930"
    assert (wording.altitude(34.4), wording.altitude(-430)) == ("34 m above sea level", "430 m below sea level")
    assert (wording.stars(4), wording.stars(-1)) == ("4 of 5 stars", "rejected")
