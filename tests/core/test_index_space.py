"""The index space on the disk: readers keep what they have, damage is noticed, nothing half-made counts."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.index.projection import Projection
from desktop_app.core.index.space import Space

WIDTH = 12


def raw(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, WIDTH)).astype(np.float32)


def projection(seed: int = 0, dimensions: int = 4) -> Projection:
    return Projection.fit(raw(300, seed), 300, None, dimensions)


@pytest.fixture
def space(tmp_path: Path) -> Space:
    space = Space(tmp_path / "space")
    space.replace(projection(), [raw(30), raw(10, 1)])
    yield space
    space.close()


def files(space: Space) -> list[str]:
    return sorted(path.name for path in space.folder.iterdir())


def test_without_a_projection_there_is_nothing_to_see(tmp_path: Path) -> None:
    space = Space(tmp_path / "space")
    assert (space.projection, space.view(), space.rows) == (None, None, 0)
    with pytest.raises(ValueError):
        space.extend(raw(1))
    assert not space.folder.exists()


def test_rows_are_the_projected_vectors_by_position(space: Space) -> None:
    assert space.extend(raw(5, 2)) == 45
    expected = projection().apply(np.concatenate([raw(30), raw(10, 1), raw(5, 2)]))
    view = space.view()
    assert np.allclose(view.matrix, expected, atol=1e-6)
    space.flush()
    again = Space(space.folder)
    assert np.array_equal(again.view().matrix, view.matrix)
    assert again.view().projection.digest == projection().digest


def test_rows_not_flushed_are_appended_again_after_a_kill(space: Space) -> None:
    space.extend(raw(5, 2))
    space.close()
    again = Space(space.folder)
    assert again.rows == 40
    again.extend(raw(5, 3))
    again.flush()
    again.close()
    assert np.allclose(Space(space.folder).view().matrix[40:], projection().apply(raw(5, 3)), atol=1e-6)


def test_an_empty_space_can_be_searched_and_extended(tmp_path: Path) -> None:
    space = Space(tmp_path)
    space.replace(projection(), [])
    assert space.view().matrix.shape == (0, 4)
    space.extend(raw(2))
    assert Space(tmp_path).view().matrix.shape == (0, 4)
    assert space.view().matrix.shape == (2, 4)
    space.close()


def test_a_readers_view_stays_as_it_is(space: Space) -> None:
    view = space.view()
    before = view.matrix.copy()
    space.extend(raw(9, 4))
    space.replace(projection(5, 3), [raw(7, 6)])
    space.truncate(3)
    assert np.array_equal(view.matrix, before)
    assert view.projection.digest == projection().digest
    assert view.generation < space.view().generation
    assert space.view().matrix.shape == (3, 3)


def test_a_thread_reads_whole_snapshots_while_another_writes(space: Space) -> None:
    """Every view is of one projection: its rows are what that projection makes of the raw ones."""
    seen: list[bool] = []
    newest = [space.view()]
    done = threading.Event()

    def read() -> None:
        while True:
            last = done.is_set()
            view = newest[0]
            expected = view.projection.apply(raw(30))
            seen.append(bool(np.allclose(view.matrix[:30], expected, atol=1e-6)))
            if last:
                return

    reader = threading.Thread(target=read)
    reader.start()
    for seed in range(6):
        space.replace(projection(seed, 3 + seed % 3), [raw(30)])
        newest[0] = space.view()
        space.extend(raw(20, seed))
        newest[0] = space.view()
    done.set()
    reader.join()
    assert seen
    assert all(seen)


def test_only_the_newest_generation_stays_on_the_disk(space: Space) -> None:
    for seed in range(3):
        space.replace(projection(seed), [raw(4)])
    assert files(space) == ["projection.g4.npz", "space.g4.f32", "space.json"]


def test_a_replacement_that_is_stopped_changes_nothing(space: Space) -> None:
    before = files(space)
    steps = space.replacing(projection(7), iter([raw(4), raw(4), raw(4)]))
    assert [next(steps), next(steps)] == [4, 8]
    steps.close()
    assert files(space) == before
    assert space.rows == 40
    assert space.extend(raw(1)) == 41


@given(st.data())
@settings(deadline=None, max_examples=25)
def test_cut_back_and_extended_it_equals_one_made_at_once(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place, contextlib.closing(Space(Path(place))) as space:
        space.replace(projection(), [raw(20)])
        expected = projection().apply(raw(20))
        for seed in range(data.draw(st.integers(1, 4))):
            rows = data.draw(st.integers(0, 40))
            space.truncate(rows)
            expected = expected[:rows]
            more = raw(data.draw(st.integers(0, 8)), seed + 10)
            space.extend(more)
            expected = np.concatenate([expected, projection().apply(more)])
            if data.draw(st.booleans()):
                space.flush()
                space.refresh()
            assert np.allclose(space.view().matrix, expected, atol=1e-6)
        space.clear()
        assert space.view() is None
        assert list(Path(place).iterdir()) == []


def damage(space: Space, kind: str) -> None:
    matrix, sidecar, fitted = (space.folder / name for name in ("space.g1.f32", "space.json", "projection.g1.npz"))
    if kind == "short":
        matrix.write_bytes(matrix.read_bytes()[:-1])
    elif kind == "no matrix":
        matrix.unlink()
    elif kind == "no sidecar":
        sidecar.unlink()
    elif kind == "no projection":
        fitted.unlink()
    elif kind == "projection":
        fitted.write_bytes(fitted.read_bytes()[:100])
    elif kind == "other projection":
        projection(9).save(fitted)
    elif kind == "not json":
        sidecar.write_bytes(b"\xff{")
    else:
        state = json.loads(sidecar.read_text())
        key, value = kind.split("=")
        state[key] = json.loads(value)
        sidecar.write_text(json.dumps(state))


@pytest.mark.parametrize(
    "kind",
    [
        "short", "no matrix", "no sidecar", "no projection", "projection", "other projection", "not json",
        "version=2", "rows=41", "rows=-1", "rows=null", "dimension=5", "dimension=0", "generation=2",
    ],
)  # fmt: skip
def test_damage_is_noticed_and_the_space_made_again(space: Space, kind: str) -> None:
    space.close()
    damage(space, kind)
    again = Space(space.folder)
    assert again.view() is None
    assert again.rows == 0
    again.replace(projection(), [raw(3)])
    assert again.view().rows == 3
    assert len(files(again)) == 3
    assert Space(space.folder).view().rows == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there to run into")
def test_a_full_disk_leaves_the_space_as_it_was(space: Space) -> None:
    import resource

    before, rows = files(space), space.view().matrix.copy()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError):
            space.replace(projection(3), [raw(1000)])
        with pytest.raises(OSError):
            space.extend(raw(1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(space) == before
    assert np.array_equal(space.view().matrix, rows)
    assert space.extend(raw(2)) == 42


def test_a_second_process_that_reads_follows_the_writer(space: Space) -> None:
    other = Space(space.folder, writable=False)
    space.replace(projection(2), [raw(8)])
    assert other.view().rows == 8
    space.extend(raw(3))
    space.flush()
    other.refresh()
    assert other.view().rows == 11
    for change in (lambda: other.extend(raw(1)), lambda: other.replace(projection(), [])):
        with pytest.raises(ValueError):
            change()
