"""The command line: its JSON, its exit status, and one line for everything that can be wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app import cli
from desktop_app.core import paths
from tests.core.libraries import NETWORK
from tests.core.shell import Shell
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def separately(words: Sequence[str], **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "desktop_app", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False, **options)


# --- index ---------------------------------------------------------------------------------------------------


def test_index_answers_as_documented(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    save_many(folder, range(3))
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no picture either")
    answer = shell.index(folder)
    assert list(answer) == [
        "photos",
        "added",
        "unchanged",
        "removed",
        "skipped",
        "seconds",
        "photos_per_second",
        "network",
        "device",
    ]
    assert (answer["photos"], answer["added"], answer["unchanged"], answer["removed"]) == (3, 3, 0, 0)
    assert answer["skipped"] == [{"path": str(folder / "broken.jpg"), "reason": "damaged"}]
    assert (answer["network"], answer["device"]) == (NETWORK, "cpu")
    assert answer["seconds"] > 0
    assert answer["photos_per_second"] > 0

    (folder / "photo 0.jpg").unlink()
    again = shell.index(folder)
    assert (again["photos"], again["added"], again["unchanged"], again["removed"]) == (2, 0, 2, 1)
    assert [(Path(entry["path"]).name, entry["reason"]) for entry in again["skipped"]] == [
        ("broken.jpg", "damaged"),
        ("photo 0.jpg", "gone"),
    ]


def test_photos_counts_the_library_and_skipped_the_folders_named(shell: Shell, tmp_path: Path) -> None:
    save_many(tmp_path / "a", range(2))
    (tmp_path / "a" / "bad a.jpg").write_bytes(b"x")
    save_many(tmp_path / "b", range(10, 13))
    (tmp_path / "b" / "bad b.jpg").write_bytes(b"x")
    shell.index(tmp_path / "a")
    answer = shell.index(tmp_path / "b")
    assert answer["photos"] == 5
    assert [Path(entry["path"]).name for entry in answer["skipped"]] == ["bad b.jpg"]
    both = shell.index(tmp_path / "a", tmp_path / "b")
    assert both["unchanged"] == 5
    assert len(both["skipped"]) == 2


@posix
def test_one_folder_under_many_names_is_one_folder(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    save_many(folder, range(2))
    save(folder / "deep" / "inner.jpg", 5)
    (folder / "deep" / "bad.jpg").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(folder)
    assert shell.index("in", "in", f"{folder}{os.sep}")["photos"] == 3
    for name in ("in/", "./in/../in", "in/deep", "link", "link/deep"):
        answer = shell.index(name)
        assert (answer["photos"], answer["unchanged"], answer["added"]) == (3, 3, 0), name
        assert [Path(entry["path"]).name for entry in answer["skipped"]] == ["bad.jpg"], name


@posix
def test_a_folder_known_by_a_link_keeps_that_name(shell: Shell, tmp_path: Path) -> None:
    first = save_many(tmp_path / "in", range(3))[0]
    (tmp_path / "link").symlink_to(tmp_path / "in")
    shell.index(tmp_path / "link")
    found = shell.similar(first)  # the photo itself, by its other name, is no result
    assert {path for path, _ in found} == {tmp_path / "link" / f"photo {n}.jpg" for n in (1, 2)}
    assert shell.index(tmp_path / "in")["photos"] == 3


def test_what_index_refuses(shell: Shell, tmp_path: Path) -> None:
    photo = save(tmp_path / "in" / "a.jpg", 1)
    assert "There is no folder at" in shell.fails("index", tmp_path / "nowhere")
    assert "is not a folder" in shell.fails("index", photo)
    assert "There is no folder at" in shell.fails("index", tmp_path / ("long" * 2000))
    assert "There is no network called" in shell.fails("index", tmp_path / "in", "--network", "resnet")
    shell.library = photo
    assert "cannot be written" in shell.fails("index", tmp_path / "in")


def test_a_higher_limit_takes_in_what_was_too_large(shell: Shell, tmp_path: Path) -> None:
    save(tmp_path / "in" / "large.png", 1, 1200, 1000)
    assert shell.index(tmp_path / "in", "--limit-megapixels", "1")["skipped"][0]["reason"] == "too large"
    assert shell.index(tmp_path / "in", "--limit-megapixels", "1")["photos"] == 0
    assert shell.index(tmp_path / "in")["photos"] == 1


def test_another_network_reads_all_photos_again(shell: Shell, tmp_path: Path) -> None:
    a, b = save_many(tmp_path / "a", range(2))
    c = save(tmp_path / "b" / "c.jpg", 2)
    shell.index(tmp_path / "a", tmp_path / "b")
    status, out, _ = shell.run("index", tmp_path / "a", "--network", "efficientnet-lite0", "--json", "--device", "cpu")
    assert status == 0
    assert json.loads(out)["network"] == "efficientnet-lite0"
    assert {path for path, _ in shell.similar(a)} == {b, c}


def test_a_second_index_at_once_is_told_so(shell: Shell, tmp_path: Path) -> None:
    from desktop_app.core.library import Library

    save_many(tmp_path / "in", range(2))
    with Library(shell.library, network=NETWORK, device="cpu"):
        assert "is already open" in shell.fails("index", tmp_path / "in")
    assert shell.index(tmp_path / "in")["photos"] == 2


@posix
@pytest.mark.timeout(120)
def test_interrupted_it_keeps_what_is_done(shell: Shell, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(300))
    words = ["index", str(tmp_path / "in"), "--library", str(shell.library), "--device", "cpu", "--network", NETWORK]
    command = [sys.executable, "-m", "desktop_app", *words, "--workers", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    vectors = shell.library / "vectors"
    while process.poll() is None and not any(file.stat().st_size > 100_000 for file in vectors.glob("*/*.f16")):
        pass  # until the first photos are stored
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "likeness: stopped; what is done is kept."
    assert "Traceback" not in err
    answer = shell.index(tmp_path / "in")
    assert answer["photos"] == 300
    assert 0 < answer["unchanged"] < 300
    assert answer["added"] + answer["unchanged"] == 300


# --- names, pipes, bad usage ---------------------------------------------------------------------------------


@posix
def test_names_that_no_terminal_shows(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    first = save(folder / "plain.jpg", 1)
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9\n\xff.jpg"))
    shutil.copy(first, odd)
    wave = save(folder / "🌊 море.jpg", 2)
    bad = Path(os.fsdecode(os.fsencode(folder) + b"/bad \xe9.jpg"))
    bad.write_bytes(b"x")
    home = {"LIKENESS_HOME": str(tmp_path / "likeness-home")}
    environment = {**os.environ, **home, "PYTHONIOENCODING": "ascii"}
    library = ["--library", str(shell.library)]
    indexed = separately(["index", str(folder), "--json", "--network", NETWORK, *library], env=environment)
    assert indexed.returncode == 0, indexed.stderr
    assert [entry["path"] for entry in json.loads(indexed.stdout.decode("ascii"))["skipped"]] == [str(bad)]
    found = separately(["similar", str(first), "--json", *library], env=environment)
    assert [entry["path"] for entry in json.loads(found.stdout.decode("ascii"))["results"]] == [str(odd), str(wave)]
    for words in (["index", str(folder), *library], ["similar", os.fsencode(odd), *library]):
        said = separately(words, env=environment)
        assert said.returncode == 0, said.stderr
        lines = said.stdout.decode("ascii").splitlines()
        assert len(lines) == 2
        assert b"Traceback" not in said.stderr
    missing = separately(["similar", os.fsencode(folder) + b"/no\xe9\n.jpg", *library], env=environment)
    assert (missing.returncode, missing.stderr.count(b"\n")) == (1, 1)


def test_networks(shell: Shell) -> None:
    status, out, _ = shell.run("networks", "list", "--json")
    assert status == 0
    answer = json.loads(out)
    assert list(answer) == ["networks"]
    for network in answer["networks"]:
        assert list(network) == ["name", "file", "layers", "licence", "input"]
        assert Path(network["file"]).is_file()
        assert {"embedding", "logits"} <= set(network["layers"])
        status, out, _ = shell.run("networks", "layers", network["name"], "--json")
        assert status == 0
        layers = json.loads(out)["layers"]
        assert [layer["name"] for layer in layers] == network["layers"]
        assert all(list(layer) == ["name", "dimension", "map"] for layer in layers)
        assert {layer["dimension"] for layer in layers if layer["name"] == "embedding"} == {1280}
    assert "There is no network called" in shell.fails("networks", "layers", "resnet")
    for words in (["list"], ["layers", NETWORK]):
        status, out, _ = shell.run("networks", *words)
        assert status == 0
        assert len(out.splitlines()) > 1


def test_doctor(shell: Shell) -> None:
    status, out, _ = shell.run("doctor", "--json", "--device", "cpu")
    assert status == 0
    answer = json.loads(out)
    assert answer["device"] == "cpu"
    assert answer["photos_per_second_one_thread"] > 0
    assert answer["folders"]["library"] == str(shell.library)
    assert not shell.library.exists()  # looking makes nothing
    assert answer["packages"]["numpy"]
    status, out, _ = shell.run("doctor", "--device", "cpu")
    assert status == 0
    assert "the processor" in out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["index"],
        ["similar"],
        ["networks"],
        ["networks", "paint"],
        ["similar", "a.jpg", "--limit", "-1"],
        ["similar", "a.jpg", "--limit", "many"],
        ["similar", "a.jpg", "--metric", "taste"],
        ["index", ".", "--device", "abacus"],
        ["index", ".", "--limit-megapixels", "0"],
        ["index", ".", "--limit-megapixels", "nan"],
        ["index", ".", "--workers", "-2"],
        ["index", ".", "--colour"],
    ],
)
def test_bad_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: likeness" in err
    assert "Traceback" not in err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    assert "index" in capsys.readouterr().out
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("likeness ")


def test_command_words_are_told_from_folders() -> None:
    for words in (["index", "x"], ["--library", "index", "similar", "x"], ["--library=x", "doctor"], ["-h"]):
        assert cli.is_command(words), words
    for words in ([], ["photos"], ["/photos/index"], ["--library", "index"], ["--library", "index", "photos"]):
        assert not cli.is_command(words), words


def test_the_library_is_named_before_or_after_the_command(
    shell: Shell, six: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    after = shell.similar(six[0])
    assert cli.main(["--library", str(shell.library), "similar", str(six[0]), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(Path(entry["path"]), entry["score"]) for entry in answer["results"]] == after


def test_without_a_name_it_is_the_window_s_library(six: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    from desktop_app.core.settings import Settings

    assert cli.main(["similar", str(six[0])]) == 1
    assert str(paths.default_library()) in capsys.readouterr().err
    Settings(library=str(six[0].parents[1] / "library")).save()
    assert cli.main(["similar", str(six[0]), "--json"]) == 0


@posix
def test_a_reader_that_goes_away(shell: Shell, six: list[Path]) -> None:
    words = ["similar", str(six[0]), "--library", str(shell.library)]
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), err) == (0, b"")
