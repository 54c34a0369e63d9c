#!/usr/bin/env python3
"""Set Likeness up and start it: one command for people, one for developers.

This file needs nothing but Python itself, and it is written so that Pythons from
3.6 on can read it far enough to say which Python is needed. What it sets up is in
tools/set_up.py (docs/adr/0001-two-commands.md).
"""

import os
import subprocess
import sys
from pathlib import Path

USAGE = """\
python3 start.py [FOLDER ...]         open the window, with these folders
python3 start.py index FOLDER ...     add the photos of folders, without a window
python3 start.py similar PHOTO ...    list the photos that look like these
python3 start.py journey PHOTO PHOTO  photos that lead from one to the other
python3 start.py words TEXT ...       list the photos that fit these words
python3 start.py duplicates           list photos that are copies of one another
python3 start.py label --set NAME ... label photos from folder names or a CSV file
python3 start.py train --set NAME     learn what was labelled
python3 start.py predict --set NAME   answer for photos that are not labelled
python3 start.py export --set NAME .. hand a classifier over as one file
python3 start.py clusters             group photos that look alike
python3 start.py map --png FILE       draw every photo on a plane
python3 start.py insights SOURCE ...  which themes of an account earned what
python3 start.py networks list        list the networks there are; add, get, remove
python3 start.py doctor               set up, and tell what this computer can do
python3 start.py test [ARGUMENT ...]  check the code and run the tests; arguments go to pytest
The first start sets everything up in .venv. On Windows write "py" for "python3"."""

COMMANDS = (
    "clusters", "doctor", "duplicates", "export", "index", "insights", "journey", "label", "map", "networks", "predict",
    "similar", "train", "words",
)  # fmt: skip


def too_old(version: tuple) -> str:
    """Return the sentence for a Python below 3.11, empty for one that will do."""
    if tuple(version[:2]) >= (3, 11):
        return ""
    have = "{}.{}".format(*version)
    return f"Likeness needs Python 3.11 or newer, and this is {have}. Install a newer one and start again."


# Before the first line that an older Python could not run.
if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))

from set_up import SetupFailed, clean_environment, remind, set_up, venv_file  # noqa: E402


def needs_display(arguments: list[str]) -> bool:
    """Tell whether these arguments open the window (rather than run a command or print help)."""
    words = iter(arguments)
    for word in words:
        if word in ("--help", "-h", "--version"):
            return False
        if word == "--library":
            next(words, None)
        elif not word.startswith("-"):
            return word not in COMMANDS
    return True


def display_problem(platform: str, environ: "os._Environ[str] | dict[str, str]") -> str:
    """Return what to tell where a window cannot open, empty where it can."""
    if not platform.startswith(("linux", "freebsd")):
        return ""
    if any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return ""
    commands = [line for line in USAGE.splitlines() if line.split()[2] in COMMANDS]
    return "\n  ".join(["There is no display here, so no window can open. These need none:", *commands])


def check(arguments: list[str]) -> int:
    """Run the linters and the tests; returns 0 when all of them passed."""
    python = str(venv_file("python"))
    serial = any(one.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for one in arguments)
    checks = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy": [python, "-m", "mypy"],
        "lint-imports": [str(venv_file("lint-imports"))],
        "pytest": [python, "-m", "pytest", *([] if serial else ["-n", "auto", "--dist", "worksteal"]), *arguments],
    }
    environ = {"QT_QPA_PLATFORM": "offscreen", **clean_environment()}
    failed = []
    for name, command in checks.items():
        print(f"\n== {name} ==", flush=True)
        stdin = None if serial else subprocess.DEVNULL  # a debugger reads it
        if subprocess.run(command, cwd=ROOT, env=environ, stdin=stdin, check=False).returncode:
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def hand_over(arguments: list[str]) -> int:
    """Become the program; on Windows, where that cannot be, run it and return its exit code."""
    # -P: a module in the folder it is started from must not stand in for one of ours.
    command = [str(venv_file("python")), "-P", "-m", "desktop_app", *arguments]
    if os.name == "nt":
        return subprocess.call(command, env=clean_environment())
    sys.stdout.flush()
    os.execve(command[0], command, clean_environment())


def main(arguments: list[str]) -> int:
    """Set up where needed, then test or start; returns the exit code."""
    if sys.stdin is None:  # started with stdin closed: descriptor 0 must not become another file by chance
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # pythonw has none
            stream.reconfigure(errors="replace")
    if arguments[:1] in (["--help"], ["-h"]):
        print(USAGE)
        return 0
    testing = arguments[:1] == ["test"]
    window = not testing and needs_display(arguments)
    problem = display_problem(sys.platform, os.environ) if window else ""
    try:
        if problem:
            raise SetupFailed(problem)
        set_up(dev=testing)
        if window:
            remind()
        return check(arguments[1:]) if testing else hand_over(arguments)
    except SetupFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Start again to carry on; what was fetched is kept.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
