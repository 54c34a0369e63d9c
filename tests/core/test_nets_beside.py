"""What a maker wrote beside a network is read where it is meant, and foreign JSON is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.nets.beside import MARK, Beside, read_beside, write_beside
from desktop_app.core.nets.preparation import PRESETS
from desktop_app.core.nets.registry import find_network
from desktop_app.core.operations.networks import add
from desktop_app.core.surgery.guard import examine_safely
from tests.core import hostile_networks as hostile

SAID = Beside(
    preparation=PRESETS["caffe"](224, 224, "NCHW"),
    title="Mine",
    classes=("cat", "n02084071\tdog"),
    good_at="Telling cats from dogs.",
    licence="MIT",
    origin="timm resnet18",
)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return tmp_path / "mine.onnx"


def test_what_was_written_is_read(network):
    assert write_beside(network, SAID) == network.with_suffix(".json")
    assert read_beside(network) == SAID
    write_beside(network, Beside(SAID.preparation))
    assert read_beside(network) == Beside(SAID.preparation)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1, 2]", b'"x"', b"\xff", b"[" * 100_000, b'{"preparation": 1}'])
def test_json_that_is_about_something_else_is_left_alone(network, content):
    assert read_beside(network) is None
    network.with_suffix(".json").write_bytes(content)
    assert read_beside(network) is None


@pytest.mark.parametrize(
    "change",
    [
        {"preparation": None},
        {"preparation": {}},
        {"preparation": {**SAID.preparation.to_dict(), "height": 10**9}},
        {"preparation": {**SAID.preparation.to_dict(), "scale": [0]}},
        {"preparation": {**SAID.preparation.to_dict(), "mean": "abc"}},
        {"classes": "cat"},
        {"classes": ["cat", 7]},
        {"classes": [""]},
        {"title": 7},
        {"title": "x" * 5000},
    ],
)
def test_a_damaged_file_is_a_sentence(network, change):
    file = write_beside(network, SAID)
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(UserError, match=r"“mine\.json” beside the network is damaged\."):
        read_beside(network)


def test_a_newer_version_is_said(network):
    file = write_beside(network, SAID)
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), MARK: 2}), "utf-8")
    with pytest.raises(UserError, match="another version"):
        read_beside(network)


def test_what_cannot_be_printed_is_marked(network):
    write_beside(network, Beside(SAID.preparation, title="a\nb", classes=("x\u202ey",)))
    said = read_beside(network)
    assert said is not None
    assert said.title.isprintable()
    assert said.classes[0].isprintable()


def test_adding_takes_what_lies_beside(network, tmp_path):
    hostile.save(network, hostile.harmless())
    write_beside(network, Beside(PRESETS["caffe"](32, 32, "NCHW"), title="Mine", classes=tuple("abcde"), licence="MIT"))
    list(add(network, examine_safely(network)))
    added = find_network("mine")
    assert (added.title, added.licence) == ("Mine", "MIT")
    assert added.preparation == PRESETS["caffe"](32, 32, "NCHW")
    assert added.classes is not None
    # what a person says counts for more
    list(add(network, examine_safely(network), name="other", title="Ours", preparation="imagenet"))
    assert find_network("other").title == "Ours"
    assert find_network("other").preparation.colours == "rgb"
