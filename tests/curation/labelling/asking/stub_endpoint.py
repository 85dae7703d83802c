"""A server on this machine that answers chat completions as a test tells it to."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 100, "completion_tokens": 10}


def completion(content, usage=USAGE):
    """The body of a response as OpenAI's has it."""
    body = {"id": "x", "object": "chat.completion", "choices": [{"message": {"content": content}}]}
    return json.dumps(body | ({"usage": usage} if usage else {})).encode()


def value(value):
    return completion(json.dumps({"value": value}))


class StubEndpoint:
    """``answer(request, number)`` gives a body, or a (code, headers, body), or None for a cut one.

    A body may be an iterator of its pieces, for one that comes slowly.

    ``requests`` are the bodies that came, ``headers`` theirs, ``most_at_once`` how many were there
    at one time.
    """

    def __init__(self, answer: Callable) -> None:
        self.answer, self.requests, self.headers = answer, [], []
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with stub._lock:
                    stub.requests.append(request)
                    stub.headers.append(dict(self.headers))
                    number = len(stub.requests)
                    stub._at_once += 1
                    stub.most_at_once = max(stub.most_at_once, stub._at_once)
                try:
                    made = stub.answer(request, number)
                finally:
                    with stub._lock:
                        stub._at_once -= 1
                code, headers, body = made if isinstance(made, tuple) else (200, {}, made)
                self.send_response(code)
                for name, content in headers.items():
                    self.send_header(name, content)
                chunks = [body or b'{"choi'] if body is None or isinstance(body, bytes) else body
                length = len(body) if body and isinstance(body, bytes) else 1000
                self.send_header("Content-Length", str(length))
                self.end_headers()
                with suppress(OSError):  # who asked has given up
                    for chunk in chunks:
                        self.wfile.write(chunk)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
