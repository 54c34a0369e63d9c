"""What holds of every download: the right file or a sentence, whatever the server does and whenever one stops."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import UserError
from desktop_app.core.nets.download import Patience, download, partly_here
from tests.core.bad_server import (
    BadServer,
    Behaviour,
    File,
    body,
    cut_after,
    good,
    ignores_ranges,
    says,
    serving,
    stalls,
    tells_length,
)

ROOT = Path(__file__).resolve().parents[2]
CONTENT = bytes(range(251)) * 400  # 100 KB
SIZE = len(CONTENT)
QUICK = Patience(silence=10, pauses=(0.001, 0.001, 0.001), schemes=frozenset({"http"}))


def other_version(visit) -> None:
    visit.head(200, Content_Length=SIZE, ETag='"other"')
    visit.wfile.write(bytes(SIZE // 3))


BEHAVIOURS: list[Behaviour] = [
    cut_after(0),
    cut_after(SIZE // 3),
    cut_after(SIZE // 2),
    cut_after(SIZE - 1),
    partial(ignores_ranges, until=SIZE // 2),
    partial(good, tag='"v2"'),
    partial(good, tag='W/"weak"', until=SIZE // 4),
    tells_length(SIZE + 1),
    body(bytes(SIZE)),
    body(b"<html>", Content_Type="text/html"),
    body(CONTENT[:50]),
    other_version,
    says(206, Content_Range=f"bytes 0-9/{SIZE}"),
    says(206),
    says(416),
    says(404),
    says(429, Retry_After="soon"),
    says(503, Retry_After="-1"),
    says(302, Location="/again"),
    says(302),
    good,
]


@given(
    plan=st.lists(st.sampled_from(BEHAVIOURS), min_size=1, max_size=5),
    stops=st.lists(st.integers(0, 12), max_size=3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_right_file_or_a_sentence(tmp_path_factory, plan, stops):
    target = tmp_path_factory.mktemp("law") / "net.onnx"
    with serving(CONTENT) as server:
        server.plan = [*plan, good]
        file = File(server.url, SIZE, hashlib.sha256(CONTENT).hexdigest())
        for steps in stops:  # a person stops after some reports
            operation = download(file, target, patience=QUICK)
            with contextlib.suppress(UserError, StopIteration):
                for _ in range(steps):
                    next(operation)
            operation.close()
        for _ in range(len(server.plan)):
            assert all(path.stat().st_size <= SIZE for path in target.parent.iterdir())
            with contextlib.suppress(UserError):
                list(download(file, target, patience=QUICK))
                break
            assert not target.exists()
        # a server that is good at last is enough, whatever was before
        server.plan = [good]
        list(download(file, target, patience=QUICK))
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["net.onnx"]


DOWNLOADS = """
import sys
from pathlib import Path
from desktop_app.core.nets.download import Patience, download, partly_here
from tests.core.bad_server import File
file, target = File(sys.argv[1], int(sys.argv[2]), sys.argv[3]), Path(sys.argv[4])
for _ in download(file, target, patience=Patience(schemes=frozenset({"http"}))):
    if partly_here(file, target) >= file.bytes // 2:
        print("half", flush=True)
"""


def test_a_program_that_is_killed_goes_on_where_it_was(tmp_path):
    target = tmp_path / "net.onnx"
    with serving(CONTENT) as server:
        server.plan = [stalls, good]
        file = File(server.url, SIZE, hashlib.sha256(CONTENT).hexdigest())
        command = [sys.executable, "-c", DOWNLOADS, file.url, str(file.bytes), file.sha256, str(target)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == b"half\n"
            program.kill()
        list(download(file, target, patience=QUICK))
        assert [asked[1] for asked in server.asked] == [None, f"bytes={SIZE // 2}-"]
    assert target.read_bytes() == CONTENT


def test_a_byte_now_and_then_is_a_stall(tmp_path):
    """A server that keeps the connection busy with next to nothing is given up like one that is silent."""

    def drips(visit) -> None:
        visit.head(200, Content_Length=SIZE)
        for place in range(SIZE):
            visit.wfile.write(CONTENT[place : place + 1])
            if visit.server.released.wait(0.02):
                return

    with serving(CONTENT) as server:
        server.plan = [drips]
        file = File(server.url, SIZE, hashlib.sha256(CONTENT).hexdigest())
        with pytest.raises(UserError, match="broke off after 0 of 100 KB"):
            list(download(file, tmp_path / "net.onnx", patience=replace(QUICK, silence=0.3)))
        assert 0 < partly_here(file, tmp_path / "net.onnx") < 500


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[BadServer, Path]]:
    """A server with a certificate that only those trust who were given it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(CONTENT) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server, certificate


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_secure_connection_is_checked(secure, tmp_path, monkeypatch):
    server, certificate = secure
    url = f"https://localhost:{server.server_address[1]}/net.onnx"
    file, target = File(url, SIZE, hashlib.sha256(CONTENT).hexdigest()), tmp_path / "down" / "net.onnx"
    with pytest.raises(UserError, match="Whoever answers for localhost cannot prove to be it"):
        list(download(file, target))
    assert server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server.plan = [cut_after(SIZE // 2), good]
    list(download(file, target, patience=Patience(pauses=(0.01,))))
    assert target.read_bytes() == CONTENT
    assert [asked[1] for asked in server.asked] == [None, f"bytes={SIZE // 2}-"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_secure_connection_does_not_lead_to_one_that_is_not(secure, tmp_path, monkeypatch):
    server, certificate = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(CONTENT) as plain:
        server.plan = [says(302, Location=plain.url)]
        url = f"https://localhost:{server.server_address[1]}/net.onnx"
        file = File(url, SIZE, hashlib.sha256(CONTENT).hexdigest())
        with pytest.raises(UserError, match="not secure"):
            list(download(file, tmp_path / "net.onnx"))
        assert plain.asked == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_secure_connection_that_is_silent_can_be_stopped(secure, tmp_path, monkeypatch):
    server, certificate = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def half(visit) -> None:
        visit.head(200, Content_Length=SIZE)
        visit.wfile.write(CONTENT[: SIZE // 2])
        visit.server.released.wait()

    server.plan = [half]
    file = File(f"https://localhost:{server.server_address[1]}/net.onnx", SIZE, hashlib.sha256(CONTENT).hexdigest())
    operation = download(file, tmp_path / "net.onnx")
    for _ in operation:
        if partly_here(file, tmp_path / "net.onnx") == SIZE // 2:
            break
    operation.close()  # the thread of the connection ends too, or the test fails
