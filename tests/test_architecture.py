"""The rules that hold the code together, checked by a machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
IGNORED = {
    ".git",
    ".venv",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "build",
    "dist",
}
LONGEST_FILE = 400

# Run in a process of its own, where importing Qt raises: first every module of core and command line, then a command.
WITHOUT_QT = """
import importlib, json, pkgutil, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError("Qt is not to be had here")

sys.meta_path.insert(0, NoQt())

def fail(name):
    raise

import desktop_app.cli
import desktop_app.core

names = []
for package in (desktop_app.core, desktop_app.cli):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=fail):
        if not found.name.endswith(".__main__"):
            importlib.import_module(found.name)
            names.append(found.name)
print(json.dumps(names), flush=True)
sys.exit(desktop_app.cli.main(sys.argv[1:]))
"""


def files(*endings: str) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [one for one in folders if one not in IGNORED]
        found += [Path(folder, name) for name in names if name.endswith(endings)]
    assert found
    return sorted(found)


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")
    ended = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 broken" in ended.stdout


def test_core_and_command_line_run_without_qt() -> None:
    command = [sys.executable, "-c", WITHOUT_QT, "networks", "list", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
    names, answer = (json.loads(line) for line in ended.stdout.splitlines())
    assert {"desktop_app.core.library", "desktop_app.core.types", "desktop_app.cli.networks"} <= set(names)
    assert answer["networks"]


def test_files_are_about_one_thing() -> None:
    lengths = {str(one.relative_to(ROOT)): len(one.read_text(encoding="utf-8").splitlines()) for one in files(".py")}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST_FILE} == {}


def foreign_names() -> re.Pattern[str]:
    """Paths of somebody's machine and hosts that packages come from; put together so that this file has none."""
    paths = r"(?<![\w./<-])/(?:{})/".format("|".join(["work", "root", "tmp", "Users"]))
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("debian", "org"), ("npmjs", "org"), ("npmjs", "com")]
    return re.compile("|".join([paths, *(rf"(?:deb|registry|files|simple|//)\.?{a}\.{b}\b" for a, b in hosts)]))


@pytest.mark.parametrize("text", ["see /wo" + "rk/x", "open('/tm" + "p/a.jpg')", "https://pyp" + "i.org/simple"])
def test_a_foreign_name_would_be_found(text: str) -> None:
    assert foreign_names().search(text)


def test_no_file_names_a_machine_or_a_package_host() -> None:
    pattern = foreign_names()
    endings = (".py", ".md", ".toml", ".yaml", ".yml", ".json", ".svg", ".txt", ".cfg", ".sh", ".csv", "run")
    found = []
    for path in files(*endings):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
