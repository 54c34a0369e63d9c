"""Photos in these colours: scores that say how much of a picture is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours, colours_of
from desktop_app.core.operations.descriptors import forget
from tests.core.described import described
from tests.core.libraries import by_path, opened, run
from tests.core.test_colour import painted

RED, BLUE, WHITE, GREEN = (200, 30, 30), (30, 40, 190), (250, 250, 250), (40, 160, 40)
PICTURES = {"red on white": (RED, WHITE), "blue on white": (BLUE, WHITE), "red on blue": (RED, BLUE), "red": (RED, RED)}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    for name, colours in PICTURES.items():
        path = tmp_path / "in" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(painted(*colours)).save(path)
    with opened(tmp_path / "library") as one:
        run(one, tmp_path / "in")
        yield one


def named(library: Library, ids: np.ndarray) -> list[str]:
    names = {id_: path.stem for path, id_ in by_path(library).items()}
    return [names[id_] for id_ in ids.tolist()]


def test_one_colour(library: Library) -> None:
    found = by_colours(library, [RED])
    assert named(library, found.ids)[0] == "red"
    assert set(named(library, found.ids)) == {"red", "red on white", "red on blue"}
    np.testing.assert_allclose(found.scores, [1, 1 / 3, 1 / 3], atol=0.06)
    np.testing.assert_allclose(found.shares[:, 0], found.scores)
    assert len(by_colours(library, [GREEN]).ids) == 0
    assert named(library, by_colours(library, [RED], 1).ids) == ["red"]
    assert len(by_colours(library, [RED], 0).ids) == 0


def test_two_colours_are_both_wanted(library: Library) -> None:
    found = by_colours(library, [RED, WHITE])
    assert named(library, found.ids)[0] == "red on white"
    best = found.shares[0]
    np.testing.assert_allclose(best, [1 / 3, 2 / 3], atol=0.05)
    # no more than a half of either was wanted, so there is a third and a half of it
    assert found.scores[0] == pytest.approx(1 / 3 + 1 / 2, abs=0.05)
    assert dict(zip(named(library, found.ids), found.scores, strict=True))["red"] == pytest.approx(0.5, abs=0.05)
    weighted = by_colours(library, [RED, WHITE], weights=[1, 2])
    assert weighted.scores[0] == pytest.approx(1.0, abs=0.06)


def test_a_photos_own_colours_find_it(library: Library) -> None:
    for path, photo in by_path(library).items():
        own = colours_of(library, photo)
        assert own[0][1] >= own[-1][1]
        found = by_colours(library, [one for one, _ in own], weights=[share for _, share in own])
        assert named(library, found.ids)[0] == path.stem
        assert found.scores[0] > 0.85


def test_it_follows_the_library(library: Library, tmp_path: Path) -> None:
    assert len(by_colours(library, [RED]).ids) == 3
    (tmp_path / "in" / "red.png").unlink()
    Image.fromarray(painted(GREEN, GREEN)).save(tmp_path / "in" / "red on blue.png")
    run(library)
    assert named(library, by_colours(library, [RED]).ids) == ["red on white"]
    assert named(library, by_colours(library, [GREEN]).ids) == ["red on blue"]
    forget(library, "colour")
    assert len(by_colours(library, [RED]).ids) == 0
    with pytest.raises(UserError, match="not counted yet"):
        colours_of(library, by_path(library)[tmp_path / "in" / "red on white.png"])
    described(library, "colour")
    assert named(library, by_colours(library, [GREEN]).ids) == ["red on blue"]


@pytest.mark.parametrize("colours", [[], [RED] * 6, [(0, 0, 256)], [(-1, 0, 0)]])
def test_what_is_no_question(library: Library, colours: list[tuple[int, int, int]]) -> None:
    with pytest.raises(UserError):
        by_colours(library, colours)
