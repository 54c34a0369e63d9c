"""Odd arguments of every command: a clear sentence and the right exit status, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app import cli
from desktop_app.cli.arguments import without_words
from tests.core.libraries import NETWORK
from tests.core.shell import Shell
from tests.photos import save, save_many

A, B, NONE, FOLDER, TEXT, EMPTY, CUT = "a.jpg", "b.jpg", "none.jpg", "folder", "text.jpg", "empty.jpg", "cut.jpg"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of six photos, and files that are none."""
    root = tmp_path_factory.mktemp("odd")
    first, second = save_many(root / "in", range(6))[:2]
    words = ("index", str(root / "in"), "--network", NETWORK, "--device", "cpu", "--library", str(root / "library"))
    assert cli.main(words) == 0
    first.rename(root / "in" / A)
    second.rename(root / "in" / B)
    assert cli.main(words) == 0
    (root / FOLDER).mkdir()
    (root / TEXT).write_text("hello")
    (root / EMPTY).write_bytes(b"")
    whole = save(root / "whole.jpg", 9, 640, 480, quality=95).read_bytes()
    (root / CUT).write_bytes(whole[: len(whole) // 2])
    return root


@pytest.fixture
def odd(place: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    capsys.readouterr()
    return Shell(place / "library", capsys)


def there(place: Path, words: tuple[str, ...]) -> list[str]:
    """Names of files as paths."""
    inside = {A: place / "in" / A, B: place / "in" / B}
    outside = {name: place / name for name in (NONE, FOLDER, TEXT, EMPTY, CUT, "gone/out.csv")}
    return [str({**inside, **outside}.get(word, word)) for word in words]


USAGE = 2
WORLD = 1
TABLE: list[tuple[tuple[str, ...], int, str]] = [
    (("index",), USAGE, "FOLDER"),
    (("index", ""), USAGE, "and not nothing"),
    (("index", NONE), WORLD, "There is no folder at"),
    (("index", TEXT), WORLD, "is not a folder"),
    (("index", FOLDER, "--workers", "-1"), USAGE, "a number from 0 on"),
    (("index", FOLDER, "--workers", "x"), USAGE, "a number from 0 on, and not “x”"),
    (("index", FOLDER, "--limit-megapixels", "nan"), USAGE, "a number above 0"),
    (("index", FOLDER, "--network", "nope"), WORLD, "There is no network called “nope”"),
    (("index", FOLDER, "--descriptor", "nope"), WORLD, "has no layer nope"),
    (("similar",), USAGE, "IMAGE"),
    (("similar", ""), USAGE, "and not nothing"),
    (("similar", NONE), WORLD, "There is no file at"),
    (("similar", FOLDER), WORLD, "is a folder. Name a picture in it."),
    (("similar", TEXT), WORLD, "text.jpg: "),
    (("similar", EMPTY), WORLD, "The file is empty."),
    (("similar", A, "--unlike", A), WORLD, "“a.jpg” is marked both more and less like this, and takes no part."),
    (("similar", A, B, "--unlike", A, B), WORLD, "“b.jpg” is marked both more and less like this"),
    (("similar", A, "--unlike", FOLDER), WORLD, "is a folder"),
    (("similar", A, "--unlike", EMPTY), WORLD, "The file is empty."),
    (("similar", A, "--unlike"), USAGE, "--unlike"),
    (("similar", A, "--box", "0,0,0,0"), WORLD, "The box is too small"),
    (("similar", A, "--box", "9000,9000,50,50"), WORLD, "The box lies beside the photo"),
    (("similar", A, "--box=-9,-9,-5,-5"), WORLD, "The box"),
    (("similar", A, "--box", "a,b,c,d"), USAGE, "four numbers such as"),
    (("similar", A, "--box", "1e999,0,1,1"), USAGE, "four numbers such as"),
    (("similar", A, "--from", "2019-13-45"), USAGE, "a day such as 2019-05-31, and not “2019-13-45”"),
    (("similar", A, "--from", "2020-01-02", "--to", "2020-01-01"), WORLD, "No day is 2020-01-02 or later"),
    (("similar", A, "--folder", NONE), WORLD, "This folder is not in the library"),
    (("similar", A, "--limit", "x"), USAGE, "a number from 0 on, and not “x”"),
    (("similar", A, "--min-score", "nan"), USAGE, "a number from -1 to 1"),
    (("similar", A, "--min-megapixels", "x"), USAGE, "a number from 0 on, and not “x”"),
    (("similar", A, "--label", ""), WORLD, "A name needs at least one letter."),
    (("similar", A, "--label", "x=y"), WORLD, "There is no label set “x”."),
    (("similar", A, "--camera", "Nikon"), WORLD, "a camera called “Nikon”"),
    (("similar", A, "--descriptor", "nope"), WORLD, "has no layer nope"),
    (("similar", A, "--metric", "euclidean", "--unlike", B), WORLD, "By Euclidean distance there is no"),
    (("words",), USAGE, "TEXT"),
    (("words", ""), WORLD, "Say what to look for"),
    (("words", "-"), WORLD, "Say what to look for"),
    (("words", '"'), WORLD, "Say what to look for"),
    (("words", "cat", "--limit", "-1"), USAGE, "a number from 0 on"),
    (("words", "cat", "--nope"), USAGE, "--nope"),
    (("journey", A), USAGE, "B"),
    (("journey", A, A), WORLD, "These two are copies of one photo"),
    (("journey", A, NONE), WORLD, "There is no file at"),
    (("journey", FOLDER, A), WORLD, "is a folder"),
    (("journey", A, EMPTY), WORLD, "The file is empty."),
    (("journey", A, B, "--length", "1"), USAGE, "a number from 2 to 60"),
    (("journey", A, B, "--length", "x"), USAGE, "a number from 2 to 60, and not “x”"),
    (("journey", A, B, "--descriptor", "nope"), WORLD, "has no layer nope"),
    (("label", "--set", "x", "--from-folders", NONE), WORLD, "No photo of this library is in"),
    (("label", "--set", "", "--csv", TEXT), WORLD, ""),
    (("label", "--set", "x", "--csv", NONE), WORLD, "There is no file at"),
    (("label", "--set", "x", "--csv", FOLDER), WORLD, "cannot be read"),
    (("label", "--set", "x", "--csv", EMPTY), WORLD, "There are no labels in"),
    (("label", "--set", "x", "--csv", ""), USAGE, "and not nothing"),
    (("train", "--set", "nope"), WORLD, "There is no label set “nope”"),
    (("train", "--set", ""), WORLD, "There is no label set"),
    (("predict", "--set", "nope", A), WORLD, "There is no label set “nope”"),
    (("predict", "--set", "nope"), USAGE, "IMAGE"),
    (("export", "out.foo"), WORLD, "no known ending"),
    (("export", "out.onnx"), WORLD, "Name the label set"),
    (("export", "out.npz", "--layer", "nope"), WORLD, "has no layer nope"),
    (("export", ""), USAGE, "and not nothing"),
    (("export", "out.onnx", "--check", "x"), USAGE, "a number from 0 on, and not “x”"),
    (("clusters", "--count", "0"), USAGE, "auto, or a number from 1 on"),
    (("clusters", "--count", "x"), USAGE, "auto, or a number from 1 on, and not “x”"),
    (("clusters", "--count", "2", "--csv", FOLDER), WORLD, "The file cannot be written"),
    (("map", "--descriptor", "nope"), WORLD, "has no layer nope"),
    (("map", "--csv", FOLDER), WORLD, "The file cannot be written"),
    (("insights", NONE), WORLD, ""),
    (("insights", EMPTY), WORLD, "Likeness cannot read posts from"),
    (("insights", ""), USAGE, "and not nothing"),
    (("duplicates", "--threshold", "7"), USAGE, "a number from 0 to 1, and not “7”"),
    (("duplicates", "--threshold", "nan"), USAGE, "a number from 0 to 1"),
    (("duplicates", "--threshold=-1"), USAGE, "a number from 0 to 1"),
    (("duplicates", "--threshold", "x"), USAGE, "a number from 0 to 1, and not “x”"),
    (("networks", "layers", "nope"), WORLD, "There is no network called “nope”"),
    (("networks", "add", FOLDER), WORLD, "This is a folder"),
    (("networks", "add", TEXT), WORLD, "not a network"),
    (("networks", "get", "nope"), WORLD, "No network to download is called “nope”"),
    (("networks", "remove", "nope"), WORLD, "There is no network called “nope”"),
    (("networks", "bench", "nope"), WORLD, "There is no network called “nope”"),
    (("doctor", "--device", "x"), USAGE, "--device"),
]


@pytest.mark.parametrize(("words", "status", "said"), TABLE, ids=[" ".join(one[0]) for one in TABLE])
def test_odd_arguments(odd: Shell, place: Path, words: tuple[str, ...], status: int, said: str) -> None:
    got, out, err = odd.run(*there(place, words))
    assert (got, out) == (status, "")
    assert said in " ".join(err.split())
    lines = [line for line in err.splitlines() if line.startswith(("likeness: ", f"likeness {words[0]}"))]
    assert len(lines) == 1
    assert "invalid" not in lines[0].replace("invalid choice", "")  # argparse's own word for what it cannot read
    assert "Traceback" not in err


# --- what is odd and no error ----------------------------------------------------------------------------------------


def test_the_same_picture_twice_counts_once(odd: Shell, place: Path) -> None:
    twice = odd.similar(*there(place, (A, A)))
    assert [path for path, _ in twice] == [path for path, _ in odd.similar(*there(place, (A,)))]


def test_without_a_word(odd: Shell, place: Path) -> None:
    for words in (("words", "-photo"), ("words", "--limit", "50", "-photo"), ("words", "in", "-photo")):
        status, out, err = odd.run(*words)
        assert (status, err) == (0, "")
        assert {line.split("  ")[1] for line in out.splitlines()} == set(there(place, (A, B)))
    assert [path.name for path, _ in odd.similar(place / "in" / A, "--words", "-photo")] == [B]


def test_only_texts_may_begin_with_a_minus() -> None:
    for words in (["words", "-h"], ["words", "--json"], ["words", "cat", "--limit", "-1"], ["similar", "-x"], ["-x"]):
        assert without_words(words) == words
    assert without_words(["--library", "words", "similar", "-x"]) == ["--library", "words", "similar", "-x"]
    assert without_words(["--library", "L", "words", "-a", "-b c"]) == ["--library", "L", "words", " -a", " -b c"]


def test_a_picture_that_ends_early_says_so(odd: Shell, place: Path) -> None:
    status, out, err = odd.run("similar", *there(place, (CUT,)))
    assert status == 0
    assert len(out.splitlines()) == 6
    assert err == f"likeness: {place / CUT} ends early: only its upper part can be read.\n"
    assert odd.similar(place / "whole.jpg")  # says nothing beside its answer


def test_kinds_are_called_as_in_the_window(odd: Shell, place: Path) -> None:
    status, out, _ = odd.run("duplicates")
    assert status == 0
    assert "burst" not in out
