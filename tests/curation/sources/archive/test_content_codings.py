import gzip
import random
import zlib
from contextlib import suppress

import brotli
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.sources.archive.content_codings import (
    BadContentEncodingError,
    BadTransferEncodingError,
    BodyTooLargeError,
    Decoded,
    join_chunks,
    undo_content,
    undo_transfer,
)
from tests.curation.sources.growth import LINEAR, growth


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8))
def test_chunks_are_joined(chunks):
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    whole = Decoded(b"".join(chunks), is_whole=True)
    assert join_chunks(chunked + b"0\r\nTrailer: x\r\n\r\n") == whole


def test_a_body_that_claims_chunks_without_having_any_is_taken_as_it_is():
    for body, coding in (
        (b"<html>plain</html>", "chunked"),
        (b"3\r\nabc\r\n0\r\n\r\n", "identity"),
    ):
        assert undo_transfer(body, coding) == Decoded(body, is_whole=True)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b"5\r\nhello\r\n5\r\nwor", b"hellowor"),
        (b"5\r\nhello", b"hello"),
        (b"5\r\nhello\r\n", b"hello"),
        (b"5\r\nhello\r\n1", b"hello"),
        (b"ffffffffffffff\r\nabc", b"abc"),
    ],
)
def test_chunks_that_end_early_give_what_arrived_and_say_so(body, data):
    assert join_chunks(body) == Decoded(data, is_whole=False)


def test_chunk_sizes_of_all_kinds_are_read():
    assert join_chunks(b"0005 ;a=b\r\nhello\n 1\n!\n0") == Decoded(b"hello!", is_whole=True)


def test_a_chunk_size_that_is_none_in_the_middle_is_an_error():
    with pytest.raises(BadTransferEncodingError, match="byte 10"):
        join_chunks(b"5\r\nhello\r\nzz\r\nworld")


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
    assert undo_content(packed, coding, 1 << 20) == Decoded(text, is_whole=True)
    data, is_whole = undo_content(packed[:-20], coding, 1 << 20)
    assert not is_whole
    assert text.startswith(data)
    assert len(data) > len(text) * 0.5


def test_a_body_cut_within_one_of_two_codings_is_not_whole():
    packed = gzip.compress(zlib.compress(b"text" * 1000)[:-4])
    assert undo_content(packed, "deflate, gzip", 10_000) == Decoded(b"text" * 1000, is_whole=False)


def test_the_cap_holds_without_any_coding():
    assert undo_content(b"abc", "", 3) == Decoded(b"abc", is_whole=True)
    with pytest.raises(BodyTooLargeError, match="max_body_bytes is 2"):
        undo_content(b"abc", "", 2)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@given(body=st.binary(max_size=200))
def test_any_body_gives_bytes_or_the_error_of_its_kind(coding, body):
    with suppress(BadContentEncodingError, BodyTooLargeError):
        assert isinstance(undo_content(body, coding, 10_000), Decoded)


def test_text_in_an_older_charset_that_claims_a_coding_is_taken_as_it_is():
    body = "<title>你好</title>".encode("gb18030")
    assert undo_content(body, "gzip", 1000) == Decoded(body, is_whole=True)


@pytest.mark.parametrize(
    "body",
    [
        lambda size: b"1\r\na\r\n" + b" " * size + b"x",
        lambda size: b"1\r\na\r\n" + b" " * size + b"1" + b" " * size + b"x",
        lambda size: b"1\r\na\r\n1" + b"\0" * size + b"x",
        lambda size: b"1\r\na\r\n" * size,
    ],
)
def test_chunks_are_joined_in_linear_time(body):
    def join(given):
        with suppress(BadTransferEncodingError):
            join_chunks(given)

    assert growth(body, join) < LINEAR


@pytest.mark.parametrize("text", [b"", b"a"])
def test_a_body_of_many_gzip_members_is_undone_in_linear_time(text):
    member = gzip.compress(text)
    assert undo_content(member * 100, "gzip", 1 << 20) == Decoded(text * 100)
    assert (
        growth(lambda size: member * size, lambda body: undo_content(body, "gzip", 1 << 26))
        < LINEAR
    )
