"""Words that other parts of the library hold: names of themes that a person gave, captions of posts, many keywords."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.catalog import insights, themes
from desktop_app.core.library import Library
from desktop_app.core.operations import themes as operations
from desktop_app.core.operations.words import WordFinder
from desktop_app.core.posts import Post, PostPicture
from desktop_app.core.searching import Words
from desktop_app.core.types import PhotoId
from tests.core.themes_made import SIX, grouped, themed


def ids(finder: WordFinder, text: str, sense: str = "") -> set[int]:
    return set(finder.find([Words(text, sense)]).ids.tolist())


def test_themes_by_the_names_that_people_gave(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, _):
        grouping = grouped(library)
        [first, *_] = themes.rows(library.connection, grouping)
        finder = WordFinder(library)
        assert ids(finder, "Harvest") == set()
        operations.rename(library, first.id, "Harvest home")
        expected = set(themes.photos_of(library.connection, first.id))
        assert ids(finder, "harvest") == ids(finder, "harvest home") == expected
        assert finder.find([Words("harvest")]).why(min(expected)) == "theme Harvest home"


def test_captions_of_posts(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, photos):
        with library.database.transaction() as connection:
            account = insights.put_account(connection, "kiln", "own")
            posts = [Post("a", "kiln", None, "photo", caption="Raku firing\n#kilnlife")]
            [post] = insights.put_posts(connection, posts)
            insights.set_pictures(connection, [PostPicture(post.id, photos[3])])
        finder = WordFinder(library)
        assert ids(finder, "raku") == ids(finder, "kilnlife") == ids(finder, "raku firing") == {photos[3]}
        assert finder.find([Words("raku")]).why(photos[3]) == "caption"
        with library.database.transaction() as connection:
            insights.remove_account(connection, account.id, 1.0)
        assert ids(finder, "raku") == set()


@pytest.mark.parametrize("count", [3, 60])
def test_keywords_read_one_by_one_or_all_at_once(tmp_path: Path, count: int) -> None:
    with themed(tmp_path, SIX) as (library, photos):
        put(library, photos, count)
        finder = WordFinder(library)
        for number in (0, count // 2, count - 1):
            expected = {photo for place, photo in enumerate(photos) if place % count == number}
            assert ids(finder, f"kw{number:02}x", "keyword") == expected
        assert ids(finder, "kw") == set(photos)
        assert sum(one.count for one in finder.complete("kw", 100)) == len(photos)


def test_a_pasted_page_is_cut_short(tmp_path: Path) -> None:
    with themed(tmp_path, SIX) as (library, photos):
        put(library, photos, 3)
        finder = WordFinder(library)
        for text in ("kw00x " * 21, "kw00x " + "-a " * 500):
            matches = finder.find([Words(text)])
            assert set(matches.ids.tolist()) == ids(finder, "kw00x")
            assert matches.remarks == ("Only the first of so many words were looked for.",)
        assert finder.find([Words("kw00x " * 20)]).remarks == ()


def put(library: Library, photos: list[PhotoId], count: int) -> None:
    with library.database.transaction() as connection:
        connection.executemany(
            "INSERT INTO keywords VALUES (?, ?)",
            ((photo, f"kw{place % count:02}x") for place, photo in enumerate(photos)),
        )
