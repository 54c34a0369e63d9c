"""One HTTP exchange on a thread of its own, so that whoever waits for it can give up at any instant.

Opened with urllib, which honours the system's proxies. Redirects are followed here and not by urllib, which would
follow to other schemes and read a redirect's body however long it is.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import queue
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from desktop_app import __version__

CHUNK = 1 << 17
_AHEAD = 16  # chunks that wait to be written: 2 MB
_MOST_REDIRECTS = 6
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of a server's answer."""

    status: int
    headers: Message
    url: str  # after redirects


class NotAllowed(Exception):
    """A redirect leads in a circle or to an address that is not secure; or the address itself is not."""


class Exchange:
    """One request, whose answer arrives piece by piece.

    Args:
        url: what to ask for.
        headers: of the request.
        schemes: those that url and redirects may have.
        seconds: how long a connection may stay silent.
    """

    def __init__(self, url: str, headers: Mapping[str, str], schemes: frozenset[str], seconds: float) -> None:
        self._url, self._headers, self._schemes, self._seconds = url, dict(headers), schemes, seconds
        self._pieces: queue.Queue[Answer | bytes | Exception | None] = queue.Queue(_AHEAD)
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)
        self._thread.start()

    def next(self, seconds: float) -> Answer | bytes | None:
        """The head first, then the body's pieces, then None at its end.

        Raises:
            queue.Empty: nothing came within `seconds`.
            Exception: what broke the exchange: OSError, http.client.HTTPException or NotAllowed.
        """
        piece = self._pieces.get(timeout=seconds)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def close(self) -> None:
        """Give up: the connection is cut and the thread ends, at the latest when its silence has lasted too long."""
        self._stopped.set()
        for each in list(self._sockets):
            # the plain socket's method: that of a TLS socket would take the connection's state from the reading thread
            with contextlib.suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
        self._thread.join(0.05)  # one that still looks up a name or connects is left to its time-out

    def _run(self) -> None:
        try:
            with contextlib.closing(self._open()) as response:
                self._put(Answer(int(response.status), response.headers, response.geturl()))
                while not self._stopped.is_set():
                    piece = response.read1(CHUNK)
                    if not piece:
                        # read1 says nothing of an answer that was cut short; whoever asked knows the length
                        self._put(None)
                        return
                    self._put(piece)
        except (OSError, http.client.HTTPException, ValueError, AttributeError, NotAllowed) as error:
            self._put(error)

    def _put(self, piece: Answer | bytes | Exception | None) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._pieces.put(piece, timeout=0.05)
                return

    def _open(self) -> Any:
        opener = self._opener()
        url, seen = self._url, set[str]()
        for _ in range(_MOST_REDIRECTS + 1):
            if urlsplit(url).scheme not in self._schemes:
                raise NotAllowed(f"not a secure address: {url}")
            if url in seen:
                break
            seen.add(url)
            request = urllib.request.Request(url, headers=self._headers)
            try:
                # a name may have an address that nobody answers at, and a second one that is well
                response = opener.open(request, timeout=self._seconds / 3)
            except urllib.error.HTTPError as error:
                location = error.headers.get("Location")
                if error.code not in _REDIRECTS or not location:
                    return error  # a response like any other: its status says what is wrong
                error.close()  # its body is nobody's business
                url = urljoin(url, location)
                continue
            return response
        raise NotAllowed(f"redirected in a circle at {url}")

    def _opener(self) -> urllib.request.OpenerDirector:
        """Only what is needed: no files, no FTP, no redirects."""
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _Plain(self._sockets, self._seconds),
            _Secure(self._sockets, self._seconds),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            opener.add_handler(handler)
        opener.addheaders = [("User-Agent", f"Likeness/{__version__}"), ("Accept-Encoding", "identity")]
        return opener


class _Plain(urllib.request.HTTPHandler):
    """http, noting the sockets that are opened."""

    def __init__(self, sockets: list[socket.socket], seconds: float) -> None:
        super().__init__()
        self._watch = sockets, seconds

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Called by urllib for an http address."""
        return self.do_open(functools.partial(_PlainConnection, *self._watch), req)


class _Secure(urllib.request.HTTPSHandler):
    """https, its certificates checked as the system says, noting the sockets that are opened."""

    def __init__(self, sockets: list[socket.socket], seconds: float) -> None:
        super().__init__()
        self._watch = sockets, seconds

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Called by urllib for an https address."""
        return self.do_open(functools.partial(_SecureConnection, *self._watch), req)


class _PlainConnection(http.client.HTTPConnection):
    def __init__(self, sockets: list[socket.socket], seconds: float, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._sockets, self._seconds = sockets, seconds

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._seconds)
        self._sockets.append(self.sock)


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, sockets: list[socket.socket], seconds: float, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._sockets, self._seconds = sockets, seconds

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._seconds)
        self._sockets.append(self.sock)
