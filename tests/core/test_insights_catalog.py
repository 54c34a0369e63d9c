"""Accounts, sources and posts in the catalogue: nothing is counted twice, the newest numbers win, ids stay."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.catalog import insights as store
from desktop_app.core.catalog.insights import Source
from desktop_app.core.catalog.schema import MIGRATIONS
from desktop_app.core.posts import Account, How, Post, PostId, PostPicture
from desktop_app.core.types import PhotoId


@pytest.fixture
def catalogue():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.executescript("".join(MIGRATIONS))
    connection.execute("INSERT INTO folders (id, root, name, state) VALUES (1, x'2f', 'all', 'ready')")
    connection.executemany(
        "INSERT INTO photos (id, folder, path, size, mtime_ns, content, format, width, height, sort_date, sort_name)"
        " VALUES (?, 1, ?, 1, 1, ?, 'JPEG', 1, 1, '', '')",
        [(id_, f"{id_}.jpg".encode(), bytes([id_])) for id_ in range(1, 10)],
    )
    yield connection
    connection.close()


def post(key, account="own", **options):
    return Post(key, account, **{"time": 1000.0, "type": "photo", "metrics": {"views": 10.0}, **options})


def test_accounts_are_made_once_and_keep_their_role(catalogue):
    own = store.put_account(catalogue, "Kiln.and.Clay", "own")
    assert store.put_account(catalogue, "kiln.and.clay", "competitor") == own == Account("Kiln.and.Clay", "own", own.id)
    rival = store.put_account(catalogue, "rival")
    assert store.accounts(catalogue) == (own, rival)
    assert store.set_role(catalogue, rival.id, "own") == "competitor"
    assert store.set_role(catalogue, 99, "own") is None
    assert [one.name for one in store.accounts(catalogue)] == ["Kiln.and.Clay", "rival"]


def test_a_removed_account_takes_its_posts_with_it_and_brings_them_back(catalogue):
    stored = store.put_posts(catalogue, [post("a"), post("b", "rival")])
    rival = next(one for one in store.accounts(catalogue) if one.name == "rival")
    store.remove_account(catalogue, rival.id, 5.0)
    assert [one.key for one in store.posts(catalogue)] == ["a"]
    assert [one.name for one in store.accounts(catalogue)] == ["own"]
    store.remove_account(catalogue, rival.id, None)
    assert store.posts(catalogue) == stored
    store.remove_account(catalogue, rival.id, 6.0)
    assert store.put_account(catalogue, "RIVAL").id == rival.id
    assert store.posts(catalogue) == stored


def test_sources_are_known_by_their_path(catalogue):
    first = store.put_source(
        catalogue, Source(Path("/a/posts.csv"), "business", "own", 1.0, "1-2", {"views": "Aufrufe"})
    )
    again = store.put_source(catalogue, replace(first, stamp="3-4"))
    assert again.id == first.id
    assert store.sources(catalogue) == (again,)
    assert again.mapping == {"views": "Aufrufe"}
    told = store.put_posts(catalogue, [post("a", source=str(first.id)), post("b")])
    store.remove_source(catalogue, first.id, 9.0)
    assert store.sources(catalogue) == ()
    assert [one.key for one in store.posts(catalogue)] == ["b"]
    store.remove_source(catalogue, first.id, None)
    assert store.posts(catalogue) == told


def test_a_post_comes_back_as_it_was_told(catalogue):
    told = post(
        "C1", type="carousel", caption="Ünïcode\n#tag", permalink="https://x.invalid/p/C1/", shortcode="C1",
        metrics={"views": 12.5, "likes": 0.0, "saves": None}, boosted=True, collected=2000.0, files=("a.jpg", "b.jpg"),
    )  # fmt: skip
    (stored,) = store.put_posts(catalogue, [told])
    (read,) = store.posts(catalogue)
    assert stored.id == read.id > 0
    assert replace(read, id=told.id, metrics=told.metrics) == told
    assert read.metrics == {"views": 12.5, "likes": 0.0}
    assert read.number("saves") is None


def test_overlapping_tables_count_a_post_once_and_the_newest_numbers_win(catalogue):
    old = post("a", metrics={"views": 10.0, "saves": 3.0}, collected=100.0, caption="old", files=("a.jpg",))
    new = post("a", metrics={"views": 50.0, "saves": None}, collected=200.0, caption="")
    for order in ([old, new], [new, old]):
        catalogue.execute("DELETE FROM posts")
        first = store.put_posts(catalogue, order[:1])
        second = store.put_posts(catalogue, order[1:])
        (read,) = store.posts(catalogue)
        assert first[0].id == second[0].id == read.id
        assert read.metrics == {"views": 50.0, "saves": 3.0}
        assert read.collected == 200.0
        assert read.caption == "old"
        assert read.files == ("a.jpg",)


def test_the_same_key_in_two_accounts_is_two_posts(catalogue):
    stored = store.put_posts(catalogue, [post("a"), post("a", "rival")])
    assert len({one.id for one in stored}) == 2


def test_what_a_person_confirmed_outlasts_every_match(catalogue):
    a, b = (one.id for one in store.put_posts(catalogue, [post("a"), post("b")]))
    store.set_pictures(catalogue, [PostPicture(a, PhotoId(1)), PostPicture(b, PhotoId(2), 0, 0.5, How.TIME)])
    before = store.confirm(catalogue, a, [PostPicture(a, PhotoId(3), how=How.HAND, confirmed=True)])
    assert before == (PostPicture(a, PhotoId(1)),)
    store.set_pictures(catalogue, [PostPicture(a, PhotoId(1)), PostPicture(b, PhotoId(4))])
    assert store.pictures(catalogue) == (
        PostPicture(a, PhotoId(3), how=How.HAND, confirmed=True),
        PostPicture(b, PhotoId(4)),
    )
    store.confirm(catalogue, a, before)
    assert store.pictures(catalogue)[0] == before[0]


def test_pictures_of_posts_or_photos_that_are_gone_are_left_out(catalogue):
    (a,) = (one.id for one in store.put_posts(catalogue, [post("a")]))
    store.set_pictures(
        catalogue, [PostPicture(a, PhotoId(1)), PostPicture(a, PhotoId(77)), PostPicture(PostId(99), PhotoId(2))]
    )
    assert store.pictures(catalogue) == (PostPicture(a, PhotoId(1)),)
    catalogue.execute("DELETE FROM photos WHERE id = 1")
    assert store.pictures(catalogue) == ()


def test_decisions_are_remembered_and_forgotten(catalogue):
    store.decide(catalogue, "columns", "a", {"views": "Aufrufe"}, 1.0)
    store.decide(catalogue, "columns", "b", 7, 1.0)
    store.decide(catalogue, "other", "a", [1], 1.0)
    store.decide(catalogue, "columns", "b", 8, 2.0)
    assert store.decisions(catalogue, "columns") == {"a": {"views": "Aufrufe"}, "b": 8}
    store.decide(catalogue, "columns", "a", None, 3.0)
    assert store.decisions(catalogue, "columns") == {"b": 8}
