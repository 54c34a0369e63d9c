"""The page of files that are not shown, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.types import Reason, Skipped
from desktop_app.ui.panels.banner import Banner, Kind
from desktop_app.ui.panels.not_shown_rows import NotShownList
from desktop_app.ui.panels.parts import button, text
from desktop_app.ui.theme import Theme

# what a missing part is called, and how large its download is
_PARTS = {
    Reason.NEEDS_HEIC: ("iPhone photo (HEIC)", "iPhone photos (HEIC)", "about 5 MB"),
    Reason.NEEDS_RAW: ("camera raw photo", "camera raw photos", "about 10 MB"),
}


def part_sentence(reason: Reason, count: int) -> str:
    """What the banner says: `9,412 iPhone photos (HEIC) need one extra part, about 5 MB`."""
    one, many, size = _PARTS[reason]
    verb = "needs" if count == 1 else "need"
    return f"{wording.count(count, one, many)} {verb} one extra part, {size}."


class NotShownPage(QWidget):
    """How many files are not shown, grouped by reason, with their paths; one banner per missing part.

    Args:
        theme: The program's theme.

    Signals:
        wanted(object): The files of a `Reason` are needed: answer with `set_files`.
        saveAsked(): "Save list…".
        tryAgainAsked(): "Try again".
        installAsked(object): "Install" of the part that a `Reason` is about.
        fileOpened(object): A file (`Skipped`) was double-clicked: show it in the file manager.
    """

    wanted = Signal(object)
    saveAsked = Signal()
    tryAgainAsked = Signal()
    installAsked = Signal(object)
    fileOpened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chrome")
        self._theme = theme
        self._not_now: set[Reason] = set()
        self._title = text("", "title", wrap=True)
        self._summary = text("", "quiet", wrap=True)
        self.save = button("Save list…")
        self.save.clicked.connect(self.saveAsked)
        self.again = button("Try again")
        self.again.clicked.connect(self.tryAgainAsked)
        self.list = NotShownList(theme)
        self.list.rows.wanted.connect(self.wanted)
        self.list.opened.connect(self.fileOpened)
        self.banners: dict[Reason, Banner] = {reason: Banner(theme) for reason in _PARTS}

        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._summary)
        head.addLayout(words, 1)
        head.addSpacing(16)
        head.addWidget(self.save)
        head.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 0)
        column.setSpacing(12)
        column.addLayout(head)
        for banner in self.banners.values():
            column.addWidget(banner)
            banner.hide()
        column.addSpacing(4)
        column.addWidget(self.list, 1)

    def set_counts(self, counts: Sequence[tuple[Reason, int]], *, videos: int = 0, others: int = 0) -> None:
        """How many files are not shown, by reason.

        Args:
            counts: Each reason with its number of files.
            videos: Videos, which are no failures: a count only.
            others: Other files that are no pictures.
        """
        counts = [(reason, count) for reason, count in counts if count]
        total = sum(count for _, count in counts) + videos + others
        self._title.setText(wording.not_shown_headline(total))
        self._summary.setText(wording.not_shown_reasons(videos, others, counts))
        self._summary.setVisible(total > 0)
        self.save.setEnabled(total > 0)
        self.again.setEnabled(bool(counts))
        self.list.rows.set_counts(counts)
        found = dict(counts)
        for reason, banner in self.banners.items():
            count = found.get(reason, 0)
            if count:
                actions: list[tuple[str, Callable[[], object]]] = [
                    ("Install", partial(self.installAsked.emit, reason)),
                    ("Not now", partial(self._put_off, reason)),
                ]
                banner.set_contents(Kind.INFO, part_sentence(reason, count), actions)
            banner.setVisible(bool(count) and reason not in self._not_now)

    def set_files(self, reason: Reason, files: Sequence[Skipped]) -> None:
        """The files of a reason, however many."""
        self.list.rows.set_files(reason, files)

    def words(self) -> str:
        """The headline and the line below it."""
        return f"{self._title.text()} {self._summary.text()}".strip()

    def _put_off(self, reason: Reason) -> None:
        self._not_now.add(reason)
        self.banners[reason].hide()
