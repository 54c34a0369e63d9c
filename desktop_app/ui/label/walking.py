"""The Label tab at work: which photo is shown, and what a key does to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QPixmap

from desktop_app.core.labelling import AnswerId, Origin
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.boarding import Boarding
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.prefetch import Prefetch
from desktop_app.ui.label.queue import Queue
from desktop_app.ui.label.recents import Recents
from desktop_app.ui.label.rounds import Round, keep_or_change
from desktop_app.ui.label.view import LabelView
from desktop_app.ui.reading_ahead import Picture

_AHEAD = 4


class Walk(QObject):
    """Goes through photos in one `LabelView`.

    Signals:
        given(int, object, object): a photo got an answer; the third is what it had before (a tuple).
        tabAsked(str): another tab of the page.
        finished(): the last photo of a round (a spot check, a list of mistakes) was answered.
    """

    finished = Signal()
    tabAsked = Signal(str)
    given = Signal(int, object, object)

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, view: LabelView, thumbnails: Thumbnails) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self.view = desk, labels, learning, view
        self._thumbnails = thumbnails
        self.queue = Queue()
        self.is_active = False
        self.is_narrowed = False  # only some photos are to be labelled: new ones do not join
        self.round: Round | None = None  # a list with an end
        self.recents = Recents(labels, view.strip)
        self._shown: int | None = None
        self.boarding = Boarding(desk, labels, self)
        self._pixels = Prefetch(desk.session, self)
        self._pixels.arrived.connect(self._arrived)
        view.answered.connect(self.answer)
        view.guessAccepted.connect(self.accept)
        view.left.connect(self.leave)
        view.wentBack.connect(self.back)
        view.recentChosen.connect(self.go_to)
        labels.changed.connect(self._labels_changed)
        labels.replayed.connect(self._replayed)
        thumbnails.changed.connect(self._thumbnails_changed)

    # --- which photos ----------------------------------------------------------------------------------------

    def begin(self, photos: Sequence[int]) -> None:
        """Start with these photos, in their order."""
        self.round = None
        self.queue.begin(photos)
        self.show()

    def begin_round(self, photos: Round) -> None:
        """A list with an end."""
        self.round = photos
        self.queue.begin(photos.photos)
        self.show()

    @property
    def is_blind(self) -> bool:
        """Whether guesses are kept to itself: a spot check."""
        return self.round is not None and self.round.blind

    def keep(self, photos: Sequence[int]) -> None:
        """Only these are here now; new ones come in their order after those that wait."""
        if self.round is None and self.queue.current is not None:
            done = self._labels.state.is_done
            self.queue.update(photos, [photo for photo in photos if not done(photo)] if not self.is_narrowed else ())

    def end_round(self) -> None:
        """Back to labelling."""
        self.round = None

    def promote(self, best: Sequence[int]) -> None:
        """What teaches most comes next, without what moves under the eyes."""
        if self.round is None:
            self.queue.promote(best)
            self._look_ahead()

    # --- keys ------------------------------------------------------------------------------------------------

    @Slot(object)
    def answer(self, answer: AnswerId | None) -> None:
        """An answer for the current photo, or for the board's."""
        if self.view.is_board:
            self.boarding.answer(answer)
            return
        photo = self.queue.current
        if photo is not None:
            self._give(photo, answer, Origin.HAND)

    @Slot()
    def accept(self) -> None:
        """Enter: the guess, where it is sure enough and the photo has no answer."""
        photo = self.queue.current
        if photo is None or self.is_blind:
            return
        answered = self.round is not None and photo in self.round.confirmed
        suggested = self.round.suggested.get(photo) if self.round is not None and not answered else None
        if suggested is not None:
            self._give(photo, suggested, Origin.HAND)
            return
        guess = self._labels.state.guess(photo)
        if self._labels.state.is_done(photo):
            self.leave()
        elif guess is not None and guess.is_preselected:
            self._give(photo, guess.answer, Origin.SUGGESTION)

    def _give(self, photo: int, answer: AnswerId | None, origin: Origin) -> None:
        label_set = self._labels.state.label_set
        tags = label_set is not None and label_set.kind == "tags"
        had = self._labels.state.answers_of(photo)
        if tags and answer in had:  # a tag's key again takes it away
            self._labels.take_back([photo], answer)
            self.view.flash(answer)
            return
        if not self._labels.answer([photo], answer, origin):
            return
        self.view.flash(answer)
        self.given.emit(photo, answer, had)
        if self.round is not None:
            self.round.confirmed.add(photo)
        self.recents.add([photo])
        if tags and answer is not None:
            self._show_guess()  # several may follow; Right goes on
            return
        self.queue.answered()
        self.show()

    @Slot()
    def leave(self) -> None:
        """Right: later."""
        photo = self.queue.current
        if photo is None:
            return
        if self._labels.state.is_done(photo) or self.round is not None:
            self.queue.answered()
        else:
            self.queue.leave()
        self.show()

    @Slot()
    def back(self) -> None:
        """Left: the photo before; its answer is kept."""
        if self.queue.back():
            self.show()

    @Slot(int)
    def go_to(self, photo: int) -> None:
        """Return to a photo."""
        if self.view.is_board:
            self.view.show_board(on=False)
        self.queue.go_to(photo)
        self.show()
        self.view.setFocus()

    # --- what is shown ---------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the current photo, or why there is none."""
        photo = self.queue.current
        if photo is None:
            self._shown = None
            if self.round is not None:
                self.finished.emit()
            else:
                self._show_end()
            return
        if self.view.is_board:
            return
        self._shown = photo
        picture = self._pixels.get(photo)
        canvas = self.view.photo
        thumbnail = self._thumbnails.pixmap(photo, 256)
        facts = picture.facts if picture is not None else None
        size = QSize(facts.width, facts.height) if facts is not None else QSize()
        canvas.show_photo(size, thumbnail if isinstance(thumbnail, QPixmap) else None)
        self._show_name(photo, picture)
        if picture is not None and not picture.image.isNull():
            canvas.set_image(picture.image, full=False)
        self._show_guess()
        self._look_ahead()

    def _show_name(self, photo: int, picture: Picture | None) -> None:
        name = picture.facts.name if picture is not None and picture.facts is not None else ""
        problem = picture.failure if picture is not None else ""
        self.view.show_photo(name, title=self.round.title(photo) if self.round is not None else "", problem=problem)

    def _show_guess(self) -> None:
        photo = self.queue.current
        if photo is None or self.view.is_board:
            return
        state, label_set = self._labels.state, self._labels.state.label_set
        given = state.answers_of(photo) if state.is_done(photo) else ()
        if self.round is not None and self.round.blind:
            self.view.set_guess(None, given if photo in self.round.confirmed else ())
            self.view.set_hint("Answer without the guess. Right leaves a photo out.")
            return
        asked = self.round is not None and photo not in self.round.confirmed
        suggested = self.round.suggested.get(photo) if self.round is not None and asked else None
        found = label_set.answer(suggested) if label_set is not None and suggested is not None else None
        if found is not None and label_set is not None:
            self.view.set_guess(state.guess(photo), given)
            self.view.set_hint(keep_or_change(label_set, given, found))
            return
        self.view.set_guess(None if given else state.guess(photo), given)

    def _show_end(self) -> None:
        state = self._labels.state
        self._pixels.stop()
        if not state.photos:
            self.view.show_empty("No photos here yet.", "Add a folder, then label its photos.")
        elif self._learning.result is None:
            self.view.show_empty("Every photo here has an answer.")
        else:
            self.view.show_empty(
                "Every photo here has an answer.",
                actions=(
                    ("See what it mixes up", partial(self.tabAsked.emit, "results")),
                    ("Hand over the classifier", partial(self.tabAsked.emit, "hand_over")),
                ),
            )

    def refresh(self) -> None:
        """Guesses or answers differ."""
        if not self.is_active:
            return
        self._show_guess()
        self.recents.show()
        if self.view.is_empty and self.round is None and self.queue.current is None:
            self._show_end()

    def _look_ahead(self) -> None:
        photo = self.queue.current
        wanted = [] if photo is None else [photo]
        wanted += self.queue.next_few(_AHEAD)
        if self.queue.before is not None:
            wanted.append(self.queue.before)
        if self.is_active:
            self._pixels.want(wanted, self.view.photo.screen_side())

    @Slot(object)
    def _arrived(self, picture: Picture) -> None:
        if picture.photo != self.queue.current or self.view.is_board:
            return
        if picture.facts is not None:
            self.view.photo.set_size(QSize(picture.facts.width, picture.facts.height))
        if not picture.image.isNull():
            self.view.photo.set_image(picture.image, full=False)
        self._show_name(picture.photo, picture)

    @Slot(object)
    def _thumbnails_changed(self, photos: Sequence[int]) -> None:
        photo = self.queue.current
        if self.is_active and photo is not None and photo in photos and not self.view.photo.has_image:
            pixmap = self._thumbnails.pixmap(photo, 256)
            if pixmap is not None:
                self.view.photo.set_thumbnail(pixmap)

    @Slot(object)
    def _labels_changed(self, _photos: list[int] | None) -> None:
        self.refresh()

    @Slot(object)
    def _replayed(self, photos: Sequence[int]) -> None:
        """Undo shows what it changed."""
        self.recents.add([photo for photo in photos if self._labels.state.answers_of(photo)])
        if not self.is_active:
            return
        if self.round is not None:
            self.round.confirmed -= {photo for photo in photos if not self._labels.state.answers_of(photo)}
        if len(photos) == 1 and (self.round is None or photos[0] in self.round.photos):
            self.go_to(photos[0])
        elif photos and self.view.is_board:
            self.boarding.replayed()
