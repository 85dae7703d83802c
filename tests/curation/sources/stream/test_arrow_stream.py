"""Reading what Arrow unpacks takes no memory that stays, be it whole or damaged."""

import io
from pathlib import Path

import pytest

from curation.sources.archive.content_codings import undo_content
from curation.sources.stream.arrow_stream import ArrowStream
from tests.curation.sources.archives import PACKINGS


def address_space():
    """Bytes that this process has mapped."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * 4096


def read(data):
    with pytest.raises(OSError, match="Truncated"):
        ArrowStream(io.BytesIO(data), "lz4").read(1 << 20)


def test_a_damaged_stream_leaves_no_memory_behind():
    cut = PACKINGS[".lz4"](b"The mill. " * 1000)[:-30]
    read(cut)
    before = address_space()
    for _ in range(300):
        read(cut)
    assert address_space() - before < 32 << 20


def test_a_cut_body_leaves_no_memory_behind():
    cut = PACKINGS[".zst"](bytes(range(256)) * 999)[:-9]
    undo_content(cut, "zstd", 1 << 20)
    before = address_space()
    for _ in range(1000):
        assert not undo_content(cut, "zstd", 1 << 20).is_whole
    assert address_space() - before < 32 << 20


def test_what_is_whole_comes_in_pieces():
    stream = ArrowStream(io.BytesIO(PACKINGS[".lz4"](b"abcdefg")), "lz4")
    assert [stream.read(3) for _ in range(4)] == [b"abc", b"def", b"g", b""]
