"""Damaged files: whatever bytes come, the answer is a picture or a reason, never anything else."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import Unreadable
from desktop_app.core.images.decode import decode
from tests.core.picture_factory import encoded, exif, four_corners, photo

VARIANTS = {
    "JPEG": {"exif": exif(6, "Canon", "Canon EOS 80D", "2019:05:12 10:11:12")},
    "JPEG progressive": {"progressive": True},
    "JPEG ink": {},
    "PNG": {"exif": exif(5)},
    "PNG palette": {},
    "WEBP": {},
    "WEBP lossless": {"lossless": True},
    "BMP": {},
    "TIFF": {"exif": exif(3)},
    "TIFF lzw": {"compression": "tiff_lzw"},
    "TIFF jpeg": {"compression": "jpeg"},
    "GIF": {},
    "AVIF": {"speed": 10},
    "JPEG2000": {},
}


@functools.cache
def valid(variant: str) -> bytes:
    image = photo(90, 60) if "palette" not in variant else four_corners().quantize(4)
    if "ink" in variant:
        image = image.convert("CMYK")
    return encoded(image, variant.split(maxsplit=1)[0], **VARIANTS[variant])


def shown_or_refused(data: bytes) -> bool:
    try:
        picture = decode(data, "x.jpg", short_side=32, limit_megapixels=4)
    except Unreadable:
        return False
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.ndim == 3
    assert picture.pixels.shape[2] == 3
    assert max(picture.pixels.shape[:2]) <= 128
    return True


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_valid_file_is_shown(variant):
    assert shown_or_refused(valid(variant))


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_beginning_of_a_file(variant, data):
    whole = valid(variant)
    shown_or_refused(whole[: data.draw(st.integers(0, len(whole)))])


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_bytes_changed(variant, data):
    changed = bytearray(valid(variant))
    # headers are at the start of most formats: half of the changes go there
    places = st.one_of(st.integers(0, min(200, len(changed) - 1)), st.integers(0, len(changed) - 1))
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=8)):
        changed[place] = value
    shown_or_refused(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(VARIANTS)), st.binary(max_size=400), st.integers(4, 40))
def test_a_good_start_and_then_anything(variant, rest, kept):
    shown_or_refused(valid(variant)[:kept] + rest)
