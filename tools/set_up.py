"""Make `.venv` hold what pyproject.toml asks for; used by start.py, and needs nothing but Python 3.11.

Every step can be cut short at any moment: a marker lies in `.venv` from the first change to the last, and a
start that finds it makes the environment anew. A stamp tells later starts, within milliseconds, that nothing
is to be done.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOG, STAMP, UNFINISHED, LOCK = (VENV / f"setup.{end}" for end in ("log", "json", "unfinished", "lock"))

# What Qt loads beyond a Debian or Ubuntu without a desktop, and a font to write with.
QT_LIBRARIES = (
    *("libegl1", "libgl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libxkbcommon-x11-0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "fonts-dejavu-core"),
)
# Packages the program does without, and how.
MAY_FAIL = {
    "hnswlib": "everything works, large libraries search a little slower",
    "pillow-heif": "everything works, HEIC photos are listed as not shown",
    "rawpy": "everything works, camera raw files are listed as not shown",
}
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Max retries exceeded|name resolution|getaddrinfo|Network is unreachable"
    r"|ConnectTimeout|ReadTimeout|timed out|ProxyError|Connection refused|Could not resolve",
    re.IGNORECASE,
)

Run = Callable[..., tuple[int, str]]


class SetupFailed(Exception):
    """Set-up cannot go on; the text is for the user."""


# -- Decisions ------------------------------------------------------------------------


def package_name(requirement: str) -> str:
    """Return the bare name of a requirement such as `hnswlib>=0.8; marker`."""
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower()


def split_dependencies(project: dict, dev: bool) -> tuple[list[str], list[str]]:
    """Split the requirements into those that must go in and those that may fail, one by one."""
    extras = project.get("optional-dependencies", {})
    wanted = ("heic", "raw", "dev") if dev else ("heic",)  # tests try every format
    asked = [*project["dependencies"], *(one for extra in wanted for one in extras.get(extra, ()))]
    return (
        [one for one in asked if package_name(one) not in MAY_FAIL],
        [one for one in asked if package_name(one) in MAY_FAIL],
    )


def stamp_key(pyproject: dict) -> str:
    """Return a hash that changes with whatever pyproject.toml says about the environment."""
    project = pyproject["project"]
    tables = [project.get(name) for name in ("version", "dependencies", "optional-dependencies", "scripts")]
    return hashlib.sha256(json.dumps([pyproject["build-system"], tables], sort_keys=True).encode()).hexdigest()


def system_packages(
    version: tuple[int, ...], *, of_debian: bool, headers: bool, compiler: bool, venv: bool
) -> tuple[list[str], list[str]]:
    """Return the Debian packages to have: those that are needed, and those that only help to build hnswlib."""
    python = f"python{version[0]}.{version[1]}"
    needed = [*QT_LIBRARIES, *([f"{python}-venv"] if of_debian and not venv else [])]
    helpful = [*([] if compiler else ["g++"]), *([f"{python}-dev"] if of_debian and not headers else [])]
    return needed, helpful


def not_installed(packages: list[str], dpkg_answer: str) -> list[str]:
    """Return the packages that `dpkg-query` does not report as installed.

    Debian 13 and Ubuntu 24.04 renamed some libraries by adding `t64`; either name will do.
    """
    there = {line.split()[0] for line in dpkg_answer.splitlines() if line.endswith(" installed")}
    return [one for one in packages if one not in there and f"{one}t64" not in there]


def reason(output: str) -> str:
    """Turn what pip printed into one sentence."""
    if "No space left on device" in output or "not enough space on the disk" in output:
        return "The disk is full. Likeness needs about 1.5 GB here."
    if "CERTIFICATE_VERIFY_FAILED" in output:
        return "The packages could not be fetched: this network has its own certificate. Set pip's option cert to it."
    if NO_NETWORK.search(output):
        return "The packages could not be fetched: the package index does not answer. Check the connection."
    if missing := re.search(r"No matching distribution found for (\S+)", output):
        python = "{}.{}".format(*sys.version_info)
        return f"There is no {package_name(missing[1])} for Python {python} on this system. Try Python 3.11 to 3.13."
    return "The packages could not be installed."


# -- The machine ----------------------------------------------------------------------


def say(text: str) -> None:
    """Tell the user; on stderr, since stdout belongs to the command that was asked for."""
    print(text, file=sys.stderr, flush=True)


def venv_file(name: str) -> Path:
    """Return a program of the virtual environment."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def base_python() -> str:
    """Return the Python that environments are made from, also when run inside one."""
    return getattr(sys, "_base_executable", None) or sys.executable


def has_compiler() -> bool:
    """Tell whether a C++ compiler is there (on Windows only a build can tell)."""
    return any(shutil.which(name) for name in ("g++", "c++", "clang++"))


def has_venv() -> bool:
    """Tell whether this Python can make environments with pip (Debian packs that apart)."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def clean_environment() -> dict[str, str]:
    """Return the environment without what would bring another Python's packages in."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def run_logged(command: list[str], *, keep_open: tuple[int, ...] = (), **environ: str) -> tuple[int, str]:
    """Run a command into the log; returns its exit code and output. A terminal shows what is being fetched."""
    options = {} if os.name == "nt" else {"pass_fds": keep_open}
    lines: list[str] = []
    live = sys.stderr.isatty()
    with (
        LOG.open("a", encoding="utf-8", errors="replace") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**clean_environment(), **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            **options,
        ) as process,
    ):
        log.write(f"\n$ {' '.join(command)}\n")
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            lines.append(line)
            if live and (fetched := re.match(r"\s*Downloading (\S+?)-\d\S* \((.+)\)", line)):
                print(f"\r\x1b[K    {fetched[1]}, {fetched[2]}", end="", file=sys.stderr, flush=True)
    if live:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return process.returncode, "".join(lines)


def missing_system_packages() -> tuple[list[str], list[str]]:
    """Return what is missing on Debian or Ubuntu: packages that are needed, and packages that only help."""
    if not shutil.which("dpkg-query"):
        return [], []
    needed, helpful = system_packages(
        sys.version_info,
        of_debian=Path(base_python()).parent == Path("/usr/bin"),
        headers=Path(sysconfig.get_path("include"), "Python.h").exists(),
        compiler=has_compiler(),
        venv=has_venv(),
    )
    names = [*needed, *(f"{one}t64" for one in needed), *helpful]
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *names]
    answer = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=False)
    return not_installed(needed, answer.stdout), not_installed(helpful, answer.stdout)


def say_missing(packages: list[str]) -> None:
    """Name the one command that adds the missing system packages."""
    say("    Some system packages are missing. This command adds them:")
    say(f"    sudo apt-get install {' '.join(packages)}")


def is_sound(python: Path) -> bool:
    """Tell whether an environment's Python runs, is new enough and has pip."""
    test = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    null = subprocess.DEVNULL
    try:
        answer = subprocess.run(test, env=clean_environment(), stdin=null, stdout=null, stderr=null, check=False)
    except OSError:
        return False
    return answer.returncode == 0


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int]:
    """Hold a file lock that dies with its processes; yields the file's descriptor."""
    waiting = "Another start is setting Likeness up. Waiting for it."
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # after ten seconds
                    say(waiting)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(waiting)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


# -- Set-up ---------------------------------------------------------------------------


class Setup:
    """One run of the set-up, under its lock.

    Args:
        project: the `project` table of pyproject.toml.
        dev: also what tests and linting need.
        run: runs a command: `run(command, **environment) -> (exit code, output)`.
    """

    def __init__(self, project: dict, dev: bool, run: Run) -> None:
        self.project, self.dev, self.run = project, dev, run
        self.left_out: list[str] = []
        self.number, self.steps = 0, 4 if shutil.which("dpkg-query") else 3

    def step(self, title: str) -> None:
        """Announce the next step."""
        self.number += 1
        say(f"{self.number}/{self.steps} {title}")

    def pip(self, *arguments: str) -> tuple[int, str]:
        """Run the environment's pip with the user's own settings (save `user`, which cannot work here)."""
        options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--prefer-binary"]
        # Built for any processor of its kind, hnswlib measured as fast, and survives a move to another machine.
        environ = {"PIP_USER": "0", "HNSWLIB_NO_NATIVE": "1"}
        return self.run([str(venv_file("python")), "-m", "pip", "install", *options, *arguments], **environ)

    def fail(self, sentence: str, output: str, then: str) -> SetupFailed:
        """Show the last lines of a failed command; returns the exception to raise."""
        for line in output.strip().splitlines()[-4:]:
            say(f"    | {line if len(line) <= 160 else line[:159] + '…'}")
        return SetupFailed(f"{sentence} {then} The whole story is in {LOG}.")

    def system(self) -> None:
        """Install what Qt, venv and the compiler need on Debian and Ubuntu, or print the command."""
        self.step("System libraries")
        needed, helpful = missing_system_packages()
        if not needed and not helpful:
            return
        if os.geteuid() != 0:
            say_missing([*needed, *helpful])
            return
        say(f"    Installing {' '.join([*needed, *helpful])}")
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
        self.run([*apt, "update"], DEBIAN_FRONTEND="noninteractive")
        # Apart, so that a compiler that cannot be had does not keep the libraries out.
        for packages in (needed, helpful):
            install = [*apt, "install", "-y", "--no-install-recommends", *packages]
            if packages and self.run(install, DEBIAN_FRONTEND="noninteractive")[0]:
                say(f"    These could not be installed: {' '.join(packages)}. {LOG} tells why.")

    def environment(self, anew: bool) -> None:
        """Make the virtual environment; anew where asked, or where one was cut short or is broken."""
        self.step("Virtual environment")
        anew = anew or UNFINISHED.exists() or not is_sound(venv_file("python"))
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        if not anew:
            return
        for child in [one for one in VENV.iterdir() if one not in (UNFINISHED, LOCK, LOG)]:
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        importlib.invalidate_caches()
        if not has_venv():
            package = " ".join(one for one in missing_system_packages()[0] if one.endswith("-venv"))
            hint = f"Add it with: sudo apt-get install {package}" if package else "Install a Python that has it."
            raise SetupFailed(f"This Python lacks its venv module. {hint}")
        code, output = self.run([base_python(), "-m", "venv", str(VENV)])
        if code:
            raise self.fail("Python could not make the virtual environment.", output, "Start again to try anew.")

    def packages(self) -> None:
        """Install the packages; those the program does without are left out with a word where they fail."""
        self.step("Packages (about 500 MB to fetch the first time, a few minutes)")
        needed, may_fail = split_dependencies(self.project, self.dev)
        code, output = self.pip(*needed)
        if code:
            raise self.fail(reason(output), output, "Start again to carry on; what was fetched is kept.")
        for requirement in may_fail:
            name = package_name(requirement)
            # hnswlib comes as source only; the others need more than a compiler to build.
            if self.pip(*([] if name == "hnswlib" else ["--only-binary", ":all:"]), requirement)[0] == 0:
                continue
            self.left_out.append(name)
            no_compiler = name == "hnswlib" and os.name != "nt" and not has_compiler()
            failed = "built (no C++ compiler)" if no_compiler else f"installed ({LOG.name} in .venv tells why)"
            say(f"    {name} could not be {failed}: {MAY_FAIL[name]}.")

    def program(self) -> None:
        """Install Likeness itself as a link to this folder, with the command `likeness`."""
        self.step("Likeness")
        code, output = self.pip("--no-deps", "--editable", str(ROOT))
        if code:
            raise self.fail(reason(output), output, "Start again to carry on; what was fetched is kept.")


def remind() -> None:
    """Name the system packages that the last set-up missed and that are still not there."""
    if read_stamp().get("missing") and (still := missing_system_packages()[0]):
        say_missing(still)


def read_stamp() -> dict:
    """Return what the last finished set-up noted, empty without one."""
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp if isinstance(stamp, dict) else {}
    return {}


def holds(stamp: dict, key: str, dev: bool) -> bool:
    """Tell whether an earlier set-up still holds (the quick path of every later start)."""
    python = venv_file("python")
    same_place = stamp.get("root") == str(ROOT) and stamp.get("python") == str(python.resolve()) and python.exists()
    compiler_came = "hnswlib" in stamp.get("left_out", ()) and not stamp.get("compiler") and has_compiler()
    return same_place and stamp.get("key") == key and stamp.get("dev", False) >= dev and not compiler_came


def set_up(*, dev: bool) -> None:
    """Make `.venv` hold what pyproject.toml asks for; does nothing where it does already.

    Raises:
        SetupFailed: with what to tell the user.
    """
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    key = stamp_key(pyproject)
    stamp = read_stamp()
    if holds(stamp, key, dev):
        return
    began = time.monotonic()
    try:
        VENV.mkdir(exist_ok=True)
        LOCK.touch()
    except OSError as error:
        raise SetupFailed(f"{ROOT} cannot be written to. Put Likeness into a folder of your own.") from error
    with locked(LOCK) as lock:
        stamp = read_stamp()
        if holds(stamp, key, dev):  # the start that was waited for did it
            return
        LOG.write_text("", encoding="utf-8")
        # Children hold the lock too: one that outlives a killed start still keeps the next start out.
        setup = Setup(pyproject["project"], dev or stamp.get("dev", False), partial(run_logged, keep_open=(lock,)))
        if setup.steps == 4:
            setup.system()
        setup.environment(anew=stamp.get("root", str(ROOT)) != str(ROOT))
        setup.packages()
        setup.program()
        done = {"key": key, "dev": setup.dev, "root": str(ROOT), "python": str(venv_file("python").resolve())}
        done |= {"left_out": setup.left_out, "compiler": has_compiler(), "missing": missing_system_packages()[0]}
        STAMP.write_text(json.dumps(done), encoding="utf-8")
        UNFINISHED.unlink()
    say(f"Ready after {time.monotonic() - began:.0f} s.")
