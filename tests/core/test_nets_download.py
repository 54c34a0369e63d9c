"""A download ends with the right file or with a sentence, whatever the server does."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from desktop_app.core.errors import UserError
from desktop_app.core.nets import download as module
from desktop_app.core.nets.download import Patience, download, partly_here
from desktop_app.core.nets.partial import Partial
from desktop_app.core.types import Progress
from tests.core.bad_server import (
    BadServer,
    File,
    Room,
    body,
    cut_after,
    endless,
    files_in,
    good,
    ignores_ranges,
    says,
    serving,
    stalls,
    tells_length,
)

CONTENT = bytes(range(256)) * 4096  # 1 MB
SIZE = len(CONTENT)
HALF = SIZE // 2
QUICK = Patience(silence=10, pauses=(0.01, 0.01), schemes=frozenset({"http"}))
HASTY = replace(QUICK, silence=0.2)


@pytest.fixture
def server() -> Iterator[BadServer]:
    with serving(CONTENT) as server:
        yield server


@pytest.fixture
def file(server: BadServer) -> File:
    return File(server.url, SIZE, hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "down" / "net.onnx"


def run(file: File, target: Path, patience: Patience = QUICK) -> list[Progress]:
    return list(download(file, target, patience=patience))


def sentence(file: File, target: Path, patience: Patience = QUICK) -> str:
    with pytest.raises(UserError) as caught:
        run(file, target, patience)
    assert str(caught.value).endswith(".")
    assert str(caught.value).count("\n") == 0
    assert not target.exists()
    return str(caught.value)


def stopped_half_way(server: BadServer, file: File, target: Path) -> None:
    """The person stops when half is here."""
    server.plan = [stalls]
    operation = download(file, target, patience=Patience(schemes=QUICK.schemes))
    for _ in operation:
        if partly_here(file, target) >= HALF:
            break
    operation.close()
    server.asked.clear()
    server.plan = [good]


def whole(target: Path) -> bool:
    return target.read_bytes() == CONTENT and files_in(target.parent) == [target.name]


def test_a_good_server(server, file, target):
    reports = run(file, target)
    assert whole(target)
    assert reports[-1].text == "Downloading TestNet (KB)"
    assert (reports[-1].done, reports[-1].total) == (1049, 1049)
    assert all(before.done <= after.done for before, after in itertools.pairwise(reports))
    assert server.asked == [("/net.onnx", None, None)]


def test_what_is_there_is_not_downloaded_again(server, file, target):
    run(file, target)
    run(file, target)
    assert len(server.asked) == 1
    target.write_bytes(bytes(SIZE))
    run(file, target)
    assert whole(target)


def test_stopping_keeps_what_has_arrived_and_the_next_goes_on(server, file, target):
    stopped_half_way(server, file, target)
    assert not target.exists()
    assert HALF <= partly_here(file, target) < SIZE
    run(file, target)
    assert whole(target)
    assert server.asked == [("/net.onnx", f"bytes={HALF}-", None)]


def test_cut_connections_are_made_again_and_gone_on_with(server, file, target):
    server.plan = [cut_after(SIZE // 4), says(503), cut_after(HALF), cut_after(HALF), good]
    run(file, target)
    assert whole(target)
    assert server.asked[-1] == ("/net.onnx", f"bytes={HALF}-", '"v1"')


def test_a_connection_that_is_always_cut_ends_in_a_sentence(server, file, target):
    server.plan = [cut_after(HALF)]
    assert "broke off after 524 of 1,049 KB. What has arrived is kept" in sentence(file, target)
    assert partly_here(file, target) == HALF
    server.plan = [good]
    run(file, target)
    assert whole(target)


def test_a_server_without_ranges_that_always_cuts_is_not_asked_for_ever(server, file, target):
    server.plan = [partial(ignores_ranges, until=HALF)]
    assert "broke off" in sentence(file, target)
    assert len(server.asked) <= 2 + len(QUICK.pauses)


def test_a_server_that_ignores_ranges(server, file, target):
    stopped_half_way(server, file, target)
    server.plan = [ignores_ranges]
    run(file, target)
    assert whole(target)


def test_another_version_on_the_server_is_fetched_from_its_beginning(server, file, target):
    server.plan = [partial(good, tag='"v0"', until=HALF), good]
    server.content = bytes(HALF) + CONTENT[HALF:]

    def right(visit):
        server.content = CONTENT
        good(visit)

    server.plan[1] = right
    run(file, target)
    assert whole(target)
    assert server.asked[1] == ("/net.onnx", f"bytes={HALF}-", '"v0"')


def test_pieces_of_two_versions_are_thrown_away_and_fetched_anew(server, file, target):
    stopped_half_way(server, file, target)
    part = Partial(target, file.bytes, file.sha256).path
    part.write_bytes(bytes(HALF))  # what was left is damaged
    run(file, target)
    assert whole(target)
    assert [asked[1] for asked in server.asked] == [f"bytes={HALF}-", None]


@pytest.mark.parametrize("length", [SIZE - 1, SIZE + 1, 3, 10**15])
def test_a_server_that_offers_another_length_is_refused_at_once(server, file, target, length):
    server.plan = [tells_length(length)]
    assert "not TestNet as it was published" in sentence(file, target)
    assert len(server.asked) == 1
    assert files_in(target.parent) == []


def test_a_server_that_sends_without_end_does_not_fill_the_disk(server, file, target):
    server.plan = [endless]
    assert "not TestNet" in sentence(file, target)
    assert files_in(target.parent) == []


def test_what_comes_behind_the_end_is_left(server, file, target):
    server.plan = [body(CONTENT + b"!")]
    run(file, target)
    assert whole(target)


@pytest.mark.parametrize(
    "content_range",
    ["", "bytes 0-9/10", f"bytes {HALF}-{SIZE}/{SIZE + 1}", f"bytes {HALF - 1}-{SIZE - 1}/{SIZE}", "items 1-2/3"],
)
def test_another_part_than_was_asked_for(server, file, target, content_range):
    stopped_half_way(server, file, target)
    server.plan = [says(206, Content_Range=content_range), good]
    run(file, target)
    assert whole(target)
    assert [asked[1] for asked in server.asked] == [f"bytes={HALF}-", None]


def test_a_part_that_nobody_asked_for(server, file, target):
    server.plan = [says(206, Content_Range=f"bytes 0-9/{SIZE}"), good]
    run(file, target)
    assert whole(target)


def test_a_range_that_the_server_does_not_know(server, file, target):
    stopped_half_way(server, file, target)
    server.plan = [says(416), good]
    run(file, target)
    assert whole(target)


def test_wrong_bytes_of_the_right_length(server, file, target):
    server.content = bytes(SIZE)
    assert "so it was thrown away" in sentence(file, target)
    assert files_in(target.parent) == []
    assert len(server.asked) == 1


def test_a_sign_in_page_costs_nothing_that_is_here(server, file, target):
    stopped_half_way(server, file, target)
    server.plan = [body(b"<html>Welcome to the airport", Content_Type="text/html; charset=utf-8")]
    assert "asks you to sign in" in sentence(file, target)
    assert partly_here(file, target) == HALF


def test_a_packed_answer_is_refused(server, file, target):
    server.plan = [body(CONTENT, Content_Encoding="gzip")]
    assert "not TestNet" in sentence(file, target)


def test_a_stall_is_noticed_and_the_rest_fetched(server, file, target):
    server.plan = [stalls, good]
    run(file, target, replace(HASTY, silence=1.0))
    assert whole(target)
    assert server.asked[1][1] == f"bytes={HALF}-"


def test_a_server_that_only_stalls(server, file, target):
    server.plan = [lambda visit: visit.server.released.wait()]
    assert sentence(file, target, HASTY) == (
        "No connection to 127.0.0.1. Connect this computer to the internet, then try again."
    )


def test_reports_come_while_nothing_else_does(server, file, target):
    server.plan = [stalls]
    operation = download(file, target, patience=Patience(schemes=QUICK.schemes))
    silent = 0
    for report in operation:
        silent += report.done >= HALF // 1000
        if silent > 5:
            break
    operation.close()
    assert silent > 5  # a stall is reported on, not waited for


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "TestNet is no longer to be had at 127.0.0.1."),
        (410, "no longer to be had"),
        (401, "127.0.0.1 does not give out TestNet."),
        (403, "does not give out"),
        (407, "proxy of this network"),
        (418, "does not give out"),
        (204, "does not give out"),
        (503, "does not give out TestNet now. Try again later."),
        (429, "Try again later."),
    ],
)
def test_a_status_is_a_sentence(server, file, target, status, words):
    server.plan = [says(status)]
    assert words in sentence(file, target)
    assert len(server.asked) == (3 if status in (503, 429) else 1)


def test_a_redirect_is_followed(server, file, target):
    server.plan = [says(302, Location="/elsewhere?x=1"), good]
    run(file, target)
    assert whole(target)
    assert server.asked[1][0] == "/elsewhere?x=1"


def test_redirects_in_a_circle(server, file, target):
    server.plan = [says(302, Location="/a"), says(307, Location="/b"), says(308, Location="/a")]
    assert "not secure" in sentence(file, target)
    assert len(server.asked) == 3


def test_redirects_without_end(server, file, target):
    def further(visit):
        says(302, Location=f"/{len(server.asked)}")(visit)

    server.plan = [further]
    assert "not secure" in sentence(file, target)
    assert len(server.asked) < 10


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "//[", "http:"])
def test_a_redirect_to_what_is_no_web_address(server, file, target, place):
    server.plan = [says(302, Location=place)]
    sentence(file, target)
    assert not target.exists()


def test_only_secure_addresses_are_asked(server, file, target):
    assert "not secure" in sentence(file, target, Patience())
    assert server.asked == []


def test_no_connection(file, target):
    with serving(b"") as gone:
        file.url = gone.url
    assert sentence(file, target) == (
        "No connection to 127.0.0.1. Connect this computer to the internet, then try again."
    )


def test_a_name_that_nobody_knows(file, target):
    file.url = "http://no-such-host.invalid/net.onnx"
    assert sentence(file, target).startswith("No connection to no-such-host.invalid.")


def test_a_proxy_is_honoured(server, file, target, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/net.onnx"))
    file.url = "http://models.invalid/net.onnx"
    run(file, target)
    assert whole(target)
    assert server.asked[0][0] == "http://models.invalid/net.onnx"


def test_a_proxy_that_refuses_a_tunnel(server, file, target, monkeypatch):
    monkeypatch.setenv("https_proxy", server.url.removesuffix("/net.onnx"))
    file.url = "https://models.invalid/net.onnx"
    assert sentence(file, target, Patience(pauses=())) == ("The proxy of this network does not let TestNet through.")


def test_too_little_room_is_said_before_anything_is_fetched(server, file, target, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(free=50_000_000))
    assert sentence(file, target) == (
        "TestNet needs 101 MB free on the disk, and there are 50 MB. Make room and download it again."
    )
    assert server.asked == []


def test_a_disk_that_fills_up_on_the_way(server, file, target, monkeypatch):
    real = Partial.add

    def add(self, piece):
        if self.have > HALF:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, piece)

    monkeypatch.setattr(Partial, "add", add)
    assert sentence(file, target).startswith("The disk is full, so TestNet is not whole. Make room. What has")
    monkeypatch.undo()
    assert partly_here(file, target) > HALF
    run(file, target)
    assert whole(target)


def test_a_folder_that_cannot_be_made(server, file, tmp_path):
    (tmp_path / "down").write_text("a file")
    assert "cannot be saved" in sentence(file, tmp_path / "down" / "sub" / "net.onnx")


def test_two_downloads_of_one_file_at_once(server, file, target):
    server.plan = [stalls]
    first = download(file, target, patience=Patience(schemes=QUICK.schemes))
    next(first)
    assert "being downloaded already" in sentence(file, target)
    first.close()
    server.plan = [good]
    run(file, target)
    assert whole(target)


def test_the_usual_patience_is_longer_than_that_of_tests():
    usual = Patience()
    assert usual.schemes == {"https"}
    assert usual.silence >= 20
    assert len(usual.pauses) >= 4
    assert module.Patience().pauses == tuple(sorted(usual.pauses))
