"""A library from before there were labels is brought up to date whole, and labels reach it through the operations."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.catalog import labels, schema
from desktop_app.core.errors import UserError
from desktop_app.core.operations import labels as operations
from desktop_app.core.types import Changes, PhotoId
from tests.core.label_parts import held
from tests.core.libraries import assert_equal, by_path, made, opened, run, state
from tests.photos import save, save_many

ROOT = Path(__file__).resolve().parents[2]


def first_version(place: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library as the first version of the catalogue made it, with photos and a file that is not shown."""
    save_many(root, range(5))
    (root / "bad.jpg").write_bytes(b"\xff\xd8\xff no picture")
    with monkeypatch.context() as then:
        then.setattr(schema.migrate, "__defaults__", (schema.MIGRATIONS[:1],))
        then.setattr("desktop_app.core.library.answers.purge_sets", lambda connection, now: None)
        then.setattr("desktop_app.core.library.themes.purge", lambda connection, now: None)
        then.setattr("desktop_app.core.library.saved_searches.purge", lambda connection, now: None)
        then.setattr("desktop_app.core.operations.commit.details.put", lambda connection, photo, content, read: None)
        then.setattr("desktop_app.core.operations.ingest.level_details", lambda library, plans, workers: iter(()))
        then.setattr("desktop_app.core.library.answers.all_ids", lambda connection: frozenset())
        made(place, root)


def tables(catalogue: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(catalogue)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}


def test_a_library_of_the_first_version_keeps_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "library"
    first_version(place, tmp_path / "in", monkeypatch)
    before = tables(place / "catalogue.sqlite")
    assert "labels" not in before
    assert len(before["photos"]) == 5
    assert len(before["skipped"]) == 1
    with pytest.raises(UserError, match="brought up to date first"):
        opened(place, writable=False)
    with opened(place) as library:
        one = state(library)
        made_set = operations.create_set(library, "era", ["a", "b"]).label_set
        assert made_set is not None
        photo = by_path(library)[tmp_path / "in" / "photo 3.jpg"]
        operations.put_labels(library, made_set.id, [(photo, made_set.answers[0].id)])
    after = tables(place / "catalogue.sqlite")
    assert {name: rows for name, rows in after.items() if name in before and name != "sqlite_sequence"} == {
        name: rows for name, rows in before.items() if name != "sqlite_sequence"
    }
    assert not schema.copy_path(place / "catalogue.sqlite").exists()
    with opened(place, writable=False) as library:  # beside a writer, and afterwards
        assert_equal(state(library), one)
        assert list(held(library.connection, made_set.id)) == [photo]


def test_an_update_that_was_cut_off_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "library"
    first_version(place, tmp_path / "in", monkeypatch)
    broken = (schema.MIGRATIONS[0], schema.MIGRATIONS[1] + "INSERT INTO nowhere VALUES (1);")
    with monkeypatch.context() as then:
        then.setattr(schema.migrate, "__defaults__", (broken,))
        with pytest.raises(UserError, match="is unchanged"):
            opened(place)
    assert "labels" not in tables(place / "catalogue.sqlite")
    with opened(place) as library:
        assert len(by_path(library)) == 5
    assert "labels" in tables(place / "catalogue.sqlite")


def test_operations_say_what_they_changed_and_undo(place: Path, folder: Path) -> None:
    with opened(place) as library:
        own = by_path(library)
        photo = own[folder / "photo 1.jpg"]
        new = operations.create_set(library, "era", ["classic", "modern"])
        assert isinstance(new, Changes)
        assert new.label_set is not None
        era = new.label_set
        classic, modern = era.answers
        assert new.labels == (era.id,)
        steps = [
            operations.put_labels(library, era.id, [(photo, classic.id)]),
            operations.put_labels(library, era.id, [(photo, modern.id)]),
            operations.add_answer(library, era.id, "odd"),
            operations.rename_answer(library, era.id, modern.id, "new"),
            operations.set_key(library, era.id, modern.id, "n"),
            operations.place_answer(library, era.id, modern.id, 0),
            operations.merge_answers(library, era.id, classic.id, modern.id),
            operations.rename_set(library, era.id, "age"),
            operations.remove_answer(library, era.id, classic.id),
            operations.remove_set(library, era.id),
        ]
        assert all(bool(step) and step.labels == (era.id,) for step in steps)
        assert steps[4].label_set is not None
        assert [(one.name, one.key) for one in steps[4].label_set.answers] == [
            ("classic", "1"),
            ("new", "n"),
            ("odd", "3"),
        ]

        def everything() -> tuple:
            now = labels.snapshot(library.connection, era.id, [photo])
            return now, labels.all_labels_of(library.connection, [photo])

        last = everything()
        backwards = []
        for step in reversed([new, *steps]):
            assert step.before is not None
            backwards.append(operations.undo(library, step.before))
        assert everything()[0].removed
        for step in reversed(backwards):
            assert step.before is not None
            operations.undo(library, step.before)
        assert everything() == last
        operations.restore_set(library, era.id)
        noted = operations.set_note(library, photo, "mine")
        assert (noted.updated, noted.before) == ((photo,), "")
        assert operations.set_note(library, photo, "").before == "mine"


def test_labels_follow_files_that_move_and_stay_while_they_are_gone(tmp_path: Path) -> None:
    root = tmp_path / "in"
    one, two = save(root / "a.jpg", 1), save(root / "b.jpg", 2)
    with opened(tmp_path / "library") as library:
        run(library, root)
        own = by_path(library)
        era = operations.create_set(library, "era", ["x", "y"]).label_set
        assert era is not None
        operations.put_labels(library, era.id, [(own[one], era.answers[0].id), (own[two], era.answers[1].id)])
        expected = held(library.connection, era.id)
        (root / "sub").mkdir()
        one.rename(root / "sub" / "renamed.jpg")
        hidden = two.rename(tmp_path / "b.jpg")
        run(library, root)
        assert by_path(library) == {root / "sub" / "renamed.jpg": own[one]}
        assert labels.labels(library.connection, era.id).photos.tolist() == [own[one]]
        hidden.rename(two)
        run(library, root)
        assert held(library.connection, era.id) == expected
        save(two, 5)  # edited in place: the same photo
        run(library, root)
        assert held(library.connection, era.id) == expected


LABELLING = """
import sys
from pathlib import Path
from desktop_app.core.labelling import LabelSetId
from desktop_app.core.library import Library
from desktop_app.core.catalog import answers
from desktop_app.core.operations.labels import put_labels
from tests.core.libraries import by_path, opened
with opened(Path(sys.argv[1])) as library:
    era = answers.all_sets(library.connection)[0]
    ids = sorted(by_path(library).values())
    for at in range(10**6):
        put_labels(library, era.id, [(ids[at % len(ids)], era.answers[at % 7].id)])
        print(at, flush=True)
"""


def test_killed_while_labelling_at_most_the_key_being_pressed_is_lost(place: Path) -> None:
    with opened(place) as library:
        era = operations.create_set(library, "era", "abcdefg").label_set
        ids = sorted(by_path(library).values())
        assert era is not None
    words = [sys.executable, "-c", LABELLING, str(place)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = 0
        while said < 200:
            said = int(process.stdout.readline())
        process.kill()
        rest = process.stdout.read().split("\n")  # a last line may be cut off
        said = max([said, *(int(line) for line in rest[:-1])])
    with opened(place) as library:
        found = {photo: next(iter(own)) for photo, own in held(library.connection, era.id).items()}

    def after(count: int) -> dict[PhotoId, int]:
        return {ids[at % len(ids)]: era.answers[at % 7].id for at in range(count)}

    assert found in (after(said + 1), after(said + 2))  # the one that was being written may be in
