"""What finds photos, put together: words, examples, regions, filters, dates, ways, saved searches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop_app.ui.desk import Desk
from desktop_app.ui.frame import Frame
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.search.searching import Searching
from desktop_app.ui.viewing import Viewing


class Finding(QObject):
    """The window's search."""

    def __init__(self, desk: Desk, frame: Frame, thumbnails: Thumbnails, viewing: Viewing) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.searching = Searching(desk, frame.search)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's commands do, by their keys."""
        return {
            "more_like": self.searching.more_like,
            "less_like": self.searching.less_like,
        }
