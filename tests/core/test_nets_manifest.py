"""A manifest or a file that is missing or damaged gives a sentence, not a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets.manifest import bundled_networks, verify

BUNDLED = paths.models_dir()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of models/ without the large network, which its manifest does not name either."""
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("efficientnet-lite0-int8.onnx", "imagenet-classes.txt"):
        shutil.copy(BUNDLED / name, folder)
    text = (BUNDLED / "manifest.toml").read_text("utf-8")
    (folder / "manifest.toml").write_text("[[network]]" + text.split("[[network]]")[2], "utf-8")
    return folder


def change(models: Path, old: str, new: str) -> None:
    manifest = models / "manifest.toml"
    text = manifest.read_text("utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), "utf-8")


def test_a_whole_folder_is_read(models: Path):
    (network,) = bundled_networks(models)
    verify(network)
    assert network.path == models / "efficientnet-lite0-int8.onnx"
    assert network.layer("embedding").dimension == 1280


def test_missing_manifest(tmp_path: Path):
    with pytest.raises(UserError, match="list of networks is missing"):
        bundled_networks(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "', "name = "),
        ("size = 224", ""),
        ("size = 224", 'size = "large"'),
        ("mean = [127.0, 127.0, 127.0]", "mean = [127.0]"),
        ('embedding_output = "embedding"', 'embedding_output = "elsewhere"'),
        ('colour_order = "RGB"', 'colour_order = "BGR"'),
        ('name = "stage2"', 'name = "stage1"'),
        ("[[network]]", "[[nothing]]"),
    ],
)
def test_damaged_manifest(models: Path, old: str, new: str):
    change(models, old, new)
    with pytest.raises(UserError, match="list of networks is damaged") as caught:
        bundled_networks(models)
    assert "manifest.toml" in caught.value.details


def test_manifest_that_is_no_text(models: Path):
    (models / "manifest.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="list of networks is damaged"):
        bundled_networks(models)


@pytest.mark.parametrize("name", ["efficientnet-lite0-int8.onnx", "imagenet-classes.txt"])
def test_missing_file_is_named(models: Path, name: str):
    (models / name).unlink()
    with pytest.raises(UserError, match=f"{name} is missing"):
        bundled_networks(models)


def test_one_changed_byte_is_found(models: Path):
    (network,) = bundled_networks(models)
    content = bytearray(network.path.read_bytes())
    content[len(content) // 2] ^= 1
    network.path.write_bytes(content)
    with pytest.raises(UserError, match="is damaged") as caught:
        verify(network)
    assert network.sha256 in caught.value.details


def test_a_file_that_went_away_is_a_sentence(models: Path):
    (network,) = bundled_networks(models)
    network.path.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        verify(network)


def test_the_key_follows_file_and_preparation(models: Path):
    (before,) = bundled_networks(models)
    assert len(before.key) == 16
    assert int(before.key, 16) >= 0
    change(models, 'title = "', 'title = "New ')
    assert bundled_networks(models)[0].key == before.key
    change(models, "scale = [128.0", "scale = [127.0")
    prepared = bundled_networks(models)[0].key
    change(models, 'sha256 = "', 'sha256 = "0')
    assert len({before.key, prepared, bundled_networks(models)[0].key}) == 3


def test_an_unknown_layer_is_answered_with_those_there_are(models: Path):
    (network,) = bundled_networks(models)
    with pytest.raises(UserError, match=r"no layer pool5\. It has stage1, "):
        network.layer("pool5")
