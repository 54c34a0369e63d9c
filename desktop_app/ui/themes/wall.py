"""The wall of cards: which themes are shown and chosen, how large, and which pictures that takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.list_model import AnyIndex
from desktop_app.ui.panels.picture_list import PictureList
from desktop_app.ui.theme import Theme
from desktop_app.ui.themes.delegate import ThemeDelegate
from desktop_app.ui.themes.model import ThemesModel
from desktop_app.ui.themes.values import ThemeCard

Flag = QItemSelectionModel.SelectionFlag
_CTRL = Qt.KeyboardModifier.ControlModifier

SIZES = (184, 216, 248, 288, 336, 400, 480)
USUAL = 248


class ThemeWall(PictureList):
    """Cards in even rows.

    Signals:
        renamed(int, str): a name was written.
        chosen(): other themes are chosen.
    """

    renamed = Signal(int, str)
    chosen = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._theme = theme
        self._wanted = USUAL
        self.is_compact = False
        self.themes = ThemesModel(self)
        self.themes.renamed.connect(self.renamed)
        self._delegate = ThemeDelegate(theme, thumbnails, self)
        self.setModel(self.themes)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Themes")
        theme.changed.connect(self._theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_cards(self, cards: Sequence[ThemeCard]) -> None:
        """Show these; themes that stay stay chosen, and what is looked at stays where it is as far as it can."""
        if [card.id for card in self.themes.rows] == [card.id for card in cards]:
            self.themes.show(cards)
            self.ask_soon()
            self.chosen.emit()
            return
        chosen = [card.id for card in self.chosen_cards()]
        current = self.current_card()
        row = self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.themes.show(cards)
        self.executeDelayedItemsLayout()
        self._choose_rows([at for at in map(self.themes.place_of, chosen) if at >= 0])
        now = self.themes.place_of(current.id) if current is not None else -1
        if now < 0 and row >= 0:
            now = min(row, self.themes.rowCount() - 1)  # what took its place
        if now >= 0:
            self.selectionModel().setCurrentIndex(self.themes.index(now), Flag.NoUpdate)
        self.verticalScrollBar().setValue(scrolled)
        self.ask_soon()
        self.chosen.emit()

    def chosen_cards(self) -> list[ThemeCard]:
        """What is chosen, in order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [card for row in rows if (card := self.themes.row(row)) is not None]

    def chosen_ids(self) -> list[int]:
        """Their ids."""
        return [card.id for card in self.chosen_cards()]

    def current_card(self) -> ThemeCard | None:
        """The one that the keyboard is at."""
        return self.themes.row(self.currentIndex().row())

    def choose(self, themes: Sequence[int]) -> None:
        """Choose themes and go to the first of them."""
        rows = [row for row in map(self.themes.place_of, themes) if row >= 0]
        self._choose_rows(rows)
        if rows:
            self.selectionModel().setCurrentIndex(self.themes.index(rows[0]), Flag.NoUpdate)
            self.scrollTo(self.themes.index(rows[0]))

    def _choose_rows(self, rows: Sequence[int]) -> None:
        selection = QItemSelection()
        for row in rows:
            selection.select(self.themes.index(row), self.themes.index(row))
        self.selectionModel().select(selection, Flag.ClearAndSelect)

    def rename(self, theme: int | None = None) -> None:
        """Write over a name, by default the current one's."""
        row = self.themes.place_of(theme) if theme is not None else self.currentIndex().row()
        card = self.themes.row(row)
        if card is not None and not card.is_odd:
            index = self.themes.index(row)
            self.selectionModel().setCurrentIndex(index, Flag.ClearAndSelect)
            self.scrollTo(index)
            self.edit(index)

    # --- size ------------------------------------------------------------------------------------------------

    @property
    def wanted_size(self) -> int:
        """How wide cards should be at least."""
        return self._wanted

    def set_wanted_size(self, size: int) -> None:
        """Make cards larger or smaller."""
        self._wanted = min(max(size, SIZES[0]), SIZES[-1])
        self._fit()

    def step_size(self, direction: int) -> None:
        """The next size that changes the number of columns; 0 is the usual one."""
        if not direction:
            self.set_wanted_size(USUAL)
            return
        before = self.columns()
        for size in SIZES[::direction]:
            if (size - self._wanted) * direction > 0:
                self.set_wanted_size(size)
                if self.columns() != before:
                    return

    def columns(self) -> int:
        """How many cards are side by side."""
        if not self.is_compact:
            return self._columns_of(self._wanted)
        # as large as leaves one row of them its room, but no larger than wanted
        for size in (size for size in SIZES[::-1] if size <= self._wanted):
            columns = self._columns_of(size)
            if self._delegate.height_for(self._room() // columns) + self._margin() <= self.height():
                return columns
        return self._columns_of(SIZES[0])

    def _columns_of(self, size: int) -> int:
        scale = max(1.0, self._theme.font().pointSizeF() / 10)  # larger text needs wider cards
        return max(1, self._room() // round(size * scale))

    def set_compact(self, on: bool) -> None:
        """Let cards be smaller than wanted where few of them have room, as beside their photos."""
        if on != self.is_compact:
            self.is_compact = on
            self._fit()

    def _room(self) -> int:
        # the scroll bar's room is always kept, so that its coming and going moves nothing
        return self.width() - self.verticalScrollBar().sizeHint().width() - 2 * self._margin()

    def _margin(self) -> int:
        return 8

    def _fit(self) -> None:
        width = max(1, self._room() // self.columns())
        cell = QSize(width, self._delegate.height_for(width))
        if cell != self._delegate.cell or self.gridSize() != cell:
            self._delegate.cell = cell
            self.setGridSize(cell)
            self.verticalScrollBar().setSingleStep(max(20, cell.height() // 4))
            self.scheduleDelayedItemsLayout()
        margin = self._margin()
        if self.viewportMargins().left() != margin:
            self.setViewportMargins(margin, margin, 0, 0)
        self.ask_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @Slot()
    def _theme_changed(self) -> None:
        self._fit()
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & _CTRL:
            if event.angleDelta().y():
                self.step_size(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    # --- what is where ---------------------------------------------------------------------------------------

    def part_at(self, point: QPoint) -> tuple[int, int, bool]:
        """The row at a point, the photo there (or -1), and whether it is on the name."""
        index = self.indexAt(point)
        card = self.themes.row(index.row()) if index.isValid() else None
        if card is None:
            return -1, -1, False
        places = self._delegate.places(self.visualRect(index))
        if not places.card.contains(point):
            return -1, -1, False
        for place, photo in zip(places.photos, card.photos, strict=False):
            if place.contains(point):
                return index.row(), photo, False
        return index.row(), -1, places.name.contains(point) and not card.is_odd

    def name_rect(self, theme: int) -> QRect:
        """Where a theme's name is on the viewport."""
        return self._delegate.places(self.visualRect(self.themes.index(self.themes.place_of(theme)))).name

    def photo_rect(self, theme: int, at: int) -> QRect:
        """Where one of a theme's photos is on the viewport."""
        return self._delegate.places(self.visualRect(self.themes.index(self.themes.place_of(theme)))).photos[at]

    # --- thumbnails ------------------------------------------------------------------------------------------

    def visible_rows(self) -> range:
        """The cards of which anything is on screen."""
        height = self._delegate.cell.height()
        columns, top = self.columns(), self.verticalScrollBar().value()
        first = top // height * columns
        last = (top + self.viewport().height()) // height * columns + columns
        return range(min(first, self.themes.rowCount()), min(last, self.themes.rowCount()))

    def rows_ahead(self) -> tuple[int, ...]:
        """Two rows of cards below, then two above."""
        rows, more = self.visible_rows(), 2 * self.columns()
        return (*range(rows.stop, rows.stop + more), *range(rows.start - 1, rows.start - 1 - more, -1))

    def photos_of(self, row: int) -> tuple[int, ...]:
        """Those of a card."""
        card = self.themes.row(row)
        return card.photos if card is not None else ()

    def photo_size(self) -> int:
        """As the cards are large."""
        return self._delegate.side()

    # --- telling ---------------------------------------------------------------------------------------------

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()  # rings reach beyond their card
        self.chosen.emit()

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.themes.rowCount():
            self.selectionModel().setCurrentIndex(self.themes.index(0), Flag.NoUpdate)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
