"""Which photos look alike: sensible scores from the first photo on, and answers that follow what happens to files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import folders, photos
from desktop_app.core.errors import UserError
from desktop_app.core.images.decode import read_picture
from desktop_app.core.library import Library
from desktop_app.core.operations.folders import point_elsewhere, remove_folder, restore_folder
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.types import FolderId, PhotoId
from tests.core.libraries import by_path, opened, run
from tests.photos import save, save_many


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as one:
        yield one


@pytest.fixture
def likeness(library: Library) -> Iterator[Likeness]:
    with closing(Likeness(library)) as one:
        yield one


def found(library: Library, likeness: Likeness, path: Path) -> dict[Path, float]:
    """Everything like one of the library's photos, best first; by both ways of asking."""
    own = by_path(library)
    query = likeness.embeddings([own[path]])
    hits = likeness.best(query, 1000, [own[path]])
    ranking = likeness.ranking(query, [own[path]])
    assert ranking.ids.tolist() == [hit.photo for hit in hits]
    np.testing.assert_allclose(ranking.scores, [hit.score for hit in hits], atol=1e-6)
    assert np.isfinite(ranking.scores).all()
    assert (np.diff(ranking.scores) <= 0).all()
    assert (np.abs(ranking.scores) <= 1).all()
    names = {id_: path for path, id_ in own.items()}
    assert {hit.photo for hit in hits} == set(names) - {own[path]}
    return {names[hit.photo]: hit.score for hit in hits}


def test_nothing_in_nothing_found(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    query = likeness.embed(read_picture(save(tmp_path / "a.jpg", 1)).pixels)
    assert query.shape == (1, 1280)
    assert likeness.best(query, 5) == []
    assert len(likeness.ranking(query).ids) == 0
    assert likeness.searchable == 0
    with pytest.raises(UserError, match="not ready to be compared"):
        likeness.embeddings([PhotoId(1)])


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_small_libraries_have_sensible_scores(library: Library, likeness: Likeness, tmp_path: Path, count: int) -> None:
    paths = save_many(tmp_path / "in", range(count))
    run(library, tmp_path / "in")
    for path in paths:
        others = found(library, likeness, path)
        assert len(others) == count - 1
        assert all(-0.9 < score < 0.95 for score in others.values())
    # the same picture from outside is the photo itself, a smaller one of it nearly
    same = likeness.embed(read_picture(shutil.copy(paths[0], tmp_path / "same.jpg")).pixels)
    small = likeness.embed(read_picture(save(tmp_path / "small.jpg", 0, 240, 180)).pixels)
    first = by_path(library)[paths[0]]
    for query, least in ((same, 0.999), (small, 0.85)):
        best = likeness.best(query, count)
        assert best[0].photo == first
        assert best[0].score > least
        assert all(hit.score < best[0].score - 0.03 for hit in best[1:])
    # and something else is nothing like it
    other = likeness.embed(read_picture(save(tmp_path / "other.jpg", 999)).pixels)
    assert likeness.best(other, 1)[0].score < 0.9


def test_two_copies_and_nothing_else(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    one = save(tmp_path / "in" / "a.jpg", 1)
    two = Path(shutil.copy(one, tmp_path / "in" / "b.jpg"))
    run(library, tmp_path / "in")
    assert found(library, likeness, one) == {two: pytest.approx(1.0, abs=1e-5)}


def test_many_copies_keep_one_order(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    one = save(tmp_path / "in" / "a.jpg", 1)
    for number in range(20):
        shutil.copy(one, tmp_path / "in" / f"copy {number}.jpg")
    save_many(tmp_path / "in", range(50, 60))
    run(library, tmp_path / "in")
    scores = list(found(library, likeness, one).values())
    assert scores[:20] == [pytest.approx(1.0, abs=1e-5)] * 20
    assert scores[20] < 0.95


def test_what_happens_to_files_shows_at_once(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    paths = save_many(folder, range(6))
    run(library, folder)
    first = paths[0]
    assert set(found(library, likeness, first)) == set(paths[1:])

    paths[1].rename(tmp_path / "aside.jpg")  # goes missing
    run(library)
    assert set(found(library, likeness, first)) == set(paths[2:])

    (tmp_path / "aside.jpg").rename(paths[1])  # and comes back
    run(library)
    assert set(found(library, likeness, first)) == set(paths[1:])

    before = found(library, likeness, first)[paths[2]]
    shutil.copy(first, paths[2])  # is overwritten with the very same picture
    run(library)
    assert before < 0.95
    assert found(library, likeness, first)[paths[2]] == pytest.approx(1.0, abs=1e-5)

    paths[3].rename(folder / "renamed.jpg")
    run(library)
    assert set(found(library, likeness, first)) == {*paths[1:3], folder / "renamed.jpg", *paths[4:]}

    paths[4].write_bytes(b"no picture any more")
    run(library)
    assert paths[4] not in found(library, likeness, first)
    save(paths[4], 4)
    run(library)
    assert paths[4] in found(library, likeness, first)


def only_folder(library: Library) -> FolderId:
    (folder,) = folders.all_folders(library.connection)
    return folder.id


def test_a_removed_folder_comes_back_with_everything(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    a, b = save_many(tmp_path / "a", range(3)), save_many(tmp_path / "b", range(10, 13))
    run(library, tmp_path / "a")
    first = only_folder(library)
    run(library, tmp_path / "b")
    before = by_path(library)
    remove_folder(library, first)
    assert set(found(library, likeness, b[0])) == set(b[1:])
    assert likeness.searchable == 3
    restore_folder(library, first)
    assert set(found(library, likeness, b[0])) == {*a, *b[1:]}
    assert by_path(library) == before
    remove_folder(library, first)
    assert run(library, tmp_path / "a").read == 0  # adding it again is bringing it back
    assert by_path(library) == before


@pytest.mark.parametrize("inner_first", [True, False])
def test_brought_back_around_or_inside_another_folder(
    library: Library, likeness: Likeness, tmp_path: Path, inner_first: bool
) -> None:
    paths = [*save_many(tmp_path / "all" / "inner", range(3)), save(tmp_path / "all" / "outer.jpg", 9)]
    first, second = tmp_path / "all" / "inner", tmp_path / "all"
    if not inner_first:
        first, second = second, first
    run(library, first)
    before = by_path(library)
    removed = only_folder(library)
    remove_folder(library, removed)
    run(library, second)
    restore_folder(library, removed)
    after = by_path(library)
    assert set(after) == set(paths)
    assert {path: after[path] for path in before} == before
    assert [folder.root for folder in folders.all_folders(library.connection)] == [tmp_path / "all"]
    assert len(found(library, likeness, paths[0])) == 3
    assert run(library).unchanged == 4


def test_a_folder_that_lies_elsewhere_now(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    save_many(tmp_path / "old" / "in", range(4))
    save_many(tmp_path / "b", range(20, 22))
    run(library, tmp_path / "old" / "in")
    moved = only_folder(library)
    run(library, tmp_path / "b")
    before = set(by_path(library).values())
    (tmp_path / "old" / "in").rename(tmp_path / "new")
    for wrong in (tmp_path / "b", tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UserError, match=r"in this library already|There is no folder"):
            point_elsewhere(library, moved, wrong)
    point_elsewhere(library, moved, tmp_path / "new")
    assert run(library).read == 0
    assert set(by_path(library).values()) == before
    assert all(path.exists() for path in by_path(library))
    assert likeness.searchable == 6


def test_pointed_to_where_a_removed_folder_was(library: Library, tmp_path: Path) -> None:
    save_many(tmp_path / "a", range(3))
    save_many(tmp_path / "b", range(3))
    run(library, tmp_path / "a")
    a = only_folder(library)
    run(library, tmp_path / "b")
    b = next(folder.id for folder in folders.all_folders(library.connection) if folder.id != a)
    remove_folder(library, b)
    shutil.rmtree(tmp_path / "a")
    point_elsewhere(library, a, tmp_path / "b")
    run(library)
    assert len(by_path(library)) == 3
    assert [folder.id for folder in folders.all_folders(library.connection)] == [a]


def test_photos_are_found_before_the_rest_is_in(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(80))
    seen: list[int] = []
    for progress in ingest(library, [tmp_path / "in"], workers=1):
        if progress.changes.added:
            seen.append(likeness.searchable)
            for photo in progress.changes.added[:1]:
                hits = likeness.best(likeness.embeddings([photo]), 200)
                assert hits[0].photo == photo
                assert hits[0].score == pytest.approx(1.0, abs=1e-4)
                assert len(hits) == seen[-1]
    assert seen == sorted(seen)
    assert 0 < seen[0] < 80
    assert seen[-1] == 80
    assert len(found(library, likeness, paths[0])) == 79


def test_several_queries_are_met_in_the_middle(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(8))
    run(library, tmp_path / "in")
    own = by_path(library)
    two = [own[paths[0]], own[paths[1]]]
    hits = likeness.best(likeness.embeddings(two), 8)
    assert {hit.photo for hit in hits[:2]} == set(two)
    assert likeness.best(likeness.embeddings(two), 8, two) == hits[2:]
    assert likeness.best(likeness.embeddings(two[:1]), 0) == []
    assert len(likeness.best(likeness.embeddings(two[:1]), 3, list(own.values())[2:])) == 2


def test_measures(library: Library, likeness: Likeness, tmp_path: Path) -> None:
    paths = save_many(tmp_path / "in", range(2))
    run(library, tmp_path / "in")
    own = by_path(library)
    one, other = likeness.embeddings([own[paths[0]]]), likeness.embeddings([own[paths[1]]])
    same = likeness.measures(one, one)
    assert (same.cosine, same.euclidean, same.mse) == (pytest.approx(1.0), 0.0, 0.0)
    differ = likeness.measures(one, other)
    difference = one.astype(np.float64) - other
    assert differ.euclidean == pytest.approx(float(np.sqrt((difference**2).sum())))
    assert differ.mse == pytest.approx(float((difference**2).mean()))
    assert differ.mse == pytest.approx(differ.euclidean**2 / 1280)
    assert 0 < differ.cosine < 1


def test_another_library_is_not_seen(tmp_path: Path) -> None:
    save_many(tmp_path / "a", range(2))
    save_many(tmp_path / "b", range(3))
    with opened(tmp_path / "one") as one, opened(tmp_path / "two") as two:
        run(one, tmp_path / "a")
        run(two, tmp_path / "b")
        assert (photos.count_present(one.connection), photos.count_present(two.connection)) == (2, 3)
