"""The window of a journey: the strip, how many photos it has, and where it can go from here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QSlider, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.journey.strip import JourneyStrip, Stops
from desktop_app.ui.panels.banner import Banner, Kind
from desktop_app.ui.panels.parts import ScrollColumn, button, text
from desktop_app.ui.theme import Theme

_SETTLED_MS = 120  # after the slider's last move the strip is asked for


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A journey as it is shown.

    Attributes:
        stops: the photos in their order and their likeness.
        direct: how alike the two ends are.
        lengths: the numbers of photos there can be, rising.
        evenest: beyond it more photos only make detours.
    """

    stops: Stops
    direct: float
    lengths: tuple[int, ...]
    evenest: int


def told(view: JourneyView) -> str:
    """What is said of a journey, in a sentence or two."""
    stops, straight = view.stops, wording.likeness(view.direct)
    if len(stops.ids) <= 2 < view.lengths[-1]:
        return f"These are the two ends alone, with a likeness of {straight}. More photos make smaller steps."
    if len(stops.ids) <= 2:
        return f"Nothing lies between these two: their likeness is {straight}, and no photo is like both."
    least = wording.likeness(min(stops.likeness))
    detour = " With fewer photos the steps are smaller." if len(stops.ids) > view.evenest else ""
    return f"The largest step has a likeness of {least}. The two ends alone have {straight}.{detour}"


class JourneyDialog(QDialog):
    """Shows a journey; the main window stays in use.

    Signals:
        lengthChosen(int): this many photos are wished for, both ends counted.
        selectionChanged(list[int]): photos that are selected in the strip.
        opened(int): look at this photo.
        saveAsked(): save the strip as a picture.
        copyAsked(list[int]): copy these photos' files to a folder: those selected, or all of them.
        stopped(): closed.
    """

    lengthChosen = Signal(int)
    selectionChanged = Signal(list)
    opened = Signal(int)
    saveAsked = Signal()
    copyAsked = Signal(list)
    stopped = Signal()

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Way between two photos")
        self.setMinimumSize(480, 340)
        self._view: JourneyView | None = None
        self.count = text("", "section")
        self.sentence = text("", "quiet", wrap=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Number of photos")
        self.slider.setFixedWidth(200)
        self.fewer, self.more = text("fewer", "quiet"), text("more", "quiet")
        self.strip = JourneyStrip(theme, thumbnails)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.problem = Banner(theme, Kind.INFO)
        self.save = button("Save as picture…")
        self.copy = button("Copy files…", tip="Copy the selected photos, or all of them, to a folder")

        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.fewer)
        head.addWidget(self.slider)
        head.addWidget(self.more)
        self._scroll = ScrollColumn()
        self._scroll.content.setObjectName("canvas")
        inside = QVBoxLayout(self._scroll.content)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self.strip)
        inside.addStretch(1)
        waiting = QWidget()
        self.words = text("", "quiet", wrap=True)
        column = QVBoxLayout(waiting)
        column.addStretch(1)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addWidget(self.problem)
        column.addStretch(2)
        self._stack = QStackedLayout()
        self._stack.addWidget(waiting)
        self._stack.addWidget(self._scroll)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.sentence, 1)
        foot.addWidget(self.copy)
        foot.addWidget(self.save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(self._stack, 1)
        whole.addLayout(foot)

        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._choose)
        self.slider.valueChanged.connect(self._slid)
        self.strip.selectionChanged.connect(self.selectionChanged)
        self.strip.opened.connect(self.opened)
        self.save.clicked.connect(self.saveAsked)
        self.copy.clicked.connect(self._copy)
        self.resize(940, 480)
        self.show_progress("", 0, 0)

    @property
    def view(self) -> JourneyView | None:
        """What is shown."""
        return self._view

    def show_progress(self, words: str, done: int, total: int) -> None:
        """A new journey is looked for: how far it is; `total` 0 means not known yet."""
        self._view = None
        self._controls(shown=False)
        self.problem.hide()
        self.count.setText("")
        self.sentence.setText("")
        self.words.setText(words)
        self.words.show()
        self.bar.show()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._stack.setCurrentIndex(0)

    def show_problem(self, sentence: str) -> None:
        """Why there is no journey."""
        self.show_progress("", 0, 0)
        self.words.hide()
        self.bar.hide()
        self.problem.set_contents(Kind.INFO, sentence)
        self.problem.show()

    def show_journey(self, view: JourneyView) -> None:
        """Show a journey."""
        self._view = view
        self._settling.stop()
        number = len(view.stops.ids)
        self.count.setText(wording.count(number, "photo"))
        self.sentence.setText(told(view))
        self.strip.show_stops(view.stops)
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(view.lengths) - 1))
        self.slider.setValue(view.lengths.index(number) if number in view.lengths else 0)
        self.slider.blockSignals(blocked)
        self._controls(shown=True)
        several = len(view.lengths) > 1
        for part in (self.slider, self.fewer, self.more):
            part.setVisible(several)
        self._stack.setCurrentIndex(1)

    def _controls(self, *, shown: bool) -> None:
        for part in (self.slider, self.fewer, self.more, self.save, self.copy):
            part.setVisible(shown)

    @Slot(int)
    def _slid(self, value: int) -> None:
        if self._view is not None and 0 <= value < len(self._view.lengths):
            self.count.setText(wording.count(self._view.lengths[value], "photo"))
            self._settling.start()

    @Slot()
    def _choose(self) -> None:
        if self._view is not None:
            self.lengthChosen.emit(self._view.lengths[self.slider.value()])

    @Slot()
    def _copy(self) -> None:
        if self._view is not None:
            ids = self.strip.selected_ids() or list(self._view.stops.ids)
            self.copyAsked.emit([photo for photo in ids if photo >= 0])

    def done(self, result: int) -> None:
        """Closed."""
        self._settling.stop()
        self.stopped.emit()
        super().done(result)
