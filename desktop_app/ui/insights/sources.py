"""Step 1, Sources: what was dropped, whose it is, and what would be good to know of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.ui import icons
from desktop_app.ui.insights.values import ROLES, SourceCard
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import Choice, ElidedLabel, ScrollColumn, button, icon_button, text
from desktop_app.ui.theme import Theme

KINDS = (
    "Instagram's “Download your information” as a zip (JSON) · Meta Business Suite tables (CSV) · "
    "Instaloader folders · any table with a file name, an address or a time (CSV, XLSX)"
)


class DropHint(QFrame):
    """Where files can be dropped, and what can be; large while there is none, one line after that."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.headline = text("Drop an Instagram export here.", wrap=True)
        self.headline.setFont(theme.font(1.15, semi_bold=True))
        self.kinds = text(KINDS, "quiet", wrap=True)
        self.promise = text(
            "Nothing is uploaded, nobody logs in, and nothing is fetched from the web.", "quiet", wrap=True
        )
        self.files = button("Choose files…", default=True)
        self.folder = button("Choose a folder…")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        for label in (self.headline, self.kinds, self.promise):
            label.setMaximumWidth(680)
            self._column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.files)
        row.addWidget(self.folder)
        row.addStretch(1)
        self._column.addLayout(row)
        self.set_small(False)

    def set_small(self, small: bool) -> None:
        """Only the buttons, or all that helps to begin."""
        self.headline.setText("Drop more here." if small else "Drop an Instagram export here.")
        self.headline.setVisible(not small)
        self.kinds.setVisible(not small)
        self.promise.setVisible(not small)
        self.files.setDefault(not small)
        self.files.setText("Add files…" if small else "Choose files…")
        self.folder.setText("Add a folder…" if small else "Choose a folder…")
        pad = 12 if small else 24
        self._column.setContentsMargins(pad + (0 if small else 56), pad, pad, pad)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setPen(QPen(tokens.control, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.headline.isVisible():
            drawn = icons.pixmap("drop", tokens.accent, 32, self.devicePixelRatioF())
            painter.drawPixmap(24, 24, drawn)


class SourceWidget(QFrame):
    """One source.

    Signals:
        roleChosen(int, str), renamed(int, str): of the source's key.
        columnsAsked(int), againAsked(int), removeAsked(int): of its key.
    """

    roleChosen = Signal(int, str)
    renamed = Signal(int, str)
    columnsAsked = Signal(int)
    againAsked = Signal(int)
    removeAsked = Signal(int)

    def __init__(self, theme: Theme, card: SourceCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._card = card
        self.name = ElidedLabel(role="section")
        self.facts = text("", "quiet", wrap=True)
        self.note = text("", "quiet", wrap=True)
        self.trouble = text("", "bad", wrap=True)
        self.account = QLineEdit()
        self.account.setPlaceholderText("Name of the account")
        self.account.setAccessibleName("Account")
        self.account.setMaximumWidth(220)
        self.role = Choice(theme)
        self.role.setAccessibleName("Whose account it is")
        for key, words in ROLES:
            self.role.addItem(words, key)
        self.columns = button("Columns…", quiet=True, tip="Which column is what")
        self.again = button("Read again", quiet=True)
        self.remove = icon_button("close", "Remove from Insights; the file stays where it is")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.remove)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(text("Account", "quiet"))
        foot.addWidget(self.account, 1)
        foot.addWidget(self.role)
        foot.addStretch(1)
        foot.addWidget(self.columns)
        foot.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 8, 12)
        column.setSpacing(4)
        column.addLayout(head)
        for label in (self.facts, self.note, self.trouble):
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(foot)
        self.role.activated.connect(self._choose)
        self.account.editingFinished.connect(self._rename)
        self.columns.clicked.connect(lambda: self.columnsAsked.emit(self._card.key))
        self.again.clicked.connect(lambda: self.againAsked.emit(self._card.key))
        self.remove.clicked.connect(lambda: self.removeAsked.emit(self._card.key))
        self.show_card(card)

    def show_card(self, card: SourceCard) -> None:
        """Show what is known now; the same source."""
        self._card = card
        self.name.set_words(card.name, card.path)
        self.facts.setText(card.facts)
        note = "The file has changed since it was read." if card.stale else card.note
        for label, words in ((self.note, note), (self.trouble, card.trouble)):
            label.setText(words)
            label.setVisible(bool(words))
        if not self.account.hasFocus():
            self.account.setText(card.account)
        self.role.setCurrentIndex(next(at for at, (key, _) in enumerate(ROLES) if key == card.role))
        known = not card.reading
        self.account.setEnabled(known)
        self.role.setEnabled(known)
        self.columns.setVisible(card.columns and known)
        self.again.setVisible((card.stale or bool(card.trouble)) and known)
        role = dict(ROLES)[card.role]
        self.setAccessibleName(f"{card.name}. {card.facts}. {role}: {card.account}")

    @Slot()
    def _choose(self) -> None:
        role = self.role.currentData()
        if role != self._card.role:
            self.roleChosen.emit(self._card.key, role)

    @Slot()
    def _rename(self) -> None:
        name = self.account.text().strip().removeprefix("@")
        if name and name != self._card.account:
            self.renamed.emit(self._card.key, name)
        else:
            self.account.setText(self._card.account)


class SourcesStep(QWidget):
    """The sources, and the way on.

    Signals:
        filesAsked(), folderAsked(): choose something to read.
        roleChosen(int, str), renamed(int, str), columnsAsked(int), againAsked(int), removeAsked(int): of a source.
        libraryAsked(), hereAsked(): a library for this client, or this one.
        onAsked(): match.
    """

    filesAsked = Signal()
    folderAsked = Signal()
    roleChosen = Signal(int, str)
    renamed = Signal(int, str)
    columnsAsked = Signal(int)
    againAsked = Signal(int)
    removeAsked = Signal(int)
    libraryAsked = Signal()
    hereAsked = Signal()
    onAsked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.cards: dict[int, SourceWidget] = {}
        self.hint = DropHint(theme)
        self.proposal = QFrame()
        self.proposal.setObjectName("card")
        self.proposal_words = text("", wrap=True)
        self.own_library = button("")
        self.here = button("Use this library", quiet=True)
        row = QHBoxLayout(self.proposal)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.proposal_words, 1)
        row.addWidget(self.own_library)
        row.addWidget(self.here)
        self.proposal.hide()
        self.lead = text("", wrap=True)
        self.go_on = button("Match posts and pictures", default=True)
        scroll = ScrollColumn()
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column = QVBoxLayout(scroll.content)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.proposal)
        column.addWidget(self.lead)
        column.addLayout(self._list)
        column.addWidget(self.hint)
        column.addStretch(1)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(24, 8, 24, 12)
        foot.addStretch(1)
        foot.addWidget(self.go_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.foot)
        self.hint.files.clicked.connect(self.filesAsked)
        self.hint.folder.clicked.connect(self.folderAsked)
        self.own_library.clicked.connect(self.libraryAsked)
        self.here.clicked.connect(self.hereAsked)
        self.go_on.clicked.connect(self.onAsked)
        self.show_sources(())

    def propose_library(self, client: str) -> None:
        """Offer a library of its own for this client; "" for no offer."""
        self.proposal.setVisible(bool(client))
        self.proposal_words.setText(
            f"Keep this client apart from your other photos? A library of its own holds only the posts of “{client}”."
        )
        self.own_library.setText(f"New library “{client}”")

    def show_sources(self, cards: Sequence[SourceCard]) -> None:
        """Show these; cards that stay keep the keyboard."""
        keys = {card.key for card in cards}
        for key in [key for key in self.cards if key not in keys]:
            take_out(self._list, self.cards.pop(key))
        for at, card in enumerate(cards):
            widget = self.cards.get(card.key)
            if widget is None:
                widget = self.cards[card.key] = SourceWidget(self._theme, card)
                for name in ("roleChosen", "renamed", "columnsAsked", "againAsked", "removeAsked"):
                    getattr(widget, name).connect(getattr(self, name))
                self._list.insertWidget(at, widget)
            else:
                widget.show_card(card)
        self.hint.set_small(bool(cards))
        self.foot.setVisible(bool(cards))
        ready = [card for card in cards if not card.reading and not card.trouble]
        self.go_on.setEnabled(any(card.posts or card.pictures for card in ready))
        self.lead.setText(_lead(cards))
        self.lead.setVisible(bool(cards))

    def focus_first(self) -> None:
        """Give the keyboard to what is to be done next."""
        goes_on = self.foot.isVisibleTo(self) and self.go_on.isEnabled()
        (self.go_on if goes_on else self.hint.files).setFocus(Qt.FocusReason.OtherFocusReason)


def _lead(cards: Sequence[SourceCard]) -> str:
    """What is missing for a good answer; else how whose accounts these are was found."""
    ready = [card for card in cards if not card.reading and not card.trouble]
    if not ready:
        return ""
    if not any(card.posts for card in ready):
        return "These are pictures without numbers. Add the table of your posts: Business Suite, Content, Export."
    own = [card for card in ready if card.role == "own"]
    if not own:
        return "None of these is your own account. Choose “Your account” where it is."
    return "Whose account each one is was guessed: change it where it is wrong."
