"""`likeness similar`: results best first, never the picture itself, and one line for whatever is wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.nets.manifest import bundled_networks
from tests.core.libraries import NETWORK
from tests.core.shell import Shell
from tests.photos import save

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def test_a_photo_is_never_its_own_result(shell: Shell, six: list[Path]) -> None:
    for path in six:
        found = shell.similar(path)
        assert {other for other, _ in found} == set(six) - {path}
        scores = [score for _, score in found]
        assert scores == sorted(scores, reverse=True)
        assert all(-1 <= score < 0.99 for score in scores)


def test_a_copy_outside_finds_the_original(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    copy = shutil.copy(six[2], tmp_path / "copy.jpg")
    found = shell.similar(copy)
    assert found[0][0] == six[2]
    assert found[0][1] == pytest.approx(1.0, abs=1e-3)
    assert len(found) == 6
    assert found[1][1] < 0.95


def test_several_pictures_are_met_in_the_middle(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    outside = save(tmp_path / "outside.png", 40)
    found = shell.similar(six[0], six[1], outside)
    assert {path for path, _ in found} == set(six[2:])


def test_limits(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    all_of_them = shell.similar(six[0])
    assert shell.similar(six[0], "--limit", "0") == []
    assert shell.similar(six[0], "--limit", "1") == all_of_them[:1]
    for metric in ("cosine", "euclidean"):
        assert len(shell.similar(six[0], "--limit", 10**30, "--metric", metric)) == 5
        assert shell.similar(six[0], "--limit", "0", "--metric", metric) == []


def test_descriptors_and_metrics(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    others = set(six[1:])
    usual = shell.similar(six[0])
    assert shell.similar(six[0], "--descriptor", "embedding") == usual
    assert shell.similar(six[0], "--descriptor", f"{NETWORK}:embedding") == usual
    assert shell.similar(six[0], "--descriptor", NETWORK) == usual
    network = next(network for network in bundled_networks(paths.models_dir()) if network.name == NETWORK)
    for layer in network.layers:
        for metric in ("cosine", "euclidean"):
            found = shell.similar(six[0], "--descriptor", f"{NETWORK}:{layer.name}", "--metric", metric)
            scores = [score for _, score in found]
            assert {path for path, _ in found} == others
            assert scores == sorted(scores, reverse=metric == "cosine")
    # of the very same file the distance is nothing, whether it is stored or read now
    copy = shutil.copy(six[0], tmp_path / "copy.jpg")
    for layer in ("embedding", "logits"):
        found = shell.similar(copy, "--metric", "euclidean", "--descriptor", layer)
        assert found[0][0] == six[0]
        assert found[0][1] < 0.05 * found[1][1]
    assert "has no layer" in shell.fails("similar", six[0], "--descriptor", "stage99")
    assert "no network called “vgg”" in shell.fails("similar", six[0], "--descriptor", "vgg:embedding")
    said = shell.fails("similar", six[0], "--descriptor", "efficientnet-lite0")
    assert "--descriptor efficientnet-lite0:embedding" in said
    for metric in ("cosine", "euclidean"):
        assert {path for path, _ in shell.similar(six[0], "--descriptor", "colour", "--metric", metric)} == others
        found = shell.similar(copy, "--descriptor", "colour", "--metric", metric)
        assert found[0][0] == six[0]
        assert found[0][1] == pytest.approx(1.0 if metric == "cosine" else 0.0, abs=0.02)


def test_what_similar_refuses(shell: Shell, tmp_path: Path) -> None:
    photo = save(tmp_path / "in" / "a.jpg", 1)
    assert "There is no library at" in shell.fails("similar", photo)
    assert not shell.library.exists()
    shell.index(tmp_path / "in")
    (tmp_path / "text.jpg").write_text("hello")
    (tmp_path / "empty.png").write_bytes(b"")
    assert "There is no file at" in shell.fails("similar", tmp_path / "nothing.jpg")
    assert "There is no file at" in shell.fails("similar", tmp_path / ("long" * 2000))
    assert "text.jpg" in shell.fails("similar", tmp_path / "text.jpg")
    assert "empty" in shell.fails("similar", tmp_path / "empty.png")
    assert "in" in shell.fails("similar", tmp_path / "in")
    for metric in ("cosine", "euclidean"):
        assert shell.similar(photo, "--metric", metric) == []  # it is alone


def test_a_library_without_photos_has_no_results(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert shell.index(tmp_path / "empty")["photos"] == 0
    assert shell.similar(save(tmp_path / "a.jpg", 1)) == []
