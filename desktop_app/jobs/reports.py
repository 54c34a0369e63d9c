"""Several progress reports as one: the latest figures, and every change since the last time anyone looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_app.core.types import Changes, PhotoId, Progress


def merge_changes(changes: Iterable[Changes]) -> Changes:
    """What several operations, or several steps of one, altered together.

    Ids keep the order in which they were first named and occur once in each field. A photo that was added or
    updated and then removed is only removed (its row may exist by now, so the removal stays); one that was
    removed and came back is only what it was then.

    Args:
        changes: oldest first.
    """
    added: dict[PhotoId, None] = {}
    updated: dict[PhotoId, None] = {}
    removed: dict[PhotoId, None] = {}
    labels: dict[int, None] = {}
    themes: dict[int, None] = {}
    folders = skipped = index = False
    for change in changes:
        for photo in change.added:
            added[photo] = None
            removed.pop(photo, None)
        for photo in change.updated:
            updated[photo] = None
            removed.pop(photo, None)
        for photo in change.removed:
            removed[photo] = None
            added.pop(photo, None)
            updated.pop(photo, None)
        folders |= change.folders
        skipped |= change.skipped
        index |= change.index
        labels.update(dict.fromkeys(change.labels))
        themes.update(dict.fromkeys(change.themes))
    return Changes(tuple(added), tuple(updated), tuple(removed), folders, skipped, index, tuple(labels), tuple(themes))


def merge_reports(reports: Sequence[Progress]) -> Progress:
    """The last of `reports` (at least one, oldest first) with the changes of all of them."""
    if len(reports) == 1:
        return reports[0]
    return replace(reports[-1], changes=merge_changes(report.changes for report in reports if report.changes))
