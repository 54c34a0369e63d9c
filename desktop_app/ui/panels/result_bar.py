"""The bar above the photos: what is looked for and how closely, or how they are sorted; and their size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Order
from desktop_app.ui import icons
from desktop_app.ui.panels.looseness import Looseness, Scores
from desktop_app.ui.panels.parts import Choice, button, icon_button, text
from desktop_app.ui.search.chip import Chip, ChipView
from desktop_app.ui.search.chip_row import ChipRow
from desktop_app.ui.search.flow import Flow
from desktop_app.ui.theme import Theme

SMALLEST, LARGEST, DEFAULT = 96, 320, 168
# widths, in letters of the text's size: from the first on everything fits into one row, below the second
# what explains itself is left away
_WIDEST_LETTERS = 128  # with the way to compare in the first row too
_WIDE_LETTERS = 98
_NARROW_LETTERS = 92
_WAY_LETTERS = 24
_GAP = 8  # between two things of a row
_MARGINS = (8, 8, 16, 8)
_ORDERS = ((Order.LIKENESS, "Likeness"), (Order.DATE, "Date"), (Order.NAME, "Name"))


class ResultBar(QWidget):
    """While browsing: the count, the order, the size. While searching also the chips, Back and the slider.

    Args:
        theme: The program's theme.

    Signals:
        backAsked(): Back to where the search began.
        thresholdChanged(float): While the slider moves.
        sortChosen(object): An `Order` was chosen by hand.
        wayChosen(str): Compare by another descriptor.
        waysOpened(): The list of ways comes down: one of them will be chosen soon.
        moreWaysAsked(): See all ways to compare.
        sizeChosen(int): A thumbnail size in device-independent pixels, while the slider moves.
    """

    backAsked = Signal()
    thresholdChanged = Signal(float)
    sortChosen = Signal(object)
    wayChosen = Signal(str)
    waysOpened = Signal()
    moreWaysAsked = Signal()
    sizeChosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Results")
        self._theme = theme
        self._searching = self._by_likeness = False
        self._filter: QWidget | None = None
        self._counted = self._counted_short = ""
        self._added = self._remarks = ""
        self._orders: list[Order] = []
        self.back = icon_button("back", "Back", "Alt+Left")
        self.back.clicked.connect(self.backAsked)
        self.crumb = button("All themes", quiet=True, tip="These are the photos of one theme. Back to the cards of all")
        self.crumb.hide()
        self.chips = ChipRow(theme)
        self.looseness = Looseness()
        self.looseness.thresholdChanged.connect(self.thresholdChanged)
        self._count = text()
        self._way_label = text("Compare by", "quiet")
        self.ways = Choice(theme)
        self.ways.setAccessibleName("Compare by")
        self.ways.activated.connect(self._way_chosen)
        self.ways.opened.connect(self.waysOpened)
        self._way_now = ""
        self._sort_label = text("Sort by", "quiet")
        self.sort = Choice(theme)
        self.sort.setAccessibleName("Sort by")
        self.sort.activated.connect(self._sorted)
        self._small, self._large = QLabel(), QLabel()
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(SMALLEST, LARGEST)
        self.size_slider.setSingleStep(24)
        self.size_slider.setPageStep(48)
        self.size_slider.setValue(DEFAULT)
        self.size_slider.setFixedWidth(96)
        self.size_slider.setAccessibleName("Size of the thumbnails")
        self.size_slider.setToolTip("Size of the thumbnails (Ctrl++ and Ctrl+-)")
        self.size_slider.valueChanged.connect(self.sizeChosen)
        self._note = text("", "quiet", wrap=True)
        self._note.setContentsMargins(8, 0, 0, 0)
        self._note.hide()
        self._right = QWidget()
        right = self._right_row = QHBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self._sort_label)
        right.addWidget(self.sort)
        right.addSpacing(8)
        right.addWidget(self._small)
        right.addWidget(self.size_slider)
        right.addWidget(self._large)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP)
        for widget in (self.back, self.crumb, self._count):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._right)
        self._below = Flow(gap=16)  # what has no room in the first row, in as many lines as it takes
        self._below.setContentsMargins(8, 0, 0, 0)
        self._way = QWidget()
        way = QHBoxLayout(self._way)
        way.setContentsMargins(0, 0, 0, 0)
        way.setSpacing(8)
        way.addWidget(self._way_label)
        way.addWidget(self.ways)
        self._way.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._below.addWidget(self.looseness)
        self._below.addWidget(self._way)
        self.looseness.setMinimumHeight(self.sort.sizeHint().height())  # in line with the lists beside it
        column = QVBoxLayout(self)
        column.setSpacing(4)
        column.setContentsMargins(*_MARGINS)
        column.addWidget(self.chips)
        column.addLayout(self._row)
        column.addLayout(self._below)
        column.addWidget(self._note)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)  # the chips may need several lines
        self.setSizePolicy(policy)
        theme.changed.connect(self._tint)
        self._tint()
        self.set_search(None)

    @property
    def chip(self) -> Chip:
        """The first chip."""
        return self.chips.first

    def add_filter(self, widget: QWidget) -> None:
        """Something that narrows what is shown, behind the count and the query."""
        self._filter = widget
        self._row.insertWidget(self._row.indexOf(self._count) + 1, widget)
        self._place()

    def set_search(self, chips: Sequence[ChipView] | None, scores: Scores = (), *, by_likeness: bool = True) -> None:
        """Look for something, or browse again with None.

        Args:
            chips: What is looked for and what narrows it; filters alone are no search: give None and `show_chips`.
            scores: The score of every result.
            by_likeness: Whether the scores say how alike the photos are, so that closer and looser make sense.
        """
        searching = self._searching = chips is not None
        self._by_likeness = searching and by_likeness
        self.chips.show_chips(chips or ())
        self.back.setVisible(searching)
        self.looseness.setVisible(self._by_likeness)
        self._show_ways()
        self._count.setVisible(not self._by_likeness)
        if self._by_likeness:
            self.looseness.set_scores(scores)
        chosen = self.order()
        shown = [(order, name) for order, name in _ORDERS if searching or order is not Order.LIKENESS]
        self._orders = [order for order, _ in shown]
        self.sort.clear()
        self.sort.addItems([name for _, name in shown])
        # the style reckons without the sheet's padding: the longest name would lose its last letter
        self.sort.setMinimumWidth(self.sort.sizeHint().width() + self.sort.fontMetrics().averageCharWidth() * 2)
        self.set_order(Order.LIKENESS if searching else chosen if chosen is not Order.LIKENESS else Order.DATE)
        self._place()

    def set_ways(self, ways: Sequence[tuple[str, str]], now: str) -> None:
        """The ways to compare, as (descriptor, words), and the one in force; emits nothing."""
        there = [(self.ways.itemData(at), self.ways.itemText(at)) for at in range(self.ways.count() - 2)]
        if there == list(ways) and self._way_now == now == self.ways.currentData():
            return  # the list may be down
        self._way_now = now
        self.ways.clear()
        for descriptor, words in ways:
            self.ways.addItem(words, descriptor)
            self.ways.setItemData(self.ways.count() - 1, descriptor, Qt.ItemDataRole.ToolTipRole)
        self.ways.insertSeparator(self.ways.count())
        self.ways.addItem("More ways…", None)
        self.ways.setCurrentIndex(max(0, self.ways.findData(now)))
        self.ways.setToolTip(now)
        letter = self.ways.fontMetrics().averageCharWidth()
        whole = self.ways.sizeHint().width() + letter * 2  # a network's title may be long
        self.ways.setFixedWidth(min(whole, _WAY_LETTERS * letter))
        self.ways.view().setMinimumWidth(whole)
        self._show_ways()
        self._place()

    def _show_ways(self) -> None:
        self._way.setVisible(self._by_likeness and self.ways.count() > 0)

    def set_count(self, count: int, total: int | None = None, words: str = "") -> None:
        """How many photos are browsed; `total` where a filter leaves some out: "12 of 3,120 photos: `words`"."""
        if total is None or total == count:
            short = wording.count(count, "photo")
        else:
            short = f"{wording.number(count)} of {wording.count(total, 'photo')}"
        self._counted_short = short
        self._counted = f"{short}: {words}" if words else short
        self._count.setAccessibleName(self._counted)
        self._place()

    def count_words(self) -> str:
        """What is said about the number of photos."""
        return self.looseness.count_words() if self._by_likeness else self._counted

    def set_added_so_far(self, count: int | None) -> None:
        """Say that the results are from the photos added so far; None when all are in."""
        self._added = "" if count is None else f"In the {wording.count(count, 'photo')} added so far."
        self._show_note()

    def set_remarks(self, remarks: Sequence[str]) -> None:
        """Say this about what is shown, for as long as it is shown."""
        before, self._remarks = self._remarks, " ".join(remarks)
        self._show_note()
        if self._remarks and self._remarks != before:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._remarks))

    def _show_note(self) -> None:
        words = f"{self._added} {self._remarks}".strip()
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def note_words(self) -> str:
        """What is said about what is shown; "" for nothing."""
        return self._note.text()

    def order(self) -> Order:
        """The order that is shown as chosen."""
        at = self.sort.currentIndex()
        return self._orders[at] if 0 <= at < len(self._orders) else Order.DATE

    def set_order(self, order: Order) -> None:
        """Show an order as the chosen one; emits nothing."""
        if order in self._orders:
            self.sort.setCurrentIndex(self._orders.index(order))

    def set_size(self, size: int) -> None:
        """Show a thumbnail size; emits nothing."""
        self.size_slider.blockSignals(True)
        self.size_slider.setValue(size)
        self.size_slider.blockSignals(False)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it gets when what explains itself is left away."""
        return QSize(min(360, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """What it holds became wider or narrower: place it anew."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        """Everything into the first row where it fits; else below, and what explains itself left away."""
        inner = self.width() - _MARGINS[0] - _MARGINS[2]
        letters = self.width() / self.fontMetrics().averageCharWidth()
        first = [one for one in (self.back, self.crumb, self._filter) if one is not None and not one.isHidden()]
        used = sum(_room_of(one) for one in first)
        explained = (self._sort_label, self._small, self._large)
        right = sum(_room_of(one) for one in (self.sort, self.size_slider))
        right_whole = right + sum(_room_of(one) for one in explained) + _GAP
        if not self._by_likeness:
            # the filter beside it says its words itself
            is_said = self._filter is not None and not self._filter.isHidden()
            width = self._count.fontMetrics().horizontalAdvance(self._counted) + 2 * _GAP
            self._count.setText(self._counted_short if is_said or width > inner - used - right else self._counted)
            used += _room_of(self._count)
        roomy = letters >= _NARROW_LETTERS and used + right_whole <= inner
        for label in (*explained, self._way_label):
            label.setVisible(roomy)
        self._right_row.activate()  # its width is asked for now, not at the next turn of the event loop
        self.looseness.set_narrow(self._is_narrow(inner - 2 * _GAP))
        room = inner - used - (right_whole if roomy else right)
        self._put(self._right, room >= 0, self._row.count())
        room -= self.looseness.whole_width() + 2 * _GAP
        wide = letters >= _WIDE_LETTERS and room >= 0
        self._put(self.looseness, wide or not self._by_likeness, 3)
        roomiest = wide and letters >= _WIDEST_LETTERS and room >= _room_of(self._way)
        self._put(self._way, roomiest, self._row.count() - 1)

    def _is_narrow(self, room: int) -> bool:
        """Whether the slider is to be short: where it has no room else, or where that saves a line."""
        whole, beside = self.looseness.whole_width(), 0 if self._way.isHidden() else _room_of(self._way) + _GAP
        return whole > room or self.looseness.narrow_width() + beside <= room < whole + beside

    def _put(self, widget: QWidget, in_row: bool, at: int) -> None:
        """Into the first row at a place, or below; nothing where it is there."""
        if in_row == (self._row.indexOf(widget) >= 0):
            return
        (self._below if in_row else self._row).removeWidget(widget)
        if in_row:
            self._row.insertWidget(min(at, self._row.count()), widget)
        elif widget is self.looseness:
            self._below.insert(0, widget)
        elif widget is self._way:
            self._below.insert(min(1, self._below.indexOf(self.looseness) + 1), widget)
        else:
            self._below.addWidget(widget)

    @Slot(int)
    def _way_chosen(self, _at: int) -> None:
        descriptor = self.ways.currentData()
        if descriptor is None:
            self.ways.setCurrentIndex(max(0, self.ways.findData(self._way_now)))
            self.moreWaysAsked.emit()
        else:
            self.wayChosen.emit(descriptor)

    @Slot(int)
    def _sorted(self, _at: int) -> None:
        self.sortChosen.emit(self.order())

    @Slot()
    def _tint(self) -> None:
        colour = self._theme.tokens.text2
        for label, name in ((self._small, "thumbnails-small"), (self._large, "thumbnails-large")):
            label.setPixmap(icons.pixmap(name, colour, 16, self.devicePixelRatioF()))
            label.setFixedSize(QSize(16, 16))


def _room_of(widget: QWidget) -> int:
    """What a widget takes of a row, with the gap beside it."""
    return min(max(widget.sizeHint().width(), widget.minimumWidth()), widget.maximumWidth()) + _GAP
