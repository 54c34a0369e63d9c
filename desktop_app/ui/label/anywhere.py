"""L, then an answer's key: label the selection wherever photos are selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.core import wording
from desktop_app.core.catalog import photos
from desktop_app.core.labelling import AnswerId, LabelSet
from desktop_app.core.types import Folder, Order
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.answer_actions import AnswerActions
from desktop_app.ui.label.answer_bar import AnswerBar
from desktop_app.ui.label.check import AnswerGrid
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.values import NONE_KEY, answer_of_key
from desktop_app.ui.panels.parts import text
from desktop_app.ui.theme import Theme

_WIDEST = 760


class AnswerCard(QFrame):
    """The answers on a card above the photos, at the foot of its window or at its head."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._at_top = False
        self.words = text("", "section")
        self.bar = AnswerBar(theme)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(8)
        self.column.addWidget(self.words)
        self.column.addWidget(self.bar)
        parent.installEventFilter(self)
        self.hide()

    def fill(
        self, label_set: LabelSet, counts: dict[AnswerId | None, int], words: str, *, at_top: bool = False
    ) -> None:
        """Put the answers of a set on it, below these words."""
        self._at_top = at_top
        self.words.setText(words)
        self.setAccessibleName(words)
        self.bar.set_answers(label_set, counts)
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        width = min(_WIDEST, parent.width() - 48)
        layout = self.layout()
        assert layout is not None
        self.setFixedWidth(width)
        inner = width - 32
        bar = self.bar.layout()
        assert bar is not None
        self.bar.setFixedHeight(bar.heightForWidth(inner))
        self.adjustSize()
        top = 72 if self._at_top else parent.height() - self.height() - 24
        self.move((parent.width() - self.width()) // 2, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to its place when the window's size differs."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


class AnswerPicker(AnswerCard):
    """The answers above the photos; one key chooses, Esc goes away.

    Signals:
        picked(object): an AnswerId, or None for "none of these".
        cleared(): Backspace or Delete: no label at all.
    """

    picked = Signal(object)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._label_set: LabelSet | None = None
        self._focus_before: QWidget | None = None
        self.hint = text("Press a key. Delete takes the label away, Esc leaves it.", "small")
        self.column.addWidget(self.hint)
        self.bar.answered.connect(self._pick)

    def ask(self, label_set: LabelSet, counts: dict[AnswerId | None, int], photos: int) -> None:
        """Show the answers of a set for so many photos."""
        self._label_set = label_set
        if not self.isVisible():
            self._focus_before = self.window().focusWidget()
        self.fill(label_set, counts, f"Label {wording.count(photos, 'photo')} as")
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not event.modifiers():
            event.accept()  # while it is open every bare key is an answer's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, pressed = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            self._close()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._close()
            self.cleared.emit()
        elif len(pressed) == 1 and pressed.isalnum() and self._label_set is not None:
            found = answer_of_key(self._label_set, pressed)
            if found is not None or pressed == NONE_KEY:
                self._pick(None if found is None else found.id)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self.hide()

    def _pick(self, answer: AnswerId | None) -> None:
        self._close()
        self.picked.emit(answer)

    def _close(self) -> None:
        self.hide()
        before = self._focus_before
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)


class LabelAnywhere(QObject):
    """Labels the photos selected on other pages."""

    def __init__(self, desk: Desk, labels: Labels, answers: AnswerActions) -> None:
        super().__init__(desk.window)
        self._desk, self._labels, self._answers = desk, labels, answers
        self._photos: tuple[int, ...] = ()
        self._picker: AnswerPicker | None = None
        self.begin_first: Callable[[], object] | None = None  # where there is no label set yet

    @property
    def picker(self) -> AnswerPicker:
        """The answers above the photos, made at first use."""
        if self._picker is None:
            made = AnswerPicker(self._desk.theme, self._desk.window)
            made.picked.connect(self._give)
            made.cleared.connect(self._clear)
            self._picker = made
        return self._picker

    @Slot()
    def ask(self, wanted: Sequence[int] = ()) -> None:
        """Ask which answer the selected photos get."""
        grid = self._desk.page.grid
        current = grid.current_photo()
        chosen = tuple(int(p) for p in (wanted or grid.selected_ids() or ([] if current is None else [current])))
        label_set = self._labels.state.label_set
        if not chosen:
            self._desk.status.show_message("Select the photos to label first.")
        elif label_set is None:
            if self.begin_first is not None and self._labels.is_loaded:
                self.begin_first()
        elif self._labels.can_write:
            self._photos = chosen
            self.picker.ask(label_set, self._labels.state.counts(), len(chosen))

    @Slot(object)
    def ask_folder(self, folder: Folder) -> None:
        """Ask which answer all photos of a folder get."""
        library = self._desk.session.library
        if library is not None:
            job = self._desk.session.query.submit(
                lambda: photos.listed(library.connection, Order.NAME, folder.id), name="photos of a folder"
            )
            job.succeeded.connect(self.ask)

    @Slot(object)
    def _give(self, answer: AnswerId | None) -> None:
        self.give(self._photos, answer)

    def give(self, photos: Sequence[int], answer: AnswerId | None) -> bool:
        """Give photos an answer and say so, with Undo. Returns False where nothing can be written."""
        label_set = self._labels.state.label_set
        if label_set is None or not self._labels.answer(photos, answer):
            return False
        found = label_set.answer(answer) if answer is not None else None
        name = found.name if found is not None else "None of these"
        self._tell(f"{wording.count(len(photos), 'photo')} labelled “{name}”.")
        return True

    @Slot()
    def _clear(self) -> None:
        if self._labels.clear(self._photos):
            self._tell(f"{wording.count(len(self._photos), 'label')} taken away.")

    def _tell(self, words: str) -> None:
        done = self._desk.undo.index()

        def undo() -> None:
            if self._desk.undo.index() == done:
                self._desk.undo.undo()

        self._desk.status.show_message(words, [("Undo", undo)])


class GridAnswers(QObject):
    """Gives the photos selected in a grid the answer whose key is pressed there."""

    def __init__(self, labels: Labels, grid: AnswerGrid) -> None:
        super().__init__(grid)
        self._labels, self._grid = labels, grid
        grid.keyAnswered.connect(self._answer)

    @Slot(str)
    def _answer(self, key: str) -> None:
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        found = answer_of_key(label_set, key)
        if found is None and key != NONE_KEY:
            return
        current = self._grid.current_photo()
        photos = self._grid.selected_ids() or ([] if current is None else [current])
        self._labels.answer([int(photo) for photo in photos], None if found is None else found.id)
