"""Killed at any instant, the next start carries on, and the end is the same as without."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import features, photos
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import Order, PhotoId
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]


def start(library: Path, folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "desktop_app", "index", "--json", "--library", str(library), "--device", "cpu"]
    words += ["--network", "efficientnet-lite0-int8", str(folder)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def finish(library: Path, folder: Path) -> dict[str, object]:
    process = start(library, folder)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return dict(json.loads(out))


def state(library: Path) -> tuple[dict[str, bytes], dict[str, list[tuple[str, float]]]]:
    """Each photo's stored vectors, its colours among them, and its neighbours with their likeness."""
    with Library(library) as opened:
        ids = photos.listed(opened.connection, Order.NAME)
        assert len(ids) == len(set(ids))
        found = photos.fetch(opened.connection, ids)
        name = {id_: photo.path.name for id_, photo in found.items()}
        assert len(set(name.values())) == len(name)
        where, owners = features.positions(opened.connection, opened.network.key)
        vectors = {
            name[PhotoId(int(owner))]: b"".join(
                opened.store.read(layer.name, np.array([at])).tobytes() for layer in opened.network.layers
            )
            for at, owner in zip(where, owners, strict=True)
        }
        colours = opened.files("colour")
        where, owners = features.positions(opened.connection, colours.key)
        assert len(owners) == len(ids)
        for at, owner in zip(where, owners, strict=True):
            vectors[name[PhotoId(int(owner))]] += b"".join(
                colours.store.read(layer, np.array([at])).tobytes() for layer in colours.store.layers
            )
        likeness = Likeness(opened)
        near = {
            name[PhotoId(id_)]: [
                (name[hit.photo], hit.score) for hit in likeness.best(likeness.embeddings([id_]), 10, [id_])
            ]
            for id_ in ids
        }
        likeness.close()
        assert opened.store.read(MAIN_LAYER, slice(0, 1)).shape == (1, 1280)
    return vectors, near


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
@pytest.mark.timeout(280)
def test_killed_many_times_in_a_row(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    save_many(folder, range(300))
    (folder / "broken.jpg").write_bytes(b"nothing")
    save(folder / "z copy.jpg", 7)

    assert finish(tmp_path / "whole", folder)["photos"] == 301
    expected_vectors, expected_near = state(tmp_path / "whole")

    dice = random.Random(20261122)
    killed = 0
    for _ in range(12):
        process = start(tmp_path / "killed", folder)
        # from the first instants of a start to the middle of storing: a clock is the point here
        try:
            process.communicate(timeout=dice.uniform(0.15, 1.6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
        catalogue = tmp_path / "killed" / "catalogue.sqlite"
        if catalogue.exists():
            with closing(sqlite3.connect(catalogue)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert killed >= 3

    answer = finish(tmp_path / "killed", folder)
    assert answer["photos"] == 301
    assert [entry["reason"] for entry in answer["skipped"]] == ["damaged"]  # type: ignore[union-attr, index]
    vectors, near = state(tmp_path / "killed")
    assert vectors == expected_vectors
    for name, neighbours in expected_near.items():
        assert [other for other, _ in near[name]] == [other for other, _ in neighbours]
        np.testing.assert_allclose([s for _, s in near[name]], [s for _, s in neighbours], atol=1e-5)


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(2))
    process = start(tmp_path / "library", tmp_path / "in")
    while not (tmp_path / "library" / "lock").exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert finish(tmp_path / "library", tmp_path / "in")["photos"] == 2
