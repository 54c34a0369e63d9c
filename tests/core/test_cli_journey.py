"""`likeness journey`: what it prints and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.core.shell import Shell
from tests.photos import save, save_many


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "library", capsys)


@pytest.fixture
def many(shell: Shell, tmp_path: Path) -> list[Path]:
    paths = save_many(tmp_path / "in", range(40))
    shell.index(tmp_path / "in")
    return paths


def journey(shell: Shell, *words: object) -> list[dict]:
    status, out, _ = shell.run("journey", *words, "--json")
    assert status == 0
    answer = json.loads(out)
    assert list(answer) == ["results"]
    return answer["results"]


def test_photos_lead_from_a_to_b(shell: Shell, many: list[Path], tmp_path: Path) -> None:
    start = many[3]
    far = shell.similar(start, "--limit", "100")[-1][0]
    found = journey(shell, start, far, "--length", "4")
    paths = [Path(result["path"]) for result in found]
    assert (paths[0], paths[-1]) == (start, far)
    assert len(set(paths)) == 4
    assert set(paths) <= set(many)
    assert [result["to_next"] is None for result in found] == [False, False, False, True]
    status, out, err = shell.run("journey", start, far, "--length", "4")
    assert (status, err) == (0, "")
    assert [line.split("  ")[-1] for line in out.splitlines()] == [str(path) for path in paths]
    elsewhere = save(tmp_path / "elsewhere.jpg", 77)
    assert journey(shell, elsewhere, far)[0]["path"] == str(elsewhere)


def test_what_cannot_be_so_long_says_so(shell: Shell, many: list[Path]) -> None:
    nearest = shell.similar(many[3], "--limit", "1")[0][0]
    status, out, err = shell.run("journey", many[3], nearest, "--length", "60")
    assert status == 0
    assert len(out.splitlines()) < 60
    assert f"Only {len(out.splitlines())} photos fit" in err


def test_what_journey_refuses(shell: Shell, many: list[Path], tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("hello")
    assert "There is no file at" in shell.fails("journey", many[0], tmp_path / "nothing.jpg")
    assert "text.jpg" in shell.fails("journey", tmp_path / "text.jpg", many[0])
    assert "copies of one photo" in shell.fails("journey", many[0], many[0])
    copy = shutil.copy(many[0], tmp_path / "copy.jpg")
    assert "copies of one photo" in shell.fails("journey", many[0], copy)
    for wrong in ("1", "61", "x"):
        assert shell.run("journey", many[0], many[1], "--length", wrong)[0] == 2
