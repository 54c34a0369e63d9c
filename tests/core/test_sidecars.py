"""Side-cars beside photos: whose they are, and what goes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.images.found import FoundSidecar
from desktop_app.core.images.sidecar import read_details, sidecar_among, sidecar_at, stamp
from desktop_app.core.types import Details
from tests.core.written import packet, save_written, sidecar


def test_the_side_car_goes_first(tmp_path: Path) -> None:
    photo = save_written(tmp_path / "a.jpg", 1, xmp=packet("tower", rating=3, title="T"))
    beside = sidecar(tmp_path / "a.jpg.xmp", "bridge", rating=5)
    found = sidecar_at(tmp_path, b"a.jpg")
    said = read_details(photo.read_bytes(), "a.jpg", found, tmp_path)
    assert (said.rating, said.keywords, said.title) == (5, ("bridge",), "T")
    assert (said.latitude, said.longitude) == (pytest.approx(52.52), pytest.approx(13.405))
    assert said.sidecar_name == "a.jpg.xmp"
    assert said.sidecar == stamp(FoundSidecar(b"a.jpg.xmp", beside.stat().st_size, beside.stat().st_mtime_ns))


def test_whose_side_car(tmp_path: Path) -> None:
    names = {b"s/img.jpg.xmp": 1, b"s/img.xmp": 2, b"other.xmp": 3}
    found = {name: FoundSidecar(name, size, 0) for name, size in names.items()}
    sizes = [
        getattr(sidecar_among(found, path), "size", None)
        for path in (b"s/IMG.jpg", b"s/IMG.NEF", b"IMG.jpg", b"Other.PNG", b"s/img", b"s.2/img")
    ]
    assert sizes == [1, 2, None, 3, 2, None]
    sidecar(tmp_path / "a.XMP", "x")
    assert getattr(sidecar_at(tmp_path, b"a.jpg"), "relative", None) in (b"a.XMP", b"a.xmp")
    (tmp_path / "b.xmp").mkdir()
    assert sidecar_at(tmp_path, b"b.jpg") is None
    assert sidecar_at(tmp_path, b"nothing\x00.jpg") is None


def test_a_side_car_that_is_gone_says_nothing(tmp_path: Path) -> None:
    photo = save_written(tmp_path / "a.jpg", 1, placed=False)
    said = read_details(photo.read_bytes(), "a.jpg", FoundSidecar(b"a.xmp", 1, 2), tmp_path)
    assert said == Details(sidecar="1 2 a.xmp")
