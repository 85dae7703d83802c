import gzip
import hashlib
import io
import random
import zlib

import brotli
import pytest
from fastwarc.warc import ArchiveIterator

from curation.sources.warc import read_warc
from schemas.page import Loss, LossReason, Page, doc_id
from tests.curation.sources.archives import PACKINGS, http, page_record, record


@pytest.fixture
def read(tmp_path):
    """Everything that an archive of these bytes gives."""

    def read_bytes(data, name="a.warc", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return list(read_warc(str(path), **options))

    return read_bytes


def only(items):
    (item,) = items
    return item


def test_a_response_becomes_a_page(read):
    body = "<html>你好</html>".encode("gb2312")
    page = only(read(record(http(body, content_type="Text/HTML; charset=GB2312"), number=5)))
    assert isinstance(page, Page)
    assert page.url == "http://e.example/5"
    assert page.date == "2024-01-01T00:00:00Z"
    assert page.doc_id == doc_id("<urn:uuid:5>")
    assert (page.status, page.content_type, page.http_charset) == (200, "text/html", "gb2312")
    assert (page.body, page.text, page.offset) == (body, "", 0)
    assert page.source.endswith("a.warc")


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("per_record", [True, False])
def test_every_packing_gives_the_same_pages(read, packing, per_record):
    records = [page_record(number) for number in range(5)]
    pack = PACKINGS[packing]
    data = b"".join(map(pack, records)) if per_record else pack(b"".join(records))
    pages = read(data, "a.warc" + packing)
    assert [page.body for page in pages] == [page.body for page in read(b"".join(records))]
    assert [page.url for page in pages] == [f"http://e.example/{number}" for number in range(5)]


def test_offsets_are_those_of_members_and_rise_within_one(read):
    packed = [gzip.compress(page_record(0) + page_record(1)), gzip.compress(page_record(2))]
    assert [page.offset for page in read(b"".join(packed), "a.warc.gz")] == [0, 1, len(packed[0])]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("newlines", [b"\r\n\r\n", b"\n\n"])
def test_the_length_of_a_record_goes_from_its_offset_to_its_end(read, packing, newlines):
    records = [page_record(number)[:-4] + newlines for number in range(4)]
    records.insert(2, record(b"a: b", kind="metadata")[:-4] + newlines)
    packed = [PACKINGS[packing](each) for each in records]
    pages = read(b"".join(packed), "a.warc" + packing)
    assert [page.length for page in pages] == [len(packed[n]) for n in (0, 1, 3, 4)]
    assert [page.record_id for page in pages] == [f"<urn:uuid:{number}>" for number in range(4)]


def test_a_record_whose_member_holds_others_has_no_length_of_its_own(read):
    shared, single = gzip.compress(page_record(0) + page_record(1)), gzip.compress(page_record(2))
    pages = read(shared + single, "a.warc.gz")
    assert [page.length for page in pages] == [None, None, len(single)]


def test_the_last_record_of_a_split_has_its_length(read):
    packed = [gzip.compress(page_record(number)) for number in range(4)]
    pages = read(b"".join(packed), "a.warc.gz", start=1, end=len(packed[0]) + 1)
    assert [page.length for page in pages] == [len(packed[1])]


def test_the_bytes_of_a_real_record_are_that_record(real_data):
    path = real_data / "warc" / "real" / "aut-example.warc.gz"
    for page in list(read_warc(str(path)))[::20]:
        member = path.read_bytes()[page.offset : page.offset + page.length]
        found = list(ArchiveIterator(io.BytesIO(member), parse_http=False))
        assert [record.headers["WARC-Record-ID"] for record in found] == [page.record_id]
        assert found[0].headers["WARC-Target-URI"] == page.url


def test_records_that_hold_no_page_are_skipped_and_counted(tmp_path):
    path = tmp_path / "a.warc"
    kinds = ["warcinfo", "request", "request", "metadata", "revisit", "response", "strange"]
    path.write_bytes(b"".join(record(http(b"x"), kind=kind) for kind in kinds))
    reader = read_warc(str(path))
    assert len(list(reader)) == 1
    counts = {"warcinfo": 1, "request": 2, "metadata": 1, "revisit": 1, "unknown": 1}
    assert reader.skipped == counts
    assert len(list(reader)) == 1
    assert reader.skipped == counts, "reading again counts again from zero"


def test_a_conversion_gives_its_text(read):
    data = record("标题\nline".encode(), kind="conversion", content_type="text/plain")
    page = only(read(data))
    assert (page.text, page.body, page.status) == ("标题\nline", b"", 200)


def test_a_resource_gives_its_block(read):
    page = only(read(record(b"<p>x", kind="resource", content_type="text/html; charset=utf-8")))
    assert (page.body, page.status) == (b"<p>x", 200)
    assert (page.content_type, page.http_charset) == ("text/html", "utf-8")


def test_a_response_that_is_not_http_has_the_type_that_the_record_claims(read):
    page = only(read(record(b"20240101\ne.example. 60 IN A 1.2.3.4", content_type="text/dns")))
    assert page.content_type == "text/dns"


def test_the_brackets_around_an_address_are_taken_off(read):
    data = record(http(b"x")).replace(b"http://e.example/0", b"<http://e.example/0>")
    assert only(read(data)).url == "http://e.example/0"


def test_without_a_record_id_address_date_and_digest_identify_a_page(read):
    def without_id(number, body):
        return record(http(body), number=number).replace(b"WARC-Record-ID", b"WARC-Nothing")

    same, again, other_body, other_url = read(
        without_id(1, b"a") + without_id(1, b"a") + without_id(1, b"b") + without_id(2, b"a")
    )
    assert same.doc_id == again.doc_id
    assert len({same.doc_id, other_body.doc_id, other_url.doc_id}) == 3
    digest = "WARC-Payload-Digest: sha1:AAAA\r\n"
    given = only(read(record(http(b"a"), more=digest).replace(b"WARC-Record-ID", b"WARC-Nothing")))
    assert given.doc_id == doc_id("http://e.example/0", "2024-01-01T00:00:00Z", "sha1:AAAA")


def test_line_feeds_alone_and_missing_separators_are_read(read):
    lenient = page_record(0).replace(b"\r\n", b"\n").replace(b"\n\n", b"\n\n", 1)
    bare = b"WARC/1.0\nWARC-Type: resource\nContent-Type: text/html\nContent-Length: 4\n\n<p>x"
    assert [page.body for page in read(bare + bare)] == [b"<p>x", b"<p>x"]
    assert isinstance(read(lenient)[0], Loss), "its length is not what it says any more"


def test_a_folded_header_line_belongs_to_the_one_before(read):
    data = record(http(b"x", more="X-A: 1\r\n folded: 2\r\n"), more="X-B: 1\r\n folded\r\n")
    assert only(read(data)).body == b"x"


def deflate_raw(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": deflate_raw,
    "br": brotli.compress,
    "zstd": PACKINGS[".zst"],
    "identity": bytes,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_content_encodings_are_undone(read, coding):
    body = b"<html>" + hashlib.sha256(b"x").hexdigest().encode() * 50
    data = record(http(CODINGS[coding](body), more=f"Content-Encoding: {coding}\r\n"))
    assert only(read(data)).body == body


def test_codings_on_codings_are_undone_in_order(read):
    body = brotli.compress(gzip.compress(b"twice"))
    data = record(http(body, more="Content-Encoding: gzip\r\nContent-Encoding: br\r\n"))
    assert only(read(data)).body == b"twice"


def test_a_chunked_and_compressed_body_is_undone(read):
    packed = gzip.compress(b"<html>" * 100)
    chunked = b"%x\r\n%s\r\n" % (10, packed[:10])
    chunked += b"%X;name=value\r\n%s\r\n0\r\n\r\n" % (len(packed) - 10, packed[10:])
    headers = "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    assert only(read(record(http(chunked, more=headers)))).body == b"<html>" * 100


@pytest.mark.parametrize(
    ("headers", "times"),
    [
        ("Transfer-Encoding: gzip\r\n", 1),
        ("Transfer-Encoding: gzip\r\nContent-Encoding: gzip\r\n", 2),
        ("Content-Encoding: gzip\r\n", 2),
        ("", 1),
    ],
)
def test_gzip_is_undone_wherever_it_is_claimed_or_not(read, headers, times):
    body = b"<p>text"
    for _ in range(times):
        body = gzip.compress(body)
    page = only(read(record(http(body, more=headers))))
    assert (page.body, page.truncated) == (b"<p>text", "")


def test_the_charset_of_a_former_content_type_holds(read):
    data = http(b"<p>", content_type="text/html; charset=gbk", more="Content-Type: text/html\r\n")
    page = only(read(record(data)))
    assert (page.content_type, page.http_charset) == ("text/html", "gbk")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "made-up"])
def test_a_body_that_was_never_encoded_is_taken_as_it_is(read, coding):
    data = record(http(b"<html>plain</html>", more=f"Content-Encoding: {coding}\r\n"))
    assert only(read(data)).body == b"<html>plain</html>"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_broken_body_is_a_loss_with_its_url(read, coding):
    text = random.Random(1).randbytes(50_000).hex().encode()
    body = bytearray(CODINGS[coding](text))
    body[5:60] = b"\xff" * 55  # brotli and this zstd have no checksum: only a broken form shows
    loss, page = read(
        record(http(bytes(body), more=f"Content-Encoding: {coding}\r\n"), number=1) + page_record(2)
    )
    assert loss.reason is LossReason.BAD_CONTENT_ENCODING
    assert (loss.url, loss.doc_id) == ("http://e.example/1", doc_id("<urn:uuid:1>"))
    assert isinstance(page, Page)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_bomb_is_a_loss(read, coding):
    bomb = CODINGS[coding](bytes(3_000_000))
    data = record(http(bomb, more=f"Content-Encoding: {coding}\r\n"))
    loss = only(read(data, max_body_bytes=1_000_000))
    assert loss.reason is LossReason.BODY_TOO_LARGE
    assert isinstance(only(read(data, max_body_bytes=3_000_000)), Page)


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_record_over_the_cap_does_not_cost_its_neighbours(read, packing):
    records = [page_record(0), record(http(bytes(5_000_000)), number=1), page_record(2)]
    pack = PACKINGS[packing]
    first, loss, last = read(
        b"".join(map(pack, records)), "a.warc" + packing, max_body_bytes=1_000_000
    )
    assert loss.reason is LossReason.BODY_TOO_LARGE
    assert loss.url == "http://e.example/1"
    assert (first.url, last.url) == ("http://e.example/0", "http://e.example/2")


def test_a_block_without_a_response_is_a_loss(read):
    loss = only(read(record(b"\0\0\0 nothing")))
    assert loss.reason is LossReason.BAD_HTTP_HEADER
    assert only(read(record(b""))).reason is LossReason.BAD_HTTP_HEADER


def test_markup_without_an_http_header_is_a_body(read):
    assert only(read(record(b"<html>old</html>"))).body == b"<html>old</html>"


def test_a_path_object_is_taken_too(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(page_record(1))
    assert only(read_warc(path)).source == str(path)


def test_an_empty_file_is_a_loss(read):
    assert only(read(b"")).reason is LossReason.EMPTY_FILE


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4 nothing", gzip.compress(b"text", mtime=0), b"\n", b"\x1f\x8bxx"]
)
def test_a_file_without_records_is_a_loss(read, data):
    loss = only(read(data, "a.warc.gz"))
    assert loss.reason is LossReason.NOT_AN_ARCHIVE
    assert (loss.offset, len(loss.doc_id)) == (0, 32)


@pytest.mark.parametrize(
    ("given", "truncated"),
    [
        ("length", "length"),
        ("Disconnect", "disconnect"),
        ("time", "time"),
        ("unspecified", "unspecified"),
        ("long", "unspecified"),
        ("", ""),
    ],
)
def test_a_page_says_why_the_crawler_cut_it(read, given, truncated):
    more = f"WARC-Truncated: {given}\r\n"
    assert only(read(record(http(b"<p>x"), more=more))).truncated == truncated


@pytest.mark.parametrize(
    ("body", "more", "truncated"),
    [
        (b"3\r\n<p>\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n", ""),
        (b"3\r\n<p>\r\n", "Transfer-Encoding: chunked\r\n", "cut"),
        (gzip.compress(b"<p>", mtime=0), "Content-Encoding: gzip\r\n", ""),
        (gzip.compress(b"<p>", mtime=0)[:-8], "Content-Encoding: gzip\r\n", "cut"),
    ],
)
def test_a_page_says_that_its_coding_ends_early(read, body, more, truncated):
    page = only(read(record(http(body, more=more))))
    assert (page.body, page.truncated) == (b"<p>", truncated)


def test_a_file_that_is_not_there_is_a_loss(tmp_path):
    loss = only(read_warc(str(tmp_path / "gone.warc")))
    assert loss.reason is LossReason.UNREADABLE_FILE
    assert "No such file" in loss.detail


def test_a_loss_without_a_record_id_has_the_same_id_wherever_the_file_lies(tmp_path):
    ids = set()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "a.warc"
        path.write_bytes(b"")
        ids.add(only(read_warc(str(path))).doc_id)
    assert len(ids) == 1
