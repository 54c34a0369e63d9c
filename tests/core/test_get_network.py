"""Getting a network of the catalogue: from a server to a network that can be used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets.catalogue import Offer, catalogue, find_offer
from desktop_app.core.nets.download import Patience
from desktop_app.core.nets.registry import find_network, own_networks, remove_network
from desktop_app.core.nets.session import Engine
from desktop_app.core.operations import get_network
from desktop_app.core.operations.get_network import available, forget_download, get
from desktop_app.core.types import Progress
from tests.core import hostile_networks as hostile
from tests.core.bad_server import BadServer, cut_after, good, says, serving, stalls

QUICK = Patience(silence=10, pauses=(0.01, 0.01), schemes=frozenset({"http"}))


@pytest.fixture
def content() -> bytes:
    return hostile.harmless().SerializeToString()


@pytest.fixture
def server(content) -> Iterator[BadServer]:
    with serving(content) as server:
        yield server


@pytest.fixture
def offer(server: BadServer, content: bytes, monkeypatch) -> Offer:
    """A network of five classes that the local server has, in the catalogue's place."""
    classes = paths.data_dir() / "five.txt"
    classes.parent.mkdir(parents=True)
    classes.write_text("a\nb\nc\nd\ne\n", "utf-8")
    known = find_offer(catalogue(paths.models_dir()), "resnet18-v1-7")
    made = replace(
        known,
        name="tiny-1.0",
        title="Tiny",
        url=server.url,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        classes=classes,
    )
    monkeypatch.setattr(get_network, "catalogue", lambda _: (made,))
    return made


def run(name: str) -> list[Progress]:
    return list(get(name, patience=QUICK))


def downloads() -> list[str]:
    folder = paths.cache_dir() / "downloads"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_network_is_fetched_cut_and_kept(offer, server):
    (before,) = available()
    assert before.network is None
    server.plan = [cut_after(1000), good]
    texts = [report.text for report in run("tiny-1.0")]
    assert list(dict.fromkeys(texts))[:3] == [
        "Downloading Tiny (KB)",
        "Examining tiny-1.0.onnx",
        "Preparing tiny-1.0.onnx",
    ]
    network = find_network("tiny-1.0")
    assert network.title == "Tiny"
    assert network.licence == "Apache-2.0"
    assert network.good_at == offer.good_at
    assert network.classes is not None
    assert network.classes.read_text("utf-8").split() == list("abcde")
    assert network.preparation == offer.prepared(32, 32, "NCHW")
    engine = Engine(network, "cpu")
    found = engine.run(engine.prepare(np.full((40, 50, 3), 90, np.uint8))[np.newaxis])
    assert found["logits"].shape == (1, 5)
    assert downloads() == []
    (after,) = available()
    assert after.network == network


def test_what_is_here_is_not_fetched_again(offer, server):
    run("tiny-1.0")
    asked = len(server.asked)
    assert run("tiny-1.0") == []
    assert len(server.asked) == asked
    remove_network("tiny-1.0")
    run("tiny-1.0")
    assert len(server.asked) == asked + 1


def test_stopping_keeps_what_arrived_until_it_is_thrown_away(offer, server, content):
    server.plan = [stalls]
    operation = get("tiny-1.0", patience=Patience(schemes=QUICK.schemes))
    for _ in operation:
        if available()[0].arrived >= len(content) // 2:
            break
    with pytest.raises(UserError, match="being downloaded"):
        forget_download("tiny-1.0")
    operation.close()
    assert available()[0].arrived == len(content) // 2
    assert own_networks().networks == ()
    forget_download("tiny-1.0")
    assert available()[0].arrived == 0
    assert downloads() == []


def test_a_failure_leaves_no_network(offer, server):
    server.plan = [says(404)]
    with pytest.raises(UserError, match="no longer to be had"):
        run("tiny-1.0")
    assert own_networks().networks == ()
    with pytest.raises(UserError, match=r"There are: tiny-1\.0"):
        run("unheard-of")


def test_a_published_file_is_a_strangers_file_all_the_same(offer, server, monkeypatch):
    bomb = hostile.memory_bomb().SerializeToString()
    server.content = bomb
    poisoned = replace(offer, bytes=len(bomb), sha256=hashlib.sha256(bomb).hexdigest())
    monkeypatch.setattr(get_network, "catalogue", lambda _: (poisoned,))
    with pytest.raises(UserError, match="memory"):
        run("tiny-1.0")
    assert own_networks().networks == ()
