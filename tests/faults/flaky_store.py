"""An object store before which a server stands that fails at times: busy, cut off, or silent."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class StoreFault(StrEnum):
    """How a request fails."""

    BUSY = "busy"
    CUT = "cut off"
    SILENT = "silent"


Draw = Callable[[str, str], StoreFault | None]
"""How a request, by its method and path, fails, if it does."""
OF_THE_CONNECTION = ("connection", "transfer-encoding", "keep-alive")


def is_passed_on(header: str) -> bool:
    """Whether a header is of the message, and not of the connection."""
    return header.lower() not in OF_THE_CONNECTION


class FlakyStore(ThreadingHTTPServer):
    """The server, with the address of the store, and how often it did what."""

    daemon_threads = True

    def __init__(self, endpoint: str, draw: Draw, silent_s: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store, self.draw, self.silent_s = urlsplit(endpoint).netloc, draw, silent_s
        self.done: Counter[str] = Counter()


class Handler(BaseHTTPRequestHandler):
    """A request: passed on, or not, or its answer cut."""

    protocol_version = "HTTP/1.1"
    server: FlakyStore

    def handle_any(self) -> None:
        """Whatever is asked for."""
        body = self.given()
        fault = self.server.draw(self.command, self.path)
        self.server.done[fault or "passed"] += 1
        if fault is StoreFault.SILENT:
            time.sleep(self.server.silent_s)
            self.close_connection = True
        elif fault is StoreFault.BUSY:
            self.answer(503, [("Content-Length", "0")], b"")
        else:
            self.pass_on(body, cut=fault is StoreFault.CUT)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815

    def given(self) -> bytes:
        """The body of the request, whole."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def pass_on(self, body: bytes, *, cut: bool) -> None:
        """Ask the store, and answer as it does, with half of the body if it is to be cut."""
        headers = {name: value for name, value in self.headers.items() if is_passed_on(name)}
        store = HTTPConnection(self.server.store, timeout=60)
        store.request(self.command, self.path, body, headers)
        found = store.getresponse()
        content = found.read()
        kept = [(name, value) for name, value in found.getheaders() if is_passed_on(name)]
        if cut:
            content = content[: len(content) // 2]
            self.close_connection = True
        self.answer(found.status, kept, content)
        store.close()

    def answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        """Send an answer; its length may be more than there is."""
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def flaky(endpoint: str, draw: Draw, silent_s: float = 5.0) -> Iterator[tuple[str, Counter[str]]]:
    """The address of such a server before a store, and how often it did what."""
    with FlakyStore(endpoint, draw, silent_s) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", server.done
        finally:
            server.shutdown()
