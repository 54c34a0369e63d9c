"""Folders that Instaloader saved: pictures, captions and what was known of each post, beside each other.

    2026-10-08_17-10-31_UTC.jpg            one picture
    2026-10-08_17-10-31_UTC_1.jpg, _2.jpg  a carousel
    2026-10-08_17-10-31_UTC.txt            its caption
    2026-10-08_17-10-31_UTC.json.xz        everything else, also as plain .json

Files of other names count where a JSON of the same name describes them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.zip_folder import Tree, read_json
from desktop_app.core.posts import Post, PostType, Why

_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})_UTC")
_NAME = re.compile(
    r"(?P<stem>.+?)(?:_(?P<number>\d{1,2}))?\.(?P<ending>jpe?g|png|webp|heic|avif|mp4|mov|txt|json|json\.xz)", re.I
)
_PROFILE = re.compile(r"_profile_pic\.\w+$", re.I)
_ASIDE = re.compile(r"_(?:comments|profile_pic|old)\.\w+(?:\.xz)?$|(?:^|_)(?:iterator|location)_?\S*\.json", re.I)
_PICTURES = frozenset(("jpg", "jpeg", "png", "webp", "heic", "avif"))
_VIDEOS = frozenset(("mp4", "mov"))
_ENOUGH = 3  # files of its names that make a folder one of Instaloader's, where no JSON says so
_LARGEST_TEXT = 1 << 20
_STEP = 20  # posts between two reports


@dataclass(slots=True)
class _Group:
    """The files of one post."""

    pictures: dict[int, str] = field(default_factory=dict)
    videos: dict[int, str] = field(default_factory=dict)
    text: str = ""
    about: str = ""


def is_instaloader(tree: Tree) -> bool:
    """Whether the names are those of Instaloader."""
    stamped = [name for name in tree.names if _STAMP.search(name.rpartition("/")[2])]
    return any(name.endswith((".json.xz", ".json")) for name in stamped) or len(stamped) >= _ENOUGH


def account_of(tree: Tree) -> str:
    """Whose posts they are: by the first JSON that says so, else by the folder's name."""
    for name in tree.names:
        if name.endswith((".json", ".json.xz")) and _STAMP.search(name):
            try:
                owner = _owner(_node(read_json(tree, name)))
            except UserError:
                continue
            if owner:
                return owner
    return tree.path.stem if tree.path.suffix.lower() == ".zip" else tree.path.name


def read_instaloader(tree: Tree, account: str = "") -> Generator[int, None, Reading]:
    """The posts of a folder; yields how many were read, every so often.

    Likes that are hidden are unknown. Numbers are as old as the JSON beside the picture.

    Args:
        tree: the folder, or a zip of it; with folders of several accounts in it each post says whose it is.
        account: whose posts they are where none of their files says so; "" takes the folder's name.

    Raises:
        UserError: there is no post in it.
    """
    groups: dict[str, _Group] = {}
    others: dict[str, Why] = {}
    for name in tree.names:
        if _PROFILE.search(name):
            others[name] = Why.NOT_A_POST
        elif not _ASIDE.search(name.rpartition("/")[2]):
            _sort_in(groups, name)
    remarks: list[str] = []
    described: dict[str, str] = {}
    posts = []
    fallback = account or account_of(tree)
    for count, (stem, group) in enumerate(groups.items()):
        if count % _STEP == 0:
            yield count
        post = _post(tree, stem, group, fallback, remarks, described)
        if post is not None:
            posts.append(post)
    if not posts:
        raise UserError(remarks[0] if remarks else f"{tree.path.name} holds no posts that Instaloader saved.")
    owners = {post.account for post in posts}
    return Reading(tuple(posts), True, owners.pop() if len(owners) == 1 else "", tuple(remarks), others, described)


def _sort_in(groups: dict[str, _Group], name: str) -> None:
    folder, slash, file = name.rpartition("/")
    found = _NAME.fullmatch(file)
    if not found:
        return
    stem, number, ending = found.group("stem"), found.group("number"), found.group("ending").lower()
    if number is not None and not stem.endswith("_UTC") and (_STAMP.search(file) is not None):
        stem, number = f"{stem}_{number}", None  # a name of one's own with a number at its end
    group = groups.setdefault(folder + slash + stem, _Group())
    place = int(number or 1) - 1
    if ending in _PICTURES:
        group.pictures.setdefault(place, name)
    elif ending in _VIDEOS:
        group.videos.setdefault(place, name)
    elif ending == "txt":
        group.text = name
    elif number is None and (not group.about or ending == "json"):
        group.about = name


def _post(
    tree: Tree, stem: str, group: _Group, account: str, remarks: list[str], described: dict[str, str]
) -> Post | None:
    files = tuple(
        group.pictures.get(place) or group.videos[place] for place in sorted({*group.pictures, *group.videos})
    )
    stamp = _STAMP.search(PurePosixPath(stem).name)
    node: Mapping[str, Any] = {}
    if group.about:
        try:
            value = read_json(tree, group.about)
            if _kind(value) in ("Profile", "Hashtag", "Highlight", "TopSearchResults"):
                return None
            node = _node(value)
        except UserError as error:
            remarks.append(str(error))
    if not files or (not node and stamp is None):
        return None
    phone = node.get("iphone_struct")
    phone = phone if isinstance(phone, Mapping) else {}
    shortcode = str(node.get("shortcode") or node.get("code") or phone.get("code") or "")
    caption = _caption(node, phone)
    if caption is None and group.text:
        try:
            caption = tree.read(group.text, _LARGEST_TEXT).decode("utf-8", "replace")
        except UserError as error:
            remarks.append(str(error))
    when = _when(node, phone)
    if when is None and stamp is not None:
        when = _of_stamp(stamp.group(1))
    _describe(node, files, described)
    return Post(
        key=shortcode or PurePosixPath(stem).name,
        account=_owner(node) or account,
        time=when,
        type=_type(node, phone, files),
        caption=(caption or "").replace("\r\n", "\n").strip(),
        permalink=f"https://www.instagram.com/p/{shortcode}/" if shortcode else "",
        shortcode=shortcode,
        metrics=_numbers(node, phone),
        source=str(tree.path),
        collected=(tree.changed(group.about) or None) if group.about else None,
        files=files,
    )


def _kind(value: Any) -> str:
    about = value.get("instaloader") if isinstance(value, Mapping) else None
    return str(about.get("node_type") or "") if isinstance(about, Mapping) else ""


def _node(value: Any) -> Mapping[str, Any]:
    """What is known of a post; {} where the file is of something else."""
    if not isinstance(value, Mapping):
        return {}
    node = value.get("node", value)
    if not isinstance(node, Mapping):
        return {}
    if _kind(value) == "StoryItem":
        return {**node, "product_type": "story"}
    return node if any(name in node for name in ("shortcode", "code", "taken_at_timestamp", "taken_at")) else {}


def _owner(node: Mapping[str, Any]) -> str:
    for name in ("owner", "user"):
        owner = node.get(name)
        if isinstance(owner, Mapping) and owner.get("username"):
            return str(owner["username"])
    phone = node.get("iphone_struct")
    return _owner(phone) if isinstance(phone, Mapping) else ""


def _caption(node: Mapping[str, Any], phone: Mapping[str, Any]) -> str | None:
    edges = _dig(node, "edge_media_to_caption", "edges")
    if isinstance(edges, list) and edges:
        text = _dig(edges[0], "node", "text")
        if isinstance(text, str):
            return text
    for source in (phone, node):
        text = _dig(source, "caption", "text")
        if isinstance(text, str):
            return text
        if isinstance(source.get("caption"), str):
            return str(source["caption"])
    return "" if isinstance(edges, list) else None


def _when(node: Mapping[str, Any], phone: Mapping[str, Any]) -> float | None:
    for value in (node.get("taken_at_timestamp"), node.get("taken_at"), phone.get("taken_at"), node.get("date")):
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
    return None


def _of_stamp(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d_%H-%M-%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _numbers(node: Mapping[str, Any], phone: Mapping[str, Any]) -> dict[str, float | None]:
    hidden = any(source.get("like_and_view_counts_disabled") for source in (node, phone))
    likes = _first(
        _dig(node, "edge_media_preview_like", "count"),
        _dig(node, "edge_liked_by", "count"),
        node.get("like_count"),
        phone.get("like_count"),
    )
    comments = _first(
        _dig(node, "edge_media_to_parent_comment", "count"),
        _dig(node, "edge_media_to_comment", "count"),
        node.get("comment_count"),
        phone.get("comment_count"),
        node.get("comments") if isinstance(node.get("comments"), int) else None,
    )
    found = {"likes": None if hidden else likes, "comments": comments}
    views = _first(phone.get("play_count"), node.get("play_count"), node.get("video_play_count"))
    if views is not None:
        found["views"] = views
    return found if any(value is not None for value in found.values()) else {}


def _first(*values: object) -> float | None:
    """The first that is a count; -1 stands for a hidden one."""
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if value >= 0 else None
    return None


def _type(node: Mapping[str, Any], phone: Mapping[str, Any], files: tuple[str, ...]) -> PostType:
    product = str(node.get("product_type") or phone.get("product_type") or "")
    if product == "story":
        return "story"
    sidecar = node.get("__typename") in ("GraphSidecar", "XDTGraphSidecar")
    if sidecar or len(files) > 1 or phone.get("media_type") == 8:
        return "carousel"
    video = node.get("is_video") or product in ("clips", "igtv")
    return "reel" if video or PurePosixPath(files[0]).suffix.lower()[1:] in _VIDEOS else "photo"


def _describe(node: Mapping[str, Any], files: tuple[str, ...], described: dict[str, str]) -> None:
    """What each picture shows, where the service wrote it down."""
    children = _dig(node, "edge_sidecar_to_children", "edges")
    texts = [_dig(edge, "node", "accessibility_caption") for edge in children] if isinstance(children, list) else []
    for place, file in enumerate(files):
        text = texts[place] if place < len(texts) else None
        text = text or (node.get("accessibility_caption") if place == 0 else None)
        if isinstance(text, str) and text.strip():
            described[file] = text.strip()


def _dig(value: Any, *names: str) -> Any:
    for name in names:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
