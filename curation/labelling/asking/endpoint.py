"""A chat-completions endpoint: one request, tried again where trying again may help."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from curation.errors import UsageError
from stages.lottery import DRAW_BITS, draw

TRY_AGAIN = frozenset({408, 409, 425, 429})
"""What a server says that is busy; as do all codes from 500 on."""

NOT_THIS_ONE = frozenset({400, 413, 422})
"""What a server says to one request, such as one that is too long for the model."""

MAX_BODY_BYTES = 4 << 20
MAX_NAME_CHARS = 200  # as in a label
MAX_PAUSE_S = 60.0
CHUNK_BYTES = 1 << 16
EXCERPT_BYTES, MAX_SHOWN_CHARS = 4096, 200


class NoAnswerError(Exception):
    """No answer after all tries; another start may get one."""


class RefusedError(Exception):
    """The endpoint takes this request never, and may take others."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation: ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer, "" where the model gave no text; ``usage`` is None where none is told."""

    content: str
    usage: Usage | None


@dataclass(frozen=True, slots=True)
class _Message:
    content: str | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    message: _Message


@dataclass(frozen=True, slots=True)
class _Response:
    choices: tuple[_Choice, ...]
    usage: Usage | None = None


_RESPONSE = TypeAdapter(_Response)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key, and a body that is no longer there, to another host."""

    def redirect_request(
        self, req: object, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> None:
        """None is followed: the code of the redirect is the answer."""


_OPENER = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, which model, and how patiently.

    ``url`` is the base ("http://localhost:8000/v1") or the whole address of chat completions.
    ``timeout_s`` is for a whole answer. Pauses between tries double, up to a minute; one that the
    endpoint names in Retry-After is kept.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = 120.0
    max_tries: int = 5
    max_tokens: int = 1024
    seed: int = 0
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"--endpoint {self.url!r}: must begin with http:// or https://")
        if not (self.model.isprintable() and 1 <= len(self.model) <= MAX_NAME_CHARS):
            raise UsageError(f"--model {self.model!r}: is no name that an annotator may have")
        if not (self.key.isascii() and self.key.isprintable()):
            raise UsageError("the key of the endpoint has characters that no HTTP header may have")

    @property
    def address(self) -> str:
        """Where completions are asked for."""
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"

    def complete(self, messages: Sequence[Message]) -> Completion:
        """The model's answer to a conversation.

        Raises RefusedError for a request that this endpoint does not take, NoAnswerError after
        ``max_tries``, and UsageError where it would take none: the key, the model, the address.
        """
        last, told = "", 0.0
        for number in range(self.max_tries):
            if number:
                self.sleep(max(told, self._pause(number, messages)))
            try:
                return self._try_once(messages)
            except urllib.error.HTTPError as error:
                with error:
                    last = self._shown(f"{error.code} {error.reason}: {_excerpt(error)}")
                    self._refuse(error.code, last)
                    told = _told_pause(str(error.headers.get("Retry-After", "")))
            except (OSError, http.client.HTTPException, ValueError) as error:
                last = self._shown(f"{type(error).__name__}: {error}")
        raise NoAnswerError(f"no answer after {self.max_tries} tries; the last: {last}")

    def _refuse(self, code: int, said: str) -> None:
        if code in NOT_THIS_ONE:
            raise RefusedError(said)
        if code not in TRY_AGAIN and code < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise UsageError(f"--endpoint {self.address}: answers {said}")

    def _pause(self, number: int, messages: Sequence[Message]) -> float:
        """Doubling pauses, shortened by up to a half, so that many requests do not come at once."""
        share = draw(self.seed, number, messages[-1].content, "pause") / (1 << DRAW_BITS)
        return float(min(2.0 ** (number - 1), MAX_PAUSE_S) * (1 - share / 2))

    def _try_once(self, messages: Sequence[Message]) -> Completion:
        with _OPENER.open(self._request(messages), timeout=self.timeout_s) as response:
            content = _read(response, time.monotonic() + self.timeout_s)
        try:
            made = _RESPONSE.validate_json(content)
        except ValidationError as error:
            start = content[:EXCERPT_BYTES]
            raise ValueError(f"the response is no chat completion: {start!r}") from error
        if not made.choices:
            raise ValueError("the response has no choice")
        return Completion(self._masked(made.choices[0].message.content or ""), made.usage)

    def _request(self, messages: Sequence[Message]) -> urllib.request.Request:
        body = {
            "model": self.model,
            "messages": [{"role": one.role, "content": one.content} for one in messages],
            "temperature": 0,
            "seed": self.seed,
            "max_tokens": self.max_tokens,
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = json.dumps(body).encode()
        return urllib.request.Request(self.address, data, headers)  # noqa: S310 - checked above

    def _shown(self, said: str) -> str:
        """The start of what a server said, fit for a terminal, without the key."""
        shown = self._masked(said)[:MAX_SHOWN_CHARS]
        return "".join(char if char.isprintable() else " " for char in shown)

    def _masked(self, said: str) -> str:
        """What a server said, without the key, which it knows and may repeat."""
        return said.replace(self.key, "***") if self.key else said


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """A body, bounded in size and in time however slowly it comes."""
    content = bytearray()
    while chunk := response.read1(CHUNK_BYTES):
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise ValueError(f"the response is longer than {MAX_BODY_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("the response came too slowly")
    return bytes(content)


def _told_pause(seconds: str) -> float:
    """What Retry-After asks for, in seconds, a minute at the most; 0 where it is a date or none."""
    return min(float(seconds), MAX_PAUSE_S) if seconds.isascii() and seconds.isdigit() else 0.0


def _excerpt(error: urllib.error.HTTPError) -> str:
    try:
        return error.read(EXCERPT_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
