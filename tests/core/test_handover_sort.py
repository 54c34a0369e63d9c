from __future__ import annotations

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.core.errors import UserError
from desktop_app.core.handover.open import OpenedClassifier, open_classifier
from desktop_app.core.operations.classifier import kept
from desktop_app.core.operations.evidence import named_set
from desktop_app.core.operations.handover import hand_over
from desktop_app.core.operations.offer import offer_of
from desktop_app.core.operations.sort_folder import NOT_SURE, sort_folder
from desktop_app.core.types import Reason
from tests.core.learnt_made import CLASSES, SET, drained, made_learnt, save_patterns
from tests.core.libraries import NETWORK, opened


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> OpenedClassifier:
    folder = tmp_path_factory.mktemp("sort")
    save_patterns(folder / "in", 8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIKENESS_HOME", str(folder / "home"))
        made_learnt(folder / "library", folder / "in", network=NETWORK)
        with opened(folder / "library", writable=False) as library:
            drained(hand_over(library, offer_of(kept(library, named_set(library, SET).id)), folder / "a.onnx", most=4))
    return open_classifier(folder / "a.onnx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_patterns(tmp_path / "in", 3, first=50)
    return tmp_path / "in"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_photo_gets_its_answer(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    done = drained(sort_folder(classifier, folder, tmp_path / "out" / "answers.csv"))
    found = rows(done.csv)
    assert [row["path"] for row in found] == [str(path) for path in sorted(folder.rglob("*.*"))]
    assert list(found[0]) == ["path", "label", "probability", "sure"]
    assert [row["label"] for row in found] == [Path(row["path"]).parent.name for row in found]
    assert all((row["sure"] == "yes") == (float(row["probability"]) >= 0.6) for row in found)
    assert done.counts == dict.fromkeys(CLASSES, 3)
    assert (done.copies, done.skipped) == (None, ())
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "likeness-home") == ["in", "out"]


def test_copies_by_answer_and_nothing_moved(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    (folder / "plain" / "more").mkdir()
    twin = folder / "plain" / "more" / "plain 50.jpg"
    twin.write_bytes((folder / "plain" / "plain 51.png").read_bytes())
    sure = replace_sure(classifier, 0.0)
    drained(sort_folder(sure, folder, tmp_path / "a.csv", tmp_path / "copies"))
    assert {path: path.read_bytes() for path in before} == before
    copies = sorted(str(path.relative_to(tmp_path / "copies")) for path in (tmp_path / "copies").rglob("*.*"))
    assert copies == sorted([f"{path.parent.name}/{path.name}" for path in before] + ["plain/plain 50 (2).jpg"])
    drained(sort_folder(sure, folder, tmp_path / "a.csv", tmp_path / "copies"))
    again = list((tmp_path / "copies").rglob("*.*"))
    assert len(again) == 2 * len(copies)  # nothing is written over


def replace_sure(classifier: OpenedClassifier, sure: float) -> OpenedClassifier:
    about = replace(classifier.about, sure=sure)
    return OpenedClassifier(classifier.path, classifier.classes, about, None, classifier._session)


def test_what_is_not_sure_stays_apart(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    done = drained(sort_folder(replace_sure(classifier, 1.1), folder, tmp_path / "a.csv", tmp_path / "copies"))
    assert done.not_sure == 9
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [NOT_SURE]
    assert {row["sure"] for row in rows(done.csv)} == {"no"}
    assert {row["label"] for row in rows(done.csv)} == set(CLASSES)  # the best class all the same


def test_files_that_cannot_be_read_are_named(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (folder / "notes.txt").write_text("no picture")
    done = drained(sort_folder(classifier, folder, tmp_path / "a.csv"))
    assert [(one.path, one.reason) for one in done.skipped] == [(folder / "broken.jpg", Reason.DAMAGED)]
    assert len(rows(done.csv)) == 9


def test_any_picture_and_any_name(classifier: OpenedClassifier, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    Image.new("L", (1, 1), 9).save(folder / "dot.png")
    Image.new("RGBA", (900, 30), (1, 2, 3, 4)).save(folder / "wide, “quoted”.png")
    Image.new("RGB", (30, 900)).save(os.fsencode(folder) + b"/\xff tall.jpg")
    done = drained(sort_folder(classifier, folder, tmp_path / "a.csv", tmp_path / "copies"))
    assert {row["path"] for row in rows(done.csv)} == {str(path) for path in folder.iterdir()}
    assert len(list((tmp_path / "copies").rglob("*.*"))) == 3


def test_stopped_it_keeps_what_is_done(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    operation = sort_folder(classifier, folder, tmp_path / "a.csv", workers=1)
    for progress in operation:
        if progress.done == 3:
            break
    operation.close()
    assert len(rows(tmp_path / "a.csv")) == 3


def test_no_photo_at_all(classifier: OpenedClassifier, tmp_path: Path):
    (tmp_path / "in").mkdir()
    done = drained(sort_folder(classifier, tmp_path / "in", tmp_path / "a.csv"))
    assert rows(done.csv) == []
    assert sum(done.counts.values()) == 0


def test_copies_never_lie_among_the_photos(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(folder)
    for place in (folder, folder / "sorted", tmp_path / "link" / "sorted"):
        with pytest.raises(UserError, match="Choose a folder outside"):
            drained(sort_folder(classifier, folder, tmp_path / "a.csv", place))
    assert not (tmp_path / "a.csv").exists()


def test_a_folder_that_is_not_there(classifier: OpenedClassifier, tmp_path: Path):
    with pytest.raises(UserError, match="is not there"):
        drained(sort_folder(classifier, tmp_path / "gone", tmp_path / "a.csv"))


def test_a_csv_that_cannot_be_written(classifier: OpenedClassifier, folder: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="Nothing can be written"):
        drained(sort_folder(classifier, folder, tmp_path / "file" / "a.csv"))
