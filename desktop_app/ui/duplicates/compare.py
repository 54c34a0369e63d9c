"""Two photos of a set side by side, moved and magnified in step, or what differs between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.duplicates.sets import CopySet, How
from desktop_app.ui.duplicates import keys, values
from desktop_app.ui.duplicates.cards import Card
from desktop_app.ui.duplicates.compare_side import Side
from desktop_app.ui.duplicates.linked import Aim, Link, box_of, overlap, upright
from desktop_app.ui.duplicates.pictures import Pictures
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.panels.parts import button, icon_button, text
from desktop_app.ui.theme import Theme

FULL = 1 << 20
"""A side that no photo has: every pixel is read."""


class CompareView(QWidget):
    """The photo that is suggested to be kept at left, the one that the keyboard is at beside it.

    Signals:
        asked(str): a key that means something on the page.
        chosen(int): the photo that keys mean now.
        markClicked(int): turn a photo's mark round.
        differenceAsked(int, int): where two photos differ; answered by `show_difference`.
        resized(): other pixels are wanted.
    """

    asked = Signal(str)
    chosen = Signal(int)
    markClicked = Signal(int)
    differenceAsked = Signal(int, int)
    resized = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Side by side")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._thumbnails, self._pictures = thumbnails, pictures
        self._set: CopySet | None = None
        self._cards: tuple[Card, ...] = ()
        self._shown: tuple[int, ...] = ()
        self._wants_full = False
        self._differences: tuple[int, int] | None = None
        self.left, self.right = Side(theme), Side(theme)
        self.link = Link((self.left.canvas, self.right.canvas), self)
        self.title = text("", "section")
        self.zoom = text("", "quiet")
        self.back = icon_button("back", "Back to the sets", "Space")
        self.differ = button("Differences", quiet=True, tip="Where the two differ (D)")
        self.differ.setCheckable(True)
        self.whole = button("100 %", quiet=True, tip="Fit, or 100 % in step (Z)")
        self._lay_out()
        self._join()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 16, 4)
        top.setSpacing(8)
        top.addWidget(self.back)
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.zoom)
        for made in (self.differ, self.whole):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            top.addWidget(made)
        both = QHBoxLayout()
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(4)
        both.addWidget(self.left, 1)
        both.addWidget(self.right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(both, 1)

    def _join(self) -> None:
        self.back.clicked.connect(self._go_back)
        self.differ.clicked.connect(self.toggle_difference)
        self.whole.clicked.connect(self.toggle_zoom)
        for side in (self.left, self.right):
            side.markClicked.connect(self._click_mark)
            side.clicked.connect(self._choose)
            side.canvas.fullWanted.connect(self._want_full)
            side.canvas.scaleChanged.connect(self._show_scale)
        self._pictures.arrived.connect(self._picture_arrived)
        self._thumbnails.changed.connect(self._thumbnails_changed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_set(self, copies: CopySet | None, cards: Sequence[Card], current: int) -> None:
        """Show the suggested photo of a set and another one."""
        if copies is None or len(cards) < 2:
            self._set, self._cards, self._shown = None, (), ()
            return
        other_set = self._set is None or self._set.key != copies.key
        self._set, self._cards = copies, tuple(cards)
        by_id = {card.photo: card for card in cards}
        left = by_id.get(int(copies.suggestion.keep), cards[0])
        kept = by_id.get(self._shown[1]) if len(self._shown) == 2 and not other_set else None
        right = by_id.get(current, left)
        if right is left:
            right = kept if kept is not None and kept is not left else next(one for one in cards if one is not left)
        pair = (left.photo, right.photo)
        at = next(row for row, card in enumerate(cards) if card is right) + 1
        words = values.title_of(copies)
        if len(cards) > 2:
            words += f": {wording.number(at)} of {wording.number(len(cards))} beside the suggested one"
        self.title.setText(words)
        is_left = current == left.photo
        if pair != self._shown:
            aim = Aim() if other_set else self.link.aim()
            self._shown = pair
            self._wants_full = self._wants_full and not other_set
            self._begin(self.left, left, copies)
            self._begin(self.right, right, copies)
            if other_set or self.is_differing:
                self._end_difference()
            self.link.aim_at(aim)
        for side, card in ((self.left, left), (self.right, right)):
            side.show_card(card, current=(side is self.left) == is_left)
            if not (side is self.right and self.is_differing):
                side.canvas.set_size(_size_of(card, side.how))  # known later than the set

    def begin_anew(self) -> None:
        """The next look begins with the whole photos and without what differs."""
        self._end_difference()
        self._shown, self._wants_full = (), False
        self.link.aim_at(Aim())

    def photos(self) -> list[int]:
        """The two that are shown."""
        return list(self._shown)

    def picture_side(self) -> int:
        """The longer side of the pixels that are wanted."""
        return FULL if self._wants_full else self.left.canvas.screen_side()

    def _begin(self, side: Side, card: Card, copies: CopySet) -> None:
        copy = values.copy_of(copies, card.photo)
        side.how = copy.how if copy is not None else None
        side.canvas.box = box_of(side.how)
        is_turned = side.how is not None and (side.how.turn or side.how.mirrored)
        thumbnail = None if is_turned else self._thumbnails.pixmap(card.photo, 256)
        side.canvas.show_photo(_size_of(card, side.how), thumbnail)
        side.canvas.setAccessibleName(card.name)
        self._bring(side, card.photo)

    def _bring(self, side: Side, photo: int) -> None:
        image = self._pictures.get(photo)
        if image is None or image.isNull():
            if image is not None:
                side.facts.set_words(self._pictures.failure(photo))
            return
        shown = upright(image, side.how)
        card = side.card
        full = self._pictures.is_full(photo) or (card is not None and max(card.width, card.height) <= max(
            image.width(), image.height()
        ))  # fmt: skip
        side.canvas.set_image(shown, full=full)

    @Slot(int)
    def _picture_arrived(self, photo: int) -> None:
        for side, one in zip((self.left, self.right), self._shown, strict=False):
            if one == photo and not (side is self.right and self.is_differing):
                self._bring(side, photo)

    @Slot(object)
    def _thumbnails_changed(self, photos: list[int]) -> None:
        for side, one in zip((self.left, self.right), self._shown, strict=False):
            turned = side.how is not None and (side.how.turn or side.how.mirrored)
            if one in photos and not side.canvas.has_image and not turned:
                found = self._thumbnails.pixmap(one, 256)
                if found is not None:
                    side.canvas.set_thumbnail(found)

    @Slot()
    def _want_full(self) -> None:
        if not self._wants_full:
            self._wants_full = True
            self.resized.emit()

    @Slot(float)
    def _show_scale(self, _scale: float = 1.0) -> None:
        canvas = max((self.left.canvas, self.right.canvas), key=lambda one: one.true_width())
        self.zoom.setText("" if self.link.is_fit else f"{round(100 * canvas.scale())} %")
        self.whole.setText("100 %" if self.link.is_fit else "Fit")

    # --- what is done ----------------------------------------------------------------------------------------

    @Slot()
    def toggle_zoom(self) -> None:
        """Between the whole photos and 100 %, in step."""
        self.link.toggle()
        self._show_scale()

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, both; 0 shows the whole photos."""
        if factor:
            self.left.canvas.zoom_by(factor)
        else:
            self.left.canvas.fit()
        self._show_scale()

    @property
    def is_differing(self) -> bool:
        """Whether what differs is shown in the place of the second photo."""
        return self._differences is not None

    @Slot()
    def toggle_difference(self) -> None:
        """What differs, or the second photo again."""
        if self.is_differing:
            aim = self.link.aim()
            self._end_difference()
            if self._set is not None and len(self._shown) == 2:
                card = next(card for card in self._cards if card.photo == self._shown[1])
                self._begin(self.right, card, self._set)
                self.link.aim_at(aim)
        elif len(self._shown) == 2:
            self._differences = (self._shown[0], self._shown[1])
            self.differ.setChecked(True)
            self.differenceAsked.emit(*self._shown)

    def show_difference(self, one: int, other: int, image: QImage, words: str) -> None:
        """The picture of what differs between two photos, laid as the first lies; null where they cannot be laid so."""
        if self._differences != (one, other):
            return
        aim = self.link.aim()
        self.right.facts.set_words(words)
        if not image.isNull():  # it shows what both show
            self.right.canvas.box = overlap(self.left.canvas.box, box_of(self.right.how))
            self.right.canvas.show_photo(image.size(), None)
            self.right.canvas.set_image(image, full=True)
            self.link.aim_at(aim)

    def _end_difference(self) -> None:
        self._differences = None
        self.differ.setChecked(False)
        if self.right.card is not None:
            self.right.show_card(self.right.card, current=self.right.is_current)

    @Slot()
    def _go_back(self) -> None:
        self.asked.emit("compare")

    @Slot()
    def _click_mark(self) -> None:
        side = self.sender()
        if isinstance(side, Side) and side.card is not None:
            self.markClicked.emit(side.card.photo)

    @Slot()
    def _choose(self) -> None:
        side = self.sender()
        if isinstance(side, Side) and side.card is not None and self._set is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit(side.card.photo)
            self.show_set(self._set, self._cards, side.card.photo)

    # --- the widget ------------------------------------------------------------------------------------------

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
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def _size_of(card: Card, how: How | None) -> QSize:
    """A photo's pixels when it is laid as the first of its set lies; empty while they are not known."""
    turned = how is not None and how.turn in (90, 270)
    return QSize(card.height, card.width) if turned else QSize(card.width, card.height)
