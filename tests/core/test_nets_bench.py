"""Speeds are measured in every way that makes sense here, remembered, and can be stopped at any report."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.nets import bench as benching
from desktop_app.core.nets.bench import Bench, Speed, Way, bench, best_of, best_way, open_engine, remembered
from desktop_app.core.nets.device import DeviceReport
from desktop_app.core.nets.machine import machine, write_json
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.nets.preparation import PRESETS
from desktop_app.core.nets.session import CARD_BATCH, Engine
from desktop_app.core.types import Progress
from tests.core.libraries import NETWORK, neighbours, opened, run
from tests.core.nets_made import added
from tests.photos import save_many

HOW = PRESETS["digits"](28, 28)


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(benching, "_SECONDS", 0.005)


def measured(network, **how) -> tuple[list[Progress], Bench]:
    reports, running = [], bench(network, **how)
    while True:
        try:
            reports.append(next(running))
        except StopIteration as end:
            return reports, end.value


def test_workers_and_batches_are_measured_and_remembered(home):
    network = added(HOW, title="Tiny")
    assert remembered(network) is None
    reports, found = measured(network, device="cpu", workers=2)
    assert [speed.way for speed in found.speeds] == [
        Way("workers", 1), Way("workers", 2), Way("batches", 2, 4), Way("batches", 2, 8),
    ]  # fmt: skip
    assert all(speed.photos_per_second > 0 for speed in found.speeds)
    assert found.best in found.speeds
    assert {report.text for report in reports} == {"Measuring Tiny"}
    assert (reports[-1].done, reports[-1].total) == (4, 4)
    assert remembered(network) == found
    assert best_way(network) == found.best.way
    assert remembered(network, "cuda") is None
    other = added(PRESETS["grey"](28, 28), "other")
    assert remembered(other) is None
    measured(other, device="cpu", workers=1)
    assert remembered(network) == found


def test_on_one_core_there_is_one_worker():
    _, found = measured(added(HOW), device="cpu", workers=1)
    assert [speed.way for speed in found.speeds] == [Way("workers", 1), Way("batches", 1, 4), Way("batches", 1, 8)]


def test_a_network_of_one_picture_at_a_time_is_not_batched():
    network = added(HOW, batch=1)
    _, found = measured(network, device="cpu", workers=2)
    assert {speed.way.kind for speed in found.speeds} == {"workers"}
    assert not open_engine(network, "cpu").batches


class OnCard:
    """An engine as if it ran on a card."""

    device = DeviceReport("cuda")

    def __init__(self, network, device, threads) -> None:
        self.network, self.sizes = network, []

    def prepare(self, pixels):
        return np.zeros(self.network.preparation.shape, np.float32)

    def run(self, batch):
        self.sizes.append(len(batch))
        return {}


def test_on_a_card_there_are_batches_only():
    network = added(HOW)
    _, found = measured(network, opener=OnCard)
    assert found.device == "cuda"
    assert [speed.way for speed in found.speeds] == [Way("batches", 1, size) for size in (1, 8, CARD_BATCH)]
    assert remembered(network, "cuda") == found
    assert remembered(network) is None
    assert best_way(network).kind == "workers"


def test_a_slow_network_is_not_kept_busy_with_large_batches(monkeypatch):
    monkeypatch.setattr(benching, "_LONGEST_RUN", 0.0)
    _, found = measured(added(HOW), device="cpu", workers=1)
    assert [speed.way for speed in found.speeds] == [Way("workers", 1)]


@pytest.mark.parametrize("after", range(1, 8))
def test_it_can_be_stopped_at_any_report(after: int):
    network = added(HOW)
    running = bench(network, device="cpu", workers=2)
    for _ in range(after):
        next(running)
    running.close()
    assert remembered(network) is None
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("bench-")]


def test_a_worker_that_fails_is_not_waited_for():
    class Broken(OnCard):
        device = DeviceReport("cpu")

        def run(self, batch):
            if threading.current_thread() is not threading.main_thread():
                raise RuntimeError("worker")
            return {}

    with pytest.raises(RuntimeError, match="worker"):
        measured(added(HOW), opener=Broken)


def test_batches_have_to_be_clearly_faster():
    worker, batch = Speed(Way("workers", 2), 100.0), Speed(Way("batches", 2, 8), 110.0)
    assert best_of([worker, batch]) is worker
    assert best_of([worker, Speed(batch.way, 130.0)]).way == batch.way
    on_card = [Speed(Way("batches", 1, size), rate) for size, rate in ((1, 90.0), (8, 300.0), (32, 290.0))]
    assert best_of(on_card).way.batch == 8


def put(network, way: Way) -> None:
    """As if this way had been measured as the best."""
    speed = {"way": {"kind": way.kind, "threads": way.threads, "batch": way.batch}, "photos_per_second": 9.0}
    known = json.loads(benching.cache_file().read_text())
    known["networks"][f"{network.key} cpu"] = {"speeds": [speed], "best": speed}
    benching.cache_file().write_text(json.dumps(known))


def test_an_engine_runs_in_the_best_way():
    network = added(HOW)
    assert not open_engine(network, "cpu").batches
    measured(network, device="cpu", workers=1)
    put(network, Way("batches", 1, 4))
    engine = open_engine(network, "cpu")
    assert engine.batches
    assert engine.batch_size == 4
    pictures = np.random.default_rng(0).random((11, *HOW.shape), np.float32)
    alone = Engine(network, "cpu")
    assert (alone.batches, alone.batch_size) == (False, 1)
    for name, values in engine.run(pictures).items():
        np.testing.assert_allclose(values, alone.run(pictures)[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"machine": 3}', b"\xff", b'{"networks": []}'])
def test_a_damaged_memory_only_means_measuring_again(content: bytes):
    network = added(HOW)
    benching.cache_file().parent.mkdir(parents=True, exist_ok=True)
    benching.cache_file().write_bytes(content)
    assert remembered(network) is None
    assert best_way(network).kind == "workers"
    _, found = measured(network, device="cpu", workers=1)
    assert remembered(network) == found


@pytest.mark.parametrize(
    "entry",
    [None, [], {}, {"speeds": 3}, {"speeds": [{}], "best": {}}, {"speeds": [], "best": {"way": 3}},
     {"speeds": [], "best": {"way": {"kind": "magic", "threads": 1, "batch": 1}, "photos_per_second": 1}},
     {"speeds": [], "best": {"way": {"kind": "workers", "threads": 0, "batch": 1}, "photos_per_second": 1}}],
)  # fmt: skip
def test_a_damaged_entry_is_none(entry: object):
    network = added(HOW)
    measured(network, device="cpu", workers=1)
    known = json.loads(benching.cache_file().read_text())
    known["networks"][f"{network.key} cpu"] = entry
    benching.cache_file().write_text(json.dumps(known))
    assert remembered(network) is None


@pytest.mark.parametrize("changed", ["processor", "onnxruntime"])
def test_speeds_of_another_machine_do_not_hold(changed: str):
    network = added(HOW)
    measured(network, device="cpu", workers=1)
    known = json.loads(benching.cache_file().read_text())
    known["machine"][changed] = "something else"
    benching.cache_file().write_text(json.dumps(known))
    assert remembered(network) is None


def test_photos_added_in_batches_are_the_same_photos(tmp_path):
    photos = save_many(tmp_path / "photos", range(11))
    network = next(network for network in bundled_networks(paths.models_dir()) if network.name == NETWORK)
    found = []
    for way in (Way("workers", 2), Way("batches", 2, 4)):
        write_json(benching.cache_file(), {"machine": machine(), "networks": {}})
        put(network, way)
        with opened(tmp_path / way.kind) as library:
            assert library.engine.batches == (way.kind == "batches")
            assert run(library, tmp_path / "photos").added == len(photos)
            found.append(neighbours(library, photos))
    for path in photos:
        alone, together = (dict(one[path]) for one in found)
        assert alone.keys() == together.keys()
        np.testing.assert_allclose([alone[other] for other in alone], [together[other] for other in alone], atol=2e-3)
