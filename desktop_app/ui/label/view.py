"""Labelling: one large photo or a board of equal guesses, the answers, the last five, and how good it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import Answer, AnswerId, LabelSet
from desktop_app.ui.answer_marks import answer_colour
from desktop_app.ui.label.answer_bar import is_tight
from desktop_app.ui.label.board import Board
from desktop_app.ui.label.foot import Foot
from desktop_app.ui.label.keys import claims, take
from desktop_app.ui.label.large_photo import LargePhoto
from desktop_app.ui.label.values import Guess, answer_of_key, percent
from desktop_app.ui.panels.empty import Action, EmptyPage
from desktop_app.ui.panels.parts import Choice, ElidedLabel, PixmapSource, button, text
from desktop_app.ui.theme import Theme


class LabelView(QWidget):
    """Shows a photo to answer and says which key was pressed; what that does is decided elsewhere.

    Signals:
        answered(object): an AnswerId, or None for "none of these", for the photo (or the board's current one).
        guessAccepted(): Enter on a guess that is sure enough.
        left(): leave the photo for later. wentBack(): the photo before.
        recentChosen(int): return to an answered photo.
        boardWanted(bool): a board of equal guesses, or one photo.
        boardTaken(): Enter on the board: all that are not marked as wrong.
        takeAsked(): take guesses above a limit.
        answerMenuAsked(object, QPoint), answerAdded(): change the answers.
    """

    answered = Signal(object)
    guessAccepted = Signal()
    left = Signal()
    wentBack = Signal()
    recentChosen = Signal(int)
    boardWanted = Signal(bool)
    boardTaken = Signal()
    takeAsked = Signal()
    whyAsked = Signal()
    scopeChosen = Signal(object)
    addAnswerAsked = Signal()
    stopAsked = Signal()

    def __init__(self, theme: Theme, thumbnails: PixmapSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label_set: LabelSet | None = None
        self._guess: Guess | None = None
        self._progress = (0, 0)
        self._is_tight = False
        self.is_given = False
        self.is_list = False  # photos come as a list only: where it is empty there is nothing to answer
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Label photos")
        self.photo = LargePhoto(theme)
        self.board = Board(theme, thumbnails)
        self.empty = EmptyPage(theme)
        self.foot = Foot(theme, thumbnails)
        self.bar, self.strip, self.meter = self.foot.bar, self.foot.strip, self.foot.meter
        self.hint, self.take_board, self.add = self.foot.hint, self.foot.take_board, self.foot.add
        self.title = text("", "section")
        self.name = ElidedLabel("", role="quiet")
        self.name.setMinimumHeight(32)
        self.progress = text("", "quiet")
        self.scope = Choice(theme)
        self.scope.setAccessibleName("Which photos to label")
        self.scope.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scope.hide()
        self.stop = button("End the check", quiet=True)
        self.stop.hide()
        self.as_board = button("Board", quiet=True, tip="Photo or board of equal guesses (Ctrl+G)")
        self.as_board.setCheckable(True)
        self.take = button("Take sure guesses…", quiet=True, tip="Take guesses above a limit (Ctrl+Enter)")
        self._middle = QStackedWidget()
        for widget in (self.photo, self.board, self.empty):
            self._middle.addWidget(widget)
        for made in (self.as_board, self.take, self.stop):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()
        self._join()
        self.set_guess(None)
        self.show_board(on=False)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 6, 16, 6)
        top.setSpacing(8)
        top.addWidget(self.scope)
        top.addWidget(self.title)
        top.addWidget(self.name, 1)
        for widget in (self.progress, self.stop, self.as_board, self.take):
            top.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._middle, 1)
        column.addWidget(self.foot)

    def _join(self) -> None:
        self.bar.answered.connect(self.answered)
        self.strip.chosen.connect(self.recentChosen)
        self.board.changed.connect(self._show_board_state)
        self.as_board.clicked.connect(self.boardWanted)
        self.take.clicked.connect(self.takeAsked)
        self.take_board.clicked.connect(self.boardTaken)
        self.add.clicked.connect(self.addAnswerAsked)
        self.stop.clicked.connect(self.stopAsked)
        self.photo.clicked.connect(self.setFocus)
        self.scope.activated.connect(self._choose_scope)

    def _choose_scope(self, at: int) -> None:
        self.scopeChosen.emit(self.scope.itemData(at))

    # --- what is shown

    def set_answers(self, label_set: LabelSet | None, counts: dict[AnswerId | None, int]) -> None:
        """Show these answers."""
        self._label_set = label_set
        self.bar.set_answers(label_set, counts)

    def show_photo(self, name: str, *, title: str = "", problem: str = "") -> None:
        """Show the photo side with another photo's name; its pixels go to `photo`.

        Args:
            name: the file's.
            title: what is said before it, as its place in a spot check.
            problem: why its file cannot be read, or "".
        """
        self._middle.setCurrentWidget(self.photo)
        self.foot.show()
        self.show_title(title)
        self.name.set_words(f"{name}  ·  {problem}" if problem else name, name)

    def show_title(self, words: str) -> None:
        """What the photos are asked for; a file's name comes after it."""
        self.title.setText(words)
        self.title.setVisible(bool(words))
        self._give_title_room()
        self.name.set_words("")

    def _give_title_room(self) -> None:
        self.progress.setVisible(not self.is_list and not (self._is_tight and bool(self.title.text())))

    def set_progress(self, done: int, total: int) -> None:
        """How many photos have an answer."""
        self._progress = (done, total)
        words = f"{wording.number(done)} of {wording.number(total)}" if total else ""
        self.progress.setText(words if self._is_tight or not words else f"{words} answered")
        self.progress.setToolTip(f"{words} answered")
        self._give_title_room()

    def show_empty(self, fact: str, advice: str = "", actions: Sequence[Action] = ()) -> None:
        """Say why there is no photo to label, with buttons for what to do instead."""
        self.empty.set_contents(fact, advice, actions)
        self._middle.setCurrentWidget(self.empty)
        self.show_title("")
        self.set_guess(None)
        self.hint.setText("")
        self.foot.setVisible(not self.is_list)

    @property
    def is_empty(self) -> bool:
        """Whether no photo is shown."""
        return self._middle.currentWidget() is self.empty

    def show_board(self, *, on: bool) -> None:
        """Show the board, or one photo."""
        self._middle.setCurrentWidget(self.board if on else self.photo)
        self.as_board.setChecked(on)
        self.take_board.setVisible(on)
        self.hint.setVisible(True)
        if on:
            self.board.setFocus()
            self._show_board_state()
        elif self.board.hasFocus():
            self.setFocus()

    @property
    def photo_room(self) -> QSize:
        """The room there is for a photo, or for the board."""
        return self._middle.size()

    @property
    def is_board(self) -> bool:
        """Whether the board is shown."""
        return self._middle.currentWidget() is self.board

    def set_guess(self, guess: Guess | None, given: tuple[AnswerId | None, ...] = ()) -> None:
        """Say what the photo is taken for, and what it was given already."""
        self._guess = guess
        self.is_given = bool(given)
        answer = self._find(guess.answer) if guess is not None else None
        first = self._find(given[0]) if given and given[0] is not None else None
        takes = guess is not None and guess.is_preselected and not given
        self.bar.mark(given, guess.answer if takes and guess is not None else None)
        if given and given[0] is None:
            self.photo.set_badge("None of these", none=True)
        elif first is not None:
            names = ", ".join(found.name for one in given if one is not None and (found := self._find(one)) is not None)
            self.photo.set_badge(names, answer_colour(self._theme, first.place, on_photo=True))
        elif guess is not None and answer is not None:
            words = (
                f"{answer.name}, {percent(guess.sure)} sure" if guess.is_preselected else f"Not sure: {answer.name}?"
            )
            self.photo.set_badge(words, answer_colour(self._theme, answer.place, on_photo=True), hollow=True)
        else:
            self.photo.set_badge("")
        if given and self._label_set is not None and self._label_set.kind == "tags":
            self.hint.setText("Another key adds an answer, the same key takes it away. Right or Enter goes on.")
        elif given:
            self.hint.setText("Answered. Another key changes it.")
        elif takes and answer is not None:
            self.hint.setText(f"Enter takes the guess “{answer.name}”. Right leaves it for later.")
        elif guess is not None:
            self.hint.setText("No guess is sure enough to preselect. Press a key, or Right for later.")
        else:
            self.hint.setText("Press a key or click an answer. Right leaves it for later, Left goes back.")

    def set_hint(self, words: str) -> None:
        """Say something else than what the guess calls for."""
        self.hint.setText(words)

    @property
    def guess(self) -> Guess | None:
        """What the photo is taken for."""
        return self._guess

    def answer_of(self, key: str) -> Answer | None:
        """The answer with a key."""
        return answer_of_key(self._label_set, key) if self._label_set is not None else None

    def _find(self, answer: AnswerId | None) -> Answer | None:
        if self._label_set is None or answer is None:
            return None
        return self._label_set.answer(answer)

    def _show_board_state(self) -> None:
        if not self.is_board:
            return
        right, wrong = len(self.board.right()), len(self.board.wrong())
        self.take_board.setText(
            f"Take the other {wording.number(right)}" if wrong else f"Take all {wording.number(right)}"
        )
        self.take_board.setEnabled(right > 0)
        self.hint.setText(
            f"{wording.count(wrong, 'photo')} marked as wrong. Enter takes the rest."
            if wrong
            else "Click the wrong ones, Enter takes the rest."
            + ("" if self._is_tight else " An answer's key corrects the photo with the ring.")
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_tight = is_tight(self)
        self.foot.set_compact(self._is_tight)
        self.set_progress(*self._progress)
        self._show_board_state()

    # --- keys

    def flash(self, answer: AnswerId | None) -> None:
        """Show which answer was given, for 150 ms."""
        found = self._find(answer)
        self.bar.flash(answer)
        if not self.is_board:
            colour = answer_colour(self._theme, found.place) if found is not None else self._theme.tokens.text3
            self.photo.flash(colour)

    def event(self, event: QEvent) -> bool:
        # bare letters, and Ctrl+G, are the page's here even where the window has them as shortcuts
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            event.ignore()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False where it means nothing."""
        return take(self, event)
