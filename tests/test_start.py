"""start.py and tools/set_up.py: what they decide, and what they do where a step fails."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement

from desktop_app import cli

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


set_up = load(ROOT / "tools" / "set_up.py")
start = load(ROOT / "start.py")


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the set-up at a checkout of the test's own, with an empty .venv."""
    folder = tmp_path / "a chéckout" / ".venv"
    folder.mkdir(parents=True)
    monkeypatch.setattr(set_up, "ROOT", folder.parent)
    monkeypatch.setattr(set_up, "VENV", folder)
    for name in ("LOG", "STAMP", "UNFINISHED", "LOCK"):
        monkeypatch.setattr(set_up, name, folder / getattr(set_up, name).name)
    (folder.parent / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return folder


class Machine:
    """Stands for the commands of set-up: remembers them, and fails those that hold a given word."""

    def __init__(self, failing: dict[str, str] | None = None) -> None:
        self.failing = failing or {}
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], **environ: str) -> tuple[int, str]:
        self.commands.append(command)
        for word, output in self.failing.items():
            if any(part.startswith(word) for part in command):
                return 1, output
        return 0, ""

    def asked_for(self, word: str) -> bool:
        return any(part.startswith(word) for command in self.commands for part in command)


# -- An old Python ------------------------------------------------------------------------


def test_python_3_6_can_read_start_py() -> None:
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_nothing_but_python_is_needed() -> None:
    allowed = {*sys.stdlib_module_names, "set_up"}
    for path in (ROOT / "start.py", ROOT / "tools" / "set_up.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed


@pytest.mark.parametrize(
    ("version", "refused"), [((3, 6, 9), True), ((3, 10, 14), True), ((3, 11, 0), False), ((4, 0), False)]
)
def test_an_old_python_gets_one_sentence(version: tuple, refused: bool) -> None:
    sentence = start.too_old(version)
    assert bool(sentence) == refused
    assert not refused or f"this is {version[0]}.{version[1]}." in sentence


# -- Window or command --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ([], True),
        (["Photos from index"], True),
        (["./index"], True),
        (["index", "Photos"], False),
        (["--library", "index", "Photos"], True),
        (["--library", "Family", "similar", "a.jpg", "--json"], False),
        (["doctor"], False),
        (["networks", "list"], False),
        (["--help"], False),
        (["Photos", "doctor"], True),
    ],
)
def test_who_needs_a_display(words: list[str], window: bool) -> None:
    assert start.needs_display(words) is window
    assert cli.is_command(words) is not window, "the program sorts its words differently"


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_is_enough(name: str) -> None:
    assert start.display_problem("linux", {name: ":0"}) == ""
    assert start.display_problem("linux", {name: ""}) != ""


def test_other_systems_always_have_a_display() -> None:
    assert start.display_problem("win32", {}) == start.display_problem("darwin", {}) == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_names_the_commands_that_need_none() -> None:
    environ = {name: value for name, value in os.environ.items() if "DISPLAY" not in name and name != "QT_QPA_PLATFORM"}
    ended = subprocess.run(
        [sys.executable, str(ROOT / "start.py")], env=environ, capture_output=True, encoding="utf-8", check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "no display" in ended.stderr
    for command in start.COMMANDS:
        assert f"start.py {command}" in ended.stderr


def test_every_command_of_the_command_line_can_be_started() -> None:
    assert set(start.COMMANDS) == set(cli._COMMANDS)


def test_help_needs_no_set_up(venv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"start.py {command}" in printed for command in (*start.COMMANDS, "test"))
    assert list(venv.iterdir()) == []


# -- What to install ----------------------------------------------------------------------


def test_what_may_fail_is_installed_apart() -> None:
    needed, may_fail = set_up.split_dependencies(PROJECT["project"], dev=False)
    assert {set_up.package_name(one) for one in may_fail} == {"hnswlib", "pillow-heif"}
    names = {set_up.package_name(one) for one in needed}
    assert {"pyside6-essentials", "onnxruntime", "onnxruntime-gpu", "numpy"} <= names
    assert not names & {"hnswlib", "pillow-heif", "pytest", "torch"}


def test_tests_bring_their_own_tools() -> None:
    needed, may_fail = set_up.split_dependencies(PROJECT["project"], dev=True)
    assert {"pytest", "ruff", "mypy", "import-linter"} <= {set_up.package_name(one) for one in needed}
    assert {set_up.package_name(one) for one in may_fail} == {"hnswlib", "pillow-heif", "rawpy"}
    assert "torch" not in {set_up.package_name(one) for one in needed}


def test_pip_can_read_every_requirement() -> None:
    project = PROJECT["project"]
    for line in [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]:
        assert Requirement(line).name.lower() == set_up.package_name(line)


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", "onnxruntime-gpu"),
        ("win32", "AMD64", "onnxruntime-gpu"),
        ("linux", "aarch64", "onnxruntime"),
        ("darwin", "arm64", "onnxruntime"),
        ("darwin", "x86_64", "onnxruntime"),
        ("win32", "ARM64", "onnxruntime"),
    ],
)
def test_every_system_gets_exactly_one_onnxruntime(system: str, machine: str, expected: str) -> None:
    here = {"sys_platform": system, "platform_machine": machine}
    lines = [Requirement(one) for one in PROJECT["project"]["dependencies"] if one.startswith("onnxruntime")]
    assert [one.name for one in lines if one.marker is None or one.marker.evaluate(here)] == [expected]


def test_the_stamp_follows_what_is_installed_and_nothing_else() -> None:
    key = set_up.stamp_key(PROJECT)
    assert key == set_up.stamp_key({**PROJECT, "tool": {}})
    project = PROJECT["project"]
    for change in (
        {"dependencies": [*project["dependencies"], "pooch"]},
        {"optional-dependencies": {**project["optional-dependencies"], "dev": []}},
        {"version": "99"},
        {"scripts": {}},
    ):
        assert set_up.stamp_key({**PROJECT, "project": {**project, **change}}) != key


# -- Debian's packages --------------------------------------------------------------------


def test_debian_is_asked_only_for_what_is_missing() -> None:
    answer = "libegl1 installed\nlibglib2.0-0t64 installed\nlibgl1 config-files\nlibxcb-shape0 not-installed\n"
    asked = ["libegl1", "libglib2.0-0", "libgl1", "libxcb-shape0", "fonts-dejavu-core"]
    assert set_up.not_installed(asked, answer) == ["libgl1", "libxcb-shape0", "fonts-dejavu-core"]


def test_a_bare_debian_needs_venv_and_is_helped_by_a_compiler() -> None:
    needed, helpful = set_up.system_packages((3, 11, 2), of_debian=True, headers=False, compiler=False, venv=False)
    assert set(set_up.QT_LIBRARIES) | {"python3.11-venv"} == set(needed)
    assert set(helpful) == {"g++", "python3.11-dev"}


def test_a_python_of_the_users_own_asks_debian_for_no_python_packages() -> None:
    needed, helpful = set_up.system_packages((3, 13, 0), of_debian=False, headers=False, compiler=True, venv=False)
    assert not [one for one in [*needed, *helpful] if one.startswith("python")]


@pytest.mark.skipif(os.name == "nt", reason="Debian only")
def test_root_installs_system_packages_and_others_are_told_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(set_up, "missing_system_packages", lambda: (["libegl1"], ["g++"]))
    for user, runs in ((0, True), (1000, False)):
        monkeypatch.setattr(set_up.os, "geteuid", lambda user=user: user)
        machine = Machine()
        set_up.Setup(PROJECT["project"], False, machine).system()
        assert machine.asked_for("libegl1") is machine.asked_for("g++") is runs
        assert ("sudo apt-get install libegl1 g++" in capsys.readouterr().err) is not runs


# -- Failing steps ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Failed to establish a new connection: Temporary failure in name resolution", "Check the connection"),
        ("SSLError(CERTIFICATE_VERIFY_FAILED) Max retries exceeded", "certificate"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found for onnxruntime-gpu>=1.20", "There is no onnxruntime-gpu for Python"),
        ("error: something else", "could not be installed"),
    ],
)
def test_what_pip_says_becomes_a_sentence(output: str, words: str) -> None:
    assert words in set_up.reason(output)


@pytest.mark.skipif(os.name == "nt", reason="there only the build can tell about a compiler")
@pytest.mark.parametrize(("compiler", "words"), [(False, "no C++ compiler"), (True, "setup.log")])
def test_hnswlib_may_fail_and_that_is_said(
    compiler: bool, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(set_up, "has_compiler", lambda: compiler)
    machine = Machine({"hnswlib": "error: command 'g++' failed"})
    setup = set_up.Setup(PROJECT["project"], False, machine)
    setup.packages()
    assert setup.left_out == ["hnswlib"]
    said = capsys.readouterr().err
    assert "hnswlib could not be" in said
    assert words in said
    assert machine.asked_for("pillow-heif"), "what comes after hnswlib is still installed"


def test_a_package_that_is_needed_ends_the_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    setup = set_up.Setup(PROJECT["project"], False, Machine({"numpy": "line 1\nNo space left on device"}))
    with pytest.raises(set_up.SetupFailed, match="disk is full"):
        setup.packages()
    assert "No space left" in capsys.readouterr().err


def test_an_environment_cut_short_is_made_anew(venv: Path) -> None:
    broken = set_up.venv_file("python")
    broken.parent.mkdir()
    broken.write_text("half a file")
    set_up.UNFINISHED.touch()
    setup = set_up.Setup(PROJECT["project"], False, set_up.run_logged)
    setup.environment(anew=False)
    assert set_up.is_sound(broken)
    assert set_up.UNFINISHED.exists(), "the marker stays until the last step"

    # Sound and finished: kept as it is, whoever made it.
    set_up.UNFINISHED.unlink()
    (venv / "kept").touch()
    setup.environment(anew=False)
    assert (venv / "kept").exists()
    set_up.UNFINISHED.unlink()
    machine = Machine()
    set_up.Setup(PROJECT["project"], False, machine).environment(anew=True)
    assert not (venv / "kept").exists()
    assert machine.asked_for("venv")


def test_a_later_start_does_nothing(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = set_up.venv_file("python")
    python.parent.mkdir()
    python.touch()
    stamp = {"key": set_up.stamp_key(PROJECT), "dev": False, "root": str(venv.parent), "python": str(python.resolve())}
    set_up.STAMP.write_text(json.dumps({**stamp, "left_out": [], "compiler": True, "missing": []}))
    monkeypatch.setattr(set_up, "Setup", None)
    set_up.set_up(dev=False)
    with pytest.raises(TypeError):  # for tests more is needed: it would set up
        set_up.set_up(dev=True)


@pytest.mark.parametrize(
    "change",
    [{"key": "another"}, {"root": "elsewhere"}, {"python": "another"}, {"left_out": ["hnswlib"], "compiler": False}],
)
def test_a_start_sets_up_again_when_something_changed(
    change: dict, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_up, "has_compiler", lambda: True)
    python = set_up.venv_file("python")
    python.parent.mkdir()
    python.touch()
    stamp = {"key": "one", "dev": True, "root": str(venv.parent), "python": str(python.resolve()), "left_out": []}
    assert set_up.holds(stamp, "one", dev=True)
    assert not set_up.holds({**stamp, **change}, "one", dev=True)


def test_a_folder_that_cannot_be_written_to(venv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    venv.rmdir()
    venv.write_text("a file stands in the way")
    assert start.main(["doctor"]) == 1
    assert "cannot be written to" in capsys.readouterr().err


def test_two_starts_take_turns(venv: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r}); import set_up, pathlib\n"
        f"with set_up.locked(pathlib.Path({str(set_up.LOCK)!r})): print('mine', flush=True)"
    )
    with set_up.locked(set_up.LOCK):
        other = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert "Waiting" in other.stderr.readline()
        assert other.poll() is None
    printed, said = other.communicate(timeout=60)
    assert (printed.strip(), other.returncode) == ("mine", 0), said


# -- The test command ---------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["mypy", "pytest", ""])
def test_every_check_runs_and_any_failure_counts(
    failing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **options: object) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(returncode=int(bool(failing) and failing in command))

    monkeypatch.setattr(start, "subprocess", SimpleNamespace(run=run, DEVNULL=None))
    assert start.check(["-k", "a word"]) == int(bool(failing))
    printed = capsys.readouterr().out
    assert re.findall(r"== (.+) ==", printed) == ["ruff check", "ruff format", "mypy", "lint-imports", "pytest"]
    assert len(commands) == 5
    assert commands[-1][-2:] == ["-k", "a word"]
    assert printed.rstrip().endswith(f"Failed: {failing}." if failing else "All checks passed.")
