"""What a coverage-guided fuzzer damages, and the files that are made of it: bodies unpacked, packed here.

An input is a byte for its form and a content. Of a packed file the content is what is in it, so that damage
gets past the packing; that the packing itself is damaged is a form of its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random

import brotli
import zstandard

from tests.curation.sources.archives import PACKINGS, members
from tests.hostile.fuzz.seeds import CHUNKED, material
from tests.hostile.mutations import mutated

Mutator = Callable[[bytes], bytes]

OURS = 0.5
"""The share of inputs that are damaged by `mutated`; the others are by the fuzzer's own mutations."""
OTHER_FORM = 0.05
"""The share of inputs that take another form."""


@dataclass(frozen=True)
class Form:
    """A file's name, the name of the seeds that it is made of, and how a content becomes the file."""

    name: str
    of: str
    pack: Callable[[bytes], bytes] = bytes


def by_record(packing: str, content: bytes) -> bytes:
    r"""Each record of a WARC file packed by itself, wherever one seems to begin.

    >>> by_record(".gz", b"WARC/1.0 aWARC/1.0 b").count(b"\x1f\x8b")
    2
    """
    records = re.split(rb"(?=WARC/1\.)", content)
    return b"".join(members([one for one in records if one], packing))


def coded(field: str, code: Callable[[bytes], bytes], content: bytes) -> bytes:
    r"""An HTTP response whose body, all that follows its head, is coded as a field says.

    >>> coded("A: b\r\n", bytes.upper, b"HTTP/1.1 200 OK\r\n\r\nbody")
    b'HTTP/1.1 200 OK\r\nA: b\r\n\r\nBODY'
    """
    head, end, body = content.partition(b"\r\n\r\n")
    return head + (b"\r\n" + field.encode() + b"\r\n" + code(body) if end else b"")


def chunked(body: bytes) -> bytes:
    """A body in two chunks.

    >>> chunked(b"abc")
    b'1\\r\\na\\r\\n2\\r\\nbc\\r\\n0\\r\\n\\r\\n'
    """
    half = len(body) // 2
    parts = [part for part in (body[:half], body[half:]) if part]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "Content-Encoding: gzip\r\n": PACKINGS[".gz"],
    "Content-Encoding: deflate\r\n": zlib.compress,
    "Content-Encoding: br\r\n": partial(brotli.compress, quality=1),
    "Content-Encoding: zstd\r\n": zstandard.compress,
    CHUNKED: chunked,
}
PACKED: Mapping[str, Sequence[Form]] = {
    "warc": (
        *(Form(f"a.warc{end}", "a.warc", partial(by_record, end)) for end in PACKINGS if end),
        *(Form(f"{name}.gz", name, PACKINGS[".gz"]) for name in ("a.arc", "a.jsonl")),
    ),
    "http": tuple(Form("", "", partial(coded, field, code)) for field, code in CODERS.items()),
}
"""Those of a target that are packed here; every name of a seed is a form as it is."""


@cache
def forms(target: str) -> Sequence[Form]:
    """All forms of a target's files."""
    names = dict.fromkeys(name for name, _ in material(target).seeds)
    return (*(Form(name, name) for name in names), *PACKED.get(target, ()))


def inputs(target: str) -> Iterator[bytes]:
    """The seeds as inputs, in every form that they can take."""
    for number, form in enumerate(forms(target)):
        for name, data in material(target).seeds:
            if name == form.of:
                yield bytes([number]) + data


def unfold(target: str, given: bytes) -> tuple[str, bytes]:
    """The name and the bytes of the file that an input stands for; any bytes are an input."""
    known = forms(target)
    form = known[given[0] % len(known)] if given else known[0]
    return form.name, form.pack(given[1:])


def mutate(target: str, given: bytes, max_bytes: int, seed: int, theirs: Mutator) -> bytes:
    """An input damaged: its content by pieces of the format's syntax or by ``theirs``, now and then its form."""
    random, some = Random(seed), material(target)
    form, content = given[:1] or b"\0", given[1:]
    if random.random() < OTHER_FORM:
        form = bytes([random.randrange(len(forms(target)))])
    if random.random() < OURS:
        content = mutated(content, random, some.pieces, some.values)
    else:
        content = theirs(content)
    return (form + content)[:max_bytes]


def dictionary(target: str) -> str:
    r"""Pieces of a target's syntax as libFuzzer reads them; it takes none of over 64 bytes.

    >>> dictionary("url").splitlines()[0]
    '"\\x68\\x74\\x74\\x70\\x3a\\x2f\\x2f"'
    """
    some = material(target)
    short = [piece for piece in dict.fromkeys((*some.pieces, *some.values)) if len(piece) <= 64]
    escaped = ("".join(map("\\x{:02x}".format, piece)) for piece in short)
    return "".join(f'"{piece}"\n' for piece in escaped)
