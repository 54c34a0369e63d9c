"""The grid's model: it holds ids; what is said about a photo is asked for when it is looked at."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from weakref import WeakMethod

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from desktop_app.core import wording
from desktop_app.core.types import PhotoId, PhotoState
from desktop_app.ui.grid.facts import AnswerBadge, PhotoFacts, Role

_FACTS_KEPT = 20_000


class GridModel(QAbstractListModel):
    """Photos by id, in the order given, 100,000 and more.

    Facts are asked for through `factsWanted`, once per turn of the event loop and only for rows that were looked
    at; `set_facts` brings them. They are kept until `mark_stale`, and shown until the new ones are there.

    Signals:
        factsWanted(list[PhotoId]): answer each one with `set_facts`; ids are not asked for twice.
        sectionsChanged(): headings differ.
    """

    factsWanted = Signal(object)
    sectionsChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array("q")
        self._scores: array[float] | None = None
        self._pinned = 0
        self._rows: dict[int, int] | None = {}
        self._facts: OrderedDict[int, PhotoFacts] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._sections: tuple[tuple[int, str], ...] = ()
        self._badge_of: Callable[[int], AnswerBadge | None] | None = None
        self._reason_of: Callable[[int], str] | None = None
        self._is_selected: WeakMethod[Callable[[int], bool]] | None = None
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)

    # what is shown

    def replace(self, ids: Iterable[int], scores: Iterable[float] | None = None, *, pinned: int = 0) -> None:
        """Show other photos.

        Args:
            ids: distinct photo ids in the order of the grid; a NumPy array is taken fastest.
            scores: likeness for each, or none.
            pinned: how many of the first are photos that are looked for.
        """
        self.beginResetModel()
        self._ids = _array("q", ids)
        self._scores = None if scores is None else _array("f", scores)
        assert self._scores is None or len(self._scores) == len(self._ids)
        self._pinned = min(int(pinned), len(self._ids))
        self._rows = None
        self._sections = ()
        self._asked.clear()
        self.endResetModel()

    def append(self, ids: Iterable[int], scores: Iterable[float] | None = None) -> None:
        """Show more photos at the end; ids that are there already are left where they are."""
        rows = self._by_id()
        given = list(ids)
        values = [0.0] * len(given) if scores is None else list(scores)
        new = {photo: value for photo, value in zip(given, values, strict=True) if photo not in rows}
        if not new:
            return
        first = len(self._ids)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        self._ids.extend(new)
        if self._scores is not None:
            self._scores.extend(new.values())
        rows.update(zip(new, range(first, first + len(new)), strict=True))
        self.endInsertRows()

    def remove(self, ids: Iterable[int]) -> None:
        """Show these photos no longer."""
        by_id = self._by_id()
        gone = sorted({by_id[photo] for photo in ids if photo in by_id}, reverse=True)
        at = 0
        while at < len(gone):
            end = at
            while end + 1 < len(gone) and gone[end + 1] == gone[end] - 1:
                end += 1
            first, last = gone[end], gone[at]
            self.beginRemoveRows(QModelIndex(), first, last)
            for photo in self._ids[first : last + 1]:
                self._facts.pop(photo, None)
            del self._ids[first : last + 1]
            if self._scores is not None:
                del self._scores[first : last + 1]
            self._pinned -= max(0, min(self._pinned, last + 1) - first)
            self._rows = None
            if self._sections:
                cut = last - first + 1
                moved = ((row if row <= first else max(first, row - cut), title) for row, title in self._sections)
                self._sections = tuple({row: (row, title) for row, title in moved}.values())
            self.endRemoveRows()
            at = end + 1

    def set_sections(self, sections: Sequence[tuple[int, str]]) -> None:
        """Put headings above rows: (first row, title), ascending, the first at row 0. `replace` drops them."""
        assert not sections or sections[0][0] == 0
        self._sections = tuple(sections)
        self.sectionsChanged.emit()

    @property
    def sections(self) -> tuple[tuple[int, str], ...]:
        """Headings: (first row, title)."""
        return self._sections

    def section_count(self, section: int) -> int:
        """Photos below a heading."""
        end = self._sections[section + 1][0] if section + 1 < len(self._sections) else len(self._ids)
        return end - self._sections[section][0]

    # what is known

    @Slot(object)
    def set_facts(self, facts: Iterable[PhotoFacts]) -> None:
        """Bring what `factsWanted` asked for, or what changed."""
        rows = self._by_id()
        touched = []
        for fact in facts:
            self._facts[fact.id] = fact
            self._facts.move_to_end(fact.id)
            self._stale.discard(fact.id)
            self._asked.discard(fact.id)
            if fact.id in rows:
                touched.append(rows[fact.id])
        while len(self._facts) > _FACTS_KEPT:
            self._facts.popitem(last=False)
        if touched:
            self.dataChanged.emit(self.index(min(touched)), self.index(max(touched)), [Role.STATE])

    def mark_stale(self, ids: Iterable[int]) -> None:
        """What is known of these photos may be wrong: ask anew when they are looked at."""
        rows = self._by_id()
        ids = set(ids)
        self._stale |= ids & self._facts.keys()
        self._asked -= ids
        touched = [rows[photo] for photo in ids if photo in rows]
        if touched:
            self.dataChanged.emit(self.index(min(touched)), self.index(max(touched)), [Role.STATE])

    @Slot()
    def mark_all_stale(self) -> None:
        """The same for all photos, as when folders go away or come back."""
        self._stale.update(self._facts)
        self._asked.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1), [Role.STATE])

    def facts(self, row: int) -> PhotoFacts | None:
        """What is known of the photo in `row`; asks for it where it is not or is stale."""
        photo = self._ids[row]
        known = self._facts.get(photo)
        if (known is None or photo in self._stale) and photo not in self._asked:
            self._wanted[photo] = None
            if not self._asking.isActive():
                self._asking.start()
        return known

    @Slot()
    def _ask(self) -> None:
        wanted = [PhotoId(photo) for photo in self._wanted]
        self._wanted.clear()
        self._asked.update(wanted)
        if wanted:
            self.factsWanted.emit(wanted)

    def set_badges(self, badge_of: Callable[[int], AnswerBadge | None] | None) -> None:
        """Say where the answers of photos are looked up, by id, or that they differ from before."""
        self._badge_of = badge_of
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1), [Role.ANSWER])

    def badge(self, row: int) -> AnswerBadge | None:
        """The answer shown in `row`, or None."""
        return None if self._badge_of is None else self._badge_of(self._ids[row])

    def set_reasons(self, reason_of: Callable[[int], str] | None) -> None:
        """Say what word a photo was found by, by id; None where no words are looked for."""
        self._reason_of = reason_of

    def reason(self, row: int) -> str:
        """The word that the photo in `row` was found by, or ""."""
        return "" if self._reason_of is None else self._reason_of(self._ids[row])

    # rows and ids

    def id_at(self, row: int) -> PhotoId:
        """The photo in `row`."""
        return PhotoId(self._ids[row])

    def ids(self, first: int = 0, last: int | None = None) -> list[PhotoId]:
        """Photos in rows `first` to `last` (included; the end where not given)."""
        return self._ids[first : len(self._ids) if last is None else last + 1].tolist()  # type: ignore[return-value]

    def row_of(self, photo: int) -> int:
        """The row of a photo, or -1."""
        return self._by_id().get(photo, -1)

    def score(self, row: int) -> float | None:
        """The likeness shown in `row`, or None; the photo that is looked for has none."""
        return None if self._scores is None or self.is_pinned(row) else self._scores[row]

    def is_pinned(self, row: int) -> bool:
        """Whether `row` shows the photo that is looked for."""
        return row < self._pinned

    def watch_selection(self, is_selected: Callable[[int], bool]) -> None:
        """Let the accessible text say whether a row is selected, as a view's method tells."""
        # Weak, for a view and its model must not hold one another: what dies in a cycle is emptied by the
        # garbage collector at any time, while its timers still run.
        self._is_selected = WeakMethod(is_selected)

    def _by_id(self) -> dict[int, int]:
        if self._rows is None:
            self._rows = dict(zip(self._ids, range(len(self._ids)), strict=True))
        return self._rows

    # Qt's questions

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """How many photos."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The value of one role of one photo."""
        row = index.row()
        if not index.isValid() or not 0 <= row < len(self._ids):
            return None
        if role == Role.PHOTO_ID:
            return self._ids[row]
        if role == Role.SCORE:
            return self.score(row)
        if role == Role.REASON:
            return self.reason(row)
        if role == Role.PINNED:
            return self.is_pinned(row)
        if role == Role.ANSWER:
            return self.badge(row)
        if role == Role.STATE:
            facts = self.facts(row)
            return None if facts is None else facts.state
        if role == Qt.ItemDataRole.DisplayRole:
            facts = self.facts(row)
            return "" if facts is None else facts.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._accessible_text(row)
        return None

    def _tooltip(self, row: int) -> str:
        facts = self.facts(row)
        if facts is None:
            return ""
        reason = self.reason(row)
        found = f"Found by: {reason}" if reason else ""
        return "\n".join(part for part in (facts.name, _date(facts.taken), found, facts.note) if part)

    def _accessible_text(self, row: int) -> str:
        facts, score = self.facts(row), self.score(row)
        parts = []
        if self.is_pinned(row):
            parts.append("Looking for")
        if facts is not None:
            name, dot, _ending = facts.name.rpartition(".")
            parts += [name if dot and name else facts.name, _date(facts.taken)]
            parts += [_STATES[facts.state]]
        badge = self.badge(row)
        if badge is not None:
            sure = "" if badge.sure is None else f", {round(100 * badge.sure)} % sure"
            parts.append(f"{'answer' if badge.sure is None else 'guess'} {badge.name}{sure}")
        if reason := self.reason(row):
            parts.append(f"found by {reason}")
        if score is not None:
            parts.append(f"likeness {wording.likeness(score)}")
        is_selected = self._is_selected() if self._is_selected is not None else None
        if is_selected is not None and is_selected(row):
            parts.append("selected")
        return ", ".join(part for part in parts if part)


def _array(kind: Literal["q", "f"], values: Iterable[float]) -> array[Any]:
    """`values` as an array of its own."""
    if isinstance(values, np.ndarray):
        return array(kind, values.astype(kind, copy=False).tobytes())
    return array(kind, values)


_STATES = {PhotoState.PRESENT: "", PhotoState.MISSING: "file not found", PhotoState.AWAY: "away"}


def _date(taken: datetime | None) -> str:
    """The day in words, in the order of the user's language: 12 May 2019."""
    return "" if taken is None else QLocale().toString(taken.date(), "d MMM yyyy")  # type: ignore[call-overload]
