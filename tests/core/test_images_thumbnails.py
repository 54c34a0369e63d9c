"""Thumbnails: small, and the same picture again."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.images.thumbnails import decode_thumbnail, encode_thumbnail
from tests.core.picture_factory import corners, four_corners, photo


@pytest.mark.parametrize("size", [(384, 256), (256, 1024), (170, 131), (1, 1), (1, 1024)])
def test_round_trip(size):
    pixels = np.asarray(photo(*size))
    data = encode_thumbnail(pixels)
    again = decode_thumbnail(data)
    assert again.shape == pixels.shape
    # colour is kept at half size, brightness is not
    assert np.abs(again.mean(axis=2) - pixels.mean(axis=2)).mean() < 6


def test_colours_keep_their_order():
    data = encode_thumbnail(np.asarray(four_corners(384, 256)))
    assert data[:3] == b"\xff\xd8\xff"
    assert len(data) < 10_000
    assert corners(decode_thumbnail(data)) == "rgby"


@pytest.mark.parametrize("data", [b"", b"x", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0" + bytes(100)])
def test_a_damaged_thumbnail_is_an_error_of_its_own(data):
    with pytest.raises(ValueError, match="damaged"):
        decode_thumbnail(data)


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_only_pictures_are_encoded(pixels):
    with pytest.raises(ValueError, match="no picture"):
        encode_thumbnail(pixels)
