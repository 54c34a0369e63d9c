"""Labelled photos as folders, COCO and YOLO's layout: whole copies under names of their own, originals untouched."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.labelling import Answer, AnswerId, LabelSet, LabelSetId, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import copies
from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.label_copies import (
    Exported,
    export_coco,
    export_folders,
    export_yolo,
    folder_names,
    split,
)
from desktop_app.core.types import PhotoId
from tests.core.libraries import by_path, opened, run
from tests.core.test_label_files import ended
from tests.photos import save

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Eight photos, two of one name, two alike to the byte."""
    made = tmp_path / "photos"
    for at, name in enumerate(["a/1.jpg", "b/1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.png"]):
        save(made / name, at, 64 + at, 48)
    shutil.copy(made / "5.jpg", made / "copy of 5.jpg")
    return made


@pytest.fixture
def library(tmp_path: Path, root: Path) -> Iterator[Library]:
    before = contents(root)
    with opened(tmp_path / "library") as one:
        run(one, root)
        yield one
    assert contents(root) == before  # no export changes, moves or adds anything there


@pytest.fixture
def shapes(library: Library, root: Path) -> LabelSet:
    """Round: 1, 1, 2; CON: 3, 5, copy of 5; none of these: 4; a guess: 6."""
    made = operations.create_set(library, "shapes", ["round", "CON", "a/b", "A:B"]).label_set
    assert made is not None
    own = by_path(library)
    answer = {
        "a/1.jpg": 0,
        "b/1.jpg": 0,
        "2.jpg": 0,
        "3.jpg": 1,
        "5.jpg": 1,
        "copy of 5.jpg": 1,
    }
    pairs = [(own[root / name], made.answers[at].id) for name, at in answer.items()]
    operations.put_labels(library, made.id, [*pairs, (own[root / "4.jpg"], None)])
    operations.put_labels(library, made.id, [(own[root / "6.png"], made.answers[2].id)], Origin.BULK)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_for_each_answer(library: Library, shapes: LabelSet, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine = out / "round" / "2.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    originals = contents(root)
    assert ended(export_folders(library, shapes, out)) == Exported(out, 8, ())
    assert contents(out) == {
        "round/1.jpg": originals["a/1.jpg"],
        "round/1 (2).jpg": originals["b/1.jpg"],
        "round/2.jpg": b"mine",
        "round/2 (2).jpg": originals["2.jpg"],
        "CON_/3.jpg": originals["3.jpg"],
        "CON_/5.jpg": originals["5.jpg"],
        "CON_/copy of 5.jpg": originals["5.jpg"],
        "none of these/4.jpg": originals["4.jpg"],
        "a_b/6.png": originals["6.png"],
    }
    assert (out / "round" / "1.jpg").stat().st_mtime == pytest.approx((root / "a" / "1.jpg").stat().st_mtime, abs=1)
    before = contents(out)
    ended(export_folders(library, shapes, out, bulk=False))  # what lies there already is not copied again
    assert contents(out) == before


def test_stopped_half_way_there_are_whole_copies_only(library: Library, shapes: LabelSet, tmp_path: Path) -> None:
    operation = export_folders(library, shapes, tmp_path / "out")
    reports = [next(operation) for _ in range(4)]
    assert [report.done for report in reports] == [0, 1, 2, 3]
    assert {report.total for report in reports} == {8}
    operation.close()
    found = contents(tmp_path / "out")
    assert len(found) == 3
    assert all(found.values())
    ended(export_folders(library, shapes, tmp_path / "out"))
    assert len(contents(tmp_path / "out")) == 8


def test_what_cannot_be_read_is_named(library: Library, shapes: LabelSet, root: Path, tmp_path: Path) -> None:
    away = (root / "2.jpg").rename(tmp_path / "2.jpg")
    result = ended(export_folders(library, shapes, tmp_path / "out"))
    assert (result.photos, result.failed) == (7, (root / "2.jpg",))
    assert "2.jpg" not in {path.name for path in (tmp_path / "out").rglob("*")}
    away.rename(root / "2.jpg")


def test_places_that_are_refused(library: Library, shapes: LabelSet, root: Path, tmp_path: Path) -> None:
    for export in (export_folders, export_coco, export_yolo):
        with pytest.raises(UserError, match="would lie in “photos” and be added as photos"):
            ended(export(library, shapes, root / "out"))
        (tmp_path / "file").write_text("")
        with pytest.raises(UserError, match=r"cannot be (written|used)|is not empty"):
            ended(export(library, shapes, tmp_path / "file"))
    renamed = operations.rename_answer(library, shapes.id, shapes.answers[0].id, "photos").label_set
    assert renamed is not None
    with pytest.raises(UserError, match="would lie in"):  # the folder beside it is free, the answer's is not
        ended(export_folders(library, renamed, tmp_path))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    for export in (export_coco, export_yolo):
        with pytest.raises(UserError, match="“full” is not empty"):
            ended(export(library, shapes, tmp_path / "full"))
    empty = operations.create_set(library, "empty", ["a"]).label_set
    assert empty is not None
    for export in (export_folders, export_coco, export_yolo):
        with pytest.raises(UserError, match="No photo is labelled in “empty” yet"):
            ended(export(library, empty, tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()


@posix
def test_a_full_disk_leaves_no_half_copy(
    library: Library, shapes: LabelSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    out = tmp_path / "out"
    operation = export_folders(library, shapes, out)
    next(operation)
    next(operation)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))  # no file may be larger
        with pytest.raises(UserError, match="cannot be written"):
            ended(operation)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert len(contents(out)) == 1
    assert all(contents(out).values())


def test_coco(library: Library, shapes: LabelSet, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "coco"
    result = ended(export_coco(library, shapes, out))
    assert result.photos == 7  # without the guess
    told = json.loads((out / "annotations.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in told["categories"]] == ["round", "CON", "a/b", "A:B"]
    files = {one["id"]: one for one in told["images"]}
    assert len(files) == 7
    for one in files.values():
        assert (out / one["file_name"]).is_file()
        assert (one["width"], one["height"]) != (0, 0)
    name_of = {one["id"]: one["name"] for one in told["categories"]}
    labelled = Counter(name_of[one["category_id"]] for one in told["annotations"])
    assert labelled == {"round": 3, "CON": 3}
    assert len({one["id"] for one in told["annotations"]}) == 6
    for one in told["annotations"]:
        file = files[one["image_id"]]
        assert one["bbox"] == [0, 0, file["width"], file["height"]]
        assert one["area"] == file["width"] * file["height"]
    none = {one["id"] for one in told["images"]} - {one["image_id"] for one in told["annotations"]}
    assert [files[one]["file_name"] for one in none] == ["images/4.jpg"]
    ended(export_coco(library, shapes, tmp_path / "plain", copies=False, bulk=True))
    told = json.loads((tmp_path / "plain" / "annotations.json").read_text(encoding="utf-8"))
    assert {Path(one["file_name"]) for one in told["images"]} == set(by_path(library))
    assert [path.name for path in (tmp_path / "plain").iterdir()] == ["annotations.json"]


def test_coco_of_tags(library: Library, root: Path, tmp_path: Path) -> None:
    made = operations.create_set(library, "tags", ["x", "y"], "tags").label_set
    assert made is not None
    photo = by_path(library)[root / "2.jpg"]
    operations.put_labels(library, made.id, [(photo, answer.id) for answer in made.answers])
    ended(export_coco(library, made, tmp_path / "coco"))
    told = json.loads((tmp_path / "coco" / "annotations.json").read_text(encoding="utf-8"))
    assert len(told["images"]) == 1
    assert [(one["id"], one["category_id"]) for one in told["annotations"]] == [(1, 1), (2, 2)]
    ended(export_folders(library, made, tmp_path / "folders"))
    assert sorted(contents(tmp_path / "folders")) == ["x/2.jpg", "y/2.jpg"]
    with pytest.raises(UserError, match="one answer per photo"):
        ended(export_yolo(library, made, tmp_path / "yolo"))


def test_yolo(library: Library, shapes: LabelSet, tmp_path: Path) -> None:
    result = ended(export_yolo(library, shapes, tmp_path / "yolo", share=0.34, seed=3))
    assert result.photos == 6  # neither the guess nor "none of these"
    found = contents(tmp_path / "yolo")
    about = json.loads(found.pop("split.json"))
    assert (about["seed"], about["share_for_val"]) == (3, 0.34)
    assert set(about["classes"]) == {"round", "CON_"}
    counted = Counter(tuple(name.split("/")[:2]) for name in found)
    assert counted["val", "round"] == 1
    assert counted["train", "round"] == 2
    for name, of_class in about["classes"].items():
        assert {side: counted[side, name] for side in ("train", "val")} == of_class
    fives = [name for name, data in found.items() if list(found.values()).count(data) == 2]
    assert len({name.split("/")[0] for name in fives}) == 1  # equal files are on one side
    ended(export_yolo(library, shapes, tmp_path / "again", share=0.34, seed=3))
    again = contents(tmp_path / "again")
    again.pop("split.json")
    assert again == found


@given(
    st.dictionaries(st.integers(1, 40), st.integers(1, 4), min_size=1),
    st.lists(st.integers(0, 9), min_size=40, max_size=40),
    st.floats(0, 1),
    st.integers(0, 3),
)
def test_a_split_tears_nothing_apart(labelled: dict, groups: list, share: float, seed: int) -> None:
    answers = {PhotoId(photo): AnswerId(answer) for photo, answer in labelled.items()}
    contents_of = {photo: bytes([photo // 2]) for photo in answers}
    group_of = {photo: groups[photo - 1] for photo in answers if groups[photo - 1] < 5}
    sides = split(answers, contents_of, share, seed, group_of)
    assert set(sides) == set(answers)
    assert set(sides.values()) <= {"train", "val"}
    for one in answers:
        for other in answers:
            if contents_of[one] == contents_of[other] or (one in group_of and group_of[one] == group_of.get(other)):
                assert sides[one] == sides[other]
    shuffled = dict(reversed(answers.items()))
    assert split(shuffled, dict(reversed(contents_of.items())), share, seed, group_of) == sides


@given(st.lists(st.integers(1, 3), min_size=1, max_size=60), st.floats(0.05, 0.6), st.integers(0, 5))
def test_a_split_of_single_photos_keeps_to_the_share(given_answers: list, share: float, seed: int) -> None:
    answers = {PhotoId(photo): AnswerId(answer) for photo, answer in enumerate(given_answers, 1)}
    sides = split(answers, {photo: photo.to_bytes(2, "big") for photo in answers}, share, seed)
    for answer, have in Counter(answers.values()).items():
        val = sum(sides[photo] == "val" for photo, own in answers.items() if own == answer)
        assert val == (0 if have == 1 else min(max(round(share * have), 1), have - 1))


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_folder_names_are_different_and_harmless(wished: list[str]) -> None:
    made = LabelSet(
        LabelSetId(1), "x", "classes", tuple(Answer(AnswerId(at), name, "", at) for at, name in enumerate(wished))
    )
    found = list(folder_names(made).values())
    assert len({name.casefold() for name in found}) == len(wished)
    for name in found:
        assert name == copies.safe_name(name)
        assert name not in ("", ".", "..")
        assert not set(name) & set('/\\:*?"<>|\0\n')


@pytest.mark.parametrize(
    "name", ["..", ".", "con", "NUL.txt", "x" * 300, "\N{SNOWMAN}" * 90, "a.", " b ", "COM1", "/", "tab\there"]
)
def test_names_that_some_system_refuses(name: str) -> None:
    safe = copies.safe_name(name)
    assert safe
    assert safe != name
    assert len(os.fsencode(safe)) <= 201
    assert copies.safe_name(safe) == safe
