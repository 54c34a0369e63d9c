from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.index.by_layer import centre_of, nearest_by_layer
from desktop_app.core.index.vectors import VectorStore
from desktop_app.core.operations.layer_strip import Row, layer_strip
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import PhotoId, Progress
from tests.core.libraries import by_path, opened
from tests.photos import scene


def ended(operation: object) -> tuple[tuple[Row, ...], list[Progress]]:
    reports = []
    while True:
        try:
            reports.append(next(operation))
        except StopIteration as stop:
            return stop.value, reports


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 12), st.integers(1, 20))
def test_it_finds_what_a_plain_search_finds(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rows: int, width: int, limit: int
):
    random = np.random.default_rng(seed)
    values = random.gamma(1, 2, (rows, width)).astype(np.float16).astype(np.float32)
    allowed = random.random(rows) < 0.8
    reference = random.random(width).astype(np.float32)
    with VectorStore(tmp_path_factory.mktemp("store"), {"a": width}, writable=True) as store:
        store.append({"a": values})
        store.flush()
        centre = centre_of(store, "a", np.arange(rows), rows, reference, 50)
        np.testing.assert_allclose(centre, (values.sum(axis=0) + 50 * reference) / (rows + 50), rtol=1e-5)
        query = random.gamma(1, 2, (1, width)).astype(np.float32)
        steps = nearest_by_layer(store, "a", query, centre, allowed, limit)
        while True:
            try:
                assert 0 < next(steps) <= 1
            except StopIteration as stop:
                found, scores = stop.value
                break
    one, many = (query - centre).astype(np.float64)[0], (values - centre).astype(np.float64)
    lengths = np.linalg.norm(many, axis=1) * np.linalg.norm(one)
    truth = np.divide(many @ one, lengths, out=np.zeros(rows), where=lengths > 0)
    assert len(found) == min(limit, int(allowed.sum()))
    assert allowed[found].all()
    np.testing.assert_allclose(scores, np.sort(truth[allowed])[::-1][: len(found)], atol=1e-5)
    np.testing.assert_allclose(scores, truth[found], atol=1e-5)


def test_every_layer_answers_before_anything_is_computed_for_it(place: Path):
    with opened(place) as library:
        photo = by_path(library)[place.parent / "in" / "photo 3.jpg"]
        copy = by_path(library)[place.parent / "in" / "z copy.jpg"]
        rows, reports = ended(layer_strip(library, photo, limit=4))
        names = [row.descriptor for row in rows if row.descriptor != "colour"]
        assert names == [f"{library.network.name}:{layer.name}" for layer in library.network.layers]
        for row in rows:
            assert row.photos == 10
            assert len(row.hits) == 4
            assert photo not in [hit.photo for hit in row.hits]
            assert row.hits[0].photo == copy
            assert row.hits[0].score == pytest.approx(1, abs=1e-4)
        assert all(one.total == 1000 for one in reports)
        assert [one.done for one in reports] == sorted(one.done for one in reports)


@pytest.mark.parametrize("layer", ["stage2", "embedding"])
def test_the_scores_are_those_of_a_search(place: Path, layer: str):
    with opened(place) as library:
        photo = next(iter(by_path(library).values()))
        (row,), _ = ended(layer_strip(library, photo, descriptors=[layer], limit=9))
        # of so few photos nothing is projected, so a search is exact too
        with closing(Likeness(library, layer)) as likeness:
            truth = likeness.best(likeness.embeddings([photo]), 9, [photo])
        np.testing.assert_allclose([h.score for h in row.hits], [h.score for h in truth], atol=1e-3)
        assert {hit.photo for hit in row.hits[:3]} == {hit.photo for hit in truth[:3]}


def test_a_picture_from_outside_asks_too(place: Path):
    with opened(place) as library:
        photos = by_path(library)
        rows, _ = ended(layer_strip(library, scene(4), limit=2, descriptors=["stage1", "embedding", "logits"]))
        for row in rows:
            assert row.hits[0].photo == photos[place.parent / "in" / "photo 4.jpg"]
            assert row.hits[0].score > 0.5
        rows, _ = ended(layer_strip(library, scene(4), without=[row.hits[0].photo for row in rows], limit=10))
        assert all(len(row.hits) == 9 for row in rows if row.hits)


def test_it_can_be_left_at_any_step(place: Path):
    with opened(place) as library:
        photo = next(iter(by_path(library).values()))
        for steps in range(1, 8):
            operation = layer_strip(library, photo)
            for _ in range(steps):
                next(operation)
            operation.close()


def test_what_is_not_there_is_said(place: Path):
    with opened(place) as library:
        with pytest.raises(UserError, match="not ready"):
            ended(layer_strip(library, PhotoId(99999)))
        with pytest.raises(UserError, match="no layer stage9"):
            ended(layer_strip(library, scene(0), descriptors=["stage9"]))
