"""Searching by a part with every kind of network and layer, and a library that is being read beside another process."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.library import Library
from desktop_app.core.operations.describe import describe
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.region import NO_PLACES, RegionSearch
from desktop_app.core.searching import Box, Example
from tests.core.libraries import by_path, opened
from tests.core.test_explain_own import added, ended

QUARTER = Box(0.25, 0.25, 0.5, 0.5)


@pytest.mark.parametrize(
    "kind", ["residual", "channels_last", "grey", "map_encoder", "hidden_layers", "quantised_operators", "transformer"]
)
def test_any_layer_of_any_network_answers(place: Path, tmp_path: Path, kind: str):
    network = added(kind, tmp_path)
    with opened(place) as library:
        names = list(by_path(library).values())
        for layer in network.layers:
            ended(describe(library, f"{network.name}:{layer.name}"))
            with closing(Likeness(library, f"{network.name}:{layer.name}")) as likeness:
                found = RegionSearch(library, likeness).find(Example("q", photo=names[0], box=QUARTER))
            assert len(found.ids) == len(names) - 1
            assert np.isfinite(found.scores).all()
            assert (np.diff(found.scores) <= 1e-6).all()
            assert bool(found.boxes) != (found.remark == NO_PLACES)
            for box in found.boxes.values():
                assert 0 <= box.x < box.x + box.width <= 1 + 1e-6
                assert 0 <= box.y < box.y + box.height <= 1 + 1e-6


def test_a_library_that_another_process_writes_to_can_be_searched(place: Path):
    with opened(place) as writer:
        names = list(by_path(writer).values())
        with Library(place, writable=False, device="cpu") as library, closing(Likeness(library)) as likeness:
            found = RegionSearch(library, likeness).find(Example("q", photo=names[0], box=QUARTER))
            assert len(found.boxes) == len(names) - 1
