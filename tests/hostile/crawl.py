"""A WARC file of hostile pages: markup, texts, charsets, codings, headers and addresses."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import brotli
import pyarrow as pa

from tests.curation.sources.archives import http, record
from tests.hostile.markup import MARKUP, SENTENCE, in_page
from tests.hostile.texts import hostile_texts

SIZE = 3  # kilobytes of most bodies, thousands of most tags: what the tests ask for
BODY = in_page(body=f"<p>{SENTENCE * 9}</p>")

CLAIMS = (
    *("utf-8", "gbk", "big5", "utf-16", "utf-16le", "utf-32", "utf-7", "iso-2022-jp", "hz"),
    *("x-user-defined", "none", "idna", "punycode", "base64", "rot13", "zlib", "unicode_escape"),
    *("../../etc/passwd", "é", "", "u" * 5000),
)
"""What pages claim their charset to be. Some are codecs of Python that are no charsets."""

ADDRESSES = (
    *(
        "",
        " ",
        "http://",
        "http:///path",
        "http://[::1",
        "http://e.example:99999999/",
        "//e.example",
    ),
    *(
        "http://xn--/",
        "http://xn--a-ecp.ru/",
        "http://..../",
        "http://.e.example./",
        "dns:e.example",
    ),
    *("http://u:p@e.example/", "http://%00.example/", "http://e.example/%ff%fe", "javascript:x()"),
    *("http://e.example/\u202e", "http://例え。テスト/", "http://" + "a." * 2000 + "example/"),
    *("http://e.example/" + "x" * 100_000, "http://" + "a" * 70 + ".example/", "http://1e309/"),
    *("http://0x7f.1/", "http://4294967296/", "http://[fe80::1%25en0]/", "HTTP://E.EXAMPLE/?#?#"),
)
"""What records claim their address to be."""


@dataclass(frozen=True)
class HostilePage:
    """A record block with what it is called; ``url`` only where the address is what is hostile."""

    name: str
    block: bytes
    url: str | None = None


def pages(size: int) -> Iterator[HostilePage]:
    """Every hostile page; bodies are of some ``size`` kilobytes, or unpack to a thousand times it."""
    for name, make in MARKUP.items():
        yield HostilePage(f"markup/{name}", http(make(size)))
    for name, text in hostile_texts(size * 1000).items():
        body = text.replace("<", "&lt;").encode("utf-8", "surrogatepass")
        yield HostilePage(f"html/{name}", http(b"<article><p>" + body + b"</p></article>"))
        yield HostilePage(f"plain/{name}", http(body, content_type="text/plain"))
    yield from _charsets(size)
    yield from _codings(size)
    for number, url in enumerate(ADDRESSES):
        yield HostilePage(f"address/{number}", http(BODY), url)


def _charsets(size: int) -> Iterator[HostilePage]:
    random = Random(size)
    bodies = {
        "random": random.randbytes(size * 1000),
        "surrogates": "<p>\ud800 word \udfff</p>".encode("utf-8", "surrogatepass") * size * 40,
        "utf_16": f"<p>{SENTENCE * size}".encode("utf-16-le"),
        "utf_16_odd": b"\xff\xfe<" + f"<p>{SENTENCE * size}".encode("utf-16-le"),
        "utf_32": f"<p>{SENTENCE * size}".encode("utf-32"),
        "half_gbk": b"<p>\x81" + "河边的磨坊".encode("gbk") * size * 100 + b"\xfe",
        "marks": b"\xef\xbb\xbf" * size * 300 + SENTENCE.encode(),
    }
    for name, body in bodies.items():
        for number, claim in enumerate(CLAIMS):
            kind = f"text/html; charset={claim}".encode().decode("latin-1")
            block = http(body, content_type=kind)
            yield HostilePage(f"charset/{name}/{number}", block)


def _codings(size: int) -> Iterator[HostilePage]:
    zeros = bytes(size * 1_000_000)
    bombs: Mapping[str, bytes] = {
        "gzip": gzip.compress(zeros, mtime=0),
        "deflate": zlib.compress(zeros),
        "br": brotli.compress(zeros, quality=5),
        "zstd": pa.compress(zeros, codec="zstd", asbytes=True),
    }
    for coding, body in bombs.items():
        yield HostilePage(f"bomb/{coding}", http(body, more=f"Content-Encoding: {coding}\r\n"))
        cut = http(body[: len(body) // 2], more=f"Content-Encoding: {coding}\r\n")
        yield HostilePage(f"bomb_cut/{coding}", cut)
    twice = gzip.compress(bombs["gzip"], mtime=0)
    yield HostilePage("bomb/gzip_twice", http(twice, more="Content-Encoding: gzip, gzip\r\n"))
    many = "Content-Encoding: gzip\r\n" * 1000
    yield HostilePage("coding/many", http(BODY, more=many))
    chunked = "Transfer-Encoding: chunked\r\n"
    chunks = {
        "huge": b"ffffffffffffffff\r\n" + BODY,
        "tiny": b"1\r\nx\r\n" * size * 100 + b"0\r\n\r\n",
        "endless": b"5;" + b"x" * size * 1000,
        "negative": b"-5\r\nhello\r\n",
    }
    for name, body in chunks.items():
        yield HostilePage(f"chunks/{name}", http(body, more=chunked))
    yield HostilePage("header/many_fields", http(BODY, more="X: y\r\n" * size * 100))
    yield HostilePage("header/one_long_field", http(BODY, more=f"X: {'y' * size * 1000}\r\n"))
    yield HostilePage("header/never_ends", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * size * 100)
    yield HostilePage("header/binary", b"HTTP/1.1 200 \0\xff\r\n\0\xff: \xff\r\n\r\n" + BODY)
    yield HostilePage("header/none", BODY)
    yield HostilePage("header/empty", b"")


def write_hostile_crawl(given: list[HostilePage]) -> bytes:
    """The pages as a gzip WARC, a member each."""
    members = []
    for number, page in enumerate(given):
        data = record(page.block, number=number)
        if page.url is not None:
            data = data.replace(f"http://e.example/{number}".encode(), page.url.encode(), 1)
        members.append(gzip.compress(data, 1, mtime=0))
    return b"".join(members)
