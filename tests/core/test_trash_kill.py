"""Killed at any instant while photos go or come back, nothing is lost and every unit is whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.core.operations.trash_back import recently_trashed, restore
from desktop_app.core.operations.trash_mend import mend
from desktop_app.jobs import trash_mover
from desktop_app.jobs.trash_mover import SystemTrash
from tests.core.trash_made import catalogue, disk, end, known, opened

ROOT = Path(__file__).resolve().parents[2]
COUNT = 240

# one line for each report: the test kills after some of them
SCRIPT = """
import sys
from pathlib import Path
from desktop_app.core.operations.trash import move_to_trash
from desktop_app.core.operations.trash_back import recently_trashed, restore
from desktop_app.jobs.trash_mover import SystemTrash
from tests.core.libraries import opened

with opened(Path(sys.argv[1])) as library:
    trash = SystemTrash()
    rows = library.connection.execute("SELECT id FROM photos WHERE missing = 0 ORDER BY id").fetchall()
    if sys.argv[2] == "move":
        operations = [move_to_trash(library, [row[0] for row in rows], trash)]
    else:
        operations = [restore(library, trash, batch=one.number) for one in recently_trashed(library)]
    for operation in operations:
        for _ in operation:
            print("report", flush=True)
"""


def run(library: Path, what: str, reports: int) -> bool:
    """Run in a process of its own, killed after so many reports; whether it came to its end before."""
    words = [sys.executable, "-c", SCRIPT, str(library), what]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(reports):
            if not process.stdout.readline():
                break
        process.kill()
        return process.wait(60) == 0


def is_with_its_photo(name: str, here: set[str]) -> bool:
    """Whether both are here or neither."""
    return (name in here) == (name.rpartition(".")[0] + ".jpg" in here)


@pytest.mark.skipif(not trash_mover._FREEDESKTOP, reason="the trash of a test's own is freedesktop's")
@pytest.mark.timeout(280)
def test_killed_many_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"IMG_{number:04}.jpg").write_bytes(b"%d" % number)
        for ending in ("xmp", "aae")[: number % 3]:
            (folder / f"IMG_{number:04}.{ending}").write_bytes(ending.encode())
    with opened(tmp_path / "library") as library:
        known(library, folder, [f"IMG_{number:04}.jpg" for number in range(COUNT)])
        before, written = disk(folder), catalogue(library)
    random.seed(5)
    for what in ("move", "move", "restore", "move", "restore"):
        # a restore that was cut off may leave what belongs to a photo in the trash, for the next restore
        parted = {name for name in before if not is_with_its_photo(name, set(os.listdir(folder)))}
        run(tmp_path / "library", what, random.randint(2, 10))
        with opened(tmp_path / "library") as library:
            mend(library, SystemTrash())
            here = set(os.listdir(folder))
            shown = library.connection.execute("SELECT path FROM photos WHERE missing = 0").fetchall()
            assert {os.fsdecode(path) for (path,) in shown} == {name for name in here if name.endswith(".jpg")}
            for name in before:  # a unit that went is wholly gone, one that is here is wholly here
                if what == "move" and name not in parted:
                    assert is_with_its_photo(name, here), name
            assert len(here) + len(os.listdir(tmp_path / "data" / "Trash" / "files")) == len(before)
    with opened(tmp_path / "library") as library:
        for batch in recently_trashed(library):
            end(restore(library, SystemTrash(), batch=batch.number))
        assert (disk(folder), catalogue(library)) == (before, written)
    assert os.listdir(tmp_path / "data" / "Trash" / "files") == []
