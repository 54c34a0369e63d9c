"""Settings > How photos are compared: the networks that are here, and those that can be downloaded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.networks.cards import NetworkCardWidget, OfferCardWidget
from desktop_app.ui.networks.values import NetworkCard, OfferCard
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import ScrollColumn, button, text


class NetworksPage(ScrollColumn):
    """Cards in two groups.

    Signals:
        addAsked(): add a network from a file.
        useAsked(str), alsoAsked(str), measureAsked(str), layersAsked(str), removeAsked(str): of a network's name.
        getAsked(str), stopAsked(str): begin and stop a download.
        shown(): somebody looks at it now.
    """

    addAsked = Signal()
    useAsked = Signal(str)
    alsoAsked = Signal(str)
    measureAsked = Signal(str)
    layersAsked = Signal(str)
    removeAsked = Signal(str)
    getAsked = Signal(str)
    stopAsked = Signal(str)
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, NetworkCardWidget] = {}
        self.offers: dict[str, OfferCardWidget] = {}
        self.add = button("Add a network file…")
        self.add.clicked.connect(self.addAsked)
        self.note = text("", "quiet", wrap=True)
        self.note.hide()
        head = QHBoxLayout()
        head.addWidget(
            text("A network turns each photo into numbers; photos with like numbers look alike.", wrap=True), 1
        )
        head.addWidget(self.add)
        self._here = QVBoxLayout()
        self._here.setSpacing(8)
        self._there = QVBoxLayout()
        self._there.setSpacing(8)
        self._offers_title = text("To download", "section")
        self._offers_note = text(
            "Classic networks of the ONNX Model Zoo. Only the file is fetched; no photo leaves this computer.",
            "quiet",
            wrap=True,
        )
        column = QVBoxLayout(self.content)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(text("On this computer", "section"))
        column.addLayout(self._here)
        column.addSpacing(8)
        column.addWidget(self._offers_title)
        column.addWidget(self._offers_note)
        column.addLayout(self._there)
        column.addStretch(1)
        self.show_offers(())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def say(self, words: str) -> None:
        """A sentence above the cards; "" for none."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def show_networks(self, cards: Sequence[NetworkCard]) -> None:
        """Show these; cards that stay keep the keyboard and their fold."""
        names = {card.name for card in cards}
        for name in [name for name in self.cards if name not in names]:
            take_out(self._here, self.cards.pop(name))
        for at, card in enumerate(cards):
            widget = self.cards.get(card.name)
            if widget is None:
                widget = self.cards[card.name] = NetworkCardWidget(card)
                widget.useAsked.connect(self.useAsked)
                widget.alsoAsked.connect(self.alsoAsked)
                widget.measureAsked.connect(self.measureAsked)
                widget.layersAsked.connect(self.layersAsked)
                widget.removeAsked.connect(self.removeAsked)
                self._here.insertWidget(at, widget)
            else:
                widget.show_card(card)

    def show_offers(self, cards: Sequence[OfferCard]) -> None:
        """Show what can be downloaded."""
        names = {card.name for card in cards}
        for name in [name for name in self.offers if name not in names]:
            take_out(self._there, self.offers.pop(name))
        for at, card in enumerate(cards):
            widget = self.offers.get(card.name)
            if widget is None:
                widget = self.offers[card.name] = OfferCardWidget(card)
                widget.getAsked.connect(self.getAsked)
                widget.stopAsked.connect(self.stopAsked)
                self._there.insertWidget(at, widget)
            else:
                widget.show_card(card)
        for label in (self._offers_title, self._offers_note):
            label.setVisible(bool(cards))
