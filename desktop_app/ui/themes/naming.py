"""Names for the themes that are shown: proposed in the background, the same ones again whenever they come back."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from desktop_app.core.catalog import themes
from desktop_app.core.catalog.themes import GroupingId, ThemeId
from desktop_app.core.library import Library
from desktop_app.core.operations.theme_names import Known, group_facts
from desktop_app.core.types import Progress
from desktop_app.core.words.naming import propose

Names = tuple[tuple[ThemeId, str], ...]


class Naming:
    """Proposes names; keeps what it read of the photos, so that another place of the slider costs no second reading.

    Belongs to the one thread that runs `names`.
    """

    def __init__(self) -> None:
        self._stamp: tuple[int, int] = (0, -1)
        self._place_of: dict[int, int] = {}  # of each leaf among `_known.groups`
        self._known: Known | None = None

    def names(self, library: Library, grouping: GroupingId) -> Generator[Progress, None, Names]:
        """Names for themes that are shown and have none, neither proposed nor a person's.

        Yields:
            Progress at least every 100 ms.
        """
        yield Progress("Finding names for themes")
        shown = [row for row in themes.rows(library.connection, grouping) if row.kind != "odd"]
        nameless = [row for row in shown if not row.name and not row.proposed]
        if not nameless:
            return ()
        known = yield from self._facts(library, grouping)
        holder = themes.leaf_themes(library.connection, grouping)
        leaves: dict[ThemeId, list[int]] = {row.id: [] for row in shown}
        for leaf, theme in holder.items():
            if theme in leaves and leaf in self._place_of:
                leaves[theme].append(self._place_of[leaf])
        yield Progress("Finding names for themes")
        level = known.merged([leaves[row.id] for row in shown])
        taken = [row.name or row.proposed for row in shown if row.name or row.proposed]
        proposals = propose(level.groups, level.rest, taken=taken)
        wanted = {row.id for row in nameless}
        pairs = zip(shown, proposals, strict=True)
        return tuple((row.id, made.name) for row, made in pairs if row.id in wanted and made.name)

    def _facts(self, library: Library, grouping: GroupingId) -> Generator[Progress, None, Known]:
        stamp = int(grouping), themes.moves(library.connection, grouping)
        if self._known is None or stamp != self._stamp:
            members = themes.members(library.connection, grouping)
            order = np.argsort(members.leaves, kind="stable")
            leaves, starts = np.unique(members.leaves[order], return_index=True)
            photos = np.split(members.photos[order], starts[1:])
            known = yield from group_facts(library, [part.tolist() for part in photos])
            self._place_of = {leaf: place for place, leaf in enumerate(leaves.tolist())}
            self._known, self._stamp = known, stamp
        return self._known
