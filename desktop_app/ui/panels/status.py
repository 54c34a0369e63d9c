"""The bar at the bottom: the job that runs, messages that can be undone, what does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop_app.core import wording
from desktop_app.ui.dialogs.device import DeviceInfo, DevicePopup
from desktop_app.ui.panels.layouts import take_out
from desktop_app.ui.panels.parts import ElidedLabel, ProgressBar, button, icon_button
from desktop_app.ui.theme import Theme

APPEARS_MS = 400
MESSAGE_MS = 10_000
_BAR_WIDTH = 160
_BOTH_FIT = 1280  # from this width on a message stands beside the job's words instead of in their place


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as the status bar shows it.

    Attributes:
        id: Names the job in the bar's signals.
        text: What is being done: "Adding photos".
        done: How many are done.
        total: How many there are; 0 while that is not known.
        seconds_left: None while that is not known.
        paused: Whether it stands still.
        can_pause: Whether it can be paused.
        can_stop: Whether it can be stopped; what is done is kept.
    """

    id: int
    text: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    paused: bool = False
    can_pause: bool = True
    can_stop: bool = True

    @property
    def line(self) -> str:
        """Its words: `Adding photos: 3,120 of 12,431, about 45 s left`."""
        if self.paused:
            return f"{wording.progress(self.text, self.done, self.total)}, paused"
        return wording.progress(self.text, self.done, self.total, self.seconds_left)


class StatusBar(QFrame):
    """One job at a time, the others behind "+2"; messages for ten seconds; the device at the right.

    Args:
        theme: The program's theme.

    Signals:
        pauseAsked(object): "Pause", with the job's id.
        continueAsked(object): "Continue".
        stopAsked(object): "Stop".
        deviceFixAsked(): "How to fix" in the device's details.
        waysAsked(): "How photos are compared…" there.
        messageEnded(): A message went away, by itself or by its button.
    """

    pauseAsked = Signal(object)
    continueAsked = Signal(object)
    stopAsked = Signal(object)
    deviceFixAsked = Signal()
    waysAsked = Signal()
    messageEnded = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("status")
        self.setAccessibleName("Status")
        self._jobs: tuple[JobView, ...] = ()
        self._due = False  # the 400 ms are over for the jobs that run
        self._device = DeviceInfo()
        self._action_buttons: list[QPushButton] = []

        self._words = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._bar = ProgressBar()
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._pause = button("Pause", quiet=True)
        self._pause.clicked.connect(self._toggle_pause)
        self._stop = button("Stop", quiet=True, tip="Stop. What is done is kept")
        self._stop.clicked.connect(self._ask_stop)
        self._more = QToolButton()
        self._more.setProperty("quiet", True)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self._message = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._message.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._dismiss = icon_button("close", "Dismiss")
        self._dismiss.clicked.connect(self.end_message)
        self._where = QPushButton()
        self._where.setProperty("quiet", True)
        self._where.setToolTip("What does the work, and how fast. Click for details")
        self._where.setAutoDefault(False)
        self._where.clicked.connect(self.show_device)

        self._job_box, self._message_box = QWidget(), QWidget()
        job_row, self._message_row = QHBoxLayout(self._job_box), QHBoxLayout(self._message_box)
        for part in (job_row, self._message_row):
            part.setContentsMargins(0, 0, 0, 0)
            part.setSpacing(8)
        job_row.addWidget(self._words)
        job_row.addSpacing(4)
        job_row.addWidget(self._bar)
        job_row.addSpacing(4)
        for widget in (self._pause, self._stop, self._more):
            job_row.addWidget(widget)
        self._message_row.addWidget(self._message)
        self._message_row.addWidget(self._dismiss)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 8, 8)
        self._row.setSpacing(16)
        self._row.addWidget(self._message_box)
        self._row.addWidget(self._job_box)
        self._row.addStretch(1)
        self._row.addWidget(self._where)

        self._appear = QTimer(self, singleShot=True, interval=APPEARS_MS)
        self._appear.timeout.connect(self._appeared)
        self._stay = QTimer(self, singleShot=True)
        self._stay.timeout.connect(self._time_up)
        self.set_device(self._device)
        self._lay_out()

    # --- jobs

    def set_jobs(self, jobs: Sequence[JobView]) -> None:
        """Show these jobs, the first of them in words; nothing before they have run for 400 ms."""
        known = {job.id for job in self._jobs}
        self._jobs = tuple(jobs)
        if not self._jobs:
            self._appear.stop()
            self._due = False
        elif not self._due and (not self._appear.isActive() or not known & {job.id for job in self._jobs}):
            self._appear.start()
        self._lay_out()

    @property
    def job_words(self) -> str:
        """What is said about the job; "" while none is shown."""
        return self._words.words() if self._jobs and self._due else ""

    # --- messages

    def show_message(
        self,
        words: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        stay_ms: int = MESSAGE_MS,
    ) -> None:
        """Say something for a while, in the place of an earlier message.

        Args:
            words: The sentence.
            actions: Buttons, such as ("Undo", undo); pressing one ends the message.
            stay_ms: How long it stays; 0 leaves it until it is dismissed or another takes its place. While the
                mouse is on the bar or the keyboard in it, it stays.
        """
        self._clear_message()
        self._message.set_words(words)
        for at, (name, action) in enumerate(actions):
            made = button(name, quiet=True)
            made.clicked.connect(lambda _=False, act=action: self._act(act))
            self._message_row.insertWidget(1 + at, made)
            self._action_buttons.append(made)
        if stay_ms:
            self._stay.start(stay_ms)
        self._lay_out()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    @Slot()
    def end_message(self) -> None:
        """Take the message away."""
        if self._message.words():
            self._clear_message()
            self._lay_out()
            self.messageEnded.emit()

    @property
    def message(self) -> str:
        """The message that is shown, or ""."""
        return self._message.words()

    def message_buttons(self) -> list[QPushButton]:
        """The buttons of the message."""
        return list(self._action_buttons)

    # --- device

    def set_device(self, info: DeviceInfo) -> None:
        """What does the work, and how fast."""
        self._device = info
        self._where.setText(info.line)
        self._where.setAccessibleName(f"{info.line}. Details")

    @Slot()
    def show_device(self) -> DevicePopup:
        """Open the device's details above the bar."""
        popup = DevicePopup(self._theme, self._device, self)
        popup.fixAsked.connect(self.deviceFixAsked)
        popup.waysAsked.connect(self.waysAsked)
        popup.show_above(self._where)
        return popup

    # --- inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        job = self._jobs[0] if self._jobs and self._due else None
        message = bool(self._message.words())
        wide = self.width() >= _BOTH_FIT
        self._words.setVisible(not message or wide)
        self._message_box.setVisible(message)
        self._job_box.setVisible(job is not None)
        # where there is no room for the words of both, the message takes the place of the job's
        first = self._job_box if wide else self._message_box
        if self._row.indexOf(first) != 0:
            self._row.insertWidget(0, first)
        self._pause.setVisible(job is not None and job.can_pause)
        self._stop.setVisible(job is not None and job.can_stop)
        self._more.setVisible(job is not None and len(self._jobs) > 1)
        if job is None:
            return
        self._words.set_words(job.line)
        # an unknown total runs to and fro only where motion is welcome; the words carry the count either way
        self._bar.show_done(min(job.done, job.total), max(1, job.total))
        self._pause.setText("Continue" if job.paused else "Pause")
        if len(self._jobs) > 1:
            self._more.setText(f"+{len(self._jobs) - 1}")
            self._more.setAccessibleName(f"{wording.count(len(self._jobs) - 1, 'more job')}")
            self._more.setToolTip("\n".join(other.line for other in self._jobs[1:]))
            menu = self._more.menu()
            menu.clear()
            for other in self._jobs[1:]:
                menu.addAction(other.line).setEnabled(False)

    def _clear_message(self) -> None:
        self._stay.stop()
        self._message.set_words("")
        take_out(self._message_row, *self._action_buttons)
        self._action_buttons = []

    def _act(self, action: Callable[[], object]) -> None:
        self.end_message()
        action()

    @Slot()
    def _appeared(self) -> None:
        self._due = True
        self._lay_out()

    @Slot()
    def _time_up(self) -> None:
        if self.underMouse() or any(made.hasFocus() for made in self._action_buttons):
            self._stay.start(1000)  # somebody is about to press its button
        else:
            self.end_message()

    @Slot()
    def _toggle_pause(self) -> None:
        if self._jobs:
            job = self._jobs[0]
            (self.continueAsked if job.paused else self.pauseAsked).emit(job.id)

    @Slot()
    def _ask_stop(self) -> None:
        if self._jobs:
            self.stopAsked.emit(self._jobs[0].id)
