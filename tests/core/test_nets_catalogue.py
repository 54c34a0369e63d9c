"""The networks to download: every entry is whole, and a damaged list is a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets.catalogue import CATALOGUE, catalogue, find_offer
from desktop_app.core.nets.preparation import PRESETS

MODELS = paths.models_dir()
CLASSES = {"imagenet-classes.txt": 1000, "digits-classes.txt": 10, "voc-classes.txt": 21}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in (CATALOGUE, *CLASSES):
        shutil.copy(MODELS / name, tmp_path)
    return tmp_path


def change(models: Path, old: str, new: str) -> None:
    text = (models / CATALOGUE).read_text("utf-8")
    assert old in text
    (models / CATALOGUE).write_text(text.replace(old, new, 1), "utf-8")


def test_every_classic_is_there():
    offers = {offer.name: offer for offer in catalogue(MODELS)}
    assert len(offers) == 31
    titles = {offer.title for offer in offers.values()}
    assert {"AlexNet", "CaffeNet", "ZFNet", "VGG-16", "VGG-19", "GoogLeNet", "Inception v1", "DenseNet-121"} <= titles
    assert {f"ResNet-{n}" for n in (18, 34, 50, 101, 152)} <= titles
    assert len(titles) == len(offers)
    # those whose preparation nobody wrote down would give wrong answers
    assert not {"inception-v2-9", "rcnn-ilsvrc13-9", "vgg19-caffe2-9"} & set(offers)
    assert sum(offer.precision == "int8" for offer in offers.values()) == 5


@pytest.mark.parametrize("offer", catalogue(MODELS), ids=lambda offer: offer.name)
def test_an_offer_says_all_there_is_to_know_before_the_download(offer):
    assert offer.good_at.endswith(".")
    assert offer.accuracy in offer.summary
    assert offer.licence in ("MIT", "BSD-3-Clause", "Apache-2.0")
    assert 1998 <= offer.year <= 2020
    assert offer.url.endswith(f"/{offer.name}/resolve/main/{offer.file_name}")
    assert offer.segmentation == (offer.overlap is not None) == (offer.top1 is None)
    side = 28 if offer.preset == "digits" else 0 if offer.segmentation else 224
    layout = "NHWC" if offer.preset == "efficientnet" else "NCHW"
    preparation = offer.prepared(side, side, layout)
    assert min(preparation.height, preparation.width) == (520 if offer.segmentation else side)
    assert preparation.layout == layout


@pytest.mark.parametrize(("name", "count"), CLASSES.items())
def test_class_names_are_in_index_order_and_whole(name, count):
    lines = (MODELS / name).read_text("utf-8").splitlines()
    assert len(lines) == count
    identifiers, names = zip(*(line.split("\t") for line in lines), strict=True)
    assert len(set(identifiers)) == count
    assert all(names)
    assert {offer.classes.name for offer in catalogue(MODELS)} == set(CLASSES)


def test_words_before_a_download():
    offer = find_offer(catalogue(MODELS), "resnet50-v1-12")
    assert offer.summary == "103 MB · 2015 · 75 of 100 first guesses right, 92 among the first five · Apache-2.0"
    assert "overlap" in find_offer(catalogue(MODELS), "fcn-resnet50-12").summary
    assert PRESETS[offer.preset](224, 224, "NCHW").short_side == 256


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(UserError, match=r"called “resnet51\ufffd”\. There are: mnist-12, "):
        find_offer(catalogue(MODELS), "resnet51\n")


def test_a_missing_list_is_a_sentence(tmp_path: Path):
    with pytest.raises(UserError, match="list of networks to download is missing"):
        catalogue(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "mnist-12"', 'name = "../mnist-12"'),
        ('name = "mnist-12"', "name = mnist"),
        ('sha256 = "5', 'sha256 = "Z'),
        ("bytes = 26143", "bytes = -1"),
        ("bytes = 26143", "bytes = 3000000000"),
        ("bytes = 26143", ""),
        ('"https://', '"http://'),
        ('preparation = "digits"', 'preparation = "guessed"'),
        ('classes = "digits-classes.txt"', 'classes = "../digits-classes.txt"'),
        ('precision = "float32"', 'precision = "float31"'),
        ("top1 = 98.9", "top1 = 198.9"),
        ('"caffenet-12"', '"bvlcalexnet-12"'),
        ("source = ", "sources = "),
    ],
)
def test_a_damaged_list_is_a_sentence(models: Path, old: str, new: str):
    assert len(catalogue(models)) == 31
    change(models, old, new)
    with pytest.raises(UserError, match="is damaged") as caught:
        catalogue(models)
    assert CATALOGUE in caught.value.details


def test_a_list_that_is_no_text(models: Path):
    (models / CATALOGUE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is damaged"):
        catalogue(models)
