"""All exact copies at once: shown folder by folder, then moved."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.duplicates.sets import Kind
from desktop_app.jobs import Latest
from desktop_app.ui.desk import Desk
from desktop_app.ui.duplicates import many
from desktop_app.ui.duplicates.deciding import Deciding
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.duplicates.preview_dialog import PreviewDialog


class AllExact(QObject):
    """Opens the preview, keeps it level with the rules, and does what it shows.

    Signals:
        rulesAsked(): choose what is kept.
        keepIn(str): keep the photos in this folder rather than those elsewhere.
    """

    rulesAsked = Signal()
    keepIn = Signal(str)

    def __init__(self, desk: Desk, page: DuplicatesPage, deciding: Deciding) -> None:
        super().__init__(desk.window)
        self._desk, self._page, self._deciding = desk, page, deciding
        self.dialog: PreviewDialog | None = None
        self._wanted: many.Wanted | None = None
        self._asking = Latest(desk.session.query, self)
        self._asking.answered.connect(self._show)
        self._asking.failed.connect(self._miss)
        deciding.changed.connect(self._ask)

    @Slot()
    def show(self) -> None:
        """Show what would go and what would stay."""
        if self.dialog is not None or self._desk.session.library is None or not self._sets():
            return
        dialog = self.dialog = PreviewDialog(self._desk.window)
        dialog.rulesAsked.connect(self.rulesAsked)
        dialog.keepIn.connect(self.keepIn)
        dialog.accepted.connect(self._do)
        dialog.finished.connect(self._closed)
        dialog.open()
        self._ask()

    def _sets(self) -> list[many.Going]:
        """The sets of exact copies with what goes of each: as suggested, or as a person marked it."""
        exact = (one for one in self._deciding.decisions.left if one.kind is Kind.EXACT)
        return [(one, self._page.going_of(one)) for one in exact]

    @Slot()
    def _ask(self) -> None:
        """Other sets, or other photos of them, are suggested now."""
        library = self._desk.session.library
        if self.dialog is not None and library is not None:
            self._asking.ask(partial(many.preview, library, self._sets()), name="what all exact copies change")

    @Slot(object)
    def _show(self, wanted: many.Wanted) -> None:
        self._wanted = wanted
        if self.dialog is not None:
            self.dialog.show_preview(wanted.preview)

    @Slot(object)
    def _miss(self, error: BaseException) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self._desk.report(error, "looking at what would go")

    @Slot()
    def _do(self) -> None:
        wanted = self._wanted
        if wanted is not None:
            self._deciding.do_many(wanted.sets, wanted.preview.bytes)

    @Slot()
    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog, self._wanted = None, None
        self._asking.drop()
