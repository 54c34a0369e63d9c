"""The Duplicates page joined to the library: looking for copies, what is decided, and the way to the trash."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.core.duplicates.sets import CopySet, KeepRules, Prefer
from desktop_app.core.library import Library
from desktop_app.core.types import Changes
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates import reading
from desktop_app.ui.duplicates.all_exact import AllExact
from desktop_app.ui.duplicates.deciding import Deciding
from desktop_app.ui.duplicates.looking import Looking
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.rules_dialog import RulesDialog, place_of
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.pixels import to_image
from desktop_app.ui.trash.trashing import Trashing
from desktop_app.ui.viewing import Viewing

_KEPT = 64  # sets whose facts are remembered


class Duplicating(QObject):
    """Puts the Duplicates page together for one window.

    Signals:
        findAlikeAsked(int): find photos like one.
        showFileAsked(int): show a photo in the file manager.
    """

    findAlikeAsked = Signal(int)
    showFileAsked = Signal(int)

    def __init__(
        self, desk: Desk, page: DuplicatesPage, thumbnails: Thumbnails, viewing: Viewing, trashing: Trashing
    ) -> None:
        super().__init__(desk.window)
        self._desk, self.page, self._viewing = desk, page, viewing
        page.pictures.read_from(desk.session)
        self.looking = Looking(desk, page)
        self.deciding = Deciding(desk, page, trashing)
        self.all_exact = AllExact(desk, page, self.deciding)
        self.rules_dialog: RulesDialog | None = None
        self._facts: dict[str, reading.Looked] = {}
        self._asking = Latest(desk.session.query, self)
        self._asking.answered.connect(self._show_facts)
        self._ahead = Latest(desk.session.query, self)
        self._ahead.answered.connect(self._keep_facts)
        self._differing = Latest(desk.session.thumbs, self)
        self._differing.answered.connect(self._show_difference)
        self._differing.failed.connect(self._no_difference)
        self._wanted_difference = (0, 0)
        self._join()

    def _join(self) -> None:
        page, session = self.page, self._desk.session
        session.opened.connect(self._opened)
        session.changed.connect(self._library_changed)
        self.looking.found.connect(self._found)
        self.deciding.unknownBack.connect(self.looking.find_again)
        page.setShown.connect(self._look_at)
        page.openAsked.connect(self._open)
        page.findAlikeAsked.connect(self.findAlikeAsked)
        page.showFileAsked.connect(self.showFileAsked)
        page.differenceAsked.connect(self._differ)
        page.allExactAsked.connect(self.all_exact.show)
        page.rulesAsked.connect(self.ask_for_rules)
        self.all_exact.rulesAsked.connect(self.ask_for_rules)
        self.all_exact.keepIn.connect(self.keep_in)

    # --- being looked at -------------------------------------------------------------------------------------

    @Slot()
    def shown(self) -> None:
        """The page came to the middle."""
        self.looking.look()
        self.page.focus_body()

    def step_out(self) -> bool:
        """Esc: one step out; False where there is none."""
        return self.page.step_out()

    @Slot()
    def _opened(self) -> None:
        self._facts.clear()
        self.looking.forget()
        self.deciding.forget()

    @Slot(object)
    def _library_changed(self, changes: Changes) -> None:
        touched = [int(photo) for photo in (*changes.updated, *changes.removed, *changes.added)]
        if touched:
            self._facts.clear()
            self.page.pictures.forget(touched)
        self.deciding.note(changes)

    @Slot(object, bool)
    def _found(self, sets: tuple[CopySet, ...], is_new: bool) -> None:
        self._facts.clear()
        self.deciding.take(sets, is_new=is_new)
        self._look_at(self.page.current_set())

    # --- the set at hand -------------------------------------------------------------------------------------

    @Slot(object)
    def _look_at(self, copies: CopySet | None) -> None:
        library = self._desk.session.library
        if copies is None or library is None:
            return
        found = self._facts.get(copies.key)
        if found is not None and found.facts.set == copies:
            self.page.show_facts(found.facts, found.companions)
        else:
            self._asking.ask(partial(reading.look_at, library, copies), name="a set of copies")
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Read what is known of the next sets, so that it is there when they are come to."""
        library = self._desk.session.library
        ahead = [one for one in self.page.list.upcoming(3) if one.key not in self._facts]
        if library is not None and ahead:
            self._ahead.ask(partial(_look_at_all, library, ahead), name="sets of copies")

    @Slot(object)
    def _show_facts(self, found: reading.Looked) -> None:
        self._keep_facts([found])
        self.page.show_facts(found.facts, found.companions)

    @Slot(object)
    def _keep_facts(self, several: list[reading.Looked]) -> None:
        for found in several:
            self._facts[found.facts.set.key] = found
        while len(self._facts) > _KEPT:
            self._facts.pop(next(iter(self._facts)))

    @Slot(int)
    def _open(self, photo: int) -> None:
        copies = self.page.current_set()
        if copies is not None:
            self._viewing.open_among([int(one) for one in copies.photos], photo)

    # --- what differs ----------------------------------------------------------------------------------------

    @Slot(int, int)
    def _differ(self, one: int, other: int) -> None:
        library = self._desk.session.library
        if library is not None:
            self._wanted_difference = (one, other)
            self._differing.ask(partial(reading.difference, library, one, other), name="differences")

    @Slot(object)
    def _show_difference(self, found: reading.Difference) -> None:
        image = to_image(found.pixels) if found.pixels is not None else QImage()
        self.page.compare.show_difference(found.one, found.other, image, found.words)

    @Slot(object)
    def _no_difference(self, error: BaseException) -> None:
        self.page.compare.show_difference(*self._wanted_difference, QImage(), str(error))

    # --- rules -----------------------------------------------------------------------------------------------

    @Slot()
    def ask_for_rules(self) -> None:
        """Ask which photo of a set is to be kept."""
        if self.rules_dialog is not None or self._desk.session.library is None:
            return
        roots = reading.roots(self._desk.session.overview.folders)
        dialog = self.rules_dialog = RulesDialog(self.looking.rules, roots, self._desk.window)
        dialog.accepted.connect(self._take_rules)
        dialog.finished.connect(self._rules_closed)
        dialog.open()

    @Slot()
    def _take_rules(self) -> None:
        if self.rules_dialog is not None:
            self.set_rules(self.rules_dialog.rules)

    def set_rules(self, rules: KeepRules) -> None:
        """Suggest by these rules from now on; what was marked by hand stays."""
        if self.deciding.can_write:
            self.looking.set_rules(rules)

    @Slot(str)
    def keep_in(self, folder: str) -> None:
        """Keep photos in this folder before those in any other; remembered like the other rules."""
        place = place_of(Path(folder), reading.roots(self._desk.session.overview.folders))
        if place is not None:
            rules = self.looking.rules
            others = tuple(one for one in rules.folders if one != place)
            prefer = rules.prefer if Prefer.FOLDER in rules.prefer else (Prefer.FOLDER, *rules.prefer)
            self.set_rules(replace(rules, folders=(place, *others), prefer=prefer))

    @Slot()
    def _rules_closed(self) -> None:
        if self.rules_dialog is not None:
            self.rules_dialog.deleteLater()
        self.rules_dialog = None


def _look_at_all(library: Library, sets: list[CopySet]) -> list[reading.Looked]:
    return [reading.look_at(library, one) for one in sets]
