"""Recently trashed: what went, when, how much of it is still there, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QLocale, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.operations.trash_back import Batch
from desktop_app.ui.panels.details import long_date
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.parts import PixmapSource, ScrollColumn, button, listen, text
from desktop_app.ui.theme import Theme
from desktop_app.ui.viewer_filmstrip import draw_square

_SIDE, _GAP = 64, 8
_PAGE = 40  # batches shown at once: a widget each

EMPTY = "Nothing of this library is in the trash."
ABOUT = "Photos stay in the system's trash until it is emptied there. Their labels are kept and come back with them."


class RecentlyTrashed(QDialog):
    """The batches that are in the trash, newest first.

    Attributes:
        batches: what is shown.

    Args:
        theme: the program's theme.
        thumbnails: where the pictures come from.

    Signals:
        restoreAsked(int): bring this batch back; 0 for everything.
    """

    restoreAsked = Signal(int)

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recently trashed")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme, self._thumbnails = theme, thumbnails
        self.batches: tuple[Batch, ...] = ()
        self._shown = _PAGE
        self.rows: list[BatchRow] = []
        self._list = ScrollColumn()
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self._list.content)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self.empty = EmptyPage(theme)
        self.about = text(ABOUT, "quiet", wrap=True)
        self.outcome = text("", wrap=True)
        self.outcome.hide()
        self.more = button("Show older ones", quiet=True)
        self.restore_all = button("Restore all")
        self.close_button = button("Close")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.restore_all)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(text("Recently trashed", "title"))
        column.addWidget(self.about)
        column.addWidget(self.outcome)
        column.addWidget(self._list, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(foot)
        self.resize(720, 520)
        self.setMinimumSize(480, 320)
        self.more.clicked.connect(self._show_more)
        self.restore_all.clicked.connect(self._ask_all)
        self.close_button.clicked.connect(self.reject)
        self.empty.set_contents("Looking…")
        self._lay_out()

    def show_batches(self, batches: Sequence[Batch]) -> None:
        """Show what there is now."""
        self.batches = tuple(batches)
        if not batches:
            self.empty.set_contents(EMPTY, "What you move there from Likeness is listed here and can be brought back.")
        self._lay_out()

    def say(self, words: str) -> None:
        """Say what came of the last Restore."""
        self.outcome.setText(words)
        self.outcome.setVisible(bool(words))

    def set_busy(self, busy: bool) -> None:
        """Photos are being brought back."""
        for row in self.rows:
            row.restore.setEnabled(not busy and bool(row.batch.photos))
        self.restore_all.setEnabled(not busy and any(one.photos for one in self.batches))

    def _lay_out(self) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self.more:
                widget.hide()
                widget.deleteLater()
        self.rows = [BatchRow(self._theme, self._thumbnails, one) for one in self.batches[: self._shown]]
        for row in self.rows:
            row.restore.clicked.connect(partial(self.restoreAsked.emit, row.batch.number))
            self._column.addWidget(row)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self.more.setVisible(len(self.batches) > self._shown)
        self._list.setVisible(bool(self.batches))
        self.empty.setVisible(not self.batches)
        self.restore_all.setVisible(len(self.batches) > 1)
        self.set_busy(False)

    @Slot()
    def _show_more(self) -> None:
        self._shown += _PAGE
        self._lay_out()

    @Slot()
    def _ask_all(self) -> None:
        self.restoreAsked.emit(0)


class BatchRow(QFrame):
    """One batch: when, what, its first photos, and Restore."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, batch: Batch) -> None:
        super().__init__()
        self.batch = batch
        self.setObjectName("card")
        self.restore = button(f"Restore {wording.count(len(batch.photos), 'photo')}")
        self.restore.setVisible(bool(batch.photos))
        words, note = batch_words(batch), batch_note(batch)
        self.setAccessibleName(f"{when(batch.time)}: {words} {note}".strip())
        self.restore.setAccessibleName(f"{self.restore.text()} of {when(batch.time)}")
        head = text(when(batch.time), "section")
        said = text(words, wrap=True)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(head)
        left.addWidget(said)
        if note:
            left.addWidget(text(note, "quiet", wrap=True))
        if batch.photos:
            left.addSpacing(4)
            left.addWidget(_Squares(theme, thumbnails, batch.photos))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignTop)


class _Squares(QWidget):
    """As many of the photos as there is room for."""

    def __init__(self, theme: Theme, thumbnails: PixmapSource, photos: Sequence[int]) -> None:
        super().__init__()
        self._theme, self._thumbnails, self._photos = theme, thumbnails, tuple(photos)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        listen(thumbnails, self._arrived)

    def sizeHint(self) -> QSize:
        return QSize(4 * (_SIDE + _GAP), _SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @Slot(object)
    def _arrived(self, _photos: object) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = max(1, (self.width() + _GAP) // (_SIDE + _GAP))
        shown = self._photos if len(self._photos) <= room else self._photos[: max(1, room - 1)]
        for at, photo in enumerate(shown):
            square = QRectF(at * (_SIDE + _GAP), 0, _SIDE, _SIDE)
            draw_square(painter, square, self._thumbnails.pixmap(photo, _SIDE), self._theme.tokens)
        left = len(self._photos) - len(shown)
        if left:
            painter.setPen(self._theme.tokens.text2)
            place = QRectF(len(shown) * (_SIDE + _GAP), 0, _SIDE, _SIDE)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"+{wording.number(left)}")


def when(moment: float, today: date | None = None, locale: QLocale | None = None) -> str:
    """When something went: `Today, 14:03`, `Yesterday, 14:03`, `12 May 2019, 14:03`."""
    then, now = datetime.fromtimestamp(moment), today or datetime.now().date()
    day, _, hour = long_date(then, locale).rpartition(", ")
    if then.date() == now:
        day = "Today"
    elif then.date() == now - timedelta(days=1):
        day = "Yesterday"
    return f"{day}, {hour}"


def batch_words(batch: Batch) -> str:
    """What of a batch is in the trash: `214 photos and 3 files that belong to them, 1.3 GB`."""
    count = len(batch.photos) + batch.unknown
    if not count:
        return "No photo of this is in the trash any more." if batch.gone else "Its drive is not connected."
    words = wording.count(count, "photo")
    if batch.companions:
        owner = "it" if count == 1 else "them"
        verb = "belongs" if batch.companions == 1 else "belong"
        words += f" and {wording.count(batch.companions, 'file')} that {verb} to {owner}"
    return f"{words}, {wording.byte_size(batch.size)}"


def batch_note(batch: Batch) -> str:
    """What cannot be brought back, and why; "" where all can."""
    said = []
    if batch.gone:
        verb = "is" if batch.gone == 1 else "are"
        said.append(f"{wording.count(batch.gone, 'photo')} {verb} gone: the trash was emptied.")
    if batch.away:
        verb = "is" if batch.away == 1 else "are"
        said.append(f"{wording.count(batch.away, 'photo')} {verb} on a drive that is not connected.")
    if batch.unknown:
        said.append("The system does not say where they are. Restore them there with the file manager.")
    return " ".join(said)
