"""A whole search: what orders, what lets through, and what is said of what cannot take part."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.folders import remove_folder
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import ALL_ARE_EXAMPLES, ONLY_UNWANTED, Searcher
from desktop_app.core.searching import Colours, Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import FolderId, Order, PhotoId
from tests.core.families import Families
from tests.core.libraries import by_path, run
from tests.core.searches import like, names, open_likeness, open_searcher, sound, unlike
from tests.photos import scene

__all__ = ["open_likeness", "open_searcher"]  # "likeness" and "searcher" for tests


# --- examples ------------------------------------------------------------------------------------------------


def test_nothing_asked_is_everything(library: Library, searcher: Searcher, families: Families) -> None:
    every = set(by_path(library).values())
    for order in Order:
        result = sound(searcher.run(Query(), order))
        assert set(result.ids.tolist()) == every
        assert (result.scores, result.total, result.remarks) == (None, 18, ())
    off = Query(
        (like(library, families["red"][0], on=False), unlike(library, families["blue"][0], on=False)),
        (Words("nothing at all", on=False),),
        (Colours(((1, 2, 3),), on=False),),
        (Filter(FilterKind.FOLDER, "gone", folder=FolderId(99), on=False),),
    )
    assert off.is_empty
    result = sound(searcher.run(off, Order.NAME))
    assert result.ids.tolist() == list(photos.listed(library.connection, Order.NAME))
    assert (result.scores, result.remarks) == (None, ())


def test_one_photo_is_found_as_it_was_before(
    library: Library, likeness: Likeness, searcher: Searcher, families: Families
) -> None:
    for path in families["red"]:
        one = like(library, path)
        before = likeness.ranking(likeness.embeddings([one.photo]), [one.photo])
        result = sound(searcher.run(Query((one,))))
        assert result.ids.tolist() == before.ids.tolist()
        assert result.scores.tobytes() == before.scores.tobytes()
        assert result.total == 18


def test_several_photos_find_their_like_and_never_themselves(
    library: Library, searcher: Searcher, families: Families
) -> None:
    red, blue = families["red"], families["blue"]
    query = Query((like(library, red[0]), like(library, red[1]), unlike(library, blue[0])))
    result = sound(searcher.run(query))
    assert len(result.ids) == 15
    assert not {red[0].name, red[1].name, blue[0].name} & set(names(library, result))
    assert (result.scores >= 0).all()


def test_a_thumb_down_lowers_its_like(library: Library, searcher: Searcher, families: Families) -> None:
    wanted = (like(library, families["red"][0]), like(library, families["red"][1]))
    unwanted = unlike(library, families["green"][0])
    likest = int(searcher.run(Query((replace(unwanted, wanted=True),))).ids[0])

    def score(*examples: Example) -> float:
        result = sound(searcher.run(Query(examples)))
        return float(result.scores[result.ids == likest][0])

    assert score(*wanted, unwanted) < score(*wanted)


def test_all_photos_unwanted(library: Library, searcher: Searcher, families: Families) -> None:
    red = families["red"]
    result = sound(searcher.run(Query(tuple(unlike(library, path) for path in red))))
    assert result.remarks == (ONLY_UNWANTED,)
    assert len(result.ids) == 12
    assert searcher.run(Query((unlike(library, red[0]),))).remarks == (ONLY_UNWANTED,)
    every = Query(tuple(unlike(library, path) for paths in families.values() for path in paths))
    result = sound(searcher.run(every))
    assert (len(result.ids), result.remarks) == (0, (ALL_ARE_EXAMPLES, ONLY_UNWANTED))


def test_one_unwanted_photo_puts_its_like_last(library: Library, searcher: Searcher, families: Families) -> None:
    one = families["red"][0]
    likest = searcher.run(Query((like(library, one),)))
    least = sound(searcher.run(Query((unlike(library, one),))))
    assert least.ids.tolist() == likest.ids.tolist()[::-1]
    np.testing.assert_allclose(least.scores, (1 - likest.scores[::-1]) / 2, atol=1e-5)


def test_a_photo_that_is_both_takes_no_part(library: Library, searcher: Searcher, families: Families) -> None:
    one, other = families["red"][:2]
    result = sound(searcher.run(Query((like(library, one), unlike(library, one), like(library, other)))))
    assert result.remarks == (f"“{one.name}” is marked both more and less like this, and takes no part.",)
    assert result.ids.tolist() == searcher.run(Query((like(library, other),))).ids.tolist()


def test_the_same_photo_twice_counts_once(library: Library, searcher: Searcher, families: Families) -> None:
    one, other = families["red"][0], families["green"][0]
    once = searcher.run(Query((like(library, one), like(library, other))))
    by_name = Example(one.name, path=one)
    twice = searcher.run(Query((like(library, one), like(library, other), by_name, like(library, one))))
    assert twice.ids.tolist() == once.ids.tolist()
    assert twice.scores.tobytes() == once.scores.tobytes()
    assert twice.query.examples[2].photo == by_path(library)[one]


# --- files and pixels from anywhere --------------------------------------------------------------------------


def test_a_file_is_looked_at_once(
    library: Library, likeness: Likeness, searcher: Searcher, families: Families, tmp_path: Path
) -> None:
    file = Path(shutil.copy(families["red"][0], tmp_path / "from elsewhere.jpg"))
    first = sound(searcher.run(Query((Example("from elsewhere.jpg", path=file),))))
    assert names(library, first)[0] == families["red"][0].name
    assert first.scores[0] > 0.99
    assert first.query.examples[0].pixels is not None
    file.unlink()
    again = searcher.run(first.query)
    assert again.ids.tolist() == first.ids.tolist()
    assert again.scores.tobytes() == first.scores.tobytes()
    elsewhere = Searcher(library, likeness).run(first.query)  # such as by another descriptor
    assert elsewhere.scores.tobytes() == first.scores.tobytes()


def test_pixels_without_a_file(library: Library, searcher: Searcher, families: Families, tmp_path: Path) -> None:
    result = sound(searcher.run(Query((Example("Picture from the clipboard", pixels=scene(1)),))))
    assert len(result.ids) == 18
    both = searcher.run(Query((Example("a", pixels=scene(1)), Example("b", pixels=scene(2), wanted=False))))
    assert sound(both).scores[0] > both.scores[-1]


def test_what_cannot_be_read_takes_no_part(
    library: Library, searcher: Searcher, families: Families, tmp_path: Path
) -> None:
    empty, text, gone = tmp_path / "empty.png", tmp_path / "text.jpg", tmp_path / "gone.jpg"
    empty.write_bytes(b"")
    text.write_text("hello")
    bad = [Example(path.name, path=path) for path in (empty, text, gone)]
    good = like(library, families["red"][0])
    result = sound(searcher.run(Query((good, *bad))))
    assert result.ids.tolist() == searcher.run(Query((good,))).ids.tolist()
    assert result.remarks == (
        "“empty.png” takes no part. The file is empty.",
        "“text.jpg” takes no part. The file is damaged and cannot be read.",
        "“gone.jpg” takes no part. Its file is gone.",
    )
    assert len(result.query.examples) == 4
    with pytest.raises(UserError, match=r"^“empty.png” cannot be compared. The file is empty.$"):
        searcher.run(Query(tuple(bad[:1])))
    with pytest.raises(UserError, match=r"^None of the 3 pictures can be compared. The first is “empty.png”. "):
        searcher.run(Query(tuple(bad)))
    # colours or words are something else to look for; a filter is not
    assert searcher.run(Query((bad[0],), (Words("red"),))).remarks[0].startswith("“empty.png” takes no part.")
    with pytest.raises(UserError, match="cannot be compared"):
        searcher.run(Query((bad[0],), filters=(Filter(FilterKind.TAKEN, "ever"),)))
    off = replace(bad[0], on=False)
    assert len(searcher.run(Query((off,))).ids) == 18


def test_a_photo_that_left_the_library(
    library: Library, likeness: Likeness, searcher: Searcher, families: Families
) -> None:
    red, folder = families["red"], photos.fetch(library.connection, [1])[PhotoId(1)].folder
    good, lost = like(library, red[0]), Example("lost.jpg", photo=PhotoId(999))
    result = sound(searcher.run(Query((good, lost))))
    assert result.remarks == ("“lost.jpg” takes no part. It is no longer in the library.",)
    with pytest.raises(UserError, match=r"“lost.jpg” cannot be compared. It is no longer in the library."):
        searcher.run(Query((lost,)))
    # a photo that went while it was looked for is still known, and not found
    query = Query((like(library, red[1]), like(library, red[2])))
    before = searcher.run(query)
    red[1].unlink()
    run(library)
    after = sound(searcher.run(query))
    assert after.remarks == ()
    assert after.ids.tolist() == before.ids.tolist()
    with pytest.raises(UserError, match=r"“red 1.jpg” cannot be compared. Its file is gone."):
        Searcher(library, likeness).run(Query((query.examples[0],)))
    remove_folder(library, folder)
    assert len(sound(searcher.run(query)).ids) == 0
    with pytest.raises(UserError, match=r"“red 2.jpg” cannot be compared. It is no longer in the library."):
        Searcher(library, likeness).run(Query((query.examples[1],)))


def test_a_saved_example_is_found_again_by_its_path(library: Library, searcher: Searcher, families: Families) -> None:
    """A row that is gone for good, such as of a folder that was removed and added again."""
    red = families["red"][0]
    result = sound(searcher.run(Query((Example("red 0.jpg", photo=PhotoId(999), path=red),))))
    assert result.query.examples[0].photo == by_path(library)[red]
    assert len(result.ids) == 17
