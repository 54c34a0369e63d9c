"""What can be grouped: all photos, what Photos shows, what is selected there, a folder, an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from desktop_app.core.labelling import AnswerId, LabelSet
from desktop_app.core.operations.themes import ALL
from desktop_app.core.operations.themes import Scope as Grouped
from desktop_app.ui.desk import Desk
from desktop_app.ui.themes.values import Choice, Scope

_FEWEST = 2


def choices(desk: Desk, label_set: LabelSet | None, counts: Mapping[AnswerId | None, int]) -> list[Choice]:
    """All photos first, then what Photos has, folders and answers."""
    made = [Choice(Scope.ALL, "All photos", count=desk.session.overview.photos)]
    grid, view = desk.page.grid, desk.page.view
    selected = len(grid.selected_ids())
    if selected >= _FEWEST:
        made.append(Choice(Scope.SELECTED, "Photos that are selected", count=selected))
    shown = grid.photos.rowCount()
    if shown >= _FEWEST and not replace(view, folder=None).is_plain:
        made.append(Choice(Scope.SHOWN, _shown_words(desk), count=shown))
    made += [
        Choice(Scope.FOLDER, folder.name, int(folder.id), folder.photos)
        for folder in desk.session.overview.folders
        if folder.photos >= _FEWEST
    ]
    if label_set is not None:
        made += [
            Choice(Scope.ANSWER, f"{label_set.name}: {answer.name}", int(answer.id), counts.get(answer.id, 0))
            for answer in label_set.answers
            if counts.get(answer.id, 0) >= _FEWEST
        ]
    return made


def _shown_words(desk: Desk) -> str:
    view = desk.page.view
    if view.is_search or view.query.filters:
        return "Photos that are found now"
    return f"Photos named “{view.text}”" if view.text else f"Photos with {view.words}"


def scope_of(desk: Desk, choice: Choice, label_set: LabelSet | None) -> Grouped | None:
    """What the core groups; None where it is no longer there."""
    grid, view = desk.page.grid, desk.page.view
    if choice.scope is Scope.ALL:
        return ALL
    if choice.scope is Scope.FOLDER:
        return Grouped("search", folder=choice.key)
    if choice.scope is Scope.SELECTED:
        return Grouped("photos", photos=tuple(int(photo) for photo in grid.selected_ids()))
    if choice.scope is Scope.SHOWN:
        if not view.is_search and not replace(view, folder=None).is_narrowed:  # photos that come later are in it
            return Grouped("search", folder=None if view.folder is None else int(view.folder))
        return Grouped("photos", photos=tuple(int(photo) for photo in grid.photos.ids()))
    if label_set is None:
        return None
    return Grouped("answer", label_set=int(label_set.id), answer=choice.key)
