"""Where a classifier looks in many photos."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from desktop_app.core.operations.explain_many import edge_share


def test_the_middle_has_no_edge_and_the_rim_is_all_edge() -> None:
    middle, rim = np.zeros((7, 7), np.float32), np.ones((7, 7), np.float32)
    middle[3, 3] = 1
    rim[1:-1, 1:-1] = 0
    assert edge_share(middle) == pytest.approx(0, abs=1e-6)
    assert edge_share(rim) > 0.95
    assert edge_share(np.zeros((7, 7), np.float32)) == 0


@given(st.integers(1, 20), st.integers(1, 20))
def test_evenly_spread_the_edge_has_its_share_of_the_area(height: int, width: int) -> None:
    assert edge_share(np.ones((height, width), np.float32)) == pytest.approx(1 - 0.7 * 0.7, abs=1e-5)


@given(arrays.arrays(np.float32, (5, 8), elements=st.floats(0, 1, width=32)))
def test_it_is_a_share(strengths: np.ndarray) -> None:
    assert -1e-5 <= edge_share(strengths) <= 1 + 1e-5
