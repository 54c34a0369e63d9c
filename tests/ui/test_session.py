"""A session: opening, overviews that are never old, writes that fail, shutting down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import ingest
from desktop_app.core.types import Changes
from desktop_app.ui import session as session_module
from desktop_app.ui.session import Session
from tests.photos import save_many

WAIT = 30_000


@pytest.fixture
def session(qtbot, tmp_path: Path) -> Iterator[Session]:
    Library(tmp_path / "library", network="efficientnet-lite0-int8", device="cpu").close()
    session = Session()
    with qtbot.waitSignals([session.opened, session.overviewChanged, session.recognitionKnown], timeout=WAIT):
        session.open(tmp_path / "library", device="cpu")
    yield session
    assert session.shutdown() == ()


def test_open_tells_the_library_the_overview_and_the_device(session: Session) -> None:
    assert session.library is not None
    assert session.library.writable
    assert session.overview.folders == ()
    assert session.recognition is not None
    assert session.recognition.kind == "cpu"


def test_a_run_is_heard_and_ends_in_the_overview(qtbot, session: Session, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(4))
    heard: list[Changes] = []
    session.changed.connect(heard.append)
    job = session.run(ingest(session.open_library(), [tmp_path / "in"]), "adding photos")
    with qtbot.waitSignal(job.finished, timeout=WAIT):
        pass
    qtbot.waitUntil(lambda: session.overview.photos == 4, timeout=WAIT)
    assert len({photo for changes in heard for photo in changes.added}) == 4


def test_a_change_during_an_overview_leads_to_another(qtbot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, go_on = threading.Semaphore(0), threading.Semaphore(0)
    look = session_module._look
    count = 0

    def slow(library: Library) -> session_module.Overview:
        nonlocal count
        count += 1
        found = look(library)
        looked.release()
        assert go_on.acquire(timeout=30)
        return found

    monkeypatch.setattr(session_module, "_look", slow)
    session.look_again()
    assert looked.acquire(timeout=30)  # it has looked, and now something changes
    session.look_again()
    session.look_again()
    assert session.overview_is_old
    go_on.release(2)
    with qtbot.waitSignals([session.overviewChanged, session.overviewChanged], timeout=WAIT):
        pass
    assert count == 2  # two wishes, one more look
    assert not session.overview_is_old


def test_a_write_that_fails_says_what_was_being_done(qtbot, session: Session) -> None:
    def refuses(_library: Library) -> Changes:
        raise UserError("The disk is full.")

    with qtbot.waitSignal(session.failed, timeout=WAIT) as failed:
        session.write(refuses)
    job, error = failed.args
    assert job.name == "changing the library"
    assert str(error) == "The disk is full."


def test_a_library_that_is_locked_is_opened_for_looking(qtbot, session: Session, tmp_path: Path) -> None:
    second = Session()
    with qtbot.waitSignals([second.opened, second.recognitionKnown], timeout=WAIT):
        second.open(tmp_path / "library", device="cpu")
    assert not second.library.writable
    assert second.shutdown() == ()


def test_a_library_that_cannot_be_opened_says_why(qtbot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    session = Session()
    with qtbot.waitSignal(session.openFailed, timeout=WAIT) as failed:
        session.open(tmp_path / "file" / "library", device="cpu")
    assert isinstance(failed.args[1], UserError)
    assert session.library is None
    assert session.shutdown() == ()
