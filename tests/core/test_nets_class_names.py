from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.core import paths
from desktop_app.core.errors import UserError
from desktop_app.core.nets import class_names
from desktop_app.core.nets.class_names import read_class_names, write_class_names


def names_of(path: Path, text: str | bytes) -> tuple[str, ...]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_class_names(path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cat\ndog\n", ("cat", "dog")),
        ("\ufeffcat\r\ndog\r\n\r\n", ("cat", "dog")),
        ("n01440764 tench, Tinca tinca\nn01443537 goldfish", ("n01440764\ttench, Tinca tinca", "n01443537\tgoldfish")),
        ("n01440764\ttench\n", ("n01440764\ttench",)),
        ('["cat", "dog"]', ("cat", "dog")),
        ('{"1": "dog", "0": "cat"}', ("cat", "dog")),
        ('{"0": ["n01440764", "great_white_shark"]}', ("n01440764\tgreat white shark",)),
        ("Größe\n猫\n", ("Größe", "猫")),
    ],
)
def test_the_ways_people_write_them(tmp_path: Path, text: str, names: tuple[str, ...]):
    found = names_of(tmp_path / "names", text)
    assert found == names
    write_class_names(tmp_path / "again", found)
    assert read_class_names(tmp_path / "again") == found


def test_the_bundled_list_is_one():
    path = paths.models_dir() / "imagenet-classes.txt"
    assert len(read_class_names(path, 1000)) == 1000


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "[]", "{}", "[1, 2]", '{"a": "b"}', '{"1": "b"}', "[", "cat\n\ndog", "[" * 100_000, '[["a"]]',
     '{"0": "a", "00": "b"}', "x" * 2_000],
)  # fmt: skip
def test_what_is_no_list(tmp_path: Path, text: str):
    with pytest.raises(UserError, match="“names”"):
        names_of(tmp_path / "names", text)


def test_what_is_no_text(tmp_path: Path):
    with pytest.raises(UserError, match="“names” is not a text file"):
        names_of(tmp_path / "names", b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot be read"):
        read_class_names(tmp_path / "nothing")


def test_too_much(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(class_names, "LARGEST_FILE", 8)
    with pytest.raises(UserError, match="too large"):
        names_of(tmp_path / "names", json.dumps(["cat", "dog"]))


def test_another_number_than_the_network_has(tmp_path: Path):
    (tmp_path / "names").write_text("cat\ndog\n")
    assert read_class_names(tmp_path / "names", 2) == ("cat", "dog")
    with pytest.raises(UserError, match=r"has 1,000 classes, and there are 2 names\."):
        read_class_names(tmp_path / "names", 1000)


def test_a_name_stays_on_one_line(tmp_path: Path):
    found = names_of(tmp_path / "names", json.dumps(["a\u202eb", "c\nd"]))
    write_class_names(tmp_path / "again", found)
    assert len((tmp_path / "again").read_text("utf-8").splitlines()) == 2
