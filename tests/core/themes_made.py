"""Libraries whose photos lie in known themes: rows and vectors as an ingest would write them, without pictures."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from desktop_app.core.catalog import features, folders, photos, themes
from desktop_app.core.catalog.themes import GroupingId, ThemeId
from desktop_app.core.library import MAIN_LAYER, Library
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.finish import finish
from desktop_app.core.types import Changes, FolderId, FolderState, PhotoId, Progress
from tests.core.libraries import opened

Result = TypeVar("Result")
WIDTH = 1280
SIX = [group for group in range(6) for _ in range(12)] + [-1, -1]


def drained(operation: Generator[Progress, None, Result]) -> Result:
    """Run an operation to its end."""
    while True:
        try:
            next(operation)
        except StopIteration as ended:
            return ended.value


def vectors(groups: Sequence[int], seed: int = 0, noise: float = 0.25) -> np.ndarray:
    """Raw embeddings, float32 (n, 1280), zero or more: each near the middle of its group; -1 is near nothing."""
    random = np.random.default_rng(seed)
    middles = np.random.default_rng(99).standard_normal((64, WIDTH)).astype(np.float32)
    own = np.array(groups)
    made = middles[np.maximum(own, 0)] + noise * random.standard_normal((len(own), WIDTH)).astype(np.float32)
    made[own < 0] = random.standard_normal((int((own < 0).sum()), WIDTH)).astype(np.float32)
    return np.maximum(made, 0).astype(np.float32)


def add(library: Library, groups: Sequence[int], root: Path, seed: int = 0) -> list[PhotoId]:
    """Further photos of these groups, in the library's order."""
    with library.database.transaction() as connection:
        folder = folders.add(connection, root.absolute())
        start = int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])
    random = np.random.default_rng(seed)
    block = {layer.name: random.random((len(groups), layer.dimension), np.float32) for layer in library.network.layers}
    first = library.store.append({**block, MAIN_LAYER: vectors(groups, seed)})
    library.store.flush()
    made = []
    with library.database.transaction() as connection:
        for place in range(len(groups)):
            number = start + place
            content = number.to_bytes(16, "big")
            facts = photos.Facts(FolderId(folder), f"{number:06}.jpg".encode(), 1, 1, content, "JPEG", 8, 8, None, "")
            photo = photos.insert(connection, facts)
            features.set_position(connection, library.network.key, photo, first + place)
            made.append(photo)
        folders.set_state(connection, folder, FolderState.READY)
    for _ in finish(library):
        pass
    return made


@contextmanager
def themed(tmp_path: Path, groups: Sequence[int]) -> Iterator[tuple[Library, list[PhotoId]]]:
    """An open library of photos in these groups."""
    with opened(tmp_path / "library") as library:
        yield library, add(library, groups, tmp_path / "in")


def partition(library: Library, grouping: themes.GroupingId) -> dict[int, frozenset[int]]:
    """The photos of each shown theme by the theme's id; fails where a photo is in none or in two."""
    connection = library.connection
    made = {int(row.id): frozenset(themes.photos_of(connection, row.id)) for row in themes.rows(connection, grouping)}
    every = [photo for own in made.values() for photo in own]
    assert len(every) == len(set(every)), "a photo is in two themes"
    assert sorted(every) == themes.members(connection, grouping).photos.tolist(), "a photo is in no theme"
    return {theme: own for theme, own in made.items() if own}


def refines(fine: dict[int, frozenset[int]], coarse: dict[int, frozenset[int]]) -> bool:
    """Whether each theme of one cut lies within one theme of the other."""
    return all(any(own <= other for other in coarse.values()) for own in fine.values())


def grouped(library: Library, **options: object) -> GroupingId:
    written = drained(operations.group_and_keep(library, **options))
    assert isinstance(written, Changes)
    assert written.grouping is not None
    assert int(written.grouping.id) in written.themes
    return written.grouping.id


def theme_with(library: Library, grouping: GroupingId, photo: PhotoId) -> ThemeId:
    return next(ThemeId(theme) for theme, own in partition(library, grouping).items() if photo in own)


def everything(library: Library, grouping: GroupingId) -> tuple:
    held = themes.snapshot(library.connection, grouping)
    return held.rows, held.leaves, held.count, themes.members(library.connection, grouping).leaves.tolist()


def odd(library: Library, grouping: GroupingId) -> ThemeId:
    return next(row.id for row in themes.rows(library.connection, grouping) if row.kind == "odd")
