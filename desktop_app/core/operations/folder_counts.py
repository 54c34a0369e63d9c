"""How many photos are in each folder with all that is inside it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desktop_app.core import wording
from desktop_app.core.catalog.photo_table import Ids, Mask, PhotoTable
from desktop_app.core.catalog.photos import pad_numbers
from desktop_app.core.searching import Filter, FilterKind
from desktop_app.core.types import FolderId


@dataclass(frozen=True, slots=True)
class FolderCount:
    """A folder of the library, or one inside it.

    Attributes:
        folder: of the library.
        text: the path inside it, "" for itself, as `Filter.text` takes it.
        name: its last part.
        depth: 0 for a folder of the library.
        count: photos in it and below.
    """

    folder: FolderId
    text: str
    name: str
    depth: int
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """Every folder that photos are in or below, each after the one it is in.

    Attributes:
        nodes: folder and path inside it.
        node_of: int64 (places,), the node of each place of the table.
        parents: int64 (nodes,), -1 for a folder of the library.
    """

    nodes: tuple[tuple[int, bytes], ...]
    node_of: Ids
    parents: Ids


def count_folders(
    table: PhotoTable, mask: Mask, names: Mapping[int, str], chosen: Sequence[Filter]
) -> tuple[FolderCount, ...]:
    """Count the photos that `mask` lets through; folders without any are listed only for what is chosen in them."""
    tree = table.kept("folder tree", lambda: _tree(table, names))
    own = np.bincount(table.places[mask], minlength=len(table.place_names))
    counts = np.zeros(len(tree.nodes), np.int64)
    np.add.at(counts, tree.node_of, own)
    for node in range(len(tree.nodes) - 1, -1, -1):  # those inside come after
        if tree.parents[node] >= 0:
            counts[tree.parents[node]] += counts[node]
    kept = set[tuple[int | None, bytes]]()
    for one in chosen:
        if one.kind is FilterKind.FOLDER:
            kept |= {(one.folder, inner) for inner in _upwards(os.fsencode(one.text).strip(b"/"))}
    found = []
    for (folder, inner), count in zip(tree.nodes, counts.tolist(), strict=True):
        if count or (folder, inner) in kept:
            text = os.fsdecode(inner)
            name = text.rpartition("/")[2] if inner else names.get(folder, "")
            depth = inner.count(b"/") + 1 if inner else 0
            found.append(FolderCount(FolderId(folder), text, wording.printable(name), depth, count))
    return tuple(found)


def _upwards(inner: bytes) -> list[bytes]:
    """A path inside a folder and every folder that it is in, up to the folder itself."""
    parts = inner.split(b"/") if inner else []
    return [b"/".join(parts[:end]) for end in range(len(parts) + 1)]


def _tree(table: PhotoTable, names: Mapping[int, str]) -> _Tree:
    wanted = set(table.place_names)
    for folder, inner in table.place_names:
        while inner:
            inner = inner.rpartition(b"/")[0]
            if (folder, inner) in wanted:
                break
            wanted.add((folder, inner))
    nodes = tuple(sorted(wanted, key=lambda node: _order(node, names)))
    places = {node: at for at, node in enumerate(nodes)}
    parents = [places[folder, inner.rpartition(b"/")[0]] if inner else -1 for folder, inner in nodes]
    return _Tree(
        nodes,
        np.array([places[place] for place in table.place_names], np.int64),
        np.array(parents, np.int64),
    )


def _order(node: tuple[int, bytes], names: Mapping[int, str]) -> tuple[str, int, tuple[tuple[str, bytes], ...]]:
    """By name, part by part, numbers as people expect; a folder directly before what is inside it."""
    folder, inner = node
    parts = inner.split(b"/") if inner else []
    return (
        pad_numbers(names.get(folder, "").casefold()),
        folder,
        tuple((pad_numbers(part.decode("utf-8", "replace").casefold()), part) for part in parts),
    )
