"""The panel of filters: a calendar, and every choice with how many photos it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.operations.facets import Facets
from desktop_app.core.operations.filter_choices import group_of, holds, joined, parted
from desktop_app.core.operations.filter_words import days_words, worded
from desktop_app.core.searching import Filter, FilterKind
from desktop_app.ui.filters.choices import ChoiceList
from desktop_app.ui.filters.histogram import CalendarHistogram
from desktop_app.ui.filters.rows import Row, RowKind, rows_of
from desktop_app.ui.filters.steady import opened, recounted
from desktop_app.ui.panels.parts import ElidedLabel, button, icon_button, text
from desktop_app.ui.theme import Theme

WIDTH = 300
_LOW = 440  # with less height the calendar is lower


class FilterPanel(QWidget):
    """A column to stand beside the photos. It knows no library: facets and filters in, wishes out.

    While the pointer is in it, or after a choice by key, rows stay where they are and only their counts change; what
    has no photos any more is grey. They are listed anew when the panel is left or the search is another one.

    Signals:
        filterAdded(Filter): the search is to have this filter too.
        filterRemoved(Filter): it is to go; one of those that were set.
        filterReplaced(Filter, Filter): the first, one of those that were set, is to become the second.
        cleared(): no filters.
        lettersChanged(): other letters are looked for; see `letters`.
        opened(): it came on screen: its counts may be old.
        closed(): it is to go from the screen.
    """

    filterAdded = Signal(object)
    filterRemoved = Signal(object)
    filterReplaced = Signal(object, object)
    cleared = Signal()
    lettersChanged = Signal()
    opened = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Filters")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._facets = Facets()
        self._filters: tuple[Filter, ...] = ()
        self._falling: npt.NDArray[np.float32] | None = None
        self._toggled: set[str] = set()
        self._whole: Facets | None = None  # what no letters narrow, of the same filters
        self._is_pointed_at = False
        self._is_by_key = False  # a choice was taken by key, and the keyboard is still there
        self._is_new = False  # the search became another one elsewhere
        self.clear_button = button("Clear all", quiet=True)
        self.close_button = icon_button("close", "Close filters")
        self.calendar = CalendarHistogram(theme)
        self.zoom_button = icon_button("fit", "Show all years", "Esc")
        self._words = ElidedLabel(mode=Qt.TextElideMode.ElideRight, role="quiet")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a folder, camera, keyword…")
        self.search.setAccessibleName("Find a choice")
        self.search.setClearButtonEnabled(True)
        self._nothing = text("", "quiet", wrap=True)
        self._nothing.setContentsMargins(16, 8, 16, 8)
        self._nothing.hide()
        self.choices = ChoiceList(theme)
        self._lay_out()
        self.clear_button.clicked.connect(self.cleared)
        self.close_button.clicked.connect(self.closed)
        self.calendar.rangeChosen.connect(self._choose_days)
        self.calendar.rangeCleared.connect(self._clear_days)
        self.calendar.wordsChanged.connect(self._tell)
        self.calendar.zoomChanged.connect(self.zoom_button.setVisible)
        self.zoom_button.clicked.connect(self.calendar.zoom_out)
        self.search.textChanged.connect(self._letters_changed)
        self.choices.taken.connect(self._take)
        self.choices.openAsked.connect(self._toggle)
        self.choices.left.connect(self._leave)
        for one in (self.zoom_button, self.clear_button):  # nothing moves when they come and go
            kept = one.sizePolicy()
            kept.setRetainSizeWhenHidden(True)
            one.setSizePolicy(kept)
            one.hide()
        self._show_all()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.setSpacing(4)
        head.addWidget(text("Filters", "section"), 1)
        head.addWidget(self.clear_button)
        head.addWidget(self.zoom_button)
        head.addWidget(self.close_button)
        days = QHBoxLayout()
        days.setContentsMargins(16, 0, 16, 0)
        days.addWidget(self._words)
        inner = QVBoxLayout()
        inner.setContentsMargins(8, 0, 8, 0)
        inner.addWidget(self.calendar)
        inner.addSpacing(4)
        inner.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(days)
        column.addLayout(inner)
        column.addWidget(self._nothing)
        column.addWidget(self.choices, 1)

    def sizeHint(self) -> QSize:
        return QSize(max(WIDTH, self.minimumSizeHint().width()), 560)  # larger text needs more

    @property
    def letters(self) -> str:
        """What cameras and keywords that are listed are to hold."""
        return self.search.text().strip()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Those of the search."""
        return self._filters

    def set_facets(self, facets: Facets) -> None:
        """Show these counts."""
        self._facets = facets
        if not facets.letters:
            self._whole = facets
        self._show_all()
        self._is_new = False

    def list_anew(self) -> None:
        """The search is another one: rows need not stay where they are when its counts come."""
        self._is_new = True
        self._whole = None

    @property
    def listed(self) -> frozenset[str]:
        """Cameras and keywords that are listed."""
        kinds = (FilterKind.CAMERA, FilterKind.KEYWORD)
        rows = (row for row in self.choices.rows.rows if row.wish is not None and row.wish.kind in kinds)
        return frozenset(choice for row in rows if row.wish is not None for choice in row.wish.choices)

    def set_filters(self, filters: Sequence[Filter]) -> None:
        """The filters of the search, as its chips have them; the counts follow by `set_facets`."""
        if tuple(filters) != self._filters:
            self._whole = None
        self._filters = tuple(filters)
        self._show_all()

    def set_scores(self, falling: npt.NDArray[np.float32] | None) -> None:
        """Scores of what was found, best first, float32 (n,); None or empty where nothing orders it."""
        self._falling = falling
        self._show_rows()

    def _show_all(self) -> None:
        days = next((one for one in self._filters if one.kind is FilterKind.TAKEN and one.on), None)
        self.calendar.set_range(days.first if days else None, days.last if days else None)
        self.calendar.set_days(self._facets.days, self._facets.per_day)
        self.clear_button.setVisible(bool(self._filters))
        self._tell("")
        self._show_rows()

    @property
    def _is_steady(self) -> bool:
        return (self._is_pointed_at or self._is_by_key) and not self._is_new and bool(self.choices.rows.rows)

    @Slot()
    def _show_rows(self) -> None:
        if self._is_steady:
            self._show_steady(self.choices.rows.rows)
        else:
            self.choices.set_rows(self._fresh())
        self._say_if_blank()

    def _say_if_blank(self) -> None:
        # while the counts for these letters are under way, choices may still come
        is_known = self._facets.letters.casefold() == self.letters.casefold()
        is_blank = bool(self.letters) and is_known and not self.choices.rows.rows
        self._nothing.setText(f"Nothing to choose here has “{wording.shorten_middle(self.letters, 30)}” in its name.")
        self._nothing.setVisible(is_blank)

    def _fresh(self) -> tuple[Row, ...]:
        """All rows as they would be listed anew."""
        wanted, facets = self.letters.casefold(), self._facets
        if facets.letters.casefold() not in wanted and self._whole is not None:
            facets = self._whole  # what was looked for before leaves out what is looked for now
        return rows_of(facets, self._active, self._toggled, self.letters, self._falling)

    def _show_steady(self, rows: Sequence[Row]) -> None:
        self.choices.set_rows(recounted(rows, self._facets, self._active, self._falling))

    @property
    def _active(self) -> list[Filter]:
        return [one for one in self._filters if one.on]

    @Slot(str)
    def _tell(self, words: str) -> None:
        """What the calendar says; how many photos are left while it says nothing."""
        if not words:
            words = wording.count(self._facets.total, "photo")
            days = next((one for one in self._filters if one.kind is FilterKind.TAKEN and one.on), None)
            if days is not None:
                words = f"{words}, {days_words(days.first, days.last)}"
        self._words.set_words(words)

    @Slot()
    def _letters_changed(self) -> None:
        self.choices.set_rows(self._fresh())
        self._say_if_blank()
        self._is_new = True  # other rows come with their counts
        self.lettersChanged.emit()

    # choosing

    @Slot(object)
    def _take(self, row: Row) -> None:
        if row.kind is RowKind.MORE:
            self._toggled.add(f"all {row.key}")
            self._show_opened(row, is_open=True)
        elif row.wish is not None:
            self._is_by_key = not self._is_pointed_at
            self._choose(row.wish)

    def _choose(self, option: Filter) -> None:
        """Choose an option, or no longer; it joins the filter that asks the same question."""
        held = next((one for one in self._filters if one.on and holds(one, option)), None)
        if held is not None:
            left = parted(held, option, self._facets.names)
            if left is None:
                self.filterRemoved.emit(held)
            else:
                self.filterReplaced.emit(held, left)
            return
        same = self._same(option)
        if same is None:
            self.filterAdded.emit(option)
        else:
            new = joined(same, option, self._facets.names) if same.on else option
            self.filterReplaced.emit(same, new)

    def _same(self, wish: Filter) -> Filter | None:
        """The filter that asks the same question; one that is switched off where there is no other."""
        found = [one for one in self._filters if group_of(one) == group_of(wish)]
        return next((one for one in found if one.on), found[0] if found else None)

    @Slot(object, object)
    def _choose_days(self, first: date, last: date) -> None:
        wish = worded(Filter(FilterKind.TAKEN, "", first=first, last=last), self._facets.names)
        same = self._same(wish)
        if same is None:
            self.filterAdded.emit(wish)
        elif same != wish:
            self.filterReplaced.emit(same, wish)

    @Slot()
    def _clear_days(self) -> None:
        for one in [one for one in self._filters if one.on and one.kind is FilterKind.TAKEN]:
            self.filterRemoved.emit(one)

    @Slot(object, bool)
    def _toggle(self, row: Row, is_open: bool) -> None:
        wanted, other = ("open", "closed") if is_open else ("closed", "open")
        self._toggled.discard(f"{other} {row.key}")
        self._toggled.add(f"{wanted} {row.key}")
        self._show_opened(row, is_open=is_open)

    def _show_opened(self, row: Row, *, is_open: bool) -> None:
        if self._is_steady:
            self._show_steady(opened(self.choices.rows.rows, self._fresh(), row, is_open=is_open))
        else:
            self._show_rows()

    # coming and going

    @Slot()
    def _leave(self) -> None:
        """Nobody points at a row any more: list them anew."""
        was_steady, self._is_by_key = self._is_steady, False
        if was_steady and not self._is_steady:
            self._show_rows()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._is_pointed_at = True

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        was_steady, self._is_pointed_at = self._is_steady, False
        if was_steady and not self._is_steady:
            self._show_rows()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._is_pointed_at = self._is_by_key = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.opened.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.calendar.set_low(self.height() < _LOW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc: the letters go first, then the panel. Down: from the letters to what they found."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.choices.go_to_first_choice()
            return
        if event.key() == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.closed.emit()
            return
        super().keyPressEvent(event)
