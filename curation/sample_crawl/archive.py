"""A small WARC writer: one gzip member a record, the same bytes for the same input."""

from __future__ import annotations

import gzip
import hashlib
import uuid
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

DATE = "2024-03-01T00:00:00Z"


@dataclass(frozen=True)
class Response:
    """What a server answered. ``coding`` is "", "gzip" or "chunked"."""

    url: str
    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    coding: str = ""


def recoded(response: Response, coding: str) -> Response:
    """The response sent with another coding; an empty body goes as it is."""
    return replace(response, coding=coding if response.body else "")


def response_record(response: Response, random: Random, date: str) -> bytes:
    """The response as one compressed WARC record."""
    block = http_message(response)
    headers = {
        "WARC-Target-URI": response.url,
        "Content-Type": "application/http; msgtype=response",
        "WARC-Block-Digest": digest(block),
        "WARC-Payload-Digest": digest(response.body),
    }
    return record("response", block, headers, random, date)


def request_record(url: str, random: Random, date: str) -> bytes:
    """The request that a crawler would have sent."""
    host, _, path = url.split("://", 1)[1].partition("/")
    block = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: sample\r\n\r\n".encode()
    headers = {"WARC-Target-URI": url, "Content-Type": "application/http; msgtype=request"}
    return record("request", block, headers, random, date)


def metadata_record(url: str, random: Random, date: str) -> bytes:
    """A note of the crawler about a page."""
    block = f"fetchTimeMs: {random.randint(20, 900)}\r\n".encode()
    headers = {"WARC-Target-URI": url, "Content-Type": "application/warc-fields"}
    return record("metadata", block, headers, random, date)


def warcinfo_record(name: str, random: Random) -> bytes:
    """What stands at the head of every file."""
    block = b"software: sample crawl\r\nformat: WARC File Format 1.1\r\n"
    headers = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
    return record("warcinfo", block, headers, random, DATE)


def record(kind: str, block: bytes, headers: Mapping[str, str], random: Random, date: str) -> bytes:
    """A record of any kind, compressed on its own."""
    identifier = uuid.UUID(int=random.getrandbits(128), version=4)
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{identifier}>",
        "WARC-Date": date,
        **headers,
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return gzip.compress(head.encode() + b"\r\n" + block + b"\r\n\r\n", 6, mtime=0)


def http_message(response: Response) -> bytes:
    """Status line, headers and the body in its coding."""
    reason = {200: "OK", 301: "Moved Permanently", 404: "Not Found", 500: "Server Error"}
    body = response.body
    fields = {"Content-Type": response.content_type, "Server": "sample"}
    if response.coding == "gzip":
        body = gzip.compress(body, 6, mtime=0)
        fields["Content-Encoding"] = "gzip"
    if response.coding == "chunked":
        body = chunked(body)
        fields["Transfer-Encoding"] = "chunked"
    else:
        fields["Content-Length"] = str(len(body))
    head = f"HTTP/1.1 {response.status} {reason[response.status]}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + body


def chunked(body: bytes, size: int = 4096) -> bytes:
    """The body in HTTP chunks of ``size`` bytes."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def digest(data: bytes) -> str:
    """The digest of a block or payload as WARC headers give it."""
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
