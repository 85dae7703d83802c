"""Pages that were good and then damaged at random, the same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random

from curation.sample_crawl.crawl import plan

Mutation = Callable[[bytearray, Random], None]

PIECES = (
    *(b"<", b">", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"</html>", b"<table><tr>", b"<svg>"),
    *(b'"', b"'", b"&#0;", b"&#xD800;", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"<p " * 50),
    *(b"<meta charset=utf-7>", b"<?xml version='1.0' encoding='gbk'?>", b"<base href=//>"),
)

VALUE = re.compile(rb"[:=][ \t]*([^\s,}\]]+)")


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


def insert(data: bytearray, random: Random, pieces: Sequence[bytes] = PIECES) -> None:
    """Put something in that a parser has to think about."""
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(pieces)


def overwrite(data: bytearray, random: Random) -> None:
    """Put noise over a stretch."""
    span = _span(data, random)
    data[span] = random.randbytes(len(data[span]))


def exchange(data: bytearray, random: Random, pieces: Sequence[bytes]) -> None:
    """Say something else of a name: what follows a colon or an equals sign."""
    values = list(VALUE.finditer(data))
    if values:
        start, end = random.choice(values).span(1)
        data[start:end] = random.choice(pieces)


MUTATIONS: tuple[Mutation, ...] = (flip, cut, double, insert, overwrite)


def mutated(
    whole: bytes, random: Random, pieces: Sequence[bytes], values: Sequence[bytes] = ()
) -> bytes:
    """Damaged once to twelve times; half of them once or twice, mostly in a value.

    What is only a little wrong gets far into a parser, noise does not.
    """
    data = bytearray(whole)
    put, say = partial(insert, pieces=pieces), partial(exchange, pieces=values or pieces)
    slightly = random.random() < 1 / 2
    mutations = (say, say, say, say, put, cut) if slightly else (flip, cut, double, put, overwrite)
    for _ in range(random.randrange(1, 3 if slightly else 13)):
        random.choice(mutations)(data, random)
    return bytes(data)


def mutated_pages(seed: int, count: int) -> Iterator[bytes]:
    """Bodies of the sample crawl, each damaged one to sixty times."""
    random = Random(seed)
    bodies = [page.response.body for page in plan(seed, 100, random) if page.kind != "hanging"]
    for number in range(count):
        data = bytearray(bodies[number % len(bodies)])
        for _ in range(random.randrange(1, 60)):
            random.choice(MUTATIONS)(data, random)
        yield bytes(data)
