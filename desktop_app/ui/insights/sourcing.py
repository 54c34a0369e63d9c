"""Step 1's other half: reads what is dropped, and keeps the cards level with the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.posts import Role
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk, Undoable
from desktop_app.ui.insights.mapper import ColumnMapper, TableColumns
from desktop_app.ui.insights.sources import SourcesStep
from desktop_app.ui.insights.sources_reading import Known, add, columns_of, look
from desktop_app.ui.insights.values import SourceCard
from desktop_app.ui.session import workers

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_FILTER = "Exports (*.zip *.csv *.tsv *.txt *.xlsx *.xlsm)"


class Sourcing(QObject):
    """Keeps the Sources step.

    Signals:
        changed(): other sources, other roles, or other columns: posts have to be matched anew.
        known(Known): what there is now.
        readAsked(): something begins to be read; show the step.
    """

    changed = Signal()
    known = Signal(object)
    readAsked = Signal()

    def __init__(self, desk: Desk, step: SourcesStep) -> None:
        super().__init__(desk.window)
        self._desk, self._step = desk, step
        self._now = Known((), {}, {})
        self._reading: list[Path] = []
        self._troubles: dict[Path, str] = {}
        self._latest = Latest(desk.session.query, self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(desk.report)
        step.filesAsked.connect(self.choose_files)
        step.folderAsked.connect(self.choose_folder)
        step.roleChosen.connect(self._set_role)
        step.renamed.connect(self._rename)
        step.columnsAsked.connect(self._ask_columns)
        step.againAsked.connect(self._again)
        step.removeAsked.connect(self._remove)

    @property
    def now(self) -> Known:
        """What there is."""
        return self._now

    # --- reading ---------------------------------------------------------------------------------------------

    @Slot()
    def choose_files(self) -> None:
        """Choose exports."""
        chosen, _ = QFileDialog.getOpenFileNames(self._desk.window, "Read into Insights", "", _FILTER)
        self.read([Path(one) for one in chosen])

    @Slot()
    def choose_folder(self) -> None:
        """Choose an Instaloader folder, or an export that was unpacked."""
        chosen = QFileDialog.getExistingDirectory(self._desk.window, "Read into Insights")
        if chosen:
            self.read([Path(chosen)])

    @Slot(list)
    def read(self, paths: Sequence[Path]) -> None:
        """Read exports: recognise each, add its pictures, and tell when posts can be matched."""
        library = self._desk.session.library
        if library is None or not paths:
            return
        self.readAsked.emit()
        if not library.writable:
            self._desk.status.show_message("This library is open for looking only, so nothing can be read into it.")
            return
        fresh = [path for path in paths if path not in self._reading]
        self._reading += fresh
        for path in fresh:
            self._troubles.pop(path, None)
            job = self._desk.session.work.submit(partial(add, library, path), name="reading an export", urgent=True)
            job.succeeded.connect(partial(self._added, path))
            job.failed.connect(partial(self._failed, path))
        self.show()

    def _added(self, path: Path, root: Path | None) -> None:
        library = self._desk.session.library
        if library is None:
            return
        if root is None:
            self._read_out(path)
            return
        from desktop_app.core.operations.sources import read_pictures

        job = self._desk.background.start(
            read_pictures(library, [root], workers=workers()), "adding pictures of an export", "Adding pictures"
        )
        job.failed.connect(partial(self._failed, path))
        job.succeeded.connect(partial(self._pictures_in, path))
        job.finished.connect(partial(self._forget, path))
        self.look_again()

    def _pictures_in(self, path: Path, _result: object) -> None:
        self._read_out(path)

    def _read_out(self, path: Path) -> None:
        self._forget(path)
        self.look_again()
        if not self._reading:
            self.changed.emit()

    def _forget(self, path: Path) -> None:
        if path in self._reading:
            self._reading.remove(path)
        self.show()

    def _failed(self, path: Path, error: BaseException) -> None:
        self._forget(path)
        if isinstance(error, UserError):
            self._troubles[path] = str(error)
            self._desk.status.show_message(str(error))
            if path.suffix.lower() in TABLES:
                self._ask_columns_of(path, 0)
        else:
            self._desk.report(error, f"reading “{path.name}”", again=partial(self.read, [path]))
        self.show()
        if not self._reading and self._now.cards:
            self.changed.emit()

    # --- what there is ---------------------------------------------------------------------------------------

    @Slot()
    def look_again(self) -> None:
        """Ask what there is."""
        library = self._desk.session.library
        if library is not None:
            self._latest.ask(lambda: look(library), name="sources")

    @Slot(object)
    def _take(self, known: Known) -> None:
        self._now = known
        self.show()
        self.known.emit(known)

    def show(self) -> None:
        """Show the cards, with those that are being read."""
        cards = []
        there = set()
        for card in self._now.cards:
            path = self._now.paths[card.key]
            there.add(path)
            cards.append(
                replace(card, reading=path in self._reading, trouble=self._troubles.get(path, "") or card.trouble)
            )
        for at, path in enumerate(one for one in self._reading if one not in there):
            cards.append(SourceCard(-1 - at, path.name, str(path), "", reading=True))
        self._step.show_sources(cards)

    # --- what can be changed ---------------------------------------------------------------------------------

    def _change(self, change: Callable[[Library], object]) -> None:
        """Write something short, then look and match anew."""
        library = self._desk.session.library
        if library is None:
            return
        job = self._desk.session.work.submit(lambda: change(library), name="changing a source", urgent=True)
        job.succeeded.connect(self._changed)
        job.failed.connect(self._desk.report)

    @Slot()
    def _changed(self) -> None:
        self.look_again()
        self.changed.emit()

    @Slot(int, str)
    def _set_role(self, key: int, role: Role) -> None:
        card = self._card(key)
        if card is None:
            return
        account = self._now.accounts.get(card.account.casefold())
        from desktop_app.core.operations import sources

        if account is None:
            self._change(lambda library: sources.set_account(library, key, card.account or card.name, role))
        else:
            before, name = card.role, card.account
            do = partial(self._change, lambda library: sources.set_role(library, account, role))
            undo = partial(self._change, lambda library: sources.set_role(library, account, before))
            self._desk.undo.push(Undoable(f"the role of {name}", do, undo))

    @Slot(int, str)
    def _rename(self, key: int, name: str) -> None:
        card = self._card(key)
        if card is None:
            return
        from desktop_app.core.operations import sources

        self._change(lambda library: sources.set_account(library, key, name, card.role))

    @Slot(int)
    def _again(self, key: int) -> None:
        path = self._now.paths.get(key)
        if path is not None:
            self.read([path])

    @Slot(int)
    def _remove(self, key: int) -> None:
        card = self._card(key)
        if card is None:
            return
        from desktop_app.core.operations import sources

        do = partial(self._change, lambda library: sources.remove_source(library, key))
        undo = partial(self._change, lambda library: sources.restore_source(library, key))
        self._desk.undo.push(Undoable(f"removing {card.name}", do, undo))
        self._desk.status.show_message(
            f"“{card.name}” was removed from Insights. Its pictures stay in the library.",
            [("Undo", self._desk.undo.undo)],
        )

    def _card(self, key: int) -> SourceCard | None:
        return next((card for card in self._now.cards if card.key == key), None)

    # --- columns ---------------------------------------------------------------------------------------------

    @Slot(int)
    def _ask_columns(self, key: int) -> None:
        path = self._now.paths.get(key)
        if path is not None:
            self._ask_columns_of(path, key)

    def _ask_columns_of(self, path: Path, key: int) -> None:
        library = self._desk.session.library
        if library is None:
            return
        job = self._desk.session.query.submit(lambda: columns_of(library, path, key), name="columns")
        job.succeeded.connect(partial(self._show_columns, path))
        job.failed.connect(self._desk.report)

    def _show_columns(self, path: Path, table: TableColumns) -> None:
        mapper = ColumnMapper(self._desk.theme, table, self._desk.window)
        mapper.chosen.connect(partial(self._map, path, table))
        mapper.show()

    def _map(self, path: Path, table: TableColumns, key: int, mapping: dict[str, str]) -> None:
        fields = {field: column for column, field in mapping.items()}
        # what was known by its name and is not wanted has to be said, too
        fields |= {field: "" for field in table.mapping.values() if field not in fields}
        from desktop_app.core.operations import sources

        self._troubles.pop(path, None)
        if key > 0:
            self._change(lambda library: sources.set_mapping(library, key, fields))
        else:
            self._change(lambda library: sources.add_source(library, path, mapping=fields))
