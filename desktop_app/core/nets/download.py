"""Downloading one file whose size and sha256 are known beforehand.

What is trusted is the sha256 alone. The server may cut connections, stall, lie about lengths, ignore where to go on, or
send something else: never more than the known size is written, what has arrived is kept for the next try, and the file
gets its name only when it is the right one.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import queue
import re
import shutil
import ssl
import time
import urllib.error
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from desktop_app.core import wording
from desktop_app.core.errors import UserError
from desktop_app.core.nets.connection import Answer, Exchange, NotAllowed
from desktop_app.core.nets.partial import Partial
from desktop_app.core.nets.remote import Broken, Patience, Remote, Watch
from desktop_app.core.types import Progress

__all__ = ["Patience", "Remote", "download", "forget", "partly_here"]

_TICK = 0.05  # seconds between two reports, of 0.1 that may pass
_WORTH = 1 << 20  # bytes that make a try worth another
_SPARE = 100_000_000  # bytes that stay free on the disk
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_KEPT = "What has arrived is kept: download it again to go on."


def download(
    file: Remote, target: Path, *, room: int = 0, patience: Patience | None = None
) -> Generator[Progress, None, Path]:
    """Download a file to `target`; close the generator to stop, and call again to go on where it stopped.

    Yields at least every 100 ms. Progress counts MB (KB for small files), as its text says. While it is not whole the
    file is named `target` with ".part" behind it, and so is one that a full disk or a lost connection left.

    Args:
        file: where it lies and what it has to be.
        target: its name here; nothing is done where the right file is there already, another one is replaced.
        room: bytes that will be needed on that disk afterwards, beside the file.
        patience: how long to bear with the server.

    Returns:
        `target`.

    Raises:
        UserError: no connection, not found there, not the right file, no room, or nothing can be written here.
    """
    with _alone(file, target):
        yield from _Download(file, target, room, patience or Patience()).run()
    return target


@contextlib.contextmanager
def _alone(file: Remote, target: Path) -> Iterator[None]:
    """Nobody else, in no process, downloads or throws away that file meanwhile."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{target}.lock", timeout=0, thread_local=False)
        lock.acquire()
    except Timeout as error:
        raise UserError(f"{file.title} is being downloaded already, by another window or command.") from error
    except OSError as error:
        raise _cannot_write(file, target, error) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # before the release, or it could be the next one's
            Path(lock.lock_file).unlink()
        lock.release()


def partly_here(file: Remote, target: Path) -> int:
    """Bytes of `file` that an earlier download to `target` has left to go on from; 0 where there are none."""
    try:
        if target.is_file():
            return min(target.stat().st_size, file.bytes)
        return min(Partial(target, file.bytes, file.sha256).path.stat().st_size, file.bytes)
    except OSError:
        return 0


def forget(file: Remote, target: Path) -> None:
    """Throw away what an earlier download has left, or brought.

    Raises:
        UserError: it is being downloaded now.
    """
    with _alone(file, target):
        Partial(target, file.bytes, file.sha256).start_over()
        with contextlib.suppress(OSError):
            target.unlink()


def _cannot_write(file: Remote, path: Path, error: OSError) -> UserError:
    details = f"{path}: {error}"
    if error.errno in _NO_ROOM:
        return UserError(f"The disk is full, so {file.title} is not whole. Make room. {_KEPT}", details)
    return UserError(f"{file.title} cannot be saved: Likeness may not write to {path.parent}.", details)


class _Download:
    """One call of `download`."""

    def __init__(self, file: Remote, target: Path, room: int, patience: Patience) -> None:
        self.file, self.room, self.patience = file, room, patience
        self.part = Partial(target, file.bytes, file.sha256)
        self.host = urlsplit(file.url).hostname
        self.answered = False  # whether a server has said anything at all
        self.retry_after = 0.0
        self.unit, self.unit_name = (1_000_000, "MB") if file.bytes >= 10_000_000 else (1000, "KB")
        self.reported = 0.0
        self.began, self.begun_at = 0.0, 0  # when bytes began to come, and how many were there

    def run(self) -> Generator[Progress, None, None]:
        yield from self._reading(self.part.read_target())
        if self.part.right:
            return
        yield from self._reading(self.part.take_up())
        self._check_room()
        yield from self._fetch()
        if not self.part.right and self.part.pieced:
            # what an earlier run had left was damaged, or pieces of two versions met: once more from the beginning
            self.part.start_over()
            yield from self._fetch()
        if not self.part.right:
            found = self.part.found
            self.part.start_over()
            raise self._wrong(f"sha256 {found}, expected {self.file.sha256}")
        # a slow disk takes seconds to have half a gigabyte for good
        with self._disk(), ThreadPoolExecutor(1, "download") as pool:
            finishing = pool.submit(self.part.finish)
            while wait((finishing,), _TICK).not_done:
                yield self._progress()
            finishing.result()
        yield self._progress()

    def _reading(self, steps: Iterator[None]) -> Generator[Progress, None, None]:
        for _ in steps:
            if self._due():
                yield self._progress()

    def _check_room(self) -> None:
        needed = self.file.bytes - self.part.have + self.room + _SPARE
        try:
            free = shutil.disk_usage(self.part.target.parent).free
        except OSError:
            return  # then a full disk is noticed when it is full
        if free < needed:
            raise UserError(
                f"{self.file.title} needs {wording.byte_size(needed)} free on the disk, and there are "
                f"{wording.byte_size(free)}. Make room and download it again.",
                f"{self.part.target.parent}: {free} bytes free",
            )

    def _fetch(self) -> Generator[Progress, None, None]:
        """Until all bytes are here, over as many connections as it takes."""
        best, failures, said = self.part.have, 0, ""
        worth = min(_WORTH, max(1, self.file.bytes // 10))
        self.began = 0.0
        for _ in range(self.patience.tries):
            if self.part.whole:
                return
            try:
                yield from self._exchange()
                return
            except Broken as error:
                said = str(error)
            if self.part.have - best >= worth:
                failures = 0
            best = max(best, self.part.have)
            if failures >= (len(self.patience.pauses) if self.answered else min(1, len(self.patience.pauses))):
                break
            yield from self._wait(max(self.patience.pauses[failures], self.retry_after))
            failures += 1
        if not self.answered:
            raise UserError(
                f"No connection to {self.host}. Connect this computer to the internet, then try again.", said
            )
        if not self.part.have:
            raise UserError(f"{self.host} does not give out {self.file.title} now. Try again later.", said)
        raise UserError(f"The connection to {self.host} broke off after {self._amount()}. {_KEPT}", said)

    def _exchange(self) -> Generator[Progress, None, None]:
        headers = {}
        if self.part.have:
            headers["Range"] = f"bytes={self.part.have}-"
            if version := self.part.version:
                headers["If-Range"] = version  # of another version the server then sends the whole
        self.retry_after = 0.0
        exchange = Exchange(self.file.url, headers, self.patience.schemes, self.patience.silence)
        watch = Watch(self.patience)
        try:
            answer = yield from self._next(exchange, watch)
            if not isinstance(answer, Answer):
                raise Broken("no answer")
            self.answered = True
            self._accept(answer)
            self.began, self.begun_at = self.began or time.monotonic(), self.begun_at if self.began else self.part.have
            yield from self._store(exchange, watch)
        finally:
            exchange.close()

    def _store(self, exchange: Exchange, watch: Watch) -> Generator[Progress, None, None]:
        with self._disk(), self.part.writing():
            while not self.part.whole:
                piece = yield from self._next(exchange, watch)
                if not isinstance(piece, bytes):
                    raise Broken(f"ended after {self.part.have} of {self.file.bytes} bytes")
                self.part.add(piece)

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        """What the disk refuses, as a sentence; the connection's own errors have become `Broken` before."""
        try:
            yield
        except OSError as error:
            raise _cannot_write(self.file, self.part.path, error) from error

    def _next(self, exchange: Exchange, watch: Watch) -> Generator[Progress, None, Answer | bytes | None]:
        """The next piece, with reports while it is waited for."""
        while True:
            if self._due():
                yield self._progress()
            try:
                piece = exchange.next(_TICK)
            except queue.Empty:
                watch.check(self.part.have)
            except NotAllowed as error:
                raise UserError(
                    f"{self.file.title} cannot be had: its address leads in a circle or to a place that is not secure.",
                    str(error),
                ) from error
            except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
                raise self._reason(error) from error
            else:
                watch.check(self.part.have)
                return piece

    def _reason(self, error: Exception) -> Exception:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        details = f"{type(cause).__name__}: {cause}"
        if isinstance(cause, ssl.SSLCertVerificationError):
            message = f"Whoever answers for {self.host} cannot prove to be it, so nothing was downloaded."
            return UserError(f"{message} Check this computer's date and its network.", details)
        if "Tunnel connection failed" in details:
            return UserError(f"The proxy of this network does not let {self.file.title} through.", details)
        return Broken(details)

    def _accept(self, answer: Answer) -> None:
        """Take up the answer's body where it belongs, or say why not."""
        status = answer.status
        details = f"{answer.url}: status {status}"
        if status == 200:
            length = answer.headers.get("Content-Length", "")
            kind, encoded = answer.headers.get_content_type(), answer.headers.get("Content-Encoding", "identity")
            if length.strip() not in ("", str(self.file.bytes)) or encoded != "identity" or kind == "text/html":
                # a sign-in page, say; what is here already stays
                raise self._wrong(f"{details}, {length} bytes ({kind}, {encoded}), expected {self.file.bytes}")
            self.part.start_over()
            tag = answer.headers.get("ETag", "")
            # a weak tag says nothing of the bytes
            self.part.version = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")
        elif status == 206:
            found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            if (
                not self.part.have
                or not found
                or int(found[1]) != self.part.have
                or found[3] not in ("*", str(self.file.bytes))
            ):
                self.part.start_over()
                raise Broken(f"{details}, another part than was asked for")
            self.part.pieced = True
        elif status == 416:
            self.part.start_over()
            raise Broken(details)
        elif status in (408, 425, 429) or status >= 500:
            with contextlib.suppress(ValueError):
                self.retry_after = min(30.0, float(answer.headers.get("Retry-After", "0")))
            raise Broken(details)
        elif status in (404, 410):
            raise UserError(f"{self.file.title} is no longer to be had at {self.host}.", details)
        elif status == 407:
            raise UserError(f"The proxy of this network does not let {self.file.title} through.", details)
        else:
            raise UserError(f"{self.host} does not give out {self.file.title}.", details)

    def _wrong(self, details: str) -> UserError:
        return UserError(
            f"What arrived is not {self.file.title} as it was published, so it was thrown away. "
            "Where this network asks you to sign in first, do that and try again.",
            f"{self.file.url}: {details}",
        )

    def _wait(self, seconds: float) -> Generator[Progress, None, None]:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            yield self._progress()
            time.sleep(min(left, _TICK))

    def _due(self) -> bool:
        """Whether it is time for a report."""
        now = time.monotonic()
        if now - self.reported < _TICK:
            return False
        self.reported = now
        return True

    def _amount(self) -> str:
        return f"{self.part.have // self.unit:,} of {self._total():,} {self.unit_name}"

    def _total(self) -> int:
        return max(1, round(self.file.bytes / self.unit))

    def _progress(self) -> Progress:
        left = None
        passed, gained = time.monotonic() - self.began, self.part.have - self.begun_at
        if self.began and passed > 2 and gained > 0:
            left = (self.file.bytes - self.part.have) * passed / gained
        text = f"Downloading {self.file.title} ({self.unit_name})"
        done = self._total() if self.part.whole else self.part.have // self.unit
        return Progress(text, min(done, self._total()), self._total(), left)
