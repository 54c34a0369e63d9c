"""Exports of made-up accounts, in the shapes that Instagram, Meta Business Suite and Instaloader write them.

A `Made` is what happened: posts with times, captions and pictures. The writers tell of it as each program does, one
function per shape; nothing in here is of a real person.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2

from tests.export_words import HEADERS, INSIGHT_KEYS
from tests.photos import scene

START = datetime(2025, 1, 6, 7, 41, 12, tzinfo=UTC).timestamp()

GENERATIONS = {
    "2024": ("your_instagram_activity/media/", "media/posts/"),
    "2022": ("your_instagram_activity/content/", "media/posts/"),
    "2020": ("content/", "media/posts/"),
    "2018": ("", "photos/"),
}

_WORDS = "morning light coffee beach harbour steam crème brûlée Straße 日の出 🌅 linen table market rain last".split()  # noqa: SIM905


@dataclass(frozen=True)
class Made:
    """One post that was made up."""

    number: int
    time: float
    caption: str
    pictures: int = 1
    type: str = "photo"
    account: str = "kiln.and.clay"

    @property
    def shortcode(self) -> str:
        return f"C{self.number:03d}xYz_{self.account[:2]}"

    @property
    def post_id(self) -> str:
        return str(17_900_000_000_000_000 + self.number * 7_919)

    @property
    def numbers(self) -> dict[str, int]:
        draw = random.Random(self.number * 31 + len(self.account))
        reach = draw.randrange(900, 60_000)
        return {
            "views": reach * 2 + 7,
            "impressions": reach + 411,
            "reach": reach,
            "likes": reach // 11,
            "shares": draw.randrange(90),
            "follows": draw.randrange(9),
            "comments": draw.randrange(300),
            "saves": draw.randrange(500),
        }

    def files(self, pictures: str = "media/posts/") -> list[str]:
        """Where a download puts its pictures."""
        month = datetime.fromtimestamp(self.time, UTC).strftime("%Y%m")
        ending = "mp4" if self.type == "reel" else "jpg"
        folder = {"reel": "media/reels/", "story": "media/stories/"}.get(self.type, pictures)
        tag = self.account[:2]
        return [f"{folder}{month}/{tag}{self.number:04d}_{place}_n.{ending}" for place in range(self.pictures)]


def some(
    count: int, *, account: str = "kiln.and.clay", seed: int = 1, days: float = 2.3, start: float = START
) -> list[Made]:
    """Posts at odd times over months, every fourth a carousel, captions in several scripts."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        words = draw.sample(_WORDS, 5)
        found.append(
            Made(
                number,
                start + number * days * 86_400 + draw.randrange(40_000),
                f"{' '.join(words)}\n#{words[0]} no {number}",
                pictures=draw.randrange(2, 6) if number % 4 == 3 else 1,
                type="carousel" if number % 4 == 3 else "photo",
                account=account,
            )
        )
    return found


def broken(text: str) -> str:
    """Text as the JSON download writes it."""
    return text.encode("utf-8").decode("latin-1")


def picture(seed: int) -> bytes:
    """A small JPEG."""
    done, data = cv2.imencode(".jpg", scene(seed, 64, 48)[:, :, ::-1])
    assert done
    return data.tobytes()


# --- the download --------------------------------------------------------------------------------------------------


def download_files(
    posts: Sequence[Made],
    generation: str = "2024",
    *,
    top: str = "",
    insights: Iterable[Made] = (),
    language: str = "en",
    per_file: int = 0,
    pictures: bool = True,
    extra: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The files of a download, by name."""
    lists, media = GENERATIONS[generation]
    files: dict[str, bytes] = {}
    if generation == "2018":
        files["media.json"] = _old(posts)
    else:
        feed = [post for post in posts if post.type in ("photo", "carousel")]
        step = per_file or max(1, len(feed))
        for part, at in enumerate(range(0, len(feed), step), 1):
            files[f"{lists}posts_{part}.json"] = _json([_item(post, media) for post in feed[at : at + step]])
        reels = [post for post in posts if post.type == "reel"]
        if reels:
            files[f"{lists}reels.json"] = _json({"ig_reels_media": [_item(post, media) for post in reels]})
        stories = [post for post in posts if post.type == "story"]
        if stories:
            files[f"{lists}stories.json"] = _json(
                {"ig_stories": [_media(post, file) for post in stories for file in post.files()]}
            )
    told = list(insights)
    folder = "logged_information/past_instagram_insights/"
    if told:
        files[folder + "posts.json"] = _json(
            {"organic_insights_posts": [_insight(post, media, language) for post in told]}
        )
    else:
        files[folder + "no-data.txt"] = b"You have no data in this section"
    if pictures:
        for post in posts:
            for place, name in enumerate(post.files(media)):
                files[name] = picture(post.number * 10 + place) if name.endswith(".jpg") else b""
    files["personal_information/personal_information.json"] = _json(
        {"profile_user": [{"string_map_data": {"Username": {"href": "", "value": posts[0].account if posts else "x"}}}]}
    )
    files.update(extra or {})
    return {top + name: data for name, data in files.items()}


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files as a zip."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files as a folder."""
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _media(post: Made, uri: str, title: str | None = None) -> dict[str, object]:
    return {
        "uri": uri,
        "creation_timestamp": int(post.time),
        "media_metadata": {"photo_metadata": {"exif_data": [{"date_time_original": "x"}]}},
        "title": broken(post.caption if title is None else title),
        "cross_post_source": {"source_app": "FB"},
    }


def _item(post: Made, media: str) -> dict[str, object]:
    files = post.files(media)
    if len(files) == 1:
        return {"media": [_media(post, files[0])]}
    return {
        "media": [_media(post, file, "") for file in files],
        "title": broken(post.caption),
        "creation_timestamp": int(post.time),
    }


def _old(posts: Sequence[Made]) -> bytes:
    photos = [
        {
            "caption": broken(post.caption),
            "taken_at": datetime.fromtimestamp(int(post.time), UTC).isoformat(),
            "path": file,
        }
        for post in posts
        for file in post.files("photos/")
    ]
    return _json(
        {"photos": photos, "profile": [{"path": "profile/201801/me.jpg", "taken_at": "2018-01-01T00:00:00+00:00"}]}
    )


def _insight(post: Made, media: str, language: str) -> dict[str, object]:
    keys = INSIGHT_KEYS[language]
    cells: dict[str, object] = {"Creation timestamp": {"href": "", "value": "", "timestamp": int(post.time)}}
    for name, key in keys.items():
        cells[broken(key)] = {"href": "", "value": f"{post.numbers[name]:,}", "timestamp": 0}
    cells["Profile visits"] = {"href": "", "value": "--", "timestamp": 0}
    return {"media_map_data": {"Media Thumbnail": _media(post, post.files(media)[0])}, "string_map_data": cells}


# --- Business Suite ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How a CSV is written."""

    language: str = "en"
    hours: float = -7.0  # its clock, from UTC
    pattern: str = "%m/%d/%Y %H:%M"
    separator: str = ","
    encoding: str = "utf-8-sig"
    thousands: str = ""
    permalinks: bool = True
    shuffled: bool = False
    views: str = "views"  # or "impressions", as older ones have
    blank: tuple[str, ...] = ()  # metrics without a value
    summer: tuple[float, float] | None = None  # from when to when (UTC) its clock is an hour ahead
    renamed: Mapping[str, str] = field(default_factory=dict)


def business_rows(posts: Iterable[Made], style: Style) -> tuple[list[str], list[list[str]]]:
    """Headers and rows."""
    names = dict(HEADERS[style.language])
    fields = list(names)
    if style.views == "impressions":
        names["views"] = {"en": "Impressions", "de": "Impressionen"}[style.language]
    names.update(style.renamed)
    if not style.permalinks:
        fields.remove("permalink")
    if style.shuffled:
        random.Random(5).shuffle(fields)
    rows = [[_cell(post, name, style) for name in fields] for post in posts]
    return [names[name] for name in fields], rows


def write_business(path: Path, posts: Iterable[Made], style: Style | None = None) -> Path:
    """A CSV as Business Suite writes it, and as other programs save it again."""
    style = style or Style()
    headers, rows = business_rows(posts, style)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=style.separator, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out.getvalue().encode(style.encoding, "replace"))
    return path


def wall(post: Made, style: Style) -> str:
    """The time of a post by the table's clock."""
    hours = style.hours
    if style.summer is not None and style.summer[0] <= post.time < style.summer[1]:
        hours += 1
    return (datetime.fromtimestamp(post.time, UTC) + timedelta(hours=hours)).strftime(style.pattern)


def _cell(post: Made, name: str, style: Style) -> str:
    if name in post.numbers:
        wanted = style.views if name == "views" else name
        if name in style.blank:
            return ""
        value = post.numbers[wanted]
        return f"{value:,}".replace(",", style.thousands) if style.thousands else str(value)
    kinds = {"photo": "IG image", "carousel": "IG carousel", "reel": "IG reel", "story": "IG story"}
    link = "reel" if post.type == "reel" else "p"
    return {
        "id": post.post_id,
        "account_id": "178414" + str(len(post.account)) * 6,
        "account": post.account,
        "account_name": post.account.title(),
        "caption": post.caption,
        "duration": "0",
        "time": wall(post, style),
        "permalink": f"https://www.instagram.com/{link}/{post.shortcode}/",
        "type": kinds[post.type],
        "note": "",
        "day": "Lifetime",
    }[name]


# --- Instaloader ---------------------------------------------------------------------------------------------------


def instaloader_files(
    posts: Iterable[Made], *, packed: bool = True, about: bool = True, hidden: bool = False
) -> dict[str, bytes]:
    """The files of an Instaloader folder, by name."""
    files: dict[str, bytes] = {}
    account = ""
    for post in posts:
        account = post.account
        stem = datetime.fromtimestamp(int(post.time), UTC).strftime("%Y-%m-%d_%H-%M-%S_UTC")
        for place in range(post.pictures):
            mark = f"_{place + 1}" if post.pictures > 1 else ""
            files[f"{stem}{mark}.jpg"] = picture(post.number * 10 + place)
        files[f"{stem}.txt"] = post.caption.encode()
        if not about:
            continue
        node = {
            "__typename": "GraphSidecar" if post.pictures > 1 else "GraphImage",
            "shortcode": post.shortcode,
            "taken_at_timestamp": int(post.time),
            "edge_media_preview_like": {"count": -1 if hidden else post.numbers["likes"]},
            "edge_media_to_comment": {"count": post.numbers["comments"]},
            "edge_media_to_caption": {"edges": [{"node": {"text": post.caption}}]},
            "owner": {"id": "1", "username": post.account},
            "accessibility_caption": f"Photo {post.number} of a table",
            "is_video": False,
        }
        data = _json({"node": node, "instaloader": {"version": "4.13", "node_type": "Post"}})
        files[f"{stem}.json.xz" if packed else f"{stem}.json"] = lzma.compress(data) if packed else data
    files["2025-01-01_00-00-00_UTC_profile_pic.jpg"] = picture(99_999)
    files[f"{account}_1234567.json.xz"] = lzma.compress(
        _json({"node": {"username": account}, "instaloader": {"version": "4.13", "node_type": "Profile"}})
    )
    files["id"] = b"1234567"
    return files
