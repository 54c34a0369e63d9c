"""A whole search: what orders, what lets through, and what is said of what cannot take part."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.descriptors import COLOUR_KEY
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours
from desktop_app.core.operations.folders import remove_folder
from desktop_app.core.operations.labels import remove_set
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import ALL_ARE_EXAMPLES, ONLY_UNWANTED, Searcher, SearchResult
from desktop_app.core.searching import Box, Colours, Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import FolderId, Order, PhotoId
from tests.core.families import COLOURS, Families, ids_of, label, save_family
from tests.core.libraries import by_path, run
from tests.photos import save, scene


@pytest.fixture
def likeness(library: Library) -> Iterator[Likeness]:
    with closing(Likeness(library)) as one:
        yield one


@pytest.fixture
def searcher(library: Library, likeness: Likeness) -> Searcher:
    return Searcher(library, likeness)


def like(library: Library, path: Path, **options: object) -> Example:
    return Example(path.name, photo=by_path(library)[path], **options)


def unlike(library: Library, path: Path, **options: object) -> Example:
    return like(library, path, wanted=False, **options)


def names(library: Library, result: SearchResult) -> list[str]:
    found = photos.fetch(library.connection, result.ids.tolist())
    return [found[PhotoId(one)].name for one in result.ids.tolist()]


def sound(result: SearchResult) -> SearchResult:
    """What holds of every answer."""
    assert result.ids.dtype == np.int64
    assert len(set(result.ids.tolist())) == len(result.ids)
    assert (result.scores is None) == (result.falling is None)
    if result.scores is not None:
        assert result.scores.dtype == np.float32
        assert len(result.scores) == len(result.ids)
        assert np.isfinite(result.scores).all()
        assert (np.abs(result.scores) <= 1).all()
        assert np.sort(result.scores)[::-1].tolist() == result.falling.tolist()
    return result


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


# --- words, colours, filters ---------------------------------------------------------------------------------


def test_words_say_why(library: Library, searcher: Searcher, families: Families) -> None:
    result = sound(searcher.run(Query(words=(Words("green"),))))
    assert set(names(library, result)) >= {path.name for path in families["green"]}
    assert all(isinstance(result.why(one), str) for one in result.ids.tolist())
    nothing = sound(searcher.run(Query(words=(Words("qqqqqqqq"),))))
    assert len(nothing.ids) == 0
    assert [one.word for one in nothing.unknown] == ["qqqqqqqq"]
    assert len(sound(searcher.run(Query(words=(Words("горы"),)))).ids) == 0


def test_an_example_and_words_both_count(library: Library, searcher: Searcher, families: Families) -> None:
    example = like(library, families["red"][0])
    of_words = searcher.run(Query(words=(Words("green"),)))
    both = sound(searcher.run(Query((example,), (Words("green"),))))
    assert set(both.ids.tolist()) == set(of_words.ids.tolist()) - {int(example.photo)}
    alike = searcher.run(Query((example,)))
    cosine = dict(zip(alike.ids.tolist(), alike.scores.tolist(), strict=True))
    strength = dict(zip(of_words.ids.tolist(), of_words.scores.tolist(), strict=True))
    for photo, score in zip(both.ids.tolist(), both.scores.tolist(), strict=True):
        one, other = cosine[photo], strength[photo]
        assert score == pytest.approx((one * other) ** 0.5 if one > 0 else one, abs=1e-5)
    assert both.why(int(both.ids[0])) == of_words.why(int(both.ids[0]))


def test_colours(library: Library, searcher: Searcher, families: Families) -> None:
    chip = Colours((COLOURS["red"],))
    result = sound(searcher.run(Query(colours=(chip,))))
    assert (result.remarks, result.total) == ((), 18)
    assert names(library, result)[0].startswith("red")
    hits = by_colours(library, chip.colours)
    assert result.ids.tolist() == hits.ids.tolist()
    assert result.scores.tobytes() == hits.scores.tobytes()
    green = Colours((COLOURS["green"],))
    two = sound(searcher.run(Query(colours=(chip, green))))
    assert two.ids.tolist() == sound(searcher.run(Query(colours=(green, chip)))).ids.tolist()
    many = Colours(tuple((10 * at, 0, 0) for at in range(7)))
    assert searcher.run(Query(colours=(many,))).remarks == ("Only 5 of the 7 colours take part.",)
    both = sound(searcher.run(Query((unlike(library, families["red"][0]),), colours=(chip,))))
    assert both.remarks == ()
    assert set(both.ids.tolist()) == set(result.ids.tolist()) - {by_path(library)[families["red"][0]]}
    with library.database.transaction() as connection:
        connection.execute("DELETE FROM features WHERE network = ?", (COLOUR_KEY,))
    library.presence += 1
    nothing = sound(searcher.run(Query(colours=(chip,))))
    assert (len(nothing.ids), nothing.remarks) == (0, ("The colours of the photos here are not counted yet.",))


def test_words_as_a_filter_only_let_through(library: Library, searcher: Searcher, families: Families) -> None:
    example = like(library, families["red"][0])
    alone = searcher.run(Query((example,)))
    result = sound(searcher.run(Query((example,), filters=(Filter(FilterKind.WORDS, "green", text="green"),))))
    fits = set(searcher.run(Query(words=(Words("green"),))).ids.tolist())
    keep = [one in fits for one in alone.ids.tolist()]
    assert result.ids.tolist() == alone.ids[keep].tolist()
    assert result.scores.tobytes() == alone.scores[keep].tobytes()


def test_filters_whose_things_are_gone_are_left_out(library: Library, searcher: Searcher, families: Families) -> None:
    made = label(library, {"red": families["red"], "blue": families["blue"]})
    labelled = Filter(FilterKind.LABEL, "colour: red", label=LabelFilter(made.id, (made.answers[0].id,)))
    assert set(names(library, searcher.run(Query(filters=(labelled,))))) == {one.name for one in families["red"]}
    remove_set(library, made.id)
    gone = (
        labelled,
        Filter(FilterKind.FOLDER, "in Family", folder=FolderId(99)),
        Filter(FilterKind.THEME, "theme Beach", theme=99),
    )
    result = sound(searcher.run(Query(filters=gone)))
    assert len(result.ids) == 18
    assert len(result.remarks) == 3
    assert result.remarks[0].startswith("“colour: red” is left out")
    assert len(searcher.run(Query((like(library, families["red"][0]),), filters=gone)).ids) == 17


def test_the_least_score(library: Library, searcher: Searcher, families: Families) -> None:
    example = like(library, families["red"][0])
    alone = searcher.run(Query((example,)))
    least = Filter(FilterKind.SCORE, "score 0.4", least=float(alone.scores[4]))
    result = sound(searcher.run(Query((example,), filters=(least,))))
    assert result.ids.tolist() == alone.ids[:5].tolist()
    plain = searcher.run(Query(filters=(least,)))
    assert (len(plain.ids), len(plain.remarks)) == (18, 1)
    assert "“score 0.4” is left out" in plain.remarks[0]


def test_orders_and_what_else_may_be_found(library: Library, searcher: Searcher, families: Families) -> None:
    query = Query((like(library, families["red"][0]),))
    best = searcher.run(query)
    of = dict(zip(best.ids.tolist(), best.scores.tolist(), strict=True))
    for order in (Order.DATE, Order.NAME):
        result = sound(searcher.run(query, order))
        listed = [one for one in photos.listed(library.connection, order) if one in of]
        assert result.ids.tolist() == listed
        assert result.scores.tolist() == [of[one] for one in listed]
        assert result.falling.tolist() == best.scores.tolist()
        ids, scores = result.within(float(best.scores[3]))
        assert set(ids.tolist()) == set(best.ids[:4].tolist())
        assert scores.min() == best.scores[3]
    extra = best.ids[::3]
    assert sound(searcher.run(query, extra=extra[::-1])).ids.tolist() == extra.tolist()
    assert sound(searcher.run(Query(), Order.NAME, extra)).ids.tolist() == [
        one for one in photos.listed(library.connection, Order.NAME) if one in set(extra.tolist())
    ]
    assert len(sound(searcher.run(query, extra=np.empty(0, np.int64))).ids) == 0
    ids, scores = best.within(float(best.scores[3]))
    assert ids.tolist() == best.ids[:4].tolist()
    assert len(scores) == 4


def test_it_sees_what_happens_meanwhile(
    library: Library, searcher: Searcher, families: Families, tmp_path: Path
) -> None:
    query = Query((like(library, families["red"][0]), unlike(library, families["blue"][0])))
    searcher.warm_up()
    assert len(searcher.run(query).ids) == 16
    assert len(searcher.run(Query(), Order.NAME).ids) == 18
    more = save_family(tmp_path / "in", "red", 2, first=20)
    run(library)
    assert len(sound(searcher.run(query)).ids) == 18
    assert len(sound(searcher.run(query, Order.DATE)).ids) == 18
    assert len(searcher.run(Query(), Order.NAME).ids) == 20
    more[0].unlink()
    run(library)
    assert len(sound(searcher.run(query)).ids) == 17
    assert searcher.run(Query()).total == 19


# --- regions -------------------------------------------------------------------------------------------------


def test_a_part_of_a_photo(library: Library, searcher: Searcher, families: Families) -> None:
    red = families["red"]
    part = like(library, red[0], box=Box(0.1, 0.1, 0.6, 0.6))
    result = sound(searcher.run(Query((part,))))
    assert len(result.ids) == 17
    assert set(result.boxes) <= set(result.ids.tolist())
    quick = sound(searcher.run(Query((part,)), look=False))
    assert set(quick.ids.tolist()) == set(result.ids.tolist())
    nobody = np.empty(0, np.int64)
    assert len(sound(searcher.run(Query((part,)), extra=nobody)).ids) == 0
    extra = np.array(sorted(ids_of(library, families["green"])), np.int64)
    assert set(sound(searcher.run(Query((part,)), extra=extra)).ids.tolist()) == set(extra.tolist())
    mixed = sound(searcher.run(Query((part, like(library, red[1]), unlike(library, red[2], box=part.box)))))
    assert len(mixed.ids) == 15


def test_a_part_of_a_file_is_read_once(
    library: Library, searcher: Searcher, families: Families, tmp_path: Path
) -> None:
    file = Path(shutil.copy(families["red"][0], tmp_path / "elsewhere.jpg"))
    for wanted in (True, False):
        part = Example("elsewhere.jpg", path=file, box=Box(0.1, 0.1, 0.6, 0.6), wanted=wanted)
        first = sound(searcher.run(Query((part, like(library, families["blue"][0])))))
        file.rename(tmp_path / "aside.jpg")
        again = sound(searcher.run(first.query))
        assert again.remarks == ()
        assert again.ids.tolist() == first.ids.tolist()
        np.testing.assert_allclose(again.scores, first.scores, atol=1e-6)
        (tmp_path / "aside.jpg").rename(file)


@pytest.mark.parametrize(
    "box", [Box(0.5, 0.5, 1e-4, 1e-4), Box(2, 2, 1, 1), Box(0, 0, -1, 1), Box(float("nan"), 0, 1, 1)]
)
def test_boxes_that_are_none(library: Library, searcher: Searcher, families: Families, box: Box) -> None:
    red = families["red"]
    with pytest.raises(UserError, match=r"“red 0.jpg” cannot be compared. The box"):
        searcher.run(Query((like(library, red[0], box=box),)))
    for wanted in (True, False):
        result = sound(searcher.run(Query((like(library, red[0], box=box, wanted=wanted), like(library, red[1])))))
        assert "takes no part. The box" in result.remarks[0]
        assert len(result.ids) == 17


def test_a_library_without_photos(tmp_path: Path) -> None:
    from tests.core.libraries import opened

    file = save(tmp_path / "a.jpg", 1)
    with opened(tmp_path / "empty") as library, closing(Likeness(library)) as likeness:
        searcher = Searcher(library, likeness)
        for query in (
            Query(),
            Query((Example("a.jpg", path=file),)),
            Query((Example("a.jpg", path=file), Example("a", pixels=scene(3), wanted=False)), (Words("dog"),)),
            Query(colours=(Colours((COLOURS["red"],)),)),
        ):
            for order in Order:
                result = sound(searcher.run(query, order))
                assert (len(result.ids), result.total) == (0, 0)
