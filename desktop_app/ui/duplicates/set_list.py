"""The list of sets: thousands, each with two of its photos, how they differ, and what there is to gain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import CopySet
from desktop_app.ui.duplicates import keys, values
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.theme import Theme

AnyIndex = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_SET = Qt.ItemDataRole.UserRole + 1
_THUMB = 44
_BEHIND = 14  # how far the second photo looks out from behind the first
_PADDING = 8
_AHEAD = 12  # rows whose pictures are asked for beyond those on screen


class SetsModel(QAbstractListModel):
    """Holds the sets."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sets: list[CopySet] = []
        self._rows: dict[str, int] = {}

    def show(self, sets: Sequence[CopySet]) -> None:
        """Show these."""
        self.beginResetModel()
        self.sets = list(sets)
        self._rows = {one.key: row for row, one in enumerate(self.sets)}
        self.endResetModel()

    def at(self, row: int) -> CopySet | None:
        """The set of a row."""
        return self.sets[row] if 0 <= row < len(self.sets) else None

    def row_of(self, key: str) -> int:
        """Where a set is; -1 where it is not."""
        return self._rows.get(key, -1)

    def rowCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.sets)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        copies = self.at(index.row()) if index.isValid() else None
        if copies is None:
            return None
        if role == _SET:
            return copies
        if role == Qt.ItemDataRole.DisplayRole:
            return values.title_of(copies)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return values.spoken(copies)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{values.title_of(copies)}: {values.facts_of(copies)}"
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails
        self.update_fonts()

    def update_fonts(self) -> None:
        """Take the fonts from the theme anew."""
        self._title, self._small = self._theme.font(semi_bold=True), self._theme.font(0.92)

    def height(self) -> int:
        """Of one row."""
        lines = QFontMetrics(self._title).height() + 3 + QFontMetrics(self._small).height()
        return max(_THUMB, lines) + 2 * _PADDING

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """As wide as the list, one row high."""
        return QSize(100, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a set."""
        copies: CopySet | None = index.data(_SET)
        if copies is None:
            return
        tokens, rect, state = self._theme.tokens, option.rect, option.state
        row = QRectF(rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = tokens.window
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.accentfill if chosen else tokens.hover
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(row, 6, 6)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 6, 6)
        top = rect.center().y() - _THUMB // 2
        front = QRect(rect.left() + _PADDING + 4, top, _THUMB, _THUMB)
        if len(copies.copies) > 1:
            behind = front.adjusted(_BEHIND + 4, 4, _BEHIND - 4, -4)
            self._paint_photo(painter, behind, int(copies.copies[1].photo), tokens, faded=True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(front.adjusted(-2, -2, 2, 2), 5, 5)
        self._paint_photo(painter, front, int(copies.suggestion.keep), tokens)
        left = front.right() + _BEHIND + 10
        self._paint_words(painter, QRect(left, rect.top(), rect.right() - left - 10, rect.height()), copies)
        painter.restore()

    def _paint_photo(self, painter: QPainter, place: QRect, photo: int, tokens: Any, *, faded: bool = False) -> None:
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), 4, 4)
        found = self._thumbnails.cached(photo, self._thumbnails.side(_THUMB, painter.device().devicePixelRatio()))
        painter.fillPath(path, tokens.hover)
        if found is None:
            return
        painter.save()
        painter.setClipPath(path)
        painter.setOpacity(0.55 if faded else 1.0)
        painter.drawPixmap(QRectF(place), found, QRectF(found.rect()))
        painter.restore()

    def _paint_words(self, painter: QPainter, room: QRect, copies: CopySet) -> None:
        tokens = self._theme.tokens
        title, small = QFontMetrics(self._title), QFontMetrics(self._small)
        top = room.top() + (room.height() - title.height() - 3 - small.height()) // 2
        first = QRect(room.left(), top, room.width(), title.height())
        second = QRect(room.left(), top + title.height() + 3, room.width(), small.height())
        gain = wording.byte_size(copies.bytes_to_gain) if copies.bytes_to_gain else ""
        width = small.horizontalAdvance(gain)
        painter.setFont(self._title)
        painter.setPen(tokens.text)
        words = title.elidedText(values.title_of(copies), Qt.TextElideMode.ElideRight, room.width() - width - 8)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.setFont(self._small)
        painter.setPen(tokens.text2)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), gain)
        words = small.elidedText(values.facts_of(copies), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(second, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)


class SetList(QListView):
    """The sets, one below the other; the one that the keyboard is at is what is shown.

    Signals:
        shown(object): another `CopySet` is looked at; None where there is none.
        asked(str): a key that means something on the page.
    """

    shown = Signal(object)
    asked = Signal(str)

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self._thumbnails = thumbnails
        self._last: CopySet | None = None
        self._is_filling = False
        self.sets = SetsModel(self)
        self._delegate = _Delegate(theme, thumbnails, self)
        self.setModel(self.sets)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Sets")
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask_for_thumbnails)
        self.verticalScrollBar().valueChanged.connect(self._ask_soon)
        thumbnails.changed.connect(self._thumbnails_changed)
        theme.changed.connect(self._theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_sets(self, sets: Sequence[CopySet], key: str = "") -> None:
        """Show these. The set that was looked at stays; where it went, what took its place comes.

        Args:
            sets: in order.
            key: a set to go to instead, where it is there.
        """
        row, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        now = self.current_set()
        self._is_filling = True
        self.sets.show(sets)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        at = self.sets.row_of(key) if key else -1
        if at < 0 and now is not None:
            at = self.sets.row_of(now.key)
        if at < 0:
            at = min(max(0, row), len(self.sets.sets) - 1)
        self._is_filling = False
        self.go_to(at)
        self._ask_soon()

    def current_set(self) -> CopySet | None:
        """The set that is looked at."""
        return self.sets.at(self.currentIndex().row())

    def upcoming(self, many: int) -> list[CopySet]:
        """The sets after the one that is looked at."""
        row = self.currentIndex().row()
        return self.sets.sets[row + 1 : row + 1 + many]

    def go_to(self, row: int) -> None:
        """Look at another set."""
        if 0 <= row < len(self.sets.sets):
            index = self.sets.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
        self._tell()

    def step(self, by: int) -> bool:
        """Go to a set before or after; False at the end."""
        row = self.currentIndex().row() + by
        held = min(max(0, row), len(self.sets.sets) - 1)
        if held == self.currentIndex().row():
            return False
        self.go_to(held)
        return True

    def page_rows(self) -> int:
        """How many sets are on screen."""
        return max(1, self.viewport().height() // self._delegate.height() - 1)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if not self._is_filling:
            self._tell()

    def _tell(self) -> None:
        now = self.current_set()
        if now is not self._last:
            self._last = now
            self.shown.emit(now)

    # --- keys ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """The page's keys are its own, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = keys.meaning(event)
        if found:
            self.asked.emit(found)
        elif event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # no search by what is typed
        else:
            super().keyPressEvent(event)

    # --- thumbnails ------------------------------------------------------------------------------------------

    def visible_rows(self) -> range:
        """The sets of which anything is on screen."""
        height, top = self._delegate.height(), self.verticalScrollBar().value()
        first = max(0, top // height)
        return range(first, min(len(self.sets.sets), (top + self.viewport().height()) // height + 1))

    @Slot()
    def _ask_soon(self) -> None:
        self._asking.start()

    @Slot()
    def _ask_for_thumbnails(self) -> None:
        if not self.isVisible():
            self._thumbnails.want(self, (), 0)
            return
        rows = self.visible_rows()
        wanted: list[int] = []
        for row in (*rows, *range(rows.stop, min(len(self.sets.sets), rows.stop + _AHEAD))):
            wanted += [int(self.sets.sets[row].suggestion.keep), int(self.sets.sets[row].copies[1].photo)]
        self._thumbnails.want(self, wanted, self._thumbnails.side(_THUMB, self.devicePixelRatioF()))

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        arrived = set(photos)
        for row in self.visible_rows():
            if not arrived.isdisjoint(map(int, self.sets.sets[row].photos)):
                self.update(self.sets.index(row))

    @Slot()
    def _theme_changed(self) -> None:
        self._delegate.update_fonts()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_soon()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask_soon()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._ask_soon()
