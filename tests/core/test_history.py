"""Whatever happened to files on the way, a library ends as one made from scratch on what is there now."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop_app.core.catalog import folders
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations.folders import remove_folder, restore_folder
from desktop_app.core.operations.ingest import ingest, stop
from desktop_app.core.types import FolderState
from tests.core.libraries import assert_equal, opened, run, state
from tests.photos import save

NAMES = [f"{folder}/{name}" for folder in ("a", "a/deep", "b") for name in ("1.jpg", "2.png", "3.jpg")]
names = st.sampled_from(NAMES)
seeds = st.integers(0, 5)


class Disk(RuleBasedStateMachine):
    """Files come, go, change and move; folders are scanned, stopped half-way, removed, brought back; it is reopened."""

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp())
        self.root = self.base / "in"
        for folder in ("a/deep", "b"):
            (self.root / folder).mkdir(parents=True)
        self.clock = 1_600_000_000
        self.library = opened(self.base / "library")
        self.engine: Engine = self.library.engine
        run(self.library, self.root / "a")

    def teardown(self) -> None:
        if hasattr(self, "library"):
            try:
                self.compare()
            finally:
                self.library.close()
                shutil.rmtree(self.base)

    def path(self, name: str) -> Path:
        return self.root / name

    def stamp(self, path: Path) -> None:
        """A time of its own for every write, as on a disk that is used by a person and not by a test."""
        self.clock += 10
        os.utime(path, (self.clock, self.clock))

    @rule(name=names, seed=seeds)
    def write(self, name: str, seed: int) -> None:
        self.stamp(save(self.path(name), seed, 40, 30))

    @rule(name=names)
    def write_garbage(self, name: str) -> None:
        self.path(name).write_bytes(b"no picture")
        self.stamp(self.path(name))

    @rule(name=names)
    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    @rule(name=names)
    def touch(self, name: str) -> None:
        if self.path(name).exists():
            self.stamp(self.path(name))

    @rule(old=names, new=names)
    def move(self, old: str, new: str) -> None:
        if self.path(old).exists():
            self.path(old).replace(self.path(new))

    @rule(one=names, two=names)
    def swap(self, one: str, two: str) -> None:
        if self.path(one).exists() and self.path(two).exists() and one != two:
            self.path(one).rename(self.base / "aside")
            self.path(two).rename(self.path(one))
            (self.base / "aside").rename(self.path(two))

    @rule(old=names, new=names, keep_time=st.booleans())
    def copy(self, old: str, new: str, keep_time: bool) -> None:
        if self.path(old).exists() and old != new:
            (shutil.copy2 if keep_time else shutil.copy)(self.path(old), self.path(new))
            if not keep_time:
                self.stamp(self.path(new))

    @rule()
    def folder_moves(self) -> None:
        (self.root / "a" / "deep").rename(self.root / "a" / "deeper")
        run(self.library)
        (self.root / "a" / "deeper").rename(self.root / "a" / "deep")

    @rule(folder=st.sampled_from(["a", "b", "a/deep", "."]))
    def scan(self, folder: str) -> None:
        run(self.library, self.root / folder, workers=1)

    @rule(steps=st.integers(1, 4))
    def scan_and_stop(self, steps: int) -> None:
        operation = ingest(self.library, workers=1)
        for _ in range(steps):
            next(operation, None)
        operation.close()
        stop(self.library)

    @rule()
    def drive_away(self) -> None:
        self.root.rename(self.base / "unplugged")
        run(self.library)
        (self.base / "unplugged").rename(self.root)

    @rule(which=st.integers(0, 2), bring_back=st.booleans())
    def remove(self, which: int, bring_back: bool) -> None:
        present = folders.all_folders(self.library.connection)
        if which < len(present):
            folder = present[which].id
            remove_folder(self.library, folder)
            if bring_back:
                run(self.library, self.root / "b")
                restore_folder(self.library, folder)

    @rule(lose=st.sampled_from(["nothing", "thumbnails.sqlite", "index", "vectors"]))
    def reopen(self, lose: str) -> None:
        self.library.close()
        place = self.base / "library" / lose
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        self.library = opened(self.base / "library")
        self.library._engine = self.engine  # loading it each time would be most of the test

    @rule()
    def vectors_are_cut(self) -> None:
        self.library.close()
        for path in (self.base / "library" / "vectors").glob("*/*.f16"):
            os.truncate(path, path.stat().st_size * 2 // 3)
        self.reopen("nothing")

    @invariant()
    def rows_are_one_per_path(self) -> None:
        if hasattr(self, "library"):
            rows = self.library.connection.execute(
                "SELECT count(*), count(DISTINCT d.root || '/' || p.path) FROM photos p JOIN folders d"
                " ON d.id = p.folder WHERE p.missing = 0 AND d.removed IS NULL"
            ).fetchone()
            assert rows[0] == rows[1]

    def compare(self) -> None:
        run(self.library)
        roots = [folder.root for folder in folders.all_folders(self.library.connection)]
        with opened(self.base / "anew") as anew:
            anew._engine = self.engine
            if roots:
                run(anew, *roots)
            mine, scratch = state(self.library), state(anew)
        assert_equal(mine, scratch)
        assert {path: why for path, why in mine.skipped.items() if why != "gone"} == scratch.skipped
        assert not any(
            path.exists() for path, why in mine.skipped.items() if why == "gone" and path not in mine.vectors
        )
        assert all(folder.state is FolderState.READY for folder in folders.all_folders(self.library.connection))
        assert run(self.library).read == 0  # and it stays so


class TestHistory(Disk.TestCase):
    settings = settings(
        max_examples=int(os.environ.get("LIKENESS_EXAMPLES", "12")),
        stateful_step_count=14,
        deadline=None,
        derandomize="LIKENESS_EXAMPLES" not in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
