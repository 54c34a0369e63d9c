"""Places, stars and keywords in a library: read while photos are added, and brought level afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.catalog import details, photos
from desktop_app.core.images import sidecar as sidecars
from desktop_app.core.library import Library
from desktop_app.core.operations import details as operation
from desktop_app.core.operations.details import level_details, of
from desktop_app.core.types import Details, PhotoId
from tests.core.libraries import by_path, opened, run
from tests.core.written import packet, save_written, sidecar
from tests.photos import save, save_many


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as made:
        yield made


def said(library: Library, path: Path) -> Details:
    return of(library, by_path(library)[path])


def stands(library: Library, path: Path) -> tuple[int | None, tuple[str, ...], str]:
    found = said(library, path)
    return found.rating, found.keywords, found.sidecar_name


@pytest.fixture
def photo(library: Library, tmp_path: Path) -> Path:
    """A photo with stars and a keyword of its own, added."""
    path = save_written(tmp_path / "in" / "a.jpg", 1, xmp=packet("tower", rating=3))
    save(tmp_path / "in" / "b.jpg", 2)
    run(library, tmp_path / "in")
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read again for their details."""
    names: list[str] = []
    read = sidecars.read_again

    def read_again(path: Path, *others: object) -> object:
        names.append(path.name)
        return read(path, *others)

    monkeypatch.setattr(operation, "read_again", read_again)
    return names


def test_they_are_read_while_photos_are_added(library: Library, tmp_path: Path, reads: list[str]) -> None:
    path = save_written(tmp_path / "in" / "a.jpg", 1, xmp=packet("tower", "Berlin", rating=3, title="T"))
    sidecar(tmp_path / "in" / "b.xmp", "bridge", rating=5, description="D")
    plain = save(tmp_path / "in" / "b.jpg", 2)
    run(library, tmp_path / "in")
    assert reads == []
    a, b = said(library, path), said(library, plain)
    assert (a.rating, a.keywords, a.title, a.sidecar) == (3, ("Berlin", "tower"), "T", "")
    assert (a.latitude, a.longitude, a.altitude) == (pytest.approx(52.52), pytest.approx(13.405), pytest.approx(34))
    assert (b.rating, b.keywords, b.description, b.sidecar_name) == (5, ("bridge",), "D", "b.xmp")
    assert of(library, PhotoId(99)) == Details()
    assert list(level_details(library)) == []


def test_a_side_car_comes_changes_and_goes(library: Library, photo: Path, reads: list[str]) -> None:
    beside = sidecar(photo.with_suffix(".xmp"), "bridge", rating=1)
    result = run(library)
    assert (result.read, result.updated) == (0, 0)
    assert stands(library, photo) == (1, ("bridge",), "a.xmp")
    sidecar(beside, "bridge", "river", rating=2)
    run(library)
    assert stands(library, photo) == (2, ("bridge", "river"), "a.xmp")
    sidecar(photo.with_name("a.jpg.xmp"), "nearer")
    run(library)
    assert stands(library, photo) == (3, ("nearer",), "a.jpg.xmp")
    photo.with_name("a.jpg.xmp").unlink()
    beside.unlink()
    run(library)
    assert stands(library, photo) == (3, ("tower",), "")
    assert reads == ["a.jpg"] * 4
    run(library)
    assert len(reads) == 4


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp"])
def test_only_the_side_car_is_looked_at(library: Library, photo: Path, reads: list[str], name: str) -> None:
    beside = sidecar(photo.with_name(name), "bridge", rating=1)
    (root,) = {one.folder for one in photos.fetch(library.connection, list(by_path(library).values())).values()}
    run(library, only=[root], within={root: [beside]})
    assert stands(library, photo) == (1, ("bridge",), name)
    beside.unlink()
    run(library, only=[root], within={root: [beside]})
    assert stands(library, photo) == (3, ("tower",), "")
    assert reads == ["a.jpg"] * 2


def test_a_photo_that_changes_moves_or_is_touched(library: Library, photo: Path) -> None:
    number = by_path(library)[photo]
    os.utime(photo, (1, 1))
    run(library)
    assert stands(library, photo) == (3, ("tower",), "")
    moved = photo.rename(photo.with_name("moved.jpg"))
    sidecar(moved.with_suffix(".xmp"), rating=4)
    run(library)
    assert by_path(library)[moved] == number
    assert stands(library, moved) == (4, ("tower",), "moved.xmp")
    save_written(moved, 7, xmp=packet("other"))
    run(library)
    assert stands(library, moved) == (4, ("other",), "moved.xmp")


def test_what_came_in_before_is_read_afterwards(library: Library, tmp_path: Path, reads: list[str]) -> None:
    path = save_written(tmp_path / "in" / "a.jpg", 1, xmp=packet("tower", rating=3))
    save_many(tmp_path / "in", range(2, 5))
    sidecar(tmp_path / "in" / "photo 3.xmp", rating=2)
    run(library, tmp_path / "in")
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM details")
        connection.execute("DELETE FROM keywords")
    assert said(library, path) == Details()
    run(library)
    assert sorted(reads) == ["a.jpg", "photo 2.jpg", "photo 3.jpg", "photo 4.jpg"]
    assert stands(library, path) == (3, ("tower",), "")
    assert stands(library, tmp_path / "in" / "photo 3.jpg") == (2, (), "photo 3.xmp")


def test_stopped_in_the_middle_it_carries_on(
    library: Library, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_many(tmp_path / "in", range(12), width=64, height=48)
    run(library, tmp_path / "in")
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM details")
    monkeypatch.setattr(operation, "_AT_ONCE", 4)
    monkeypatch.setattr(operation, "_SPEAK", 0.0)
    steps = level_details(library, workers=1)
    progress = next(steps)
    assert (progress.done, progress.total) == (4, 12)
    steps.close()
    assert len(reads) == 4
    list(level_details(library))
    assert len(reads) == 12
    assert len(details.get(library.connection, list(by_path(library).values()))) == 12


def test_files_that_changed_or_went_meanwhile_wait(library: Library, photo: Path, reads: list[str]) -> None:
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM details")
    content = photos.contents(library.connection, [by_path(library)[photo]])
    save(photo, 77)
    photo.with_name("b.jpg").unlink()
    list(level_details(library))
    assert sorted(reads) == ["a.jpg", "b.jpg"]
    assert details.get(library.connection, list(content)) == {}
    run(library)
    assert set(details.get(library.connection, list(content))) == set(content)


def test_they_go_with_their_photo(library: Library, photo: Path) -> None:
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM photos WHERE id = ?", (by_path(library)[photo],))
    assert library.connection.execute("SELECT count(*) FROM keywords").fetchone()[0] == 0
    assert library.connection.execute("SELECT count(*) FROM details").fetchone()[0] == 1
