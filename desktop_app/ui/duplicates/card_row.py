"""The photos of a set side by side; more than have room scroll sideways."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QPoint,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from desktop_app.core.duplicates.sets import CopySet, SetFacts
from desktop_app.ui.duplicates import keys
from desktop_app.ui.duplicates.card_delegate import CardDelegate
from desktop_app.ui.duplicates.cards import Card, CardsModel, make_cards
from desktop_app.ui.duplicates.pictures import Pictures
from desktop_app.ui.duplicates.values import Companions
from desktop_app.ui.grid.thumbnails import Thumbnails
from desktop_app.ui.panels.list_model import AnyIndex
from desktop_app.ui.panels.picture_list import PictureList
from desktop_app.ui.theme import Theme

Flag = QItemSelectionModel.SelectionFlag
_NARROWEST = 236  # of a card at the usual text size


class CardRow(PictureList):
    """One set's photos.

    Signals:
        asked(str): a key that means something on the page.
        markClicked(int): turn a photo's mark round.
        opened(int): a photo was double-clicked.
        menuAsked(int, QPoint): the context menu of a photo.
        moved(): other photos are on screen, or larger.
    """

    asked = Signal(str)
    markClicked = Signal(int)
    opened = Signal(int)
    menuAsked = Signal(int, QPoint)
    moved = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._theme, self._pictures = theme, pictures
        self.cards = CardsModel(self)
        self._delegate = CardDelegate(theme, thumbnails, pictures, self)
        self.setModel(self.cards)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAccessibleName("Photos of this set")
        self.setViewportMargins(4, 4, 4, 0)
        pictures.arrived.connect(self._picture_arrived)
        theme.changed.connect(self._theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_set(
        self,
        copies: CopySet | None,
        facts: SetFacts | None,
        goes: frozenset[int],
        companions: Mapping[int, Companions],
    ) -> None:
        """Show a set; of the same one only what is said of it changes."""
        now = [card.photo for card in self.cards.rows]
        was = self.current_photo()
        self.cards.show(make_cards(copies, facts, goes, companions) if copies is not None else [])
        same = now == [card.photo for card in self.cards.rows]
        self._fit()
        if not same:
            row = next((row for row, card in enumerate(self.cards.rows) if card.photo == was), 0)
            self.horizontalScrollBar().setValue(0)
            self.go_to(row)
        self.ask_soon()

    def current_photo(self) -> int:
        """The photo that the keyboard is at; -1 where there is none."""
        card = self.cards.row(self.currentIndex().row())
        return card.photo if card is not None else -1

    def current_card(self) -> Card | None:
        """Its card."""
        return self.cards.row(self.currentIndex().row())

    def go_to(self, row: int) -> None:
        """Look at another photo of the set."""
        if 0 <= row < len(self.cards.rows):
            self.selectionModel().setCurrentIndex(self.cards.index(row), Flag.NoUpdate)
            self.scrollTo(self.cards.index(row))

    def go_to_photo(self, photo: int) -> None:
        """Look at this photo."""
        self.go_to(next((row for row, card in enumerate(self.cards.rows) if card.photo == photo), -1))

    def step(self, by: int) -> None:
        """Go to a photo before or after."""
        self.go_to(min(max(0, self.currentIndex().row() + by), len(self.cards.rows) - 1))

    def visible_rows(self) -> range:
        """The cards of which anything is on screen, then one more."""
        width = max(1, self._delegate.cell.width())
        left = self.horizontalScrollBar().value()
        last = (left + self.viewport().width()) // width + 2
        return range(left // width, min(last, len(self.cards.rows)))

    def photos_on_screen(self) -> list[int]:
        """Their photos."""
        return [self.cards.rows[row].photo for row in self.visible_rows()]

    def photos_of(self, row: int) -> tuple[int, ...]:
        """The one of a card."""
        card = self.cards.row(row)
        return (card.photo,) if card is not None else ()

    def photo_size(self) -> int:
        """As large as there are any: cards are larger still."""
        return 256

    def picture_side(self) -> int:
        """The longer side of pixels that a card needs, device pixels."""
        photo = self._delegate.places(self.visualRect(self.cards.index(0))).photo
        return max(64, round(max(photo.width(), photo.height()) * self.devicePixelRatioF()))

    def card_places(self, row: int) -> object:
        """Where the parts of a card are on the viewport."""
        return self._delegate.places(self.visualRect(self.cards.index(row)))

    def _fit(self) -> None:
        room, cards = self.viewport().size(), self.cards.rows
        scale = max(1.0, self._theme.font().pointSizeF() / 10)  # larger text needs wider cards
        least = max(120, min(round(_NARROWEST * scale), room.width()))
        columns = max(1, min(len(cards) or 1, room.width() // least))
        height = room.height()
        if len(cards) > columns:
            height = min(height, self.maximumViewportSize().height() - self.horizontalScrollBar().sizeHint().height())
        cell = QSize(max(least, room.width() // columns), max(120, height))
        titles = {line.title for card in cards for line in card.lines}
        before = self._delegate.cell, self._delegate.facts
        known = [card.height / card.width for card in cards if card.width]
        tallest = max(known) if known and len(known) == len(cards) else 0.0
        self._delegate.fit(cell, max((len(card.lines) for card in cards), default=0), titles, tallest)
        if before != (self._delegate.cell, self._delegate.facts):
            self.horizontalScrollBar().setSingleStep(max(20, cell.width() // 3))
            self.scheduleDelayedItemsLayout()
        self.viewport().update()
        self.ask_soon()

    @Slot()
    def ask_for_thumbnails(self) -> None:
        """The pixels that cards show once they are there are asked for elsewhere."""
        super().ask_for_thumbnails()
        self.moved.emit()

    @Slot(int)
    def _picture_arrived(self, photo: int) -> None:
        for row, card in enumerate(self.cards.rows):
            if card.photo == photo:
                self.update(self.cards.index(row))

    @Slot()
    def _theme_changed(self) -> None:
        self._delegate.update_fonts()
        self._fit()

    # --- keys and mouse --------------------------------------------------------------------------------------

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()  # rings reach beyond their card

    def event(self, event: QEvent) -> bool:
        """The page's keys are its own, whatever the window has them for."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.claims(event):
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A tooltip says all of what has no room on a card."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            card = self.cards.row(self.indexAt(event.pos()).row())
            if card is not None:
                QToolTip.showText(event.globalPos(), tip_of(card, in_mark=self._in_mark(event.pos())), self)
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = keys.meaning(event)
        if found:
            self.asked.emit(found)
        elif event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        card = self.cards.row(self.indexAt(event.position().toPoint()).row())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if card is not None and is_left and self._in_mark(event.position().toPoint()):
            self.markClicked.emit(card.photo)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        card = self.cards.row(self.indexAt(at).row())
        if card is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._in_mark(at):  # two quick clicks on a mark are two clicks
            self.markClicked.emit(card.photo)
        else:
            self.opened.emit(card.photo)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        in_mark = self._in_mark(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if in_mark else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel goes through photos that have no room, whichever way it is turned."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - turn)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if is_mouse else self.currentIndex()
        if index.isValid():
            self.go_to(index.row())
            middle = self._delegate.places(self.visualRect(index)).photo.center()
            at = event.globalPos() if is_mouse else self.viewport().mapToGlobal(middle)
            self.menuAsked.emit(self.current_photo(), at)

    def _in_mark(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        return index.isValid() and self._delegate.places(self.visualRect(index)).mark.contains(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Rings are grey in a window that is not active."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def tip_of(card: Card, *, in_mark: bool) -> str:
    """The whole of what a card says."""
    if in_mark and not card.because:
        return "Goes to the trash; click to keep it" if not card.stays else "Kept; click to let it go"
    words = [card.name, card.folder]
    words += [f"It stays: it is {card.because}."] if card.because else []
    words += [card.how] if card.how else []
    words += [f"Goes together with: {card.companions.words}"] if card.companions is not None else []
    words += [f"{line.title}: {line.value}" for line in card.lines]
    return "\n".join(word for word in words if word)
