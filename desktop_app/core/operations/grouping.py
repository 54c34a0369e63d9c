"""Grouping photos into themes: `group` computes and only reads, `keep` writes what it found.

A scope that was grouped before is carried on: names, locks, and what a person put together or moved stay. Until the
last step of `keep`, the last grouping is the one that is there; so a stop or a kill at any moment loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from typing import cast

import numpy as np

from desktop_app.core.catalog import photos as catalogue
from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import Before, Grouping, GroupingId, Scope
from desktop_app.core.cluster.group import Clustered, Method, cluster
from desktop_app.core.cluster.hierarchy import ODD
from desktop_app.core.descriptors import Descriptor
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import AnswerId, LabelFilter, LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.operations.carry import Plan, carried
from desktop_app.core.operations.grouped import Found
from desktop_app.core.operations.places import Ids
from desktop_app.core.operations.theme_points import Points
from desktop_app.core.types import Changes, FolderId, Order, PhotoId, Progress

ALL = Scope()
"""Every photo of the library."""

_PART = 5_000  # photos written at once: some 40 ms
_BROUGHT_BACK = 5  # earlier groupings of a scope that undo can bring back
_TRIES = 3  # times that edits made meanwhile may make the writing begin anew


@dataclass(frozen=True, slots=True)
class Written(Changes):
    """What a change to themes altered.

    Attributes:
        before: what `operations.themes.undo` needs; None where nothing is to be undone.
        grouping: the grouping as it is now.
    """

    before: Before | None = None
    grouping: Grouping | None = None


def photos_in(library: Library, scope: Scope) -> Ids:
    """The present photos of a scope, int64 (n,), rising."""
    labels: tuple[LabelFilter, ...] = ()
    if scope.kind == "answer":
        answer = None if scope.answer is None else AnswerId(scope.answer)
        labels = (LabelFilter(LabelSetId(scope.label_set), (answer,)),)
    folder = None if scope.folder is None else FolderId(scope.folder)
    found = np.sort(
        np.array(catalogue.listed(library.connection, Order.LIKENESS, folder, scope.text, labels), np.int64)
    )
    if scope.kind == "photos":
        found = found[np.isin(found, np.array(scope.photos, np.int64))]
    return found


def group(
    library: Library,
    scope: Scope = ALL,
    *,
    count: int | None = None,
    method: Method = "kmeans",
    descriptor: Descriptor | str = "",
    anew: bool = False,
) -> Generator[Progress, None, Found]:
    """Find themes; only reads, so it may run beside what writes. `keep` makes them the library's.

    Args:
        library: the open library.
        scope: what to group.
        count: how many themes; None keeps the number that a person chose for this scope, else measures the best.
        method: "kmeans", or "density" for groups of any shape.
        descriptor: what photos are compared by; "" for the default.
        anew: leave the last grouping of this scope out of account.

    Raises:
        UserError: there are no photos in the scope, or none can be compared yet.
    """
    yield Progress("Finding themes")
    photos = photos_in(library, scope)
    if not len(photos):
        raise UserError("There are no photos here to find themes in.")
    reader = Points(library, descriptor)
    known, points = reader.of(photos)
    if not len(known):
        raise UserError("These photos are not ready to be compared yet.")
    yield Progress("Finding themes")
    last = None if anew else themes.of_scope(library.connection, scope)
    join, before, held = np.ones(len(known), bool), 0, 0
    if last is not None:
        kept = [row for row in themes.rows(library.connection, last.id) if row.locked or row.kind == "hand"]
        held, before = len(kept), max(0, last.count - len(kept))
        for row in kept:
            join &= ~np.isin(known, np.array(themes.photos_of(library.connection, row.id), np.int64))
        if count is None and last.count != last.proposed:
            count = last.count
    wanted = None if count is None else max(1, count - held)
    found = yield from cluster(points, method=method, count=wanted, before=before, join=join)
    has_points = np.isin(photos, known)
    leaves = np.full(len(photos), ODD, np.int32)
    leaves[has_points] = found.leaves
    whole = Clustered(leaves, found.tree, found.proposal)
    return Found(scope, method, photos, whole, has_points, points, max(1, found.proposal.count), wanted is not None)


def keep(library: Library, found: Found, name: str = "") -> Generator[Progress, None, Written]:
    """Make found themes the library's own, in place of those of the same scope, whose edits they carry on.

    Belongs to the thread that writes. Everything becomes visible in the last step; undoing brings the last ones back.

    Raises:
        UserError: the library cannot be written.
    """
    database = library.database
    yield from _forget_outdated(library, found.scope)
    made: GroupingId | None = None
    try:
        for attempt in range(_TRIES):
            last = themes.of_scope(library.connection, found.scope)
            plan = carried(library.connection, found, last)
            with database.transaction() as connection:
                made = themes.begin(
                    connection,
                    name or ("" if last is None else last.name),
                    found.scope,
                    found.method,
                    plan.count,
                    plan.proposed,
                    found.clustered.tree.to_bytes(),
                )
            yield from _write_members(library, made, plan)
            with database.transaction() as connection:
                now = themes.of_scope(connection, found.scope)
                if attempt + 1 < _TRIES and _stamp(now) != _stamp(last):
                    themes.discard(connection, made)  # edited meanwhile: carry that on as well
                    continue
                before = _finish(connection, made, plan, now)
                shown = themes.get_grouping(connection, made)
            changed = (int(made),) if now is None else (int(made), int(now.id))
            made = None
            return Written(themes=changed, before=before, grouping=shown)
    finally:
        if made is not None:
            with database.transaction() as connection:
                themes.discard(connection, made)
    raise AssertionError("the last attempt always ends")


def group_and_keep(
    library: Library,
    scope: Scope = ALL,
    *,
    count: int | None = None,
    method: Method = "kmeans",
    descriptor: Descriptor | str = "",
) -> Generator[Progress, None, Written]:
    """`group` and `keep` on one thread, the one that writes."""
    found = yield from group(library, scope, count=count, method=method, descriptor=descriptor)
    return (yield from keep(library, found))


def _forget_outdated(library: Library, scope: Scope) -> Generator[Progress, None, None]:
    for old in themes.outdated(library.connection, scope, _BROUGHT_BACK):
        gone = False
        while not gone:
            with library.database.transaction() as connection:
                gone = themes.thin_out(connection, old, _PART)
            yield Progress("Saving the themes")


def _write_members(library: Library, made: GroupingId, plan: Plan) -> Generator[Progress, None, None]:
    whole = len(plan.photos)
    for start in range(0, whole, _PART):
        part = slice(start, start + _PART)
        with library.database.transaction() as connection:
            themes.put_members(
                connection,
                made,
                zip(plan.photos[part].tolist(), plan.leaves[part].tolist(), plan.hand[part].tolist(), strict=True),
            )
        yield Progress("Saving the themes", min(start + _PART, whole), whole)


def _finish(connection: sqlite3.Connection, made: GroupingId, plan: Plan, last: Grouping | None) -> Before:
    pairs: list[tuple[int, int]] = []
    for draft in plan.drafts:
        theme = themes.add_row(connection, draft.row(made))
        pairs += [(leaf, int(theme)) for leaf in draft.leaves]
    themes.put_leaves(connection, made, pairs)
    themes.order(connection, made)
    themes.set_count(connection, made, chosen=False)
    return themes.finish(connection, made, None if last is None else last.id)


def _stamp(grouping: Grouping | None) -> tuple[int, int]:
    return (0, 0) if grouping is None else (int(grouping.id), grouping.version)


def selection(photos: tuple[PhotoId, ...]) -> Scope:
    """The scope of some photos."""
    return Scope("photos", photos=cast("tuple[int, ...]", photos))
