"""Exports with bytes changed, cut out and put in: posts or a sentence, whatever the damage."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.insights import sources
from tests.exports import Style, business_rows, download_files, instaloader_files, some, write_business, write_zip

POSTS = some(6)


def made(folder: Path, kind: str) -> Path:
    """A sound export."""
    if kind == "download":
        return write_zip(folder / "a.zip", download_files(POSTS, insights=POSTS, pictures=False))
    if kind == "instaloader":
        return write_zip(folder / "a.zip", instaloader_files(POSTS))
    if kind == "utf-16":
        return write_business(folder / "a.csv", POSTS, Style(encoding="utf-16"))
    if kind == "csv":
        return write_business(folder / "a.csv", POSTS)
    book = openpyxl.Workbook()
    headers, rows = business_rows(POSTS, Style())
    for row in (headers, *rows):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def damage(data: bytes, draw: random.Random) -> bytes:
    """The same bytes with some changed, missing or too many."""
    out = bytearray(data)
    for _ in range(draw.choice([1, 1, 3, 20])):
        at, way = draw.randrange(len(out)), draw.random()
        if way < 0.5:
            out[at] = draw.randrange(256)
        elif way < 0.65:
            del out[at + 1 :]
        elif way < 0.85:
            del out[at + 1 : at + 1 + draw.randrange(50)]
        else:
            out[at:at] = draw.randbytes(draw.randrange(20))
    return bytes(out)


@pytest.mark.parametrize("kind", ["download", "instaloader", "csv", "utf-16", "xlsx"])
def test_damage_is_posts_or_a_sentence(tmp_path: Path, kind: str) -> None:
    path = made(tmp_path, kind)
    sound = path.read_bytes()
    draw = random.Random(11)
    said: list[str] = []
    for _ in range(60):
        path.write_bytes(damage(sound, draw))
        try:
            sources.read(path, sources.recognise(path).kind)
        except UserError as error:
            said.append(str(error))
    assert said or kind in ("csv", "utf-16")
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize("kind", ["download", "instaloader"])
def test_damage_within_a_sound_archive(tmp_path: Path, kind: str) -> None:
    files = download_files(POSTS, insights=POSTS, pictures=False) if kind == "download" else instaloader_files(POSTS)
    names = sorted(name for name in files if not name.endswith(".jpg"))
    draw = random.Random(12)
    for _ in range(60):
        name = draw.choice(names)
        path = write_zip(tmp_path / "a.zip", {**files, name: damage(files[name], draw)})
        try:
            reading = sources.read(path, sources.recognise(path).kind)
        except UserError:
            continue
        assert len(reading.posts) <= 2 * len(POSTS)
