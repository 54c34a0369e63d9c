"""Instagram's own "Download your information" in JSON: every generation of its paths, zipped or unpacked.

    your_instagram_activity/media/posts_1.json      since 2023
    your_instagram_activity/content/posts_1.json    2022
    content/posts_1.json                            2020 to 2022
    media.json                                      before

Each of them may lie under one more folder. Posts come in numbered files until there is none; reels, stories and
archived posts have files of their own. What each post earned may be in `past_instagram_insights`.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from desktop_app.core.errors import UserError
from desktop_app.core.insights.captions import repair
from desktop_app.core.insights.columns import field_named
from desktop_app.core.insights.dates import moment
from desktop_app.core.insights.numbers import number
from desktop_app.core.insights.reading import Reading
from desktop_app.core.insights.zip_folder import Tree, read_json
from desktop_app.core.posts import METRICS, Post, PostType, Why

_LISTS = re.compile(
    r"(?P<top>(?:[^/]+/)?)(?:your_instagram_activity/)?(?:media|content)/"
    r"(?P<kind>posts|reels|stories|igtv_videos|archived_posts|profile_photos|recently_deleted_content|other_content)"
    r"(?:_(?P<number>\d+))?\.json"
)
_OLD = re.compile(r"(?P<top>(?:[^/]+/)?)media(?:_(?P<number>\d+))?\.json")
_INSIGHTS = re.compile(
    r"(?P<top>(?:[^/]+/)?)(?:logged_information/)?past_instagram_insights/"
    r"(?P<kind>posts|reels|stories|story|videos)(?:_(?P<number>\d+))?\.json"
)
_HTML = re.compile(r"(?:[^/]+/)?(?:your_instagram_activity/)?(?:media|content)/posts_\d+\.html")
_PERSONAL = re.compile(r"(?:[^/]+/)?(?:personal_information/)+personal_information\.json")
_NAMED = re.compile(r"instagram-([\w.]+?)-\d{4}-\d{2}-\d{2}(?:-\w+)?|([\w.]+?)_(?:part_?)?\d{8}(?:_part_\d+)?")
_VIDEO = frozenset((".mp4", ".mov", ".m4v", ".webm"))

_POSTS = frozenset(("posts", "igtv_videos"))
_NO_POST = {"profile_photos": Why.NOT_A_POST, "other_content": Why.NOT_A_POST}
_DELETED = frozenset(("archived_posts", "recently_deleted_content"))
_USERNAMES = frozenset(
    (
        "username",
        "benutzername",
        "nome de usuario",
        "nome de utilizador",
        "nombre de usuario",
        "nom dutilisateur",
        "anvandarnamn",
    )
)


def is_download(tree: Tree) -> bool:
    """Whether the files are those of a download in JSON."""
    return any(_LISTS.fullmatch(name) or _INSIGHTS.fullmatch(name) for name in tree.names) or _is_old(tree)


def is_html(tree: Tree) -> bool:
    """Whether they are those of a download in HTML, which holds no times and numbers that could be read."""
    return not is_download(tree) and any(_HTML.fullmatch(name) for name in tree.names)


def account_of(tree: Tree) -> str:
    """Whose download it is: by what it says, else by its name; ""."""
    for name in tree.names:
        if _PERSONAL.fullmatch(name):
            try:
                found = _username(read_json(tree, name))
            except UserError:
                found = ""
            if found:
                return found
    named = _NAMED.match(tree.path.stem)
    return (named.group(1) or named.group(2) or "") if named else ""


def read_download(tree: Tree, account: str = "") -> Generator[int, None, Reading]:
    """The posts of a download, and of the numbers in it; yields how many were read after each of its files.

    A damaged file among several is a remark; the others are read.

    Args:
        tree: the zip or the folder.
        account: whose posts they are; "" takes `account_of`.

    Raises:
        UserError: it is no download in JSON, or nothing in it can be read.
    """
    if not is_download(tree):
        if is_html(tree):
            raise UserError(
                f"{tree.path.name} is the download in HTML. Ask Instagram for it once more, in the format JSON.",
            )
        raise UserError(f"{tree.path.name} holds no posts of Instagram.")
    run = _Download(tree, account or account_of(tree))
    for name, kind in _files(tree):
        yield len(run.posts)
        run.read(name, kind)
    if not run.posts and run.remarks:
        raise UserError(run.remarks[0])
    return Reading(tuple(run.posts), True, run.account, tuple(run.remarks), run.others)


def _is_old(tree: Tree) -> bool:
    return any(_OLD.fullmatch(name) for name in tree.names)


def _files(tree: Tree) -> Iterator[tuple[str, str]]:
    """The files to read, in order, with what they hold; numbered ones until a number is missing."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for name in tree.names:
        for pattern, prefix in ((_LISTS, ""), (_INSIGHTS, "insights "), (_OLD, "old")):
            match = pattern.fullmatch(name)
            if match:
                kind = prefix + (match.groupdict().get("kind") or "")
                numbered = found.setdefault((str(PurePosixPath(name).parent), kind), {})
                numbered[int(match.group("number") or 0)] = name
                break
    for (_, kind), numbered in sorted(found.items()):
        expected: int | None = None
        for count, name in sorted(numbered.items()):
            if expected is not None and count != expected:
                break
            expected = count + 1
            yield name, kind


class _Download:
    """One download being read."""

    def __init__(self, tree: Tree, account: str) -> None:
        self.tree, self.account = tree, account
        self.posts: list[Post] = []
        self.others: dict[str, Why] = {}
        self.remarks: list[str] = []
        self._names = frozenset(tree.names)
        self._tops = sorted({_top(name) for name in tree.names if _LISTS.fullmatch(name) or _OLD.fullmatch(name)})

    def read(self, name: str, kind: str) -> None:
        try:
            value = read_json(self.tree, name)
        except UserError as error:
            self.remarks.append(str(error))
            return
        before = len(self.posts)
        collected = self.tree.changed(name) or self.tree_time()
        if kind == "old":
            self._old(value)
        elif kind.startswith("insights "):
            self.posts += self._numbers(value, kind.partition(" ")[2], collected)
        else:
            items = _items(value)
            for item in items:
                self._item(item, kind)
            if items and len(self.posts) == before and kind in _POSTS:
                where = f"{PurePosixPath(name).name} in {self.tree.path.name}"
                self.remarks.append(f"{where} lists nothing that can be read.")

    def tree_time(self) -> float | None:
        """When the download was made, as its file says."""
        try:
            return self.tree.path.stat().st_mtime
        except OSError:
            return None

    def _place(self, uri: object) -> str:
        """The file that an address in the download names: below the extra folder where there is one."""
        text = str(uri or "").strip()
        if not text or "://" in text:
            return ""
        text = text.lstrip("./")
        for top in self._tops:
            if top + text in self._names:
                return top + text
        return text

    def _item(self, item: Any, kind: str) -> None:
        if not isinstance(item, Mapping):
            return
        media = item.get("media")
        entries = [one for one in media if isinstance(one, Mapping)] if isinstance(media, list) else [item]
        files = tuple(filter(None, (self._place(one.get("uri")) for one in entries)))
        if not files:
            return
        if kind in _NO_POST:
            self.others.update(dict.fromkeys(files, _NO_POST[kind]))
            return
        if kind in _DELETED:
            self.others.update(dict.fromkeys(files, Why.DELETED))
            return
        first = entries[0]
        caption = item.get("title") or (first.get("title") if len(entries) == 1 or not item.get("title") else "")
        when = _seconds(item.get("creation_timestamp")) or _seconds(first.get("creation_timestamp"))
        self._add(files, when, repair(str(caption or "")), kind)

    def _add(self, files: tuple[str, ...], when: float | None, caption: str, kind: str) -> None:
        self.posts.append(
            Post(
                key=PurePosixPath(files[0]).name,
                account=self.account,
                time=when,
                type=_type(files, kind),
                caption=caption.strip(),
                source=str(self.tree.path),
                files=files,
            )
        )

    def _old(self, value: Any) -> None:
        """`media.json`: photos and videos by themselves, with a carousel's parts at one time under one caption."""
        if not isinstance(value, Mapping):
            return
        together: dict[tuple[float | None, str], list[str]] = {}
        for group, kind in (("photos", "posts"), ("videos", "posts"), ("stories", "stories")):
            for item in value.get(group) or ():
                if not isinstance(item, Mapping):
                    continue
                file = self._place(item.get("path"))
                found = moment(str(item.get("taken_at") or ""), "ymd")
                when = found[0] if found else None
                caption = repair(str(item.get("caption") or "")).strip()
                if not file:
                    continue
                if kind == "stories" or when is None:
                    self._add((file,), when, caption, kind)
                else:
                    together.setdefault((when, caption), []).append(file)
        for (when, caption), files in together.items():
            self._add(tuple(files), when, caption, "posts")
        for item in value.get("profile") or ():
            if isinstance(item, Mapping) and self._place(item.get("path")):
                self.others[self._place(item.get("path"))] = Why.NOT_A_POST

    def _numbers(self, value: Any, kind: str, collected: float | None) -> Iterator[Post]:
        """The numbers of each post: their names are in the account's language."""
        for item in _items(value):
            if not isinstance(item, Mapping) or not isinstance(item.get("string_map_data"), Mapping):
                continue
            numbers: dict[str, float | None] = {}
            shortcode_address = ""
            for name, cell in item["string_map_data"].items():
                field = field_named(repair(str(name)))
                if not isinstance(cell, Mapping):
                    continue
                if field in METRICS and numbers.get(field) is None:
                    numbers[field] = number(repair(str(cell.get("value") or "")))
                shortcode_address = shortcode_address or str(cell.get("href") or "")
            media = item.get("media_map_data")
            shown = [one for one in media.values() if isinstance(one, Mapping)] if isinstance(media, Mapping) else []
            picture: Mapping[str, Any] = shown[0] if shown else {}
            file = self._place(picture.get("uri"))
            when = _seconds(picture.get("creation_timestamp")) or _timestamp(item["string_map_data"])
            if not numbers or (not file and when is None):
                continue
            yield Post(
                key=PurePosixPath(file).name if file else f"time {when:.0f}",
                account=self.account,
                time=when,
                type=_type((file,) if file else (), {"story": "stories", "videos": "reels"}.get(kind, kind)),
                caption=repair(str(picture.get("title") or "")).strip(),
                metrics=numbers,
                source=str(self.tree.path),
                collected=collected,
                files=(file,) if file else (),
            )


def _top(name: str) -> str:
    match = _LISTS.fullmatch(name) or _OLD.fullmatch(name)
    return match.group("top") if match and match.group("top") != "your_instagram_activity/" else ""


def _items(value: Any) -> list[Any]:
    """The list in a file: the whole of it, or under the only name that holds one."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        lists = [one for one in value.values() if isinstance(one, list)]
        if lists:
            return max(lists, key=len)
        if "media" in value or "uri" in value:
            return [value]
    return []


def _type(files: tuple[str, ...], kind: str) -> PostType:
    if kind == "stories":
        return "story"
    if kind in ("reels", "igtv_videos"):
        return "reel"
    if len(files) > 1:
        return "carousel"
    return "reel" if files and PurePosixPath(files[0]).suffix.lower() in _VIDEO else "photo"


def _seconds(value: object) -> float | None:
    """Seconds since 1970; some programs wrote milliseconds, and 0 is no time."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return float(value) / 1000 if value > 1e11 else float(value)


def _timestamp(cells: Mapping[str, Any]) -> float | None:
    for cell in cells.values():
        found = _seconds(cell.get("timestamp")) if isinstance(cell, Mapping) else None
        if found:
            return found
    return None


def _username(value: Any) -> str:
    from desktop_app.core.insights.columns import simple

    for item in _items(value):
        cells = item.get("string_map_data") if isinstance(item, Mapping) else None
        for name, cell in cells.items() if isinstance(cells, Mapping) else ():
            if simple(repair(str(name))) in _USERNAMES and isinstance(cell, Mapping):
                return str(cell.get("value") or "").strip().lstrip("@")
    return ""
