"""Adding: one ingest at a time, what waits, what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.catalog import folders
from desktop_app.core.errors import UserError
from desktop_app.core.library import Library
from desktop_app.core.operations.ingest import Ingested
from desktop_app.core.types import FolderState
from desktop_app.ui.adding import Adding, summary
from desktop_app.ui.session import Session
from tests.photos import save_many

WAIT = 30_000


@pytest.fixture
def session(qtbot, tmp_path: Path) -> Iterator[Session]:
    Library(tmp_path / "library", network="efficientnet-lite0-int8", device="cpu").close()
    session = Session()
    with qtbot.waitSignals([session.opened, session.recognitionKnown], timeout=WAIT):
        session.open(tmp_path / "library", device="cpu")
    yield session
    assert session.shutdown() == ()


@pytest.fixture
def adding(session: Session) -> Adding:
    return Adding(session, session)


@pytest.mark.parametrize(
    ("photos", "not_shown", "words"),
    [
        (0, 0, "0 photos ready."),
        (1, 0, "1 photo ready."),
        (12_408, 23, "12,408 photos ready. 23 files are not shown."),
        (5, 1, "5 photos ready. 1 file is not shown."),
    ],
)
def test_the_sentence_at_the_end(photos: int, not_shown: int, words: str) -> None:
    assert summary(Ingested(photos=photos), not_shown) == words


def test_nothing_happens_where_nothing_runs(adding: Adding) -> None:
    adding.pause()
    adding.go_on()
    adding.stop()
    assert adding.view is None
    assert not adding.is_running
    adding.resume_unfinished()
    adding.continue_stopped()
    assert not adding.is_running


def test_from_start_to_end(qtbot, adding: Adding, tmp_path: Path) -> None:
    save_many(tmp_path / "in", range(6))
    seen: list[tuple[str, int]] = []
    adding.viewChanged.connect(lambda: adding.view and seen.append((adding.view.text, adding.view.done)))
    with qtbot.waitSignal(adding.ended, timeout=WAIT) as ended:
        adding.add([tmp_path / "in"])
        assert adding.is_running
        assert adding.view.text == "Looking for photos"
    assert ended.args[0].added == 6
    qtbot.waitUntil(lambda: not adding.is_running, timeout=WAIT)
    assert adding.view is None
    counts = [done for text, done in seen if text == "Adding photos"]
    assert counts == sorted(counts)  # it never falls back
    assert set(counts) <= set(range(7))  # a busy window may hear only the last word of a turn, or none of them


def test_what_is_asked_for_meanwhile_is_done_once_each(qtbot, adding: Adding, tmp_path: Path) -> None:
    for number in range(3):
        save_many(tmp_path / str(number), range(number * 10, number * 10 + 2))
    results: list[Ingested] = []
    adding.ended.connect(results.append)
    adding.add([tmp_path / "0"])
    for _ in range(2):
        adding.add([tmp_path / "1"])
        adding.add([tmp_path / "2"])
    qtbot.waitUntil(lambda: not adding.is_running, timeout=WAIT)
    assert [result.added for result in results] == [2, 2, 2]


def test_stop_forgets_what_waits(qtbot, adding: Adding, session: Session, tmp_path: Path) -> None:
    save_many(tmp_path / "0", range(3))
    save_many(tmp_path / "1", range(3, 6))
    adding.add([tmp_path / "0"])
    adding.add([tmp_path / "1"])
    adding.pause()
    with qtbot.waitSignal(adding.stopped, timeout=WAIT):
        adding.stop()
    qtbot.waitUntil(lambda: not adding.is_running and session.work.is_idle, timeout=WAIT)
    qtbot.waitUntil(lambda: [f.name for f in session.overview.folders] in ([], ["0"]), timeout=WAIT)
    assert all(folder.state is FolderState.STOPPED for folder in session.overview.folders)


def test_a_folder_that_is_not_there_is_said(qtbot, adding: Adding, tmp_path: Path) -> None:
    with qtbot.waitSignal(adding.failed, timeout=WAIT) as failed:
        adding.add([tmp_path / "nowhere"])
    assert isinstance(failed.args[0], UserError)
    qtbot.waitUntil(lambda: not adding.is_running, timeout=WAIT)


def test_nothing_is_added_to_a_library_for_looking_only(qtbot, session: Session, tmp_path: Path) -> None:
    second = Session()
    with qtbot.waitSignals([second.opened, second.recognitionKnown], timeout=WAIT):
        second.open(tmp_path / "library", device="cpu")
    adding = Adding(second, second)
    adding.add([tmp_path])
    assert not adding.is_running
    assert second.shutdown() == ()


@pytest.mark.parametrize(("count", "is_shown"), [(3, False), (24, True)])
def test_level_is_quiet_about_a_handful(qtbot, adding: Adding, tmp_path: Path, count: int, is_shown: bool) -> None:
    save_many(tmp_path / "in", range(2), width=64, height=48)
    with qtbot.waitSignal(adding.ended, timeout=WAIT):
        adding.add([tmp_path / "in"])
    qtbot.waitUntil(lambda: not adding.is_running, timeout=WAIT)
    new = save_many(tmp_path / "in", range(50, 50 + count), width=64, height=48)
    shown = list[bool]()
    adding.viewChanged.connect(lambda: shown.append(adding.view is not None))
    (folder,) = folders.all_folders(adding._session.library.connection)
    adding.level({})
    assert not adding.is_running
    with (
        qtbot.assertNotEmitted(adding.ended),
        qtbot.waitSignal(adding.levelled, timeout=WAIT) as levelled,
    ):
        adding.level({folder.id: frozenset(new)})
        adding.level({folder.id: frozenset(new)})  # waits, and finds nothing to do
    assert levelled.args[0].added == count
    qtbot.waitUntil(lambda: not adding.is_running, timeout=WAIT)
    assert any(shown) == is_shown
