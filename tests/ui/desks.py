"""A window's shared parts without its pages, for controllers that need no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.core.library import Library
from desktop_app.core.types import Changes
from desktop_app.ui.background import Background
from desktop_app.ui.desk import Desk
from desktop_app.ui.grid import Thumbnails
from desktop_app.ui.panels.status import StatusBar
from desktop_app.ui.remembered import Remembered
from desktop_app.ui.session import Session
from desktop_app.ui.theme import Theme
from desktop_app.ui.undoing import Steps
from tests.core.libraries import NETWORK

WAIT = 30_000


class Table:
    """A desk with somebody at it."""

    def __init__(self, qtbot: Any, desk: Desk, thumbnails: Thumbnails) -> None:
        self.qtbot, self.desk, self.thumbnails = qtbot, desk, thumbnails
        self.session = desk.session
        self.changes: list[Changes] = []
        desk.session.changed.connect(self.changes.append)

    @property
    def library(self) -> Library:
        assert self.session.library is not None
        return self.session.library

    def settle(self) -> None:
        """Wait until no lane has anything to do."""
        session = self.session
        lanes = (session.work, session.query, session.thumbs, session.compute, session.errands)
        for _ in range(3):  # what ends may begin something else
            self.qtbot.waitUntil(lambda: all(lane.is_idle for lane in lanes), timeout=WAIT)

    @property
    def message(self) -> str:
        return self.desk.status.message

    def press(self, words: str) -> None:
        """Press a button of the message."""
        (found,) = (one for one in self.desk.status.message_buttons() if one.text() == words)
        found.click()
        self.settle()


@contextmanager
def laid(qtbot: Any, look: Theme, folder: Path, **parts: Any) -> Iterator[Table]:
    """A desk with a library at `folder`, made where there is none."""
    Library(folder, network=NETWORK, device="cpu").close()
    window = QWidget()
    qtbot.addWidget(window)
    session = Session(window)
    status, remembered = StatusBar(look), Remembered(window)
    column = QVBoxLayout(window)
    column.addStretch(1)
    column.addWidget(status)
    thumbnails = Thumbnails(session.thumbs, session.thumbnails, parent=window)
    missing = cast("Any", None)
    desk = Desk(
        window, missing, look, remembered, session, missing, missing, status, Steps(window),
        Background(session, window),
    )  # fmt: skip
    window.resize(900, 500)
    window.show()
    table = Table(qtbot, desk, thumbnails)
    with qtbot.waitSignals([session.opened, session.recognitionKnown], timeout=WAIT):
        session.open(folder, device="cpu")
    table.settle()
    yield table
    assert session.shutdown() == ()
    remembered.save()
