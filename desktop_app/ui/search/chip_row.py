"""The chips of a search in a row, with what can be done with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.search.chip import Chip, ChipView
from desktop_app.ui.search.flow import Flow
from desktop_app.ui.theme import Theme


class ChipRow(QWidget):
    """What is looked for, chip by chip, in as many lines as needed. Hidden without a chip.

    Signals:
        removed(int): the chip at this place.
        switched(int): the chip at this place off or on.
        saveAsked(): keep this search by a name.
        clearAsked(): take all chips away.
    """

    removed = Signal(int)
    switched = Signal(int)
    saveAsked = Signal()
    clearAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Search")
        # not Fixed: that would hold it at the height of one line
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = Flow(self)
        self._flow.setContentsMargins(8, 0, 0, 4)
        self._looking = text("Looking for", "quiet")
        self._flow.addWidget(self._looking)
        self.save = button("Save search…", quiet=True, tip="Keep this search under a name (Ctrl+S)")
        self.save.clicked.connect(self.saveAsked)
        self.clear = button("Clear", quiet=True, tip="Take all of it away")
        self.clear.clicked.connect(self.clearAsked)
        self._flow.addWidget(self.save)
        self._flow.addWidget(self.clear)
        self._looking.setMinimumHeight(self.save.sizeHint().height())
        self._chips: list[Chip] = []
        self._shown = 0
        self._make()
        self.show_chips(())

    @property
    def first(self) -> Chip:
        """The first chip, which may be hidden."""
        return self._chips[0]

    def chips(self) -> list[Chip]:
        """The chips that are shown, in their order."""
        return self._chips[: self._shown]

    def show_chips(self, views: Sequence[ChipView]) -> None:
        """Show these; the keyboard stays at the chip it was at, or the last one left."""
        focused = next((at for at, chip in enumerate(self._chips) if chip.isAncestorOf(self._focus())), -1)
        while len(self._chips) < len(views):
            self._make()
        self._shown = len(views)
        for at, chip in enumerate(self._chips):
            if at < len(views):
                chip.show_view(views[at])
            chip.setVisible(at < len(views))
        self.clear.setVisible(len(views) > 1)
        self.setVisible(bool(views))
        if focused >= self._shown > 0:
            self._chips[self._shown - 1].setFocus(Qt.FocusReason.OtherFocusReason)
        self._flow.invalidate()
        self.updateGeometry()

    def _focus(self) -> QWidget:
        return self.window().focusWidget() or self

    def _make(self) -> None:
        at = len(self._chips)
        chip = Chip(self._theme)
        chip.setMinimumHeight(self.save.sizeHint().height())
        chip.removed.connect(partial(self._remove, at))
        chip.switched.connect(partial(self._switch, at))
        self._chips.append(chip)
        self._flow.insert(at + 1, chip)
        if at:
            QWidget.setTabOrder(self._chips[at - 1].close_button, chip)
        QWidget.setTabOrder(chip, chip.close_button)

    @Slot()
    def _remove(self, at: int) -> None:
        self.removed.emit(at)

    @Slot()
    def _switch(self, at: int) -> None:
        self.switched.emit(at)
