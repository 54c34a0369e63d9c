"""The Label tab at work: which photo is shown, what a key does to it, the board, the spot check."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QPixmap

from desktop_app.core import wording
from desktop_app.core.labelling import AnswerId, Origin
from desktop_app.core.types import PhotoId
from desktop_app.ui.answer_marks import answer_colour
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.learning import Learning
from desktop_app.ui.label.prefetch import Picture, Prefetch
from desktop_app.ui.label.queue import Queue
from desktop_app.ui.label.strip import KEPT, Recent
from desktop_app.ui.label.values import BOARD_SIZE
from desktop_app.ui.label.view import LabelView

_AHEAD = 4


class Walk(QObject):
    """Goes through photos in one `LabelView`.

    Signals:
        given(int, object, object): a photo got an answer; the third is what it had before (a tuple).
        finished(): the last photo of a round (a spot check, a list of mistakes) was answered.
    """

    finished = Signal()
    given = Signal(int, object, object)

    def __init__(self, desk: Desk, labels: Labels, learning: Learning, view: LabelView, thumbnails: Thumbnails) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._learning, self.view = desk, labels, learning, view
        self._thumbnails = thumbnails
        self.queue = Queue()
        self.is_active = False
        self.is_narrowed = False  # only some photos are to be labelled: new ones do not join
        self.is_blind = False  # guesses are not shown: a spot check
        self.round: tuple[int, ...] | None = None  # photos of a round with an end
        self.confirmed: set[int] = set()
        self._note_of: dict[int, str] = {}
        self._suggested: dict[int, AnswerId] = {}
        self._recent: deque[int] = deque(maxlen=KEPT)
        self._shown: int | None = None
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

    def begin_round(
        self,
        photos: Sequence[int],
        *,
        blind: bool = False,
        notes: dict[int, str] | None = None,
        suggested: dict[int, AnswerId] | None = None,
    ) -> None:
        """A list with an end. `suggested` are the answers that Enter gives, whatever the guess."""
        self.is_blind = blind
        self._note_of, self._suggested = notes or {}, suggested or {}
        self.confirmed = set()
        self.round = tuple(photos)
        self.queue.begin(photos)
        self.show()

    def keep(self, photos: Sequence[int]) -> None:
        """Only these are here now; new ones come in their order after those that wait."""
        if self.round is None and self.queue.current is not None:
            done = self._labels.state.is_done
            self.queue.update(photos, [photo for photo in photos if not done(photo)] if not self.is_narrowed else ())

    def end_round(self) -> None:
        """Back to labelling."""
        self.round, self.is_blind = None, False
        self._note_of, self._suggested = {}, {}

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
            photo = self.view.board.current()
            if photo is not None and self._labels.answer([photo], answer):
                self.view.flash(answer)
                self.view.board.remove([photo])
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
        suggested = self._suggested.get(photo)
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
        self.confirmed.add(photo)
        if photo in self._recent:
            self._recent.remove(photo)
        self._recent.appendleft(photo)
        self._show_recent()
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
        note = self._note_of.get(photo, "")
        if picture is not None and picture.failure:
            note = picture.failure
        if self.round is not None and photo in self.round:
            place = f"{wording.number(self.round.index(photo) + 1)} of {wording.number(len(self.round))}"
            note = f"{place}  ·  {note}" if note else place
        self.view.show_photo(name, note=note)

    def _show_guess(self) -> None:
        photo = self.queue.current
        if photo is None or self.view.is_board:
            return
        state = self._labels.state
        label_set = state.label_set
        given = state.answers_of(photo) if state.is_done(photo) else ()
        if self.is_blind:
            self.view.set_guess(None, given if photo in self.confirmed else ())
            self.view.set_hint("Answer without the guess. Right leaves a photo out.")
            return
        suggested = self._suggested.get(photo)
        if suggested is not None and label_set is not None and photo not in self.confirmed:
            found = label_set.answer(suggested)
            own = label_set.answer(given[0]) if given and given[0] is not None else None
            self.view.set_guess(state.guess(photo), given)
            if found is not None:
                keep = (
                    f"“{own.key.upper()}” or Right keeps “{own.name}”"
                    if own is not None and own.key
                    else "Right keeps it"
                )
                self.view.set_hint(f"Enter changes it to “{found.name}”. {keep}.")
            return
        self.view.set_guess(None if given else state.guess(photo), given)

    def _show_end(self) -> None:
        state = self._labels.state
        self._pixels.stop()
        if not state.photos:
            self.view.show_empty("No photos here yet.", "Add a folder, then label its photos.")
        else:
            self.view.show_empty(
                "Every photo here has an answer.", "Check the least sure ones, or look at what it mixes up."
            )

    def _show_recent(self) -> None:
        label_set = self._labels.state.label_set
        shown = []
        for photo in self._recent:
            answers = self._labels.state.answers_of(photo)
            if label_set is None or not answers:
                continue
            found = label_set.answer(answers[0]) if answers[0] is not None else None
            shown.append(Recent(photo, found.name if found else "None of these", found.place if found else -1))
        self.view.strip.set_recent(shown)

    def refresh(self) -> None:
        """Guesses or answers differ."""
        if self.is_active:
            self._show_guess()
            self._show_recent()

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
    def _labels_changed(self, photos: list[int] | None) -> None:
        if photos is None:
            self._recent = deque((p for p in self._recent if self._labels.state.answers_of(p)), KEPT)
        self.refresh()

    @Slot(object)
    def _replayed(self, photos: Sequence[int]) -> None:
        """Undo shows what it changed."""
        if self.is_active and len(photos) == 1 and self.round is None:
            self.go_to(photos[0])

    # --- the board -------------------------------------------------------------------------------------------

    def show_board(self) -> bool:
        """A board of equal guesses: of the answer with most of them. Returns False where there are none."""
        state = self._labels.state
        by_answer: dict[AnswerId, list[tuple[float, int]]] = {}
        for photo in state.photos:
            guess = None if state.is_done(photo) else state.guess(photo)
            if guess is not None and guess.is_preselected:
                by_answer.setdefault(guess.answer, []).append((guess.sure, photo))
        if not by_answer or state.label_set is None:
            self.view.show_board(on=False)
            self.view.set_hint("No guess is sure enough for a board yet. Label a few more photos of each answer.")
            return False
        answer = max(by_answer, key=lambda one: len(by_answer[one]))
        chosen = sorted(by_answer[answer], reverse=True)[:BOARD_SIZE]
        found = state.label_set.answer(answer)
        assert found is not None
        colour = answer_colour(self._desk.theme, found.place, on_photo=True)
        self.view.board.show_photos([photo for _, photo in chosen], [sure for sure, _ in chosen], colour)
        self.view.show_board(on=True)
        self.view.name.set_words(f"Are these all “{found.name}”?")
        self.view.bar.mark((), answer)
        self.board_answer = answer
        self._desk.with_photos([PhotoId(photo) for _, photo in chosen], self._take_sizes)
        return True

    board_answer: AnswerId | None = None

    def _take_sizes(self, found: Sequence[object]) -> None:
        self.view.board.set_sizes({photo.id: QSize(photo.width, photo.height) for photo in found})  # type: ignore[attr-defined]

    def take_board(self) -> None:
        """Enter on the board: what is not marked was looked at and is right."""
        right = self.view.board.right()
        if right and self.board_answer is not None:
            if not self._labels.answer(right, self.board_answer, Origin.SUGGESTION):
                return
            self.view.flash(self.board_answer)
            for photo in right[:KEPT]:
                if photo in self._recent:
                    self._recent.remove(photo)
                self._recent.appendleft(photo)
            self._show_recent()
        wrong = self.view.board.wrong()
        done = set(right)
        self.queue.drop(done)
        if self.queue.current in done:
            self.queue.answered()
        if wrong:  # those that are wrong want an answer next
            self.view.show_board(on=False)
            for photo in reversed(wrong):
                self.queue.go_to(photo)
            self.show()
            self.view.setFocus()
        elif not self.show_board():
            self.show()
