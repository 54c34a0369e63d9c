"""Networks that the user added: taken in wholly or not at all, and a damaged one troubles no other."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets import registry
from desktop_app.core.nets.manifest import bundled_networks
from desktop_app.core.nets.preparation import PRESETS, Preparation
from desktop_app.core.nets.registry import (
    all_networks,
    find_network,
    free_name,
    own_networks,
    remove_network,
)
from desktop_app.core.nets.session import Engine
from tests.core.nets_made import CHANNELS, CLASSES, add_network, added, deriving, examined
from tests.photos import scene

HOW = PRESETS["imagenet"](32, 32)


@pytest.fixture
def own(home: Path) -> Path:
    """Where the networks of this test's user lie."""
    return paths.networks_dir()


def test_without_own_networks_there_are_the_bundled_ones():
    assert all_networks() == bundled_networks(paths.models_dir())
    assert own_networks().networks == ()


def test_an_added_network_is_found_again_as_it_was_added(own: Path):
    made = added(HOW, "Tiny_1.0", title="Tiny", good_at="Nothing.", licence="MIT", origin="tests", classes=list("abcd"))
    assert all_networks()[-1] == made == find_network("Tiny_1.0")
    assert (made.own, made.title, made.good_at, made.licence, made.origin) == (True, "Tiny", "Nothing.", "MIT", "tests")
    assert made.preparation == HOW
    assert made.classes is not None
    assert made.classes.read_text("utf-8") == "a\nb\nc\nd\n"
    assert [(layer.name, layer.dimension) for layer in made.layers] == [
        ("stage1", CHANNELS),
        ("embedding", CHANNELS),
        ("logits", CLASSES),
    ]
    assert all(layer.sees for layer in made.layers)
    assert made.maps == {"stage1": "stage1_map"}
    assert sorted(file.name for file in own.iterdir()) == ["Tiny_1.0"]
    assert sorted(file.name for file in (own / "Tiny_1.0").iterdir()) == [
        "classes.txt", "features.onnx", "maps.onnx", "network.json",
    ]  # fmt: skip


def test_it_runs_and_its_maps_too():
    network = added(HOW)
    engine = Engine(network, "cpu")
    batch = engine.prepare(scene(1))[np.newaxis]
    found = engine.run(batch, ["embedding", "map"])
    np.testing.assert_allclose(found["map"].mean(axis=(2, 3)), found["embedding"], atol=1e-5)
    maps = Engine(network, "cpu", maps=True)
    np.testing.assert_allclose(maps.run(batch)["stage1_map"], found["map"], atol=1e-6)
    with pytest.raises(ValueError, match="has no file of maps"):
        Engine(bundled_networks(paths.models_dir())[0], "cpu", maps=True)


def test_another_preparation_is_another_key_and_another_title_is_not():
    first = added(HOW, "a")
    keys = {added(how, f"n{place}").key for place, how in enumerate(
        (
            Preparation(32, 32, "squash", mean=HOW.mean, scale=HOW.scale),
            replace(HOW, colours="bgr"),
            replace(HOW, invert=True),
            replace(HOW, short_side=40),
            replace(HOW, mean=(0, 0, 0)),
            replace(HOW, scale=(1, 1, 1)),
        )
    )}  # fmt: skip
    assert len(keys | {first.key}) == 7
    assert added(HOW, "b", title="Other").key == first.key


@pytest.mark.parametrize(
    "name", ["", "..", ".x", "a/b", "a:b", "colour", "Color", "CON", "con.x", "lpt1", "ü", "a" * 65, "a.", "a\n"]
)
def test_a_name_that_is_no_name(name: str, own: Path):
    with pytest.raises(UserError, match="cannot be called"):
        added(HOW, name)
    assert not own.exists()


@pytest.mark.parametrize("name", ["tiny", "TINY", "efficientnet-lite0"])
def test_a_name_that_is_taken(name: str):
    added(HOW)
    before = all_networks()
    with pytest.raises(UserError, match=f"called “{name}” already"):
        added(HOW, name, seed=1)
    assert all_networks() == before


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("resnet50-v1-12", "resnet50-v1-12"),
        ("Größe 3 (neu)", "Gr-e-3-neu"),
        ("___", "network"),
        ("colour", "network-colour"),
        ("con.1", "network-con.1"),
        ("TINY", "TINY-2"),
        ("x" * 300, "x" * 52),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_free_name_of_a_files_stem(stem: str, name: str):
    added(HOW)
    assert free_name(stem) == name
    added(HOW, free_name(stem))


def test_what_does_not_fit_is_said(tmp_path: Path):
    with pytest.raises(UserError, match="takes grey pictures of 28 × 28 pixels, and the preparation gives colour pict"):
        add_network(
            examined(PRESETS["digits"](28, 28)), deriving(HOW), name="x", title="", preparation=PRESETS["caffe"](28, 28)
        )
    with pytest.raises(UserError, match="takes colour pictures"):
        add_network(examined(HOW), deriving(HOW), name="x", title="", preparation=replace(HOW, layout="NHWC"))
    with pytest.raises(UserError, match="has 4 classes, and there are 3 names"):
        added(HOW, classes=["a", "b", "c"])
    (tmp_path / "names.txt").write_text("one\ntwo\n")
    with pytest.raises(UserError, match="has 4 classes, and there are 2 names"):
        added(HOW, classes=tmp_path / "names.txt")
    assert own_networks() == registry.Found((), ())


def test_an_input_of_any_size_takes_the_preparations():
    how = PRESETS["whole"](40, 24)
    made = add_network(examined(how, free_size=True), deriving(how), name="free", title="", preparation=how)
    assert Engine(made, "cpu").run(np.zeros((1, 3, 40, 24), np.float32))["embedding"].shape == (1, CHANNELS)


class Stopped(Exception):
    pass


@pytest.mark.parametrize("error", [Stopped(), UserError("no"), OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_is_cut_off_leaves_nothing(own: Path, error: BaseException):
    def derive(out: Path, maps: Path | None) -> None:
        out.write_bytes(b"half")
        raise error

    kinds = (UserError,) if isinstance(error, OSError) else (type(error),)
    with pytest.raises(kinds) as caught:
        add_network(examined(HOW), derive, name="tiny", title="", preparation=HOW)
    if isinstance(error, OSError):
        assert str(caught.value) == "The disk is full, so the network was not added."
    assert list(own.iterdir()) == []


def test_what_a_kill_left_behind_is_no_network_and_goes(own: Path):
    (own / ".adding-killed").mkdir(parents=True)
    (own / ".adding-killed" / "features.onnx").write_bytes(b"half")
    (own / ".adding-now").mkdir()
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(own / ".adding-killed", (long_ago, long_ago))
    assert own_networks() == registry.Found((), ())
    added(HOW)
    assert sorted(entry.name for entry in own.iterdir()) == [".adding-now", "tiny"]


def test_two_at_once_of_one_name_are_one(own: Path):
    begin, said = threading.Barrier(4), list[str]()

    def work(seed: int) -> None:
        begin.wait()
        try:
            added(HOW, "same", seed=seed)
        except UserError as error:
            said.append(str(error))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 3
    assert [entry.name for entry in own.iterdir()] == ["same"]
    Engine(find_network("same"), "cpu").warm_up()


def spoil_text(text: str):
    def spoil(folder: Path) -> None:
        (folder / "network.json").write_text(text)

    return spoil


def spoil_value(key: str, value: object):
    def spoil(folder: Path) -> None:
        record = json.loads((folder / "network.json").read_text())
        record[key] = value
        (folder / "network.json").write_text(json.dumps(record))

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "network.json").unlink(),
        lambda folder: (folder / "features.onnx").unlink(),
        lambda folder: (folder / "features.onnx").write_bytes(b"short"),
        lambda folder: (folder / "network.json").write_bytes(b"\xff\xfe"),
        spoil_text(""),
        spoil_text("[]"),
        spoil_text("{}"),
        spoil_text("[" * 100_000),
        spoil_value("format", "1"),
        spoil_value("title", 3),
        spoil_value("bytes", True),
        spoil_value("layers", []),
        spoil_value("layers", [{"name": "a"}]),
        spoil_value("layers", [{"name": "a", "dimension": 0}]),
        spoil_value("layers", "stage1"),
        spoil_value("embedding_output", "elsewhere"),
        spoil_value("preparation", None),
        spoil_value("preparation", {"height": 10**9, "width": 3, "mean": [0], "scale": [1]}),
        spoil_value("preparation", {"height": 3, "width": 3, "mean": [0], "scale": [0]}),
        spoil_value("preparation", {"height": 3, "width": 3, "mean": ["a"], "scale": [1]}),
        spoil_value("maps", [1]),
    ],
)
def test_a_damaged_network_troubles_no_other(own: Path, spoil):
    added(HOW, "bad")
    good = added(HOW, "good")
    spoil(own / "bad")
    assert own_networks().networks == (good,)
    (damaged,) = own_networks().unusable
    assert (damaged.name, damaged.sentence) == ("bad", "The network “bad” is damaged. Remove it and add it again.")
    assert damaged.details
    assert all_networks()[-1] == good
    with pytest.raises(UserError, match="“bad” is damaged"):
        find_network("bad")
    with pytest.raises(UserError, match="already"):
        added(HOW, "bad")
    remove_network("bad")
    assert own_networks() == registry.Found((good,), ())
    added(HOW, "bad")


def test_one_of_a_newer_program_says_so(own: Path):
    added(HOW)
    spoil_value("format", 2)(own / "tiny")
    (newer,) = own_networks().unusable
    assert newer.sentence == "“tiny” was added by a newer version of Likeness. Update Likeness to use it."


def test_a_network_without_its_maps_or_names_still_compares(own: Path):
    network = added(HOW, classes=list("abcd"))
    (own / "tiny" / "maps.onnx").unlink()
    (own / "tiny" / "classes.txt").unlink()
    left = find_network("tiny")
    assert (left.maps_path, left.maps, left.classes, left.key) == (None, {}, None, network.key)
    Engine(left, "cpu").warm_up()


def test_a_changed_byte_is_found_when_it_is_opened(own: Path):
    network = added(HOW)
    content = bytearray(network.path.read_bytes())
    content[-1] ^= 1
    network.path.write_bytes(content)
    with pytest.raises(UserError, match=r"features\.onnx is damaged\. Remove the network and add it again"):
        Engine(find_network("tiny"), "cpu")


def test_removing(own: Path):
    network = added(HOW)
    engine = Engine(network, "cpu")
    remove_network("tiny")
    assert own_networks() == registry.Found((), ())
    assert list(own.iterdir()) == []
    engine.warm_up()  # what is open goes on
    for name in ("tiny", "..", "."):
        with pytest.raises(UserError, match="no network called"):
            remove_network(name)
    with pytest.raises(UserError, match="comes with Likeness and stays"):
        remove_network("efficientnet-lite0")
    assert all_networks() == bundled_networks(paths.models_dir())


def test_a_renamed_folder_is_a_network_of_that_name(own: Path):
    added(HOW)
    shutil.copytree(own / "tiny", own / "copy")
    assert [network.name for network in own_networks().networks] == ["copy", "tiny"]
    assert find_network("copy").key == find_network("tiny").key


def test_the_features_of_the_bundled_networks_are_found_again():
    assert [network.key for network in bundled_networks(paths.models_dir())] == ["454544832274a9c8", "a0fbbe734703b89e"]
