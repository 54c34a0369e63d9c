"""The cards of the page: a network that is here, and one that can be downloaded."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.ui.networks.values import Getting, NetworkCard, OfferCard, Use
from desktop_app.ui.panels.details import DetailRows
from desktop_app.ui.panels.parts import ProgressBar, button, text


def set_role(label: QLabel, role: str) -> None:
    """Give a label another part to play: another colour."""
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)


_USES = {
    Use.DEFAULT: "This library compares by it",
    Use.ALSO: "Ready in this library",
    Use.NONE: "",
}


class NetworkCardWidget(QFrame):
    """A network that is here.

    Signals:
        useAsked(str), alsoAsked(str), measureAsked(str), layersAsked(str), removeAsked(str): of the network's name.
    """

    useAsked = Signal(str)
    alsoAsked = Signal(str)
    measureAsked = Signal(str)
    layersAsked = Signal(str)
    removeAsked = Signal(str)

    def __init__(self, card: NetworkCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._name = card.name
        self.title = text("", "section")
        self.state = text("", "good")
        self.good_at = text("", wrap=True)
        self.facts = text("", "quiet", wrap=True)
        self.trouble = text("", "bad", wrap=True)
        self.use = button("Compare this library by it")
        self.also = button("Get it ready too", tip="Compare by offers it then; what you compare by now stays")
        self.measure = button("Measure speed", quiet=True)
        self.see = button("What it sees…", quiet=True, tip="Its layers and what excites each of their channels")
        self.remove = button("Remove…", quiet=True)
        self.fold = button("Details", quiet=True)
        self.fold.setCheckable(True)
        self.rows = DetailRows()
        self.rows.hide()
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for one in (self.use, self.also, self.see, self.measure, self.remove):
            foot.addWidget(one)
        foot.addStretch(1)
        foot.addWidget(self.fold)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for label in (self.good_at, self.facts, self.trouble):
            column.addWidget(label)
        column.addLayout(foot)
        column.addWidget(self.rows)
        for one in (self.use, self.also, self.measure, self.see, self.remove):
            one.clicked.connect(self._ask)
        self.fold.toggled.connect(self.rows.setVisible)
        self.show_card(card)

    def show_card(self, card: NetworkCard) -> None:
        """Show what is known now; the same network."""
        self.setAccessibleName(f"{card.title}. {_USES[card.use] or card.part}".rstrip(". ") + ".")
        self.title.setText(card.title)
        self.state.setText("Getting photos ready…" if card.busy else _USES[card.use] or card.part)
        set_role(self.state, "good" if card.use is not Use.NONE and not card.busy else "quiet")
        self.good_at.setText(card.good_at)
        self.good_at.setVisible(bool(card.good_at))
        self.facts.setText(card.facts)
        self.facts.setVisible(not card.trouble)  # nothing is known of it
        self.trouble.setText(card.trouble)
        self.trouble.setVisible(bool(card.trouble))
        usable = not card.trouble
        self.use.setVisible(usable and card.use is not Use.DEFAULT)
        self.use.setEnabled(not card.busy)
        self.also.setVisible(usable and card.use is Use.NONE)
        self.also.setEnabled(not card.busy)
        self.also.setText("Get the rest ready too" if card.part else "Get it ready too")
        self.measure.setVisible(usable)
        self.see.setVisible(usable and card.use is not Use.NONE)
        self.remove.setVisible(card.removable)
        self.rows.set_details(card.details)
        self.fold.setVisible(bool(card.details))

    @Slot()
    def _ask(self) -> None:
        asked = {
            self.use: self.useAsked,
            self.also: self.alsoAsked,
            self.measure: self.measureAsked,
            self.see: self.layersAsked,
            self.remove: self.removeAsked,
        }
        sender = self.sender()
        for one, signal in asked.items():
            if one is sender:
                signal.emit(self._name)


class OfferCardWidget(QFrame):
    """A network that can be downloaded.

    Signals:
        getAsked(str), stopAsked(str): of the network's name.
    """

    getAsked = Signal(str)
    stopAsked = Signal(str)

    def __init__(self, card: OfferCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._name = card.name
        self.title = text("", "section")
        self.good_at = text("", "quiet", wrap=True)
        self.facts = text("", "quiet", wrap=True)
        self.bar = ProgressBar()
        self.progress = text("", "quiet", wrap=True)
        self.get = button("Download")
        self.stop = button("Stop")
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.title, self.good_at, self.facts, self.progress, self.bar):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        for one in (self.get, self.stop):
            row.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        self.get.clicked.connect(self._get)
        self.stop.clicked.connect(self._stop)
        self.show_card(card)

    def show_card(self, card: OfferCard) -> None:
        """Show how far it is now; the same network."""
        self.setAccessibleName(f"{card.title}. {card.facts}")
        self.title.setText(card.title)
        self.good_at.setText(card.good_at)
        self.facts.setText(card.facts)
        runs = card.state is Getting.RUNS
        failed = card.state is Getting.FAILED
        leaving, coming = (self.get, self.stop) if runs else (self.stop, self.get)
        coming.show()
        if leaving.hasFocus():
            coming.setFocus()  # else the keyboard falls on the next network's Download
        self.get.setVisible(not runs)
        self.get.setText({Getting.STOPPED: "Continue", Getting.FAILED: "Try again"}.get(card.state, "Download"))
        self.get.setAccessibleName(f"{self.get.text()} {card.title}")
        self.stop.setVisible(runs)
        self.stop.setAccessibleName(f"Stop downloading {card.title}")
        self.bar.setVisible(runs)
        self.bar.show_done(round(1000 * card.part), 1000)
        self.progress.setText(card.progress)
        self.progress.setVisible(bool(card.progress))
        set_role(self.progress, "bad" if failed else "quiet")

    @Slot()
    def _get(self) -> None:
        self.getAsked.emit(self._name)

    @Slot()
    def _stop(self) -> None:
        self.stopAsked.emit(self._name)
