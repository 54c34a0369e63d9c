"""A local HTTP server that does to a download what servers, proxies and networks do."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Behaviour = Callable[["Visit"], None]


class Visit(BaseHTTPRequestHandler):
    """One request; the server's plan says what happens."""

    server: BadServer  # type: ignore[assignment]

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        plan = self.server.plan
        with contextlib.suppress(OSError):  # the other side may give up
            (plan.pop(0) if len(plan) > 1 else plan[0])(self)

    def log_message(self, *_: Any) -> None: ...

    @property
    def start(self) -> int:
        """Where the client wants to go on."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(found[1]) if found else 0

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()


@dataclass
class File:
    """What a download has to know of a file."""

    url: str
    bytes: int
    sha256: str
    title: str = "TestNet"


class BadServer(ThreadingHTTPServer):
    """Serves `content`; each request takes the next behaviour of `plan`, the last one stays."""

    daemon_threads = True
    block_on_close = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.content = content
        self.plan: list[Behaviour] = [good]
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.released = threading.Event()  # lets what stalls end

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/net.onnx"

    def handle_error(self, *_: Any) -> None: ...


@contextlib.contextmanager
def serving(content: bytes) -> Iterator[BadServer]:
    server = BadServer(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def good(visit: Visit, *, tag: str = '"v1"', until: int | None = None, length: int | None = None) -> None:
    """As servers should: ranges, If-Range, length. `until` cuts the connection there; `length` is told instead."""
    content = visit.server.content
    start = visit.start
    if visit.headers.get("If-Range", tag) != tag:
        start = 0
    told = len(content) - start if length is None else length
    headers: dict[str, object] = {"Content_Length": told, "ETag": tag}
    if start:
        headers["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    visit.head(206 if start else 200, **headers)
    visit.wfile.write(content[start:until])


def cut_after(place: int) -> Behaviour:
    return lambda visit: good(visit, until=place)


def ignores_ranges(visit: Visit, until: int | None = None) -> None:
    visit.head(200, Content_Length=len(visit.server.content))
    visit.wfile.write(visit.server.content[:until])


def tells_length(length: int) -> Behaviour:
    return lambda visit: good(visit, length=length)


def endless(visit: Visit) -> None:
    """No length, and no end."""
    visit.head(200)
    with contextlib.suppress(OSError):
        while not visit.server.released.is_set():
            visit.wfile.write(bytes(65536))


def stalls(visit: Visit) -> None:
    """Half of it, then silence."""
    content = visit.server.content
    start = visit.start
    if start:
        visit.head(206, Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}")
    else:
        visit.head(200, Content_Length=len(content))
    visit.wfile.write(content[start : start + len(content) // 2])
    visit.server.released.wait()


def says(status: int, **headers: object) -> Behaviour:
    return lambda visit: visit.head(status, Content_Length=0, **headers)


def body(content: bytes, **headers: object) -> Behaviour:
    def answer(visit: Visit) -> None:
        visit.head(200, **headers)
        visit.wfile.write(content)

    return answer


@dataclass
class Room:
    """A disk with so many bytes left, as `shutil.disk_usage` tells."""

    free: int
    total: int = 1 << 40
    used: int = field(default=0)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
