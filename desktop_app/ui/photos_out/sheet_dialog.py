"""How a contact sheet looks, with its first page beside the choices."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core import wording
from desktop_app.ui.panels.parts import Choice, button, text
from desktop_app.ui.photos_out.sheet import (
    LEAST_COLUMNS,
    MOST_COLUMNS,
    Caption,
    Kind,
    Page,
    SheetWish,
    in_order,
)
from desktop_app.ui.theme import Theme

PREVIEW = QSize(340, 440)
_RESTS_MS = 200
_KINDS = {Kind.PDF: "PDF", Kind.PNG: "Pictures (PNG)"}
_WAYS = {False: "Upright", True: "Across"}


class SheetDialog(QDialog):
    """Asks how a contact sheet should look.

    Args:
        theme: the program's theme.
        count: how many photos.
        wish: how it looks to begin with.
        has_scores: whether there is a likeness to write below photos.

    Signals:
        wishChanged(SheetWish): it should look otherwise; show the first page anew.
        saveAsked(SheetWish): "Save as…".
        stopAsked(): "Stop" while it is written.
    """

    wishChanged = Signal(object)
    saveAsked = Signal(object)
    stopAsked = Signal()

    def __init__(
        self, theme: Theme, count: int, wish: SheetWish, *, has_scores: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Contact sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme, self._count = theme, count
        self.title = QLineEdit(wish.title)
        self.title.setPlaceholderText("None")
        self.kind, self.page, self.way = Choice(theme), Choice(theme), Choice(theme)
        for kind, words in _KINDS.items():
            self.kind.addItem(words, kind)
        for page in Page:
            self.page.addItem(page.value, page)
        for across, words in _WAYS.items():
            self.way.addItem(words, across)
        self.kind.setCurrentText(_KINDS[wish.kind])
        self.page.setCurrentText(wish.page.value)
        self.way.setCurrentText(_WAYS[wish.across])
        self.columns = Choice(theme)
        for number in range(LEAST_COLUMNS, MOST_COLUMNS + 1):
            self.columns.addItem(str(number), number)
        self.columns.setCurrentText(str(wish.columns))
        self.captions = {one: QCheckBox(one.value) for one in Caption}
        for one, box in self.captions.items():
            box.setChecked(one in wish.captions and (one is not Caption.LIKENESS or has_scores))
        if not has_scores:
            self.captions[Caption.LIKENESS].setEnabled(False)
            self.captions[Caption.LIKENESS].setToolTip("Search results have a likeness")
        self.summary = text("", "quiet", wrap=True)
        self.preview = text("Drawing the first page…", "quiet")
        self.preview.setFixedSize(PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName("First page of the contact sheet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.save, self.close_button = button("Save as…", default=True), button("Close")
        self._lay_out()
        self._resting = QTimer(self, singleShot=True, interval=_RESTS_MS)
        self._resting.timeout.connect(self._tell)
        self.title.textEdited.connect(self._changed)
        for choice in (self.kind, self.page, self.way, self.columns):
            choice.currentIndexChanged.connect(self._changed)
        for box in self.captions.values():
            box.toggled.connect(self._changed)
        self.save.clicked.connect(self._ask_save)
        self.close_button.clicked.connect(self._close)
        self.set_busy(False)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(16)
        boxes.setVerticalSpacing(4)
        for at, box in enumerate(self.captions.values()):
            boxes.addWidget(box, at // 2, at % 2)
        boxes.setColumnStretch(2, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Title", self.title), ("Saved as", self.kind), ("Paper", self.page), ("Page", self.way),
            ("Columns", self.columns),
        )  # fmt: skip
        for at, (name, field) in enumerate(rows):
            form.addWidget(text(name, "quiet"), at, 0)
            form.addWidget(field, at, 1)
            field.setAccessibleName(name)
        form.addWidget(text("Below photos", "quiet"), len(rows), 0, Qt.AlignmentFlag.AlignTop)
        form.addLayout(boxes, len(rows), 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(text("Contact sheet", "title"))
        left.addLayout(form)
        left.addWidget(self.summary)
        left.addStretch(1)
        left.addWidget(self.bar)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        left.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        self.resize(780, 490)

    @property
    def wish(self) -> SheetWish:
        """As the fields say."""
        return SheetWish(
            kind=self.kind.currentData(),
            page=self.page.currentData(),
            across=bool(self.way.currentData()),
            columns=int(self.columns.currentData()),
            captions=in_order({one for one, box in self.captions.items() if box.isChecked()}),
            title=self.title.text().strip(),
        )

    def show_page(self, image: QImage, pages: int) -> None:
        """Show the first page, and say how many there are."""
        ratio = self.devicePixelRatioF()
        made = QPixmap.fromImage(
            image.scaled(
                (PREVIEW - QSize(2, 2)) * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        made.setDevicePixelRatio(ratio)
        self.preview.setPixmap(made)
        photos = wording.count(self._count, "photo")
        if pages > 1 and self.wish.kind is Kind.PNG:
            self.summary.setText(f"{photos} on {wording.number(pages)} pages, a picture each.")
        else:
            self.summary.setText(f"{photos} on {wording.count(pages, 'page')}.")

    def set_busy(self, busy: bool) -> None:
        """A sheet is being written, or is no more."""
        for one in (self.title, self.kind, self.page, self.way, self.columns, self.save, *self.captions.values()):
            one.setEnabled(not busy)
        if not busy and self.captions[Caption.LIKENESS].toolTip():
            self.captions[Caption.LIKENESS].setEnabled(False)
        self.bar.setVisible(busy)
        self.bar.setRange(0, max(1, self._count))
        self.bar.setValue(0)
        self.close_button.setText("Stop" if busy else "Close")
        self._is_busy = busy

    def set_done(self, done: int) -> None:
        """So many photos are drawn."""
        self.bar.setValue(done)

    @Slot()
    def _changed(self) -> None:
        self._resting.start()

    @Slot()
    def _tell(self) -> None:
        self.wishChanged.emit(self.wish)

    @Slot()
    def _ask_save(self) -> None:
        self.saveAsked.emit(self.wish)

    @Slot()
    def _close(self) -> None:
        if self._is_busy:
            self.stopAsked.emit()
        else:
            self.reject()
