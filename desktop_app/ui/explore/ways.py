"""One photo compared in every way, side by side: to choose by eye what photos are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.panels.parts import PixmapSource, ProgressBar, ScrollColumn, button, text
from desktop_app.ui.panels.strip import Strip
from desktop_app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way to compare.

    Attributes:
        descriptor: its name in code.
        title: its name on screen.
        sees: what it responds to; "" where nobody knows.
        hits: photo ids with their likeness, best first.
        chosen: whether photos are compared by it now.
        note: "needs about 2 min", "" where it is ready.
    """

    descriptor: str
    title: str
    sees: str
    hits: tuple[tuple[int, float], ...]
    chosen: bool = False
    note: str = ""


class _Way(QFrame):
    """One row. Signals: chosen(str), photoChosen(int)."""

    chosen = Signal(str)
    photoChosen = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource) -> None:
        super().__init__()
        self.setObjectName("card")
        self._descriptor = ""
        self.title = text("", "section")
        self.sees = text("", "quiet", wrap=True)
        self.now = text("Compared by it now", "good")
        self.choose = button("Compare by this")
        self.choose.clicked.connect(self._choose)
        self.strip = Strip(theme, thumbnails, "Looks alike")
        self.strip.chosen.connect(self.photoChosen)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.sees, 1)
        head.addWidget(self.now)
        head.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.strip)

    def show_row(self, row: WayRow) -> None:
        self._descriptor = row.descriptor
        self.setAccessibleName(row.title)
        self.setToolTip(row.descriptor)
        self.title.setText(row.title)
        self.sees.setText(" · ".join(part for part in (row.sees, row.note) if part))
        self.now.setVisible(row.chosen)
        self.choose.setVisible(not row.chosen)
        self.choose.setAccessibleName(f"Compare by {row.title}")
        self.strip.show_hits(row.hits)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._descriptor)


class WaysWindow(QDialog):
    """The ways, one below the other; the main window stays in use.

    Signals:
        wayChosen(str): compare by this descriptor.
        photoChosen(int): look at this photo instead.
        stopped(): closed.
    """

    wayChosen = Signal(str)
    photoChosen = Signal(int)
    stopped = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Ways to compare")
        self.setMinimumSize(560, 400)
        self._theme, self._thumbnails = theme, thumbnails
        self.ways: list[_Way] = []
        self.query = Strip(theme, thumbnails, "Looking for", 96)
        self.note = text("", "quiet", wrap=True)
        self.bar = ProgressBar()
        self.bar.hide()
        what = "What looks like this photo, by each layer of the network: early ones see colour and texture, late ones "
        what += "things. Click a photo to go on from there."
        words = QVBoxLayout()
        words.addWidget(text(what, wrap=True))
        words.addWidget(self.note)
        words.addWidget(self.bar)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.query)
        head.addLayout(words, 1)
        scroll = ScrollColumn()
        self._rows = QVBoxLayout(scroll.content)
        self._rows.setContentsMargins(24, 0, 24, 16)
        self._rows.setSpacing(8)
        self._rows.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(12)
        top = QWidget()
        top.setLayout(head)
        head.setContentsMargins(24, 0, 24, 0)
        column.addWidget(top)
        column.addWidget(scroll, 1)
        self.resize(860, 680)

    def show_query(self, photo: int) -> None:
        """What is looked for."""
        self.query.show_hits(((photo, 1.0),))

    def show_progress(self, words: str, done: int, total: int) -> None:
        """How far it is; `total` 0 ends it."""
        self.note.setText(words if total else "")
        self.bar.setVisible(total > 0)
        self.bar.show_done(done, max(1, total))

    def show_rows(self, rows: Sequence[WayRow]) -> None:
        """The ways and what they find."""
        while len(self.ways) < len(rows):
            way = _Way(self._theme, self._thumbnails)
            way.chosen.connect(self.wayChosen)
            way.photoChosen.connect(self.photoChosen)
            self._rows.insertWidget(len(self.ways), way)
            self.ways.append(way)
        for at, way in enumerate(self.ways):
            way.setVisible(at < len(rows))
            if at < len(rows):
                way.show_row(rows[at])

    def done(self, result: int) -> None:
        """Closed."""
        self.stopped.emit()
        super().done(result)
