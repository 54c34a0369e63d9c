"""Readers: every generation and language gives the same posts; what is broken is a sentence."""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.insights import sources
from desktop_app.core.insights.business_csv import columns_of
from desktop_app.core.insights.columns import FIELDS
from desktop_app.core.posts import Why
from tests.exports import (
    GENERATIONS,
    HEADERS,
    INSIGHT_KEYS,
    Made,
    Style,
    broken,
    download_files,
    instaloader_files,
    some,
    write_business,
    write_folder,
    write_zip,
)

POSTS = some(24)


def read(path: Path, **options: object) -> sources.Reading:
    found = sources.recognise(path)
    return sources.read(path, found.kind, **options)


# --- the download --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", ["", "instagram-kiln.and.clay-2025-05-01-AbC/"])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_of_the_download(tmp_path: Path, generation: str, top: str) -> None:
    files = download_files(POSTS, generation, top=top)
    path = write_zip(tmp_path / "a.zip", files)
    for place in (path, write_folder(tmp_path / "folder", files)):
        found = sources.recognise(place)
        assert (found.kind, found.account, found.role) == ("download", "kiln.and.clay", "own")
        posts = sources.read(place, found.kind).posts
        assert [(p.caption, p.time) for p in posts] == [(p.caption, int(p.time)) for p in POSTS]
        assert [len(p.files) for p in posts] == [p.pictures for p in POSTS]
        assert all(name in files for post in posts for name in post.files)
        assert {post.type for post in posts} == {"photo", "carousel"}
        assert all(not post.metrics for post in posts)


def test_numbered_files_are_read_until_a_gap(tmp_path: Path) -> None:
    files = download_files(POSTS, per_file=5, pictures=False)
    assert sum("posts_" in name for name in files) == 5
    assert len(read(write_zip(tmp_path / "a.zip", files)).posts) == 24
    files["your_instagram_activity/media/posts_7.json"] = files["your_instagram_activity/media/posts_1.json"]
    assert len(read(write_zip(tmp_path / "b.zip", files)).posts) == 24


def test_reels_stories_and_pictures_that_are_no_posts(tmp_path: Path) -> None:
    reel = replace(POSTS[0], type="reel", number=70)
    story = replace(POSTS[1], type="story", number=71)
    extra = {
        "your_instagram_activity/media/profile_photos.json": json.dumps(
            {"ig_profile_picture": [{"uri": "media/profile/202501/me.jpg", "creation_timestamp": 1_700_000_000}]}
        ).encode(),
        "your_instagram_activity/media/archived_posts.json": json.dumps(
            {"ig_archived_post_media": [{"media": [{"uri": "media/archived_posts/202501/old.jpg"}]}]}
        ).encode(),
    }
    reading = read(write_zip(tmp_path / "a.zip", download_files([*POSTS[:2], reel, story], extra=extra)))
    assert sorted(post.type for post in reading.posts) == ["photo", "photo", "reel", "story"]
    assert reading.others == {
        "media/profile/202501/me.jpg": Why.NOT_A_POST,
        "media/archived_posts/202501/old.jpg": Why.DELETED,
    }


@pytest.mark.parametrize("language", INSIGHT_KEYS)
def test_numbers_in_the_download_have_localised_names(tmp_path: Path, language: str) -> None:
    path = write_zip(tmp_path / "a.zip", download_files(POSTS, insights=POSTS, language=language, pictures=False))
    told = [post for post in read(path).posts if post.metrics]
    assert len(told) == 24
    for post, made in zip(told, POSTS, strict=True):
        expected = {name: made.numbers[name] for name in ("impressions", "reach", "likes", "comments")}
        assert dict(post.metrics) == expected
        assert post.caption == made.caption


def test_a_damaged_list_among_sound_ones_is_a_remark(tmp_path: Path) -> None:
    files = download_files(POSTS, per_file=12, pictures=False)
    name = "your_instagram_activity/media/posts_2.json"
    files[name] = files[name][: len(files[name]) // 2]
    reading = read(write_zip(tmp_path / "a.zip", files))
    assert len(reading.posts) == 12
    assert reading.remarks == ("posts_2.json in a.zip is damaged or cut off.",)


@pytest.mark.parametrize("data", [b"", b"[", b"\xff\xfe\x00", b"[" * 100_000, b'{"a": 1e', b"not json"])
def test_nothing_but_damage_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = write_zip(tmp_path / "a.zip", {"your_instagram_activity/media/posts_1.json": data})
    with pytest.raises(UserError, match=r"posts_1\.json in a\.zip is damaged or cut off"):
        read(path)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        [1, None, "x", [], {"media": 5}, {"media": [None, 3, {}]}, {"media": [{"uri": 7}]}],
        {"a": [{"media": [{"uri": "../../etc/x.jpg", "creation_timestamp": "soon", "title": 5}]}]},
        None,
    ],
)
def test_lists_of_unexpected_shape_do_no_harm(tmp_path: Path, value: object) -> None:
    path = write_zip(tmp_path / "a.zip", {"content/posts_1.json": json.dumps(value).encode(), "content/x.json": b"{}"})
    for post in read(path).posts:
        assert post.time is None


def test_a_download_in_html_says_what_to_do(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"your_instagram_activity/media/posts_1.html": b"<html>"})
    with pytest.raises(UserError, match="format JSON"):
        sources.recognise(path)


def test_the_account_comes_from_the_name_where_the_files_are_silent(tmp_path: Path) -> None:
    files = {name: data for name, data in download_files(POSTS, pictures=False).items() if "personal" not in name}
    for name, account in (
        ("instagram-kiln.and.clay-2025-05-01-AbCd.zip", "kiln.and.clay"),
        ("kiln_20250501.zip", "kiln"),
        ("export.zip", ""),
    ):
        assert sources.recognise(write_zip(tmp_path / name, files)).account == account


# --- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("language", HEADERS)
def test_every_language_encoding_and_order(tmp_path: Path, language: str, separator: str, encoding: str) -> None:
    posts = [replace(post, caption=f"Été, “mugs”;\nÄpfel\t{post.number}") for post in POSTS]
    style = Style(
        language,
        separator=separator,
        encoding=encoding,
        shuffled=True,
        thousands="," if language == "en" else ".",
        pattern="%m/%d/%Y %H:%M" if language == "en" else "%d/%m/%Y %H:%M",
    )
    path = write_business(tmp_path / "a.csv", posts, style)
    found = sources.recognise(path)
    assert (found.kind, found.account, found.role, found.ready) == ("business", "kiln.and.clay", "own", True)
    reading = sources.read(path, found.kind)
    assert not reading.zoned
    for post, made in zip(reading.posts, posts, strict=True):
        wanted = {name: value for name, value in made.numbers.items() if name != "impressions"}
        assert (post.shortcode, post.caption, dict(post.metrics)) == (made.shortcode, made.caption, wanted)
        assert post.type == made.type
        assert post.time == (made.time + style.hours * 3600) // 60 * 60


def test_blank_is_unknown_and_views_are_not_impressions(tmp_path: Path) -> None:
    new = read(write_business(tmp_path / "a.csv", POSTS, Style(blank=("saves", "likes"))))
    assert {post.metrics["saves"] for post in new.posts} == {None}
    assert all("impressions" not in post.metrics for post in new.posts)
    old = read(write_business(tmp_path / "b.csv", POSTS, Style(views="impressions")))
    assert all("views" not in post.metrics and post.metrics["impressions"] for post in old.posts)


def test_two_accounts_in_one_table(tmp_path: Path) -> None:
    path = write_business(tmp_path / "a.csv", [*some(5), *some(6, account="oat.bakery", seed=3)])
    found = sources.recognise(path)
    assert (found.account, set(found.accounts)) == ("", {"kiln.and.clay", "oat.bakery"})
    assert [post.account for post in sources.read(path, found.kind).posts].count("oat.bakery") == 6


def test_columns_that_nobody_knows_are_mapped_by_a_person(tmp_path: Path) -> None:
    style = Style(renamed={"likes": "Herzen", "time": "Wann", "permalink": "Wo", "views": "Gesehen", "id": "Nr"})
    path = write_business(tmp_path / "a.csv", POSTS, style)
    seen = columns_of(path)
    assert {"Herzen", "Wann", "Wo", "Gesehen"} <= set(seen.unknown)
    mapping = {"likes": "Herzen", "time": "Wann", "permalink": "Wo", "views": "gesehen", "reach": ""}
    post = sources.read(path, "business", mapping=mapping).posts[0]
    assert (post.metrics["likes"], post.metrics["views"]) == (POSTS[0].numbers["likes"], POSTS[0].numbers["views"])
    assert "reach" not in post.metrics
    assert post.shortcode == POSTS[0].shortcode
    assert set(mapping) < set(FIELDS)


def test_a_table_with_titles_above_and_a_sum_below(tmp_path: Path) -> None:
    path = write_business(tmp_path / "a.csv", POSTS)
    text = path.read_text("utf-8-sig")
    path.write_text(f"Content export\nJan 1 - Mar 31,2025\n\n{text}\n\nTotal,,,,,,,,,,,999,999,999\n", "utf-8")
    assert [post.shortcode for post in read(path).posts] == [post.shortcode for post in POSTS]


def test_numbers_by_day_are_added_up(tmp_path: Path) -> None:
    lines = ["Permalink,Publish time,Date,Likes,Saves"]
    for day, likes in ((1, 10), (2, 5), (3, 1)):
        lines.append(f"https://www.instagram.com/p/CAAAAA/,01/01/2025 10:00,01/{day + 1:02d}/2025,{likes},")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    (post,) = read(path).posts
    assert dict(post.metrics) == {"likes": 16, "saves": None}


def test_ids_that_a_spreadsheet_rounded_are_not_believed(tmp_path: Path) -> None:
    style = Style(permalinks=False)
    path = write_business(tmp_path / "a.csv", POSTS, style)
    text = path.read_text("utf-8-sig")
    for post in POSTS:
        text = text.replace(post.post_id, "1.79E+16")
    path.write_text(text, "utf-8")
    reading = read(path)
    assert len(reading.posts) == len(POSTS)
    assert any("rounded" in remark for remark in reading.remarks)


def test_a_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    book = openpyxl.Workbook()
    book.active.append(["notes"])
    sheet = book.create_sheet("Posts")
    sheet.append(["Posts of spring"])
    sheet.append(["File name", "Published", "Likes", "Impressions", "Caption"])
    for made in POSTS:
        when = datetime.fromtimestamp(made.time // 60 * 60, UTC).replace(tzinfo=None)
        name = made.files()[0].rpartition("/")[2]
        sheet.append([name, when, made.numbers["likes"], f"{made.numbers['impressions']:,}", made.caption])
    book.save(tmp_path / "a.xlsx")
    found = sources.recognise(tmp_path / "a.xlsx")
    assert (found.kind, found.role) == ("spreadsheet", "own")
    reading = sources.read(tmp_path / "a.xlsx", found.kind, account="kiln.and.clay")
    for post, made in zip(reading.posts, POSTS, strict=True):
        assert post.files == (made.files()[0].rpartition("/")[2],)
        assert post.metrics == {"impressions": made.numbers["impressions"], "likes": made.numbers["likes"]}
        assert post.time == made.time // 60 * 60


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xff\xfe", "is empty"),
        ("a.csv", b"just one line of text", "no columns"),
        ("a.csv", b"PK\x03\x04 what is this", "not a CSV"),
        ("a.csv", b'Permalink,Likes,Publish time\n"never ends, ' + b"x" * 200_000, "never ends"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("a.xlsx", b"not a workbook", "damaged"),
        ("a.zip", b"PK\x05\x06", "not a whole zip"),
        ("a.json", b"[]", "one file of a download"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "old Excel file"),
        ("a.pdf", b"%PDF", "cannot read posts"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=sentence):
        read(tmp_path / name)


def test_a_table_without_numbers_asks_for_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Wo,Herzen\nx,1\n")
    assert not sources.recognise(tmp_path / "a.csv").ready
    with pytest.raises(UserError, match="Say which columns are which"):
        read(tmp_path / "a.csv")


# --- Instaloader ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
def test_instaloader(tmp_path: Path, packed: bool) -> None:
    path = write_folder(tmp_path / "kiln", instaloader_files(POSTS, packed=packed))
    found = sources.recognise(path)
    assert (found.kind, found.account, found.role) == ("instaloader", "kiln.and.clay", "competitor")
    assert sources.recognise(path, frozenset({"kiln.and.clay"})).role == "own"
    reading = sources.read(path, found.kind)
    posts = {post.shortcode: post for post in reading.posts}
    assert set(posts) == {made.shortcode for made in POSTS}
    for made in POSTS:
        post = posts[made.shortcode]
        assert (post.time, post.caption, len(post.files)) == (int(made.time), made.caption, made.pictures)
        assert post.metrics == {"likes": made.numbers["likes"], "comments": made.numbers["comments"]}
        assert reading.described[post.files[0]] == f"Photo {made.number} of a table"
    assert list(reading.others.values()) == [Why.NOT_A_POST]
    assert {post.type for post in reading.posts} == {"photo", "carousel"}


def test_hidden_likes_are_unknown(tmp_path: Path) -> None:
    reading = read(write_folder(tmp_path / "kiln", instaloader_files(POSTS, hidden=True)))
    assert {post.metrics["likes"] for post in reading.posts} == {None}
    assert all(post.metrics["comments"] is not None for post in reading.posts)


def test_instaloader_without_its_json(tmp_path: Path) -> None:
    reading = read(write_folder(tmp_path / "kiln", instaloader_files(POSTS, about=False)))
    assert {post.account for post in reading.posts} == {"kiln"}
    assert sorted((p.time, p.caption) for p in reading.posts) == sorted((int(p.time), p.caption) for p in POSTS)


def test_damaged_json_of_instaloader_costs_its_numbers_only(tmp_path: Path) -> None:
    files = instaloader_files(POSTS)
    names = [name for name in files if name.endswith("_UTC.json.xz")]
    files[names[0]] = files[names[0]][:50]
    files[names[1]] = b"no xz"
    files[names[2]] = lzma.compress(b"{")
    reading = read(write_folder(tmp_path / "kiln", files))
    assert len(reading.posts) == len(POSTS)
    assert len(reading.remarks) == 3
    assert sum(not post.metrics for post in reading.posts) == 3


def test_what_is_no_export_is_a_sentence(tmp_path: Path) -> None:
    write_folder(tmp_path / "photos", {"a.jpg": b"", "b.jpg": b""})
    with pytest.raises(UserError, match="holds no posts"):
        sources.recognise(tmp_path / "photos")
    inside = write_zip(tmp_path / "a.zip", {"Export/posts.csv": b"a,b"})
    with pytest.raises(UserError, match=r"drop posts\.csv"):
        sources.recognise(inside)


def test_captions_of_the_download_are_repaired_once(tmp_path: Path) -> None:
    post = Made(1, POSTS[0].time, "Straße 日の出 🌅")
    files = download_files([post], pictures=False)
    assert json.dumps(broken(post.caption)).encode() in files["your_instagram_activity/media/posts_1.json"]
    assert read(write_zip(tmp_path / "a.zip", files)).posts[0].caption == post.caption
