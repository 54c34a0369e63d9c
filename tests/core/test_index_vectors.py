"""The vector store: what goes in comes out, and no kill, full disk or damage leaves anything but whole rows."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop_app.core.index.layer_file import HEADER_BYTES, file_stem, widened
from desktop_app.core.index.vectors import VectorStore

LAYERS = {"embedding": 5, "logits": 3}


def made(count: int, seed: int = 0, largest: float = 1.0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {name: (largest * random.uniform(-1, 1, (count, size))).astype(np.float32) for name, size in LAYERS.items()}


def assert_close(read: np.ndarray, wrote: np.ndarray, largest: float) -> None:
    """Within float16's rounding: 11 bits of the value, or the smallest step at the layer's scale."""
    step = max(1.0, largest * 4 / 30_000) * 2.0**-24
    assert read.dtype == np.float32
    assert (np.abs(read - wrote) <= np.maximum(np.abs(wrote) * 2.0**-11, step)).all()


values = hnp.arrays(
    np.float32, st.tuples(st.integers(0, 9), st.just(4)), elements=st.floats(-(2.0**110), 2.0**110, width=32)
)


@given(st.lists(values, min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_rows_come_back_within_rounding_whatever_their_size(blocks: list[np.ndarray]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with VectorStore(Path(folder), {"a": 4}, writable=True) as store:
            positions = [store.append({"a": block}) for block in blocks]
            store.flush()
        assert positions == np.cumsum([0, *map(len, blocks)])[:-1].tolist()
        everything = np.concatenate(blocks)
        largest = float(np.abs(everything).max(initial=0))
        with VectorStore(Path(folder), {"a": 4}, writable=False) as store:
            assert store.rows == len(everything)
            assert_close(store.read("a", slice(None)), everything, largest)
            picked = np.arange(len(everything))[::-2].astype(np.int64)
            assert_close(store.read("a", picked), everything[picked], largest)
            chunks = list(store.chunks("a", size=3))
            assert sum(map(len, chunks)) == len(everything)
            assert all(len(chunk) <= 3 for chunk in chunks)
            if chunks:
                assert_close(np.concatenate(chunks), everything, largest)


def exponent(path: Path) -> int:
    """Of a layer's file; the largest is the valid one. Those above 200 are made up as damage."""
    found = int(path.suffixes[-2][2:])
    return found if found < 200 else -1


class StoreMachine(RuleBasedStateMachine):
    """A store beside a list of rows that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        self.rows = {name: np.empty((0, size), np.float32) for name, size in LAYERS.items()}
        self.largest = dict.fromkeys(LAYERS, 0.0)
        self.seed = 0
        self.store = VectorStore(self.folder, LAYERS, writable=True)
        self.reader = self.store.reader()

    @rule(count=st.integers(0, 4), power=st.sampled_from([0, 0, 0, 12, 20, 40]))
    def append(self, count: int, power: int) -> None:
        self.seed += 1
        block = made(count, self.seed, 2.0**power)
        assert self.store.append(block) == len(self.rows["embedding"])
        for name in LAYERS:
            self.rows[name] = np.concatenate([self.rows[name], block[name]])
            self.largest[name] = max(self.largest[name], float(np.abs(block[name]).max(initial=0)))

    @rule(keep=st.integers(0, 12))
    def truncate(self, keep: int) -> None:
        self.reader.close()
        self.store.truncate(keep)
        self.rows = {name: rows[:keep] for name, rows in self.rows.items()}
        self.reader = self.store.reader()

    @rule()
    def reopen(self) -> None:
        self.store.flush()
        self.store.close()
        self.store = VectorStore(self.folder, LAYERS, writable=True)

    @precondition(lambda self: len(self.rows["embedding"]) > 0)
    @rule(layer=st.sampled_from(sorted(LAYERS)), data=st.data())
    def killed(self, layer: str, data: st.DataObject) -> None:
        """A file ends anywhere: the store has the whole rows that all layers have."""
        self.store.close()
        self.reader.close()
        # files without a whole header are what earlier kills left: the store has passed them over
        alive = [file for file in self.folder.glob(f"{layer}.e*.f16") if file.stat().st_size >= HEADER_BYTES]
        path = max(alive, key=exponent)
        size = data.draw(st.integers(0, path.stat().st_size))
        os.truncate(path, size)
        whole = max(0, size - HEADER_BYTES) // (2 * LAYERS[layer])
        self.rows = {name: rows[:whole] for name, rows in self.rows.items()}
        self.store = VectorStore(self.folder, LAYERS, writable=True)
        self.reader = self.store.reader()

    @rule()
    def left_by_a_kill(self) -> None:
        """Half a file of the next scale does no harm."""
        (self.folder / "embedding.e200.f16.tmp").write_bytes(b"half")
        (self.folder / "embedding.e201.f16").write_bytes(b"not a header")

    @invariant()
    def same(self) -> None:
        self.reader.refresh()
        for store in (self.store, self.reader):
            assert store.rows == len(self.rows["embedding"])
            for name, rows in self.rows.items():
                assert_close(store.read(name, slice(None)), rows, self.largest[name])

    def teardown(self) -> None:
        self.store.close()
        self.reader.close()
        self.place.cleanup()


StoreMachine.TestCase.settings = settings(
    deadline=None, max_examples=25, stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow]
)
TestStoreMachine = StoreMachine.TestCase


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
def test_a_value_that_is_not_finite_is_refused_by_the_layers_name(tmp_path: Path, bad: float) -> None:
    block = made(3)
    block["logits"][1, 2] = bad
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        with pytest.raises(ValueError, match="'logits'"):
            store.append(block)
        assert store.rows == 0
        assert store.append(made(2)) == 0


def test_all_layers_of_the_same_photos_must_be_there(tmp_path: Path) -> None:
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        with pytest.raises(ValueError, match="'logits'"):
            store.append({"embedding": made(1)["embedding"]})
        with pytest.raises(ValueError, match="'logits'"):
            store.append({"embedding": made(2)["embedding"], "logits": made(1)["logits"]})
        assert store.rows == 0


def test_a_grown_scale_is_a_new_file_and_readers_find_it(tmp_path: Path) -> None:
    with VectorStore(tmp_path, {"embedding": 2}, writable=True) as store, store.reader() as reader:
        store.append({"embedding": np.array([[1, -3]], np.float32)})
        assert reader.read("embedding", np.array([0])).tolist() == [[1, -3]]
        store.append({"embedding": np.array([[524_288, 2]], np.float32)})
        [path] = tmp_path.glob("*.f16")
        assert path.name != "embedding.e0.f16"
        assert reader.read("embedding", np.array([1, 0])).tolist() == [[524_288, 2], [1, -3]]


def test_two_valid_scales_left_by_a_kill_are_one_store_again(tmp_path: Path) -> None:
    with VectorStore(tmp_path, {"a": 1}, writable=True) as store:
        store.append({"a": np.array([[7]], np.float32)})
        old = (tmp_path / "a.e0.f16").read_bytes()
        store.append({"a": np.array([[1_048_576]], np.float32)})
    (tmp_path / "a.e0.f16").write_bytes(old)
    with VectorStore(tmp_path, {"a": 1}, writable=True) as store:
        assert store.read("a", slice(None)).tolist() == [[7], [1_048_576]]
        assert not (tmp_path / "a.e0.f16").exists()


def test_rows_that_only_some_layers_have_never_come_to_count(tmp_path: Path) -> None:
    """After a kill between two layers the longer one's rest must not become part of later photos."""
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        store.append(made(9))
    os.truncate(tmp_path / "logits.e0.f16", HEADER_BYTES + 2 * 6 + 3)
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        assert store.append(made(1, 1)) == 2
    assert (tmp_path / "embedding.e0.f16").stat().st_size == HEADER_BYTES + 3 * 10
    assert (tmp_path / "logits.e0.f16").stat().st_size == HEADER_BYTES + 3 * 6


@pytest.mark.parametrize("damage", ["missing", "empty", "header", "other dimension"])
def test_a_layer_that_cannot_be_used_has_no_rows_and_can_be_written_again(tmp_path: Path, damage: str) -> None:
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        store.append(made(4))
    path = tmp_path / "logits.e0.f16"
    layers = LAYERS
    if damage == "missing":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "header":
        path.write_bytes(b"\xff" * path.stat().st_size)
    else:
        layers = LAYERS | {"logits": 7}
    with VectorStore(tmp_path, layers, writable=True) as store:
        assert store.rows == 0
        again = made(2, 5) | {"logits": np.ones((2, layers["logits"]), np.float32)}
        assert store.append(again) == 0
        assert store.rows == 2
        assert store.read("logits", slice(None)).tolist() == again["logits"].tolist()


def test_positions_beyond_the_end_are_an_error_not_a_crash(tmp_path: Path) -> None:
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        store.append(made(3))
        for wrong in ([3], [-1], [0, 99]):
            with pytest.raises(IndexError):
                store.read("embedding", np.array(wrong, np.int64))
        assert store.read("embedding", np.empty(0, np.int64)).shape == (0, 5)


def test_a_store_for_reading_needs_no_folder_and_cannot_be_cut(tmp_path: Path) -> None:
    store = VectorStore(tmp_path / "none", LAYERS, writable=False)
    assert store.rows == 0
    assert store.read("embedding", slice(None)).shape == (0, 5)
    with pytest.raises(ValueError):
        store.truncate(0)
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there to run into")
def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    import resource

    before = made(3)
    with VectorStore(tmp_path, LAYERS, writable=True) as store:
        store.append(before)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096 + 5, hard))
        try:
            with pytest.raises(OSError):
                store.append(made(600, 1))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert {path.stat().st_size for path in tmp_path.iterdir()} == {HEADER_BYTES + 30, HEADER_BYTES + 18}
        assert store.append(made(1, 2)) == 3
        assert_close(store.read("embedding", slice(0, 3)), before["embedding"], 1.0)
        assert_close(store.read("logits", slice(3, 4)), made(1, 2)["logits"], 1.0)


@given(st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
@settings(deadline=None)
def test_different_layers_have_different_safe_files(names: list[str]) -> None:
    first, second = map(file_stem, names)
    assert first.lower() != second.lower()
    assert not set(first) & set('/\\:*?"<>|')
    assert len(first) < 120


@pytest.mark.parametrize("_", range(4))
def test_a_reader_finds_the_rows_again_whenever_the_scale_grows(tmp_path: Path, _: int) -> None:
    """The old file goes away while readers are about to open it."""
    wrong: list[object] = []
    done = threading.Event()
    with VectorStore(tmp_path, {"a": 2}, writable=True) as store:
        store.append({"a": np.array([[1, 2]], np.float32)})

        def read() -> None:
            while True:
                last = done.is_set()
                try:
                    with store.reader() as reader:
                        row = reader.read("a", np.array([0])).tolist()
                except OSError as error:
                    wrong.append(error)
                else:
                    if row != [[1, 2]]:
                        wrong.append(row)
                if last:
                    return

        reading = threading.Thread(target=read)
        reading.start()
        for power in range(17, 30, 3):
            store.append({"a": np.full((1, 2), 2.0**power, np.float32)})
            store.truncate(1)
        done.set()
        reading.join()
    assert not wrong


def test_every_float16_is_widened_to_the_bit() -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = np.resize(every, (1030, 64))  # more than one block, and the last one not whole
    wide = widened(halves)
    assert wide.dtype == np.float32
    np.testing.assert_array_equal(wide.view(np.uint32), halves.astype(np.float32).view(np.uint32))
    assert widened(halves[:0]).shape == (0, 64)
    np.testing.assert_array_equal(widened(halves[::7, ::2]), halves[::7, ::2].astype(np.float32))
