"""A search by words, colours, filters, a region, in other orders; and what happens meanwhile."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.catalog import photos
from desktop_app.core.descriptors import COLOUR_KEY
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.library import Library
from desktop_app.core.operations.colours import by_colours
from desktop_app.core.operations.labels import remove_set
from desktop_app.core.operations.likeness import Likeness
from desktop_app.core.operations.search import Searcher
from desktop_app.core.operations.search_examples import ExampleVectors
from desktop_app.core.searching import Box, Colours, Example, Filter, FilterKind, Query, Words
from desktop_app.core.types import FolderId, Order
from tests.core.families import COLOURS, Families, ids_of, label, save_family
from tests.core.libraries import by_path, run
from tests.core.searches import like, names, open_likeness, open_searcher, sound, unlike
from tests.photos import save, scene

__all__ = ["open_likeness", "open_searcher"]  # "likeness" and "searcher" for tests


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


def test_a_part_of_a_photo_that_was_edited_is_another(library: Library, likeness: Likeness, families: Families) -> None:
    red, blue = families["red"], families["blue"]
    vectors = ExampleVectors(library, likeness)
    part = unlike(library, red[0], box=Box(0.1, 0.1, 0.6, 0.6))
    first = vectors.know(part)
    assert vectors.know(part).vector is first.vector  # known: nothing is read
    shutil.copy(blue[0], red[0])
    run(library)
    again = vectors.know(part)
    wanted = vectors.know(unlike(library, blue[0], box=part.box))
    np.testing.assert_array_equal(again.vector, wanted.vector)
    assert not np.allclose(again.vector, first.vector, atol=1e-3)
    red[0].unlink()
    run(library)
    assert vectors.know(part).vector is again.vector  # and stays known


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
