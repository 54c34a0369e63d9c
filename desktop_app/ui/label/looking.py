"""What it looks at, joined to the library: maps are drawn on a lane and come one by one."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from desktop_app.core.errors import UserError
from desktop_app.core.images.thumbnails import encode_thumbnail
from desktop_app.core.library import Library
from desktop_app.core.types import PhotoId, Pixels, Progress
from desktop_app.jobs import Job
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.looks_dialog import GUESSED, LABELLED, LooksDialog
from desktop_app.ui.label.values import in_hundred
from desktop_app.ui.label.why import COLOUR, STRONGEST
from desktop_app.ui.pixels import to_image
from desktop_app.ui.viewing import Viewing

if TYPE_CHECKING:
    import numpy.typing as npt

    from desktop_app.core.learn.trained import Trained
    from desktop_app.core.operations.explain_many import Look, Looks

MOST = 120
"""Photos of one answer that are drawn."""
_EDGE = 0.60
"""Share of the maps in the outer part from which it is said to look at the edges; evenly spread it is 0.51."""


class Looking(QObject):
    """Opens the window with the maps and has them drawn.

    Signals:
        drawn(): all maps are there, or none will come any more.
    """

    drawn = Signal()
    _arrived = Signal(int, object, object)  # from the lane's thread: number of the drawing, photo, JPEG

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, viewing: Viewing) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self._viewing = desk, labels, learning, viewing
        self._drawn: dict[int, bytes] = {}
        self._number = 0  # of the drawing: what a former one still sends is left alone
        self._job: Job | None = None
        self._is_halted = False
        self._thumbnails = Thumbnails(desk.session.thumbs, self._fetch, parent=self)
        self.dialog: LooksDialog | None = None
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def show(self, answer: str) -> None:
        """Open the window with an answer's maps."""
        result = self._learning.result
        if result is None or answer not in result.classes:
            self._desk.status.show_message("There is no guess to explain yet.")
            return
        self._forget()
        place = result.classes.index(answer)
        made = LooksDialog(self._desk.theme, self._thumbnails, result.classes, place, self._desk.window)
        made.wanted.connect(self._draw)
        made.stopAsked.connect(self._halt)
        made.opened.connect(self._open)
        made.finished.connect(self._forget)
        made.grid.photos.factsWanted.connect(self._bring_facts)
        made.grid.photos.set_badges(self._labels.state.badge)
        self.dialog = made
        made.show()
        made.grid.setFocus()
        self._draw(place, LABELLED)

    def photos(self, place: int, which: str) -> tuple[int, ...]:
        """Which photos are drawn: spread over all that there are, so that no folder or day stands for the rest."""
        result, state = self._learning.result, self._labels.state
        if result is None:
            return ()
        if which == GUESSED:
            guesses = state.guesses
            if guesses is None:
                return ()
            own = (guesses.best == place) & guesses.sure
            wanted = [photo for photo in guesses.photos[own].tolist() if not state.is_done(photo)]
        else:
            answer = result.answers[place]
            wanted = sorted(
                photo for photo in state.given if state.is_done(photo) and answer in state.answers_of(photo)
            )
        if len(wanted) > MOST:
            wanted = [wanted[at] for at in np.linspace(0, len(wanted) - 1, MOST).round().astype(int).tolist()]
        return tuple(wanted)

    @Slot(object, str)
    def _draw(self, place: int, which: str) -> None:
        library, result, dialog = self._desk.session.library, self._learning.result, self.dialog
        if library is None or dialog is None:
            return
        self._stop()
        self._is_halted = False
        self._number += 1
        self._thumbnails.forget(list(self._drawn))
        self._drawn = {}
        photos = self.photos(place, which)
        if result is None or place >= len(result.classes) or not photos:
            dialog.show_drawing(())
            dialog.show_end("There are no such photos yet.")
            return
        dialog.show_drawing(photos)
        ids = [PhotoId(photo) for photo in photos]
        operation = _draw_all(library, result.trained, place, ids, self._number, self)
        job = self._desk.session.errands.submit(operation, name="drawing what it looks at")
        self._job = job
        job.progressed.connect(self._progressed)
        job.succeeded.connect(self._done)
        job.failed.connect(self._failed)
        job.cancelled.connect(self._stopped)

    def send(self, number: int, photo: int, jpeg: bytes) -> None:
        """One is drawn; called on the lane's thread."""
        self._arrived.emit(number, photo, jpeg)

    @Slot(int, object, object)
    def _take(self, number: int, photo: int, jpeg: bytes) -> None:
        if number == self._number:
            self._drawn[photo] = jpeg
            self._thumbnails.forget([photo])

    def _fetch(self, ids: list[int]) -> list[tuple[int, bytes | None]]:
        """What is drawn of these photos; runs on a lane, and only reads."""
        drawn = self._drawn
        return [(photo, drawn.get(photo)) for photo in ids]

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        if self.dialog is not None and self.sender() is self._job:
            self.dialog.show_progress(progress)

    @Slot(object)
    def _done(self, looks: Looks) -> None:
        if self.dialog is None or self.sender() is not self._job:
            return
        self._job = None
        name = self.dialog.answer.currentText()
        self.dialog.show_end(looks_words(looks, name), looks.sentence, _mean_picture(looks.mean))
        self.drawn.emit()

    @Slot(object)
    def _failed(self, error: BaseException) -> None:
        if self.dialog is None or self.sender() is not self._job:
            return
        self._job = None
        self.dialog.show_end(str(error) if isinstance(error, UserError) else "This could not be drawn.")
        self.drawn.emit()

    @Slot()
    def _stopped(self) -> None:
        if self.dialog is not None and self._is_halted:
            self._is_halted = False
            self.dialog.show_end("Stopped. What is drawn already stays.")
            self.drawn.emit()

    @Slot()
    def _halt(self) -> None:
        """Stopped by hand, not because something else is to be drawn."""
        self._is_halted = self._job is not None
        self._stop()

    @Slot()
    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    @Slot()
    def _forget(self) -> None:
        dialog, self.dialog = self.dialog, None
        self._stop()
        if dialog is not None:
            dialog.hide()
            dialog.deleteLater()

    @Slot(int)
    def _open(self, photo: int) -> None:
        """Show a photo large, in the window."""
        if self.dialog is not None:
            ids = self.dialog.grid.photos.ids()
            self._desk.window.activateWindow()
            self._viewing.open_among(ids, photo)

    @Slot(object)
    def _bring_facts(self, ids: list[PhotoId]) -> None:
        if self.dialog is not None:
            self._viewing.bring_facts_to(self.dialog.grid.photos, ids)


def looks_words(looks: Looks, answer: str) -> str:
    """What the maps have in common, in a sentence or two."""
    if not looks.seen:
        return "No photo could be read."
    edge = in_hundred(looks.edge)
    if looks.edge >= _EDGE:
        return (
            f"{edge} % of what speaks for “{answer}” lies at the edges of the photos. "
            "Look whether it is the background, a frame or a watermark."
        )
    return f"Bright is what speaks for “{answer}”; {edge} % of it lies at the edges of the photos."


def painted(pixels: Pixels, strengths: npt.NDArray[np.float32]) -> Pixels:
    """A map over its photo: grey where nothing counts, warm where it does. uint8 (h, w, 3) both."""
    over = np.nan_to_num(strengths)[..., np.newaxis].clip(0, 1)
    grey = pixels.mean(axis=2, keepdims=True)
    ground = 0.42 * grey + 0.10 * pixels
    shown = ground * (1 - over) + pixels * over
    share = over * (STRONGEST / 255) * 0.75
    return np.asarray((shown * (1 - share) + np.array(COLOUR) * share).clip(0, 255), np.uint8)


def _draw_all(
    library: Library, trained: Trained, place: int, ids: list[PhotoId], number: int, owner: Looking
) -> Generator[Progress, None, Looks]:
    """Draw on a lane and send each as it is done."""
    from desktop_app.core.operations.explain_many import explain_many

    def arrived(look: Look) -> None:
        owner.send(number, int(look.photo), encode_thumbnail(painted(look.pixels, look.strengths)))

    return (yield from explain_many(library, trained, place, ids, arrived))


def _mean_picture(mean: npt.NDArray[np.float32] | None) -> QPixmap | None:
    if mean is None:
        return None
    grey = np.full((*mean.shape, 3), 128, np.uint8)
    top = float(mean.max())
    image: QImage = to_image(painted(grey, mean / top if top > 0 else mean))
    return QPixmap.fromImage(image).scaled(
        112, 112, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
