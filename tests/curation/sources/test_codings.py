from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.sources.codings import (
    BadContentEncodingError,
    BadTransferEncodingError,
    BodyTooLargeError,
    join_chunks,
    undo_content,
    undo_transfer,
)


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8))
def test_chunks_are_joined(chunks):
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    assert join_chunks(chunked + b"0\r\nTrailer: x\r\n\r\n") == b"".join(chunks)


def test_a_body_that_claims_chunks_without_having_any_is_taken_as_it_is():
    assert undo_transfer(b"<html>plain</html>", "chunked") == b"<html>plain</html>"
    assert undo_transfer(b"3\r\nabc\r\n0\r\n\r\n", "identity") == b"3\r\nabc\r\n0\r\n\r\n"


def test_chunks_that_end_early_give_what_arrived():
    assert join_chunks(b"5\r\nhello\r\n5\r\nwor") == b"hellowor"
    assert join_chunks(b"5\r\nhello") == b"hello"


def test_chunk_sizes_of_all_kinds_are_read():
    assert join_chunks(b"0005 ;a=b\r\nhello\n 1\n!\n0") == b"hello!"


def test_a_chunk_size_that_is_none_in_the_middle_is_an_error():
    with pytest.raises(BadTransferEncodingError, match="byte 10"):
        join_chunks(b"5\r\nhello\r\nzz\r\nworld")


def test_a_huge_chunk_size_takes_no_memory():
    assert join_chunks(b"ffffffffffffff\r\nabc") == b"abc"


def test_many_codings_are_refused():
    with pytest.raises(BadContentEncodingError, match="9 codings"):
        undo_content(b"x", ",".join(["gzip"] * 9), 100)


def test_a_brotli_body_that_ends_early_gives_what_arrived():
    text = b"".join(b"%d " % (number * number) for number in range(20_000))
    given_back = undo_content(brotli.compress(text)[:-20], "br", 1 << 20)
    assert text.startswith(given_back)
    assert len(given_back) > len(text) * 0.9


def test_the_cap_holds_without_any_coding():
    assert undo_content(b"abc", "", 3) == b"abc"
    with pytest.raises(BodyTooLargeError, match="max_body_bytes is 2"):
        undo_content(b"abc", "", 2)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@given(body=st.binary(max_size=200))
def test_any_body_gives_bytes_or_the_error_of_its_kind(coding, body):
    with suppress(BadContentEncodingError, BodyTooLargeError):
        assert isinstance(undo_content(body, coding, 10_000), bytes)


def test_text_in_an_older_charset_that_claims_a_coding_is_taken_as_it_is():
    body = "<title>你好</title>".encode("gb18030")
    assert undo_content(body, "gzip", 1000) == body
