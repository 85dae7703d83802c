import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.sources.archive.content_codings import BodyTooLargeError, DecodedBody
from curation.sources.archive.transfer_codings import (
    BadTransferEncodingError,
    join_chunks,
    undo_transfer,
)
from tests.growth import excess


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8))
def test_chunks_are_joined(chunks):
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    whole = DecodedBody(b"".join(chunks), is_whole=True)
    assert join_chunks(chunked + b"0\r\nTrailer: x\r\n\r\n") == whole


def test_a_body_that_claims_chunks_without_having_any_is_taken_as_it_is():
    for body, coding in (
        (b"<html>plain</html>", "chunked"),
        (b"3\r\nabc\r\n0\r\n\r\n", "identity"),
    ):
        assert undo_transfer(body, coding, 100) == DecodedBody(body, is_whole=True)


def chunked(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    ("coding", "packings"),
    [
        ("gzip, chunked", [gzip.compress, chunked]),
        ("x-gzip", [gzip.compress]),
        ("deflate, chunked", [zlib.compress, chunked]),
        ("gzip, gzip, chunked", [gzip.compress, gzip.compress, chunked]),
        ("chunked, gzip", [chunked, gzip.compress]),
        ("gzip, chunked", []),
        ("gzip, chunked", [gzip.compress]),
        ("Identity", []),
    ],
)
def test_packing_for_the_way_is_undone_in_the_order_of_the_header(coding, packings):
    body = b"<p>text"
    for pack in packings:
        body = pack(body)
    assert undo_transfer(body, coding, 100) == DecodedBody(b"<p>text", is_whole=True)


def test_packing_for_the_way_is_capped_and_says_where_it_was_cut():
    with pytest.raises(BodyTooLargeError):
        undo_transfer(gzip.compress(b"x" * 101), "gzip", 100)
    cut = chunked(gzip.compress(b"<p>text")[:-4])
    assert undo_transfer(cut, "gzip, chunked", 100) == DecodedBody(b"<p>text", is_whole=False)


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
    assert join_chunks(body) == DecodedBody(data, is_whole=False)


def test_chunk_sizes_of_all_kinds_are_read():
    assert join_chunks(b"0005 ;a=b\r\nhello\n 1\n!\n0") == DecodedBody(b"hello!", is_whole=True)


def test_a_chunk_size_that_is_none_in_the_middle_is_an_error():
    with pytest.raises(BadTransferEncodingError, match="byte 10"):
        join_chunks(b"5\r\nhello\r\nzz\r\nworld")


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

    assert not excess(body, join)
