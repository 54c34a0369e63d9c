"""Finding copies in a library: what is found, what a second run costs, and what a person's word changes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.core import archives
from desktop_app.core.catalog import not_copies, photos
from desktop_app.core.duplicates.sets import Change, KeepRules, Kind, Place, Prefer
from desktop_app.core.operations.copy_difference import difference
from desktop_app.core.operations.copy_merits import IN_ARCHIVE, load_rules, save_rules
from desktop_app.core.operations.copy_sets import facts, plan
from desktop_app.core.operations.copy_words import allow_copies, forbid_copies, say_not_copies
from desktop_app.core.operations.duplicates import FILE, find_duplicates
from desktop_app.core.operations.folders import remove_folder
from tests.core.copies_made import arranged, cropped, found, marked, names, noisy, save, scene, small
from tests.core.libraries import by_path, made, opened, run
from tests.core.shell import Shell
from tests.kept import Kept

FIRST = {"a.jpg", "a small.jpg", "a marked.jpg", "a left.jpg", "a cropped.jpg", "a mirrored.jpg", "a twice.jpg"}


@pytest.fixture
def folder(tmp_path: Path, kept: Kept) -> Path:
    """A photo with copies of every kind, an equal file, two shots of a burst, and photos unlike all others."""
    return kept.copy("copies", tmp_path, _save_copies) / "in"


def _save_copies(at: Path) -> Path:
    root = at / "in"
    one = scene(1)
    save(one, root / "a.jpg", 95)
    shutil.copy(root / "a.jpg", root / "a twice.jpg")
    save(small(one), root / "a small.jpg")
    save(marked(one), root / "a marked.jpg", 80)
    save(small(one, 0.9).transpose(Image.Transpose.ROTATE_90), root / "a left.jpg")
    save(cropped(one), root / "a cropped.jpg")
    save(one.transpose(Image.Transpose.FLIP_LEFT_RIGHT), root / "a mirrored.jpg", 70)
    noon = datetime(2020, 5, 1, 12)
    save(noisy(scene(2, moved=30)), root / "b1.jpg", taken=noon)
    save(noisy(scene(2, moved=60), 1), root / "b2.jpg", taken=noon + timedelta(seconds=1))
    for seed in range(10, 16):
        save(scene(seed), root / f"other {seed}.jpg")
    return root


SETS = {
    ("exact", frozenset({"a.jpg", "a twice.jpg"})),
    ("near", frozenset(FIRST)),
    ("burst", frozenset({"b1.jpg", "b2.jpg"})),
}


@pytest.fixture
def library(tmp_path: Path, folder: Path, kept: Kept):
    shutil.rmtree(folder)
    kept.copy("copies in a library", tmp_path, lambda at: made(at / "library", _save_copies(at)))
    with opened(tmp_path / "library") as library:
        yield library


def test_every_kind_is_found(library) -> None:
    assert names(library) == SETS


def test_exact_copies_are_told_at_once(library) -> None:
    steps = find_duplicates(library, threads=1)
    early = [step.exact for step in steps if step.exact is not None]
    assert not early[0].whole
    assert [one.kind for one in early[0].sets] == [Kind.EXACT]


def test_a_second_run_compares_nothing(library) -> None:
    first = found(library)
    again = found(library)
    assert first.compared > 0
    assert again.compared == 0
    assert again.sets == first.sets


def test_two_parts_are_as_one(tmp_path: Path, folder: Path) -> None:
    later = tmp_path / "later"
    later.mkdir()
    for file in sorted(folder.iterdir())[::2]:
        file.rename(later / file.name)
    with opened(tmp_path / "parts") as library:
        run(library, folder)
        found(library)
        run(library, later)
        again = found(library)
        assert names(library, again) == SETS
        keys = {one.key for one in again.sets}
    with opened(tmp_path / "whole") as library:
        run(library, later, folder)
        assert {one.key for one in found(library).sets} == keys


def test_stopped_and_gone_on_with(library) -> None:
    steps = find_duplicates(library, threads=1)
    for _ in range(6):
        next(steps)
    steps.close()
    assert names(library) == SETS


@pytest.mark.parametrize("harm", ["cut", "garbage", "empty", "folder", "old"])
def test_a_damaged_cache_is_made_again(library, harm: str) -> None:
    found(library)
    file = library.folder / FILE
    if harm == "folder":
        for one in library.folder.glob(f"{FILE}*"):
            one.unlink()
        file.mkdir()
    elif harm == "old":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA user_version=999")
    else:
        data = file.read_bytes()
        file.write_bytes({"cut": data[: len(data) // 2], "garbage": b"x" * len(data), "empty": b""}[harm])
    assert names(library) == SETS
    assert names(library) == SETS


def test_a_library_that_is_only_read(tmp_path: Path, folder: Path) -> None:
    with opened(tmp_path / "library") as library:
        run(library, folder)
    with opened(tmp_path / "library", writable=False) as library:
        assert names(library) == SETS
    assert not (tmp_path / "library" / FILE).exists()


def test_a_photo_that_is_gone_is_in_no_set(library, folder: Path) -> None:
    before = found(library)
    (folder / "b2.jpg").unlink()
    (folder / "a twice.jpg").unlink()
    run(library, folder)
    assert names(library) == {("near", frozenset(FIRST - {"a twice.jpg"}))}
    assert {one.kind for one in arranged(library, before).sets} == {Kind.NEAR}


# --- what to keep ------------------------------------------------------------------------------------------------


def test_the_original_is_kept_and_never_all_go(library) -> None:
    sets = arranged(library)
    path_of = {id_: path.name for path, id_ in by_path(library).items()}
    near, exact, burst = (sets.of(kind)[0] for kind in (Kind.NEAR, Kind.EXACT, Kind.BURST))
    assert path_of[near.suggestion.keep] in ("a.jpg", "a twice.jpg")
    assert near.copies[0].photo == near.suggestion.keep
    assert near.copies[0].how is None
    told = {path_of[copy.photo]: copy.how for copy in near.copies[1:]}
    assert told["a left.jpg"].changes[0] is Change.TURNED_LEFT
    assert told["a left.jpg"].turn == 270
    assert Change.MIRRORED in told["a mirrored.jpg"].changes
    assert Change.EDITED in told["a marked.jpg"].changes
    assert Change.CROPPED in told["a cropped.jpg"].changes
    assert told["a small.jpg"].changes == (Change.SMALLER,)
    assert path_of[exact.suggestion.keep] == "a.jpg"
    assert burst.suggestion.go == ()
    for one in sets.sets:
        everything = {photo for copy in one.copies for photo in (copy.photo, *copy.same)}
        assert set(one.suggestion.go) < everything
        assert one.suggestion.keep not in one.suggestion.go
    assert sets.summary.exact.extra == 1
    assert sets.summary.near.extra == 5  # the equal file of the kept one is the exact set's


def test_the_plan_keeps_one_of_every_set(library) -> None:
    sets = arranged(library)
    done = plan(library, sets.sets)
    assert done.sets == 2
    assert not set(done.go) & set(done.stay)
    known = photos.fetch(library.connection, done.go)
    assert done.bytes == sum(photo.size for photo in known.values())
    exact = plan(library, sets.of(Kind.EXACT))
    assert (exact.sets, len(exact.go)) == (1, 1)


def test_rules_are_remembered_and_obeyed(library, folder: Path) -> None:
    assert load_rules(library) == KeepRules()
    own = next(iter(photos.fetch(library.connection, list(by_path(library).values())).values())).folder
    (folder / "keep").mkdir()
    (folder / "a small.jpg").rename(folder / "keep" / "a small.jpg")
    run(library, folder)
    rules = KeepRules(folders=(Place(own, "keep"),), prefer=(Prefer.FOLDER, Prefer.FILE_SIZE))
    save_rules(library, rules)
    assert load_rules(library) == rules
    near = arranged(library).of(Kind.NEAR)[0]
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    assert near.suggestion.keep == ids["a small.jpg"]
    assert near.suggestion.reason == "in the preferred folder"
    told = {copy.photo: copy.how for copy in near.copies[1:]}
    assert Change.LARGER in told[ids["a mirrored.jpg"]].changes
    save_rules(library, KeepRules(protected=(Place(own),)))
    assert all(one.suggestion.go == () for one in arranged(library).sets)
    library.set_meta("copy_rules", '{"prefer": [7], "folders": 3}')
    assert load_rules(library) == KeepRules()


def test_what_is_in_a_zip_file_stays(tmp_path: Path, folder: Path) -> None:
    archive = tmp_path / "old.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(folder / "a.jpg", "x/a.jpg")
        file.write(folder / "other 10.jpg", "x/other.jpg")
    with opened(tmp_path / "library") as library:
        run(library, folder)
        run(library, archives.as_folder(archive))
        sets = arranged(library)
        ids = by_path(library)
        inside = {id_ for path, id_ in ids.items() if "old.zip" in str(path)}
        assert len(inside) == 2
        assert not inside & {photo for one in sets.sets for photo in one.suggestion.go}
        twice = next(one for one in sets.of(Kind.EXACT) if len(one.copies) == 2)
        assert {copy.kept_because for copy in twice.copies} == {"", IN_ARCHIVE}


def test_facts_of_a_set(library) -> None:
    sets = arranged(library)
    shown = facts(library, sets.of(Kind.NEAR)[0])
    rows = {row.title: row for row in shown.rows}
    assert len(shown.photos) == len(shown.set.copies) == 6
    assert rows["Size in pixels"].values[0] == "420 × 300 pixels"
    assert 0 in rows["Size in pixels"].best
    assert all(len(row.values) == len(shown.photos) for row in shown.rows)
    assert rows["Name"].differs


# --- not copies ---------------------------------------------------------------------------------------------------


def test_not_copies_is_for_good_and_can_be_undone(library, folder: Path, tmp_path: Path) -> None:
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    said = say_not_copies(library, [ids["a small.jpg"]], [ids[name] for name in FIRST if name != "a small.jpg"])
    assert len(said.pairs) == 5  # by content: two files are equal
    left = ("near", frozenset(FIRST - {"a small.jpg"}))
    assert left in names(library)
    # the file moves, its folder is taken away and comes back: the word holds
    (folder / "sub").mkdir()
    (folder / "a small.jpg").rename(folder / "sub" / "renamed.jpg")
    run(library, folder)
    assert left in names(library)
    undone = allow_copies(library, said.pairs)
    assert undone.pairs == said.pairs
    assert not_copies.count(library.connection) == 0
    assert len(forbid_copies(library, undone.pairs).pairs) == 5
    assert say_not_copies(library, [ids["a small.jpg"], ids["a.jpg"]]).pairs == ()


def test_not_copies_of_equal_files(library) -> None:
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    said = say_not_copies(library, [ids["a.jpg"], ids["a twice.jpg"]])
    assert len(said.pairs) == 1
    assert not arranged(library).of(Kind.EXACT)


def test_not_one_scene(library) -> None:
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    say_not_copies(library, [ids["b1.jpg"], ids["b2.jpg"]])
    assert not arranged(library).of(Kind.BURST)


# --- differences and the command ------------------------------------------------------------------------------------


def test_the_picture_of_what_differs(library) -> None:
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    same = difference(library, ids["a.jpg"], ids["a left.jpg"])
    assert same.share is not None
    mark = difference(library, ids["a.jpg"], ids["a marked.jpg"])
    assert mark.pixels.shape == mark.one.shape == mark.other.shape
    red = (mark.pixels[..., 0] > 150) & (mark.pixels[..., 1] < 120)
    rows = red.any(axis=1).nonzero()[0]
    assert mark.share is not None
    assert mark.share > same.share
    assert 36 <= rows.min() * 300 / len(red) <= 46  # where the line was drawn
    assert difference(library, ids["a.jpg"], ids["other 10.jpg"]).share is None


def test_a_file_that_is_away_differs_by_its_thumbnail(library, folder: Path) -> None:
    ids = {path.name: id_ for path, id_ in by_path(library).items()}
    (folder / "a small.jpg").unlink()
    assert difference(library, ids["a.jpg"], ids["a small.jpg"]).small


def test_the_command(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(tmp_path / "library", capsys)
    assert "no library" in shell.fails("duplicates")
    assert not (tmp_path / "library").exists()
    shell.index(folder)
    status, out, _ = shell.run("duplicates", "--json")
    groups = json.loads(out)["groups"]
    assert status == 0
    assert {(one["kind"], frozenset(Path(path).name for path in one["paths"])) for one in groups} == SETS
    assert all(Path(path).is_absolute() for one in groups for path in one["paths"])
    assert all(0 <= one["score"] <= 1 for one in groups)
    status, out, _ = shell.run("duplicates", "--threshold", "1", "--json")
    assert {one["kind"] for one in json.loads(out)["groups"]} == {"exact"}
    status, out, err = shell.run("duplicates")
    assert status == 0
    assert "a small.jpg" in out
    assert "1 exact copy, " in err


def test_a_library_without_photos(tmp_path: Path) -> None:
    with opened(tmp_path / "library") as library:
        assert found(library).sets == ()
        assert arranged(library).sets == ()


def test_a_folder_that_was_removed_is_not_looked_at(library, folder: Path) -> None:
    own = next(iter(photos.fetch(library.connection, list(by_path(library).values())).values())).folder
    remove_folder(library, own)
    assert found(library).photos == 0
