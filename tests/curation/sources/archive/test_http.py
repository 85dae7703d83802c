import pytest

from curation.sources.archive.http import BadHttpHeaderError, charset, media_type, parse_response
from tests.growth import excess


def test_status_headers_and_body_are_told_apart():
    response = parse_response(b"HTTP/1.1 301 Moved\r\nLocation: /x\r\nSERVER:  y \r\n\r\n\r\nbody")
    assert response.status == 301
    assert response.headers == {"location": "/x", "server": "y"}
    assert response.body == b"\r\nbody"


@pytest.mark.parametrize(
    "first",
    ["HTTP/1.0 200", "HTTP/2 200", "HTTP/1.1  200 Fine", "\r\nHTTP/1.1 200 OK", "http/1.1 200 ok"],
)
def test_status_lines_of_all_kinds_are_read(first):
    assert parse_response(first.encode() + b"\nContent-Type: a/b\n\nx").headers == {
        "content-type": "a/b"
    }


def test_a_header_without_a_blank_line_has_no_body():
    response = parse_response(b"HTTP/1.1 200 OK\r\nServer: x")
    assert (response.headers, response.body) == ({"server": "x"}, b"")


def test_folded_lines_and_lines_without_a_colon():
    block = b"HTTP/1.1 200 OK\r\nnonsense\r\n lost\r\nX: a\r\n\tb\r\n: empty\r\n\r\n"
    assert parse_response(block).headers == {"x": "a b"}


def test_bytes_that_are_not_ascii_stay_as_latin_1():
    assert parse_response(b"HTTP/1.1 200 OK\r\nX: \xe9\x00\r\n\r\n").headers == {"x": "é\x00"}


def test_of_equal_headers_the_last_counts_but_codings_add_up():
    block = (
        b"HTTP/1.1 200 OK\r\nX: 1\r\nx: 2\r\nContent-Encoding: br\r\ncontent-encoding: gzip\r\n\r\n"
    )
    assert parse_response(block).headers == {"x": "2", "content-encoding": "br, gzip"}


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\nLink: y\n\n"]
)
def test_interim_responses_are_passed_over(interim):
    final = b"HTTP/1.1 404 Gone\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody"
    assert parse_response(interim * 2 + final) == parse_response(final)
    assert parse_response(interim).status in {100, 103}


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("text/html; charset=gbk", "text/html"), "text/html; charset=gbk"),
        (("text/html; charset=gbk", "Text/HTML; x=y"), "Text/HTML; x=y; charset=gbk"),
        (("text/html; charset=gbk", "text/plain"), "text/plain"),
        (("text/html", "text/html; charset=gbk"), "text/html; charset=gbk"),
        (("text/html; charset=gbk", "text/html; charset=big5"), "text/html; charset=big5"),
        (("text/html; charset=gbk", "none"), "text/html; charset=gbk"),
        (("text/html; charset=gbk", "*/*", ""), "text/html; charset=gbk"),
        (("text/html; charset=gbk", "text/plain", "text/html"), "text/html"),
        (("", ""), ""),
    ],
)
def test_a_second_content_type_without_a_charset_takes_nothing_away(types, expected):
    lines = "".join(f"Content-Type: {value}\r\n" for value in types)
    block = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()
    assert parse_response(block).headers == {"content-type": expected}


@pytest.mark.parametrize(
    "block",
    [b"", b"\0", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 2000 X\r\n\r\n"],
)
def test_what_is_no_response_is_an_error(block):
    with pytest.raises(BadHttpHeaderError, match="no HTTP status line"):
        parse_response(block)


@pytest.mark.parametrize(
    ("header", "kind", "claimed"),
    [
        ("text/html", "text/html", ""),
        ("TEXT/HTML;Charset=UTF-8", "text/html", "utf-8"),
        ('text/html; charset="gb2312"', "text/html", "gb2312"),
        ("text/html; charset = big5 ; x=y", "text/html", "big5"),
        ("text/html, text/html; charset=gbk", "text/html", "gbk"),
        ("charset=utf-8", "charset=utf-8", "utf-8"),
        ("", "", ""),
    ],
)
def test_content_types(header, kind, claimed):
    assert (media_type(header), charset(header)) == (kind, claimed)


@pytest.mark.parametrize(
    "claim",
    [
        lambda size: "text/html; charset=" + " " * size,
        lambda size: "text/html; charset=" + " " * size + ";",
        lambda size: "text/html; charset" + " " * size,
        lambda size: "text/html; charset='" + " " * size + "'",
        lambda size: "charset " * size,
    ],
)
def test_a_charset_is_looked_for_in_linear_time(claim):
    assert not excess(claim, charset)


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Encoding: gzip\r\n",
        b"Transfer-Encoding:\n",
        b"X: y\r\n\t",
        b"no colon \n",
        b"\r",
        b"Content-Type: a/b\n",
    ],
)
def test_a_header_of_any_length_is_read_in_linear_time(line):
    def header(size):
        return b"HTTP/1.1 200 OK\r\n" + line * size

    assert not excess(header, parse_response)
