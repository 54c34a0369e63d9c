"""The map of a library: kept beside the catalogue, added to without moving anything, stopped without loss."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from desktop_app.cli import main
from desktop_app.core.errors import UserError
from desktop_app.core.index.hnsw import HnswIndex
from desktop_app.core.mapping.trust import trustworthiness
from desktop_app.core.operations import neighbourhood
from desktop_app.core.operations.finish import graph_stamp
from desktop_app.core.operations.map import keep_map, load_map, make_map, map_file, update_map
from desktop_app.core.operations.map_colours import dates, theme_names
from desktop_app.core.operations.map_picture import draw_map
from desktop_app.core.operations.map_tiles import SIDE, load_tiles, read_tiles, save_tiles
from tests.core.libraries import made, opened, run
from tests.kept import Kept
from tests.photos import save_many


def end(steps):
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value


@pytest.fixture
def library(tmp_path: Path, kept: Kept):
    def make(at: Path) -> None:
        save_many(at / "photos", range(30))
        made(at / "library", at / "photos")

    kept.copy("thirty photos", tmp_path, make)
    with opened(tmp_path / "library") as library:
        yield library


def same(one, other) -> bool:
    fields = ("photos", "points", "later", "cells", "rows")
    return one.descriptor == other.descriptor and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in fields
    )


def test_every_photo_is_on_it_once(library) -> None:
    made = end(make_map(library))
    assert len(made.photos) == 30
    assert (np.diff(made.photos) > 0).all()
    assert np.isfinite(made.points).all()
    assert len(np.unique(made.cells, axis=0)) == 30
    assert not made.later.any()
    assert same(made, end(make_map(library)))  # and again the same


def test_it_is_kept_and_read_back(library) -> None:
    assert load_map(library) is None
    made = end(make_map(library))
    keep_map(library, made)
    found = load_map(library)
    assert found is not None
    assert same(made, found)
    assert update_map(library, found) is found


def test_stopped_it_leaves_the_last_one(library) -> None:
    made = end(make_map(library))
    keep_map(library, made)
    before = map_file(library.files()).read_bytes()
    steps = make_map(library)
    for _ in range(4):
        next(steps)
    steps.close()
    assert map_file(library.files()).read_bytes() == before
    assert [file.name for file in (library.folder / "map").iterdir()] == [map_file(library.files()).name]


def test_new_photos_do_not_move_the_old(library, tmp_path: Path) -> None:
    made = end(make_map(library))
    keep_map(library, made)
    save_many(tmp_path / "more", range(100, 108))
    run(library, tmp_path / "more")
    more = update_map(library, made)
    assert len(more.photos) == 38
    old = np.isin(more.photos, made.photos)
    assert np.array_equal(more.points[old], made.points)
    assert not more.later[old].any()
    assert more.later[~old].all()
    assert len(np.unique(more.cells, axis=0)) == 38
    assert np.abs(more.points[~old]).max() <= np.abs(made.points).max() + 2  # among the others


def test_a_copy_of_a_photo_comes_right_beside_it(library, tmp_path: Path) -> None:
    made = end(make_map(library))
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "copy.jpg").write_bytes((tmp_path / "photos" / "photo 3.jpg").read_bytes())
    run(library, tmp_path / "copies")
    anew = end(make_map(library))
    own = dict(zip(anew.photos.tolist(), anew.points, strict=True))
    copy = max(own)
    rows = dict(zip(anew.photos.tolist(), anew.rows.tolist(), strict=True))
    matrix = library.view.matrix
    twin = max((one for one in own if one != copy), key=lambda one: float(matrix[rows[one]] @ matrix[rows[copy]]))
    assert np.linalg.norm(own[copy] - own[twin]) < 1.5
    assert len(made.photos) == 30


def test_photos_that_went_are_taken_off(library, tmp_path: Path) -> None:
    made = end(make_map(library))
    for at in range(5):
        (tmp_path / "photos" / f"photo {at}.jpg").unlink()
    run(library, tmp_path / "photos")
    fewer = update_map(library, made)
    assert len(fewer.photos) == 25
    left = np.isin(made.photos, fewer.photos)
    assert np.array_equal(fewer.points, made.points[left])


@pytest.mark.parametrize("harm", [b"", b"PK", b"not a file of ours" * 50])
def test_a_damaged_file_counts_as_none(library, harm: bytes) -> None:
    keep_map(library, end(make_map(library)))
    map_file(library.files()).write_bytes(harm)
    assert load_map(library) is None


def test_a_cut_file_counts_as_none(library) -> None:
    keep_map(library, end(make_map(library)))
    file = map_file(library.files())
    whole = file.read_bytes()
    for cut in range(0, len(whole), max(1, len(whole) // 40)):
        file.write_bytes(whole[:cut])
        assert load_map(library) is None


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "empty") as library, pytest.raises(UserError, match="no photo"):
        end(make_map(library))


def test_many_photos_go_through_the_graph(library, monkeypatch) -> None:
    exact = end(make_map(library))
    monkeypatch.setattr(neighbourhood, "EXACT_UP_TO", 10)
    made = end(make_map(library))
    assert np.array_equal(made.photos, exact.photos)
    matrix = np.ascontiguousarray(library.view.matrix[made.rows])
    assert trustworthiness(matrix, made.points) > 0.7
    library.hnsw_file.unlink()  # made for the moment where it is missing
    assert len(end(make_map(library)).photos) == 30


def test_the_graphs_table_holds_the_nearest(library) -> None:
    view = library.view
    graph = HnswIndex.load(library.hnsw_file, graph_stamp(library.main, view), view.matrix)
    assert graph is not None
    elements, near, cosines = end(graph.table(view.matrix, 5))
    scores = view.matrix[elements] @ view.matrix[elements].T
    np.fill_diagonal(scores, -np.inf)
    np.testing.assert_allclose(cosines, -np.sort(-scores, axis=1)[:, :5], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(scores, near, 1), cosines, atol=1e-5)


def test_tiles_are_kept_for_the_photos_they_show(library) -> None:
    made = end(make_map(library))
    tiles, there = read_tiles(library, made.photos.tolist())
    assert tiles.shape == (30, SIDE, SIDE, 3)
    assert there.all()
    assert len(np.unique(tiles.reshape(30, -1), axis=0)) > 20
    assert not load_tiles(library, made.photos, made.rows)[1].any()
    save_tiles(library, made.photos[:20], made.rows[:20], tiles[:20])
    found, known = load_tiles(library, made.photos, made.rows)
    assert known.tolist() == [True] * 20 + [False] * 10
    assert np.array_equal(found[:20], tiles[:20])
    assert not load_tiles(library, made.photos, made.rows + 1)[1].any()  # they show something else now


def test_dates_and_themes(library) -> None:
    made = end(make_map(library))
    days = dates(library, np.append(made.photos, 10_000))
    assert np.isfinite(days[:-1]).all()
    assert np.isnan(days[-1])
    assert theme_names(library, made.photos) is None


@pytest.mark.parametrize("sheet", [False, True])
def test_the_picture_shows_every_photo(library, sheet: bool) -> None:
    made = end(make_map(library))
    picture = end(draw_map(library, made, width=400, height=300, sheet=sheet, ground=(255, 0, 255)))
    assert picture.shape == (300, 400, 3)
    covered = (picture != (255, 0, 255)).any(axis=2).mean()
    assert 0.1 < covered < 0.98
    assert (picture[0] == (255, 0, 255)).all()


def test_the_command_writes_numbers_and_a_picture(library, tmp_path: Path, capsys) -> None:
    folder = library.folder
    library.close()
    out = ["--csv", str(tmp_path / "map.csv"), "--png", str(tmp_path / "map.png")]
    assert main(["map", "--library", str(folder), "--json", *out]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["photos"]) == 30
    assert {Path(one["path"]).name for one in found["photos"]} == {f"photo {at}.jpg" for at in range(30)}
    lines = (tmp_path / "map.csv").read_text("utf-8").splitlines()
    assert lines[0] == "path,x,y,column,row"
    assert len(lines) == 31
    from PIL import Image

    with Image.open(tmp_path / "map.png") as picture:
        assert picture.size == (4961, 3508)
    assert main(["map", "--library", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found  # from the file
    assert main(["map", "--library", str(folder), "--csv", str(tmp_path / "no" / "such" / "folder.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err
