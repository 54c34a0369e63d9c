"""Labelling: one large photo or a board of equal guesses, the answers, the last five, and how good it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.labelling import Answer, AnswerId, LabelSet
from desktop_app.ui.answer_marks import answer_colour
from desktop_app.ui.label.answer_bar import AnswerBar
from desktop_app.ui.label.board import Board
from desktop_app.ui.label.large_photo import LargePhoto
from desktop_app.ui.label.meter import Meter
from desktop_app.ui.label.strip import RecentStrip
from desktop_app.ui.label.values import NONE_KEY, Guess, answer_of_key, percent
from desktop_app.ui.panels.empty import EmptyPage
from desktop_app.ui.panels.parts import Choice, ElidedLabel, PixmapSource, button, text
from desktop_app.ui.theme import Theme

_Key = Qt.Key
_ENTER = (_Key.Key_Return, _Key.Key_Enter)


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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Label photos")
        self.photo = LargePhoto(theme)
        self.board = Board(theme, thumbnails)
        self.empty = EmptyPage(theme)
        self.bar = AnswerBar(theme)
        self.strip = RecentStrip(theme, thumbnails)
        self.meter = Meter(theme)
        self.name = ElidedLabel("")
        self.hint = text("", "quiet")
        self.scope = Choice(theme)
        self.scope.setAccessibleName("Which photos to label")
        self.scope.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scope.hide()
        self.stop = button("End the check", quiet=True)
        self.stop.hide()
        self.as_board = button("Board", quiet=True, tip="Photo or board of equal guesses (Ctrl+G)")
        self.as_board.setCheckable(True)
        self.take = button("Take sure guesses…", quiet=True, tip="Take guesses above a limit (Ctrl+Enter)")
        self.take_board = button("", default=True)
        self.add = QToolButton()
        self.add.setText("+ Answer")
        self.add.setProperty("quiet", True)
        self.add.setToolTip("Add another answer")
        self._middle = QStackedWidget()
        for widget in (self.photo, self.board, self.empty):
            self._middle.addWidget(widget)
        for made in (self.as_board, self.take, self.take_board, self.add, self.stop):
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
        top.addWidget(self.name, 1)
        for widget in (self.stop, self.as_board, self.take):
            top.addWidget(widget)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 10)
        foot.setSpacing(8)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.hint)
        line.addWidget(self.take_board)
        line.addStretch(1)
        foot.addLayout(line)
        self.bar.add_last(self.add)
        foot.addWidget(self.bar)
        last = QHBoxLayout()
        last.setSpacing(24)
        last.addWidget(self.strip)
        last.addWidget(self.meter, 1)
        foot.addLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._middle, 1)
        column.addLayout(foot)

    def _join(self) -> None:
        self.bar.answered.connect(self._answer)
        self.strip.chosen.connect(self.recentChosen)
        self.board.changed.connect(self._show_board_state)
        self.as_board.clicked.connect(self.boardWanted)
        self.take.clicked.connect(self.takeAsked)
        self.take_board.clicked.connect(self.boardTaken)
        self.add.clicked.connect(self.addAnswerAsked)
        self.stop.clicked.connect(self.stopAsked)
        self.photo.clicked.connect(self.setFocus)
        self.scope.activated.connect(lambda at: self.scopeChosen.emit(self.scope.itemData(at)))

    # --- what is shown

    def set_answers(self, label_set: LabelSet | None, counts: dict[AnswerId | None, int]) -> None:
        """Show these answers."""
        self._label_set = label_set
        self.bar.set_answers(label_set, counts)

    def show_photo(self, name: str, *, note: str = "") -> None:
        """Show the photo side with another photo's name; its pixels go to `photo`."""
        self._middle.setCurrentWidget(self.photo)
        self.name.set_words(f"{name}  ·  {note}" if note else name, name)

    def show_empty(self, fact: str, advice: str = "") -> None:
        """Say why there is no photo to label."""
        self.empty.set_contents(fact, advice)
        self._middle.setCurrentWidget(self.empty)
        self.name.set_words("")
        self.set_guess(None)
        self.hint.setText("")

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
    def is_board(self) -> bool:
        """Whether the board is shown."""
        return self._middle.currentWidget() is self.board

    def set_guess(self, guess: Guess | None, given: tuple[AnswerId | None, ...] = ()) -> None:
        """Say what the photo is taken for, and what it was given already."""
        self._guess = guess
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
        if given:
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
            else "Click the wrong ones, Enter takes the rest. An answer's key corrects the photo with the ring."
        )

    # --- keys

    def _answer(self, answer: AnswerId | None) -> None:
        self.answered.emit(answer)

    def flash(self, answer: AnswerId | None) -> None:
        """Show which answer was given, for 150 ms."""
        found = self._find(answer)
        self.bar.flash(answer)
        if not self.is_board:
            colour = answer_colour(self._theme, found.place) if found is not None else self._theme.tokens.text3
            self.photo.flash(colour)

    def event(self, event: QEvent) -> bool:
        # bare letters, and Ctrl+G, are the page's here even where the window has them as shortcuts
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        return super().event(event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return event.key() in (_Key.Key_G, *_ENTER)
        bare = not modifiers or modifiers == Qt.KeyboardModifier.ShiftModifier
        return bare and (len(event.text()) == 1 and event.text().isalnum())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            event.ignore()

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False where it means nothing."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = event.key()
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            if key == _Key.Key_G:
                self.boardWanted.emit(not self.is_board)
                return True
            if key in _ENTER:
                self.takeAsked.emit()
                return True
            return False
        if modifiers and modifiers != Qt.KeyboardModifier.ShiftModifier:
            return False
        if self.is_empty and key not in (_Key.Key_Left, _Key.Key_Backspace):
            return False
        return self._take_answer(event) or (not modifiers and self._take_move(event))

    def _take_answer(self, event: QKeyEvent) -> bool:
        pressed = event.text()
        if len(pressed) != 1 or not pressed.isalnum() or self._label_set is None:
            return False
        found = answer_of_key(self._label_set, pressed)
        if found is None and pressed != NONE_KEY:
            return False
        if not event.isAutoRepeat():  # a key held down must not answer for the photos to come
            self._answer(None if found is None else found.id)
        return True

    def _take_move(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _ENTER:
            if event.isAutoRepeat():
                return True
            if self.is_board:
                self.boardTaken.emit()
            elif self._guess is not None:
                self.guessAccepted.emit()
        elif key == _Key.Key_F3:
            self.whyAsked.emit()
        elif self.is_board:
            return False
        elif key == _Key.Key_Right:
            self.left.emit()
        elif key in (_Key.Key_Left, _Key.Key_Backspace):
            self.wentBack.emit()
        elif key == _Key.Key_Space:
            self.photo.toggle()
        else:
            return False
        return True
