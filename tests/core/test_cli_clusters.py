"""`likeness clusters`: every photo in exactly one group, on the screen, as JSON and as a CSV that `label` reads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.core.learnt_made import save_patterns
from tests.core.libraries import made
from tests.core.shell import Shell
from tests.kept import Kept


@pytest.fixture
def patterns(tmp_path: Path, kept: Kept) -> list[Path]:
    """Photos of three kinds, in the library of the commands."""
    kept.copy("patterns", tmp_path, lambda at: (save_patterns(at / "in", 8), made(at / "library", at / "in")))
    return [path for path in (tmp_path / "in").rglob("*") if path.is_file()]


def asked(shell: Shell, *words: object) -> list[dict]:
    status, out, err = shell.run("clusters", *words, "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["clusters"]
    assert all(set(one) == {"name", "size", "paths"} for one in answer["clusters"])
    return list(answer["clusters"])


@pytest.mark.parametrize("method", ["kmeans", "density"])
def test_every_photo_is_in_exactly_one(shell: Shell, patterns: list[Path], method: str) -> None:
    found = asked(shell, "--method", method)
    every = [path for one in found for path in one["paths"]]
    assert sorted(every) == sorted(map(str, patterns))
    assert [one["size"] for one in found] == [len(one["paths"]) for one in found]
    names = [one["name"] for one in found]
    assert len(set(names)) == len(names)
    assert all(names)
    assert asked(shell, "--method", method) == found


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_number_that_was_asked_for(shell: Shell, patterns: list[Path], count: int) -> None:
    found = [one for one in asked(shell, "--count", count) if one["name"] != "Odd ones out"]
    assert len(found) == count
    kinds = [{Path(path).parent.name for path in one["paths"]} for one in found]
    if count > 1:
        assert {"plain"} in kinds  # looks like neither of the others


def test_the_csv_can_be_read_as_labels(shell: Shell, patterns: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "themes.csv"
    status, said, err = shell.run("clusters", "--count", 3, "--csv", out)
    assert (status, said) == (0, "")
    assert "3 themes in" in err
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["path"] for row in rows} == set(map(str, patterns))
    status, said, _ = shell.run("label", "--set", "themes", "--csv", out, "--json")
    assert status == 0
    assert json.loads(said)["labelled"] == len(patterns)
    status, said, _ = shell.run("clusters", "--count", 3)
    assert status == 0
    assert sum(int(line.split()[0]) for line in said.splitlines()) == len(patterns)


def test_refusals(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    assert "cannot be written" in shell.fails("clusters", "--csv", tmp_path / "nowhere" / "out.csv")
    assert shell.run("clusters", "--count", "0")[0] == 2
    assert shell.run("clusters", "--count", "many")[0] == 2
    assert shell.run("clusters", "--method", "spectral")[0] == 2
    for path in six:
        path.unlink()
    shell.index(tmp_path / "in")
    assert "no photos here" in shell.fails("clusters")
