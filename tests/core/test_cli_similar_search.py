"""`likeness similar` as a whole search: unwanted pictures, a part of one, filters, and one line for what is wrong."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.core.shell import Shell
from tests.photos import save, save_many


def found(shell: Shell, *words: object) -> list[str]:
    return [path.name for path, _ in shell.similar(*words)]


@pytest.fixture
def years(shell: Shell, tmp_path: Path) -> list[Path]:
    """Eight photos in two folders, each of a year of its own by its file's time; two lie upright."""
    paths = save_many(tmp_path / "in", range(4)) + save_many(tmp_path / "in" / "deep" / "est", range(4, 6))
    paths += [save(tmp_path / "in" / "deep" / f"tall {seed}.jpg", seed, 240, 320) for seed in (6, 7)]
    for number, path in enumerate(paths):
        at = datetime(2010 + number, 6, 15, 12).timestamp()
        os.utime(path, (at, at))
    shell.index(tmp_path / "in")
    return paths


def test_unwanted_pictures_and_their_like_go_down(shell: Shell, six: list[Path], tmp_path: Path) -> None:
    plain = shell.similar(six[0])
    last = plain[-1][0]
    result = shell.similar(six[0], "--unlike", plain[0][0])
    assert {path for path, _ in result} == set(six) - {six[0], plain[0][0]}
    assert all(0 <= score <= 1 for _, score in result)
    assert [score for _, score in result] == sorted((score for _, score in result), reverse=True)
    outside = save(tmp_path / "outside.png", 40)
    result = shell.similar(six[0], "--unlike", outside, last, "--unlike", plain[1][0], "--limit", "2")
    assert len(result) == 2
    assert not {path for path, _ in result} & {six[0], last, plain[1][0]}


def test_of_several_pictures_each_is_met(shell: Shell, tmp_path: Path) -> None:
    a, b = save_many(tmp_path / "in", range(2))
    others = save_many(tmp_path / "in", range(20, 30))
    copies = [save(tmp_path / "in" / f"copy {seed}.jpg", seed, quality=60) for seed in range(2)]
    shell.index(tmp_path / "in")
    assert set(found(shell, a, b, "--limit", "2")) == {copy.name for copy in copies}
    assert found(shell, a, "--unlike", b, others[0], "--limit", "1") == ["copy 0.jpg"]
    assert found(shell, a, "--unlike", b, others[0]).index("copy 1.jpg") >= 6  # of eleven


def test_filters(shell: Shell, years: list[Path], tmp_path: Path) -> None:
    query, folder = years[0], tmp_path / "in"
    plain = shell.similar(query)
    assert len(plain) == 7

    def kept(*words: object) -> set[str]:
        result = shell.similar(query, *words)
        assert result == [one for one in plain if one in result]  # the same scores in the same order
        return {path.name for path, _ in result}

    names = [path.name for path in years]
    assert kept("--folder", folder) == set(names[1:])
    assert kept("--folder", folder / "deep") == set(names[4:])
    assert kept("--folder", folder / "deep" / "est") == set(names[4:6])
    assert kept("--from", "2012-06-15") == set(names[2:])
    assert kept("--to", "2012-06-15") == set(names[1:3])
    assert kept("--from", "2012-06-16", "--to", "2014-06-14") == {names[3]}
    assert kept("--shape", "portrait") == set(names[6:])
    assert kept("--shape", "portrait", "--shape", "landscape") == set(names[1:])
    assert kept("--words", "tall") == set(names[6:])
    assert kept("--words", "deep -tall") == set(names[4:6])
    assert kept("--min-megapixels", "0.07") == set(names[1:])
    assert kept("--camera", "") == set(names[1:])
    for words in (("--shape", "square"), ("--min-megapixels", "1")):
        status, out, err = shell.run("similar", query, *words, "--json")
        assert (status, json.loads(out)) == (0, {"results": []})
        assert err.startswith("likeness: No photo here fits ")
        assert err.count("\n") == 1
    assert kept("--min-score", str(plain[2][1] - 1e-4)) == {path.name for path, _ in plain[:3]}
    assert kept("--folder", folder / "deep", "--from", "2015-01-01", "--shape", "landscape") == {names[5]}
    below = [one for one in shell.similar(query, "--metric", "euclidean") if "deep" in str(one[0])]
    assert shell.similar(query, "--metric", "euclidean", "--folder", folder / "deep") == below


def test_labels_as_filters(shell: Shell, years: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    rows = [f"{years[1]},a=b", f"{years[2]},a=b", f"{years[3]},other", f"{years[4]},none of these"]
    table.write_text("path,label\n" + "\n".join(rows) + "\n")
    assert shell.run("label", "--set", "x=y", "--csv", table)[0] == 0

    def names(*words: object) -> set[str]:
        return set(found(shell, years[0], *words))

    assert names("--label", "x=y=a=b") == {years[1].name, years[2].name}
    assert names("--label", "X=Y=OTHER") == {years[3].name}
    assert names("--label", "x=y=none of these") == {years[4].name}
    assert names("--label", "x=y=") == {path.name for path in years[1:5]}
    assert names("--label", "x=y=other", "--label", "x=y=a=b") == set()
    assert names("--not-labelled", "x=y") == {path.name for path in years[5:]}
    assert "There is no label set “z”." in shell.fails("similar", years[0], "--label", "z=a")
    assert "There is no label set “z”." in shell.fails("similar", years[0], "--not-labelled", "z")
    assert "“x=y” has no answer “c”." in shell.fails("similar", years[0], "--label", "x=y=c")


def test_a_part_of_a_picture(shell: Shell, years: list[Path], tmp_path: Path) -> None:
    outside = Path(shutil.copy(years[3], tmp_path / "outside.jpg"))
    part = shell.similar(outside, "--box", "10%,10%,80%,80%")
    assert len(part) == 8
    assert part[0][0] == years[3]
    in_pixels = shell.similar(outside, "--box", "32,24,256,192")
    assert in_pixels == part
    own = shell.similar(years[3], "--box", "32,24,256,192", "--folder", tmp_path / "in" / "deep")
    assert {path for path, _ in own} == set(years[4:])
    assert len(shell.similar(outside, years[0], "--unlike", years[1], "--box", "0,0,160,240")) == 6
    assert "The box" in shell.fails("similar", outside, "--box", "10,10,1,1")
    assert "The box" in shell.fails("similar", outside, "--box", "900,10,50,50")
    assert "The box" in shell.fails("similar", outside, "--box", "10,10,-50,50")


def test_what_is_refused(shell: Shell, years: list[Path], tmp_path: Path) -> None:
    query = years[0]
    assert "There is no file at" in shell.fails("similar", query, "--unlike", tmp_path / "no.jpg")
    (tmp_path / "text.jpg").write_text("hello")
    assert "text.jpg" in shell.fails("similar", query, "--unlike", tmp_path / "text.jpg")
    assert "text.jpg" in shell.fails("similar", tmp_path / "text.jpg", "--box", "0,0,9,9")
    assert "This folder is not in the library" in shell.fails("similar", query, "--folder", tmp_path)
    assert "a camera called “Nikon”" in shell.fails("similar", query, "--camera", "Nikon")
    for words in (("--unlike", years[1]), ("--box", "0,0,9,9"), ("--words", "a"), ("--min-score", "0")):
        said = shell.fails("similar", query, "--metric", "euclidean", *words)
        assert "By Euclidean distance there is no" in said
    for words in (
        ("--box", "1,2,3"),
        ("--box", "1,2,3,4%"),
        ("--box", "a,b,c,d"),
        ("--box", "nan,0,1,1"),
        ("--from", "May"),
        ("--shape", "round"),
        ("--min-score", "7"),
        ("--min-megapixels", "-1"),
    ):
        assert shell.run("similar", query, *words)[0] == 2


def test_remarks_go_beside_the_answer(shell: Shell, years: list[Path]) -> None:
    status, out, err = shell.run("similar", years[0], "--words", "qqqqqqq", "--json")
    assert (status, out) == (0, '{"results": []}\n')
    assert err == "likeness: “qqqqqqq” finds nothing here.\n"
