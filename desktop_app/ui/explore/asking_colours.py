"""Find by colour: the dialog's colours become a search of the photos page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Slot

from desktop_app.core.errors import UserError
from desktop_app.core.operations.colours import colours_of
from desktop_app.core.searching import Colours
from desktop_app.core.types import PhotoId
from desktop_app.jobs import Latest
from desktop_app.ui.comparing import Comparing
from desktop_app.ui.desk import Desk
from desktop_app.ui.explore.colours import ColoursDialog

COLOUR = "colour"
_EDGE = 24  # between the dialog and the window's
_PARTS = 5  # main colours that are taken of a photo


class AskingColours(QObject):
    """Shows the dialog and looks for what is chosen in it, as it is chosen."""

    def __init__(self, desk: Desk, comparing: Comparing) -> None:
        super().__init__(desk.window)
        self._desk, self._comparing = desk, comparing
        self._searching = False  # the view at hand is this dialog's: changed in place, Back leads to before it
        self.window: ColoursDialog | None = None
        self._is_put_away = False
        desk.page.installEventFilter(self)
        self._palette = Latest(desk.session.query, self)
        self._palette.answered.connect(self._take_palette)
        self._palette.failed.connect(self._palette_failed)
        desk.page.grid.selectionChangedTo.connect(self._selected)

    @Slot()
    def ask(self) -> None:
        """Choose colours."""
        if self.window is None:
            self._searching = False
            self.window = ColoursDialog(
                self._desk.theme, photo=bool(self._desk.page.grid.selected_ids()), parent=self._desk.window
            )
            self.window.changed.connect(self._look)
            self.window.photoAsked.connect(self._ask_palette)
            self.window.destroyed.connect(self._gone)
            self._place(self.window)
        if not any(way.descriptor == COLOUR and way.ready for way in self._comparing.ways):
            self._comparing.make_ready(COLOUR)  # photos that were added before colours were counted
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _place(self, dialog: ColoursDialog) -> None:
        """Beside the results, over the panel at the right: what is chosen shows at once."""
        inside = self._desk.window.rect()
        at = QPoint(inside.right() - dialog.width() - _EDGE, inside.bottom() - dialog.height() - 3 * _EDGE)
        dialog.move(self._desk.window.mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The dialog belongs to the photos: it goes and comes with them, but not with the whole window."""
        if watched is self._desk.page and self.window is not None and not event.spontaneous():
            if event.type() == QEvent.Type.Hide:
                self._is_put_away = self.window.isVisible()
                self.window.hide()
            elif event.type() == QEvent.Type.Show and self._is_put_away:
                self._is_put_away = False
                self.window.show()
        return super().eventFilter(watched, event)

    @Slot(object)
    def _look(self, colours: Sequence[tuple[int, int, int]]) -> None:
        page = self._desk.page
        if not colours:
            if self._searching:
                self._searching = False
                page.change_search(replace(page.view.query, colours=()))
            return
        query = replace(page.view.query, colours=(Colours(tuple(colours)),))
        page.change_search(query, again=self._searching and bool(page.view.query.colours))
        self._searching = True

    @Slot()
    def _ask_palette(self) -> None:
        library, chosen = self._desk.session.library, self._desk.page.grid.selected_ids()
        if library is not None and chosen:
            photo = PhotoId(chosen[0])
            self._palette.ask(lambda: colours_of(library, photo), name="colours of a photo")

    @Slot(object)
    def _take_palette(self, found: list[tuple[tuple[int, int, int], float]]) -> None:
        if self.window is not None:
            self.window.set_colours([colour for colour, _share in found[:_PARTS]])

    @Slot(object)
    def _palette_failed(self, error: BaseException) -> None:
        if self.window is not None and isinstance(error, UserError):
            self.window.note.setText(str(error))
        else:
            self._desk.report(error, "taking a photo's colours")

    @Slot(list)
    def _selected(self, ids: Sequence[PhotoId]) -> None:
        if self.window is not None:
            self.window.set_photo(bool(ids))

    @Slot()
    def _gone(self) -> None:
        self.window = None
