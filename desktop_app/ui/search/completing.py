"""Words that begin as what is being typed, asked for at each key; one that is chosen becomes a chip."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.operations.counted_completions import counted_completions, parted
from desktop_app.core.searching import Words
from desktop_app.core.words.found import Completion
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.panels.search_field import SearchField
from desktop_app.ui.search.completion_list import CompletionList

_MOST = 10


class Completing(QObject):
    """Joins the search field to the list below it.

    Signals:
        wordsChosen(Words, str): what was chosen or entered, and what stays in the field.
    """

    wordsChosen = Signal(object, str)

    def __init__(self, desk: Desk, field: SearchField) -> None:
        super().__init__(desk.window)
        self._desk, self._field = desk, field
        self._list: CompletionList | None = None
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._show)
        self._latest.failed.connect(self._close)
        field.typed.connect(self._ask)
        field.committed.connect(self._commit)
        field.stepped.connect(self._step)
        field.listClosed.connect(self._close)

    @property
    def list(self) -> CompletionList:
        """The list, made at first use, over the window that the field is in by then."""
        if self._list is None:
            self._list = CompletionList(self._desk.theme, self._field)
            self._list.chosen.connect(self._choose)
        return self._list

    @Slot(str)
    def _ask(self, text: str) -> None:
        session = self._desk.session
        if session.library is None or not text.strip() or text != text.rstrip():
            self._close()
            return
        page = self._desk.page
        query, wish = replace(page.view, text="").asked, page.view.guess
        extra = page.guessed(wish) if wish is not None and page.guessed is not None else None
        self._latest.ask(lambda: counted_completions(session.searcher(), query, text, _MOST, extra), name="completions")

    @Slot(object)
    def _show(self, found: tuple[Completion, ...]) -> None:
        text = self._field.text()
        useful = [one for one in found if one.text.casefold() != text.strip().casefold() or len(found) > 1]
        if not self._field.hasFocus() or not text.strip():
            useful = []
        self.list.show_items(useful)
        self._field.has_list = bool(useful)

    @Slot()
    def _close(self, *_: object) -> None:
        self._latest.drop()
        if self._list is not None:
            self._list.hide()
        self._field.has_list = False

    @Slot(int)
    def _step(self, by: int) -> None:
        self.list.step(by)

    @Slot(str)
    def _commit(self, text: str) -> None:
        chosen = self._list.current() if self._list is not None else None
        if chosen is not None:
            self._choose(chosen)
            return
        self._close()
        if text:
            self.wordsChosen.emit(Words(text + " "), "")  # whole words from now on: "car" is no longer a carnival

    @Slot(object)
    def _choose(self, chosen: Completion) -> None:
        before, minus = parted(self._field.text(), chosen.instead_of)
        self._close()
        self.wordsChosen.emit(Words(chosen.text, chosen.sense, minus=minus), before)
