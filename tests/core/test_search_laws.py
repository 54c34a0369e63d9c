"""Laws of searching: filters are exact, a chip that is off is no chip, and chips have no order."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.catalog import photos
from desktop_app.core.labelling import LabelFilter
from desktop_app.core.library import Library
from desktop_app.core.operations.likeness import Likeness, Ranking
from desktop_app.core.operations.search import Searcher, SearchResult
from desktop_app.core.operations.search_fusing import fuse
from desktop_app.core.searching import Colours, Example, Filter, FilterKind, Query, Shape, Words
from desktop_app.core.types import Order, PhotoId
from tests.core.families import Families, label
from tests.core.libraries import by_path
from tests.photos import scene

laws = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PIXELS = [scene(seed, 160, 120) for seed in (5, 6)]  # the same arrays each time, as a query that is asked again has


def examples(ids: list[PhotoId]) -> st.SearchStrategy[Example]:
    of_photos = st.builds(Example, st.just("a"), photo=st.sampled_from(ids), wanted=st.booleans(), on=st.booleans())
    of_pixels = st.builds(Example, st.just("b"), pixels=st.sampled_from(PIXELS), wanted=st.booleans(), on=st.booleans())
    return st.one_of(of_photos, of_photos, of_photos, of_pixels)


def queries(ids: list[PhotoId], filters: list[Filter]) -> st.SearchStrategy[Query]:
    words = st.builds(Words, st.sampled_from(["red", "photo", "in", "green -blue", "zzz"]), on=st.booleans())
    shown = st.sampled_from([(220, 40, 40), (40, 190, 70), (50, 70, 225)])
    colours = st.builds(Colours, st.lists(shown, min_size=1, max_size=2).map(tuple), st.booleans())
    chosen = st.builds(replace, st.sampled_from(filters), on=st.booleans())
    return st.builds(
        Query,
        st.lists(examples(ids), max_size=5).map(tuple),
        st.lists(words, max_size=2).map(tuple),
        st.lists(colours, max_size=2).map(tuple),
        st.lists(chosen, max_size=3).map(tuple),
    )


def same(one: SearchResult, other: SearchResult) -> None:
    assert one.ids.tolist() == other.ids.tolist()
    assert (one.scores is None) == (other.scores is None)
    if one.scores is not None:
        assert one.scores.tobytes() == other.scores.tobytes()
    assert one.total == other.total
    assert {row.word for row in one.unknown} == {row.word for row in other.unknown}
    assert set(one.remarks) == set(other.remarks)


def some_filters(library: Library, families: Families) -> list[Filter]:
    made = label(library, {"red": families["red"][:4], "blue": families["blue"][:2]})
    today = date.today()
    days = timedelta(days=2)
    return [
        Filter(FilterKind.LABEL, "red", label=LabelFilter(made.id, (made.answers[0].id,))),
        Filter(FilterKind.LABEL, "not labelled", label=LabelFilter(made.id, labelled=False)),
        Filter(FilterKind.TAKEN, "now", first=today - days, last=today + days),
        Filter(FilterKind.TAKEN, "long ago", last=date(1990, 1, 1)),
        Filter(FilterKind.SHAPE, "landscape", shapes=(Shape.LANDSCAPE,)),
        Filter(FilterKind.WORDS, "green", text="green"),
        Filter(FilterKind.FOLDER, "in", folder=next(iter(photos.fetch(library.connection, [1]).values())).folder),
    ]


def test_laws_of_chips(library: Library, families: Families) -> None:
    filters = some_filters(library, families)
    ids = sorted(by_path(library).values())
    with closing(Likeness(library)) as likeness:
        searcher = Searcher(library, likeness)

        @laws
        @given(queries(ids, filters), st.sampled_from(list(Order)), st.randoms(use_true_random=False))
        def hold(query: Query, order: Order, random: object) -> None:
            result = searcher.run(query, order)
            # a chip that is off is no chip
            kept = Query(
                *(
                    tuple(one for one in chips if one.on)
                    for chips in (query.examples, query.words, query.colours, query.filters)
                )
            )
            same(result, searcher.run(kept, order))
            # chips have no order
            mixed = Query(
                *(
                    tuple(random.sample(chips, len(chips)))
                    for chips in (query.examples, query.words, query.colours, query.filters)
                )
            )
            same(result, searcher.run(mixed, order))
            # what was kept from the last search changes nothing
            same(result, Searcher(library, likeness).run(query, order))

            # filters are exact: the same photos in the same order with the same scores, less those that do not fit
            free = searcher.run(replace(query, filters=()), order)
            allowed = set(ids)
            for one in query.filters:
                if one.on:
                    allowed &= set(searcher.run(Query(filters=(replace(one, on=True),))).ids.tolist())
            keep = np.array([photo in allowed for photo in free.ids.tolist()], np.bool_)
            assert result.ids.tolist() == free.ids[keep].tolist()
            if free.scores is not None:
                assert result.scores.tobytes() == free.scores[keep].tobytes()
            # and no example is its own result
            if any(one.on for one in query.examples):
                both = {one.photo for one in query.wanted} & {one.photo for one in query.unwanted}
                own = {one.photo for one in query.examples if one.on and one.photo is not None} - both
                assert not own & set(result.ids.tolist())

        hold()


def test_what_orders_nothing_only_lets_through() -> None:
    likest = Ranking(np.array([4, 2, 9]), np.array([0.8, 0.5, -0.1], np.float32))
    every = Ranking(np.array([9, 4, 7]), np.ones(3, np.float32))
    for parts in ([likest, every], [every, likest]):
        fused = fuse(parts)
        assert fused.ids.tolist() == [4, 9]
        np.testing.assert_array_equal(fused.scores, np.array([0.8, -0.1], np.float32))
    assert fuse([every, every]).scores.tolist() == [1, 1, 1]


@st.composite
def rankings(draw: st.DrawFn) -> list[Ranking]:
    count = draw(st.integers(1, 4))
    made = []
    for _ in range(count):
        ids = draw(st.lists(st.integers(1, 30), unique=True, max_size=12))
        numbers = st.one_of(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), st.floats(-1, 1, width=32))
        scores = np.array([draw(numbers) for _ in ids], np.float32)
        order = np.argsort(-scores, kind="stable")
        made.append(Ranking(np.array(ids, np.int64)[order], scores[order]))
    return made


@settings(max_examples=200, deadline=None)
@given(rankings(), st.randoms(use_true_random=False))
def test_laws_of_fusing(parts: list[Ranking], random: object) -> None:
    fused = fuse(parts)
    common = set.intersection(*(set(part.ids.tolist()) for part in parts))
    assert set(fused.ids.tolist()) == common
    assert (np.diff(fused.scores) <= 0).all()
    assert (np.abs(fused.scores) <= 1).all()
    of = [dict(zip(part.ids.tolist(), part.scores.tolist(), strict=True)) for part in parts]
    score = dict(zip(fused.ids.tolist(), fused.scores.tolist(), strict=True))
    for photo in common:
        own = [one[photo] for one in of]
        assert min(own) <= score[photo] <= max(own)
        for other in common:  # who fits every kind at least as well is not behind
            if all(one[photo] >= one[other] for one in of):
                assert score[photo] >= score[other] - 1e-6
    mixed = fuse(random.sample(parts, len(parts)))
    np.testing.assert_array_equal(mixed.scores, fused.scores)
    if len(parts) > 1:
        assert mixed.ids.tolist() == fused.ids.tolist()
