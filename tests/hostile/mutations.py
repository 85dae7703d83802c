"""Pages that were good and then damaged at random, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from curation.sample_crawl.crawl import plan

Mutation = Callable[[bytearray, Random], None]

PIECES = (
    *(b"<", b">", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"</html>", b"<table><tr>", b"<svg>"),
    *(b'"', b"'", b"&#0;", b"&#xD800;", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"<p " * 50),
    *(b"<meta charset=utf-7>", b"<?xml version='1.0' encoding='gbk'?>", b"<base href=//>"),
)


def _span(data: bytearray, random: Random) -> slice:
    start = random.randrange(len(data) + 1)
    return slice(start, start + random.randrange(1, 400))


def flip(data: bytearray, random: Random) -> None:
    """Change a bit."""
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def cut(data: bytearray, random: Random) -> None:
    """Take a stretch out."""
    del data[_span(data, random)]


def double(data: bytearray, random: Random) -> None:
    """Put a stretch in another place too, up to thirty times."""
    piece = data[_span(data, random)] * random.randrange(1, 30)
    at = random.randrange(len(data) + 1)
    data[at:at] = piece


def insert(data: bytearray, random: Random) -> None:
    """Put something in that a parser has to think about."""
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(PIECES)


def overwrite(data: bytearray, random: Random) -> None:
    """Put noise over a stretch."""
    span = _span(data, random)
    data[span] = random.randbytes(len(data[span]))


MUTATIONS: tuple[Mutation, ...] = (flip, cut, double, insert, overwrite)


def mutated_pages(seed: int, count: int) -> Iterator[bytes]:
    """Bodies of the sample crawl, each damaged one to sixty times."""
    random = Random(seed)
    bodies = [page.response.body for page in plan(seed, 100, random) if page.kind != "hanging"]
    for number in range(count):
        data = bytearray(bodies[number % len(bodies)])
        for _ in range(random.randrange(1, 60)):
            random.choice(MUTATIONS)(data, random)
        yield bytes(data)
