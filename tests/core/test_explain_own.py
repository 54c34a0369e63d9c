"""Looking into networks that a person added: every way in which they end, and layouts, as surgery leaves them."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import pytest

from desktop_app.core.explain.class_layer import class_layer
from desktop_app.core.index.by_layer import nearest_by_layer
from desktop_app.core.index.exact import cosines
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.library import Library
from desktop_app.core.nets.manifest import Network
from desktop_app.core.operations import why
from desktop_app.core.operations.channels import Channels
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.layer_strip import layer_strip
from desktop_app.core.operations.networks import prepared, presets_for
from desktop_app.core.operations.segmentation import segment, segmentation_networks
from desktop_app.core.operations.why import WhyAlike
from desktop_app.core.surgery.derive import derive
from desktop_app.core.surgery.examine import examine
from tests.core import tiny_networks
from tests.core.libraries import by_path, opened
from tests.core.nets_made import add_network
from tests.photos import scene


def ended(operation: object) -> object:
    while True:
        try:
            next(operation)
        except StopIteration as stop:
            return stop.value


def added(kind: str, folder: Path) -> Network:
    """A tiny network of a kind, examined and cut as an added one is."""
    path = tiny_networks.save(getattr(tiny_networks, kind)(), folder / f"{kind}.onnx")
    found = examine(path)
    preparation = prepared(found, presets_for(found)[0])
    return add_network(found, partial(derive, path, found), name=kind, title=kind, preparation=preparation)


def true_cosine(library: Library, network: Network, layer: str) -> float:
    engine = library.engine_of(network)
    one, other = (engine.run(engine.prepare(scene(seed))[np.newaxis], [layer])[layer] for seed in (7, 8))
    return float(cosines(one, other[0])[0])


EXACT = {
    "residual": {"stage1", "stage2", "embedding", "logits"},
    "reduce_mean": {"stage1", "stage2", "embedding", "logits"},
    "average_pool": {"stage1", "stage2", "embedding", "logits"},
    "squeeze": {"stage1", "stage2", "embedding", "logits"},
    "channels_last": {"stage1", "embedding", "logits"},
    "half": {"stage1", "stage2", "embedding"},
    "hidden_layers": {"stage1", "stage2", "stage3"},
    "grey": {"stage1", "stage2", "stage3", "stage4"},
    "map_encoder": {"stage1", "stage2", "embedding"},
}


@pytest.mark.parametrize("kind", EXACT)
def test_what_is_said_to_be_exact_is(place: Path, tmp_path: Path, kind: str):
    network = added(kind, tmp_path)
    with opened(place) as library:
        exact = set()
        for layer in network.layers:
            found = WhyAlike(library, f"{network.name}:{layer.name}").pair(scene(7), scene(8))
            assert found.cosine == pytest.approx(true_cosine(library, network, layer.name), abs=1e-4)
            if found.how == "exact":
                exact.add(layer.name)
                for side in (found.plain.first, found.plain.second):
                    assert side.sum() == pytest.approx(found.cosine, abs=1e-4)
            else:
                assert found.sentence == why.LAST_MAP
        assert exact == EXACT[kind]


def test_what_is_rounded_is_said(place: Path, tmp_path: Path):
    network = added("quantised_operators", tmp_path)
    with opened(place) as library:
        for layer in ("embedding", "logits"):
            found = WhyAlike(library, f"{network.name}:{layer}").pair(scene(7), scene(8))
            assert (found.how, found.sentence) == ("approximate", why.EIGHT_BIT)
            assert found.cosine == pytest.approx(true_cosine(library, network, layer), abs=0.02)


@pytest.mark.parametrize("kind", ["channels_last", "grey", "average_pool"])
def test_channels_of_added_networks_have_places(place: Path, tmp_path: Path, kind: str):
    network = added(kind, tmp_path)
    with opened(place) as library:
        ended(describe(library, f"{network.name}:stage1"))
        for layer in network.layers:
            with closing(Channels(library, f"{network.name}:{layer.name}")) as browser:
                listed = browser.channels()
                page = browser.page(listed[0].number)
                assert len(listed) == layer.dimension
                assert len(page) == 10
                assert browser.has_places() == (layer.name in network.maps)
                if browser.has_places():
                    spot = browser.place(listed[0].number, page[0].photo).spot
                    assert spot is not None
                    assert spot.value >= page[0].value - 0.01


def test_the_strip_compares_networks_side_by_side(place: Path, tmp_path: Path):
    network = added("residual", tmp_path)
    with opened(place) as library:
        copy, photo = (by_path(library)[place.parent / "in" / name] for name in ("z copy.jpg", "photo 3.jpg"))
        names = [f"{network.name}:stage1", f"{network.name}:embedding", "embedding", "colour"]
        # what is not computed yet is an empty row
        rows = ended(layer_strip(library, photo, descriptors=names))
        assert [bool(row.hits) for row in rows][:3] == [False, False, True]
        ended(describe(library, names[0]))
        ended(describe(library, "colour"))
        rows = ended(layer_strip(library, photo, descriptors=names, limit=3))
        assert [row.descriptor for row in rows][:2] == names[:2]
        for row in rows:
            assert row.hits[0].photo == copy
            assert row.hits[0].score == pytest.approx(1, abs=1e-3)
        rows = ended(layer_strip(library, scene(3), descriptors=["colour"], limit=2))
        assert {hit.photo for hit in rows[0].hits} == {copy, photo}


@pytest.mark.parametrize("free", [True, False])
def test_an_added_network_says_what_is_where(place: Path, tmp_path: Path, free: bool):
    path = tiny_networks.save(tiny_networks.segmentation(free), tmp_path / "places.onnx")
    found = examine(path)
    preparation = prepared(found, presets_for(found)[0])
    network = add_network(found, partial(derive, path, found), name="places", title="Places", preparation=preparation)
    assert network.segmentation
    with opened(place) as library:
        assert [one.name for one in segmentation_networks(library)] == ["places"]
        seen = ended(segment(library, next(iter(by_path(library).values()))))
        rows, columns = seen.segments.classes.shape
        sides = (240, 320) if free else (preparation.height, preparation.width)
        assert rows / columns == pytest.approx(sides[0] / sides[1], rel=0.02)
        assert sum(part.share for part in seen.segments.parts) == pytest.approx(1)


def test_a_class_layer_of_a_product_and_a_sum_is_read(tmp_path: Path):
    nodes = [
        onnx.helper.make_node("MatMul", ["x", "w"], ["product"]),
        onnx.helper.make_node("Add", ["b", "product"], ["sum"]),
        onnx.helper.make_node("Identity", ["sum"], ["logits"]),
        onnx.helper.make_node("Add", ["x", "x"], ["twice"]),
    ]
    random = np.random.default_rng(0)
    weight, bias = random.random((5, 3), np.float32), random.random(3, np.float32)
    graph = onnx.helper.make_graph(
        nodes,
        "tiny",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["N", 5])],
        [onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["N", 3])],
        [onnx.numpy_helper.from_array(weight, "w"), onnx.numpy_helper.from_array(bias, "b")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    path = tiny_networks.save(model, tmp_path / "tiny.onnx")
    found = class_layer(path, "logits")
    assert found is not None
    np.testing.assert_array_equal(found.weight, weight.T)
    np.testing.assert_array_equal(found.bias, bias)
    assert class_layer(path, "twice") is None


def test_values_whose_squares_leave_the_range_are_compared_too(tmp_path: Path):
    random = np.random.default_rng(3)
    values = (random.random((20, 6)) * 1e25).astype(np.float32)
    values[::2] /= np.float32(1e24)
    with VectorStore(tmp_path, {"a": 6}, writable=True) as store:
        store.append({"a": values})
        store.flush()
        kept = store.read("a", slice(0, 20)).astype(np.float64)
        centre = np.zeros(6, np.float32)
        found, scores = ended(nearest_by_layer(store, "a", kept[[7]].astype(np.float32), centre, np.ones(20, bool), 5))
    lengths = np.linalg.norm(kept, axis=1) * np.linalg.norm(kept[7])
    truth = np.divide(kept @ kept[7], lengths, out=np.zeros(20), where=lengths > 0)
    assert found[0] == 7
    np.testing.assert_allclose(scores, np.sort(truth)[::-1][:5], atol=1e-5)
