"""What the Sources step asks of a library; runs on lanes. What reads exports is loaded at first use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import archives
from desktop_app.core.catalog import folders
from desktop_app.core.catalog import insights as store
from desktop_app.core.library import Library
from desktop_app.ui.insights.mapper import TableColumns
from desktop_app.ui.insights.values import SourceCard, local


@dataclass(frozen=True, slots=True)
class Known:
    """The sources of a library.

    Attributes:
        cards: one each.
        paths: where each is.
        accounts: name in lower case to row.
    """

    cards: tuple[SourceCard, ...]
    paths: dict[int, Path]
    accounts: dict[str, int]


def add(library: Library, path: Path) -> Path | None:
    """Read an export; where its pictures lie, None where it has none."""
    from desktop_app.core.operations.sources import add_source

    return add_source(library, path).root


def columns_of(library: Library, path: Path, key: int) -> TableColumns:
    """The columns of a table with examples; `key` is that of its source, 0 for one that could not be read."""
    from desktop_app.core.operations.sources import columns

    found = columns(library, path)
    samples = tuple(
        tuple(row[at] if at < len(row) else "" for row in found.examples[:4]) for at in range(len(found.headers))
    )
    return TableColumns(
        key, path.name, found.headers, samples, {header: field for field, header in found.fields.items()}
    )


def look(library: Library) -> Known:
    """What sources there are, and what each of them tells of."""
    from desktop_app.core.insights.sources import TITLES, WITH_PICTURES
    from desktop_app.core.operations.sources import stamp_of

    connection = library.connection
    roles = {one.name.casefold(): one for one in store.accounts(connection)}
    photos = {folder.root: folder.photos for folder in folders.all_folders(connection)}
    pictured: dict[bytes, list[float | None]] = {}
    for folder, moment, _post in connection.execute(
        "SELECT DISTINCT d.root, t.time, t.id FROM post_pictures q JOIN posts t ON t.id = q.post"
        " JOIN photos p ON p.id = q.photo JOIN folders d ON d.id = p.folder"
    ):
        pictured.setdefault(bytes(folder), []).append(moment)
    posts: dict[str, list[float | None]] = {}
    for post in store.posts(connection):
        posts.setdefault(post.source, []).append(post.time)
    cards, paths = [], {}
    for one in store.sources(connection):
        told = posts.get(str(one.id), [])
        there = one.path.exists()
        root = one.path
        if one.kind in WITH_PICTURES and there and one.path.is_file():
            root = archives.as_folder(one.path)
        if one.kind in WITH_PICTURES:  # it tells of posts whose numbers may be another source's
            told = pictured.get(os.fsencode(root)) or told
        dated = sorted(time for time in told if time is not None)
        role = roles.get(one.account.casefold())
        cards.append(
            SourceCard(
                one.id,
                one.path.name,
                str(one.path),
                TITLES.get(one.kind, one.kind),
                one.account,
                "own" if role is None else role.role,
                len(told),
                photos.get(root, 0),
                local(dated[0]) if dated else None,
                local(dated[-1]) if dated else None,
                one.kind not in WITH_PICTURES,
                there and bool(one.stamp) and stamp_of(one.path) != one.stamp,
                "" if there else "The file is not there any more. What was read from it stays.",
            )
        )
        paths[one.id] = one.path
    return Known(tuple(cards), paths, {name: one.id for name, one in roles.items()})
