"""What counts as a picture, and the few values of its metadata."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.images.formats import Kind, kind_of, parts_present, sniff, sniff_unsupported
from desktop_app.core.images.metadata import Metadata, camera_name, read_metadata
from tests.core.picture_factory import encoded, exif, photo


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jpg", Kind.PICTURE), ("A.JPEG", Kind.PICTURE), ("a.b.HEIC", Kind.PICTURE), ("a.cr2", Kind.PICTURE),
        ("a.jpx", Kind.PICTURE), ("a.avif", Kind.PICTURE), (".a.png", Kind.PICTURE),
        ("a.tga", Kind.UNSUPPORTED), ("a.svg", Kind.UNSUPPORTED), ("a.psd", Kind.UNSUPPORTED),
        ("a.mp4", Kind.VIDEO), ("a.MOV", Kind.VIDEO),
        ("a.xmp", Kind.OTHER), ("a.AAE", Kind.OTHER), ("a.jpg.json", Kind.OTHER), ("a", Kind.OTHER),
        (".jpg", Kind.OTHER), ("jpg", Kind.OTHER), ("a.", Kind.OTHER), ("", Kind.OTHER), ("Thumbs.db", Kind.OTHER),
        ("._a.jpg", Kind.OTHER),
    ],
)  # fmt: skip
def test_kind_of(name, kind):
    assert kind_of(name) is kind


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "JPEG2000"])
def test_the_first_bytes_name_the_format(format_name):
    found = sniff(encoded(photo(40, 30), format_name)[:64])
    assert found.upper().replace(" ", "") == format_name


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "", "HEIC"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "", "HEIC"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "", "AVIF"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "", "RAW"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x01isomavc1", "", ""),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "", "RAW"),
        (b"II*\x00\x08\x00\x00\x00", "a.nef", "RAW"),
        (b"II*\x00\x08\x00\x00\x00", "a.tif", "TIFF"),
        (b"FUJIFILMCCD-RAW 0201", "", "RAW"),
        (b"BM but this is a text", "", ""),
        (b"", "", ""),
    ],
)
def test_containers_and_raw_files(head, name, expected):
    assert sniff(head, name) == expected


@given(st.binary(max_size=80), st.text(max_size=10))
def test_any_bytes_and_names_have_an_answer(head, name):
    assert isinstance(sniff(head, name), str)
    assert isinstance(sniff_unsupported(head), str)
    assert kind_of(name) in Kind


def test_parts():
    assert set(parts_present()) == {"heic", "raw"}


@pytest.mark.parametrize(
    ("make", "model", "name"),
    [
        ("Canon", "Canon EOS 80D", "Canon EOS 80D"),
        ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
        ("NIKON", "COOLPIX P7000", "NIKON COOLPIX P7000"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("OLYMPUS IMAGING CORP.", "E-M5", "OLYMPUS E-M5"),
        ("EASTMAN KODAK COMPANY", "KODAK DC240", "EASTMAN KODAK KODAK DC240"),
        ("Konica Minolta Camera, Inc.", "DiMAGE X50", "Konica Minolta DiMAGE X50"),
        ("", "X100", "X100"),
        ("Sony", "", "Sony"),
        ("", "", ""),
    ],
)
def test_camera_name(make, model, name):
    assert camera_name(make, model) == name


def test_metadata_round_trip():
    seen = read_metadata(exif(8, "Canon", "Canon EOS 80D", "2019:05:12 10:11:12"))
    assert seen.orientation == 8
    assert seen.camera == "Canon EOS 80D"
    assert seen.taken == datetime(2019, 5, 12, 10, 11, 12)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019:05:12 10:11:12", datetime(2019, 5, 12, 10, 11, 12)),
        ("2019-05-12T10:11:12", datetime(2019, 5, 12, 10, 11, 12)),
        ("2019:05:12 10:11:60", datetime(2019, 5, 12, 10, 11, 59)),
        ("2019:05:12", datetime(2019, 5, 12)),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2019:13:40 10:11:12", None),
        ("never", None),
    ],
)
def test_dates_as_cameras_write_them(text, when):
    assert read_metadata(exif(taken=text)).taken == when


def test_a_table_that_points_at_itself_ends():
    block = b"II*\0\x08\0\0\0" + struct.pack("<HHHIIHHII", 2, 0x8769, 4, 1, 8, 0x0112, 3, 1, 6) + bytes(4)
    assert read_metadata(block).orientation == 6


@given(st.binary(max_size=300))
def test_any_bytes_are_metadata_or_none(data):
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"Exif\0\0II*\0\x08\0\0\0"):
        assert isinstance(read_metadata(start + data), Metadata)
