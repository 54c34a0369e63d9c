"""What is remembered between runs survives damage, other versions and disks that cannot be written."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core import paths, settings
from desktop_app.core.settings import Settings, write_atomically

FIELDS = [field.name for field in dataclasses.fields(Settings) if field.name != "unknown"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.json"


def test_what_was_saved_is_loaded(file: Path) -> None:
    saved = Settings(
        library="/home/anna/Fotos \udce9",
        libraries=("a", "b"),
        scheme="dark",
        thumbnail_size=240,
        order="name",
        threshold=0.25,
        device="cpu",
        limit_megapixels=50.0,
        geometry="AAAA",
        state="BBBB",
        left_list=False,
        right_panel=False,
        less_motion=True,
        watch_folders=False,
        first_run_told=True,
        dismissed=("heic",),
        keys=("rescan=F9",),
        contact_sheet="SHEET",
        copies_folder="/home/anna/copies",
        copy_companions=False,
    )
    assert all(getattr(saved, name) != getattr(Settings(), name) for name in FIELDS)
    saved.save(file)
    assert Settings.load(file) == saved
    assert file.read_bytes().isascii()
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


def test_the_usual_place_is_the_user_s_own(home: Path) -> None:
    assert Settings.load() == Settings()
    Settings(scheme="light").save()
    assert Settings.load().scheme == "light"
    assert home in (paths.config_dir() / "settings.json").parents


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"null",
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b'{"scheme": "dark"',
        b'{"scheme": "dark"} trailing',
        b'{"threshold": 1' + b"0" * 400 + b"}",
    ],
)
def test_damage_means_the_defaults(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert Settings.load(file) == Settings()


def test_a_folder_in_its_place_means_the_defaults(file: Path) -> None:
    file.mkdir(parents=True)
    assert Settings.load(file) == Settings()


def test_values_of_another_kind_are_passed_over(file: Path) -> None:
    file.parent.mkdir()
    wrong = {"scheme": 3, "thumbnail_size": "large", "left_list": 1, "libraries": "one", "threshold": None}
    file.write_text(json.dumps({**wrong, "order": "name", "limit_megapixels": 100}))
    loaded = Settings.load(file)
    assert loaded == Settings(order="name", limit_megapixels=100.0)


def test_what_a_newer_version_knows_survives(file: Path) -> None:
    file.parent.mkdir()
    newer = {"scheme": "dark", "heads": {"era": [1, 2]}, "unknown": {"a": 1}, "zebra": None}
    file.write_text(json.dumps(newer))
    loaded = Settings.load(file)
    assert loaded.scheme == "dark"
    loaded.changed(scheme="light").save(file)
    again = json.loads(file.read_text())
    assert {key: again[key] for key in newer} == {**newer, "scheme": "light"}
    assert Settings.load(file).scheme == "light"


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "else"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner),
            max_leaves=4,
        ),
    )
)
def test_any_json_can_be_loaded_and_saved(tmp_path_factory: pytest.TempPathFactory, content: dict) -> None:
    file = tmp_path_factory.mktemp("any") / "settings.json"
    file.write_text(json.dumps(content))
    loaded = Settings.load(file)
    for name in FIELDS:
        assert type(getattr(loaded, name)) is type(getattr(Settings(), name))
    loaded.save(file)
    assert repr(Settings.load(file)) == repr(loaded)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OSError):
        Settings().save(tmp_path / "file" / "settings.json")


def test_a_failed_write_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(scheme="dark").save(file)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Settings(scheme="light").save(file)
    assert Settings.load(file).scheme == "dark"
    assert [path.name for path in file.parent.iterdir()] == ["settings.json"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    write_atomically(path, b"one")
    with path.open("rb") as reader:
        if os.name != "nt":  # Windows does not replace a file that is open
            write_atomically(path, b"two")
            assert reader.read() == b"one"
            assert path.read_bytes() == b"two"
