"""Which files belong to a photo, and which only look as if they did."""

from __future__ import annotations

import os
import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.core.images import companions as module
from desktop_app.core.images.companions import CompanionKind, companions


def touch(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())


def of(folder: Path, name: str) -> dict[str, CompanionKind]:
    found = companions([folder / name])[folder / name]
    assert all(one.path.parent == folder for one in found)
    return {one.path.name: one.kind for one in found}


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def video(path: Path, seconds: float, *, identifier: bool = False, version: int = 0, last: bool = True) -> Path:
    """The boxes of a video: what a reader of its description sees."""
    if version:
        header = box(b"mvhd", b"\1\0\0\0" + struct.pack(">QQIQ", 0, 0, 600, round(600 * seconds)) + bytes(76))
    else:
        header = box(b"mvhd", bytes(4) + struct.pack(">IIII", 0, 0, 600, round(600 * seconds)) + bytes(76))
    keys = box(b"meta", box(b"keys", b"mdtacom.apple.quicktime.content.identifier")) if identifier else b""
    moov, data = box(b"moov", header + keys), box(b"mdat", bytes(5000))
    path.write_bytes(box(b"ftyp", b"qt  \0\0\0\0qt  ") + (data + moov if last else moov + data))
    return path


def test_each_kind_is_found_whatever_the_case(tmp_path: Path) -> None:
    touch(tmp_path, "IMG_1001.HEIC", "img_1001.aae", "IMG_O1001.AAE", "IMG_1001.XMP", "IMG_1001.heic.xmp")
    touch(tmp_path, "IMG_1001.HEIC.supplemental-metadata.json", "IMG_1002.AAE", "notes.txt", "IMG_1001.txt")
    video(tmp_path / "img_1001.mov", 2.8, identifier=True)
    assert of(tmp_path, "IMG_1001.HEIC") == {
        "img_1001.aae": CompanionKind.ADJUSTMENTS,
        "IMG_O1001.AAE": CompanionKind.ADJUSTMENTS,
        "IMG_1001.XMP": CompanionKind.SIDE_CAR,
        "IMG_1001.heic.xmp": CompanionKind.SIDE_CAR,
        "IMG_1001.HEIC.supplemental-metadata.json": CompanionKind.TAKEOUT,
        "img_1001.mov": CompanionKind.LIVE_VIDEO,
    }


def test_a_jpeg_takes_its_raw_along_and_not_the_other_way_round(tmp_path: Path) -> None:
    touch(tmp_path, "DSC_7.JPG", "DSC_7.NEF", "DSC_7.xmp", "DSC_7.NEF.xmp", "DSC_7.JPG.xmp")
    assert of(tmp_path, "DSC_7.JPG") == {
        "DSC_7.NEF": CompanionKind.RAW,
        "DSC_7.xmp": CompanionKind.SIDE_CAR,
        "DSC_7.NEF.xmp": CompanionKind.SIDE_CAR,
        "DSC_7.JPG.xmp": CompanionKind.SIDE_CAR,
    }
    assert set(of(tmp_path, "DSC_7.NEF")) == {"DSC_7.xmp", "DSC_7.NEF.xmp"}


@pytest.mark.parametrize("other", ["a 100.png", "a 100.psd", "a 100.jpeg", "A 100.jpg"])
def test_what_several_pictures_could_claim_is_nobodys(tmp_path: Path, other: str) -> None:
    touch(tmp_path, "a 100.jpg", other, "a 100.XMP", "a 100.aae", "a 100.cr2")
    video(tmp_path / "a 100.mov", 2, identifier=True)
    if {"a 100.jpg", other} <= set(os.listdir(tmp_path)):  # not where upper and lower case are one
        if other == "A 100.jpg":
            assert of(tmp_path, other) == {}
        else:
            assert of(tmp_path, "a 100.jpg") == {}
            assert of(tmp_path, other) == {}


def test_two_photos_that_differ_in_their_case_keep_what_is_spelt_like_them(tmp_path: Path) -> None:
    touch(tmp_path, "img.jpg", "IMG.jpg", "img.xmp", "IMG.jpg.xmp")
    if len(os.listdir(tmp_path)) == 4:
        assert set(of(tmp_path, "img.jpg")) == {"img.xmp"}
        assert set(of(tmp_path, "IMG.jpg")) == {"IMG.jpg.xmp"}


def test_a_video_of_the_same_name_is_a_live_photos_only_with_proof(tmp_path: Path) -> None:
    touch(tmp_path, "holiday.jpg", "IMG_0007.jpg", "IMG_0008.jpg", "IMG_0009.jpg", "IMG_0010.png", "IMG_0011.jpg")
    video(tmp_path / "holiday.mp4", 3)  # short, but a camera numbers
    video(tmp_path / "IMG_0007.mp4", 3)
    video(tmp_path / "IMG_0008.mov", 45)
    video(tmp_path / "IMG_0009.mov", 3)
    os.utime(tmp_path / "IMG_0009.mov", (1_000_000_000, 1_000_000_000))  # of another day
    video(tmp_path / "IMG_0010.mov", 3, identifier=True)  # no phone writes a PNG as a live photo
    (tmp_path / "IMG_0011.mov").write_bytes(b"no video at all")
    assert of(tmp_path, "holiday.jpg") == {}
    assert of(tmp_path, "IMG_0007.jpg") == {"IMG_0007.mp4": CompanionKind.LIVE_VIDEO}
    for name in ("IMG_0008.jpg", "IMG_0009.jpg", "IMG_0010.png", "IMG_0011.jpg"):
        assert of(tmp_path, name) == {}


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("last", [True, False])
def test_a_videos_description_is_read_wherever_it_stands(tmp_path: Path, version: int, last: bool) -> None:
    touch(tmp_path, "IMG_0007.jpg")
    video(tmp_path / "IMG_0007.mov", 5.9, version=version, last=last)
    assert "IMG_0007.mov" in of(tmp_path, "IMG_0007.jpg")
    video(tmp_path / "IMG_0007.mov", 6.2, version=version, last=last)
    assert of(tmp_path, "IMG_0007.jpg") == {}
    video(tmp_path / "IMG_0007.mov", 300, version=version, last=last, identifier=True)
    os.utime(tmp_path / "IMG_0007.mov", (1, 1))
    assert "IMG_0007.mov" in of(tmp_path, "IMG_0007.jpg")


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_bytes_of_a_video_hurt(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        touch(folder, "IMG_0007.jpg")
        (folder / "IMG_0007.mov").write_bytes(box(b"ftyp", b"qt  ") + struct.pack(">I", 500) + b"moov" + b"mvhd" + data)
        assert set(of(folder, "IMG_0007.jpg")) <= {"IMG_0007.mov"}


@pytest.mark.parametrize(
    ("photo", "json"),
    [
        ("IMG_1.jpg", "IMG_1.jpg.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.suppl.json"),
        ("IMG_1(2).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"),
        ("IMG_1(2).jpg", "IMG_1(2).jpg.json"),
        ("A picture with a name that goes on and on and on.jpg", "A picture with a name that goes on and on and .json"),
    ],
)
def test_the_details_that_takeout_writes(tmp_path: Path, photo: str, json: str) -> None:
    touch(tmp_path, photo, json, "metadata.json", "IMG_1.json", "IMG_2.jpg.json")
    assert of(tmp_path, photo) == {json: CompanionKind.TAKEOUT}


def test_takeouts_number_tells_copies_apart(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "a(1).jpg", "a.jpg.json", "a.jpg(1).json")
    assert set(of(tmp_path, "a.jpg")) == {"a.jpg.json"}
    assert set(of(tmp_path, "a(1).jpg")) == {"a.jpg(1).json"}


def test_links_folders_archives_and_what_is_not_there(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "elsewhere")
    (tmp_path / "a.xmp").mkdir()
    (tmp_path / "a.aae").symlink_to(tmp_path / "elsewhere")
    assert of(tmp_path, "a.jpg") == {}
    nowhere, inside = tmp_path / "no folder" / "a.jpg", tmp_path / "a.zip!" / "a.jpg"
    assert companions([nowhere, inside]) == {nowhere: (), inside: ()}


def test_a_folder_is_listed_once_for_thousands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[Path] = []
    real = os.listdir
    monkeypatch.setattr(module.os, "listdir", lambda folder: (listed.append(folder), real(folder))[1])
    for folder in ("a", "b"):
        touch(tmp_path / folder, *(f"IMG_{n:04}.jpg" for n in range(300)), *(f"IMG_{n:04}.AAE" for n in range(300)))
    wanted = [tmp_path / folder / f"IMG_{n:04}.jpg" for folder in ("a", "b") for n in range(300)]
    assert {len(found) for found in companions(wanted).values()} == {1}
    assert len(listed) == 2


_STEMS = ["IMG_0001", "img_0001", "IMG_0002", "IMG_O0001", "a", "a.jpg", "a(1)"]
_ENDINGS = ["jpg", "JPG", "heic", "png", "cr2", "dng", "xmp", "XMP", "jpg.xmp", "aae", "mov", "jpg.json", "txt", "json"]


@given(names=st.sets(st.tuples(st.sampled_from(_STEMS), st.sampled_from(_ENDINGS)).map(".".join), max_size=12))
@settings(max_examples=120, deadline=None)
@example(names={"a.jpg", "a.jpg.jpg", "a.jpg.xmp"})
@example(names={"IMG_0001.jpg", "IMG_O0001.jpg", "IMG_O0001.aae"})
def test_laws(names: set[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        check_laws(Path(place), names)


def check_laws(folder: Path, names: set[str]) -> None:
    touch(folder, *names)
    pictures = [folder / one for one in names if module.kind_of(one) is module.Kind.PICTURE]
    found = companions(pictures)
    assert set(found) == set(pictures)
    owners: dict[Path, list[Path]] = {}
    for photo, belongings in found.items():
        assert photo not in {one.path for one in belongings}
        for one in belongings:
            owners.setdefault(one.path, []).append(photo)
            # a picture is a companion as a camera raw only, and nothing of another kind ever is one
            assert (module.kind_of(one.path.name) is module.Kind.PICTURE) == (one.kind is CompanionKind.RAW)
            assert one.path.suffix.lower() in {".xmp", ".aae", ".mov", ".json", ".cr2", ".dng"}
    for belongings in owners.values():  # a photo and its raw may share a side-car; nobody else shares anything
        stems = {one.stem.lower() for one in belongings}
        assert len(belongings) == 1 or (len(belongings) == 2 and len(stems) == 1)
