"""What files and side-cars say: places, stars, keywords, titles; and strangers who say it wrongly on purpose."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from desktop_app.core.images.embedded import embedded
from desktop_app.core.images.metadata import Place, read_place
from desktop_app.core.images.sidecar import (
    read_again,
    read_embedded,
)
from desktop_app.core.images.xmp import read_xmp
from desktop_app.core.types import Details
from tests.core.picture_factory import dng
from tests.core.written import HEAD, TAIL, bag, packet, placed_exif, save_written
from tests.photos import scene

BERLIN = (pytest.approx(52.52, abs=1e-6), pytest.approx(13.405, abs=1e-6))


def place_of(details: Details | Place) -> tuple[float | None, float | None]:
    return details.latitude, details.longitude


# --- EXIF -------------------------------------------------------------------------------------------------------


def test_place_and_height() -> None:
    found = read_place(placed_exif().tobytes())
    assert place_of(found) == BERLIN
    assert found.altitude == pytest.approx(34)
    south = read_place(placed_exif((33.0, 52.0, 7.7), "S", (70.0, 30.0, 0.0), "W").tobytes())
    assert place_of(south) == (pytest.approx(-33.86880, abs=1e-4), pytest.approx(-70.5))


@pytest.mark.parametrize(
    ("latitude", "north", "longitude", "east"),
    [
        ((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"),  # devices that do not know where they are
        ((91.0, 0.0, 0.0), "N", (13.0, 0.0, 0.0), "E"),
        ((52.0, 0.0, 0.0), "N", (181.0, 0.0, 0.0), "E"),
        ((52.0, 0.0, 0.0), "X", (13.0, 0.0, 0.0), "E"),
        ((52.0, 0.0, 0.0), "", (13.0, 0.0, 0.0), "E"),
    ],
)
def test_what_is_no_place(latitude: object, north: str, longitude: object, east: str) -> None:
    assert place_of(read_place(placed_exif(latitude, north, longitude, east).tobytes())) == (None, None)


def gps(order: str, *entries: tuple[int, int, int, bytes]) -> bytes:
    """An EXIF block whose GPS table has these (tag, kind, count, up to 4 bytes or where they are)."""
    table = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        table += struct.pack(order + "HHI", tag, kind, count) + value
    head = {"<": b"II*\x00", ">": b"MM\x00*"}[order] + struct.pack(order + "I", 8)
    first = struct.pack(order + "HHHII", 1, 0x8825, 4, 1, 26) + bytes(4)
    return head + first + table


@pytest.mark.parametrize("order", ["<", ">"])
def test_division_by_nothing_and_places_outside_of_the_block(order: str) -> None:
    at = 26 + 2 + 4 * 12
    values = struct.pack(order + "6I", 52, 1, 0, 0, 0, 0) + struct.pack(order + "6I", 13, 0, 1, 1, 1, 1)

    def where(offset: int) -> bytes:
        return struct.pack(order + "I", offset)

    sides = ((1, 2, 2, b"N\x00\x00\x00"), (3, 2, 2, b"E\x00\x00\x00"))
    nothing = gps(order, *sides, (2, 5, 3, where(at)), (4, 5, 3, where(at + 24))) + values
    assert place_of(read_place(nothing)) == (None, None)  # 13/0 degrees
    good = gps(order, *sides, (2, 5, 3, where(at)), (4, 5, 3, where(at))) + values
    assert place_of(read_place(good)) == (52, 52)  # minutes and seconds of 0/0 are none
    outside = gps(order, *sides, (2, 5, 3, where(0xFFFFFFF0)), (4, 5, 0xFFFFFFFF, where(at)))
    assert place_of(read_place(outside)) == (None, None)


@given(st.binary(max_size=400), st.sampled_from([b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08"]))
def test_no_bytes_make_exif_fail(data: bytes, head: bytes) -> None:
    found = read_place(head + data)
    assert found.latitude is None or abs(found.latitude) <= 90


@given(st.data())
def test_damaged_exif_never_fails(data: st.DataObject) -> None:
    block = bytearray(placed_exif().tobytes())
    for _ in range(data.draw(st.integers(1, 8))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    found = read_place(bytes(block[: data.draw(st.integers(0, len(block)))]))
    assert (found.latitude is None) == (found.longitude is None)


# --- XMP --------------------------------------------------------------------------------------------------------


def test_what_lightroom_and_digikam_write() -> None:
    more = (
        bag("lr:hierarchicalSubject", "Places|Germany|Berlin")
        + bag("digiKam:TagsList", "Places/Germany/Berlin", "Trip & tour", kind="Seq")
        + "<exif:GPSLatitude>52,31.2N</exif:GPSLatitude><exif:GPSLongitude>13,24,18E</exif:GPSLongitude>"
        + "<exif:GPSAltitude>340/10</exif:GPSAltitude><exif:GPSAltitudeRef>0</exif:GPSAltitudeRef>"
    )
    said = read_xmp(packet("tower", "BERLIN", rating=4, title="The tower", description="From\nbelow", more=more))
    assert said.rating == 4
    assert said.keywords == ("tower", "BERLIN", "Places", "Germany", "Trip & tour")
    assert (said.title, said.description) == ("The tower", "From below")
    assert place_of(said) == BERLIN
    assert said.altitude == 34


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("-1", -1),
        ("0", 0),
        ("5", 5),
        ("3.0", 3),
        ("9", 5),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("many", None),
    ],
)
def test_stars(written: str, meant: int | None) -> None:
    assert read_xmp(packet(rating=written)).rating == meant
    element = f"{HEAD}><xmp:Rating>{written}</xmp:Rating>{TAIL}".encode()
    assert read_xmp(element).rating == meant


@pytest.mark.parametrize(("percent", "stars"), [(1, 1), (25, 2), (50, 3), (75, 4), (99, 5), (0, 0)])
def test_stars_in_percent(percent: int, stars: int) -> None:
    assert read_xmp(f'{HEAD} MicrosoftPhoto:Rating="{percent}">{TAIL}'.encode()).rating == stars


def test_other_encodings_and_what_stands_around() -> None:
    text = packet("Zürich", rating=2).decode()
    for data in (text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode(), b"\n" + text.encode() + b"  \x00\x00"):
        assert read_xmp(data).keywords == ("Zürich",)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB + packet("&c;").replace(b"<?xpacket", b"<!--", 1).replace(b'd"?>', b"-->", 1).replace(b"&amp;", b"&"),
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + packet("word", rating=1)[57:],
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Rating>&e;</Rating>',
        b"<Rating>" * 200_000,
        b"<Rating>&nbsp;</Rating>",
        b'<?xml version="1.0" encoding="none-such"?><Rating/>',
        b'<?xml version="1.0" encoding="utf-7"?><Rating/>',
        packet("word", rating=1)[:-40],
        b"Rating",
        b"\xff\xfeRating",
        b"\x00" * 100,
    ],
)
def test_what_is_refused(data: bytes) -> None:
    assert read_xmp(data) == Details()


def test_what_programs_write_where_nobody_wrote() -> None:
    said = read_xmp(packet("sunset, mountains;sea", ",", title="x-default", description="OLYMPUS DIGITAL CAMERA"))
    assert said == Details(keywords=("sunset", "mountains", "sea"))


def test_limits() -> None:
    said = read_xmp(packet(*(f"word {n}" for n in range(2000)), "x" * 5000, title="y" * 20_000))
    assert len(said.keywords) == 500
    assert len(said.title) == 1000
    assert read_xmp(packet("x" * 5000)).keywords == ("x" * 200,)
    assert read_xmp(packet("word") + b" " * (5 << 20)) == Details()
    assert read_xmp(packet("a\x85b\u202ec\u200bd")).keywords == ("a b c d",)


@given(st.binary(max_size=300))
def test_no_bytes_make_xmp_fail(data: bytes) -> None:
    read_xmp(b"Rating" + data)
    read_xmp(HEAD.encode() + b">" + data + TAIL.encode())


@given(
    st.lists(st.text(max_size=30), max_size=6),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(alphabet="0123456789,.NSEW/-", max_size=12),
)
@example(["a|b"], "3", "52,31.2N")
def test_whatever_stands_in_a_packet(words: list[str], rating: str, coordinate: str) -> None:
    def plain(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and c not in '<>&"')

    where = f"<exif:GPSLatitude>{coordinate}</exif:GPSLatitude><exif:GPSLongitude>{coordinate}</exif:GPSLongitude>"
    said = read_xmp(packet(*map(plain, words), rating=plain(rating), more=where))
    assert said.rating is None or -1 <= said.rating <= 5
    assert {word.casefold() for word in said.keywords} == {
        " ".join(part.split()).casefold()
        for word in words
        for part in plain(word).replace(";", ",").split(",")
        if part.split()
    }


# --- formats ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.avif"])
def test_where_formats_keep_it(tmp_path: Path, name: str, seed: int) -> None:
    path = save_written(tmp_path / name, seed, xmp=packet("tower", rating=3, title="T"))
    data = path.read_bytes()
    said = read_embedded(data, name)
    assert place_of(said) == BERLIN
    assert (said.rating, said.keywords, said.title) == (3, ("tower",), "T")
    assert read_again(path, None, tmp_path) == (said, len(data), path.stat().st_mtime_ns)


def test_heic(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    made = heif.from_pillow(Image.fromarray(scene(1)))
    out = io.BytesIO()
    made.save(out, exif=placed_exif().tobytes(), xmp=packet("tower", rating=3))
    said = read_embedded(out.getvalue(), "a.heic")
    assert place_of(said) == BERLIN
    assert (said.rating, said.keywords) == (3, ("tower",))


def test_camera_raw_has_none_to_begin_with() -> None:
    assert read_embedded(dng(64, 48), "a.dng") == Details()


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["a.jpg", "a.png", "a.webp", "a.tif", "a.avif", "a.nef", "a.raf"]))
def test_damaged_files_never_fail(made: dict[str, bytes], data: st.DataObject, name: str) -> None:
    block = bytearray(made.get(name, made["a.tif"]))
    for _ in range(data.draw(st.integers(0, 6))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    read_embedded(bytes(block[: data.draw(st.integers(0, len(block)))]), name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("made")
    names = ("a.jpg", "a.png", "a.webp", "a.tif", "a.avif")
    return {name: save_written(folder / name, 1, xmp=packet("x", rating=1)).read_bytes() for name in names}


@pytest.mark.parametrize("name", ["HEIC", "AVIF", "PNG", "WebP", "JPEG", "RAW"])
@given(data=st.binary(max_size=200))
def test_no_bytes_make_a_format_fail(name: str, data: bytes) -> None:
    embedded(data, name)
    embedded(b"\x00\x00\x00\x0cftypheic" + struct.pack(">I4s", len(data) + 8, b"meta") + data, name)
