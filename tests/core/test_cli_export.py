from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.handover.open import open_classifier
from desktop_app.core.labelling import Origin
from desktop_app.core.operations.evidence import named_set
from desktop_app.core.operations.labels import create_set, put_labels
from desktop_app.core.operations.vectors_out import export_vectors
from desktop_app.core.types import Order
from tests.core.learnt_made import CLASSES, SET, drained, made_learnt, save_patterns
from tests.core.libraries import NETWORK, made, opened
from tests.core.shell import Shell


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    save_patterns(folder / "in", 6)
    (folder / "in" / "loose.jpg").write_bytes((folder / "in" / "dots" / "dots 0.jpg").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIKENESS_HOME", str(folder / "home"))
        made_learnt(folder / "library", folder / "in", network=NETWORK)
    return folder


@pytest.fixture
def shell(learnt: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(learnt / "library", capsys)


def answer(shell: Shell, *words: object) -> dict:
    status, out, _ = shell.run("export", *words, "--json")
    assert status == 0
    assert out.isascii()
    return dict(json.loads(out))


def test_export_writes_a_classifier_and_says_how_it_agrees(shell: Shell, tmp_path: Path):
    found = answer(shell, "--set", SET, tmp_path / "out" / "a.onnx")
    assert set(found) == {"path", "checked", "same_label", "median_difference", "largest_difference"}
    assert found["path"] == str(tmp_path / "out" / "a.onnx")
    assert found["checked"] == 19
    assert found["same_label"] >= 0.9
    assert 0 <= found["median_difference"] <= 0.02
    assert found["median_difference"] <= found["largest_difference"] <= 1
    opened_again = open_classifier(tmp_path / "out" / "a.onnx")
    assert opened_again.agreement is not None
    assert opened_again.agreement.checked == 19
    assert set(opened_again.classes) == set(CLASSES)


def test_export_tells_people_too(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    status, out, _ = shell.run("export", "--set", SET, "a.onnx", "--check", "3")
    assert status == 0
    first, second = out.splitlines()
    assert first.startswith(f"{tmp_path / 'a.onnx'}: The file gave the same answer as Likeness on ")
    assert second == "Beside it: a-sheet.html and a-example.py"


def test_what_cannot_be_exported_is_one_line(shell: Shell, tmp_path: Path):
    assert "There is no label set “colour”" in shell.fails("export", "--set", "colour", tmp_path / "a.onnx")
    assert "--set NAME" in shell.fails("export", tmp_path / "a.onnx")
    assert "has no known ending" in shell.fails("export", "--set", SET, tmp_path / "a.pickle")
    assert "has no layer stage9" in shell.fails("export", tmp_path / "a.npz", "--layer", "stage9")
    assert list(tmp_path.glob("a.*")) == []


def test_export_without_a_library(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "There is no library" in Shell(tmp_path / "none", capsys).fails("export", "--set", SET, tmp_path / "a.onnx")


def test_features_as_arrays(shell: Shell, learnt: Path, tmp_path: Path):
    found = answer(shell, "--set", SET, tmp_path / "a.npz", "--layer", "embedding", "--layer", "stage4")
    assert found == {"path": str(tmp_path / "a.npz"), "photos": 19, "layers": ["embedding", "stage4"]}
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert set(stored.files) == {"paths", "labels", "origins", "embedding", "stage4"}
        assert stored["embedding"].shape == (19, 1280)
        assert stored["embedding"].dtype == np.float32
        assert stored["stage4"].shape == (19, 112)
        labels = dict(zip(stored["paths"].tolist(), stored["labels"].tolist(), strict=True))
        origins = dict(zip(stored["paths"].tolist(), stored["origins"].tolist(), strict=True))
        features = stored["embedding"]
    assert labels.pop(str(learnt / "in" / "loose.jpg")) == ""
    assert origins.pop(str(learnt / "in" / "loose.jpg")) == ""
    assert labels == {path: Path(path).parent.name for path in labels}
    assert set(origins.values()) == {"import"}
    with opened(learnt / "library", writable=False) as library:
        np.testing.assert_array_equal(features, library.store.read("embedding", slice(0, 19)))


def test_features_as_a_table(shell: Shell, learnt: Path, tmp_path: Path):
    answer(shell, tmp_path / "a.csv", "--layer", "stage2")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["path", "label", "origin", *(f"stage2_{place}" for place in range(24))]
    assert len(rows) == 20
    assert {(row[1], row[2]) for row in rows[1:]} == {("", "")}
    with opened(learnt / "library", writable=False) as library:
        stored = library.store.read("stage2", slice(0, 19))
    np.testing.assert_allclose(np.array([row[3:] for row in rows[1:]], np.float32), stored, rtol=1e-5)


def test_several_tags_of_one_photo_are_put_together(tmp_path: Path):
    save_patterns(tmp_path / "in", 1)
    made(tmp_path / "library", tmp_path / "in")
    with opened(tmp_path / "library") as library:
        create_set(library, "tags", ["red", "round"], "tags")
        tags = named_set(library, "tags")
        first, second, _ = photos.listed(library.connection, Order.NAME)
        red, round_ = (one.id for one in tags.answers)
        put_labels(library, tags.id, [(first, red), (first, round_), (second, None)], Origin.HAND)
        drained(export_vectors(library, tmp_path / "a.npz", tags))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert sorted(stored["labels"].tolist()) == ["", "none of these", "red; round"]


def test_parquet_needs_its_package(shell: Shell, tmp_path: Path):
    if importlib.util.find_spec("pyarrow") is not None:
        found = answer(shell, tmp_path / "a.parquet")
        assert found["photos"] == 19
        assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"
        return
    assert "pyarrow, which is not installed" in shell.fails("export", tmp_path / "a.parquet")


def test_stopped_it_leaves_the_old_file(learnt: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").write_text("old")
    with opened(learnt / "library", writable=False) as library:
        operation = export_vectors(library, tmp_path / "out" / "a.csv")
        for progress in operation:
            if progress.done:
                break
        operation.close()
    assert (tmp_path / "out" / "a.csv").read_text() == "old"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.csv"]


def test_the_command_line_starts_without_onnx():
    code = "import sys, desktop_app.cli; assert not {'onnx', 'sklearn', 'onnxruntime'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
