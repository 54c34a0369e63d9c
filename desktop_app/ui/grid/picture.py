"""The grid's picture: what is painted, and which thumbnails are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from desktop_app.core.searching import Box
from desktop_app.ui.grid.delegate import PhotoDelegate
from desktop_app.ui.grid.headings import paint_heading, paint_sticky
from desktop_app.ui.grid.model import GridModel
from desktop_app.ui.grid.surface import RINGS, GridSurface
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

_SETTLED_MS = 90  # after the last change of their size, pictures of the exact size are asked for


class GridPicture(GridSurface):
    """Paints the photos on screen and says which thumbnails it wants: those, and half a screen around them."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, model: GridModel, parent: QWidget | None = None) -> None:
        self._theme = theme
        self._thumbnails = thumbnails
        self._asked_side = 0
        self._delegate = PhotoDelegate(theme, thumbnails)
        super().__init__(model, parent)
        self._delegate.setParent(self)
        # Painted whole by ourselves, so that scrolling moves what is there and paints only what comes into view.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setItemDelegate(self._delegate)
        self._asking = QTimer(self, singleShot=True)
        self._asking.timeout.connect(self._ask_for_thumbnails)
        self.moved.connect(self._ask_soon)
        thumbnails.changed.connect(self._thumbnails_changed)
        theme.changed.connect(self._theme_changed)

    def changeEvent(self, event: QEvent) -> None:
        """Rings are grey in a window that is not active."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the photos in the exposed rectangle, and headings."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.tokens.canvas)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        base = QStyle.StateFlag.State_Enabled
        if self.isActiveWindow():
            base |= QStyle.StateFlag.State_Active
        # the region, not its bounds: a strip scrolled in and a thumbnail that arrived can be far apart
        offset, exposed, bounds = self.verticalOffset(), event.region(), event.rect()
        top, bottom = bounds.top() + offset - RINGS, bounds.bottom() + 1 + offset + RINGS
        current = self.currentIndex().row() if self.hasFocus() else -1
        rows = self._layout.rows_between(top, bottom)
        # the one with the keyboard's ring last: no neighbour paints over it
        order = [row for row in rows if row != current] + ([current] if current in rows else [])
        for row in order:
            rect = self._layout.rect(row).translated(0, -offset)
            if not exposed.intersects(rect.adjusted(-RINGS, -RINGS, RINGS, RINGS)):
                continue
            state = base
            if self._row_is_selected(row):
                state |= QStyle.StateFlag.State_Selected
            if row == current:
                state |= QStyle.StateFlag.State_HasFocus
            option.rect, option.state = rect, state
            self._delegate.paint(painter, option, self._photos.index(row))
        self._paint_headings(painter, top, bottom)

    def _paint_headings(self, painter: QPainter, top: int, bottom: int) -> None:
        """Those between `top` and `bottom` of the content, and the one that stays at the upper edge."""
        sticky, sections, left = self.sticky_heading(), self._photos.sections, self._layout.gap
        for section, rect in self._layout.headings_between(top, bottom):
            if sticky is None or section != sticky[0]:
                place = rect.translated(0, -self.verticalOffset())
                paint_heading(painter, self._theme, place, sections[section][1], self._photos.section_count(section))
        if sticky is not None:
            section, band = sticky
            inner = band.adjusted(left, 0, -left, 0)
            count = self._photos.section_count(section)
            paint_sticky(painter, self._theme, band, inner, sections[section][1], count)

    def show_places(self, places: Mapping[int, Box]) -> None:
        """Outline a place in each of these photos, and show all photos as a whole; nothing shows squares again.

        Args:
            places: by photo id, in shares of the whole photo.
        """
        if not places and not self._delegate.places:
            return
        self._delegate.places = dict(places)
        self._ask_soon()
        self.viewport().update()

    # thumbnails

    @Slot()
    def _ask_soon(self) -> None:
        """At the end of this turn; while the size still changes, when that has settled: other sizes serve so long."""
        settling = self._asked_side not in (0, self._layout.side)
        if settling or not self._asking.isActive():
            self._asking.start(_SETTLED_MS if settling else 0)

    @Slot()
    def _ask_for_thumbnails(self) -> None:
        """Ask for what is on screen, then for half a screen on either side."""
        visible = self.visible_rows()
        self._asked_side = self._layout.side
        if not visible:
            self._thumbnails.want(self, (), 0)
            return
        top, height = self.verticalOffset(), self.viewport().height()
        near = self._layout.rows_between(top - height // 2, top + height + height // 2)
        rows = [*visible, *range(visible.stop, near.stop), *range(visible.start - 1, near.start - 1, -1)]
        side = self._thumbnails.side(self._layout.side, self.devicePixelRatioF())
        self._thumbnails.want(self, map(self._photos.id_at, rows), -side if self._delegate.places else side)

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        visible = self.visible_rows()
        for photo in set(photos):
            row = self._photos.row_of(photo)
            if row in visible:
                self.viewport().update(self._ringed(row))

    @Slot()
    def _theme_changed(self) -> None:
        self._relayout()
        self.viewport().update()
