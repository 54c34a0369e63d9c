"""What can be done with answers and label sets: add, rename, another key, merge, remove, read in."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.labelling import Answer, AnswerId, LabelFilter, Origin
from desktop_app.core.library import Library
from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.labels import Written
from desktop_app.ui.desk import Desk
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.panels.menus import brief_menu

if TYPE_CHECKING:
    from desktop_app.core.operations.label_files import Imported

Done = Callable[[Written], object]


class AnswerActions(QObject):
    """Changes to the label set at hand, each undoable.

    Signals:
        showAsked(LabelFilter, str): the photos with an answer, and the words for it.
    """

    showAsked = Signal(object, str)

    def __init__(self, desk: Desk, labels: Labels) -> None:
        super().__init__(desk.window)
        self._desk, self._labels = desk, labels

    # --- answers ---------------------------------------------------------------------------------------------

    @Slot()
    def add(self) -> None:
        """One more answer."""
        label_set = self._labels.state.label_set
        name = self._ask("Add an answer", "Name of the answer") if label_set is not None else ""
        if name and label_set is not None:
            self._labels.change(f"adding “{name}”", partial(operations.add_answer, label_set=label_set.id, name=name))

    @Slot(object, QPoint)
    def show_menu(self, answer: AnswerId | None, at: QPoint) -> None:
        """The context menu of an answer."""
        label_set = self._labels.state.label_set
        found = label_set.answer(answer) if label_set is not None and answer is not None else None
        if label_set is None:
            return
        menu = brief_menu(self._desk.window)
        wish = LabelFilter(label_set.id, (answer,))
        words = f"answer “{found.name}”" if found is not None else "none of these"
        menu.addAction("Show its photos", partial(self.showAsked.emit, wish, words))
        if found is None:
            menu.popup(at)
            return
        menu.addSeparator()
        menu.addAction("Rename…", partial(self.rename, found))
        menu.addAction("Another key…", partial(self._change_key, found))
        merge = menu.addMenu("Make the same as")
        for other in label_set.answers:
            if other.id != found.id:
                merge.addAction(other.name, partial(self.merge, other, found))
        merge.setEnabled(len(label_set.answers) > 1)
        menu.addSeparator()
        menu.addAction("Remove", partial(self.remove, found))
        menu.popup(at)

    def rename(self, answer: Answer) -> None:
        """Another name; its labels stay."""
        label_set = self._labels.state.label_set
        name = self._ask("Rename the answer", "Name", answer.name)
        if label_set is not None and name and name != answer.name:
            write = partial(operations.rename_answer, label_set=label_set.id, answer=answer.id, name=name)
            self._labels.change(f"renaming “{answer.name}”", write)

    def _change_key(self, answer: Answer) -> None:
        label_set = self._labels.state.label_set
        key = self._ask("Another key", f"One digit from 1 to 9, or a letter, for “{answer.name}”", answer.key)
        if label_set is not None and key and key != answer.key:
            write = partial(operations.set_key, label_set=label_set.id, answer=answer.id, key=key)
            self._labels.change(f"the key of “{answer.name}”", write)

    def merge(self, into: Answer, gone: Answer) -> None:
        """Two answers become one."""
        label_set = self._labels.state.label_set
        if label_set is not None:
            write = partial(operations.merge_answers, label_set=label_set.id, into=into.id, gone=gone.id)
            self._labels.change(f"making “{gone.name}” the same as “{into.name}”", write)

    def remove(self, answer: Answer) -> None:
        """An answer goes with its labels."""
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        labels = self._labels.state.counts().get(answer.id, 0)
        write = partial(operations.remove_answer, label_set=label_set.id, answer=answer.id)
        self._labels.change(f"removing “{answer.name}”", write)
        gone = f" with {wording.count(labels, 'label')}" if labels else ""
        self._offer_undo(f"“{answer.name}” was removed{gone}.")

    # --- sets ------------------------------------------------------------------------------------------------

    def show_set_menu(self, at: QPoint, made: Done) -> None:
        """What can be done with the label set."""
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        menu = brief_menu(self._desk.window)
        menu.addAction(
            "Show photos without an answer",
            partial(self.showAsked.emit, LabelFilter(label_set.id, labelled=False), "no answer yet"),
        )
        menu.addAction(
            "Show guesses taken at once",
            partial(self.showAsked.emit, LabelFilter(label_set.id, origins=(Origin.BULK,)), "a guess taken"),
        )
        menu.addSeparator()
        menu.addAction("Rename…", self._rename_set)
        menu.addAction("Read labels from folder names", partial(self.use_folder_names, made))
        menu.addAction("Read labels from a table (CSV)…", partial(self._read_table, made))
        menu.addSeparator()
        menu.addAction("Remove this label set", self._remove_set)
        menu.popup(QPoint(max(0, at.x() - menu.sizeHint().width() + 1), at.y()))

    def _rename_set(self) -> None:
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        name = self._ask("Rename the label set", "Name", label_set.name)
        if name and name != label_set.name:
            write = partial(operations.rename_set, label_set=label_set.id, name=name)
            self._labels.change(f"renaming “{label_set.name}”", write)

    def _remove_set(self) -> None:
        label_set = self._labels.state.label_set
        if label_set is None:
            return
        write = partial(operations.remove_set, label_set=label_set.id)
        self._labels.change(f"removing “{label_set.name}”", write)
        self._offer_undo(f"The label set “{label_set.name}” was removed with its labels.")

    def use_folder_names(self, made: Done) -> None:
        """Each folder that holds photos becomes an answer."""
        roots = [folder.root for folder in self._desk.session.overview.folders]
        if not roots:
            self._desk.status.show_message("There are no folders yet.")
            return
        name = self._free_name("Folder names")

        read: list[Imported] = []

        def write(library: Library) -> Written:
            read[:] = _read_folders(library, roots, name)
            return read[0].written  # undoing the first takes the set away with all that came after

        self._labels.change("reading folder names", write, done=partial(self._read_in, made, read))

    def _read_table(self, made: Done) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self._desk.window, "Read labels from a table", str(Path.home()), "Tables (*.csv *.tsv *.txt)"
        )
        label_set = self._labels.state.label_set
        if not chosen or label_set is None:
            return
        from desktop_app.core.operations.label_files import import_csv

        read: list[Imported] = []

        def write(library: Library) -> Written:
            read[:] = [_drained(import_csv(library, Path(chosen), label_set.name))]
            return read[0].written

        self._labels.change("reading a table", write, done=partial(self._read_in, made, read))

    def _read_in(self, made: Done, read: Sequence[Imported], written: Written) -> None:
        """Show the set, and say what came in and what did not."""
        made(written)
        self._offer_undo(imported_words(read))

    def _free_name(self, name: str) -> str:
        taken = {one.name.casefold() for one in self._labels.state.sets}
        made, number = name, 2
        while made.casefold() in taken:
            made, number = f"{name} {number}", number + 1
        return made

    def _ask(self, title: str, question: str, words: str = "") -> str:
        if not self._labels.can_write:
            return ""
        given, is_good = QInputDialog.getText(self._desk.window, title, question, QLineEdit.EchoMode.Normal, words)
        return " ".join(given.split()) if is_good else ""

    def _offer_undo(self, words: str) -> None:
        done = self._desk.undo.index()

        def undo() -> None:
            if self._desk.undo.index() == done:
                self._desk.undo.undo()

        self._desk.status.show_message(words, [("Undo", undo)])


def imported_words(read: Sequence[Imported]) -> str:
    """What came in, and what named no photo of the library."""
    labelled = sum(one.labelled for one in read)
    answers = {name for one in read for name in one.classes}
    words = f"{wording.count(labelled, 'photo')} labelled with {wording.count(len(answers), 'answer')}."
    unknown = [path for one in read for path in one.unknown]
    if unknown:
        names = "names" if len(unknown) == 1 else "name"
        words += f" {wording.count(len(unknown), 'row')} {names} no photo of this library, as {Path(unknown[0]).name}."
    return words


def _read_folders(library: Library, roots: list[Path], name: str) -> list[Imported]:
    """Read the names of the folders in every root into one set."""
    from desktop_app.core.operations.label_files import import_folders

    read: list[Imported] = []
    refusal: UserError | None = None
    for root in roots:
        try:
            read.append(_drained(import_folders(library, root, name)))
        except UserError as error:
            refusal = error
    if not read:
        assert refusal is not None
        raise refusal
    return read


def _drained(steps: Generator[Any, None, Any]) -> Any:
    """The result of an operation that is run in one go."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
