from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from desktop_app.core.errors import UserError
from desktop_app.core.learn.heads_more import HEADS
from desktop_app.core.learn.train import train
from desktop_app.core.learn.trained import Trained
from tests.core.learn_made import drain, made


def side_by_side(head: Trained, features: dict[str, np.ndarray]) -> np.ndarray:
    return np.hstack([features[name] for name in head.layers]).astype(np.float64)


@pytest.fixture(scope="module", params=tuple(HEADS))
def head(request: pytest.FixtureRequest) -> Trained:
    return drain(train(made((9, 9, 0, 7)), head=request.param, layer="embedding+logits"))


@pytest.fixture(scope="module")
def plain() -> Trained:
    return drain(train(made(4), head="softmax", layer="embedding"))


@pytest.fixture
def asked() -> dict[str, np.ndarray]:
    return dict(made(30, 4, seed=2).features)


def test_saved_and_loaded_it_is_the_same(head: Trained, asked: dict[str, np.ndarray], tmp_path: Path) -> None:
    head.save(tmp_path / "a" / "head")
    again = Trained.load(tmp_path / "a" / "head")
    assert np.array_equal(again.probabilities(asked), head.probabilities(asked))
    assert np.array_equal(again.out_of_fold, head.out_of_fold)
    for name in ("classes", "counts", "accuracy", "interval", "layer_scores", "head_scores", "curve", "sureness"):
        assert getattr(again, name) == getattr(head, name), name
    for name in ("asked", "chosen_at", "seconds", "layer", "kind", "examples"):
        assert getattr(again, name) == getattr(head, name), name


def test_a_loaded_head_can_be_gone_on_from(head: Trained, tmp_path: Path) -> None:
    head.save(tmp_path)
    more = made((10, 9, 0, 8))
    again = drain(train(more, head=head.kind, layer=head.layer, warm=Trained.load(tmp_path)))
    assert again.chosen_at == head.chosen_at


def test_saving_again_replaces_it(head: Trained, plain: Trained, tmp_path: Path) -> None:
    plain.save(tmp_path)
    head.save(tmp_path)
    assert Trained.load(tmp_path).classes == head.classes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["head.json", "head.npz"]
    assert json.loads((tmp_path / "head.json").read_text("utf-8"))["classes"] == list(head.classes)


@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "other"])
def test_a_damaged_file_is_a_sentence(damage: str, plain: Trained, tmp_path: Path) -> None:
    plain.save(tmp_path)
    file = tmp_path / "head.npz"
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:-2000])
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        np.savez(file, values=np.zeros(3, np.uint8))
    with pytest.raises(UserError, match="Train it again"):
        Trained.load(tmp_path)


def test_one_of_a_newer_program_is_a_sentence(plain: Trained, tmp_path: Path) -> None:
    plain.save(tmp_path)
    with np.load(tmp_path / "head.npz") as stored:
        arrays = dict(stored)
    values = json.loads(arrays["values"].tobytes())
    arrays["values"] = np.frombuffer(json.dumps({"format": values["format"] + 1}).encode(), np.uint8)
    np.savez(tmp_path / "head.npz", **arrays)
    with pytest.raises(UserError, match="newer version"):
        Trained.load(tmp_path)


def test_each_head_opens_into_parts_that_give_its_probabilities(head: Trained, asked: dict[str, np.ndarray]) -> None:
    expected = head.probabilities(asked)
    raw = side_by_side(head, asked)
    linear, network, neighbours = head.linear(), head.network_parts(), head.neighbour_parts()
    assert [part is not None for part in (linear, network, neighbours)] == [
        head.kind in ("softmax", "svm"),
        head.kind == "mlp",
        head.kind == "neighbours",
    ]
    if linear is not None:
        layers, weights, bias = linear
        assert layers == head.layers
        assert weights.shape == (4, raw.shape[1])
        assert weights.dtype == bias.dtype == np.float32
        scores = raw @ weights.T + bias
    elif network is not None:
        scores = raw
        for place, (weights, bias) in enumerate(network):
            scores = (np.maximum(scores, 0) if place else scores) @ weights.T + bias
    else:
        assert neighbours is not None
        turned = (raw - neighbours.mean) @ neighbours.basis
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        votes = np.exp(neighbours.strength * turned @ neighbours.examples.T + neighbours.weights)
        member = neighbours.answers[:, None] == np.arange(4)
        with np.errstate(divide="ignore"):
            scores = np.log(votes @ member) / neighbours.temperature
    assert np.allclose(softmax(scores, axis=1), expected, atol=1e-4)
    assert not expected[:, 2].any()
    assert np.isfinite(scores[:, [0, 1, 3]]).all()


def test_features_of_another_network_are_mistakes_of_ours(head: Trained, asked: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="shape"):
        head.probabilities({**asked, "logits": np.zeros((120, 3), np.float32)})
    assert head.probabilities({name: block[:0] for name, block in asked.items()}).shape == (0, 4)
