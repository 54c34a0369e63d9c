"""The fastest network is measured once, remembered, and measured again when something changed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.nets import choice
from desktop_app.core.nets.choice import fastest, trial_picture
from desktop_app.core.nets.device import DeviceReport
from desktop_app.core.nets.manifest import bundled_networks

NETWORKS = bundled_networks(paths.models_dir())
PRECISE, SMALL = NETWORKS


class Bench:
    """Opens engines that take as long as they are told, on a clock that only they move."""

    def __init__(self, monkeypatch, *, small: float = 0.004, precise: float = 0.009, kind="cpu", agree=True) -> None:
        self.seconds = {SMALL.name: small, PRECISE.name: precise}
        self.kind, self.agree = kind, agree
        self.now, self.runs = 0.0, 0
        monkeypatch.setattr(choice, "time", type("Clock", (), {"perf_counter": lambda: self.now}))

    def __call__(self, network, wish):
        bench = self

        class Runner:
            device = DeviceReport("cpu" if wish == "cpu" else bench.kind)

            def run(self, batch):
                bench.now += bench.seconds[network.name]
                bench.runs += 1
                vector = np.ones((1, 1280), np.float32)
                if network is SMALL and not bench.agree:
                    vector[0, ::2] = -1
                return {"embedding": vector}

        return Runner()


def none():
    return None


def test_the_faster_one_is_taken(monkeypatch, tmp_path):
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=Bench(monkeypatch), card=none) is SMALL
    slow = Bench(monkeypatch, small=0.02)
    assert fastest(NETWORKS, tmp_path / "other.json", engine=slow, card=none) is PRECISE


def test_the_choice_is_remembered(monkeypatch, tmp_path):
    cache = tmp_path / "new" / "speed.json"
    fastest(NETWORKS, cache, engine=Bench(monkeypatch), card=none)
    again = Bench(monkeypatch, small=1)
    assert fastest(NETWORKS, cache, engine=again, card=none) is SMALL
    assert again.runs == 0
    assert json.loads(cache.read_text())["photos_per_second"] == {PRECISE.name: 111.1, SMALL.name: 250.0}
    assert [file.name for file in cache.parent.iterdir()] == ["speed.json"]


@pytest.mark.parametrize("changed", ["processor", "onnxruntime", "networks"])
def test_another_machine_measures_anew(monkeypatch, tmp_path, changed):
    cache = tmp_path / "speed.json"
    fastest(NETWORKS, cache, engine=Bench(monkeypatch), card=none)
    known = json.loads(cache.read_text())
    known["machine"][changed] = "something else"
    cache.write_text(json.dumps(known))
    again = Bench(monkeypatch, small=1)
    assert fastest(NETWORKS, cache, engine=again, card=none) is PRECISE
    assert again.runs > 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"network": 3}', b"\xff\xff"])
def test_a_damaged_memory_only_means_measuring(monkeypatch, tmp_path, content):
    cache = tmp_path / "speed.json"
    cache.write_bytes(content)
    assert fastest(NETWORKS, cache, engine=Bench(monkeypatch), card=none) is SMALL
    assert json.loads(cache.read_text())["network"] == SMALL.name


def test_a_memory_that_cannot_be_written_only_means_measuring(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    bench = Bench(monkeypatch)
    assert fastest(NETWORKS, tmp_path / "file" / "speed.json", engine=bench, card=none) is SMALL
    (tmp_path / "speed.json").mkdir()
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=bench, card=none) is SMALL
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "speed.json"]


def test_an_8_bit_network_that_disagrees_is_not_taken(monkeypatch, tmp_path):
    bench = Bench(monkeypatch, agree=False)
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=bench, card=none) is PRECISE


def test_a_card_that_works_takes_float32_and_measures_nothing(monkeypatch, tmp_path):
    bench = Bench(monkeypatch, kind="cuda")
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=bench, card=lambda: "a card") is PRECISE
    assert fastest(NETWORKS, tmp_path / "speed.json", device="cuda", engine=bench, card=none) is PRECISE
    assert bench.runs == 0
    assert not (tmp_path / "speed.json").exists()


def test_a_card_that_does_not_work_leaves_the_measured_choice(monkeypatch, tmp_path):
    bench = Bench(monkeypatch, kind="cpu")
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=bench, card=lambda: "a card") is SMALL


def test_a_slow_machine_is_not_kept_waiting(monkeypatch, tmp_path):
    bench = Bench(monkeypatch, small=0.4, precise=0.9)
    assert fastest(NETWORKS, tmp_path / "speed.json", engine=bench, card=none) is SMALL
    assert bench.runs <= 4


def test_the_real_networks_agree_and_are_measured(tmp_path):
    chosen = fastest(NETWORKS, tmp_path / "speed.json", device="cpu")
    rates = json.loads((tmp_path / "speed.json").read_text())["photos_per_second"]
    assert set(rates) <= {network.name for network in NETWORKS}
    assert max(rates, key=rates.get) == chosen.name
    assert trial_picture().shape == (256, 256, 3)
