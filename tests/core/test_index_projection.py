"""The projection: the same set of photos gives the same space, and small libraries get sensible scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from desktop_app.core.index.projection import SMALLEST_FIT, DamagedProjection, Projection, unit

WIDTH = 40


def photos(count: int, seed: int = 0) -> np.ndarray:
    """Like features after a rectifier: not negative, with much in common."""
    random = np.random.default_rng(seed)
    return np.maximum(0, 1 + random.standard_normal((count, WIDTH))).astype(np.float32)


def fit(count: int, seed: int = 0, **options: int) -> tuple[np.ndarray, Projection]:
    sample = photos(count, seed)
    return sample, Projection.fit(sample, count, np.full(WIDTH, 1.08), **{"dimensions": 16} | options)


@pytest.mark.parametrize("count", [1, 2, 5, SMALLEST_FIT - 1, SMALLEST_FIT, 400])
def test_scores_are_sensible_at_every_size(count: int) -> None:
    sample, projection = fit(count)
    assert (projection.components is None) == (count < SMALLEST_FIT)
    assert projection.dimension == (WIDTH if count < SMALLEST_FIT else 16)
    rows = projection.apply(sample)
    assert rows.dtype == np.float32
    scores = rows @ rows.T
    assert np.allclose(np.diagonal(scores), 1, atol=1e-5)
    assert (np.abs(scores) <= 1 + 1e-5).all()
    assert (scores[~np.eye(count, dtype=bool)] < 0.95).all()


@pytest.mark.parametrize("reference", [np.full(WIDTH, 1.08), None])
def test_two_alike_are_nearer_than_a_third_even_in_a_library_of_three(reference: np.ndarray | None) -> None:
    one, other = photos(2)
    near = one + 0.2 * np.random.default_rng(1).standard_normal(WIDTH)
    sample = np.stack([one, near, other]).astype(np.float32)
    rows = Projection.fit(sample, 3, reference).apply(sample)
    assert rows[0] @ rows[1] > 0.9
    assert rows[0] @ rows[2] < rows[0] @ rows[1] - 0.1


def test_two_photos_are_not_made_opposites() -> None:
    """Centred on their own mean alone any two photos have cosine -1."""
    sample, projection = fit(2)
    rows = projection.apply(sample)
    assert rows[0] @ rows[1] > -0.5


@pytest.mark.parametrize("count", [3, 300])
def test_the_same_sample_gives_bit_equal_results(count: int) -> None:
    (_, first), (_, second) = fit(count), fit(count)
    assert first.digest == second.digest
    assert first.mean.tobytes() == second.mean.tobytes()
    if first.components is not None:
        assert first.components.tobytes() == second.components.tobytes()
    assert fit(count, seed=1)[1].digest != first.digest


def test_components_are_the_directions_of_largest_variance_with_fixed_signs() -> None:
    sample, projection = fit(500)
    components = projection.components
    assert np.allclose(components @ components.T, np.eye(16), atol=1e-5)
    values = np.linalg.svd(sample - sample.mean(axis=0), compute_uv=False)
    kept = ((sample - sample.mean(axis=0)) @ components.T).var(axis=0) * len(sample)
    assert np.allclose(kept, values[:16] ** 2, rtol=1e-3)
    assert (components[np.arange(16), np.abs(components).argmax(axis=1)] > 0).all()


def test_the_mean_is_pulled_towards_the_reference() -> None:
    sample = np.full((50, WIDTH), 3, np.float32)
    assert np.allclose(Projection.fit(sample, 50, np.full(WIDTH, 1)).mean, 2)
    assert np.allclose(Projection.fit(sample, 50, None).mean, 1.5)
    assert np.allclose(Projection.fit(sample, 950, np.full(WIDTH, 1)).mean, (950 * 3 + 50) / 1000)


def test_a_library_of_one_photo_many_times_is_still_alike() -> None:
    sample = np.repeat(photos(1), 300, axis=0)
    rows = Projection.fit(sample, 300, np.full(WIDTH, 1.08), 16).apply(sample)
    assert np.isfinite(rows).all()
    assert np.allclose(rows @ rows[0], rows[0] @ rows[0])


@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(0, 6), st.integers(1, 8)), elements=st.floats(-(2.0**100), 2.0**100, width=32)
    )
)
@settings(deadline=None)
def test_unit_rows_have_length_one_or_zero(vectors: np.ndarray) -> None:
    out = unit(vectors)
    lengths = np.linalg.norm(out.astype(np.float64), axis=1)
    zero = ~vectors.any(axis=1)
    assert (lengths[zero] == 0).all()
    assert np.allclose(lengths[~zero], 1, atol=1e-5)


def test_one_row_is_projected_as_among_many() -> None:
    sample, projection = fit(400)
    many = projection.apply(sample)
    assert np.allclose(np.concatenate([projection.apply(row[np.newaxis]) for row in sample]), many, atol=1e-6)


@pytest.mark.parametrize("count", [4, 300])
def test_saved_and_loaded_it_is_the_same(tmp_path: Path, count: int) -> None:
    _, projection = fit(count, provisional=True)
    projection.save(tmp_path / "p.npz")
    loaded = Projection.load(tmp_path / "p.npz")
    assert loaded.digest == projection.digest
    assert (loaded.fitted_on, loaded.provisional) == (count, True)
    assert [path.name for path in tmp_path.iterdir()] == ["p.npz"]


def test_damage_anywhere_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    _, projection = fit(300)
    projection.save(path)
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for at in random.integers(0, len(whole), 60).tolist():
        path.write_bytes(whole[:at])
        with pytest.raises(DamagedProjection):
            Projection.load(path)
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        path.write_bytes(damaged)
        try:
            loaded = Projection.load(path)
        except DamagedProjection:
            continue
        assert loaded.digest == projection.digest  # a byte that says nothing, such as a date in the zip
    path.unlink()
    with pytest.raises(DamagedProjection):
        Projection.load(path)


def test_what_cannot_be_fitted_is_refused() -> None:
    for sample, count in ((np.empty((0, 4), np.float32), 0), (np.ones((3, 4), np.float32), 2)):
        with pytest.raises(ValueError):
            Projection.fit(sample, count, None)
    with pytest.raises(ValueError):
        Projection.fit(np.ones((3, 4), np.float32), 3, np.zeros(5))
    with pytest.raises(ValueError):
        fit(3)[1].apply(np.ones((1, WIDTH + 1), np.float32))


def test_few_photos_give_the_components_that_many_would() -> None:
    """Both ways to the components agree: by the photos' products and by the covariance."""
    random = np.random.default_rng(5)
    spread = np.linspace(4.0, 0.5, 300).astype(np.float32)
    sample = random.normal(size=(280, 300)).astype(np.float32) * spread
    by_products = Projection.fit(sample, 280, None, dimensions=8)
    by_covariance = Projection.fit(np.concatenate([sample, sample]), 560, None, dimensions=8)  # 560 > 300 wide
    assert by_products.components is not None
    assert by_covariance.components is not None
    np.testing.assert_allclose(by_products.components, by_covariance.components, atol=1e-4)


def test_photos_without_enough_differences_have_sound_components_all_the_same() -> None:
    random = np.random.default_rng(6)
    few = random.normal(size=(20, 400)).astype(np.float32)
    projection = Projection.fit(few[np.arange(300) % 20], 300, None, dimensions=64)
    assert projection.components is not None
    np.testing.assert_allclose(projection.components @ projection.components.T, np.eye(64), atol=1e-4)
