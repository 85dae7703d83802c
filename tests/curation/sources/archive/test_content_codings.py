import gzip
import random
import tracemalloc
import zlib
from contextlib import suppress

import brotli
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.sources.archive.content_codings import (
    BadContentEncodingError,
    BodyTooLargeError,
    DecodedBody,
    undo_content,
    undo_unclaimed,
)
from tests.growth import excess


def test_many_codings_are_refused():
    with pytest.raises(BadContentEncodingError, match="9 codings"):
        undo_content(b"x", ",".join(["gzip"] * 9), 100)


PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda text: pa.compress(text, "zstd", asbytes=True),
}


@pytest.mark.parametrize("coding", PACKERS)
def test_a_packed_body_that_ends_early_gives_what_arrived_and_says_so(coding):
    draw = random.Random(1)
    text = b"".join(b"%d " % draw.randrange(1 << 40) for _ in range(40_000))
    packed = PACKERS[coding](text)
    assert undo_content(packed, coding, 1 << 20) == DecodedBody(text, is_whole=True)
    data, is_whole = undo_content(packed[:-20], coding, 1 << 20)
    assert not is_whole
    assert text.startswith(data)
    assert len(data) > len(text) * 0.5


@pytest.mark.parametrize("coding", PACKERS)
def test_a_body_that_is_spoilt_after_its_beginning_is_refused_not_taken_for_plain(coding):
    draw = random.Random(1)
    packed = bytearray(PACKERS[coding](draw.randbytes(1 << 19).hex().encode()))
    middle = len(packed) // 2
    packed[middle : middle + 2_000] = b"\xff" * 2_000
    with pytest.raises(BadContentEncodingError):
        undo_content(bytes(packed), coding, 1 << 21)


def test_brotli_that_is_spoilt_and_looks_like_old_text_is_refused_too():
    """Brotli keeps noise as it is: no NUL and a ``<`` are taken for text where nothing was unpacked."""
    draw = random.Random(1)
    noise = b"<" + bytes(draw.randrange(1, 256) for _ in range(1 << 18))
    packed = brotli.compress(noise, quality=1, lgwin=16)
    assert b"\0" not in packed[:1024]
    assert b"<" in packed[:256]
    spoilt = packed[:-3] + b"\xff" * 50
    with pytest.raises(BadContentEncodingError):
        undo_content(spoilt, "br", 1 << 21)


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("size", [1 << 16, 1 << 17])
def test_a_body_may_be_as_large_as_the_cap_and_not_a_byte_larger(coding, size):
    packed = PACKERS[coding](b"x" * size)
    assert undo_content(packed, coding, size) == DecodedBody(b"x" * size, is_whole=True)
    with pytest.raises(BodyTooLargeError):
        undo_content(PACKERS[coding](b"x" * (size + 1)), coding, size)
    with pytest.raises(BodyTooLargeError):  # whose pieces end where the cap is
        undo_content(PACKERS[coding](b"x" * 4 * size), coding, size)


def test_brotli_whose_first_piece_is_as_large_as_the_cap_is_not_taken_for_cut():
    packed = brotli.compress(b"x" * (1 << 20))
    first = len(brotli.Decompressor().process(packed, output_buffer_limit=1 << 16))
    assert first < 1 << 20
    with pytest.raises(BodyTooLargeError):
        undo_content(packed, "br", first)


def test_a_body_cut_within_one_of_two_codings_is_not_whole():
    packed = gzip.compress(zlib.compress(b"text" * 1000)[:-4])
    assert undo_content(packed, "deflate, gzip", 10_000) == DecodedBody(
        b"text" * 1000, is_whole=False
    )


def test_the_cap_holds_without_any_coding():
    assert undo_content(b"abc", "", 3) == DecodedBody(b"abc", is_whole=True)
    with pytest.raises(BodyTooLargeError, match="max_body_bytes is 2"):
        undo_content(b"abc", "", 2)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_is_refused_before_it_is_unpacked(coding):
    bomb = PACKERS[coding](bytes(1 << 25))
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLargeError):
            undo_content(bomb, coding, 1 << 20)
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert highest < 1 << 23


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@given(body=st.binary(max_size=200))
def test_any_body_gives_bytes_or_the_error_of_its_kind(coding, body):
    with suppress(BadContentEncodingError, BodyTooLargeError):
        assert isinstance(undo_content(body, coding, 10_000), DecodedBody)


def test_text_in_an_older_charset_that_claims_a_coding_is_taken_as_it_is():
    body = "<title>你好</title>".encode("gb18030")
    assert undo_content(body, "gzip", 1000) == DecodedBody(body, is_whole=True)


@pytest.mark.parametrize("text", [b"", b"a"])
def test_a_body_of_many_gzip_members_is_undone_in_linear_time(text):
    member = gzip.compress(text)
    assert undo_content(member * 100, "gzip", 1 << 20) == DecodedBody(text * 100)
    assert not excess(lambda size: member * size, lambda body: undo_content(body, "gzip", 1 << 28))


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "", "application/xhtml+xml"])
@pytest.mark.parametrize("times", [1, 2, 4])
def test_gzip_that_nobody_claims_is_undone_where_the_type_is_of_text(kind, times):
    body = b"<p>text"
    for _ in range(times):
        body = gzip.compress(body)
    assert undo_unclaimed(body, kind, 100) == DecodedBody(b"<p>text", is_whole=True)
    assert undo_unclaimed(body, "application/gzip", 100) == DecodedBody(body, is_whole=True)


def test_gzip_that_nobody_claims_is_capped_and_says_where_it_was_cut():
    with pytest.raises(BodyTooLargeError):
        undo_unclaimed(gzip.compress(b"x" * 101), "text/html", 100)
    cut = gzip.compress(b"<p>text")[:-4]
    assert undo_unclaimed(cut, "text/html", 100) == DecodedBody(b"<p>text", is_whole=False)


@pytest.mark.parametrize("body", [b"<p>text", b"\x1f\x8b\x08 is how gzip begins", b"\x1f\x8b", b""])
def test_what_only_begins_like_gzip_stays_as_it_is(body):
    assert undo_unclaimed(body, "text/html", 100) == DecodedBody(body, is_whole=True)
