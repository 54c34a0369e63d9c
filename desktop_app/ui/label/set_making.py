"""How a label set begins: from the box, from folder names, from the menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot

from desktop_app.core.operations import labels as operations
from desktop_app.core.operations.labels import Written
from desktop_app.ui.label.answer_actions import AnswerActions
from desktop_app.ui.label.labels import Labels
from desktop_app.ui.label.page import LabelPage

_LONG = 16
"""Letters of an answer that go into the name of its set."""


class SetMaking(QObject):
    """Makes label sets as the page asks for them."""

    def __init__(self, labels: Labels, answers: AnswerActions, page: LabelPage) -> None:
        super().__init__(page)
        self._labels, self._answers, self._page = labels, answers, page
        page.set_up.started.connect(self._start)
        page.set_up.folderNamesAsked.connect(self._use_folder_names)
        page.newAsked.connect(self._new_set)
        page.menuAsked.connect(self._show_menu)

    @Slot(object, bool)
    def _start(self, answers: Sequence[str], several: bool) -> None:
        name = free_name(answers, [one.name for one in self._labels.state.sets])
        write = partial(operations.create_set, name=name, answers=tuple(answers), kind="tags" if several else "classes")
        self._labels.change(f"label set “{name}”", write, done=self._made)

    @Slot(object)
    def _made(self, written: Written) -> None:
        if written.label_set is not None:
            self._page.show_main()
            self._labels.choose(written.label_set.id)

    @Slot()
    def _new_set(self) -> None:
        self._page.set_sets(self._labels.state.sets, self._labels.state.label_set)
        self._page.show_set_up(can_cancel=True)

    @Slot()
    def _use_folder_names(self) -> None:
        self._answers.use_folder_names(self._made)

    @Slot(object)
    def _show_menu(self, at: QPoint) -> None:
        self._answers.show_set_menu(at, self._made)


def free_name(answers: Sequence[str], taken: Sequence[str]) -> str:
    """A name for a new set, made from its answers: “good, scratch, dent”."""
    short = [one if len(one) <= _LONG else f"{one[: _LONG - 1].rstrip(' ,.;')}…" for one in answers[:3]]
    name = ", ".join(short) + (" …" if len(answers) > 3 else "")
    folded = {one.casefold() for one in taken}
    made, number = name, 2
    while made.casefold() in folded:
        made, number = f"{name} {number}", number + 1
    return made
