"""Zip archives: read in place, and refused with a sentence where they should not be trusted."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from desktop_app.core import archives, paths
from desktop_app.core.archives import Archive, Damaged, as_folder, split
from desktop_app.core.errors import Unreadable, UserError
from desktop_app.core.images.decode import read_bytes, read_full
from desktop_app.core.types import Reason
from tests.photos import save_many


def made(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_out_as_they_went_in(tmp_path: Path, method: int) -> None:
    files = {"a.txt": b"", "deep/ü/b.bin": bytes(range(256)) * 9_000, "deep/c": b"x"}
    archive = Archive(made(tmp_path / "x.zip", files, method))
    assert {member.name for member in archive} == set(files)
    for name, data in files.items():
        assert archive.read(name, 1 << 30) == data
        with archive.open(name) as stream:
            assert stream.read() == data


def test_a_path_leads_into_an_archive() -> None:
    root = as_folder(Path("/some/Export.ZIP"))
    assert split(root) == (Path("/some/Export.ZIP"), "")
    assert split(root / "media" / "a!b.jpg") == (Path("/some/Export.ZIP"), "media/a!b.jpg")
    assert split(Path("/some/party!/a.jpg")) is None
    assert split(Path("/some/export.zip")) is None
    assert archives.display_name(root) == "Export.ZIP"


def test_what_is_in_it_is_there(tmp_path: Path) -> None:
    root = as_folder(made(tmp_path / "x.zip", {"in/a.jpg": b"1"}))
    assert paths.is_folder(root)
    assert paths.exists(root)
    assert paths.is_folder(root / "in")
    assert not paths.is_folder(root / "out")
    assert paths.is_file(root / "in" / "a.jpg")
    assert not paths.is_file(root / "in" / "b.jpg")
    assert not paths.exists(root / "in" / "b.jpg")
    split(root)[0].unlink()  # type: ignore[index]
    assert not paths.is_folder(root)
    assert not paths.is_file(root / "in" / "a.jpg")


@pytest.mark.parametrize("name", ["../out.jpg", "/etc/out.jpg", "C:/out.jpg", "a/../../out.jpg", "..\\out.jpg"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="leads out of it"):
        Archive(made(tmp_path / "x.zip", {name: b"1"}))


def test_a_password_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a.txt": b"1"})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match="protected by a password"):
        Archive(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("a.json", "w") as file:
        for _ in range(1_100):
            file.write(bytes(1 << 20))
    assert path.stat().st_size < 2 << 20
    with pytest.raises(UserError, match="would become 1 GB"):
        Archive(path)


def test_files_that_lie_on_each_other_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {f"{n}.bin": bytes(range(256)) * 40 for n in range(3)}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<II", 20_480, 20_480)  # the last one reaches over what is not its own
    path.write_bytes(data)
    with pytest.raises(UserError, match="lie on each other"):
        Archive(path)


@pytest.mark.parametrize("count", [2_000_000, 5_000_000_000])
def test_an_absurd_count_is_refused_before_anything_is_listed(tmp_path: Path, count: int) -> None:
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 46 * count, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (tmp_path / "x.zip").write_bytes(record + locator + end)
    with pytest.raises(UserError, match=f"{count:,} files"):
        Archive(tmp_path / "x.zip")


def test_broken_archives_are_a_sentence(tmp_path: Path) -> None:
    whole = made(tmp_path / "x.zip", {"a.txt": b"1" * 5_000, "b.txt": b"2"}).read_bytes()
    path = tmp_path / "y.zip"
    for data in (b"", b"no zip at all", whole[: len(whole) // 2], whole[:-5], whole[40:]):
        path.write_bytes(data)
        with pytest.raises(UserError, match=r"y\.zip"):
            Archive(path).read("a.txt", 1 << 20)
    with pytest.raises(UserError, match="not there"):
        Archive(tmp_path / "none.zip")


def test_a_damaged_file_in_a_sound_archive(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a.bin": bytes(range(256)) * 50, "b.txt": b"sound"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[1_000] ^= 255
    path.write_bytes(data)
    archive = Archive(path)
    with pytest.raises(Damaged, match=r"a\.bin in x\.zip is damaged"):
        archive.read("a.bin", 1 << 20)
    with pytest.raises(Damaged), archive.open("a.bin") as stream:
        stream.read()
    assert archive.read("b.txt", 100) == b"sound"
    with pytest.raises(Damaged, match="too large"):
        archive.read("b.txt", 4)


def test_more_bytes_than_promised_are_not_unpacked(tmp_path: Path) -> None:
    path = made(tmp_path / "x.zip", {"a.bin": bytes(50_000_000)})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1_000)
    path.write_bytes(data)
    with pytest.raises(Damaged, match="damaged"):
        Archive(path).read("a.bin", 1 << 30)


def test_a_picture_is_read_from_its_archive(tmp_path: Path) -> None:
    photo = save_many(tmp_path / "in", range(1))[0]
    root = as_folder(made(tmp_path / "x.zip", {"media/a.jpg": photo.read_bytes(), "media/empty.jpg": b""}))
    inside, outside = read_full(root / "media" / "a.jpg"), read_full(photo)
    assert inside.content == outside.content
    assert (inside.pixels == outside.pixels).all()
    assert inside.mtime_ns > 0
    with archives.opened(root / "media" / "a.jpg") as stream:
        assert stream.read() == photo.read_bytes()
    for name, reason in (("none.jpg", Reason.GONE), ("empty.jpg", Reason.EMPTY)):
        with pytest.raises(Unreadable) as raised:
            read_bytes(root / "media" / name)
        assert raised.value.reason is reason


def test_an_archive_that_is_replaced_is_listed_anew(tmp_path: Path) -> None:
    root = as_folder(made(tmp_path / "x.zip", {"a.jpg": b"1"}))
    assert read_bytes(root / "a.jpg") == b"1"
    made(tmp_path / "x.zip", {"b.jpg": b"22"})
    assert read_bytes(root / "b.jpg") == b"22"
    assert not paths.is_file(root / "a.jpg")


def test_a_stream_gives_pieces(tmp_path: Path) -> None:
    archive = Archive(made(tmp_path / "x.zip", {"a.txt": b"one\ntwo\nthree" * 10_000}))
    with archive.open("a.txt") as stream:
        lines = io.TextIOWrapper(stream, encoding="ascii").readlines()
    assert lines[:2] == ["one\n", "two\n"]
    assert len(lines) == 20_001
