"""`likeness insights`, from exports as they come to a report: read, matched, grouped, counted and written."""

from __future__ import annotations

import csv
import json
import re

import openpyxl
import pytest

from tests.core.shell import Shell
from tests.exports import download_files, instaloader_files, some, write_business, write_folder, write_zip

FIELDS = {"name", "pictures", "posts", "ratio", "interval", "verdict", "chance"}


@pytest.fixture
def exports(tmp_path):
    own = some(40)
    rival = some(12, account="rival.pots", seed=5)
    return [
        write_zip(tmp_path / "instagram.zip", download_files(own)),
        write_business(tmp_path / "posts.csv", own[:37]),
        write_folder(tmp_path / "rival.pots", instaloader_files(rival)),
    ]


def test_from_exports_to_a_report(exports, tmp_path, capsys):
    shell = Shell(tmp_path / "library", capsys)
    html, table = tmp_path / "report.html", tmp_path / "tables.xlsx"
    words = ["insights", *exports, "--metric", "Views", "--html", html, "--csv", table, "--json"]
    status, out, err = shell.run(*words)
    assert status == 0, err
    found = json.loads(out)
    assert (found["metric"], found["ambiguous"]) == ("views", 0)
    assert found["matched"] == 37 + 12
    assert found["only_in_metrics"] == 0
    assert found["posts"] == 37
    assert found["clusters"]
    assert all(set(one) == FIELDS for one in found["clusters"])
    assert sum(one["pictures"] for one in found["clusters"]) == sum(post.pictures for post in some(40)[:37])
    page = html.read_text("utf-8")
    assert "Shows what went together, not what caused it." in page
    assert len(re.findall(r'<section class="theme">', page)) == sum(one["posts"] > 0 for one in found["clusters"])
    assert page.count('<img src="data:image/jpeg') > 5
    assert "Themes" in openpyxl.load_workbook(table).sheetnames

    again = json.loads(shell.run(*words)[1])
    assert again == found  # the same exports once more change nothing

    plain = shell.run("insights", *exports, "--csv", tmp_path / "tables.csv", "--metric", "likes")
    assert plain[0] == 0
    assert "37 posts counted by likes" in plain[1]
    with (tmp_path / "tables.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == len(found["clusters"]) + 1


def test_what_cannot_be_read_is_said_in_one_line(tmp_path, capsys):
    shell = Shell(tmp_path / "library", capsys)
    assert "is no number of posts" in shell.fails("insights", tmp_path / "a.csv", "--metric", "fame")
    shell.fails("insights", tmp_path / "absent.zip")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    shell.fails("insights", broken)
