"""Where the map is to be saved as a picture, and word of it when it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.operations.map import PhotoMap
from desktop_app.ui.desk import Desk
from desktop_app.ui.map.colouring import Colouring
from desktop_app.ui.map.exporting import Wish, save_picture
from desktop_app.ui.theme import ANSWERS_LIGHT

_KINDS = "PDF page, A3 (*.pdf);;Picture, A3 at 300 dpi (*.png)"


class MapSaving(QObject):
    """Saves the map as PNG or PDF, on the lane that lays out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk

    def ask(self, made: PhotoMap, *, is_sheet: bool, values: Colouring | None) -> None:
        """Ask for a file and save the map there, coloured as it is on the screen."""
        library = self._desk.session.library
        if library is None:
            return
        usual = str(Path.home() / f"{library.name} map.pdf")
        chosen, _ = QFileDialog.getSaveFileName(self._desk.window, "Save the map", usual, _KINDS)
        if chosen:
            path = Path(chosen)
            path = path if path.suffix.lower() in (".pdf", ".png") else path.with_name(f"{path.name}.pdf")
            self.save(made, path, is_sheet=is_sheet, values=values)

    def save(self, made: PhotoMap, path: Path, *, is_sheet: bool, values: Colouring | None) -> None:
        """Save the map; a page is white, so its colours are those of the light scheme."""
        library, session = self._desk.session.library, self._desk.session
        if library is None:
            return
        wish = Wish(path, is_sheet, library.name)
        if values is not None:
            legend = tuple(values.legend(ANSWERS_LIGHT))
            wish = Wish(path, is_sheet, library.name, values.colours(ANSWERS_LIGHT), values.name, legend)
        operation = save_picture(library, made, wish)
        job = self._desk.background.start(operation, "map picture", "Drawing the map", lane=session.compute)
        job.succeeded.connect(self._saved)

    @Slot(object)
    def _saved(self, path: Path) -> None:
        actions = [("Show in file manager", partial(self._desk.show_file, path))]
        self._desk.status.show_message(f"The map was saved as {path.name}.", actions)
